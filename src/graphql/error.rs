//! The errors of the API: broken input and failures of the service. What the rules refuse is no error.
//!
//! Every error has `extensions.code`, as Apollo names it, and `extensions.reason`; broken input also
//! has `extensions.field`, the path of the argument. Codes, reasons and fields are part of the
//! interface; a test pins them. Not found is null.

use async_graphql::{Error, ErrorExtensionValues, InputType, InputValueError};

/// A value of the request is wrong.
const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// The service failed.
const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

/// The kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `first` outside 1 to 100.
    PageSize,
    /// A cursor that no connection gave out.
    MalformedCursor,
    /// An id that no field gave out.
    MalformedId,
    /// A text that is not a date.
    MalformedDate,
    /// A text to search for that is too long.
    TextTooLong,
    /// No place of the catalogue has this key.
    UnknownPlace,
    /// Neither the query nor the household names a place.
    NoPlace,
    /// No measure of the catalogue is meant.
    UnknownMeasure,
    /// The service failed.
    Internal,
}

impl Kind {
    /// Every kind, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::PageSize,
        Self::MalformedCursor,
        Self::MalformedId,
        Self::MalformedDate,
        Self::TextTooLong,
        Self::UnknownPlace,
        Self::NoPlace,
        Self::UnknownMeasure,
        Self::Internal,
    ];

    /// `extensions.code` and `extensions.reason`.
    pub const fn codes(self) -> (&'static str, &'static str) {
        match self {
            Self::PageSize => (BAD_USER_INPUT, "page_size"),
            Self::MalformedCursor => (BAD_USER_INPUT, "malformed_cursor"),
            Self::MalformedId => (BAD_USER_INPUT, "malformed_id"),
            Self::MalformedDate => (BAD_USER_INPUT, "malformed_date"),
            Self::TextTooLong => (BAD_USER_INPUT, "text_too_long"),
            Self::UnknownPlace => (BAD_USER_INPUT, "unknown_place"),
            Self::NoPlace => (BAD_USER_INPUT, "no_place"),
            Self::UnknownMeasure => (BAD_USER_INPUT, "unknown_measure"),
            Self::Internal => (INTERNAL, "internal"),
        }
    }
}

/// An error of a resolver. It has no `Display`, so that the library keeps its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    kind: Kind,
    field: Option<String>,
    message: String,
}

impl Refusal {
    /// Broken input, with the path of the argument.
    pub fn input(kind: Kind, field: &str, message: impl Into<String>) -> Self {
        Self { kind, field: Some(field.to_owned()), message: message.into() }
    }

    /// A failure of the service: the log learns the cause, the client nothing.
    pub fn internal(cause: &str) -> Self {
        tracing::error!(cause, "a resolver failed");
        Self { kind: Kind::Internal, field: None, message: String::from("internal error") }
    }

    /// The error for an input that cannot be read as its type.
    pub fn of_value<T: InputType>(kind: Kind, message: &str) -> InputValueError<T> {
        let (code, reason) = kind.codes();
        InputValueError::custom(message).with_extension("code", code).with_extension("reason", reason)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (code, reason) = refusal.kind.codes();
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code);
        extensions.set("reason", reason);
        if let Some(field) = refusal.field {
            extensions.set("field", field);
        }
        let mut error = Self::new(refusal.message);
        error.extensions = Some(extensions);
        error
    }
}
