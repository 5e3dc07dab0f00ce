//! The one table of refusals: reason, Apollo's code, and the HTTP status for each of the two media types.

use std::fmt;

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

/// The document does not parse, or may not be parsed.
const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
/// The document parses but may not be run.
const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
/// A value in the document or in the variables is wrong.
const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// No operation of the document can be chosen.
const RESOLUTION_FAILURE: &str = "OPERATION_RESOLUTION_FAILURE";
/// The HTTP request is no GraphQL request.
const BAD_REQUEST: &str = "BAD_REQUEST";
/// Nobody knows who asks.
pub(crate) const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// Somebody asks who may not.
const FORBIDDEN: &str = "FORBIDDEN";
/// The client asks for more than one may.
const TOO_MANY: &str = "TOO_MANY_REQUESTS";
/// No document is stored under a hash.
const NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
/// The service cannot take this now; another time it can.
const UNAVAILABLE: &str = "SERVICE_UNAVAILABLE";
/// The service failed.
pub(crate) const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

/// Why a request got no data. Each reason is part of the interface: see [`Reason::row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The service knows no such path.
    NoSuchRoute,
    /// The path does not answer this HTTP method.
    MethodNotAllowed,
    /// A mutation was sent by GET.
    MutationByGet,
    /// A token that is not right, or more than one.
    TokenInvalid,
    /// The purpose is none.
    PurposeInvalid,
    /// A page of another host that is not in the list asks for a socket, or for leave to ask.
    OriginRefused,
    /// Whoever asks has not the role for it.
    RoleRequired,
    /// Too much was asked for in a short time.
    RateLimited,
    /// The schema is not told to whoever asks.
    IntrospectionRefused,
    /// Only stored documents are answered, and this is none.
    DocumentNotStored,
    /// No document is stored under this hash.
    StoredDocumentUnknown,
    /// What asks for a socket is no handshake of WebSocket, version 13.
    HandshakeInvalid,
    /// A socket of another protocol than graphql-transport-ws.
    SubprotocolUnsupported,
    /// The client has as many sockets as one may have.
    TooManySockets,
    /// There are as many sockets as the service has.
    SocketsFull,
    /// As many operations run on the socket as may.
    TooManyOperations,
    /// The service stops.
    Stopping,
    /// The client accepts no media type that the service speaks.
    NotAcceptable,
    /// The body is not JSON in UTF-8, or it is compressed.
    UnsupportedMediaType,
    /// The body is over the limit.
    BodyTooLarge,
    /// The body did not arrive in time.
    BodyTimeout,
    /// The body broke off.
    BodyBroken,
    /// The body is an array: batches are not served.
    BatchRefused,
    /// The body or a parameter is not JSON.
    MalformedJson,
    /// The body or a parameter nests JSON too deep.
    JsonTooDeep,
    /// There is no `query`.
    QueryMissing,
    /// A parameter has the wrong type.
    ParameterInvalid,
    /// The document is over the limit of bytes.
    DocumentTooLarge,
    /// The document is over the limit of tokens.
    TooManyTokens,
    /// The document nests brackets too deep.
    BracketsTooDeep,
    /// A name in the document is too long.
    NameTooLong,
    /// The document does not parse.
    Syntax,
    /// The document is over the limit of directives.
    TooManyDirectives,
    /// Fields are nested too deep once fragments are expanded.
    TooDeep,
    /// There are too many fields once fragments are expanded.
    TooManyFields,
    /// A fragment contains itself.
    FragmentCycle,
    /// The document does not fit the schema.
    InvalidDocument,
    /// A value does not fit its type.
    InvalidInput,
    /// A text holds the character NUL, which a database cannot.
    NulCharacter,
    /// The variables, written out wherever they are used, are too large.
    VariablesTooLarge,
    /// `operationName` names no operation of the document.
    UnknownOperation,
    /// The document has several operations and `operationName` is missing.
    OperationNameRequired,
    /// A subscription was sent over HTTP.
    SubscriptionUnsupported,
    /// The operation did not end in time.
    ExecutionTimeout,
    /// The service failed.
    Internal,
}

/// What the interface says of one [`Reason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// `extensions.code`, as Apollo names it.
    pub code: &'static str,
    /// `extensions.reason`, in snake case.
    pub reason: &'static str,
    /// The status when the answer is `application/json`: 200 if the request was well formed.
    pub json: u16,
    /// The status when the answer is `application/graphql-response+json`.
    pub response: u16,
}

impl Reason {
    /// Every reason, in the order of the table.
    pub const ALL: [Self; 45] = [
        Self::NoSuchRoute,
        Self::MethodNotAllowed,
        Self::MutationByGet,
        Self::TokenInvalid,
        Self::PurposeInvalid,
        Self::OriginRefused,
        Self::RoleRequired,
        Self::RateLimited,
        Self::IntrospectionRefused,
        Self::DocumentNotStored,
        Self::StoredDocumentUnknown,
        Self::HandshakeInvalid,
        Self::SubprotocolUnsupported,
        Self::TooManySockets,
        Self::SocketsFull,
        Self::TooManyOperations,
        Self::Stopping,
        Self::NotAcceptable,
        Self::UnsupportedMediaType,
        Self::BodyTooLarge,
        Self::BodyTimeout,
        Self::BodyBroken,
        Self::BatchRefused,
        Self::MalformedJson,
        Self::JsonTooDeep,
        Self::QueryMissing,
        Self::ParameterInvalid,
        Self::DocumentTooLarge,
        Self::TooManyTokens,
        Self::BracketsTooDeep,
        Self::NameTooLong,
        Self::Syntax,
        Self::TooManyDirectives,
        Self::TooDeep,
        Self::TooManyFields,
        Self::FragmentCycle,
        Self::InvalidDocument,
        Self::InvalidInput,
        Self::NulCharacter,
        Self::VariablesTooLarge,
        Self::UnknownOperation,
        Self::OperationNameRequired,
        Self::SubscriptionUnsupported,
        Self::ExecutionTimeout,
        Self::Internal,
    ];

    /// The table. The audits of graphql-http rest on it: a request that is well formed is answered with 200
    /// as `application/json` and with 400 as `application/graphql-response+json` when it is refused.
    pub const fn row(self) -> Row {
        let (code, reason, json, response) = match self {
            Self::NoSuchRoute => (BAD_REQUEST, "no_such_route", 404, 404),
            Self::MethodNotAllowed => (BAD_REQUEST, "method_not_allowed", 405, 405),
            Self::MutationByGet => (BAD_REQUEST, "mutation_by_get", 405, 405),
            Self::TokenInvalid => (UNAUTHENTICATED, "token_invalid", 401, 401),
            Self::PurposeInvalid => (BAD_REQUEST, "purpose_invalid", 400, 400),
            Self::OriginRefused => (FORBIDDEN, "origin_refused", 403, 403),
            Self::RoleRequired => (FORBIDDEN, "role_required", 403, 403),
            Self::RateLimited => (TOO_MANY, "rate_limited", 429, 429),
            Self::IntrospectionRefused => (FORBIDDEN, "introspection_refused", 403, 403),
            Self::DocumentNotStored => (FORBIDDEN, "document_not_stored", 403, 403),
            // Apollo's name: its clients then send the text.
            Self::StoredDocumentUnknown => (NOT_FOUND, "stored_document_unknown", 200, 400),
            Self::HandshakeInvalid => (BAD_REQUEST, "handshake_invalid", 400, 400),
            Self::SubprotocolUnsupported => (BAD_REQUEST, "subprotocol_unsupported", 400, 400),
            Self::TooManySockets => (TOO_MANY, "too_many_sockets", 429, 429),
            Self::SocketsFull => (UNAVAILABLE, "sockets_full", 503, 503),
            Self::TooManyOperations => (TOO_MANY, "too_many_operations", 429, 429),
            Self::Stopping => (UNAVAILABLE, "stopping", 503, 503),
            Self::NotAcceptable => (BAD_REQUEST, "not_acceptable", 406, 406),
            Self::UnsupportedMediaType => (BAD_REQUEST, "unsupported_media_type", 415, 415),
            Self::BodyTooLarge => (BAD_REQUEST, "body_too_large", 413, 413),
            Self::BodyTimeout => (BAD_REQUEST, "body_timeout", 408, 408),
            Self::BodyBroken => (BAD_REQUEST, "body_broken", 400, 400),
            Self::BatchRefused => (BAD_REQUEST, "batch_refused", 400, 400),
            Self::MalformedJson => (BAD_REQUEST, "malformed_json", 400, 400),
            Self::JsonTooDeep => (BAD_REQUEST, "json_too_deep", 400, 400),
            Self::QueryMissing => (BAD_REQUEST, "query_missing", 400, 400),
            Self::ParameterInvalid => (BAD_REQUEST, "parameter_invalid", 400, 400),
            Self::DocumentTooLarge => (PARSE_FAILED, "document_too_large", 200, 400),
            Self::TooManyTokens => (PARSE_FAILED, "too_many_tokens", 200, 400),
            Self::BracketsTooDeep => (PARSE_FAILED, "brackets_too_deep", 200, 400),
            Self::NameTooLong => (PARSE_FAILED, "name_too_long", 200, 400),
            Self::Syntax => (PARSE_FAILED, "syntax", 200, 400),
            Self::TooManyDirectives => (VALIDATION_FAILED, "too_many_directives", 200, 400),
            Self::TooDeep => (VALIDATION_FAILED, "too_deep", 200, 400),
            Self::TooManyFields => (VALIDATION_FAILED, "too_many_fields", 200, 400),
            Self::FragmentCycle => (VALIDATION_FAILED, "fragment_cycle", 200, 400),
            Self::InvalidDocument => (VALIDATION_FAILED, "invalid_document", 200, 400),
            Self::InvalidInput => (BAD_USER_INPUT, "invalid_input", 200, 400),
            Self::NulCharacter => (BAD_USER_INPUT, "nul_character", 200, 400),
            Self::VariablesTooLarge => (BAD_USER_INPUT, "variables_too_large", 200, 400),
            Self::UnknownOperation => (RESOLUTION_FAILURE, "unknown_operation", 200, 400),
            Self::OperationNameRequired => (RESOLUTION_FAILURE, "operation_name_required", 200, 400),
            Self::SubscriptionUnsupported => (RESOLUTION_FAILURE, "subscription_unsupported", 200, 400),
            // No answer was produced, so both media types say so to whatever watches the statuses.
            Self::ExecutionTimeout => (INTERNAL, "execution_timeout", 503, 503),
            Self::Internal => (INTERNAL, "internal", 500, 500),
        };
        Row { code, reason, json, response }
    }

    /// The two extensions of an error of this reason.
    pub(crate) fn extensions(self) -> ErrorExtensionValues {
        let row = self.row();
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", row.code);
        extensions.set("reason", row.reason);
        extensions
    }
}

/// A request that is answered with an error and no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The kind, which decides code and status.
    pub reason: Reason,
    /// What is wrong and what would be right, for the client. It may quote the client, so it is not logged.
    pub message: String,
    /// The place in the document, if it is known.
    pub location: Option<Pos>,
    /// Seconds after which it makes sense to try again.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal without a place in the document.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), location: None, retry_after: None }
    }

    /// The same refusal, for so many seconds.
    #[must_use]
    pub fn for_seconds(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same refusal at a place in the document.
    #[must_use]
    pub fn at(mut self, location: Pos) -> Self {
        self.location = Some(location);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for ServerError {
    fn from(refusal: Refusal) -> Self {
        let mut error = Self::new(refusal.message, refusal.location);
        let mut extensions = refusal.reason.extensions();
        if let Some(seconds) = refusal.retry_after {
            extensions.set("retryAfter", seconds);
        }
        error.extensions = Some(extensions);
        error
    }
}
