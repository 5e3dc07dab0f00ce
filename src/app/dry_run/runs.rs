//! The dry runs of a process: started on threads of their own, looked at, followed, cancelled.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch::{Receiver, Sender};

use super::{Among, DryRunError, Progress, Tally, Trial, over_store};
use crate::domain::catalogue::CatalogueHash;
use crate::domain::region::Region;
use crate::store::Store;

/// How many runs go on at a time.
const MOST_RUNNING: usize = 2;

/// How many runs are remembered.
const MOST_KEPT: usize = 32;

/// How often whoever follows a run is told how far it is.
const TOLD: Duration = Duration::from_millis(250);

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

impl RunState {
    /// Whether it goes on.
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }
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
    pub before: CatalogueHash,
    /// The hash of the catalogue that would be.
    pub after: CatalogueHash,
    /// How far it is.
    pub progress: Progress,
    state: Sender<RunState>,
}

/// A run as it was at one moment.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The run.
    pub run: Arc<Run>,
    /// What came of it.
    pub state: RunState,
    /// How many households were looked at.
    pub done: u64,
}

impl Run {
    /// How it is now.
    pub fn seen(self: &Arc<Self>) -> Seen {
        // The state first: what is over counts no further.
        let state = self.state.borrow().clone();
        Seen { run: Arc::clone(self), state, done: self.progress.done() }
    }

    /// How it is now, then each time that it got on, until it is over; its end comes last.
    pub fn follow(self: &Arc<Self>) -> impl Stream<Item = Seen> + use<> {
        let begin =
            Follower { run: Arc::clone(self), state: self.state.subscribe(), told: None, over: false };
        unfold(begin, async |mut follower| {
            let seen = follower.next().await?;
            Some((seen, follower))
        })
    }

    fn is_running(&self) -> bool {
        self.state.borrow().is_running()
    }

    fn end(&self, state: RunState) {
        self.state.send_replace(state);
    }
}

/// Somebody who follows a run.
struct Follower {
    run: Arc<Run>,
    state: Receiver<RunState>,
    /// How far it was when they were last told.
    told: Option<u64>,
    /// Whether they know that it is over.
    over: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Seen> {
        if self.over {
            return None;
        }
        loop {
            let seen = self.run.seen();
            self.over = !seen.state.is_running();
            if self.over || self.told != Some(seen.done) {
                self.told = Some(seen.done);
                return Some(seen);
            }
            // Whether it ended or the time is up, it is looked at again; the run itself keeps the sender.
            let _waited = tokio::time::timeout(TOLD, self.state.changed()).await;
        }
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
        let running = runs.iter().filter(|run| run.is_running()).count();
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
            state: Sender::new(RunState::Running),
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
            && let Some(oldest) = runs.iter().position(|run| !run.is_running())
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
        if self.0.is_running() {
            self.0.end(RunState::Failed(DryRunError::GivenUp.to_string()));
        }
    }
}
