use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::id_number::IdNumber;
use crate::domain::identity::{Holder, Identity};

fn order(like: &Like) -> Order {
    Order { counts: like.counts, on: like.day(), seed: 1, without_numbers: 0 }
}

fn rows(order: &Order, registry: Registry) -> Vec<RegistryRow> {
    families(order).unwrap().flat_map(|family| family.rows(registry).to_vec()).collect()
}

fn numbers(rows: &[RegistryRow]) -> BTreeSet<&str> {
    rows.iter().filter_map(|row| row.id_number.as_ref()).map(IdNumber::reveal).collect()
}

#[test]
fn the_published_counts_come_out() {
    for like in &LIKE {
        let [low, monitored] = Registry::ALL.map(|registry| rows(&order(like), registry));
        let households = |rows: &[RegistryRow]| {
            let all: BTreeSet<&str> = rows.iter().map(|row| row.household_no.as_str()).collect();
            u32::try_from(all.len()).unwrap()
        };
        let (ours, theirs) = (numbers(&low), numbers(&monitored));
        let count = |length: usize| u32::try_from(length).unwrap();
        let found = Counts {
            low_income_households: households(&low),
            low_income_persons: count(low.len()),
            monitored_households: households(&monitored),
            monitored_persons: count(monitored.len()),
            in_both: count(ours.intersection(&theirs).count()),
        };
        assert_eq!(found, like.counts);
        assert_eq!((ours.len(), theirs.len()), (low.len(), monitored.len()), "a number twice in one list");
    }
}

#[test]
fn a_seed_makes_the_same_people_again_and_another_makes_others() {
    let mut order = order(&LIKE[0]);
    let first: Vec<Family> = families(&order).unwrap().take(50).collect();
    assert!(families(&order).unwrap().take(50).eq(first.iter().cloned()));
    order.seed = 2;
    assert!(!families(&order).unwrap().take(50).eq(first));
}

#[test]
fn what_is_stated_can_be_so() {
    for registry in Registry::ALL {
        let mut households = BTreeMap::<String, BTreeSet<(Identity, bool)>>::new();
        for row in rows(&order(&LIKE[1]), registry) {
            let stated = row.identity.unwrap();
            assert_eq!(stated.identity.track(), registry.track());
            let fits = match stated.identity.holder() {
                Holder::Person => !stated.of_household,
                Holder::Household => stated.of_household,
                Holder::Either => true,
            };
            assert!(fits && stated.held.contains(LIKE[1].day()));
            assert!(row.id_number.unwrap().birth_date() < LIKE[1].day());
            assert!(row.region.is_town() && row.region.as_str().starts_with("99"));
            if stated.of_household {
                households.entry(row.household_no).or_default().insert((stated.identity, true));
            }
        }
        assert!(households.values().all(|held| held.len() == 1), "two identities of one household");
    }
}

#[test]
fn some_people_may_be_left_without_a_number() {
    let mut order = order(&LIKE[0]);
    order.without_numbers = 5;
    let [low, monitored] = Registry::ALL.map(|registry| rows(&order, registry));
    let without = monitored.iter().filter(|row| row.id_number.is_none());
    let without: Vec<_> = without.collect();
    assert_eq!((without.len(), numbers(&low).len()), (5, low.len()));
    assert!(
        without
            .iter()
            .all(|row| row.facts.iter().any(|(fact, _)| *fact == crate::domain::facts::Fact::BirthDate))
    );
    assert_eq!(numbers(&low).intersection(&numbers(&monitored)).count(), 1_331 - 5);
    order.without_numbers = 1_332;
    assert_eq!(families(&order).map(|_families| ()), Err(CountsError::WithoutNumbers));
}

/// Enough to notice that a change made other people, without writing them all down.
#[test]
fn the_first_families_are_these() {
    let first = families(&order(&LIKE[0])).unwrap().next().unwrap();
    let told: Vec<String> = first
        .social_assistance
        .iter()
        .chain(&first.monitoring)
        .map(|row| format!("{} {} {} {:?}", row.household_no, row.region, row.name, row.id_number))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}
