//! From an HTTP request to the parameters of a GraphQL request.

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{self, Header as _},
    web::{self, BytesMut},
};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::{
    error::{Reason, Refusal},
    guard,
    limits::{Digest, Limits},
    stored,
};

/// Where `extensions` names a stored document, as Apollo's clients have it.
const STORED: &str = "/persistedQuery/sha256Hash";

/// What is to be run.
#[derive(Debug)]
pub(super) enum Asked {
    /// A document.
    Text(String),
    /// The stored document of this SHA-256.
    Stored(Digest),
}

/// The parameters of one GraphQL request, checked for their types.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) asked: Asked,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Map<String, Value>,
    /// Bytes that came with the variables: an upper bound of their own size.
    pub(super) variable_bytes: usize,
}

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: a well-formed request is answered with 200.
    Json,
    /// `application/graphql-response+json`: the status says whether there is data.
    Response,
}

impl Media {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Response => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The media type that the client likes best; JSON when it does not say.
    ///
    /// # Errors
    /// The client accepts neither.
    pub(super) fn accepted(request: &HttpRequest) -> Result<Self, Refusal> {
        let Ok(accept) = header::Accept::parse(request) else { return Ok(Self::Json) };
        if accept.is_empty() {
            return Ok(Self::Json);
        }
        let refused = accept.iter().filter(|item| item.quality == header::Quality::ZERO);
        let refused: Vec<_> = refused.map(|item| item.item.clone()).collect();
        let mut ranked = accept.ranked().into_iter().filter(|range| !refused.contains(range));
        ranked
            .find_map(|range| match range.essence_str() {
                "application/graphql-response+json" => Some(Self::Response),
                "application/json" | "application/*" | "*/*" => Some(Self::Json),
                _ => None,
            })
            .ok_or_else(|| {
                let message = "the answer is `application/json` or `application/graphql-response+json`";
                Refusal::new(Reason::NotAcceptable, message)
            })
    }
}

/// The parameters of a GET: they stand in the query string, the objects among them as JSON.
pub(super) fn from_query_string(text: &str, limits: &Limits) -> Result<Parameters, Refusal> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|error| {
        Refusal::new(Reason::ParameterInvalid, format!("the query string is wrong: {error}"))
    })?;
    let mut map = Map::new();
    let mut variable_bytes = 0;
    for (name, value) in pairs.into_inner() {
        let value = match name.as_str() {
            "query" | "operationName" => Value::String(value),
            "variables" | "extensions" => {
                guard::json(value.as_bytes(), limits.json_depth)?;
                variable_bytes = value.len().max(variable_bytes);
                parse_json(value.as_bytes())?
            }
            _ => continue,
        };
        if map.contains_key(&name) {
            return Err(Refusal::new(Reason::ParameterInvalid, format!("`{name}` is given twice")));
        }
        map.insert(name, value);
    }
    parameters(map, variable_bytes)
}

/// The parameters of a POST, read from its body.
pub(super) async fn from_body(
    request: &HttpRequest,
    payload: &mut web::Payload,
    limits: &Limits,
) -> Result<Parameters, Refusal> {
    media_type(request)?;
    let body = read(request, payload, limits).await?;
    // The parameters stand one level below the body's object.
    guard::json(&body, limits.json_depth.saturating_add(1))?;
    match parse_json(&body)? {
        Value::Object(map) => parameters(map, body.len()),
        Value::Array(_) => {
            Err(Refusal::new(Reason::BatchRefused, "send one request at a time, not an array"))
        }
        _ => Err(Refusal::new(Reason::ParameterInvalid, "the body must be an object")),
    }
}

fn media_type(request: &HttpRequest) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::new(Reason::UnsupportedMediaType, message));
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return refuse("send the body without a `content-encoding`");
    }
    // Without this a form of a foreign page could post here: its media types need no leave of the browser.
    let Ok(Some(mime)) = request.mime_type() else {
        return refuse("set `content-type` to `application/json`");
    };
    if !matches!(mime.essence_str(), "application/json" | "application/graphql-response+json") {
        return refuse("set `content-type` to `application/json`");
    }
    match mime.get_param("charset") {
        Some(charset) if charset != "utf-8" => refuse("send the body in utf-8"),
        _ => Ok(()),
    }
}

/// Reads the body within its limits of bytes and time, whatever its headers announce.
async fn read(
    request: &HttpRequest,
    payload: &mut web::Payload,
    limits: &Limits,
) -> Result<BytesMut, Refusal> {
    let too_large = || {
        let message = format!("the body is over {} bytes", limits.body_bytes);
        Err(Refusal::new(Reason::BodyTooLarge, message))
    };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced
        .and_then(|length| length.parse::<u64>().ok())
        .is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limits.body_bytes))
    {
        return too_large();
    }
    let reading = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            // The cause names no more than a broken connection, and the client knows of that.
            let Ok(chunk) = chunk else {
                return Err(Refusal::new(Reason::BodyBroken, "the body broke off"));
            };
            if body.len().saturating_add(chunk.len()) > limits.body_bytes {
                return too_large();
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    match tokio::time::timeout(limits.body_time, reading).await {
        Ok(body) => body,
        Err(_elapsed) => {
            let message = format!("the body did not arrive within {} ms", limits.body_time.as_millis());
            Err(Refusal::new(Reason::BodyTimeout, message))
        }
    }
}

fn parse_json(text: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(text)
        .map_err(|error| Refusal::new(Reason::MalformedJson, format!("the request is not JSON: {error}")))
}

/// The parameters among the members of an object; `variable_bytes` bounds the size of the variables.
///
/// # Errors
/// One is missing or has the wrong type.
pub(super) fn parameters(mut map: Map<String, Value>, variable_bytes: usize) -> Result<Parameters, Refusal> {
    let wrong = |name: &str, expected: &str| {
        Err(Refusal::new(Reason::ParameterInvalid, format!("`{name}` must be {expected}")))
    };
    let hash = map.get("extensions").and_then(|extensions| extensions.pointer(STORED)).cloned();
    let asked = match (map.remove("query"), hash) {
        (Some(Value::String(query)), _) => Asked::Text(query),
        (None | Some(Value::Null), Some(hash)) => {
            let digest = hash.as_str().and_then(stored::read_digest);
            let Some(digest) = digest else {
                return wrong("extensions.persistedQuery.sha256Hash", "64 hexadecimal digits");
            };
            Asked::Stored(digest)
        }
        (None | Some(Value::Null), None) => {
            return Err(Refusal::new(Reason::QueryMissing, "`query` is missing"));
        }
        (Some(_), _) => return wrong("query", "a string"),
    };
    let operation_name = match map.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return wrong("operationName", "a string or null"),
    };
    let variables = match map.remove("variables") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(_) => return wrong("variables", "an object or null"),
    };
    match map.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => {}
        Some(_) => return wrong("extensions", "an object or null"),
    }
    Ok(Parameters { asked, operation_name, variables, variable_bytes })
}
