//! Who of the two lists may be one person where a number is missing: by declared rules only, and only as
//! a proposal that a person decides about.

use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::listing::{Listing, RegistryHousehold};
use crate::domain::source::Source;
use crate::domain::text::Text;

/// What must be the same. What is not known is the same as nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trait {
    /// The name.
    Name,
    /// The date of birth.
    BirthDate,
    /// The village; a town is no village.
    Village,
    /// The town.
    Town,
    /// The county.
    County,
    /// The name of the household's head.
    HeadName,
}

/// A declared rule: two people for whom all of this is the same may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRule {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: Text,
    /// What must be the same; at least two traits, one of them the name.
    pub same: Vec<Trait>,
    /// Where it is known from.
    pub sources: Vec<Source>,
}

/// A person of each list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    /// Of the low-income list.
    pub social_assistance: String,
    /// Of the monitoring list.
    pub monitoring: String,
}

/// Two people who may be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// Who.
    pub pair: Pair,
    /// By which rule: the first that proposes them.
    pub rule: String,
}

/// Everybody who may be one person with somebody of the other list, in the order of the pairs.
///
/// Two people with numbers are never proposed: the numbers decide. Neither is somebody whose number stands in both
/// lists, since the other list has them already.
pub fn propose(listings: &[Listing], rules: &[MatchRule]) -> Vec<Proposal> {
    let heads: BTreeMap<&RegistryHousehold, &str> = listings
        .iter()
        .filter(|listing| listing.is_head())
        .map(|head| (&head.household, head.name.as_str()))
        .collect();
    let persons = |registry| {
        let of = listings.iter().filter(move |listing| listing.registry() == registry);
        of.map(|listing| listing.person.as_str()).collect::<BTreeSet<_>>()
    };
    let in_both: BTreeSet<&str> =
        persons(Registry::SocialAssistance).intersection(&persons(Registry::Monitoring)).copied().collect();
    let open: Vec<&Listing> =
        listings.iter().filter(|listing| !in_both.contains(listing.person.as_str())).collect();
    let mut found = BTreeMap::<Pair, &str>::new();
    for rule in rules {
        let mut alike = BTreeMap::<Vec<String>, [Vec<&Listing>; 2]>::new();
        for listing in &open {
            let head = heads.get(&listing.household).copied();
            let Some(values) = rule.same.iter().map(|same| same.of(listing, head)).collect() else {
                continue;
            };
            let [ours, theirs] = alike.entry(values).or_default();
            match listing.registry() {
                Registry::SocialAssistance => ours.push(listing),
                Registry::Monitoring => theirs.push(listing),
            }
        }
        for [ours, theirs] in alike.values() {
            for our in ours {
                for their in theirs.iter().filter(|their| !(our.numbered && their.numbered)) {
                    let pair =
                        Pair { social_assistance: our.person.clone(), monitoring: their.person.clone() };
                    found.entry(pair).or_insert(&rule.id);
                }
            }
        }
    }
    found.into_iter().map(|(pair, rule)| Proposal { pair, rule: rule.to_owned() }).collect()
}

impl Trait {
    /// All, with the code of files.
    pub const CODES: [(&'static str, Self); 6] = [
        ("name", Self::Name),
        ("birth_date", Self::BirthDate),
        ("village", Self::Village),
        ("town", Self::Town),
        ("county", Self::County),
        ("head_name", Self::HeadName),
    ];

    /// What a listing has of it; `None` if that is not known.
    fn of(self, listing: &Listing, head: Option<&str>) -> Option<String> {
        let region = |digits| listing.region.within(digits).map(|region| region.to_string());
        match self {
            Self::Name => Some(listing.name.clone()),
            Self::BirthDate => listing.birth_date.map(|day| day.to_string()),
            Self::Village => region(12),
            Self::Town => region(9),
            Self::County => region(6),
            Self::HeadName => head.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::facts::Fact;
    use crate::domain::registries::testing::listing;

    fn rule(id: &str, same: &[Trait]) -> MatchRule {
        let text = Text { zh: id.to_owned(), en: id.to_owned() };
        MatchRule { id: id.to_owned(), text, same: same.to_vec(), sources: Vec::new() }
    }

    /// Every pair against every rule, as the rules read.
    fn plain(listings: &[Listing], rules: &[MatchRule]) -> Vec<Proposal> {
        let head = |of: &Listing| {
            let mut heads = listings.iter().filter(|one| one.household == of.household && one.is_head());
            heads.next_back().map(|head| head.name.clone())
        };
        let prefix =
            |listing: &Listing, digits: usize| listing.region.as_str().get(..digits).map(str::to_owned);
        let same = |one: &Listing, other: &Listing, what: Trait| {
            let [one, other] = [one, other].map(|listing| match what {
                Trait::Name => Some(listing.name.clone()),
                Trait::BirthDate => listing.birth_date.map(|day| day.to_string()),
                Trait::Village => prefix(listing, 12),
                Trait::Town => prefix(listing, 9),
                Trait::County => prefix(listing, 6),
                Trait::HeadName => head(listing),
            });
            one.is_some() && one == other
        };
        let also = |person: &str, registry| {
            listings.iter().any(|one| one.person == person && one.registry() == registry)
        };
        let mut found = BTreeMap::new();
        for one in listings.iter().filter(|one| one.registry() == Registry::SocialAssistance) {
            for other in listings.iter().filter(|other| other.registry() == Registry::Monitoring) {
                let settled = (one.numbered && other.numbered)
                    || also(&one.person, Registry::Monitoring)
                    || also(&other.person, Registry::SocialAssistance);
                let by = |rule: &&MatchRule| rule.same.iter().all(|what| same(one, other, *what));
                if let Some(rule) = rules.iter().find(by).filter(|_| !settled) {
                    let pair =
                        Pair { social_assistance: one.person.clone(), monitoring: other.person.clone() };
                    // The first rule of any two listings of the two.
                    let place = rules.iter().position(|known| known == rule).unwrap();
                    let first = found.entry(pair).or_insert(place);
                    *first = place.min(*first);
                }
            }
        }
        found.into_iter().map(|(pair, place)| Proposal { pair, rule: rules[place].id.clone() }).collect()
    }

    fn some_listing() -> impl Strategy<Value = Listing> {
        let who = (any::<bool>(), 0..3_u8, 0..6_u8, any::<bool>());
        (who, 0..3_usize, prop::option::of(0..3_u64), 0..4_usize, any::<bool>()).prop_map(
            |((ours, household, person, numbered), name, birth, region, head)| {
                let registry = if ours { Registry::SocialAssistance } else { Registry::Monitoring };
                // Nobody without a number stands in both lists.
                let who = match (numbered, ours) {
                    (true, _) => format!("n{person}"),
                    (false, true) => format!("s{person}"),
                    (false, false) => format!("m{person}"),
                };
                let mut listing = listing(registry, &format!("{household}"), &who);
                listing.numbered = numbered;
                ["王芳", "李伟", "张敏"][name].clone_into(&mut listing.name);
                listing.birth_date = birth.map(|days| chrono::NaiveDate::default() + chrono::Days::new(days));
                let regions = ["990101001", "990101002", "990101001001", "990102001"];
                listing.region = regions[region].parse().unwrap();
                if head {
                    listing.facts.push((Fact::RelationToHead, 0));
                }
                listing
            },
        )
    }

    proptest! {
        #[test]
        fn proposals_are_those_of_a_plain_search(listings in prop::collection::vec(some_listing(), 0..12)) {
            let rules = [
                rule("a", &[Trait::Name, Trait::BirthDate, Trait::Town]),
                rule("b", &[Trait::Name, Trait::HeadName, Trait::Village]),
                rule("c", &[Trait::Name, Trait::County]),
            ];
            prop_assert_eq!(propose(&listings, &rules), plain(&listings, &rules));
        }
    }
}
