use std::path::Path;
use std::sync::LazyLock;

use super::*;
use crate::domain::registries::StatedIdentity;
use crate::domain::registries::joining::families;
use crate::domain::registries::listing::Held;
use crate::domain::registries::testing::{held, listing};

const S: Registry = Registry::SocialAssistance;
const M: Registry = Registry::Monitoring;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    crate::policy_files::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")).unwrap()
});

fn merged_with(listings: &[Listing], ended: &[Ended], keys: &Keys) -> Merged {
    let families = families(listings, &[]);
    assert_eq!(families.len(), 1);
    merge(&families[0], &ended.iter().collect::<Vec<_>>(), keys, &CATALOGUE)
}

fn merged(listings: &[Listing]) -> Merged {
    merged_with(listings, &[], &Keys { household: "S-1".to_owned(), ..Keys::default() })
}

fn with(mut listing: Listing, identity: Identity, of_household: bool) -> Listing {
    listing.held.push(held(identity, of_household, "2022-01-01"));
    listing
}

fn kinds(merged: &Merged) -> Vec<&'static str> {
    merged.findings.iter().map(|finding| finding.what.code()).collect()
}

#[test]
fn both_lists_become_one_household_and_every_identity_keeps_its_source() {
    let mut second = with(listing(S, "1", "b"), Identity::Dibao, true);
    second.held[0].stated.evidence = Some("A2".to_owned());
    second.held[0].stated.held.from = "2021-05-01".parse().unwrap();
    second.held[0].import = 3;
    let mut village = with(listing(M, "7", "a"), Identity::MEdge, true);
    village.region = "990101001002".parse().unwrap();
    village.facts.push((Fact::HouseGrade, 1));
    let mut other = with(listing(M, "7", "b"), Identity::MEdge, true);
    other.facts.push((Fact::Labour, 0));
    let merged = merged(&[with(listing(S, "1", "a"), Identity::Dibao, true), second, village, other]);
    assert_eq!(kinds(&merged), Vec::<&str>::new());
    let household = merged.household.unwrap();
    assert_eq!(household.town.unwrap().as_str(), "990101001002");
    let told: Vec<_> = household
        .identities
        .iter()
        .map(|record| {
            let (source, evidence) = (record.source.as_deref().unwrap(), record.evidence.as_deref().unwrap());
            (record.identity, record.held.from.to_string(), source, evidence)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Identity::Dibao, "2021-05-01".to_owned(), "social-assistance import 1", "A2；A1"),
            (Identity::MEdge, "2022-01-01".to_owned(), "monitoring import 1", "A1"),
        ]
    );
    assert!(household.identities.iter().all(is_of_registry));
    assert_eq!(household.facts.get(Fact::HouseGrade), Some(1));
    let keys: Vec<_> = household
        .members
        .iter()
        .map(|member| (member.key.as_str(), member.facts.get(Fact::Labour)))
        .collect();
    assert_eq!(keys, [("P1", None), ("P2", Some(0))]);
}

#[test]
fn what_has_two_values_stays_unknown_and_is_listed() {
    let mut one = listing(S, "1", "a");
    one.facts.extend([(Fact::Labour, 0), (Fact::DisabilityGrade, 2), (Fact::CountedIncomeYear, 100)]);
    let mut other = listing(M, "7", "a");
    other.facts.extend([(Fact::Labour, 3), (Fact::DisabilityGrade, 2), (Fact::CountedIncomeYear, 200)]);
    "王方".clone_into(&mut other.name);
    other.region = "990101002".parse().unwrap();
    let merged = merged(&[one, other]);
    assert_eq!(kinds(&merged), ["fact", "name", "town", "fact"]);
    let said: Vec<_> =
        merged.findings[0].said.iter().map(|said| (said.household.registry, said.value.clone())).collect();
    assert_eq!(said, [(S, Told::Fact(Fact::Labour, 0)), (M, Told::Fact(Fact::Labour, 3))]);
    assert_eq!(merged.unknown, [(Some("P1".to_owned()), Fact::Labour), (None, Fact::CountedIncomeYear)]);
    let household = merged.household.unwrap();
    assert_eq!((household.town, household.facts.get(Fact::CountedIncomeYear)), (None, None));
    let member = &household.members[0];
    assert_eq!((&member.name, member.facts.get(Fact::Labour)), (&None, None));
    assert_eq!(member.facts.get(Fact::DisabilityGrade), Some(2));
}

#[test]
fn identities_that_cannot_be_held_together_are_listed_and_not_merged() {
    let rigid = with(listing(S, "1", "a"), Identity::Rigid, true);
    let dibao = with(listing(S, "2", "b"), Identity::Dibao, true);
    let merged = merged(&[rigid, dibao, listing(M, "7", "a"), listing(M, "7", "b")]);
    assert_eq!(merged.household, None);
    let finding = merged.findings.iter().find(|finding| finding.what == Contradiction::Identities).unwrap();
    assert!(finding.what.blocks());
    let said: Vec<_> =
        finding.said.iter().map(|said| (said.household.no.as_str(), said.value.clone())).collect();
    assert_eq!(said, [("1", Told::Identity(Identity::Rigid)), ("2", Told::Identity(Identity::Dibao))]);
}

#[test]
fn households_that_do_not_fit_one_another_are_listed() {
    let own = |no: &str, person: &str| with(listing(S, no, person), Identity::Dibao, false);
    let merged =
        merged(&[own("1", "a"), own("2", "b"), own("2", "a"), listing(M, "7", "a"), listing(M, "7", "b")]);
    assert_eq!(kinds(&merged), ["two_households", "spread"]);
    assert!(merged.household.is_some());
    let monitored = with(listing(M, "7", "a"), Identity::MEdge, true);
    let merged = merged_with(&[monitored, listing(S, "1", "a"), listing(S, "1", "b")], &[], &Keys::default());
    assert_eq!(merged.findings[0].what, Contradiction::NotForAll(Identity::MEdge));
}

#[test]
fn people_keep_their_keys() {
    let keys = Keys {
        household: "S-1".to_owned(),
        people: BTreeMap::from([("b".to_owned(), "P1".to_owned())]),
        used: BTreeSet::from(["P1".to_owned(), "P3".to_owned()]),
    };
    let merged = merged_with(&[listing(S, "1", "a"), listing(S, "1", "b"), listing(S, "1", "c")], &[], &keys);
    let given: Vec<&str> = merged.people.values().map(String::as_str).collect();
    assert_eq!(given, ["P2", "P1", "P4"]);
}

#[test]
fn what_ended_stays_with_its_end() {
    let ended = |of_household, person: &str, from: &str, until: &str| {
        let validity = crate::domain::period::Validity::new(from.parse().unwrap(), until.parse().ok());
        let held = validity.unwrap();
        let identity = if of_household { Identity::Dibao } else { Identity::Tekun };
        let stated = StatedIdentity { identity, of_household, held, evidence: None };
        Ended {
            household: listing(S, "1", "a").household,
            person: person.to_owned(),
            held: Held { stated, import: 1 },
        }
    };
    let gone = [
        ended(true, "a", "2020-01-01", "2023-01-01"),
        ended(true, "z", "2020-01-01", "2023-04-01"),
        ended(false, "a", "2018-01-01", "2019-01-01"),
        ended(false, "z", "2018-01-01", "2019-01-01"),
    ];
    let now = with(listing(S, "1", "a"), Identity::Dibao, true);
    let mut now = now;
    now.held[0].stated.held.from = "2023-06-01".parse().unwrap();
    let household = merged_with(&[now], &gone, &Keys::default()).household.unwrap();
    let spans = |records: &[crate::domain::facts::IdentityRecord]| {
        let span = |record: &crate::domain::facts::IdentityRecord| {
            (record.held.from.to_string(), record.held.until.map(|until| until.to_string()))
        };
        records.iter().map(span).collect::<Vec<_>>()
    };
    assert_eq!(
        spans(&household.identities),
        [("2020-01-01".into(), Some("2023-04-01".into())), ("2023-06-01".into(), None)]
    );
    assert_eq!(spans(&household.members[0].identities), [("2018-01-01".into(), Some("2019-01-01".into()))]);
}
