//! The operations that run on one socket.

use std::{
    collections::{HashMap, hash_map::Entry},
    rc::Rc,
};

use async_graphql::Response;
use futures_util::{
    Stream, StreamExt as _, future,
    stream::{self, AbortHandle, LocalBoxStream, SelectAll},
};

use super::close::Close;
use crate::http::error::Refusal;

/// The operations, each under the id that the client gave it.
#[derive(Default)]
pub(super) struct Running {
    streams: SelectAll<LocalBoxStream<'static, Event>>,
    by_id: HashMap<Rc<str>, Run>,
    /// An id may be used again, so each operation has a number too.
    started: u64,
}

struct Run {
    number: u64,
    handle: AbortHandle,
    /// A subscription that has not answered yet.
    opening: bool,
}

/// What happened.
struct Event {
    id: Rc<str>,
    number: u64,
    /// `None` when it has ended.
    outcome: Option<Result<Response, Refusal>>,
}

/// What an operation answered.
pub(super) enum Answer {
    /// An event, or the answer of a query.
    Answered {
        /// What it is.
        response: Response,
        /// Whether it is the first of a subscription: if it has no data, there will be no events.
        opening: bool,
    },
    /// It was given up.
    Failed(Refusal),
    /// It has ended.
    Ended,
}

impl Running {
    /// How many run.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// How many were started.
    pub(super) fn started(&self) -> u64 {
        self.started
    }

    /// Whether an id is taken.
    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Starts an operation; `opening` if it is a subscription.
    ///
    /// # Errors
    /// The id is taken.
    pub(super) fn start(
        &mut self,
        id: &str,
        opening: bool,
        answers: impl Stream<Item = Result<Response, Refusal>> + 'static,
    ) -> Result<(), Close> {
        let id: Rc<str> = id.into();
        let number = self.started;
        let Entry::Vacant(place) = self.by_id.entry(Rc::clone(&id)) else { return Err(Close::DuplicateId) };
        let (answers, handle) = stream::abortable(answers);
        place.insert(Run { number, handle, opening });
        self.started = number.saturating_add(1);
        let events = answers.map(Some).chain(stream::once(future::ready(None)));
        self.streams
            .push(events.map(move |outcome| Event { id: Rc::clone(&id), number, outcome }).boxed_local());
        Ok(())
    }

    /// Ends an operation; one that has ended before is no matter.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(run) = self.by_id.remove(id) {
            run.handle.abort();
        }
    }

    /// What happens next; waits for ever while nothing runs. Nothing is lost if the wait is given up.
    pub(super) async fn next(&mut self) -> (Rc<str>, Answer) {
        loop {
            let Some(Event { id, number, outcome }) = self.streams.next().await else {
                return future::pending().await;
            };
            // What was ended meanwhile is not told any more.
            let Some(run) = self.by_id.get_mut(&id).filter(|run| run.number == number) else { continue };
            let opening = std::mem::take(&mut run.opening);
            let answer = match outcome {
                Some(Ok(response)) => Answer::Answered { response, opening },
                Some(Err(refusal)) => Answer::Failed(refusal),
                None => Answer::Ended,
            };
            if !matches!(answer, Answer::Answered { .. }) {
                self.end(&id);
            }
            return (id, answer);
        }
    }
}
