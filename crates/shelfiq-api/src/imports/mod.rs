//! Imports: upload, preview, run, undo, rejects.

pub(crate) mod preview;
pub(crate) mod upload;

use axum::Json;
use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_app::imports as app;
use shelfiq_core::ImportId;
use shelfiq_store::imports::Import;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::{Body, Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PageBody, PageQuery};
use crate::state::ApiState;
use preview::{ControlTotalsBody, ImportRequestBody};

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportBody {
    id: Uuid,
    /// `queued`, `running`, `finished`, `failed`, `undoing` or `undone`.
    status: String,
    store: Option<Uuid>,
    files: Vec<ImportedFileBody>,
    counts: ImportCountsBody,
    totals: Option<ControlTotalsBody>,
    /// Share done, 0 to 1.
    progress: f64,
    stage: Option<String>,
    error: Option<String>,
    /// Whether rows were refused and can be downloaded with their reasons.
    has_rejects: bool,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    started_by: String,
}

/// What became of one file.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct ImportedFileBody {
    file: String,
    kind: String,
    rows: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    rejected: u64,
}

/// Rows by what became of them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ImportCountsBody {
    pub(crate) rows: u64,
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
}

impl From<Import> for ImportBody {
    fn from(import: Import) -> Self {
        let totals = import.totals.and_then(|totals| serde_json::from_value(totals).ok());
        Self {
            id: import.id.as_uuid(),
            status: import.status.to_string(),
            store: import.store.map(shelfiq_core::StoreId::as_uuid),
            files: serde_json::from_value(import.files).unwrap_or_default(),
            counts: ImportCountsBody {
                rows: import.counts.rows,
                new: import.counts.new,
                changed: import.counts.changed,
                unchanged: import.counts.unchanged,
                rejected: import.counts.rejected,
            },
            totals: totals.map(|totals| ControlTotalsBody::of(&totals)),
            progress: import.progress,
            stage: import.stage,
            error: import.error,
            has_rejects: import.rejects_file.is_some(),
            started_at: import.started_at.unwrap_or(import.created_at),
            finished_at: import.finished_at,
            started_by: import.started_by.to_string(),
        }
    }
}

/// Lists imports, newest first.
#[utoipa::path(get, path = "/imports", tag = "imports", operation_id = "list_imports", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<ImportBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(page): Params<PageQuery>,
) -> Result<Json<PageBody<ImportBody>>, ApiError> {
    Ok(Json(PageBody::of(app::list(&state.platform, &actor, page.limit(), page.after).await?, None)))
}

/// Imports an uploaded file in the background.
#[utoipa::path(post, path = "/imports", tag = "imports", operation_id = "start_import", request_body = ImportRequestBody, security(("bearer" = [])),
    responses((status = 202, body = ImportBody), (status = "default", body = Problem)))]
pub(crate) async fn start(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<ImportRequestBody>,
) -> Result<(StatusCode, Json<ImportBody>), ApiError> {
    let request = body.request()?;
    Ok((StatusCode::ACCEPTED, Json(app::start(&state.platform, &actor, &body.upload_id, request).await?.into())))
}

/// One import.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", operation_id = "get_import", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = ImportBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<ImportBody>, ApiError> {
    Ok(Json(app::get(&state.platform, &actor, ImportId::from_uuid(id)).await?.into()))
}

/// Takes an import back in the background: exactly what it added goes, what it changed returns.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "imports", operation_id = "undo_import", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 202, body = ImportBody), (status = "default", body = Problem)))]
pub(crate) async fn undo(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<(StatusCode, Json<ImportBody>), ApiError> {
    Ok((StatusCode::ACCEPTED, Json(app::start_undo(&state.platform, &actor, ImportId::from_uuid(id)).await?.into())))
}

/// The refused rows with their line numbers and reasons, as CSV.
#[utoipa::path(get, path = "/imports/{id}/rejects", tag = "imports", operation_id = "import_rejects", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "default", body = Problem)))]
pub(crate) async fn rejects(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Response, ApiError> {
    let path = app::rejects_file(&state.platform, &actor, ImportId::from_uuid(id)).await?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("rejects.csv").replace(['"', '\\'], "_");
    let file = tokio::fs::File::open(&path).await.map_err(|_| {
        ApiError::new(shelfiq_core::ErrorKind::NotFound, "not_found", "the rejects file of this import is gone")
    })?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, HttpBody::from_stream(ReaderStream::new(file))).into_response())
}
