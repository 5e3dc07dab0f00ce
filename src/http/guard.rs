//! The document guard: what a document may cost, decided before the schema sees it.
//!
//! Pure functions over a document's text ([`text()`]) and over its parsed form ([`weigh`]). The order matters: the
//! library's parser recurses without a limit over list literals and types, so the text is counted first; the
//! library's validation expands fragments each time they are used, so the parsed form is weighed second.

mod text;
mod weight;

use async_graphql::parser::{
    Error as ParseError, parse_query,
    types::{DocumentOperations, ExecutableDocument, OperationType},
};

pub use text::{json, text, value};
pub use weight::{NESTING, Weight, weigh};

use super::{
    error::{Reason, Refusal},
    limits::Limits,
};

/// Parses a document that [`text()`] has let pass.
///
/// # Errors
/// The document does not parse. The message holds the place and what was expected, not the document's text.
pub fn parse(document: &str) -> Result<ExecutableDocument, Refusal> {
    parse_query(document).map_err(|error| {
        let place = error.positions().next();
        let message = match &error {
            // The library draws the offending line, which may be 32 kB long; its last line says what was expected.
            ParseError::Syntax { message, .. } => match message.rsplit_once("= ") {
                Some((_, expected)) => format!("syntax error: {}", expected.trim_end()),
                None => "syntax error".to_owned(),
            },
            other => other.to_string().trim_end_matches('.').to_owned(),
        };
        Refusal { location: place, ..Refusal::new(Reason::Syntax, message) }
    })
}

/// Checks the weight of a document against the limits; `fields` is the limit that holds for this client.
///
/// # Errors
/// The document has too many fields or nests them too deep.
pub fn admit(weight: Weight, limits: &Limits, fields: usize) -> Result<(), Refusal> {
    if weight.depth > limits.depth {
        let message = format!("the document nests fields deeper than {} levels", limits.depth);
        return Err(Refusal::new(Reason::TooDeep, message));
    }
    if weight.fields > fields {
        let message = format!("the document has more than {fields} fields once its fragments are expanded");
        return Err(Refusal::new(Reason::TooManyFields, message));
    }
    Ok(())
}

/// The type of the operation that a request asks for.
///
/// # Errors
/// The document holds no such operation, or several and the request names none.
pub fn operation(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationType, Refusal> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation.node.ty),
        (DocumentOperations::Multiple(operations), Some(name)) => match operations.get(name) {
            Some(operation) => Ok(operation.node.ty),
            None => Err(unknown_operation(name)),
        },
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(operation), None) => Ok(operation.node.ty),
                _ => Err(Refusal::new(
                    Reason::OperationNameRequired,
                    "the document has several operations: name one in `operationName`",
                )),
            }
        }
        (DocumentOperations::Single(_), Some(name)) => Err(unknown_operation(name)),
    }
}

fn unknown_operation(name: &str) -> Refusal {
    let shown: String = name.chars().take(64).collect();
    Refusal::new(Reason::UnknownOperation, format!("the document has no operation named `{shown}`"))
}
