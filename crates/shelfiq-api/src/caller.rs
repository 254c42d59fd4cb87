//! Who calls: read from the Authorization header, checked once, handed to the use case.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use shelfiq_app::access::Actor;

use crate::error::ApiError;
use crate::state::ApiState;

/// The authenticated caller.
pub(crate) struct Caller(pub(crate) Actor);

impl FromRequestParts<ApiState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        if let Some(known) = parts.extensions.get::<Actor>() {
            return Ok(Self(known.clone()));
        }
        let token = bearer(parts).ok_or_else(ApiError::unauthenticated)?;
        let actor = state.identity.authenticate(token).await?;
        parts.extensions.insert(actor.clone());
        Ok(Self(actor))
    }
}

/// The token of an `Authorization: Bearer …` header.
pub(crate) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// A JSON body whose errors are problems like all others.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<ApiState> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, ApiError> {
        let Json(value) = Json::<T>::from_request(request, state).await?;
        Ok(Self(value))
    }
}

/// A query string whose errors are problems like all others.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let axum::extract::Query(value) = axum::extract::Query::<T>::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

/// Path segments whose errors are problems like all others.
pub(crate) struct Place<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<ApiState> for Place<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let axum::extract::Path(value) = axum::extract::Path::<T>::from_request_parts(parts, state).await?;
        Ok(Self(value))
    }
}

/// The version named by an `If-Match: "3"` header.
pub(crate) struct ExpectedVersion(pub(crate) Option<i32>);

impl FromRequestParts<ApiState> for ExpectedVersion {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim().trim_start_matches("W/").trim_matches('"');
        match text {
            "*" => Ok(Self(None)),
            number => number.parse().map(|version| Self(Some(version))).map_err(|_| {
                ApiError::new(
                    shelfiq_core::ErrorKind::PreconditionFailed,
                    "changed_meanwhile",
                    "If-Match must name the `version` you have seen, such as \"3\"",
                )
            }),
        }
    }
}
