//! Leads rest on lines and tests of the policies, and on nothing that is not known.

use std::sync::Arc;

use assistance_toolbox::app::leads::{Found, of_household};
use assistance_toolbox::domain::facts::{Fact, Household};
use assistance_toolbox::domain::identity::Identity;
use assistance_toolbox::domain::leads::{LeadKind, LeadRule};

use super::api::{api, data, request};
use super::{POLICIES, day, facts_without, sample, save, with_income, without_dibao};
use crate::support::database::{Backend, on_both};
use async_graphql::Executor as _;

on_both! {
    async leads_are_paged_within_a_household_too,
    async leads_are_listed_and_counted_within_the_scope,
}

fn leads(household: &Household) -> Vec<Found> {
    of_household(&POLICIES, household, day("2024-07-05")).unwrap()
}

/// Kind, subject, identity types, and the id of the line or `test`.
fn told(household: &Household) -> Vec<(LeadKind, Option<String>, Vec<Identity>, String)> {
    let rule = |found: &Found| match found.lead.rule {
        LeadRule::Line { line, .. } => POLICIES.catalogue().income[line.rule_set].lines[line.line].id.clone(),
        LeadRule::Test(_) => String::from("test"),
    };
    let row = |found: &Found| {
        assert!(!found.sources.is_empty(), "a lead names where its rule is known from");
        (found.lead.kind, found.lead.subject.clone(), found.lead.identities.iter().collect(), rule(found))
    };
    leads(household).iter().map(row).collect()
}

fn in_place(mut household: Household, place: &str) -> Household {
    household.place = Some(place.to_owned());
    household
}

const DIBAO: [Identity; 1] = [Identity::Dibao];

#[test]
fn income_below_a_line_supports_what_is_not_held() {
    assert_eq!(told(&sample("h4")), [], "dibao and monitored, with the income for both");
    // 600 a head and month are below the one line of 754.
    let lost = without_dibao(sample("h4"));
    assert_eq!(told(&lost), [(LeadKind::Supported, None, DIBAO.to_vec(), String::from("unified"))]);
    let lead = &leads(&lost)[0].lead;
    assert_eq!(lead.granted_by.as_deref(), Some("civil_affairs"));
    assert_eq!(lead.facts, [Fact::CountedIncomeYear, Fact::Heads, Fact::PropertyWithinRule]);
    // 1.5 times the line are 1,131: between the two it is the edge.
    let edge = told(&with_income(lost.clone(), 900 * 36));
    assert_eq!(edge, [(LeadKind::Supported, None, vec![Identity::DibaoEdge], String::from("unified_edge"))]);
    // Income equal to a line is not below it.
    assert_eq!(told(&with_income(lost.clone(), 1131 * 36)), []);
    assert_eq!(told(&with_income(lost.clone(), 754 * 36))[0].2, [Identity::DibaoEdge]);
    // What is not known supports nothing; property beyond the rule neither.
    let mut unknown = lost.clone();
    unknown.facts = facts_without(&unknown.facts, Fact::CountedIncomeYear);
    assert_eq!(told(&unknown), []);
    let mut rich = lost.clone();
    rich.facts.set(Fact::PropertyWithinRule, 0);
    assert_eq!(told(&rich), []);
    let mut unasked = lost;
    unasked.facts = facts_without(&unasked.facts, Fact::PropertyWithinRule);
    assert_eq!(leads(&unasked)[0].lead.missing, [Fact::PropertyWithinRule]);
}

#[test]
fn where_the_policies_stand_side_by_side_each_has_its_line() {
    let mut nobody = in_place(sample("h4"), "huaibei-parallel");
    nobody.identities.clear();
    let found = told(&nobody);
    let monitored = vec![Identity::MUnstable, Identity::MEdge, Identity::MSudden];
    assert_eq!(
        found,
        [
            (LeadKind::Supported, None, DIBAO.to_vec(), String::from("dibao")),
            (LeadKind::Supported, None, monitored, String::from("monitoring")),
        ]
    );
}

#[test]
fn what_the_facts_contradict_is_to_be_reviewed() {
    let above = told(&with_income(sample("h4"), 1000 * 36));
    let review = (LeadKind::Review, None, DIBAO.to_vec(), String::from("unified"));
    assert!(above.contains(&review), "{above:?}");
    let mut property = sample("h4");
    property.facts.set(Fact::PropertyWithinRule, 0);
    assert_eq!(told(&property), [(LeadKind::Review, None, DIBAO.to_vec(), String::from("test"))]);
    let mut never = sample("h4");
    never.facts.set(Fact::ExPoor, 0);
    assert_eq!(told(&never), [(LeadKind::Review, None, vec![Identity::MUnstable], String::from("test"))]);
}

#[test]
fn an_adult_with_a_severe_disability_on_the_edge_may_be_dibao_alone() {
    let mut household = with_income(sample("h4"), 900 * 36);
    household.identities[0].identity = Identity::DibaoEdge;
    assert_eq!(told(&household), []);
    household.members[1].facts.set(Fact::DisabilityGrade, 2);
    let alone = (LeadKind::Supported, Some(String::from("p2")), DIBAO.to_vec(), String::from("test"));
    assert_eq!(told(&household), [alone]);
    household.members[1].facts.set(Fact::Employed, 1);
    assert_eq!(told(&household), []);
}

async fn leads_are_listed_and_counted_within_the_scope(backend: Backend) {
    let store = Arc::new(backend.store());
    for (key, town) in [("H1", "990101001"), ("H2", "990102001")] {
        let mut household = without_dibao(sample("h4"));
        household.key = key.to_owned();
        household.town = Some(town.parse().unwrap());
        save(&store, household, "2024-06-01");
    }
    let schema = api(&store);
    let document = "{ leads(first: 1) { totalCount pageInfo { hasNextPage } edges { node { household subject kind text(lang: \
         EN) identities rule(lang: EN) sources line incomePerHead facts { key } missing { key } grantedBy } } } }";
    insta::assert_json_snapshot!("leads", data(&schema, document).await);
    let own =
        schema.execute(request("{ leads(first: 9) { totalCount } }", "caseworker", Some("990102"))).await;
    assert_eq!(own.data.into_json().unwrap()["leads"]["totalCount"], 1);
}

/// One at a time they are the same as all at once, whichever households have several, and whoever asks.
async fn leads_are_paged_within_a_household_too(backend: Backend) {
    let store = Arc::new(backend.store());
    for (key, town) in [("H1", "990101001"), ("H2", "990102001"), ("H3", "990101001"), ("H4", "990101001")] {
        let mut household = with_income(sample("h4"), if key == "H3" { 900 * 36 } else { 1000 * 36 });
        household.key = key.to_owned();
        household.town = Some(town.parse().unwrap());
        if key == "H4" {
            household.members[1].facts.set(Fact::DisabilityGrade, 2);
            household.identities[0].identity = Identity::DibaoEdge;
        }
        save(&store, household, "2024-06-01");
    }
    let schema = api(&store);
    for region in [None, Some("990101")] {
        let ask = async |arguments: &str| {
            let document = format!(
                "{{ leads({arguments}) {{ pageInfo {{ hasPreviousPage hasNextPage endCursor }} edges {{ cursor node {{ \
                 household subject kind rule }} }} }} }}"
            );
            let role = if region.is_some() { "caseworker" } else { "auditor" };
            let answer = schema.execute(request(&document, role, region)).await;
            assert_eq!(answer.errors, Vec::new());
            answer.data.into_json().unwrap()["leads"].clone()
        };
        let all = ask("first: 100").await;
        let rows = all["edges"].as_array().unwrap();
        let households: Vec<&str> =
            rows.iter().map(|row| row["node"]["household"].as_str().unwrap()).collect();
        assert!(households.windows(2).any(|pair| pair[0] == pair[1]), "{households:?}");
        assert_eq!(households.contains(&"H2"), region.is_none());
        let mut after = String::from("first: 1");
        for (place, row) in rows.iter().enumerate() {
            let page = ask(&after).await;
            assert_eq!(page["edges"], serde_json::json!([row]));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], place > 0);
            assert_eq!(page["pageInfo"]["hasNextPage"], place + 1 < rows.len());
            after = format!("first: 1, after: {}", page["pageInfo"]["endCursor"]);
        }
        assert_eq!(ask(&after).await["edges"], serde_json::json!([]));
    }
}
