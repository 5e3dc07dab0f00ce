//! A few threads that own one connection each and take calls from a queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::backend::Connection;
use super::error::{StoreError, Unavailable};
use super::pending::{Pending, Promise, pending};

/// How many calls may wait; more than that are told that the database is busy.
const LONGEST_QUEUE: usize = 10_000;

/// After how long without a call a connection is asked whether it still is one.
const QUIET: Duration = Duration::from_secs(1);

/// A call; it says whether the connection can still be used.
type Job = Box<dyn FnOnce(Result<&mut Connection, StoreError>) -> bool + Send>;

/// The threads of a store that connect in one way.
pub(super) struct Workers {
    queue: Option<SyncSender<Job>>,
    /// Calls that no thread has taken yet.
    waiting: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts the threads. Each connects when its first call comes, and again after a failure.
    pub(super) fn start(
        count: usize,
        connect: impl Fn() -> Result<Connection, StoreError> + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(LONGEST_QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let connect = Arc::new(connect);
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut threads = Vec::with_capacity(count);
        for _ in 0..count {
            let (jobs, connect) = (Arc::clone(&jobs), Arc::clone(&connect));
            let waiting = Arc::clone(&waiting);
            let builder = Builder::new().name(String::from("store"));
            let thread = builder.spawn(move || work(&jobs, &waiting, connect.as_ref()));
            threads.push(thread.map_err(|_error| Unavailable::GivenUp)?);
        }
        Ok(Self { queue: Some(queue), waiting, threads })
    }

    /// Hands a call to the next free thread.
    pub(super) fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Pending<T> {
        let (promise, answer) = pending();
        let job: Job = Box::new(move |connection| {
            let result =
                connection.and_then(|connection| call(connection).map_err(|error| connection.explain(error)));
            let usable = !result.as_ref().is_err_and(StoreError::breaks_connection);
            Promise::keep(promise, result);
            usable
        });
        let Some(queue) = &self.queue else { return answer };
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if let Err(TrySendError::Full(job)) = queue.try_send(job) {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            job(Err(Unavailable::Busy.into()));
        }
        answer
    }

    /// How many calls wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Drop for Workers {
    /// Lets the calls that wait be done, and waits for the connections to close.
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // A worker catches the panics of its calls; there is nothing to hear from it.
            let _ended = thread.join();
        }
    }
}

fn work(
    jobs: &Mutex<Receiver<Job>>,
    waiting: &AtomicUsize,
    connect: &dyn Fn() -> Result<Connection, StoreError>,
) {
    let mut held: Option<(Connection, Instant)> = None;
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        waiting.fetch_sub(1, Ordering::Relaxed);
        // A server may have been restarted in a quiet moment; a call in the midst of it fails.
        let alive = held.take().and_then(|(mut connection, since)| {
            (since.elapsed() < QUIET || connection.answers()).then_some(connection)
        });
        let opened = match alive {
            Some(connection) => Ok(connection),
            None => connect(),
        };
        match opened {
            Ok(mut connection) => {
                // A call that panics drops its promise, and the caller learns that it was given up.
                let usable = catch_unwind(AssertUnwindSafe(|| job(Ok(&mut connection))));
                held = usable.unwrap_or(false).then(|| (connection, Instant::now()));
            }
            Err(error) => {
                job(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::backend::Access;
    use super::super::url::Target;
    use super::*;

    #[test]
    fn workers_connect_again_after_a_failure_and_outlive_a_panic() {
        static TRIES: AtomicUsize = AtomicUsize::new(0);
        let workers = Workers::start(1, || {
            if TRIES.fetch_add(1, Ordering::SeqCst) == 0 {
                return Err(Unavailable::NoConnection.into());
            }
            Connection::open(&Target::SqliteMemory, Access::Write)
        })
        .unwrap();
        assert_eq!(workers.run(|_| Ok(1)).wait(), Err(Unavailable::NoConnection.into()));
        assert_eq!(workers.run(|_| Ok(2)).wait(), Ok(2));
        let panicked = workers.run::<i32>(|_| panic!("a planted panic"));
        assert_eq!(panicked.wait(), Err(Unavailable::GivenUp.into()));
        assert_eq!(workers.run(|_| Ok(3)).wait(), Ok(3));
        assert_eq!(TRIES.load(Ordering::SeqCst), 3);
    }
}
