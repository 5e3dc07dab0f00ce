//! An entry of the audit log in canonical form, and the hash that chains it to the one before.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::package::canonical;

/// What is recorded of one thing that somebody did or was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// Who: the subject of the token.
    pub subject: String,
    /// The codes of the roles, in order.
    pub roles: Vec<String>,
    /// What for, if it was said.
    pub purpose: Option<String>,
    /// What: `Query.household`.
    pub action: String,
    /// To what: the key of a household, the code of a region.
    pub object: Option<String>,
    /// What came of it, a stable code.
    pub outcome: String,
}

/// The hash of an entry, and so of the whole chain up to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Link([u8; 32]);

impl Link {
    /// What stands before the first entry.
    pub const FIRST: Self = Self([0; 32]);

    /// The hash of the entry of this number that follows: SHA-256 over the hash before and the canonical
    /// JSON of the entry.
    ///
    /// # Errors
    /// The entry cannot be written as JSON, which no entry of ours does.
    pub fn then(self, seq: i64, entry: &Entry) -> Result<Self, serde_json::Error> {
        let document = json!({
            "seq": seq.to_string(),
            "at": entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "subject": entry.subject,
            "roles": entry.roles,
            "purpose": entry.purpose,
            "action": entry.action,
            "object": entry.object,
            "outcome": entry.outcome,
        });
        let hash = Sha256::new().chain_update(self.0).chain_update(canonical(&document)?);
        Ok(Self(hash.finalize().into()))
    }
}

impl fmt::Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Link({self})")
    }
}

impl FromStr for Link {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash)?;
        Ok(Self(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            at: "2024-06-01T04:00:00.000001Z".parse().unwrap(),
            subject: String::from("zhang"),
            roles: vec![String::from("caseworker")],
            purpose: Some(String::from("复核")),
            action: String::from("Query.household"),
            object: Some(String::from("H1")),
            outcome: String::from("done"),
        }
    }

    /// The hash of a chain that stands in databases must never change.
    #[test]
    fn the_hash_is_over_the_hash_before_and_the_canonical_json() {
        let json = "{\"action\":\"Query.household\",\"at\":\"2024-06-01T04:00:00.000001Z\",\"object\":\"H1\",\
                    \"outcome\":\"done\",\"purpose\":\"复核\",\"roles\":[\"caseworker\"],\"seq\":\"1\",\
                    \"subject\":\"zhang\"}";
        let expected: [u8; 32] = Sha256::digest([&[0; 32], json.as_bytes()].concat()).into();
        assert_eq!(Link::FIRST.then(1, &entry()).unwrap(), Link(expected));
    }

    #[test]
    fn everything_of_an_entry_is_in_its_hash() {
        let changes: [fn(&mut Entry); 7] = [
            |entry| entry.at += chrono::TimeDelta::microseconds(1),
            |entry| entry.subject.push('x'),
            |entry| entry.roles.push(String::from("auditor")),
            |entry| entry.purpose = None,
            |entry| entry.action.push('x'),
            |entry| entry.object = None,
            |entry| entry.outcome.push('x'),
        ];
        let link = Link::FIRST.then(1, &entry()).unwrap();
        for change in changes {
            let mut other = entry();
            change(&mut other);
            assert_ne!(Link::FIRST.then(1, &other).unwrap(), link);
        }
        assert_ne!(Link::FIRST.then(2, &entry()).unwrap(), link);
        assert_ne!(link.then(1, &entry()).unwrap(), link);
        assert_eq!(link.to_string().parse::<Link>().unwrap(), link);
    }
}
