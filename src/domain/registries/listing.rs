//! What a registry lists of one person of one household, all its rows about them together.

use chrono::NaiveDate;

use super::{Registry, StatedIdentity};
use crate::domain::facts::Fact;
use crate::domain::region::Region;

/// A household by its number in a registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegistryHousehold {
    /// The registry.
    pub registry: Registry,
    /// The number.
    pub no: String,
}

/// A person of a household, as one registry lists them now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The household.
    pub household: RegistryHousehold,
    /// Who it is: the same text in both registries for one ID number. Of a person without a number it is a text that
    /// nobody else has.
    pub person: String,
    /// Whether the registry states a number.
    pub numbered: bool,
    /// The town or village.
    pub region: Region,
    /// The name.
    pub name: String,
    /// The date of birth, by the number or as stated.
    pub birth_date: Option<NaiveDate>,
    /// The identities.
    pub held: Vec<Held>,
    /// The facts; one that is stated twice stands here twice.
    pub facts: Vec<(Fact, i64)>,
}

/// An identity with the import that stated it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What is stated.
    pub stated: StatedIdentity,
    /// The number of the import.
    pub import: i64,
}

/// An identity that a registry stated and no longer states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The household in which it was held.
    pub household: RegistryHousehold,
    /// By whom.
    pub person: String,
    /// The identity; it ends on the day of the first list without it, or earlier if that was stated.
    pub held: Held,
}

/// Both lists.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lists {
    /// Who is listed now, in the order of registries, household numbers and rows.
    pub listings: Vec<Listing>,
    /// What ended.
    pub ended: Vec<Ended>,
}

impl Listing {
    /// The registry.
    pub fn registry(&self) -> Registry {
        self.household.registry
    }

    /// Whether this is the head of the household.
    pub fn is_head(&self) -> bool {
        // The first value of the list of relations.
        self.facts.contains(&(Fact::RelationToHead, 0))
    }
}
