//! Small cases with facts that are not known.

use assistance_toolbox::domain::catalogue::ExclusionMode;
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::measure::{Cap, Term, Unit};
use assistance_toolbox::domain::package::{Amount, Difference, Package};
use assistance_toolbox::domain::ratio::Ratio;
use assistance_toolbox::domain::schedule::Comparison;

use super::super::measures::measure;
use super::super::world::{Member, World};
use super::{amount, condition, exclusion, fixed, plain, reimbursement, standard, state, top_up, world};

fn starts(package: &Package) -> Vec<Vec<i64>> {
    let firsts = |choice: &assistance_toolbox::domain::package::Alternatives| {
        choice.bundles.iter().map(|bundle| bundle.from.expect("one fact decides").1).collect()
    };
    package.alternatives.iter().map(firsts).collect()
}

/// 4.6: a top-up of an unknown income is a function of it, compared like any other.
#[test]
fn a_top_up_of_unknown_income_crosses_a_sum() {
    let measures = vec![
        plain("D1", Unit::Household, vec![amount(4800)]),
        plain("S1", Unit::Household, top_up(fixed(1000), &[])),
    ];
    let rule = exclusion(ExclusionMode::Choice, Unit::Household, &["D1", "S1"]);
    let (_, package) = world(measures, vec![rule]).package();
    // 12 x (2 x 1000 - income / 12) is more than 4800 while the income is below 19200; at 19200 both pay
    // the same, so the other one is ahead from the next fen on.
    assert_eq!(starts(&package), [[0, 19_201]]);
}

/// 4.6 and 4.7: where an unknown amount decides who is a head, it decides what the top-up is worth.
#[test]
fn an_unknown_amount_that_takes_a_head_out_decides_for_the_top_up() {
    let measures = vec![
        plain("D1", Unit::Person, vec![reimbursement(Term::Fixed(Ratio::ONE), Cap::None)]),
        plain("D2", Unit::Person, vec![amount(1200)]),
        plain("D10", Unit::Household, vec![amount(15_000)]),
        plain("S1", Unit::Household, top_up(fixed(1000), &["D1"])),
    ];
    let rules = vec![
        exclusion(ExclusionMode::Highest, Unit::Person, &["D1", "D2"]),
        exclusion(ExclusionMode::Highest, Unit::Household, &["D10", "S1"]),
    ];
    let mut world = world(measures, rules);
    state(&mut world, None, Fact::CountedIncomeYear, 0);
    state(&mut world, Some(1), Fact::EligibleExpenseYear, 0);
    // Two heads are worth 24,000 and one 12,000, which is less than 15,000.
    let (_, package) = world.package();
    assert_eq!(starts(&package), [[0, 1201], [0, 1201]]);
}

/// 4.6: a known amount compares with a function over its range.
#[test]
fn a_sum_above_a_cap_is_so_much_more() {
    let mut measures = vec![
        plain("D1", Unit::Person, vec![amount(1200)]),
        plain("D2", Unit::Person, vec![reimbursement(Term::Fixed(Ratio::ONE), Cap::Most(fixed(500)))]),
    ];
    for known in &mut measures {
        known.category = "c".to_owned();
    }
    let (_, package) = world(measures, vec![]).package();
    let expected =
        Comparison::Dominates { least: Ratio::integer(700), most: Ratio::integer(1200), growing: false };
    assert_eq!(package.not_taken[0].difference, Difference::OverRange(expected));
}

/// 4.7: an undecided standard of the same amount displaces the one taken, if it is the first of the two.
#[test]
fn an_undecided_tie_makes_provisional() {
    let mut first = standard("D1-0", Identity::Dibao, vec![amount(1200)]);
    first.conditions.push(condition("own_meter"));
    let second = standard("D1-1", Identity::Dibao, vec![amount(1200)]);
    let mut world = world(vec![measure("D1", Unit::Household, "D1", vec![first, second])], vec![]);
    let (_, package) = world.package();
    assert_eq!(package.entitlements[0].provisional, [0]);
    // In the other order it stays.
    world.catalogue.measures[0].standards.swap(0, 1);
    for (number, standard) in world.catalogue.measures[0].standards.iter_mut().enumerate() {
        standard.id = format!("D1-{number}");
    }
    let (_, package) = world.package();
    assert!(package.entitlements[0].provisional.is_empty());
}

/// A member takes D2, so that it is no head; what is undecided may displace D2.
fn a_taker_in_doubt() -> World {
    let mut better = standard("D1-0", Identity::Dibao, vec![amount(2400)]);
    better.conditions.push(condition("own_meter"));
    let measures = vec![
        measure("D1", Unit::Person, "c", vec![better]),
        measure("D2", Unit::Person, "c", vec![standard("D2-0", Identity::Dibao, vec![amount(1200)])]),
        plain("D10", Unit::Household, vec![amount(100)]),
        plain("M2", Unit::Household, vec![amount(6000)]),
        plain("S1", Unit::Household, top_up(fixed(1000), &["D2"])),
    ];
    let mut world = world(measures, vec![]);
    world.members.truncate(1);
    state(&mut world, None, Fact::CountedIncomeYear, 0);
    world
}

/// 4.7: with an unknown head a top-up shows both amounts, also where a doubt may make somebody a head.
#[test]
fn who_may_stop_to_take_may_become_a_head() {
    let (_, package) = a_taker_in_doubt().package();
    let top_up = package.entitlements.last().unwrap();
    let Amount::ByHeads(options) = &top_up.lines[0].amount else { panic!("no top-up") };
    assert_eq!(options.iter().map(|option| option.heads).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(top_up.provisional, [0]);
}

/// 4.7: what a top-up displaces, or would, is as provisional as its heads.
#[test]
fn what_stands_beside_a_top_up_is_provisional_with_its_heads() {
    let mut world = a_taker_in_doubt();
    let rules = [["S1", "M2"], ["S1", "D10"]];
    let rules = rules.map(|members| exclusion(ExclusionMode::Choice, Unit::Household, &members));
    world.catalogue.exclusions = rules.to_vec();
    let (rulebook, package) = world.package();
    let of_household = package
        .entitlements
        .iter()
        .filter(|taken| rulebook.standard(taken.lines[0].standard).unwrap().0.unit == Unit::Household);
    let of_household: Vec<_> = of_household.map(|taken| taken.provisional.as_slice()).collect();
    assert_eq!(of_household, [[0], [0]]);
}

/// 4.7: what a priority refuses could not displace what it is refused by.
#[test]
fn who_is_refused_in_any_case_makes_nothing_provisional() {
    let mut refused = standard("D2-0", Identity::Dibao, vec![amount(2400)]);
    refused.conditions.push(condition("own_meter"));
    let measures = vec![
        plain("D1", Unit::Person, vec![amount(1200)]),
        measure("D2", Unit::Person, "D2", vec![refused]),
        plain("S1", Unit::Household, top_up(fixed(1000), &["D1"])),
    ];
    let rule = exclusion(ExclusionMode::Priority, Unit::Person, &["D1", "D2"]);
    let mut world = world(measures, vec![rule]);
    state(&mut world, None, Fact::CountedIncomeYear, 0);
    let (_, package) = world.package();
    assert!(package.entitlements.iter().all(|taken| taken.provisional.is_empty()));
    let Amount::ByHeads(options) = &package.entitlements[2].lines[0].amount else { panic!("no top-up") };
    assert_eq!(options.len(), 1);
}

/// 4.4: up to 64 candidates are compared; standards that differ in nothing but who pays make no
/// difference to how many bundles there are.
#[test]
fn many_persons_with_many_standards_are_compared() {
    let standards =
        (0..4).map(|number| standard(&format!("D1-{number}"), Identity::Dibao, vec![amount(1200)]));
    let measures = vec![
        measure("D1", Unit::Person, "D1", standards.collect()),
        plain("D2", Unit::Person, vec![reimbursement(Term::Fixed(Ratio::ONE), Cap::None)]),
    ];
    let rule = exclusion(ExclusionMode::Highest, Unit::Household, &["D1", "D2"]);
    let mut world = world(measures, vec![rule]);
    world.members = ["a", "b", "c", "d", "e", "f"].map(|key| Member { key, identities: vec![] }).to_vec();
    (1..6).for_each(|person| state(&mut world, Some(person), Fact::EligibleExpenseYear, 0));
    let (_, package) = world.package();
    assert_eq!(starts(&package), [[0, 7201]]);
}
