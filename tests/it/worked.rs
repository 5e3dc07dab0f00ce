//! The worked households: every figure that was computed by hand, exact to the fen.

use std::sync::LazyLock;

use assistance_toolbox::app::packages::{Resolved, Scope, package};
use assistance_toolbox::app::policies::Policies;
use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::domain::identity::{Identity, IdentitySet};
use assistance_toolbox::domain::package::{Amount, Beneficiary, HeadsAmount, Line, TopUpValue};
use assistance_toolbox::domain::ratio::Ratio;
use assistance_toolbox::policy_files;

use crate::support::root;

/// The policies of the repository, loaded once.
pub(crate) static POLICIES: LazyLock<Policies> =
    LazyLock::new(|| Policies::new(policy_files::load(&root().join("policies")).unwrap()));

/// The package of a sample household.
pub(crate) fn resolve(case: &str, on: &str, place: &str) -> Resolved {
    let path = root().join(format!("policies/cases/{case}.toml"));
    let text = std::fs::read_to_string(path).unwrap();
    let household = parse(&text, Format::Toml, POLICIES.catalogue()).unwrap();
    package(&POLICIES, household, Scope { place: Some(place), on: on.parse().unwrap() }).unwrap()
}

/// Every taken line of a measure: for whom, the line.
fn lines<'r>(resolved: &'r Resolved, measure: &str) -> Vec<(&'r str, &'r Line)> {
    let entitlements = resolved.package.entitlements.iter();
    let lines = entitlements.flat_map(|one| one.lines.iter().map(move |line| (one.who, line)));
    let named = lines.filter(|(_, line)| resolved.rulebook.standard(line.standard).unwrap().0.id == measure);
    named.map(|(who, line)| (key(resolved, who), line)).collect()
}

fn key(resolved: &Resolved, who: Beneficiary) -> &str {
    match who {
        Beneficiary::Household => "-",
        Beneficiary::Person(index) => &resolved.household.members[index].key,
    }
}

/// The payment in yuan, a word for what has none, or `none` if the measure is not taken.
fn paid(resolved: &Resolved, measure: &str, who: &str) -> String {
    let lines = lines(resolved, measure);
    let mut mine = lines.iter().filter(|(key, _)| *key == who).map(|(_, line)| match &line.amount {
        Amount::Priced { payment, .. } => payment.to_string(),
        Amount::PricedInPart { payment, .. } => format!("{payment} and more"),
        Amount::Loan(most) => format!("loan {most}"),
        Amount::Unpriced => String::from("unpriced"),
        Amount::Open => String::from("open"),
        Amount::ByHeads(options) => match options.as_slice() {
            [HeadsAmount { value: TopUpValue::Priced { payment, .. }, .. }] => payment.to_string(),
            _ => String::from("by heads"),
        },
    });
    let first = mine.next().unwrap_or_else(|| String::from("none"));
    assert!(mine.next().is_none(), "{measure} is taken twice for {who}");
    first
}

#[rustfmt::skip]
const FIGURES: &[(&str, &str, &str, &str, &str, &str)] = &[
    // H1: dibao only, side by side.
    ("h1", "2024-06-01", "huaibei-parallel", "S1", "-", "762.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D3", "p1", "12025.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D1", "p1", "10481.25"),
    ("h1", "2024-06-01", "huaibei-parallel", "D2", "p1", "342.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D2", "p2", "342.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D2", "p3", "342.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D4", "p1", "100.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D4", "p2", "100.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "D4", "p3", "none"),
    ("h1", "2024-06-01", "huaibei-parallel", "S3", "p1", "400.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "C8", "p3", "2000.00"),
    ("h1", "2024-06-01", "huaibei-parallel", "S5", "-", "67.84"),
    ("h1", "2024-06-01", "huaibei-parallel", "M1", "p3", "none"),
    ("h1", "2024-06-01", "huaibei-parallel", "C3", "p1", "none"),
    // H3: 边缘易致贫户 only, side by side.
    ("h3", "2024-06-01", "huaibei-parallel", "D3", "p1", "126250.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D1", "p1", "42450.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D2", "p1", "190.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D2", "p2", "190.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D2", "p3", "190.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D2", "p4", "190.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D4", "p1", "50.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D4", "p2", "50.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "D4", "p3", "none"),
    ("h3", "2024-06-01", "huaibei-parallel", "D4", "p4", "none"),
    ("h3", "2024-06-01", "huaibei-parallel", "M1", "p3", "3000.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "C8", "p3", "3300.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "M4", "p2", "400.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "C9", "p3", "loan 16000.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "M6", "p2", "unpriced"),
    ("h3", "2024-06-01", "huaibei-parallel", "M9", "-", "loan 50000.00"),
    ("h3", "2024-06-01", "huaibei-parallel", "M3", "-", "unpriced"),
    ("h3", "2024-06-01", "huaibei-parallel", "S1", "-", "none"),
    ("h3", "2024-06-01", "huaibei-parallel", "S2", "p1", "none"),
    ("h3", "2024-06-01", "huaibei-parallel", "S3", "p1", "none"),
    ("h3", "2024-06-01", "huaibei-parallel", "S4", "p1", "none"),
    ("h3", "2024-06-01", "huaibei-parallel", "S5", "-", "none"),
    // H3b: identified after the enrolment for 2024 had closed.
    ("h3b", "2024-06-01", "huaibei-parallel", "D2", "p1", "none"),
    ("h3b", "2024-06-01", "huaibei-parallel", "D2", "p4", "none"),
    ("h3b", "2025-03-01", "huaibei-parallel", "D2", "p1", "200.00"),
    ("h3b", "2025-03-01", "huaibei-parallel", "D2", "p2", "200.00"),
    ("h3b", "2025-03-01", "huaibei-parallel", "D2", "p3", "200.00"),
    ("h3b", "2025-03-01", "huaibei-parallel", "D2", "p4", "200.00"),
    // H4: dibao and 脱贫不稳定户.
    ("h4", "2024-06-01", "huaibei", "S1", "-", "462.00"),
    ("h4", "2024-06-01", "huaibei", "D3", "p1", "141500.00"),
    ("h4", "2024-06-01", "huaibei", "D1", "p1", "43875.00"),
    ("h4", "2024-06-01", "huaibei", "D2", "p1", "342.00"),
    ("h4", "2024-06-01", "huaibei", "D2", "p2", "342.00"),
    ("h4", "2024-06-01", "huaibei", "D2", "p3", "342.00"),
    ("h4", "2024-06-01", "huaibei", "D4", "p1", "100.00"),
    ("h4", "2024-06-01", "huaibei", "D4", "p2", "100.00"),
    ("h4", "2024-06-01", "huaibei", "D4", "p3", "none"),
    ("h4", "2024-06-01", "huaibei", "C7", "p3", "625.00"),
    ("h4", "2024-06-01", "huaibei", "S5", "-", "67.84"),
    ("h4", "2024-06-01", "huaibei", "M1", "p3", "none"),
    // H6: dibao, not monitored, before the extension.
    ("h6", "2024-06-01", "huaibei-parallel", "S1", "-", "1262.00"),
    ("h6", "2024-06-01", "huaibei-parallel", "M4", "p1", "none"),
    ("h6", "2024-06-01", "huaibei-parallel", "M5", "p2", "none"),
    ("h6", "2024-06-01", "huaibei-parallel", "M13", "-", "none"),
    // H6 with it.
    ("h6", "2024-06-01", "huaibei", "S1", "-", "1262.00"),
    ("h6", "2024-06-01", "huaibei", "S5", "-", "67.84"),
    ("h6", "2024-06-01", "huaibei", "M4", "p1", "500.00"),
    ("h6", "2024-06-01", "huaibei", "M5", "p2", "unpriced"),
    ("h6", "2024-06-01", "huaibei", "M6", "p1", "unpriced"),
    ("h6", "2024-06-01", "huaibei", "M7", "p2", "unpriced"),
    ("h6", "2024-06-01", "huaibei", "M8", "p2", "unpriced"),
    ("h6", "2024-06-01", "huaibei", "S4", "p2", "unpriced"),
    ("h6", "2024-06-01", "huaibei", "M13", "-", "2000.00"),
    ("h6", "2024-06-01", "huaibei", "D2", "p1", "342.00"),
    ("h6", "2024-06-01", "huaibei", "D2", "p2", "342.00"),
    ("h6", "2024-06-01", "huaibei", "D2", "p3", "342.00"),
    ("h6", "2024-06-01", "huaibei", "D4", "p1", "100.00"),
    ("h6", "2024-06-01", "huaibei", "D4", "p2", "100.00"),
    ("h6", "2024-06-01", "huaibei", "D4", "p3", "none"),
    ("h6", "2024-06-01", "huaibei", "C7", "p3", "500.00"),
    ("h6", "2024-06-01", "huaibei", "M1", "p3", "none"),
    ("h6", "2024-06-01", "huaibei", "M2", "-", "none"),
    ("h6", "2024-06-01", "huaibei", "M3", "-", "none"),
    ("h6", "2024-06-01", "huaibei", "M9", "-", "none"),
    // The review that counts the pay of the post.
    ("h6-reviewed", "2024-06-01", "huaibei", "S1", "-", "462.00"),
];

#[test]
fn the_worked_figures_come_out() {
    let mut wrong = Vec::new();
    for (case, on, place, measure, who, expected) in FIGURES {
        let found = paid(&resolve(case, on, place), measure, who);
        if found != *expected {
            wrong.push(format!("{case} {on} {place}: {measure} for {who}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_sums_of_the_worked_households_come_out() {
    for (case, on, place, measure, fen) in [
        ("h1", "2024-06-01", "huaibei-parallel", "D2", 102_600),
        ("h1", "2024-06-01", "huaibei-parallel", "D4", 20_000),
        ("h3", "2024-06-01", "huaibei-parallel", "D2", 76_000),
        ("h3", "2024-06-01", "huaibei-parallel", "D4", 10_000),
        ("h4", "2024-06-01", "huaibei", "D2", 102_600),
        ("h4", "2024-06-01", "huaibei", "D4", 20_000),
        ("h6", "2024-06-01", "huaibei", "D2", 102_600),
        ("h6", "2024-06-01", "huaibei", "D4", 20_000),
    ] {
        let resolved = resolve(case, on, place);
        let payments = lines(&resolved, measure).into_iter().map(|(_, line)| match &line.amount {
            Amount::Priced { payment, .. } => payment.value(),
            other => panic!("{case} {measure}: {other:?}"),
        });
        assert_eq!(payments.sum::<i64>(), fen, "{case} {measure}");
    }
}

#[test]
fn h4_takes_the_higher_chain_once_and_sees_the_lower_with_the_difference() {
    use assistance_toolbox::domain::package::{Against, Difference};
    let resolved = resolve("h4", "2024-06-01", "huaibei");
    let chain = |one: &&assistance_toolbox::domain::package::NotTaken| {
        resolved.rulebook.cascade_of(one.refused.offer).is_some() && key(&resolved, one.refused.who) == "p1"
    };
    let refused: Vec<_> = resolved.package.not_taken.iter().filter(chain).collect();
    let [refused] = refused.as_slice() else { panic!("one lower chain, not {}", refused.len()) };
    assert_eq!(refused.refused.identity, Identity::MUnstable);
    assert_eq!(refused.difference, Difference::Exact(Ratio::integer(1_667_500)));
    let Against::Entitlement(taken) = refused.by else { panic!("an entitlement stands against it") };
    let taken = &resolved.package.entitlements[taken];
    assert_eq!((taken.identity, key(&resolved, taken.who)), (Identity::Dibao, "p1"));
    let exact = |lines: &[Line]| -> Vec<i64> {
        let payment = |line: &Line| match &line.amount {
            Amount::Priced { payment, .. } => payment.value(),
            other => panic!("{other:?}"),
        };
        lines.iter().map(payment).collect()
    };
    assert_eq!(exact(&taken.lines), [14_150_000, 4_387_500]);
    assert_eq!(exact(&refused.refused.lines), [12_625_000, 4_245_000]);
}

#[test]
fn the_reach_is_as_stated() {
    let dibao = IdentitySet::of(Identity::Dibao);
    let tekun = IdentitySet::of(Identity::Tekun);
    let (social, monitored) = (IdentitySet::SOCIAL_ASSISTANCE, IdentitySet::MONITORING);
    let edge = IdentitySet::of(Identity::MEdge);
    for (place, identities, expected) in [
        ("baseline", monitored, 29),
        ("baseline", social, 21),
        ("baseline", monitored.union(social), 34),
        ("baseline", tekun, 17),
        ("baseline", dibao, 20),
        ("baseline", edge, 29),
        ("huaibei-parallel", dibao, 20),
        ("huaibei", social, 30),
        ("huaibei", dibao, 29),
        ("huaibei", tekun, 21),
        ("huaibei-all13", social, 34),
        ("huaibei-all13", dibao, 33),
    ] {
        let rulebook = POLICIES.rulebook(place, "2024-06-01".parse().unwrap()).unwrap();
        assert_eq!(rulebook.reach(identities).count(), expected, "{place} {identities:?}");
    }
}
