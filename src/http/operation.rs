//! The one way to the schema, from wherever parameters come: guard, operation, execution.

use std::{panic::AssertUnwindSafe, time::Duration};

use async_graphql::{Executor, Request, Response, Variables, parser::types::OperationType};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use serde_json::Value;

use super::{
    Service,
    client::Client,
    error::{Reason, Refusal},
    guard,
    request::Parameters,
};
use crate::app::access::Caller;

/// An operation that may run.
pub(super) struct Operation {
    pub(super) kind: OperationType,
    request: Request,
}

/// Checks what a client asks for against the limits.
///
/// # Errors
/// The first limit that it is over, a document that does not parse, or an operation that is not there.
pub(super) fn prepare<E>(
    service: &Service<E>,
    client: Client,
    caller: Caller,
    parameters: Parameters,
) -> Result<Operation, Refusal> {
    let limits = &service.settings.limits;
    let checked = service.documents.check(&parameters.query, limits)?;
    if !checked.pinned {
        let fields = if client.local { limits.fields_loopback } else { limits.fields };
        guard::admit(checked.weight, limits, fields)?;
    }
    let kind = guard::operation(&checked.document, parameters.operation_name.as_deref())?;
    if checked.weight.variables.saturating_mul(parameters.variable_bytes) > limits.variable_bytes {
        let message = "the variables are too large for the number of their uses";
        return Err(Refusal::new(Reason::VariablesTooLarge, message));
    }
    let mut request = Request::new(parameters.query).data(caller);
    request.operation_name = parameters.operation_name;
    request.variables = Variables::from_json(Value::Object(parameters.variables));
    request.set_parsed_query(checked.document.clone());
    Ok(Operation { kind, request })
}

/// Runs a query or a mutation to its end.
///
/// # Errors
/// It panicked, or took longer than the limit.
pub(super) async fn run<E: Executor>(
    executor: &E,
    operation: Operation,
    limit: Duration,
) -> Result<Response, Refusal> {
    // A panic would end the connection without an answer. Nothing of the request is used after one.
    let execution = AssertUnwindSafe(executor.execute(operation.request)).catch_unwind();
    match tokio::time::timeout(limit, execution).await {
        Ok(answer) => answer.map_err(|_panic| panicked()),
        Err(_elapsed) => {
            let message = format!("the operation did not end within {} ms", limit.as_millis());
            Err(Refusal::new(Reason::ExecutionTimeout, message))
        }
    }
}

/// Runs a subscription for as long as it is listened to; a panic ends it with a refusal.
pub(super) fn subscribe<E: Executor>(
    executor: &E,
    operation: Operation,
) -> impl Stream<Item = Result<Response, Refusal>> + use<E> {
    let events = executor.execute_stream(operation.request, None);
    AssertUnwindSafe(events).catch_unwind().map(|event| event.map_err(|_panic| panicked()))
}

fn panicked() -> Refusal {
    Refusal::new(Reason::Internal, "internal error")
}
