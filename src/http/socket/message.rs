//! The messages of graphql-transport-ws.

use async_graphql::ServerError;
use serde::Serialize;
use serde_json::{Map, Value};

use super::close::Close;
use crate::http::{
    answer::Body,
    guard,
    limits::Limits,
    request::{self, Parameters},
};

/// Characters of the id of an operation.
const ID_CHARACTERS: usize = 100;

/// Where a client shows who asks, in the payload of `connection_init`, and what for. Case makes no difference, and
/// the names of the headers are understood, since some clients send what they have for headers.
const PURPOSES: [&str; 2] = ["purpose", "assistance-purpose"];

/// What a client says.
#[derive(Debug)]
pub(super) enum Incoming {
    /// Who asks.
    Init(Greeting),
    /// Wants a pong with the same payload.
    Ping(Option<Value>),
    /// Nothing: it answers a ping that we do not send.
    Pong,
    /// Starts an operation.
    Subscribe {
        /// What the client calls it.
        id: String,
        /// What to run.
        parameters: Parameters,
    },
    /// Ends an operation.
    Complete {
        /// What the client calls it.
        id: String,
    },
}

/// What `connection_init` says.
#[derive(Debug, Default)]
pub(super) struct Greeting {
    /// `Bearer ...`.
    pub(super) authorization: Option<String>,
    /// What for.
    pub(super) purpose: Option<String>,
}

/// What is said to a client.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Outgoing<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Next {
        id: &'a str,
        payload: &'a Body,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

/// Reads a message.
///
/// # Errors
/// It is none of the protocol.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Incoming, Close> {
    // Variables stand three levels deep: message, payload, variables.
    guard::json(text.as_bytes(), limits.json_depth.saturating_add(2))
        .map_err(|_refusal| Close::BadMessage)?;
    let Ok(Value::Object(mut message)) = serde_json::from_str(text) else { return Err(Close::BadMessage) };
    let Some(Value::String(kind)) = message.remove("type") else { return Err(Close::BadMessage) };
    let payload = message.remove("payload").filter(|payload| !payload.is_null());
    match kind.as_str() {
        "connection_init" => greeting(payload).map(Incoming::Init),
        "ping" | "pong" => match (kind.as_str(), payload) {
            (_, Some(payload)) if !payload.is_object() => Err(Close::BadMessage),
            ("ping", payload) => Ok(Incoming::Ping(payload)),
            _ => Ok(Incoming::Pong),
        },
        "subscribe" => {
            let id = id(&mut message)?;
            let Some(Value::Object(payload)) = payload else { return Err(Close::BadMessage) };
            let parameters =
                request::parameters(payload, text.len()).map_err(|_refusal| Close::BadMessage)?;
            Ok(Incoming::Subscribe { id, parameters })
        }
        "complete" => Ok(Incoming::Complete { id: id(&mut message)? }),
        _ => Err(Close::BadMessage),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id.chars().count() <= ID_CHARACTERS => Ok(id),
        _ => Err(Close::BadMessage),
    }
}

fn greeting(payload: Option<Value>) -> Result<Greeting, Close> {
    let mut greeting = Greeting::default();
    let payload = match payload {
        None => return Ok(greeting),
        Some(Value::Object(payload)) => payload,
        Some(_) => return Err(Close::BadMessage),
    };
    for (name, value) in payload {
        let name = name.to_ascii_lowercase();
        let place = match name.as_str() {
            "authorization" => &mut greeting.authorization,
            name if PURPOSES.contains(&name) => &mut greeting.purpose,
            _ => continue,
        };
        match value {
            Value::String(text) if place.is_none() => *place = Some(text),
            Value::Null if place.is_none() => {}
            // Whoever says twice who they are is not believed once.
            _ => return Err(Close::Forbidden),
        }
    }
    Ok(greeting)
}
