//! H8, and what changes with dates, places and facts that are not known.

use assistance_toolbox::domain::condition::Answer;
use assistance_toolbox::domain::identity::{Identity, IdentitySet};
use assistance_toolbox::domain::income::compare::{Advice, Asked, CompareError};
use assistance_toolbox::domain::income::items::Circumstance;
use assistance_toolbox::domain::income::rules::Role;
use assistance_toolbox::domain::income::{Item, Span};
use assistance_toolbox::domain::money::Fen;
use serde_json::json;

use super::*;

const ON: &str = "2024-06-01";

/// Income per head is below these lines, by id.
fn below(catalogue: &Catalogue, comparison: &Comparison, set: &str) -> Vec<String> {
    let answers = comparison.lines.iter().zip(&outcome(catalogue, comparison, set).below);
    let met = answers.filter(|(_, answer)| **answer == Answer::Met);
    met.map(|(line, _)| catalogue.income[line.rule_set].lines[line.line].id.clone()).collect()
}

/// What a rule set supports for sure.
fn supported<'c>(catalogue: &Catalogue, comparison: &'c Comparison, set: &str) -> Vec<&'c Advice> {
    let advice = outcome(catalogue, comparison, set).advice.iter();
    advice.filter(|advice| advice.supported == Answer::Met).collect()
}

#[test]
fn h8_to_the_yuan() {
    let catalogue = catalogue();
    let comparison = compared(&h8(), "huaibei", ON);
    let figures = [
        ("social_assistance", 19_200, 4_800),
        ("monitoring", 40_936, 10_234),
        ("huaibei_unified_2024", 19_200, 4_800),
        ("monitoring_gross", 47_936, 11_984),
        ("monitoring_reference", 31_936, 7_984),
    ];
    assert_eq!(comparison.outcomes.len(), figures.len());
    for (set, total, per_head) in figures {
        let outcome = outcome(&catalogue, &comparison, set);
        assert_eq!(outcome.total, Span::known(yuan(total)), "{set}");
        assert_eq!(outcome.per_head, Span::known(yuan(per_head)), "{set}");
    }
    assert_eq!(comparison.heads, 4);
    assert!(comparison.questions.is_empty() && comparison.not_set.is_empty());
    let years: Vec<Ratio> = comparison.lines.iter().map(|line| line.year).collect();
    assert_eq!(years, [9_048, 13_572, 9_048, 9_048, 13_572].map(yuan));
}

#[test]
fn h8_supports_dibao_before_joining_and_both_after() {
    let catalogue = catalogue();
    let comparison = compared(&h8(), "huaibei", ON);
    let social = supported(&catalogue, &comparison, "social_assistance");
    assert_eq!(social.len(), 1);
    let dibao = IdentitySet::of(Identity::Dibao);
    assert_eq!(social[0].support.identities, dibao);
    assert_eq!(social[0].support.granted_by, "civil_affairs");
    let top_up = social[0].top_up.unwrap();
    assert_eq!(top_up.month, Fen::new(141_600));
    assert_eq!(catalogue.measures[top_up.measure].id, "S1");
    assert!(supported(&catalogue, &comparison, "monitoring").is_empty());
    let unified = supported(&catalogue, &comparison, "huaibei_unified_2024");
    let identities: Vec<IdentitySet> = unified.iter().map(|advice| advice.support.identities).collect();
    assert_eq!(identities, [dibao, IdentitySet::MONITORING]);
    assert_eq!(unified[0].top_up.unwrap().month, Fen::new(141_600));
    assert_eq!((unified[1].support.granted_by.as_str(), unified[1].top_up), ("agriculture_rural", None));
    assert!(supported(&catalogue, &comparison, "monitoring_gross").is_empty());
    let reference = supported(&catalogue, &comparison, "monitoring_reference");
    assert_eq!(reference[0].support.identities, IdentitySet::MONITORING);
    assert_eq!(below(&catalogue, &comparison, "monitoring"), ["dibao_edge", "unified_edge"]);
    let set = &catalogue.income[outcome(&catalogue, &comparison, "huaibei_unified_2024").rule_set];
    let facts: Vec<&str> = set.indicators.iter().map(|one| one.fact.def().id).collect();
    assert_eq!(facts, ["house_grade", "water_safe", "labour"]);
}

#[test]
fn one_arithmetic_is_in_use_only_where_and_when_the_two_are_joined() {
    let catalogue = catalogue();
    let unified = |place: &str, on: &str| {
        let comparison = compared(&h8(), place, on);
        comparison.of_role(&catalogue, Role::Unified).count()
    };
    assert_eq!(unified("huaibei", "2024-01-01"), 1);
    assert_eq!(unified("huaibei", "2023-12-31"), 0);
    assert_eq!(unified("huaibei-anhui2022", ON), 1);
    for place in ["huaibei-parallel", "longnan", "baseline"] {
        assert_eq!(unified(place, ON), 0, "{place}");
    }
}

#[test]
fn a_line_that_no_place_sets_is_named() {
    let catalogue = catalogue();
    let comparison = compared(&h8(), "baseline", ON);
    assert!(comparison.lines.is_empty());
    let names: Vec<&str> = comparison.not_set.iter().map(|one| one.parameter.as_str()).collect();
    assert_eq!(names, ["dibao_line_month", "dibao_line_month", "monitor_line_year"]);
    assert!(comparison.outcomes.iter().all(|one| one.advice.is_empty()));
    // 7,900 a year is no monthly dibao line: in 2023 only the monitoring line is in force.
    let comparison = compared(&h8(), "huaibei", "2023-06-01");
    let years: Vec<Ratio> = comparison.lines.iter().map(|line| line.year).collect();
    assert_eq!(years, [yuan(7_900)]);
    assert!(supported(&catalogue, &comparison, "monitoring_reference").is_empty());
}

#[test]
fn no_rules_is_an_error() {
    let catalogue = catalogue();
    let place = catalogue.place("huaibei").unwrap();
    let found = compare(&catalogue, place, "2020-12-31".parse().unwrap(), &h8());
    assert_eq!(found, Err(CompareError::NoRules));
}

/// A statement of one person with these items.
fn single(items: &Value) -> Statement {
    statement(&json!({ "key": "h", "complete": true, "members": [{ "key": "p1", "items": items }] }))
}

fn totals(statement: &Statement, on: &str, sets: [&str; 2]) -> [Span; 2] {
    let catalogue = catalogue();
    let comparison = compared(statement, "huaibei", on);
    sets.map(|set| outcome(&catalogue, &comparison, set).total)
}

#[test]
fn auxiliary_employment_is_left_out_in_its_years_only() {
    let statement = single(&json!([{ "item": "auxiliary_wages", "amount": 6000 }]));
    let of = |on: &str| totals(&statement, on, ["social_assistance", "monitoring"]);
    let [counted, nothing] = [yuan(6_000), yuan(0)].map(Span::known);
    assert_eq!(of("2021-12-31"), [counted, counted]);
    assert_eq!(of("2022-01-01"), [nothing, counted]);
    assert_eq!(of("2024-12-31"), [nothing, counted]);
    assert_eq!(of("2025-01-01"), [counted, counted]);
    // What is borrowed has its dates as well.
    assert_eq!(totals(&statement, ON, ["huaibei_unified_2024", "monitoring_gross"]), [nothing, counted]);
    assert_eq!(totals(&statement, "2025-01-01", ["huaibei_unified_2024", "monitoring_gross"]), [counted; 2]);
}

/// The traps of Table 1.
#[test]
fn grants_bereavement_and_relief_are_told_apart() {
    for (item, social, monitoring) in [
        ("scholarship", 0, 100),
        ("state_grant", 0, 0),
        ("preferential_pension", 0, 100),
        ("other_bereavement", 100, 100),
        ("disaster_money", 0, 0),
        ("assistance_recurrent", 0, 100),
        ("assistance_one_off", 0, 0),
        ("insurance_claims", 0, 0),
    ] {
        let statement = single(&json!([{ "item": item, "amount": 100 }]));
        let expected = [social, monitoring].map(|amount| Span::known(yuan(amount)));
        assert_eq!(totals(&statement, ON, ["social_assistance", "monitoring"]), expected, "{item}");
    }
}

#[test]
fn only_the_arithmetic_of_social_assistance_ends_at_zero() {
    let statement = single(&json!([{ "item": "transfer_payments", "amount": 100 }]));
    assert_eq!(totals(&statement, ON, ["social_assistance", "monitoring"]), [Span::ZERO; 2]);
    let business = json!({ "key": "h", "complete": true, "members": [{ "key": "p1" }],
        "business": [{ "gross": 100, "operatingCost": 300, "depreciation": 0, "productionTax": 0 }] });
    let expected = [Span::ZERO, Span::known(yuan(-200))];
    assert_eq!(totals(&super::statement(&business), ON, ["social_assistance", "monitoring"]), expected);
}

#[test]
fn what_is_not_known_bounds_the_result_and_is_asked_for() {
    let catalogue = catalogue();
    let document = json!({ "key": "h", "complete": true, "members": [
        { "key": "p1", "work": [{ "wages": 10000, "boardAndLodging": 2000, "travel": 500 }] },
        { "key": "p2", "items": [{ "item": "pension_other" }, { "item": "wedding_funeral_gifts" }] },
    ] });
    let statement = super::statement(&document);
    let comparison = compared(&statement, "huaibei", ON);
    let social = outcome(&catalogue, &comparison, "social_assistance");
    assert_eq!(social.total, Span { least: Some(yuan(7_500)), most: None });
    assert!(
        social.advice.iter().all(|advice| advice.supported == Answer::Unknown && advice.top_up.is_none())
    );
    let monitoring = outcome(&catalogue, &comparison, "monitoring");
    assert_eq!(monitoring.total, Span { least: Some(yuan(7_500)), most: None });
    // One question for the job and one for the pension; gifts count nowhere, so nobody asks how much.
    let asked: Vec<Asked> = comparison.questions.iter().map(|question| question.asked).collect();
    let entry = |item: Item| statement.entries.iter().position(|entry| entry.item == item).unwrap();
    let place = Asked::Circumstance(entry(Item::BoardAndLodging), Circumstance::Workplace);
    assert_eq!(asked, [place, Asked::Amount(entry(Item::PensionOther))]);
    let short = |place: &usize| catalogue.income[comparison.outcomes[*place].rule_set].id.as_str();
    let bears_on: Vec<&str> = comparison.questions[0].bears_on.iter().map(short).collect();
    assert_eq!(bears_on, ["social_assistance", "huaibei_unified_2024"]);
    assert_eq!(comparison.questions[1].bears_on.len(), 5);
}

#[test]
fn a_bound_can_be_enough() {
    let catalogue = catalogue();
    // At least 20,000 a head, whatever the pension is: below no line.
    let rich = json!({ "key": "h", "complete": true, "members": [{ "key": "p1",
        "work": [{ "place": "inside_city", "wages": 20000, "boardAndLodging": 0, "travel": 0 }],
        "items": [{ "item": "pension_other" }] }] });
    let comparison = compared(&statement(&rich), "huaibei", ON);
    let social = outcome(&catalogue, &comparison, "social_assistance");
    assert!(social.below.iter().all(|answer| *answer == Answer::NotMet));
    // At most 9,000, whatever the schooling costs: dibao is supported, its amount is not known.
    let poor = json!({ "key": "h", "complete": true, "members": [{ "key": "p1",
        "work": [{ "place": "inside_city", "wages": 9000 }], "study": [{ "stage": "bachelor", "mode": "full_time" }] }] });
    let comparison = compared(&statement(&poor), "huaibei", ON);
    let social = outcome(&catalogue, &comparison, "social_assistance");
    assert_eq!(social.total, Span::up_to(yuan(9_000)));
    assert_eq!((social.advice[0].supported, social.advice[0].top_up), (Answer::Met, None));
    assert_eq!(social.advice[1].supported, Answer::NotMet);
}

#[test]
fn a_statement_that_is_not_complete_decides_nothing() {
    let mut statement = h8();
    statement.complete = false;
    let catalogue = catalogue();
    let comparison = compared(&statement, "huaibei", ON);
    assert_eq!(comparison.questions[0].asked, Asked::Complete);
    for one in &comparison.outcomes {
        let floor = catalogue.income[one.rule_set].floor.is_some();
        assert_eq!(one.total, if floor { Span::from_zero() } else { Span::open() });
        assert!(one.advice.iter().all(|advice| advice.supported == Answer::Unknown));
    }
}

#[test]
fn income_that_equals_a_line_is_not_below_it() {
    let catalogue = catalogue();
    let with = |amount: &str| {
        let comparison =
            compared(&single(&json!([{ "item": "pension_other", "amount": amount }])), "huaibei", ON);
        let advice = supported(&catalogue, &comparison, "social_assistance");
        advice
            .iter()
            .map(|advice| (advice.support.identities, advice.top_up.map(|one| one.month)))
            .collect::<Vec<_>>()
    };
    let [dibao, edge] = [Identity::Dibao, Identity::DibaoEdge].map(IdentitySet::of);
    // A fen a year below the line tops up by a yuan a month.
    assert_eq!(with("9047.99"), [(dibao, Some(Fen::new(100)))]);
    assert_eq!(with("9048"), [(edge, None)]);
    assert_eq!(with("13571.99"), [(edge, None)]);
    assert_eq!(with("13572"), []);
}
