//! Idempotency-Key on POST: the same key and body get the stored answer, the same key with another body is refused.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use shelfiq_app::idempotency::{self, Begun};
use shelfiq_core::ErrorKind;

use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::ApiState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const KEY_CHARS_MAX: usize = 200;
/// Bodies above are refused together with a key; uploads need none, since an upload alone changes nothing.
const BODY_BYTES_MAX: usize = 2 << 20;

/// Answers a repeated call with what the first one got.
pub(crate) async fn remember(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let is_upload =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let key = request.headers().get(KEY).and_then(|key| key.to_str().ok()).map(str::to_owned);
    match key {
        Some(key) if request.method() == Method::POST && !is_upload => {
            guarded(&state, &key, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn guarded(state: &ApiState, key: &str, request: Request, next: Next) -> Result<Response, ApiError> {
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        return Err(ApiError::invalid("Idempotency-Key", format!("1 to {KEY_CHARS_MAX} characters")));
    }
    let (mut parts, body) = request.into_parts();
    // Calls without a caller (signing in) have no place where their answer could be kept safely.
    let Ok(Caller(actor)) = Caller::from_request_parts(&mut parts, state).await else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| too_large())?;
    let hash = request_hash(&parts.method, parts.uri.path(), &bytes);
    match idempotency::begin(&state.platform, &actor, key, &hash).await? {
        Begun::Replay { status, body } => Ok(replay(status, body)),
        Begun::First => {
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            store(state, &actor, key, response).await
        }
    }
}

async fn store(
    state: &ApiState,
    actor: &shelfiq_app::access::Actor,
    key: &str,
    response: Response,
) -> Result<Response, ApiError> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| too_large())?;
    // A failure on our side may be tried again with the same key.
    if parts.status.is_server_error() {
        idempotency::release(&state.platform, actor, key).await?;
    } else {
        idempotency::complete(&state.platform, actor, key, parts.status.as_u16(), &String::from_utf8_lossy(&bytes))
            .await?;
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_client_error() { "application/problem+json" } else { "application/json" };
    let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn request_hash(method: &Method, path: &str, body: &Bytes) -> String {
    let digest = Sha256::new()
        .chain_update(method.as_str())
        .chain_update([0])
        .chain_update(path)
        .chain_update([0])
        .chain_update(body)
        .finalize();
    crate::etag::hex(&digest)
}

fn too_large() -> ApiError {
    ApiError::new(ErrorKind::TooLarge, "too_large", "bodies with an Idempotency-Key may have at most 2 MB")
}
