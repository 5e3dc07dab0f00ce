//! Which households of the two lists are one family: those that share a person, directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use super::listing::{Listing, RegistryHousehold};
use super::matching::Pair;

/// A family: households of the lists that belong together, and its people, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family<'l> {
    /// Its households, in the order of registries and numbers.
    pub households: Vec<&'l RegistryHousehold>,
    /// Its people, in the order in which they are listed.
    pub people: Vec<Listed<'l>>,
}

/// A person with everything that is listed of them; at least one listing.
pub type Listed<'l> = Vec<&'l Listing>;

/// The families of both lists, in the order of their first households. Those whom `same` names are one person.
pub fn families<'l>(listings: &'l [Listing], same: &[Pair]) -> Vec<Family<'l>> {
    let canonical: BTreeMap<&str, &str> =
        same.iter().map(|pair| (pair.monitoring.as_str(), pair.social_assistance.as_str())).collect();
    let who = |listing: &'l Listing| -> &str {
        canonical.get(listing.person.as_str()).copied().unwrap_or(&listing.person)
    };
    let mut households = BTreeMap::<&RegistryHousehold, Vec<&Listing>>::new();
    let mut persons = BTreeMap::<&str, Vec<&Listing>>::new();
    for listing in listings {
        households.entry(&listing.household).or_default().push(listing);
        persons.entry(who(listing)).or_default().push(listing);
    }
    let mut seen = BTreeSet::new();
    let mut families = Vec::new();
    for first in households.keys().copied() {
        if !seen.insert(first) {
            continue;
        }
        let mut members = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(household) = open.pop() {
            let people = households.get(household).into_iter().flatten();
            let listed = people.flat_map(|listing| persons.get(who(listing)).into_iter().flatten());
            for other in listed.map(|listing| &listing.household) {
                if seen.insert(other) {
                    members.insert(other);
                    open.push(other);
                }
            }
        }
        let households_of: Vec<&RegistryHousehold> = members.into_iter().collect();
        let mut told = BTreeSet::new();
        let rows = households_of.iter().filter_map(|household| households.get(household)).flatten();
        let people = rows.filter(|listing| told.insert(who(listing)));
        let people = people.filter_map(|listing| persons.get(who(listing)).cloned()).collect();
        families.push(Family { households: households_of, people });
    }
    families
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::registries::Registry;
    use crate::domain::registries::testing::listing;

    fn some_listings() -> impl Strategy<Value = Vec<Listing>> {
        let one = (any::<bool>(), 0..5_u8, 0..9_u8).prop_map(|(ours, household, person)| {
            let registry = if ours { Registry::SocialAssistance } else { Registry::Monitoring };
            listing(registry, &format!("{household}"), &format!("p{person}"))
        });
        prop::collection::vec(one, 0..14)
    }

    /// Labels that spread until nothing changes.
    fn plain(listings: &[Listing]) -> BTreeSet<BTreeSet<RegistryHousehold>> {
        let mut label: Vec<usize> = (0..listings.len()).collect();
        loop {
            let before = label.clone();
            for (one, here) in listings.iter().enumerate() {
                for (other, there) in listings.iter().enumerate() {
                    if here.household == there.household || here.person == there.person {
                        let least = label[one].min(label[other]);
                        (label[one], label[other]) = (least, least);
                    }
                }
            }
            if label == before {
                break;
            }
        }
        let group = |wanted: usize| {
            let of = listings.iter().zip(&label).filter(|(_, label)| **label == wanted);
            of.map(|(listing, _)| listing.household.clone()).collect::<BTreeSet<_>>()
        };
        (0..listings.len()).map(group).filter(|group| !group.is_empty()).collect()
    }

    proptest! {
        #[test]
        fn families_are_those_that_labels_find(listings in some_listings()) {
            let families = families(&listings, &[]);
            let found: BTreeSet<BTreeSet<RegistryHousehold>> = families
                .iter()
                .map(|family| family.households.iter().map(|household| (*household).clone()).collect())
                .collect();
            prop_assert_eq!(&found, &plain(&listings));
            prop_assert_eq!(found.len(), families.len());
            // Each listing once, each person in one family only.
            let told: usize = families.iter().flat_map(|family| &family.people).map(Vec::len).sum();
            prop_assert_eq!(told, listings.len());
            let people: Vec<&str> =
                families.iter().flat_map(|family| &family.people).map(|one| one[0].person.as_str()).collect();
            let once: BTreeSet<&str> = people.iter().copied().collect();
            prop_assert_eq!(once.len(), people.len());
        }
    }

    #[test]
    fn whom_a_decision_calls_one_person_joins_two_households() {
        let listings =
            [listing(Registry::SocialAssistance, "1", "a"), listing(Registry::Monitoring, "7", "b")];
        assert_eq!(families(&listings, &[]).len(), 2);
        let same = Pair { social_assistance: "a".to_owned(), monitoring: "b".to_owned() };
        let joined = families(&listings, &[same]);
        assert_eq!((joined.len(), joined[0].people.len(), joined[0].people[0].len()), (1, 1, 2));
    }
}
