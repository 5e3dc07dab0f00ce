//! Who of the two registries may be one person, what was decided about it, and what was merged into which household.

mod merges;
mod proposals;

pub(super) use merges::{record, state};
pub(super) use proposals::{decide, list, propose};

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::registries::listing::RegistryHousehold;
use crate::domain::registries::matching::Pair;

/// A proposal as it is kept, with the decision that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProposal {
    /// Its number.
    pub seq: i64,
    /// Who may be one person.
    pub pair: Pair,
    /// The rule by which it was proposed.
    pub rule: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The last decision; `None` while it waits for one.
    pub decision: Option<MatchDecision>,
}

/// A person's decision about a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchDecision {
    /// Whether the two are one person.
    pub accepted: bool,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why; never empty.
    pub reason: String,
}

/// What came of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchDecided {
    /// It counts from now on.
    Recorded,
    /// It was decided so before; nothing was written.
    Repeated,
    /// One of the two is already another one's match, by this proposal; nothing was written.
    AlreadyMatched(i64),
    /// There is no such proposal.
    NotFound,
    /// There is one, and one of the two is listed elsewhere than whoever decides may see; nothing was written.
    OutOfScope,
}

/// What the merges so far made.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MergeState {
    /// Under which key each household of a registry is stored.
    pub households: BTreeMap<RegistryHousehold, String>,
    /// By household key: the key of each person who was ever listed in it.
    pub persons: BTreeMap<String, BTreeMap<String, String>>,
    /// By household key: the hash of what was merged last.
    pub contents: BTreeMap<String, String>,
    /// The last merge.
    pub last: Option<StoredMerge>,
}

/// A merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMerge {
    /// Its number.
    pub seq: i64,
    /// Who merged.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The day from which on the households are as merged.
    pub valid_from: NaiveDate,
    /// How many households it made.
    pub created: i64,
    /// How many it changed.
    pub changed: i64,
    /// Of how many it ended all that the registries had stated.
    pub ended: i64,
}

/// A merge that is to be recorded, after its households were saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMerge {
    /// Its circumstances and counts; its number is given by the store.
    pub merge: StoredMerge,
    /// Households of registries that are stored under another key than before.
    pub households: Vec<(RegistryHousehold, String)>,
    /// People who have a key that they had not: (household key, person, person key).
    pub persons: Vec<(String, String, String)>,
    /// Household keys with the hash of what was merged, where it is another one.
    pub contents: Vec<(String, String)>,
}
