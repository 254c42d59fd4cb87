//! The caller's own profile and password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shelfiq_app::identity::Secret;
use utoipa::ToSchema;

use super::MeBody;
use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// A change of password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordBody {
    current: String,
    /// At least ten characters.
    new: String,
}

/// Who is signed in.
#[utoipa::path(get, path = "/me", tag = "identity", operation_id = "me", security(("bearer" = [])),
    responses((status = 200, body = MeBody), (status = "default", body = Problem)))]
pub(crate) async fn me(State(state): State<ApiState>, Caller(actor): Caller) -> Result<Json<MeBody>, ApiError> {
    Ok(Json((&state.identity.profile(&actor).await?).into()))
}

/// Changes the caller's password and ends the other sessions.
#[utoipa::path(post, path = "/auth/password", tag = "identity", operation_id = "change_password", request_body = PasswordBody, security(("bearer" = [])),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn change_password(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<PasswordBody>,
) -> Result<StatusCode, ApiError> {
    state.identity.change_password(&actor, &Secret::new(body.current), &Secret::new(body.new)).await?;
    Ok(StatusCode::NO_CONTENT)
}
