//! Whether the process lives, whether it can serve, and its telemetry.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::ApiState;

/// Answer of the two checks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// `ok` or `starting`.
    status: &'static str,
    /// Release that answers.
    version: &'static str,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The process lives.
#[utoipa::path(get, path = "/health", tag = "operation", operation_id = "health", responses((status = 200, body = HealthBody)))]
pub(crate) async fn health() -> Json<HealthBody> {
    Json(HealthBody { status: "ok", version: VERSION })
}

/// The process can serve: its stores answer.
#[utoipa::path(get, path = "/ready", tag = "operation", operation_id = "ready",
    responses((status = 200, body = HealthBody), (status = 503, body = HealthBody)))]
pub(crate) async fn ready(State(state): State<ApiState>) -> impl IntoResponse {
    if state.check().await.is_ok() {
        (StatusCode::OK, Json(HealthBody { status: "ok", version: VERSION }))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(HealthBody { status: "starting", version: VERSION }))
    }
}

/// Telemetry in the text form of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(state): State<ApiState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.telemetry.render())
}
