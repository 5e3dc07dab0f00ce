//! From an outcome to an HTTP answer: codes on every error, few errors, nothing said of the inside.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use serde::Serialize;

use super::{
    error::{self, Reason, Refusal},
    limits::Limits,
    request::Media,
};

/// Bytes of one error's message.
const MESSAGE_BYTES: usize = 1_000;

/// Places of one error.
const LOCATIONS: usize = 5;

/// The codes of an answer's errors, left with the answer for the log.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes(pub(super) Vec<String>);

/// What is said of an outcome, whatever carries it.
#[derive(Serialize)]
pub(super) struct Body {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<ServerError>,
    /// Absent when the operation was never run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: BTreeMap<String, Value>,
}

/// The answer to a request that was refused.
pub(super) fn refusal(refusal: Refusal, media: Media, correlation: &str) -> HttpResponse {
    let (reason, retry_after) = (refusal.reason, refusal.retry_after);
    let row = reason.row();
    let body = Body::refused(refusal, correlation);
    let status = match media {
        Media::Json => row.json,
        Media::Response => row.response,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    if let Some(seconds) = retry_after {
        builder.insert_header((header::RETRY_AFTER, seconds));
    }
    match reason {
        Reason::MutationByGet => {
            builder.insert_header((header::ALLOW, "POST"));
        }
        Reason::MethodNotAllowed => {
            builder.insert_header((header::ALLOW, "GET, POST"));
        }
        Reason::TokenInvalid => {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
        }
        Reason::HandshakeInvalid => {
            builder.insert_header((header::SEC_WEBSOCKET_VERSION, "13"));
        }
        Reason::SubprotocolUnsupported => {
            builder.insert_header((header::SEC_WEBSOCKET_PROTOCOL, super::socket::PROTOCOL));
        }
        // What is left of the body is not read, so the connection cannot be used again.
        Reason::BodyTooLarge | Reason::BodyTimeout | Reason::BodyBroken | Reason::UnsupportedMediaType => {
            builder.force_close();
        }
        _ => {}
    }
    send(&mut builder, &body, media)
}

/// The answer to a request that reached the schema.
pub(super) fn outcome(response: Response, media: Media, limits: &Limits, correlation: &str) -> HttpResponse {
    let unauthenticated = response.errors.iter().any(|error| code(error) == Some(error::UNAUTHENTICATED));
    let body = Body::of(response, limits, correlation);
    let row = Reason::InvalidDocument.row();
    let status = match (body.never_run(), media) {
        // What anybody may see is answered all the same; the rest needs a token.
        _ if unauthenticated => 401,
        (true, Media::Json) => row.json,
        (true, Media::Response) => row.response,
        (false, _) => 200,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    if unauthenticated {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    send(&mut builder, &body, media)
}

impl Body {
    /// What is said of a refusal.
    pub(super) fn refused(refusal: Refusal, correlation: &str) -> Self {
        let internal = refusal.reason.row().code == error::INTERNAL;
        let mut error = ServerError::from(refusal);
        if internal {
            correlate(&mut error, correlation);
        }
        Self { errors: vec![error], data: None, extensions: BTreeMap::new() }
    }

    /// What is said of a response of the schema.
    pub(super) fn of(response: Response, limits: &Limits, correlation: &str) -> Self {
        // Validation stands before any field, so its errors have no path; a resolver's errors always have one.
        let never_run = response.data == Value::Null
            && !response.errors.is_empty()
            && response.errors.iter().all(|error| error.path.is_empty());
        let mut errors = response.errors;
        let mut extensions = response.extensions;
        let cut = errors.len().saturating_sub(limits.errors);
        if cut > 0 {
            errors.truncate(limits.errors);
            extensions.insert("errorsCut".to_owned(), Value::from(cut));
        }
        for error in &mut errors {
            explain(error, never_run, correlation);
        }
        Self { errors, data: (!never_run).then_some(response.data), extensions }
    }

    /// Whether the operation was refused before it ran.
    pub(super) fn never_run(&self) -> bool {
        self.data.is_none()
    }
}

/// Gives an error its code and bounds its size; an error of the inside keeps its path only.
fn explain(error: &mut ServerError, never_run: bool, correlation: &str) {
    let client_fault = match code(error) {
        Some(code) => code != error::INTERNAL,
        None => match uncoded(error, never_run) {
            Some(reason) => {
                let extensions = error.extensions.get_or_insert_default();
                let row = reason.row();
                extensions.set("code", row.code);
                extensions.set("reason", row.reason);
                true
            }
            None => false,
        },
    };
    if !client_fault {
        "internal error".clone_into(&mut error.message);
        error.extensions = Some(Reason::Internal.extensions());
        correlate(error, correlation);
        tracing::error!("a resolver failed without a code for the client");
    }
    if error.message.len() > MESSAGE_BYTES {
        error.message.truncate(error.message.floor_char_boundary(MESSAGE_BYTES));
        error.message.push('…');
    }
    error.locations.truncate(LOCATIONS);
}

/// The reason of an error that the library made; `None` if it is no fault of the client.
///
/// The library gives its errors no kind, so its words tell them apart. A failure that came through `?` keeps its
/// cause, and is then never the client's whatever its words are.
fn uncoded(error: &ServerError, never_run: bool) -> Option<Reason> {
    let starts = |starts: &[&str]| starts.iter().any(|start| error.message.starts_with(start));
    if error.source.is_some() {
        None
    } else if starts(&["Invalid value for argument ", "Failed to parse \"", "Expected input type \""])
        || (starts(&["Variable "]) && error.message.ends_with(" is not defined."))
    {
        Some(Reason::InvalidInput)
    } else {
        never_run.then_some(Reason::InvalidDocument)
    }
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::String(code)) => Some(code),
        _ => None,
    }
}

fn correlate(error: &mut ServerError, correlation: &str) {
    let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
    extensions.set("correlationId", correlation);
}

fn send(builder: &mut HttpResponseBuilder, body: &Body, media: Media) -> HttpResponse {
    let codes = Codes(body.errors.iter().filter_map(|error| code(error).map(str::to_owned)).collect());
    let mut response = match serde_json::to_vec(body) {
        Ok(bytes) => builder.insert_header((header::CONTENT_TYPE, media.name())).body(bytes),
        Err(_error) => {
            tracing::error!("an answer could not be written as JSON");
            HttpResponse::InternalServerError().finish()
        }
    };
    response.extensions_mut().insert(codes);
    response
}
