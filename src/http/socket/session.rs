//! One socket from its first message to its end.

use std::{rc::Rc, time::Duration};

use actix_web::web;
use actix_ws::CloseReason;
use async_graphql::{Executor, Response, parser::types::OperationType};
use futures_util::{FutureExt as _, stream};
use tokio::time::{Instant, sleep_until, timeout};

use super::{
    close::Close,
    frames::{Frame, Frames},
    message::{self, Greeting, Incoming, Outgoing},
    outlet::{Outlet, Unsent},
    running::{Answer, Running},
};
use crate::app::access::Caller;
use crate::http::{
    Service,
    answer::Body,
    client::Client,
    error::{Reason, Refusal},
    operation,
    request::Parameters,
};

/// How long a client may take to read our Close frame and hang up.
const LINGER: Duration = Duration::from_secs(1);

/// The longest life of a socket, whatever its token says: a time that can be waited for.
const FAR: Duration = Duration::from_hours(24 * 365);

/// A socket.
pub(super) struct Session<E> {
    service: web::Data<Service<E>>,
    client: Client,
    correlation: String,
    outlet: Outlet,
    frames: Frames,
    running: Running,
    opened: Instant,
    /// Who asks, once that is said.
    greeted: Option<Greeted>,
    /// When something last arrived.
    heard: Instant,
    /// When the next ping is due.
    ping: Instant,
    /// When the last operation ended or was started.
    active: Instant,
}

struct Greeted {
    caller: Caller,
    /// The token, which is checked again: its key may be taken back.
    authorization: Option<String>,
    /// When it expires.
    expires: Instant,
}

/// How a socket ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// By us, for a reason.
    Ours(Close),
    /// By the client, whose Close frame is sent back.
    Theirs(Option<CloseReason>),
    /// The connection is gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Ours(close)
    }
}

impl From<Unsent> for End {
    fn from(unsent: Unsent) -> Self {
        unsent.close().map_or(Self::Gone, Self::Ours)
    }
}

/// What is due at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Init,
    Ping,
    Idle,
    Expiry,
}

impl<E: Executor> Session<E> {
    pub(super) fn new(
        service: web::Data<Service<E>>,
        client: Client,
        correlation: String,
        (outlet, frames): (Outlet, Frames),
    ) -> Self {
        let opened = Instant::now();
        let ping = later(opened, service.settings.sockets.keep_alive);
        Self {
            service,
            client,
            correlation,
            outlet,
            frames,
            running: Running::default(),
            opened,
            greeted: None,
            heard: opened,
            ping,
            active: opened,
        }
    }

    /// Serves the socket to its end.
    pub(super) async fn run(mut self) {
        let end = loop {
            if let Err(end) = self.step().await {
                break end;
            }
        };
        let code = match &end {
            End::Ours(close) => close.row().0,
            End::Theirs(reason) => reason.as_ref().map_or(1005, |reason| reason.code.into()),
            End::Gone => 1006,
        };
        if let End::Ours(_) = end {
            self.service.metrics.closed(code);
        }
        let (operations, open) = (self.running.started(), self.opened.elapsed().as_secs());
        tracing::info!(code, operations, open_s = open, "a socket was closed");
        drop(self.running);
        let reason = match end {
            End::Ours(close) => Some(close.into()),
            End::Theirs(reason) => reason,
            End::Gone => return,
        };
        self.outlet.close(reason).await;
        // Were bytes of the client left unread, the connection would be reset before it has read our frame.
        let drained = async { while !matches!(self.frames.next().await, Frame::Gone | Frame::Wrong(_)) {} };
        let _read = timeout(LINGER, drained).await;
    }

    async fn step(&mut self) -> Result<(), End> {
        let (at, due) = self.next_due();
        let stop = self.service.stop.clone();
        tokio::select! {
            frame = self.frames.next() => {
                self.heard = Instant::now();
                self.frame(frame).await
            }
            (id, answer) = self.running.next() => self.answer(&id, answer).await,
            () = sleep_until(at) => self.due(due).await,
            () = stop.stopping() => Err(Close::Stopping.into()),
        }
    }

    fn next_due(&self) -> (Instant, Due) {
        let limits = &self.service.settings.sockets;
        let mut next = (self.ping, Due::Ping);
        let mut sooner = |at: Instant, due: Due| {
            if at < next.0 {
                next = (at, due);
            }
        };
        match &self.greeted {
            None => sooner(later(self.opened, limits.init_time), Due::Init),
            Some(greeted) => {
                sooner(greeted.expires, Due::Expiry);
                if self.running.len() == 0 {
                    sooner(later(self.active, limits.idle_time), Due::Idle);
                }
            }
        }
        next
    }

    async fn due(&mut self, due: Due) -> Result<(), End> {
        match due {
            Due::Init => Err(Close::InitTimeout.into()),
            Due::Idle => Err(Close::Idle.into()),
            Due::Expiry => Err(Close::Forbidden.into()),
            Due::Ping => {
                self.check_token()?;
                let keep_alive = self.service.settings.sockets.keep_alive;
                if self.heard.elapsed() > keep_alive.saturating_mul(2) {
                    return Err(Close::Silent.into());
                }
                self.ping = later(Instant::now(), keep_alive);
                Ok(self.outlet.ping().await?)
            }
        }
    }

    /// Looks whether the token is still right.
    fn check_token(&self) -> Result<(), Close> {
        let authorization = self.greeted.as_ref().and_then(|greeted| greeted.authorization.as_ref());
        let Some(authorization) = authorization else { return Ok(()) };
        self.service.auth.bearer(authorization).map(drop).map_err(|_refusal| Close::Forbidden)
    }

    async fn frame(&mut self, frame: Frame) -> Result<(), End> {
        let text = match frame {
            Frame::Text(text) => text,
            Frame::Ping(payload) => return Ok(self.outlet.pong(&payload).await?),
            Frame::Pong => return Ok(()),
            Frame::Close(reason) => return Err(End::Theirs(reason)),
            Frame::Wrong(close) => return Err(close.into()),
            Frame::Gone => return Err(End::Gone),
        };
        match message::read(&text, &self.service.settings.limits)? {
            Incoming::Init(greeting) => {
                self.greet(greeting)?;
                self.send(&Outgoing::ConnectionAck).await
            }
            Incoming::Ping(payload) => self.send(&Outgoing::Pong { payload }).await,
            Incoming::Pong => Ok(()),
            Incoming::Subscribe { id, parameters } => self.subscribe(&id, parameters).await,
            Incoming::Complete { id } => {
                self.running.end(&id);
                self.active = Instant::now();
                Ok(())
            }
        }
    }

    fn greet(&mut self, greeting: Greeting) -> Result<(), Close> {
        if self.greeted.is_some() {
            return Err(Close::InitTwice);
        }
        let Greeting { authorization, purpose } = greeting;
        let purpose = purpose.map(|text| text.parse()).transpose().map_err(|_error| Close::BadMessage)?;
        let now = Instant::now();
        let (actor, expires) = match &authorization {
            None => (None, later(now, FAR)),
            Some(authorization) => {
                let bearer = self.service.auth.bearer(authorization).map_err(|_refusal| Close::Forbidden)?;
                (Some(bearer.actor), later(now, bearer.valid_for))
            }
        };
        self.greeted = Some(Greeted { caller: Caller { actor, purpose }, authorization, expires });
        self.active = now;
        Ok(())
    }

    async fn subscribe(&mut self, id: &str, parameters: Parameters) -> Result<(), End> {
        let caller = self.greeted.as_ref().ok_or(Close::Unauthorized)?.caller.clone();
        self.check_token()?;
        if self.running.has(id) {
            return Err(Close::DuplicateId.into());
        }
        self.active = Instant::now();
        let operations = self.service.settings.sockets.operations;
        let prepared = if self.running.len() >= operations {
            let message = format!("at most {operations} operations run on a socket at a time");
            Err(Refusal::new(Reason::TooManyOperations, message))
        } else {
            operation::prepare(&self.service, self.client, caller, parameters)
        };
        let operation = match prepared {
            Ok(operation) => operation,
            Err(refusal) => return self.refuse(id, refusal).await,
        };
        if operation.kind == OperationType::Subscription {
            let events = operation::subscribe(&self.service, operation);
            return Ok(self.running.start(id, true, events)?);
        }
        let service = web::Data::clone(&self.service);
        let answer = async move { operation::run(&service, operation).await };
        Ok(self.running.start(id, false, stream::once(answer.boxed_local()))?)
    }

    async fn answer(&mut self, id: &Rc<str>, answer: Answer) -> Result<(), End> {
        match answer {
            Answer::Answered { response, opening } => self.next(id, response, opening).await,
            Answer::Failed(refusal) => self.refuse(id, refusal).await,
            Answer::Ended => {
                self.active = Instant::now();
                self.send(&Outgoing::Complete { id }).await
            }
        }
    }

    async fn next(&mut self, id: &Rc<str>, response: Response, opening: bool) -> Result<(), End> {
        let failed_to_open = opening && response.data == async_graphql::Value::Null && response.is_err();
        let body = Body::of(response, &self.service.settings.limits, &self.correlation);
        if body.never_run() || failed_to_open {
            self.running.end(id);
            self.active = Instant::now();
            self.send(&Outgoing::Error { id, payload: &body.errors }).await
        } else {
            self.service.metrics.event();
            self.send(&Outgoing::Next { id, payload: &body }).await
        }
    }

    async fn refuse(&mut self, id: &str, refusal: Refusal) -> Result<(), End> {
        self.active = Instant::now();
        self.service.metrics.refused(refusal.reason);
        let body = Body::refused(refusal, &self.correlation);
        self.send(&Outgoing::Error { id, payload: &body.errors }).await
    }

    async fn send(&mut self, message: &Outgoing<'_>) -> Result<(), End> {
        let Ok(text) = serde_json::to_string(message) else {
            tracing::error!("a message could not be written as JSON");
            return Err(End::Gone);
        };
        Ok(self.outlet.text(text).await?)
    }
}

fn later(from: Instant, time: Duration) -> Instant {
    from.checked_add(time.min(FAR)).unwrap_or(from)
}
