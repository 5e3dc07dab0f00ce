//! One household of what both lists say of a family, and what they do not agree on.
//!
//! Nothing is resolved silently: what has two values stays unknown and is listed, and a family whose identities
//! cannot be held together is listed and not merged.

mod identities;

pub use identities::{is_of_registry, source};

use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::joining::{Family, Listed};
use super::listing::{Ended, Listing, RegistryHousehold};
use crate::domain::catalogue::Catalogue;
use crate::domain::facts::{Fact, FactSet, Household, MOST_MEMBERS, Person, days_of};
use crate::domain::identity::Identity;
use crate::domain::identity_rules::{IdentityProblem, identity_problems};
use crate::domain::region::Region;
use crate::domain::vocabulary::{FACTS, Level};

/// What the lists do not agree on, or cannot both be right about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Contradiction {
    /// A person has two names; the name stays unknown.
    Name,
    /// A family has two towns, neither of which lies in the other; the town stays unknown.
    Town,
    /// A fact has two values; it stays unknown.
    Fact(Fact),
    /// A person stands in two households of one list.
    TwoHouseholds,
    /// A household of one list is spread over several of the other.
    Spread,
    /// An identity of a household is not stated for all people of the family.
    NotForAll(Identity),
    /// The family's identities cannot be held together; it is not merged.
    Identities,
    /// The family has more people than a household can have; it is not merged.
    TooLarge,
}

/// A contradiction, with who says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub what: Contradiction,
    /// The person's name, where it is about one.
    pub name: Option<String>,
    /// Who says what; at least one.
    pub said: Vec<Said>,
}

/// What a household of a list says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The household.
    pub household: RegistryHousehold,
    /// Its town or village.
    pub region: Region,
    /// What it says.
    pub value: Told,
}

/// A value that a list states.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// That the household, or the person in it, is listed.
    Listed,
    /// A name.
    Name(String),
    /// The town.
    Town,
    /// A fact, coded as in the vocabulary.
    Fact(Fact, i64),
    /// An identity.
    Identity(Identity),
}

/// How the people of a family are called in the stored household.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Keys {
    /// The household's key.
    pub household: String,
    /// The keys of people who have one.
    pub people: BTreeMap<String, String>,
    /// Keys that are used and not to be given to anybody else.
    pub used: BTreeSet<String>,
}

/// A family as one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The household; `None` if it is not merged, which one of the findings says.
    pub household: Option<Household>,
    /// The key of every listed person.
    pub people: BTreeMap<String, String>,
    /// The facts on which the lists do not agree: of a person by key, or of the household.
    pub unknown: Vec<(Option<String>, Fact)>,
    /// What the lists do not agree on.
    pub findings: Vec<Finding>,
}

/// Merges a family. `ended` is what its people and households held and no longer hold.
pub fn merge(family: &Family<'_>, ended: &[&Ended], keys: &Keys, catalogue: &Catalogue) -> Merged {
    let mut findings = spread(family);
    let people = person_keys(family, keys);
    let key_of = |listed: &Listed<'_>| {
        listed.first().and_then(|listing| people.get(&listing.person)).cloned().unwrap_or_default()
    };
    let mut unknown = Vec::new();
    let mut members = Vec::new();
    for listed in &family.people {
        let key = key_of(listed);
        let name = agreed(listed, |listing| Told::Name(listing.name.clone()));
        let facts = person_facts(listed, &key, &mut unknown, &mut findings);
        if let Err(said) = &name {
            findings.push(Finding { what: Contradiction::Name, name: shown(listed), said: said.clone() });
        }
        members.push(Person {
            key,
            name: name.ok().and_then(|_| shown(listed)),
            identities: identities::own(listed, ended),
            facts,
        });
    }
    let all: Listed<'_> = family.people.iter().flatten().copied().collect();
    let household = Household {
        key: keys.household.clone(),
        place: None,
        town: town(&all, &mut findings),
        identities: identities::of_household(&all, ended),
        facts: household_facts(&all, &mut unknown, &mut findings),
        members,
    };
    findings.extend(identities::not_for_all(family));
    let mut fits = true;
    if household.members.len() > MOST_MEMBERS {
        findings.push(Finding { what: Contradiction::TooLarge, name: None, said: listed(family) });
        fits = false;
    }
    let problems = identity_problems(catalogue, &household);
    if !problems.is_empty() {
        findings.push(Finding {
            what: Contradiction::Identities,
            name: None,
            said: held(family, &household, &problems),
        });
        fits = false;
    }
    Merged { household: fits.then_some(household), people, unknown, findings }
}

/// The key of every listed person: the one that they have, or the next number.
fn person_keys(family: &Family<'_>, keys: &Keys) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut fresh = (1_u32..).map(|number| format!("P{number}")).filter(|key| !keys.used.contains(key));
    let mut given = BTreeMap::new();
    for listed in &family.people {
        let known = listed.iter().filter_map(|listing| keys.people.get(&listing.person));
        // Two people whom a decision made one go on under the smaller key.
        let known = known.min().filter(|key| taken.insert((*key).clone())).cloned();
        let Some(key) = known.or_else(|| fresh.next()) else { continue };
        given.extend(listed.iter().map(|listing| (listing.person.clone(), key.clone())));
    }
    given
}

/// The name under which a person is shown in a list of contradictions.
fn shown(listed: &Listed<'_>) -> Option<String> {
    listed.first().map(|listing| listing.name.clone())
}

fn said(listing: &Listing, value: Told) -> Said {
    Said { household: listing.household.clone(), region: listing.region.clone(), value }
}

/// The one value that all state.
///
/// # Errors
/// Who says what, if there are two.
fn agreed(listed: &Listed<'_>, value: impl Fn(&Listing) -> Told) -> Result<Option<Told>, Vec<Said>> {
    one_of(listed.iter().map(|listing| said(listing, value(listing))).collect())
}

fn one_of(mut said: Vec<Said>) -> Result<Option<Told>, Vec<Said>> {
    let Some(first) = said.first().map(|said| said.value.clone()) else { return Ok(None) };
    if said.iter().all(|said| said.value == first) {
        return Ok(Some(first));
    }
    said.sort();
    said.dedup();
    Err(said)
}

/// What a level's fact is in the rows.
fn stated(listed: &Listed<'_>, fact: Fact) -> Vec<Said> {
    let birth = |listing: &&Listing| {
        let day = listing.birth_date.filter(|_| fact == Fact::BirthDate);
        day.map(|day| said(listing, Told::Fact(fact, days_of(day))))
    };
    let rows = listed.iter().flat_map(|listing| {
        let of = listing.facts.iter().filter(move |(stated, _)| *stated == fact);
        of.map(|(_, value)| said(listing, Told::Fact(fact, *value)))
    });
    listed.iter().filter_map(birth).chain(rows).collect()
}

fn facts(listed: &Listed<'_>, level: Level, mut contradicted: impl FnMut(Fact, Vec<Said>)) -> FactSet {
    let mut facts = FactSet::default();
    for def in FACTS.iter().filter(|def| def.level == level && def.path.is_some()) {
        match one_of(stated(listed, def.fact)) {
            Ok(Some(Told::Fact(fact, value))) => facts.set(fact, value),
            Ok(_) => {}
            Err(said) => contradicted(def.fact, said),
        }
    }
    facts
}

fn person_facts(
    listed: &Listed<'_>,
    key: &str,
    unknown: &mut Vec<(Option<String>, Fact)>,
    findings: &mut Vec<Finding>,
) -> FactSet {
    facts(listed, Level::Person, |fact, said| {
        unknown.push((Some(key.to_owned()), fact));
        findings.push(Finding { what: Contradiction::Fact(fact), name: shown(listed), said });
    })
}

fn household_facts(
    all: &Listed<'_>,
    unknown: &mut Vec<(Option<String>, Fact)>,
    findings: &mut Vec<Finding>,
) -> FactSet {
    facts(all, Level::Household, |fact, said| {
        unknown.push((None, fact));
        findings.push(Finding { what: Contradiction::Fact(fact), name: None, said });
    })
}

/// The narrowest region that all state: a village and its town agree.
fn town(all: &Listed<'_>, findings: &mut Vec<Finding>) -> Option<Region> {
    let (first, others) = all.split_first()?;
    let narrower = |town: Region, listing: &&Listing| town.narrowed(&listing.region);
    let town = others.iter().try_fold(first.region.clone(), narrower);
    if town.is_none() {
        let mut said: Vec<Said> = all.iter().map(|listing| said(listing, Told::Town)).collect();
        said.sort();
        said.dedup();
        findings.push(Finding { what: Contradiction::Town, name: None, said });
    }
    town
}

/// People in two households of one list, and households that are spread over several of the other.
fn spread(family: &Family<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut beside = BTreeMap::<&RegistryHousehold, BTreeMap<&RegistryHousehold, &Listing>>::new();
    for listed in &family.people {
        for registry in Registry::ALL {
            let of = listed.iter().filter(|listing| listing.registry() == registry);
            let mut said: Vec<Said> = of.map(|listing| said(listing, Told::Listed)).collect();
            said.sort();
            said.dedup();
            if said.len() > 1 {
                findings.push(Finding { what: Contradiction::TwoHouseholds, name: shown(listed), said });
            }
        }
        for one in listed {
            for other in listed.iter().filter(|other| other.registry() != one.registry()) {
                beside.entry(&one.household).or_default().insert(&other.household, other);
            }
        }
    }
    for others in beside.into_values().filter(|others| others.len() > 1) {
        let said = others.into_values().map(|listing| said(listing, Told::Listed)).collect();
        findings.push(Finding { what: Contradiction::Spread, name: None, said });
    }
    findings
}

/// Every household of the family.
fn listed(family: &Family<'_>) -> Vec<Said> {
    let rows = family.people.iter().flatten();
    let mut said: Vec<Said> = rows.map(|listing| said(listing, Told::Listed)).collect();
    said.sort();
    said.dedup();
    said
}

/// Who states the identities that cannot be held together.
fn held(family: &Family<'_>, household: &Household, problems: &[IdentityProblem]) -> Vec<Said> {
    let mut places = Vec::new();
    for problem in problems {
        match problem {
            IdentityProblem::WrongHolder { at, .. } | IdentityProblem::ExPoor { at, .. } => places.push(*at),
            IdentityProblem::Twice { at, with, .. } | IdentityProblem::Together { at, with, .. } => {
                places.extend([*at, *with]);
            }
        }
    }
    let identities: BTreeSet<Identity> = places
        .into_iter()
        .filter_map(|at| {
            let records = match at.member {
                None => &household.identities,
                Some(member) => &household.members.get(member)?.identities,
            };
            records.get(at.record).map(|record| record.identity)
        })
        .collect();
    let rows = family.people.iter().flatten().flat_map(|listing| {
        let stated = listing.held.iter().map(|held| held.stated.identity);
        let wanted = stated.filter(|identity| identities.contains(identity));
        wanted.map(|identity| said(listing, Told::Identity(identity)))
    });
    let mut said: Vec<Said> = rows.collect();
    said.sort();
    said.dedup();
    if said.is_empty() { listed(family) } else { said }
}

impl Contradiction {
    /// The code of the API and of files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Town => "town",
            Self::Fact(_) => "fact",
            Self::TwoHouseholds => "two_households",
            Self::Spread => "spread",
            Self::NotForAll(_) => "not_for_all",
            Self::Identities => "identities",
            Self::TooLarge => "too_large",
        }
    }

    /// Whether a family with it is not merged.
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Identities | Self::TooLarge)
    }
}

#[cfg(test)]
mod tests;
