//! The GraphQL endpoint over HTTP: parameters, operation, answer. A GET that asks for a socket goes to [`socket`].

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    guard,
    http::Method,
    web::{self, Bytes},
};
use async_graphql::{Executor, Response, parser::types::OperationType};
use tokio::time::Instant;

use super::{
    Service, answer,
    client::Client,
    error::{Reason, Refusal},
    operation,
    request::{self, Media},
    socket, trace,
};

/// Registers the endpoint.
pub(super) fn configure<E: Executor>(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/graphql")
            .route(web::post().to(handle::<E>))
            .route(web::get().guard(guard::fn_guard(socket::is_asked_for)).to(socket::open::<E>))
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
        Ok(response) => answer::outcome(response, media, &service.settings.limits, &correlation),
        Err(refusal) => {
            service.metrics.refused(refusal.reason);
            answer::refusal(refusal, media, &correlation)
                .map_body(|_, body| BoxBody::new(Unread { body, _payload: payload }))
        }
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
    let limits = &service.settings.limits;
    let client = Client::of(request, &service.settings.proxies);
    // Before anything that costs, the check of a token among it.
    service.rates.charge(client, None, 1, Instant::now())?;
    let caller = service.auth.caller(request)?;
    let parameters = if request.method() == Method::GET {
        request::from_query_string(request.query_string(), limits)?
    } else {
        request::from_body(request, payload, limits).await?
    };
    let operation = operation::prepare(service, client, caller, parameters)?;
    match operation.kind {
        OperationType::Mutation if request.method() == Method::GET => {
            return Err(Refusal::new(Reason::MutationByGet, "send a mutation by POST"));
        }
        OperationType::Query | OperationType::Mutation => {}
        OperationType::Subscription => {
            let message = "open a socket for subscriptions: graphql-transport-ws at `/graphql`";
            return Err(Refusal::new(Reason::SubscriptionUnsupported, message));
        }
    }
    operation::run(service, operation).await
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
