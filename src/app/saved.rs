//! Saved packages: the canonical bytes, with everything that they were computed from, and computing them again.
//!
//! A saved package is an event of the household's chain. It is known by the household's key and its number there,
//! `h4:3`.

use std::fmt;
use std::str::FromStr;

use super::packages::{PackageError, Resolved, Scope, package};
use super::policies::Policies;
use crate::documents::household::is_key;
use crate::documents::package::{canonical, document};
use crate::domain::facts::Household;
use crate::store::{ChainEvent, EventKind, NewEvent};

/// What a saved package is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedId {
    /// The household's key.
    pub household: String,
    /// Its number in the household's chain.
    pub seq: i64,
}

/// A text that names no saved package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the household's key and the number in its chain, such as `h4:3`")]
pub struct SavedIdError;

impl FromStr for SavedId {
    type Err = SavedIdError;

    fn from_str(text: &str) -> Result<Self, SavedIdError> {
        let (household, seq) = text.rsplit_once(':').ok_or(SavedIdError)?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 1).ok_or(SavedIdError)?;
        if !is_key(household) {
            return Err(SavedIdError);
        }
        Ok(Self { household: household.to_owned(), seq })
    }
}

impl fmt::Display for SavedId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.household, self.seq)
    }
}

/// What came of computing a saved package again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The same, byte for byte.
    Same,
    /// Other bytes.
    Differs,
    /// The catalogue that it was computed by is neither in use nor kept.
    NoCatalogue,
    /// The facts that it was computed from are not there.
    NoFacts,
    /// It cannot be computed any more, and why.
    Failed(String),
}

impl Replay {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::NoCatalogue => "no_catalogue",
            Self::NoFacts => "no_facts",
            Self::Failed(_) => "failed",
        }
    }
}

/// The event that saves a package; the number is that of the last save of the facts it rests on.
///
/// # Errors
/// The package cannot be written, which does not happen.
pub fn event(resolved: &Resolved, facts_seq: i64) -> Result<NewEvent, String> {
    let Resolved { rulebook, household, package } = resolved;
    let bytes = canonical(&document(rulebook, household, package)).map_err(|error| error.to_string())?;
    let content = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    Ok(NewEvent {
        kind: EventKind::Package,
        place: rulebook.place().map(|place| place.id.clone()),
        town: household.town.clone(),
        on: rulebook.on,
        facts_seq,
        content,
    })
}

/// Computes a saved package again, by the catalogue of its hash and from the facts as they were known after its save,
/// and compares byte for byte.
pub fn replay(policies: Option<&Policies>, saved: &ChainEvent, household: Option<Household>) -> Replay {
    let known = |policies: &&Policies| policies.catalogue().hash.to_string() == saved.catalogue;
    let Some(policies) = policies.filter(known) else { return Replay::NoCatalogue };
    let Some(household) = household else { return Replay::NoFacts };
    let scope = Scope { place: saved.event.place.as_deref(), on: saved.event.on };
    let again = package(policies, household, scope)
        .map_err(|error: PackageError| error.to_string())
        .and_then(|resolved| event(&resolved, saved.event.facts_seq));
    match again {
        Ok(again) if again.content == saved.event.content => Replay::Same,
        Ok(_) => Replay::Differs,
        Err(error) => Replay::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_key_and_a_number() {
        let id = SavedId { household: String::from("h4"), seq: 3 };
        assert_eq!("h4:3".parse(), Ok(id.clone()));
        assert_eq!(id.to_string(), "h4:3");
        for bad in ["", "h4", ":3", "h4:", "h4:0", "h4:-1", "h4:x", "44010119900101123X:3"] {
            assert_eq!(bad.parse::<SavedId>(), Err(SavedIdError), "{bad}");
        }
    }
}
