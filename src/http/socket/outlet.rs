//! What is sent over a socket, and how much of it may wait for the client to read.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use actix_ws::{CloseReason, Closed, Session};
use tokio::{sync::watch, time::timeout};

use super::{close::Close, places::Place};
use crate::http::limits::SocketLimits;

/// The bytes that wait to be handed to the connection.
#[derive(Clone, Debug)]
struct Queue(watch::Sender<usize>);

/// The sending end.
pub(super) struct Outlet {
    session: Session,
    queue: Queue,
    most: usize,
    patience: Duration,
}

/// Why nothing more can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The client is gone.
    Gone,
    /// The client does not read.
    Slow,
}

/// The body of the answer that opens the socket: what is sent, and the socket's place as long as there is a
/// connection.
struct Body {
    inner: BoxBody,
    queue: Queue,
    _place: Place,
}

/// The sending end over a session, and its body.
pub(super) fn outlet(
    session: Session,
    inner: BoxBody,
    place: Place,
    limits: &SocketLimits,
) -> (Outlet, BoxBody) {
    let queue = Queue(watch::Sender::new(0));
    let body = Body { inner, queue: queue.clone(), _place: place };
    let outlet = Outlet { session, queue, most: limits.queue_bytes, patience: limits.send_time };
    (outlet, BoxBody::new(body))
}

impl Outlet {
    /// Sends a message once there is room for it.
    ///
    /// # Errors
    /// The client is gone, or made no room in time.
    pub(super) async fn text(&mut self, text: String) -> Result<(), Unsent> {
        let (bytes, most) = (text.len(), self.most);
        let mut queue = self.queue.0.subscribe();
        let room = queue.wait_for(|queued| *queued == 0 || queued.saturating_add(bytes) <= most);
        in_time(self.patience, async { room.await.map(drop).map_err(|_end| Closed) }).await?;
        self.queue.0.send_modify(|queued| *queued = queued.saturating_add(bytes));
        in_time(self.patience, self.session.text(text)).await
    }

    /// Sends a ping of the WebSocket protocol.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub(super) async fn ping(&mut self) -> Result<(), Unsent> {
        in_time(self.patience, self.session.ping(b"")).await
    }

    /// Answers a ping of the WebSocket protocol.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub(super) async fn pong(&mut self, payload: &[u8]) -> Result<(), Unsent> {
        in_time(self.patience, self.session.pong(payload)).await
    }

    /// Ends the socket with a Close frame, if the client still reads one.
    pub(super) async fn close(self, reason: Option<CloseReason>) {
        // Whether it could be sent makes no difference: the connection ends in either case.
        let _sent = timeout(self.patience.min(Duration::from_secs(1)), self.session.close(reason)).await;
    }
}

async fn in_time(
    patience: Duration,
    sending: impl Future<Output = Result<(), Closed>>,
) -> Result<(), Unsent> {
    match timeout(patience, sending).await {
        Ok(sent) => sent.map_err(|Closed| Unsent::Gone),
        Err(_elapsed) => Err(Unsent::Slow),
    }
}

impl Unsent {
    /// The reason to close for; none if there is nobody to tell.
    pub(super) const fn close(self) -> Option<Close> {
        match self {
            Self::Gone => None,
            Self::Slow => Some(Close::Slow),
        }
    }
}

impl MessageBody for Body {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.inner.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let chunk = Pin::new(&mut self.inner).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &chunk {
            // The heads of frames are in the chunk and were not counted, so this comes out on the low side of 0.
            self.queue.0.send_modify(|queued| *queued = queued.saturating_sub(bytes.len()));
        }
        chunk
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        // Whoever waits for room is to learn that the connection is gone.
        self.queue.0.send_replace(0);
    }
}
