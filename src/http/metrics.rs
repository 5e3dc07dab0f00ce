//! What is counted, for Prometheus (the text of `OpenMetrics`). Labels are taken from fixed lists, never from a request.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use async_graphql::{Executor, Response, parser::types::OperationType};
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::{
    Service, answer,
    client::Client,
    error::{Reason, Refusal},
    request::Media,
    trace,
};
use crate::app::access::Role;

/// The media type of `OpenMetrics`, version 1.
const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the buckets of durations, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// What the transport does not know of itself.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// Calls that wait for the database.
    pub waiting: usize,
    /// The hash of the catalogue in use.
    pub catalogue: String,
}

/// Asks for what the transport does not know of itself.
pub type Look = Arc<dyn Fn() -> Inside + Send + Sync>;

type Label = (&'static str, &'static str);

/// The counters of a service.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    operations: Family<[Label; 2], Counter>,
    seconds: Family<[Label; 1], Histogram, fn() -> Histogram>,
    events: Counter,
    refusals: Family<[Label; 1], Counter>,
    closes: Family<[(&'static str, u16); 1], Counter>,
    sockets: Gauge,
    waiting: Gauge,
    catalogue: Family<[(&'static str, String); 1], Gauge>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(BUCKETS);
        let mut metrics = Self {
            registry: Registry::with_prefix("assistance"),
            operations: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            events: Counter::default(),
            refusals: Family::default(),
            closes: Family::default(),
            sockets: Gauge::default(),
            waiting: Gauge::default(),
            catalogue: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "operations",
            "Operations that ran, by type and outcome",
            metrics.operations.clone(),
        );
        let help = "Time until a query or a mutation was answered";
        registry.register_with_unit("operation_duration", help, Unit::Seconds, metrics.seconds.clone());
        registry.register("subscription_events", "Events told to subscriptions", metrics.events.clone());
        registry.register("refusals", "Requests that were refused, by reason", metrics.refusals.clone());
        registry.register("socket_closes", "Sockets that were closed, by code", metrics.closes.clone());
        registry.register("sockets", "Sockets that are open", metrics.sockets.clone());
        registry.register("store_waiting", "Calls that wait for the database", metrics.waiting.clone());
        registry.register("catalogue", "1, with the hash of the catalogue in use", metrics.catalogue.clone());
        metrics
    }

    /// A query or a mutation ended.
    pub(super) fn ran(&self, kind: OperationType, answer: Result<&Response, &Refusal>, time: Duration) {
        let outcome = match answer {
            Ok(response) if response.is_ok() => "data",
            Ok(_) => "errors",
            Err(_) => "failed",
        };
        self.operations.get_or_create(&[label(kind), ("outcome", outcome)]).inc();
        self.seconds.get_or_create(&[label(kind)]).observe(time.as_secs_f64());
    }

    /// A subscription was begun.
    pub(super) fn subscribed(&self) {
        self.operations.get_or_create(&[label(OperationType::Subscription), ("outcome", "begun")]).inc();
    }

    /// An event was told.
    pub(super) fn event(&self) {
        self.events.inc();
    }

    /// A request was refused.
    pub(super) fn refused(&self, reason: Reason) {
        self.refusals.get_or_create(&[("reason", reason.row().reason)]).inc();
    }

    /// A socket was closed by us; what codes clients send is theirs to choose, so these are not told apart.
    pub(super) fn closed(&self, code: u16) {
        self.closes.get_or_create(&[("code", code)]).inc();
    }

    fn text(&self, sockets: usize, inside: Inside) -> Option<String> {
        self.sockets.set(i64::try_from(sockets).unwrap_or(i64::MAX));
        self.waiting.set(i64::try_from(inside.waiting).unwrap_or(i64::MAX));
        // The one of before is no more.
        self.catalogue.clear();
        self.catalogue.get_or_create(&[("hash", inside.catalogue)]).set(1);
        let mut text = String::new();
        encode(&mut text, &self.registry).ok().map(|()| text)
    }
}

fn label(kind: OperationType) -> Label {
    let kind = match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    ("type", kind)
}

/// Registers the route.
pub(super) fn configure<E: Executor>(config: &mut web::ServiceConfig) {
    config.route("/metrics", web::get().to(metrics::<E>));
}

/// For programs on this machine, and for whoever has the role operator.
async fn metrics<E: Executor>(request: HttpRequest, service: web::Data<Service<E>>) -> HttpResponse {
    let correlation = trace::correlation(&request);
    let refuse = |refusal| answer::refusal(refusal, Media::Json, &correlation);
    if !Client::of(&request, &service.settings.proxies).local {
        match service.auth.caller(&request) {
            Ok(caller)
                if caller.actor.as_ref().is_some_and(|actor| actor.roles().contains(&Role::Operator)) => {}
            Ok(_) => {
                let message = "metrics are for programs on the same machine and for the role `operator`";
                return refuse(Refusal::new(Reason::RoleRequired, message));
            }
            Err(refusal) => return refuse(refusal),
        }
    }
    match service.metrics.text(service.places.taken(), (service.look)()) {
        Some(text) => HttpResponse::Ok().insert_header((header::CONTENT_TYPE, MEDIA)).body(text),
        None => refuse(Refusal::new(Reason::Internal, "internal error")),
    }
}
