//! The GraphQL endpoint. One way leads to the schema: parameters, guard, operation, execution, answer.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    http::{Method, header},
    web::{self, Bytes},
};
use async_graphql::{Executor, Request, Response, Variables, parser::types::OperationType};
use futures_util::FutureExt as _;
use serde_json::Value;

use super::{
    Service, answer,
    error::{Reason, Refusal},
    guard,
    request::{self, Media, Parameters},
    trace,
};

/// Registers the endpoint.
pub(super) fn configure<E: Executor>(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/graphql")
            .route(web::post().to(handle::<E>))
            .route(web::get().to(handle::<E>))
            .default_service(web::to(method_not_allowed)),
    );
}

async fn handle<E: Executor>(
    request: HttpRequest,
    mut payload: web::Payload,
    service: web::Data<Service<E>>,
) -> HttpResponse {
    let correlation = trace::correlation(&request);
    let (media, outcome) = match Media::accepted(&request) {
        Ok(media) => (media, run(&request, &mut payload, &service).await),
        Err(refusal) => (Media::Json, Err(refusal)),
    };
    match outcome {
        Ok(response) => answer::outcome(response, media, &service.limits, &correlation),
        Err(refusal) => answer::refusal(refusal, media, &correlation)
            .map_body(|_, body| BoxBody::new(Unread { body, _payload: payload })),
    }
}

async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let refusal = Refusal::new(Reason::MethodNotAllowed, "send the request by GET or POST");
    answer::refusal(refusal, Media::Json, &trace::correlation(&request))
}

async fn run<E: Executor>(
    request: &HttpRequest,
    payload: &mut web::Payload,
    service: &Service<E>,
) -> Result<Response, Refusal> {
    let limits = &service.limits;
    let caller = service.auth.caller(request)?;
    let parameters = if request.method() == Method::GET {
        request::from_query_string(request.query_string(), limits)?
    } else {
        request::from_body(request, payload, limits).await?
    };
    let checked = service.documents.check(&parameters.query, limits)?;
    if !checked.pinned {
        let fields = if is_local(request) { limits.fields_loopback } else { limits.fields };
        guard::admit(checked.weight, limits, fields)?;
    }
    let operation = guard::operation(&checked.document, parameters.operation_name.as_deref())?;
    match operation {
        OperationType::Mutation if request.method() == Method::GET => {
            return Err(Refusal::new(Reason::MutationByGet, "send a mutation by POST"));
        }
        OperationType::Query | OperationType::Mutation => {}
        OperationType::Subscription => {
            let message = "subscriptions are not served over HTTP";
            return Err(Refusal::new(Reason::SubscriptionUnsupported, message));
        }
    }
    if checked.weight.variables.saturating_mul(parameters.variable_bytes) > limits.variable_bytes {
        let message = "the variables are too large for the number of their uses";
        return Err(Refusal::new(Reason::VariablesTooLarge, message));
    }
    let mut prepared = prepare(parameters).data(caller);
    prepared.set_parsed_query(checked.document.clone());
    execute(&service.executor, prepared, limits.execution_time).await
}

fn prepare(parameters: Parameters) -> Request {
    let mut request = Request::new(parameters.query);
    request.operation_name = parameters.operation_name;
    request.variables = Variables::from_json(Value::Object(parameters.variables));
    request
}

async fn execute<E: Executor>(
    executor: &E,
    request: Request,
    limit: std::time::Duration,
) -> Result<Response, Refusal> {
    // A panic would end the connection without an answer. Nothing of the request is used after one.
    let execution = AssertUnwindSafe(executor.execute(request)).catch_unwind();
    match tokio::time::timeout(limit, execution).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_panic)) => Err(Refusal::new(Reason::Internal, "internal error")),
        Err(_elapsed) => {
            let message = format!("the operation did not end within {} ms", limit.as_millis());
            Err(Refusal::new(Reason::ExecutionTimeout, message))
        }
    }
}

/// The answer to a request whose body may not have been read to its end.
///
/// While the payload lives, the server closes the connection after the answer. Were it dropped, the server would
/// drain a chunked body first, however long that takes.
struct Unread {
    body: BoxBody,
    _payload: web::Payload,
}

impl MessageBody for Unread {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

/// Whether the client sits on this machine. A proxy on this machine speaks for others, and says so.
fn is_local(request: &HttpRequest) -> bool {
    let forwarded = [header::FORWARDED, header::X_FORWARDED_FOR];
    request.peer_addr().is_some_and(|peer| peer.ip().is_loopback())
        && !forwarded.iter().any(|name| request.headers().contains_key(name))
}
