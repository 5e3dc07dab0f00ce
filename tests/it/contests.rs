//! Contests on the real policies: crossings, true ties, heads that are not known.

use serde_json::json;

use crate::support::{household, resolved};

const ADULT: &str = r#"
key = "t1"
identities = [{ type = "dibao", since = 2023-01-01 }, { type = "m_edge", since = 2023-01-01 }]
[[members]]
key = "p1"
birthDate = 1970-01-01
[members.insurance]
residentMedical = true
"#;

/// The cascades of `cases/worked`: under the low cap the monitored identity is the better one between
/// 128,000.00 and 487,500.00 yuan, exactly.
#[test]
fn a_low_cap_makes_the_cascades_cross_twice() {
    let resolved = resolved(household(ADULT), "low-cap", "2024-06-01");
    let document = resolved.document();
    let choice = &document["alternatives"][0];
    assert_eq!(choice["basis"], json!({ "subject": "p1", "fact": "eligible_expense_year" }));
    let bundles: Vec<_> = choice["bundles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bundle| (bundle["from"].clone(), bundle["entitlements"][0]["identity"].clone()))
        .collect();
    assert_eq!(
        bundles,
        [
            (json!({ "exact": "0", "first": 0 }), json!("dibao")),
            (json!({ "exact": "12800000", "first": 12_800_001 }), json!("m_edge")),
            (json!({ "exact": "48750000", "first": 48_750_001 }), json!("dibao")),
        ]
    );
}

/// On both sides of each crossing, and at it, the stated expense gives the bundle that was promised.
#[test]
fn a_stated_expense_takes_the_promised_side_of_a_crossing() {
    let cases = [
        ("127999.99", "dibao"),
        ("128000", "dibao"),
        ("128000.01", "m_edge"),
        ("487500", "dibao"),
        ("487499.99", "m_edge"),
        ("487500.01", "dibao"),
    ];
    for (expense, identity) in cases {
        let text = format!("{ADULT}[members.health]\neligibleExpenseYear = \"{expense}\"\n");
        let taken = resolved(household(&text), "low-cap", "2024-06-01").taken();
        let chain: Vec<_> = taken.iter().filter(|(measure, ..)| measure == "D3" || measure == "D1").collect();
        assert_eq!(chain.len(), 2, "{expense}");
        assert!(chain.iter().all(|(_, _, held)| held == identity), "{expense}: {chain:?}");
    }
}

/// Without the cap the dibao chain is never below the monitored one, so nothing depends on the expense.
#[test]
fn a_dominating_cascade_is_taken_whatever_the_expense() {
    let resolved = resolved(household(ADULT), "huaibei", "2024-06-01");
    assert!(resolved.package.alternatives.is_empty());
    assert!(resolved.taken().contains(&("D1".into(), "p1".into(), "dibao".into())));
}

fn child(extra: &str, identities: &str) -> String {
    format!(
        r#"
key = "t2"
identities = [{identities}]
[income]
countedYear = 0
propertyWithinRule = true
[[members]]
key = "p1"
birthDate = 2014-01-01
identities = [{{ type = "tekun", since = 2023-01-01 }}]
[members.disability]
kinds = ["limb"]
grade = 1
certificate = true
[members.care]
longTermNeeded = true
selfCareFailed = 2
inInstitution = false
[members.child]
guardianship = "orphan"
{extra}
"#
    )
}

/// 981 + 374 = 1,290 + 65 = 1,355: a true tie where a monitored identity opens C3, so the bundle with more
/// entitlements wins; without it 1,355 against 1,290.
#[test]
fn the_orphans_choice_is_a_true_tie_only_with_the_care_allowance() {
    let living = |identities: &str| -> Vec<String> {
        let resolved = resolved(household(&child("", identities)), "huaibei", "2024-06-01");
        let wanted = ["S2", "C4", "C3", "S3"];
        let measures = resolved.taken().into_iter().map(|(measure, ..)| measure);
        measures.filter(|measure| wanted.contains(&measure.as_str())).collect()
    };
    assert_eq!(living(r#"{ type = "m_edge", since = 2023-01-01 }"#), ["C3", "C4"]);
    assert_eq!(living(""), ["S2"]);
}

/// The law lets the child choose: the other bundle is shown whole, with what it gives up and by how much.
#[test]
fn a_choice_is_shown_with_its_consequences() {
    let document = resolved(household(&child("", "")), "huaibei", "2024-06-01").document();
    let refused = document["notTaken"].as_array().unwrap();
    // Held as tekun only, the child has no C3: S2 at 1,355 a month against C4 at 1,290.
    let choice = refused.iter().find(|row| row["refused"]["lines"][0]["measure"] == "C4").unwrap();
    assert_eq!(choice["exclusion"], "tekun_or_orphan_living");
    assert_eq!(choice["instead"]["difference"], json!((65 * 100 * 12).to_string()));
    assert_eq!(choice["instead"]["entitlements"][0]["lines"][0]["measure"], "C4");
    let given_up = usize::try_from(choice["instead"]["givenUp"][0].as_u64().unwrap()).unwrap();
    assert_eq!(document["entitlements"][given_up]["lines"][0]["measure"], "S2");
}

/// Whether the orphan takes C4 is not known, so S1 shows both amounts.
#[test]
fn an_unknown_head_shows_both_amounts() {
    let text = r#"
key = "t3"
identities = [{ type = "dibao", since = 2023-01-01 }]
[income]
countedYear = 0
propertyWithinRule = true
[[members]]
key = "p1"
birthDate = 1960-01-01
[[members]]
key = "p2"
birthDate = 2014-01-01
[members.child]
guardianship = "orphan"
"#;
    let resolved = resolved(household(text), "huaibei", "2024-06-01");
    let document = resolved.document();
    let entitlements = document["entitlements"].as_array().unwrap();
    let dibao = entitlements.iter().find(|one| one["lines"][0]["measure"] == "S1").unwrap();
    assert_eq!(
        dibao["lines"][0]["amount"]["options"],
        json!([
            { "heads": 1, "exact": "75400", "payment": 75_400 },
            { "heads": 2, "exact": "150800", "payment": 150_800 },
        ])
    );
    let cause = &document["undecided"][usize::try_from(dibao["provisional"][0].as_u64().unwrap()).unwrap()];
    assert_eq!((&cause["measure"], &cause["beneficiary"]), (&json!("C4"), &json!("p2")));
}

/// A person-level dibao in a household on the edge has the person's own income and one head.
#[test]
fn a_single_person_dibao_counts_the_persons_own_income() {
    let text = r#"
key = "t4"
identities = [{ type = "dibao_edge", since = 2023-01-01 }]
[income]
countedYear = 30000
propertyWithinRule = true
[[members]]
key = "p1"
birthDate = 1960-01-01
ownCountedIncomeMonth = "100.50"
identities = [{ type = "dibao", since = 2023-01-01 }]
[[members]]
key = "p2"
birthDate = 1961-01-01
"#;
    let document = resolved(household(text), "huaibei", "2024-06-01").document();
    let entitlements = document["entitlements"].as_array().unwrap();
    let rows: Vec<_> = entitlements.iter().filter(|one| one["lines"][0]["measure"] == "S1").collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["beneficiary"], "p1");
    // 754 - 100.50 = 653.50, up to a whole yuan.
    assert_eq!(rows[0]["lines"][0]["amount"]["options"][0]["payment"], 65_400);
}

/// Nobody who is only held in a registry that was closed gets anything by it.
#[test]
fn an_eliminated_risk_ends_the_monitored_measures() {
    let text = "riskEliminated = 2024-05-01\n".to_owned()
        + &ADULT.replace("{ type = \"dibao\", since = 2023-01-01 }, ", "");
    let measures = |on: &str| resolved(household(&text), "huaibei", on).taken().len();
    assert!(measures("2024-04-30") > 0);
    let after = resolved(household(&text), "huaibei", "2024-05-01").taken();
    // D2 counts the identity on the day the year's enrolment closed; later loss changes nothing.
    assert!(after.iter().all(|(measure, ..)| measure == "D2"), "{after:?}");
}
