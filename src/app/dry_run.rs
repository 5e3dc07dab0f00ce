//! A proposal tried out before anybody decides on it: over the stored households of a day, or over others, who
//! gains and who loses, what is superseded, and what it costs.
//!
//! [`over_store`] streams households in chunks: while one is looked at, a thread of the store reads the next.
//! [`DryRuns`] runs it beside the service, on threads of its own.

mod runs;
mod tally;

pub use runs::{DryRuns, Run, RunState, Seen, Start};
pub use tally::{Cost, Fares, Group, SAMPLE, Sampled, Shift, Tally};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chrono::NaiveDate;

use super::policies::Policies;
use crate::documents::tree::{Tree, Value, parse_toml};
use crate::domain::facts::Household;
use crate::domain::ratio::ArithmeticError;
use crate::domain::region::Region;
use crate::store::{ListQuery, Store, StoreError};

/// How many households are read at a time.
const CHUNK: u32 = 500;

/// What is tried out: the catalogue in use against the one that a proposal makes.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The catalogue in use.
    pub before: Arc<Policies>,
    /// The one that would be.
    pub after: Arc<Policies>,
    /// The day whose rules and facts count.
    pub on: NaiveDate,
}

/// Which stored households.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Among {
    /// All.
    All,
    /// Those in a region.
    Within(Region),
    /// None.
    Nobody,
}

/// How far a run is, and whether it is to stop.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    cancelled: AtomicBool,
}

impl Progress {
    /// How many households were looked at.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Has the run stop after the household it is at.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DryRunError {
    /// It was cancelled.
    #[error("the dry run was cancelled")]
    Cancelled,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A sum is too large.
    #[error(transparent)]
    Sum(#[from] ArithmeticError),
    /// The thread came to an end.
    #[error("the dry run was given up")]
    GivenUp,
}

/// Tries a change over the stored households. It blocks until it is done or cancelled.
///
/// # Errors
/// [`DryRunError`].
pub fn over_store(
    store: &Store,
    trial: &Trial,
    among: &Among,
    progress: &Progress,
) -> Result<Tally, DryRunError> {
    let within = match among {
        Among::Nobody => return Ok(Tally::default()),
        Among::All => None,
        Among::Within(region) => Some(region.clone()),
    };
    let chunk = |after: Option<String>| {
        let within = within.clone();
        store.households_of_a_day(ListQuery { on: trial.on, within, after, first: CHUNK })
    };
    let mut tally = Tally::default();
    let mut coming = chunk(None);
    loop {
        let households = coming.wait()?;
        let Some(last) = households.last() else { return Ok(tally) };
        coming = chunk(Some(last.key.clone()));
        for household in &households {
            if progress.is_cancelled() {
                return Err(DryRunError::Cancelled);
            }
            tally.add(household, (&trial.before, &trial.after), trial.on)?;
            progress.done.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Tries a change over given households.
///
/// # Errors
/// [`DryRunError::Sum`].
pub fn over<'h>(
    households: impl IntoIterator<Item = &'h Household>,
    trial: &Trial,
) -> Result<Tally, DryRunError> {
    let mut tally = Tally::default();
    for household in households {
        tally.add(household, (&trial.before, &trial.after), trial.on)?;
    }
    Ok(tally)
}

/// The day on which a change is first felt: the first that the new text names and the old does not, from today on;
/// else today.
pub fn first_day(before: Option<&str>, after: &str, today: NaiveDate) -> NaiveDate {
    let days = |text: &str| {
        let mut days = Vec::new();
        if let Ok(tree) = parse_toml(text) {
            collect(&tree, &mut days);
        }
        days
    };
    let known = before.map(days).unwrap_or_default();
    days(after).into_iter().filter(|day| *day >= today && !known.contains(day)).min().unwrap_or(today)
}

fn collect(tree: &Tree, days: &mut Vec<NaiveDate>) {
    match &tree.value {
        Value::Date(day) => days.push(*day),
        Value::List(items) => items.iter().for_each(|item| collect(item, days)),
        Value::Table(entries) => entries.iter().for_each(|entry| collect(&entry.tree, days)),
        _ => {}
    }
}
