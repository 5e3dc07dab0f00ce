//! The ledger: entries that only ever join, and what they take for themselves.

mod desk;
mod entries;
mod list;
mod past;
mod read;
mod record;
mod reverse;
mod verify;
mod walk;

pub(super) use entries::{canonical, hash_of, head, move_head};
pub(super) use list::list;
pub(super) use past::claimed;
pub(super) use read::{deliveries, entries, households, standing, with_entries};
pub(super) use record::record;
pub(super) use reverse::reverse;
pub(super) use verify::verify;
pub(super) use walk::walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::facts::Household;
use crate::domain::ledger::{
    ChainHash, Covers, CoversKind, Delivery, Order, Past, Posting, PostingLine, Refusal,
};
use crate::domain::money::Fen;
use crate::domain::region::Region;
use crate::store::households::StoredHousehold;

/// Decides whether an order may be recorded, given the household on the first day of its period and what
/// its ledger holds. It runs inside the transaction that records.
pub type Decide = Arc<dyn Fn(&Household, &Order, &Past) -> Result<Posting, Refusal> + Send + Sync>;

/// Is told how many orders of a roll are done so far.
pub type Progress = Arc<dyn Fn(usize) + Send + Sync>;

/// Deliveries to record together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roll {
    /// The deliveries, in the order in which they are decided.
    pub deliveries: Vec<Delivery>,
    /// How many are recorded if some cannot be.
    pub whole: Whole,
    /// What whoever records may see.
    pub sight: Sight,
}

/// What whoever asks or acts may see; everything else is as if it were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Only households that live in this region; for a delivery, on the first day of its period.
    pub within: Option<Region>,
    /// Only deliveries of this department, by code.
    pub department: Option<String>,
}

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
    /// What whoever takes back may see.
    pub sight: Sight,
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

/// Which deliveries: all that fit every field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// What whoever asks may see.
    pub sight: Sight,
    /// Of this household.
    pub household: Option<String>,
    /// With this number.
    pub entry: Option<i64>,
    /// Of this measure or cascade, by id.
    pub offer: Option<String>,
    /// Whose periods begin in this span; its end is excluded.
    pub periods: Option<(NaiveDate, NaiveDate)>,
    /// Whether reversals are listed too, each as an entry of its own.
    pub reversals: bool,
    /// Only those after this household and number.
    pub after: Option<(String, i64)>,
    /// How many at most.
    pub first: u32,
}

/// A delivery of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDelivery {
    /// The household.
    pub household: String,
    /// The delivery.
    pub entry: Entry,
    /// The entry that took it back, if one did.
    pub reversed_by: Option<i64>,
}

/// An answer to a [`DeliveryQuery`], in the order of households and numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryPage {
    /// The deliveries.
    pub items: Vec<ListedDelivery>,
    /// Whether more come after them.
    pub more: bool,
    /// How many come before them.
    pub before: i64,
    /// How many there are on all pages, those that were taken back as well.
    pub total: i64,
    /// What those that stand paid, on all pages, by measure and kind of period.
    pub totals: Vec<PaidTotal>,
}

/// What deliveries of one measure paid in one kind of period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidTotal {
    /// The measure, by id.
    pub measure: String,
    /// The kind of period.
    pub kind: CoversKind,
    /// How many deliveries stand.
    pub deliveries: i64,
    /// What they paid; nothing is counted of what is not counted in money.
    pub paid: Fen,
}

/// Which households are gone through, and for which months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkQuery {
    /// Only this one.
    pub household: Option<String>,
    /// Only those that live in this region, in the months in which they do.
    pub within: Option<Region>,
    /// The first days of the months, ascending.
    pub months: Vec<NaiveDate>,
    /// Only those from this key on.
    pub from_key: Option<String>,
}

/// Some households on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The keys, ascending.
    pub keys: Vec<String>,
    /// The households on the first day of each month.
    pub households: BTreeMap<NaiveDate, BTreeMap<String, StoredHousehold>>,
    /// The deliveries that stand and count for the years of the months, by household.
    pub deliveries: BTreeMap<String, Vec<Entry>>,
}

/// Something that does not hold together in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The household.
    pub household: String,
    /// The number in the household's chain, where it can be named.
    pub entry: Option<i64>,
    /// The save of facts, by its own number, if it is about one.
    pub save: Option<i64>,
    /// What is wrong.
    pub what: &'static str,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many households have a chain.
    pub households: u64,
    /// How many links of chains were checked: deliveries, reversals, saves of facts, and what followed from them.
    pub entries: u64,
    /// How many saves of facts are from before they were links of the chain, and covered by none since.
    pub uncovered_saves: u64,
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
