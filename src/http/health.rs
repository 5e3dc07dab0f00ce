//! Whether the process lives, and whether it can serve.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use actix_web::{HttpResponse, web};
use async_graphql::Executor;
use serde_json::json;

use super::Service;

/// Asks whether everything that a request needs can be reached; `true` if so.
pub type Probe = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// A probe that takes longer has failed: whoever asks will not wait for it either.
const PROBE_TIME: Duration = Duration::from_secs(2);

/// Registers the two routes.
pub(super) fn configure<E: Executor>(config: &mut web::ServiceConfig) {
    config.route("/health/live", web::get().to(live)).route("/health/ready", web::get().to(ready::<E>));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

async fn ready<E: Executor>(service: web::Data<Service<E>>) -> HttpResponse {
    if !service.stop.is_serving() {
        return HttpResponse::ServiceUnavailable().json(json!({"status": "stopping"}));
    }
    match tokio::time::timeout(PROBE_TIME, (service.probe)()).await {
        Ok(true) => HttpResponse::Ok().json(json!({"status": "ready"})),
        Ok(false) | Err(_) => HttpResponse::ServiceUnavailable().json(json!({"status": "unavailable"})),
    }
}
