//! What follows from a household's facts, in its chain: changes of its package, and packages that were saved.
//!
//! The saves of facts, the entries of the ledger and these events are one chain: they share its numbers and its
//! head.

mod append;
mod read;
mod watch;

pub(super) use append::append;
pub(super) use read::{bytes, event, events_after, last_position, of_household, one, page, saves};
pub(super) use watch::watch;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::ledger::{Circumstances, Entry};
use crate::domain::facts::Household;
use crate::domain::ledger::ChainHash;
use crate::domain::money::Fen;
use crate::domain::period::Validity;
use crate::domain::region::Region;

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A save of facts changed what the household is entitled to.
    Change,
    /// A package was saved.
    Package,
}

/// An event that is to join a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What it is.
    pub kind: EventKind,
    /// The place whose rules apply, by id.
    pub place: Option<String>,
    /// The town of the household on the day.
    pub town: Option<Region>,
    /// The day that it is about.
    pub on: NaiveDate,
    /// The number of the last save of the facts that counts for it.
    pub facts_seq: i64,
    /// What it says, as canonical JSON.
    pub content: String,
}

/// An event of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEvent {
    /// The household.
    pub household: String,
    /// Its number in the household's chain.
    pub seq: i64,
    /// Its number among the events of all households, ascending without a gap.
    pub position: i64,
    /// What it says, and about what.
    pub event: NewEvent,
    /// The hash of the catalogue.
    pub catalogue: String,
    /// The version of the engine.
    pub engine: String,
    /// Who caused it.
    pub actor: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The hash of it and all before it.
    pub hash: ChainHash,
}

/// What a save of facts did, as far as it matters to a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The household's key.
    pub key: String,
    /// The day that counts: today if the save speaks about it, or else its first day.
    pub on: NaiveDate,
    /// The household of the day as it was known before; `None` if nothing was.
    pub before: Option<Household>,
    /// The household of the day as it is known now.
    pub after: Option<Household>,
    /// The number of the save.
    pub facts_seq: i64,
    /// The deliveries that stand, of periods that begin in the days that the save speaks about.
    pub standing: Vec<Standing>,
}

/// A delivery that stands, with the household of the first day of its period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The entry.
    pub entry: Entry,
    /// For a claim: all expenses of its account.
    pub expense: Option<Fen>,
    /// The household as it was known before; `None` if nothing was.
    pub before: Option<Household>,
    /// The household as it is known now.
    pub after: Option<Household>,
}

/// Says which event a save causes, if any. It runs inside the transaction that saves.
pub type Observe = Arc<dyn Fn(&Observed) -> Option<NewEvent> + Send + Sync>;

/// Who looks at saves, so that their events are written with them.
#[derive(Clone)]
pub struct Watch {
    /// The circumstances of the events.
    pub circumstances: Circumstances,
    /// Today.
    pub today: NaiveDate,
    /// What happened.
    pub observe: Observe,
}

/// Which events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventQuery {
    /// Only of this kind.
    pub kind: EventKind,
    /// Only of this household.
    pub household: Option<String>,
    /// Only those in this region. Those without a town are in none.
    pub within: Option<Region>,
    /// Only positions after this one.
    pub after: i64,
    /// How many at most.
    pub first: u32,
}

/// An answer to an [`EventQuery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    /// The events, by position.
    pub items: Vec<ChainEvent>,
    /// Whether more come after them.
    pub more: bool,
    /// How many come before them.
    pub before: i64,
    /// How many there are on all pages.
    pub total: i64,
}

/// A save of a household's facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactsSave {
    /// Its number.
    pub seq: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The days that it speaks about.
    pub valid: Validity,
    /// Its link of the household's chain; a save from before the chain has none.
    pub link: Option<FactsLink>,
}

/// A save of facts as a link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactsLink {
    /// Its number in the household's chain.
    pub seq: i64,
    /// Who saved.
    pub actor: String,
    /// SHA-256 over what it wrote, and what the saves before it wrote that have no link.
    pub digest: String,
    /// The hash of it and all before it.
    pub hash: ChainHash,
}

impl EventKind {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Package => "package",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Self::Change, Self::Package].into_iter().find(|kind| kind.code() == code)
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Watch").field("today", &self.today).finish_non_exhaustive()
    }
}
