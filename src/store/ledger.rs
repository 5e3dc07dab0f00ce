//! The ledger: entries that only ever join, and what they take for themselves.

mod entries;
mod past;
mod read;
mod record;
mod reverse;
mod verify;

pub(super) use entries::{canonical, hash_of, head, move_head};
pub(super) use past::claimed;
pub(super) use read::{deliveries, entries, households, standing};
pub(super) use record::record;
pub(super) use reverse::reverse;
pub(super) use verify::verify;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::facts::Household;
use crate::domain::ledger::{ChainHash, Covers, Order, Past, Posting, PostingLine, Refusal};
use crate::domain::money::Fen;

/// Decides whether an order may be recorded, given the household on the first day of its period and what
/// its ledger holds. It runs inside the transaction that records.
pub type Decide = Arc<dyn Fn(&Household, &Order, &Past) -> Result<Posting, Refusal> + Send + Sync>;

/// The circumstances of recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Who records.
    pub actor: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The hash of the catalogue by which it is decided.
    pub catalogue: String,
    /// The version of the engine by which it is decided.
    pub engine: String,
}

/// How many of several orders are recorded if some cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// All or none.
    AllOrNone,
    /// Those that can be.
    WhatCan,
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is recorded as this entry, and pays so much in all (`None`: nothing that is counted in money).
    New(i64, Option<Fen>),
    /// It was recorded before as this entry, under the same key.
    Repeated(i64),
    /// Its key was used for something else.
    KeyUsed,
    /// It may not be recorded.
    Refused(Refusal),
}

impl Recorded {
    /// Whether it stands in the ledger.
    pub fn stands(&self) -> bool {
        matches!(self, Self::New(..) | Self::Repeated(_))
    }
}

/// What came of several orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// One for each order.
    pub results: Vec<Recorded>,
    /// Whether anything was written; not if one of all was refused.
    pub kept: bool,
}

/// A request to take an entry back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The idempotency key.
    pub key: String,
    /// The household.
    pub household: String,
    /// The entry to take back.
    pub entry: i64,
    /// Why.
    pub reason: String,
    /// The day.
    pub day: NaiveDate,
    /// The department, which must be the one that delivered; `None` may take back any entry.
    pub department: Option<String>,
}

/// What came of a reversal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reversed {
    /// It is recorded as this entry.
    New(i64),
    /// It was recorded before as this entry, under the same key.
    Repeated(i64),
    /// Its key was used for something else.
    KeyUsed,
    /// The ledger of the household has no such delivery.
    NoSuchEntry,
    /// This entry took it back already.
    AlreadyReversed(i64),
    /// Another department delivered it.
    WrongDepartment(String),
}

/// An entry of a household's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// The idempotency key.
    pub key: String,
    /// The entry that it takes back, and why; `None` is a delivery.
    pub reverses: Option<(i64, String)>,
    /// The member by key; `None` is the household.
    pub beneficiary: Option<String>,
    /// The measure or cascade.
    pub offer: String,
    /// The identity type by code.
    pub identity: String,
    /// What it covers.
    pub covers: Covers,
    /// For a claim: the expense.
    pub expense: Option<Fen>,
    /// What it paid by measure; what a reversal takes back has the same lines.
    pub lines: Vec<PostingLine>,
    /// The day of delivery.
    pub day: NaiveDate,
    /// The department.
    pub department: String,
    /// Who recorded it.
    pub actor: String,
    /// The number of the save of the facts by which it was decided.
    pub facts_seq: i64,
    /// The catalogue.
    pub catalogue: String,
    /// The engine.
    pub engine: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The hash of it and all before it.
    pub hash: ChainHash,
}

/// Something that does not hold together in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The household.
    pub household: String,
    /// The entry, where it can be named.
    pub entry: Option<i64>,
    /// What is wrong.
    pub what: &'static str,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many households have a ledger.
    pub households: u64,
    /// How many entries were checked.
    pub entries: u64,
    /// Everything that does not hold together.
    pub broken: Vec<Broken>,
}

impl Entry {
    /// What it paid in all; `None` if nothing is counted in money.
    pub fn paid(&self) -> Option<Fen> {
        let paid = self.lines.iter().filter_map(|line| line.paid);
        paid.fold(None, |sum: Option<Fen>, paid| Some(sum.map_or(paid, |sum| sum.plus(paid).unwrap_or(sum))))
    }
}
