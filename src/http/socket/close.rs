//! Why a socket is closed: the one table of codes.

use actix_ws::{CloseCode, CloseReason};

/// Why a socket ends. Each code is part of the interface: those from 4400 on are graphql-transport-ws's own, the
/// others those of WebSocket (RFC 6455).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Close {
    /// No operation for longer than the limit.
    Idle,
    /// The service stops.
    Stopping,
    /// The client broke the WebSocket protocol.
    Broken,
    /// A message is not in UTF-8.
    NotUtf8,
    /// The client is silent: not even our pings are answered.
    Silent,
    /// A message is over the limit of bytes.
    TooLarge,
    /// The client does not read what is sent to it.
    Slow,
    /// A message that the protocol does not know.
    BadMessage,
    /// An operation before the connection was acknowledged.
    Unauthorized,
    /// The token is not right, or not any more.
    Forbidden,
    /// No `connection_init` in time.
    InitTimeout,
    /// An operation under an id that another one runs under.
    DuplicateId,
    /// A second `connection_init`.
    InitTwice,
}

impl Close {
    /// Every reason, in the order of the table.
    pub const ALL: [Self; 13] = [
        Self::Idle,
        Self::Stopping,
        Self::Broken,
        Self::NotUtf8,
        Self::Silent,
        Self::TooLarge,
        Self::Slow,
        Self::BadMessage,
        Self::Unauthorized,
        Self::Forbidden,
        Self::InitTimeout,
        Self::DuplicateId,
        Self::InitTwice,
    ];

    /// The code of the Close frame, and the words that go with it.
    pub const fn row(self) -> (u16, &'static str) {
        match self {
            Self::Idle => (1000, "idle: no operation for too long"),
            Self::Stopping => (1001, "the service stops"),
            Self::Broken => (1002, "not the WebSocket protocol"),
            Self::NotUtf8 => (1007, "a message is not in UTF-8"),
            Self::Silent => (1008, "pings are not answered"),
            Self::TooLarge => (1009, "a message is too large"),
            Self::Slow => (1013, "messages are not read: try again later"),
            Self::BadMessage => (4400, "not a message of graphql-transport-ws"),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::DuplicateId => (4409, "Subscriber for this id already exists"),
            Self::InitTwice => (4429, "Too many initialisation requests"),
        }
    }
}

impl From<Close> for CloseReason {
    fn from(close: Close) -> Self {
        let (code, words) = close.row();
        Self::from((CloseCode::from(code), words))
    }
}
