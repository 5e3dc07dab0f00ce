//! Under which key a family is stored: the one that it has, or one after a household's number.

use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::joining::Family;
use super::listing::RegistryHousehold;

/// The key of a family, and the keys that its households had before they were one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyKey {
    /// The key.
    pub key: String,
    /// Keys under which parts of it were stored.
    pub former: BTreeSet<String>,
}

/// The key of each family. `known` are the keys that households of the lists are stored under; `delivered` tells
/// under which of them something was delivered: such a key is kept where there is a choice.
pub fn assign(
    families: &[Family<'_>],
    known: &BTreeMap<RegistryHousehold, String>,
    delivered: &BTreeSet<String>,
) -> Vec<FamilyKey> {
    let mut used: BTreeSet<String> = known.values().cloned().collect();
    // A key that several families have a right to goes to the one with the household that it is named after.
    let mut claims = BTreeMap::<&str, Vec<usize>>::new();
    for (place, family) in families.iter().enumerate() {
        let keys: BTreeSet<&str> = family
            .households
            .iter()
            .filter_map(|household| known.get(household))
            .map(String::as_str)
            .collect();
        for key in keys {
            claims.entry(key).or_default().push(place);
        }
    }
    let mut own = BTreeMap::<usize, BTreeSet<&str>>::new();
    for (key, places) in &claims {
        let named = |place: &&usize| {
            let family = families.get(**place);
            family.is_some_and(|family| family.households.iter().any(|household| name(household) == *key))
        };
        let place = places.iter().find(named).or(places.first());
        if let Some(place) = place {
            own.entry(*place).or_default().insert(key);
        }
    }
    let mut keys = Vec::with_capacity(families.len());
    for (place, family) in families.iter().enumerate() {
        let own = own.remove(&place).unwrap_or_default();
        let kept = own.iter().copied().find(|key| delivered.contains(*key)).or_else(|| own.first().copied());
        let key = kept.map_or_else(|| fresh(family, &mut used), str::to_owned);
        let former = own.into_iter().filter(|other| *other != key).map(str::to_owned).collect();
        keys.push(FamilyKey { key, former });
    }
    keys
}

/// A key that is not used yet, after the first household.
fn fresh(family: &Family<'_>, used: &mut BTreeSet<String>) -> String {
    let name = family.households.first().map(|household| name(household)).unwrap_or_default();
    let again = (2_u32..).map(|number| format!("{name}-{number}"));
    let key = std::iter::once(name.clone()).chain(again).find(|key| used.insert(key.clone()));
    key.unwrap_or(name)
}

/// The name of a household among keys: an `S` or an `M`, and its number.
fn name(household: &RegistryHousehold) -> String {
    let letter = match household.registry {
        Registry::SocialAssistance => 'S',
        Registry::Monitoring => 'M',
    };
    format!("{letter}-{}", household.no)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::registries::joining::families;
    use crate::domain::registries::listing::Listing;
    use crate::domain::registries::testing::listing;

    const S: Registry = Registry::SocialAssistance;
    const M: Registry = Registry::Monitoring;

    fn keys(
        listings: &[Listing],
        known: &[(Registry, &str, &str)],
        delivered: &[&str],
    ) -> Vec<(String, Vec<String>)> {
        let known = known.iter().map(|(registry, no, key)| {
            (RegistryHousehold { registry: *registry, no: (*no).to_owned() }, (*key).to_owned())
        });
        let delivered = delivered.iter().map(|key| (*key).to_owned()).collect();
        let keys = assign(&families(listings, &[]), &known.collect(), &delivered);
        keys.into_iter().map(|key| (key.key, key.former.into_iter().collect())).collect()
    }

    fn key(key: &str, former: &[&str]) -> (String, Vec<String>) {
        (key.to_owned(), former.iter().map(|key| (*key).to_owned()).collect())
    }

    #[test]
    fn a_family_is_named_once_and_keeps_its_name() {
        let together = [listing(S, "1", "a"), listing(M, "7", "a")];
        assert_eq!(keys(&together, &[], &[]), [key("S-1", &[])]);
        assert_eq!(keys(&together, &[(M, "7", "M-7")], &[]), [key("M-7", &[])]);
    }

    #[test]
    fn of_two_stored_households_the_one_with_deliveries_goes_on() {
        let together = [listing(S, "1", "a"), listing(M, "7", "a")];
        let known = [(S, "1", "S-1"), (M, "7", "M-7")];
        assert_eq!(keys(&together, &known, &[]), [key("M-7", &["S-1"])]);
        assert_eq!(keys(&together, &known, &["S-1"]), [key("S-1", &["M-7"])]);
    }

    #[test]
    fn of_two_parts_the_one_with_the_name_keeps_it() {
        let apart = [listing(S, "1", "a"), listing(M, "7", "b")];
        let known = [(S, "1", "M-7"), (M, "7", "M-7")];
        assert_eq!(keys(&apart, &known, &[]), [key("S-1", &[]), key("M-7", &[])]);
        // And a name that is taken is not given again.
        assert_eq!(keys(&apart, &[(S, "9", "S-1")], &[]), [key("S-1-2", &[]), key("M-7", &[])]);
    }
}
