//! Households: what is stated about them, for which days, and since when it is known.

mod day;
mod fetch;
mod link;
mod list;
mod save;
mod towns;
mod verify;

pub(super) use day::of_a_day;
pub(super) use fetch::{fetch, fetch_all};
pub(super) use link::{SaveRow, saves_since};
pub(super) use list::list;
pub(super) use save::{save, save_all};
pub(super) use towns::towns;
pub(super) use verify::check as check_saves;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::facts::Household;
use crate::domain::period::Validity;
use crate::domain::region::Region;

/// The circumstances of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The days for which the household is as stated. Without an end: until something else is stated.
    pub valid: Validity,
    /// Now. A household's saves are recorded in order: an earlier time than that of the last one counts
    /// as the time of the last one.
    pub recorded_at: DateTime<Utc>,
    /// Who saves.
    pub recorded_by: String,
    /// The number of the last save that the caller has seen, 0 if it was none: another one in between is
    /// a conflict. `None` saves whatever happened.
    pub expected_seq: Option<i64>,
}

/// What a save did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// What it did.
    pub outcome: Outcome,
    /// The number of the household's last save: this one, unless it changed nothing.
    pub seq: i64,
    /// The number in the household's chain of the event that it caused.
    pub event: Option<i64>,
}

/// What a save did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The household is new.
    Created,
    /// Something is different on some day.
    Changed,
    /// All of it was known.
    Unchanged,
}

/// Which saves count for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsKnown {
    /// All.
    Now,
    /// Those recorded until then.
    At(DateTime<Utc>),
    /// Those up to a number.
    After(i64),
}

/// A household as it was known on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHousehold {
    /// The household.
    pub household: Household,
    /// The number of the last save that counted.
    pub seq: i64,
}

/// Where a household lives, as it is known now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Towns {
    /// The number of the household's last save; 0 if nothing is stored about it.
    pub seq: i64,
    /// The towns of the days asked about, or if nothing is stated about these, of all days. A day without a town
    /// counts as `None`.
    pub towns: Vec<Option<Region>>,
}

/// Some of the households of a day, in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// The day; listed are the households that exist on it.
    pub on: NaiveDate,
    /// Only those in this region. Those without a town are in none.
    pub within: Option<Region>,
    /// Only keys after this one.
    pub after: Option<String>,
    /// How many at most; whole households up to some thousands.
    pub first: u32,
}

/// One household of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its place on the day.
    pub place: Option<String>,
    /// Its town on the day.
    pub town: Option<Region>,
}

/// An answer to a [`ListQuery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// The households.
    pub items: Vec<Listed>,
    /// Whether more come after them.
    pub more: bool,
    /// How many come before them.
    pub before: i64,
    /// How many there are on all pages.
    pub total: i64,
}
