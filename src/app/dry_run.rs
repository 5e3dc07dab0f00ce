//! A proposal tried out before anybody decides on it: over the stored households of a day, or over others, who
//! gains and who loses, what is superseded, and what it costs.
//!
//! [`over_store`] streams households in chunks: while one is looked at, a thread of the store reads the next.
//! [`DryRuns`] runs it beside the service, on threads of its own.

mod tally;

pub use tally::{Cost, Fares, Group, SAMPLE, Sampled, Shift, Tally};

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

use chrono::{DateTime, NaiveDate, Utc};

use super::policies::Policies;
use crate::documents::tree::{Tree, Value, parse_toml};
use crate::domain::facts::Household;
use crate::domain::ratio::ArithmeticError;
use crate::domain::region::Region;
use crate::store::{DayQuery, Store, StoreError};

/// How many households are read at a time.
const CHUNK: u32 = 500;

/// How many runs go on at a time.
const MOST_RUNNING: usize = 2;

/// How many runs are remembered.
const MOST_KEPT: usize = 32;

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
        store.households_of_a_day(DayQuery { on: trial.on, within, after, first: CHUNK })
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

/// What came of a run.
#[derive(Clone, Debug)]
pub enum RunState {
    /// It goes on.
    Running,
    /// It is done.
    Done(Arc<Tally>),
    /// It was cancelled.
    Cancelled,
    /// It failed.
    Failed(String),
}

/// One run.
#[derive(Debug)]
pub struct Run {
    /// Its number in this process.
    pub id: u64,
    /// The proposal.
    pub proposal: i64,
    /// The department that owns it.
    pub department: Option<String>,
    /// The region whose households are looked at; none for all.
    pub region: Option<Region>,
    /// How many households there were when it was started.
    pub expected: u64,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// The day that counts.
    pub on: NaiveDate,
    /// The hash of the catalogue in use.
    pub before: crate::domain::catalogue::CatalogueHash,
    /// The hash of the catalogue that would be.
    pub after: crate::domain::catalogue::CatalogueHash,
    /// How far it is.
    pub progress: Progress,
    state: Mutex<RunState>,
}

impl Run {
    /// What came of it.
    pub fn state(&self) -> RunState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn end(&self, state: RunState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// What a run is started for.
#[derive(Clone, Debug)]
pub struct Start {
    /// The proposal.
    pub proposal: i64,
    /// The department that owns it.
    pub department: Option<String>,
    /// Now.
    pub at: DateTime<Utc>,
    /// How many households there are.
    pub expected: u64,
    /// What is tried out.
    pub trial: Trial,
    /// Over which households.
    pub among: Among,
}

/// The runs of this process. They are not kept: a report that matters is run again.
pub struct DryRuns {
    store: Arc<Store>,
    runs: Mutex<Vec<Arc<Run>>>,
    last: AtomicU64,
}

impl DryRuns {
    /// No runs yet.
    pub fn new(store: Arc<Store>) -> Self {
        Self { store, runs: Mutex::default(), last: AtomicU64::new(0) }
    }

    /// Starts a run on a thread of its own; nothing if enough go on already.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(&self, start: Start) -> std::io::Result<Option<Arc<Run>>> {
        let Start { proposal, department, at, expected, trial, among } = start;
        let region = if let Among::Within(region) = &among { Some(region.clone()) } else { None };
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let running = runs.iter().filter(|run| matches!(run.state(), RunState::Running)).count();
        if running >= MOST_RUNNING {
            return Ok(None);
        }
        let run = Arc::new(Run {
            id: self.last.fetch_add(1, Ordering::Relaxed) + 1,
            proposal,
            department,
            region,
            expected,
            started_at: at,
            on: trial.on,
            before: trial.before.catalogue().hash,
            after: trial.after.catalogue().hash,
            progress: Progress::default(),
            state: Mutex::new(RunState::Running),
        });
        let (store, ours) = (Arc::clone(&self.store), Ending(Arc::clone(&run)));
        Builder::new().name(String::from("dry run")).spawn(move || {
            let run = &ours.0;
            match over_store(&store, &trial, &among, &run.progress) {
                Ok(tally) => run.end(RunState::Done(Arc::new(tally))),
                Err(DryRunError::Cancelled) => run.end(RunState::Cancelled),
                Err(error) => run.end(RunState::Failed(error.to_string())),
            }
        })?;
        runs.push(Arc::clone(&run));
        if runs.len() > MOST_KEPT
            && let Some(oldest) = runs.iter().position(|run| !matches!(run.state(), RunState::Running))
        {
            runs.remove(oldest);
        }
        Ok(Some(run))
    }

    /// A run of this process.
    pub fn run(&self, id: u64) -> Option<Arc<Run>> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter().find(|run| run.id == id).map(Arc::clone)
    }
}

impl Drop for DryRuns {
    /// Runs that go on are given up.
    fn drop(&mut self) {
        for run in self.runs.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            run.progress.cancel();
        }
    }
}

/// A run on its thread: should that panic, the run has ended all the same.
struct Ending(Arc<Run>);

impl Drop for Ending {
    fn drop(&mut self) {
        if matches!(self.0.state(), RunState::Running) {
            self.0.end(RunState::Failed(DryRunError::GivenUp.to_string()));
        }
    }
}
