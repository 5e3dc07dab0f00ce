//! The errors of the API: broken input, what a caller may not do, and failures of the service. What the policies
//! refuse is no error.
//!
//! Every error has `extensions.code`, as Apollo names it, and `extensions.reason`; broken input also
//! has `extensions.field`, the path of the argument. Codes, reasons and fields are part of the
//! interface; a test pins them. Not found is null.

use async_graphql::{Error, ErrorExtensionValues, InputType, InputValueError};

use crate::app::access::Denied;

/// A value of the request is wrong.
const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// Nobody knows who asks.
pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// Somebody asks who may not.
const FORBIDDEN: &str = "FORBIDDEN";
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
    /// A text that is no code of a region.
    MalformedRegion,
    /// A period that ends before it begins.
    EmptyPeriod,
    /// A text that is no month, year or day.
    MalformedPeriod,
    /// A text that is no idempotency key.
    MalformedKey,
    /// A text that is empty, too long or not plain.
    MalformedText,
    /// An amount that is not yuan with at most two decimals.
    MalformedAmount,
    /// A list that is empty or too long.
    ListSize,
    /// Only for those who send a token.
    TokenRequired,
    /// Not for those who have only these roles.
    RoleRequired,
    /// Only for rows of an own region or department, and the token names none.
    OwnRequired,
    /// Only with a purpose.
    PurposeRequired,
    /// The service failed.
    Internal,
}

impl Kind {
    /// Every kind, in the order of the table.
    pub const ALL: [Self; 20] = [
        Self::PageSize,
        Self::MalformedCursor,
        Self::MalformedId,
        Self::MalformedDate,
        Self::TextTooLong,
        Self::UnknownPlace,
        Self::NoPlace,
        Self::UnknownMeasure,
        Self::MalformedRegion,
        Self::EmptyPeriod,
        Self::MalformedPeriod,
        Self::MalformedKey,
        Self::MalformedText,
        Self::MalformedAmount,
        Self::ListSize,
        Self::TokenRequired,
        Self::RoleRequired,
        Self::OwnRequired,
        Self::PurposeRequired,
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
            Self::MalformedRegion => (BAD_USER_INPUT, "malformed_region"),
            Self::EmptyPeriod => (BAD_USER_INPUT, "empty_period"),
            Self::MalformedPeriod => (BAD_USER_INPUT, "malformed_period"),
            Self::MalformedKey => (BAD_USER_INPUT, "malformed_key"),
            Self::MalformedText => (BAD_USER_INPUT, "malformed_text"),
            Self::MalformedAmount => (BAD_USER_INPUT, "malformed_amount"),
            Self::ListSize => (BAD_USER_INPUT, "list_size"),
            Self::TokenRequired => (UNAUTHENTICATED, "token_required"),
            Self::RoleRequired => (FORBIDDEN, "role_required"),
            Self::OwnRequired => (FORBIDDEN, "own_region_or_department_required"),
            Self::PurposeRequired => (FORBIDDEN, "purpose_required"),
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

    /// What the table of rules denies.
    pub fn denied(denied: Denied) -> Self {
        let kind = match denied {
            Denied::NoRule => return Self::internal("a field without a rule was asked for"),
            Denied::Unauthenticated => Kind::TokenRequired,
            Denied::Role => Kind::RoleRequired,
            Denied::NothingOwn => Kind::OwnRequired,
            Denied::NoPurpose => Kind::PurposeRequired,
        };
        Self { kind, field: None, message: denied.to_string() }
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
