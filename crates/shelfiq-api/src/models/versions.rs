//! Versions: listing them, promoting them, taking them back.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shelfiq_app::models::{self as app, ModelKind, ModelVersion, Promotion};
use shelfiq_core::ModelVersionId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::caller::{Body, Caller, ExpectedVersion, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::PageBody;
use crate::state::ApiState;

/// A version of a model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelVersionBody {
    id: Uuid,
    /// `demand`, `elasticity` or `anomaly`.
    kind: String,
    /// Counts the versions of the kind, from 1.
    number: i32,
    /// Name of its recipe, such as `ensemble`.
    model: String,
    /// `candidate`, `shadow` (computed beside production and compared), `canary` (serves a share of the Skus), `production` or
    /// `archived`.
    stage: String,
    /// Since when.
    stage_since: DateTime<Utc>,
    /// Why it stands there, if somebody said.
    note: Option<String>,
    /// In canary: share of the Skus that it serves.
    canary_share: Option<f64>,
    /// Its recipe in full.
    #[schema(value_type = Object)]
    parameters: Value,
    /// Release of the program that registered it.
    code_version: String,
    /// SHA-256 of what it learned; null before its first training.
    artefact_hash: Option<String>,
    /// When it last learned.
    trained_at: DateTime<Utc>,
    /// Last day of the data that it learned from.
    data_until: Option<NaiveDate>,
    /// Version of each table that it learned from.
    #[schema(value_type = Object)]
    data_versions: Value,
    /// Figures of its latest training; in a trial, `contest` says how it stands against production.
    #[schema(value_type = Object)]
    metrics: Value,
    /// The version that it descends from.
    parent_id: Option<Uuid>,
    /// The version that it took production from: where a rollback leads.
    replaced_id: Option<Uuid>,
    created_by: String,
    created_at: DateTime<Utc>,
    /// Counts the changes; goes into `If-Match`.
    version: i32,
}

impl From<ModelVersion> for ModelVersionBody {
    fn from(version: ModelVersion) -> Self {
        Self {
            id: version.id.as_uuid(),
            kind: version.kind.to_string(),
            number: version.number,
            model: version.model,
            stage: version.stage.to_string(),
            stage_since: version.stage_since,
            note: version.note,
            canary_share: version.canary_share,
            parameters: version.parameters,
            code_version: version.code_version,
            artefact_hash: version.artefact_hash,
            trained_at: version.trained_at,
            data_until: version.data_until,
            data_versions: version.data_versions,
            metrics: version.metrics,
            parent_id: version.parent.map(ModelVersionId::as_uuid),
            replaced_id: version.replaced.map(ModelVersionId::as_uuid),
            created_by: version.created_by.to_string(),
            created_at: version.created_at,
            version: version.version,
        }
    }
}

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionsQuery {
    /// `demand` (default), `elasticity` or `anomaly`
    kind: Option<String>,
    /// Entries on the page, 1 to 200
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    #[param(max_length = 512)]
    after: Option<String>,
}

/// How far a version shall come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromoteBody {
    /// `shadow`, `canary` or `production` (default).
    #[serde(default)]
    stage: Option<String>,
    /// With `canary`: share of the Skus that it serves, above 0 and up to 0.5; 0.1 if not given.
    #[serde(default)]
    canary_share: Option<f64>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Why a version is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RollbackBody {
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Lists the versions of a kind of model, newest first.
#[utoipa::path(get, path = "/models/versions", tag = "models", operation_id = "list_model_versions", params(VersionsQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<ModelVersionBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<VersionsQuery>,
) -> Result<Json<PageBody<ModelVersionBody>>, ApiError> {
    let kind = match query.kind {
        Some(kind) => kind.parse().map_err(|error| invalid("kind", &error))?,
        None => ModelKind::Demand,
    };
    let page = crate::page::PageQuery { limit: query.limit, after: query.after };
    let limit = page.limit();
    Ok(Json(PageBody::of(app::versions(&state.platform, &actor, kind, limit, page.after).await?, None)))
}

/// One version and where it stands.
#[utoipa::path(get, path = "/models/versions/{id}", tag = "models", operation_id = "get_model_version", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = ModelVersionBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<ModelVersionBody>, ApiError> {
    Ok(Json(app::version(&state.platform, &actor, ModelVersionId::from_uuid(id)).await?.into()))
}

/// What a version learned at its latest training: the recipe, the data it comes from, and the weight of each model per kind of
/// demand. The SHA-256 of the stored file is the version's `artefact_hash`.
#[utoipa::path(get, path = "/models/versions/{id}/artefact", tag = "models", operation_id = "get_model_artefact", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = Object), (status = "default", body = Problem)))]
pub(crate) async fn artefact(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(app::learned(&state.platform, &actor, ModelVersionId::from_uuid(id)).await?))
}

/// Takes a version to a later stage. In production it serves from the next run on, and what served before is archived. 409 if
/// its stage does not allow it or another version is on trial; 412 if it changed since the `If-Match` version.
#[utoipa::path(post, path = "/models/versions/{id}/promote", tag = "models", operation_id = "promote_model_version", params(("id" = Uuid, Path)), request_body = PromoteBody, security(("bearer" = [])),
    responses((status = 200, body = ModelVersionBody), (status = "default", body = Problem)))]
pub(crate) async fn promote(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
    ExpectedVersion(expected_version): ExpectedVersion,
    Body(body): Body<PromoteBody>,
) -> Result<Json<ModelVersionBody>, ApiError> {
    let stage = body.stage.map(|stage| stage.parse().map_err(|error| invalid("stage", &error))).transpose()?;
    let promotion = Promotion { stage, canary_share: body.canary_share, note: body.note, expected_version };
    Ok(Json(app::promote(&state.platform, &actor, ModelVersionId::from_uuid(id), promotion).await?.into()))
}

/// Takes a version back: a trial ends, and what a version in production replaced serves again from the next run on. Answers with
/// the version that serves then, or whose trial ended. 409 if it neither serves nor is tried, or there is none to go back to.
#[utoipa::path(post, path = "/models/versions/{id}/rollback", tag = "models", operation_id = "roll_back_model_version", params(("id" = Uuid, Path)), request_body = RollbackBody, security(("bearer" = [])),
    responses((status = 200, body = ModelVersionBody), (status = "default", body = Problem)))]
pub(crate) async fn roll_back(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
    ExpectedVersion(expected_version): ExpectedVersion,
    Body(body): Body<RollbackBody>,
) -> Result<Json<ModelVersionBody>, ApiError> {
    let id = ModelVersionId::from_uuid(id);
    Ok(Json(app::roll_back(&state.platform, &actor, id, body.note, expected_version).await?.into()))
}

fn invalid(field: &str, error: &shelfiq_store::UnknownWord) -> ApiError {
    ApiError::invalid(field, error.to_string())
}
