//! What every request passes: an id, a log line, telemetry, and headers that protect browsers.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// Name of the header that carries the request's id in and out.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Counts and times every request by route, and logs the slow and the failed.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let span = tracing::info_span!("request", %method, route, request_id = id);
    let response = next.run(request).instrument(span).await;
    let status = response.status();
    let seconds = began.elapsed().as_secs_f64();
    let labels = [("method", method.to_string()), ("route", route.clone()), ("status", status.as_u16().to_string())];
    metrics::counter!("shelfiq_http_requests_total", &labels).increment(1);
    metrics::histogram!("shelfiq_http_request_seconds", "method" => method.to_string(), "route" => route.clone())
        .record(seconds);
    if status.is_server_error() {
        tracing::error!(%method, route, status = status.as_u16(), duration_ms = seconds * 1e3, request_id = id, "failed to answer {method} {route}");
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), duration_ms = seconds * 1e3, "answered {method} {route}");
    }
    response
}

/// The web app needs nothing from other origins, inline styles of charts and components excepted.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; \
    font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Adds the headers that keep a browser from doing what the app never asks for.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
