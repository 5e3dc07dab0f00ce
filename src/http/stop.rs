//! How the service ends: not ready first, then no new work, then what runs is finished.

use std::{io, time::Duration};

use actix_web::rt::{signal::unix, time::sleep};
use tokio::sync::watch;

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// It has not begun.
    Serving,
    /// Whoever asks is told that the service is not ready; it still answers.
    Leaving,
    /// Nothing new is accepted, sockets are closed.
    Stopping,
}

/// Tells all parts of the service that it ends.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Sender<Phase>);

/// How long the end may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopTimes {
    /// From "not ready" to the end of new work, after SIGTERM: whoever spreads requests learns of it meanwhile. 3 s.
    pub notice: Duration,
    /// From the signal until the process ends, whatever still runs. 30 s.
    pub most: Duration,
}

impl Default for StopTimes {
    fn default() -> Self {
        Self { notice: Duration::from_secs(3), most: Duration::from_secs(30) }
    }
}

impl StopTimes {
    /// What is left for requests that run, in whole seconds.
    pub(super) fn for_requests(self) -> u64 {
        self.most.saturating_sub(self.notice).as_secs()
    }
}

impl Stop {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Phase::Serving))
    }

    /// Whether new work is still welcome.
    pub(super) fn is_serving(&self) -> bool {
        *self.0.borrow() == Phase::Serving
    }

    /// Waits until sockets have to close.
    pub(super) async fn stopping(&self) {
        let mut phases = self.0.subscribe();
        // The sender lives as long as this does, so there is no other end.
        let _stopping = phases.wait_for(|phase| *phase == Phase::Stopping).await;
    }

    /// Waits for a signal and says so: SIGTERM gives notice first, SIGINT (the keyboard) does not.
    ///
    /// # Errors
    /// Signals cannot be listened for.
    pub(super) fn on_signal(
        &self,
        notice: Duration,
    ) -> io::Result<impl Future<Output = ()> + Send + 'static> {
        let mut terminate = unix::signal(unix::SignalKind::terminate())?;
        let mut interrupt = unix::signal(unix::SignalKind::interrupt())?;
        let phase = self.0.clone();
        Ok(async move {
            let notice = tokio::select! {
                _ = terminate.recv() => notice,
                _ = interrupt.recv() => Duration::ZERO,
            };
            tracing::info!("told to stop");
            phase.send_replace(Phase::Leaving);
            sleep(notice).await;
            phase.send_replace(Phase::Stopping);
        })
    }
}
