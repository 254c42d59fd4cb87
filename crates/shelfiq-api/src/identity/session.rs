//! Signing in and out. The refresh token lives in a cookie that only these calls see.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::{Deserialize, Serialize};
use shelfiq_app::identity::{Secret, SignIn, SignedIn};
use shelfiq_core::MerchantId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::MeBody;
use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

const COOKIE: &str = "shelfiq_refresh";
const COOKIE_PATH: &str = "/api/v1/auth";

/// A person at the door.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    email: String,
    password: String,
}

/// A signed-in person. The refresh token comes as a cookie.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    /// Goes into the Authorization header.
    access_token: String,
    expires_in_seconds: i64,
    me: MeBody,
}

/// Another merchant of the caller.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwitchBody {
    merchant: Uuid,
}

/// Signs in.
#[utoipa::path(post, path = "/auth/sign-in", tag = "identity", operation_id = "sign_in", request_body = SignInBody,
    responses((status = 200, body = SessionBody), (status = "default", body = Problem)))]
pub(crate) async fn sign_in(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Body(body): Body<SignInBody>,
) -> Result<Response, ApiError> {
    let (client, address) = client_of(&headers);
    let request = SignIn { email: body.email, password: Secret::new(body.password), client, address };
    Ok(answer(&state, &state.identity.sign_in(request).await?))
}

/// Exchanges the refresh cookie for a new access token and a new cookie.
#[utoipa::path(post, path = "/auth/refresh", tag = "identity", operation_id = "refresh",
    responses((status = 200, body = SessionBody), (status = "default", body = Problem)))]
pub(crate) async fn refresh(State(state): State<ApiState>, jar: CookieJar) -> Result<Response, ApiError> {
    let token = jar.get(COOKIE).map(|cookie| Secret::new(cookie.value())).ok_or_else(ApiError::unauthenticated)?;
    Ok(answer(&state, &state.identity.refresh(&token).await?))
}

/// Ends the session of the refresh cookie.
#[utoipa::path(post, path = "/auth/sign-out", tag = "identity", operation_id = "sign_out",
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn sign_out(State(state): State<ApiState>, jar: CookieJar) -> Result<Response, ApiError> {
    if let Some(cookie) = jar.get(COOKIE) {
        state.identity.sign_out(&Secret::new(cookie.value())).await?;
    }
    let gone = Cookie::build((COOKIE, "")).path(COOKIE_PATH).build();
    Ok((jar.remove(gone), StatusCode::NO_CONTENT).into_response())
}

/// Goes on with another merchant of the caller.
#[utoipa::path(post, path = "/auth/switch", tag = "identity", operation_id = "switch_merchant", request_body = SwitchBody, security(("bearer" = [])),
    responses((status = 200, body = SessionBody), (status = "default", body = Problem)))]
pub(crate) async fn switch(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<SwitchBody>,
) -> Result<Json<SessionBody>, ApiError> {
    let (token, expires_in_seconds, profile) =
        state.identity.switch(&actor, MerchantId::from_uuid(body.merchant)).await?;
    Ok(Json(SessionBody { access_token: token.expose().to_owned(), expires_in_seconds, me: (&profile).into() }))
}

/// The session as body and cookie.
pub(super) fn answer(state: &ApiState, signed_in: &SignedIn) -> Response {
    let cookie = Cookie::build((COOKIE, signed_in.refresh_token.expose().to_owned()))
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.config.secure_cookies)
        .permanent()
        .build();
    let body = SessionBody {
        access_token: signed_in.access_token.expose().to_owned(),
        expires_in_seconds: signed_in.access_expires_in_seconds,
        me: (&signed_in.profile).into(),
    };
    (CookieJar::new().add(cookie), [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The program as it names itself, and the network address as a proxy reports it.
pub(super) fn client_of(headers: &HeaderMap) -> (String, String) {
    let text = |name: header::HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
    (text(header::USER_AGENT), forwarded.split(',').next().unwrap_or_default().trim().to_owned())
}
