//! The two registries: lists of people that two departments keep, and what they say of each person.

pub mod invented;
pub mod joining;
pub mod keys;
pub mod listing;
pub mod matching;
pub mod merging;
pub mod report;
#[cfg(test)]
mod testing;

use std::str::FromStr;

use chrono::NaiveDate;

use super::facts::Fact;
use super::id_number::IdNumber;
use super::identity::{Identity, Track};
use super::period::Validity;
use super::region::Region;
use super::text::Lang;

/// One of the two registries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Registry {
    /// The low-income population 低收入人口 of civil affairs.
    SocialAssistance,
    /// The households monitored against a return to poverty 防止返贫监测对象.
    Monitoring,
}

/// One row of a registry: a person of a household, with the identity that the registry states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryRow {
    /// The household's number in this registry.
    pub household_no: String,
    /// The town or village; at least 9 digits.
    pub region: Region,
    /// The person's name.
    pub name: String,
    /// The number, if the registry states one.
    pub id_number: Option<IdNumber>,
    /// The identity, of the registry's track. `None` for a member who is only listed with the
    /// household and holds nothing.
    pub identity: Option<StatedIdentity>,
    /// Facts that the row states of the person or the household, coded as in the vocabulary.
    pub facts: Vec<(Fact, i64)>,
}

/// An identity as a registry states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedIdentity {
    /// The type.
    pub identity: Identity,
    /// Whether the whole household holds it, or this person only.
    pub of_household: bool,
    /// From and until when.
    pub held: Validity,
    /// The file or decision that grants it.
    pub evidence: Option<String>,
}

impl Registry {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::SocialAssistance, Self::Monitoring];

    /// The code, as the command line and the database write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::SocialAssistance => "social-assistance",
            Self::Monitoring => "monitoring",
        }
    }

    /// What people call it.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::SocialAssistance => lang.pick("低收入人口", "low-income list"),
            Self::Monitoring => lang.pick("防返贫监测对象", "monitoring list"),
        }
    }

    /// The track whose identity types the registry keeps.
    pub fn track(self) -> Track {
        match self {
            Self::SocialAssistance => Track::SocialAssistance,
            Self::Monitoring => Track::Monitoring,
        }
    }
}

/// A text that names no registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `social-assistance` or `monitoring`")]
pub struct RegistryError;

impl FromStr for Registry {
    type Err = RegistryError;

    fn from_str(code: &str) -> Result<Self, RegistryError> {
        Self::ALL.into_iter().find(|registry| registry.code() == code).ok_or(RegistryError)
    }
}

impl RegistryRow {
    /// The date of birth that the number states.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        self.id_number.as_ref().map(IdNumber::birth_date)
    }
}
