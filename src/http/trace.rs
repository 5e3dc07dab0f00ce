//! One line of log per request, its correlation id, and the headers that every answer carries.
//!
//! Nothing that a client wrote is logged: neither path nor query, but the pattern of the route; no error message,
//! but the codes.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
};
use tracing::{Instrument as _, info_span};

use super::answer::Codes;

/// The header that carries the correlation id of an answer.
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");

/// Headers of every answer that does not set them itself. No answer names the program or its version.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // Answers hold what a household told.
    (header::CACHE_CONTROL, "no-store"),
];

#[derive(Clone)]
struct Correlation(String);

/// The correlation id of a request: what an error tells the client, and the log beside it.
pub(super) fn correlation(request: &HttpRequest) -> String {
    request.extensions().get::<Correlation>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The middleware.
pub(super) async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let start = Instant::now();
    let id = new_id();
    let method = request.method().clone();
    request.extensions_mut().insert(Correlation(id.clone()));
    let span = info_span!("request", correlation_id = %id);
    let result = next.call(request).instrument(span.clone()).await;
    let mut response = result?;
    let codes = response.response_mut().extensions_mut().remove::<Codes>().unwrap_or_default();
    let route = response.request().match_pattern().unwrap_or_default();
    span.in_scope(|| {
        tracing::info!(
            method = %method,
            route = %route,
            status = response.status().as_u16(),
            duration_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX),
            codes = %codes.0.join(","),
            "answered"
        );
    });
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        insert_absent(headers, name, HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(CORRELATION, id);
    }
    Ok(response)
}

fn insert_absent(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}

/// An id that differs between requests and between runs of the program; it need not be a secret.
fn new_id() -> String {
    static RUN: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u8));
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:016x}-{:x}", *RUN, NEXT.fetch_add(1, Ordering::Relaxed))
}
