//! Keys for programs.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_app::access::Permission;
use shelfiq_app::identity::ApiKeyRequest;
use shelfiq_core::ApiKeyId;
use shelfiq_store::api_keys::ApiKey;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::{Body, Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PageBody, PageQuery};
use crate::state::ApiState;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyBody {
    id: Uuid,
    name: String,
    /// Its first characters, to tell keys apart.
    prefix: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

impl From<ApiKey> for ApiKeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.as_uuid(),
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
        }
    }
}

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKeyBody {
    /// What it is for.
    #[schema(max_length = 120)]
    name: String,
    /// What it may do, such as `shop:read`.
    scopes: Vec<String>,
    /// When it stops working; never if absent.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

/// A fresh key. Its secret is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreshApiKeyBody {
    #[serde(flatten)]
    shown: ApiKeyBody,
    /// The key itself.
    key: String,
}

/// Lists keys, newest first.
#[utoipa::path(get, path = "/api-keys", tag = "identity", operation_id = "list_api_keys", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<ApiKeyBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(page): Params<PageQuery>,
) -> Result<Json<PageBody<ApiKeyBody>>, ApiError> {
    Ok(Json(PageBody::of(state.identity.api_keys(&actor, &page.request()).await?, None)))
}

/// Makes a key.
#[utoipa::path(post, path = "/api-keys", tag = "identity", operation_id = "create_api_key", request_body = NewApiKeyBody, security(("bearer" = [])),
    responses((status = 201, body = FreshApiKeyBody), (status = "default", body = Problem)))]
pub(crate) async fn create(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<NewApiKeyBody>,
) -> Result<(StatusCode, Json<FreshApiKeyBody>), ApiError> {
    let scopes: BTreeSet<Permission> = body
        .scopes
        .iter()
        .map(|scope| {
            scope
                .parse()
                .map_err(|error: shelfiq_app::access::AccessError| ApiError::invalid("scopes", error.to_string()))
        })
        .collect::<Result<_, _>>()?;
    let request = ApiKeyRequest { name: body.name, scopes, expires_at: body.expires_at };
    let fresh = state.identity.create_api_key(&actor, request).await?;
    let body = FreshApiKeyBody { shown: fresh.key.into(), key: fresh.secret.expose().to_owned() };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Makes a key useless, at once.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "identity", operation_id = "revoke_api_key", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn revoke(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<StatusCode, ApiError> {
    state.identity.revoke_api_key(&actor, ApiKeyId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
