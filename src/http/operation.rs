//! The one way to the schema, from wherever parameters come: guard, operation, execution.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use async_graphql::{Executor, Request, Response, Variables, parser::types::OperationType};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use serde_json::Value;

use super::{
    Service,
    client::Client,
    error::{Reason, Refusal},
    guard,
    request::Parameters,
    settings::Introspection,
};
use crate::app::access::{Caller, INTROSPECTION};
use crate::graphql::event_time::EventTime;

/// An operation that may run.
pub(super) struct Operation {
    pub(super) kind: OperationType,
    request: Request,
}

/// Checks what a client asks for against the limits.
///
/// # Errors
/// The first limit that it is over, a document that does not parse or may not be asked, or an operation that is not
/// there.
pub(super) fn prepare<E>(
    service: &Service<E>,
    client: Client,
    caller: Caller,
    parameters: Parameters,
) -> Result<Operation, Refusal> {
    let limits = &service.settings.limits;
    let text = service.documents.text(parameters.asked)?;
    let checked = service.documents.check(&text, limits)?;
    if !checked.pinned {
        let fields = if client.local { limits.fields_loopback } else { limits.fields };
        guard::admit(checked.weight, limits, fields)?;
    }
    if checked.weight.introspects && !may_introspect(service, &caller) {
        let message = "the schema is not told to whoever asks: it stands in `schema.graphql`";
        return Err(Refusal::new(Reason::IntrospectionRefused, message));
    }
    service.rates.charge(client, caller.actor.as_ref(), checked.weight.cost, tokio::time::Instant::now())?;
    let kind = guard::operation(&checked.document, parameters.operation_name.as_deref())?;
    if checked.weight.variables.saturating_mul(parameters.variable_bytes) > limits.variable_bytes {
        let message = "the variables are too large for the number of their uses";
        return Err(Refusal::new(Reason::VariablesTooLarge, message));
    }
    parameters.variables.values().try_for_each(guard::value)?;
    let mut request = Request::new(text).data(caller);
    request.operation_name = parameters.operation_name;
    request.variables = Variables::from_json(Value::Object(parameters.variables));
    request.set_parsed_query(checked.document.clone());
    Ok(Operation { kind, request })
}

fn may_introspect<E>(service: &Service<E>, caller: &Caller) -> bool {
    match service.settings.introspection {
        Introspection::Open => true,
        Introspection::Off => false,
        // Without keys nobody can have a role, and only this machine is served.
        Introspection::Roles => {
            let has_role = |actor: &crate::app::access::Actor| {
                actor.roles().iter().any(|role| INTROSPECTION.contains(role))
            };
            !service.auth.has_keys() || caller.actor.as_ref().is_some_and(has_role)
        }
    }
}

/// Runs a query or a mutation to its end.
///
/// # Errors
/// It panicked, or took longer than the limit.
pub(super) async fn run<E: Executor>(
    service: &Service<E>,
    operation: Operation,
) -> Result<Response, Refusal> {
    let (start, limit) = (Instant::now(), service.settings.limits.execution_time);
    // A panic would end the connection without an answer. Nothing of the request is used after one.
    let execution = AssertUnwindSafe(service.executor.execute(operation.request)).catch_unwind();
    let answer = match tokio::time::timeout(limit, execution).await {
        Ok(answer) => answer.map_err(|_panic| panicked()),
        Err(_elapsed) => Err(too_long("the operation did not end", limit)),
    };
    service.metrics.ran(operation.kind, answer.as_ref(), start.elapsed());
    answer
}

/// Runs a subscription for as long as it is listened to; a panic ends it with a refusal, and so
/// does an event that takes longer to be told than a query may.
pub(super) fn subscribe<E: Executor>(
    service: &Service<E>,
    operation: Operation,
) -> impl Stream<Item = Result<Response, Refusal>> + use<E> {
    service.metrics.subscribed();
    let limit = service.settings.limits.execution_time;
    let time = EventTime::new(limit);
    let events = service.executor.execute_stream(operation.request.data(time.clone()), None);
    AssertUnwindSafe(events).catch_unwind().map(move |event| match event {
        Ok(_nothing) if time.exceeded() => Err(too_long("an event was not told", limit)),
        event => event.map_err(|_panic| panicked()),
    })
}

fn too_long(what: &str, limit: Duration) -> Refusal {
    Refusal::new(Reason::ExecutionTimeout, format!("{what} within {} ms", limit.as_millis()))
}

fn panicked() -> Refusal {
    Refusal::new(Reason::Internal, "internal error")
}
