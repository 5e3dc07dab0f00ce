//! An answer that a worker will give: wait for it on a thread, or await it in a task.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use super::error::{StoreError, Unavailable};

/// An answer to come. A task awaits it; a thread that runs no tasks calls [`Pending::wait`].
#[must_use = "the call may fail"]
pub struct Pending<T>(Arc<Shared<T>>);

/// The worker's end. Dropped without an answer, it answers that the call was given up.
pub(super) struct Promise<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: Mutex<State<T>>,
    answered: Condvar,
}

enum State<T> {
    Waiting(Option<Waker>),
    Answered(Result<T, StoreError>),
    Taken,
}

/// The two ends of one answer.
pub(super) fn pending<T>() -> (Promise<T>, Pending<T>) {
    let shared = Arc::new(Shared { state: Mutex::new(State::Waiting(None)), answered: Condvar::new() });
    (Promise(Arc::clone(&shared)), Pending(shared))
}

impl<T> Shared<T> {
    fn answer(&self, result: Result<T, StoreError>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Waiting(waker) = &mut *state {
            let waker = waker.take();
            *state = State::Answered(result);
            drop(state);
            self.answered.notify_all();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl<T> State<T> {
    fn take(&mut self) -> Option<Result<T, StoreError>> {
        match std::mem::replace(self, Self::Taken) {
            Self::Answered(result) => Some(result),
            Self::Taken => Some(Err(Unavailable::GivenUp.into())),
            waiting @ Self::Waiting(_) => {
                *self = waiting;
                None
            }
        }
    }
}

impl<T> Promise<T> {
    /// Gives the answer.
    pub(super) fn keep(self, result: Result<T, StoreError>) {
        self.0.answer(result);
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.0.answer(Err(Unavailable::GivenUp.into()));
    }
}

impl<T> Pending<T> {
    /// Blocks this thread until the answer is there.
    ///
    /// # Errors
    /// Those of the call.
    pub fn wait(self) -> Result<T, StoreError> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(result) = state.take() {
                return result;
            }
            state = self.0.answered.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(result) = state.take() {
            return Poll::Ready(result);
        }
        *state = State::Waiting(Some(context.waker().clone()));
        Poll::Pending
    }
}
