//! Uploading a file, streamed to disk.

use axum::Json;
use axum::extract::{Multipart, State};
use serde::Serialize;
use shelfiq_app::imports as app;
use shelfiq_core::ErrorKind;
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// The form with the file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form")]
pub(crate) struct UploadForm {
    /// CSV, TSV, NDJSON, XLSX or Parquet, also gzipped.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// An uploaded file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadBody {
    upload_id: String,
    file: String,
    bytes: u64,
}

/// Uploads a file. Nothing is imported yet.
#[utoipa::path(post, path = "/imports/uploads", tag = "imports", operation_id = "upload_file", request_body(content = UploadForm, content_type = "multipart/form-data"), security(("bearer" = [])),
    responses((status = 200, body = UploadBody), (status = "default", body = Problem)))]
pub(crate) async fn upload(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Json<UploadBody>, ApiError> {
    // Nobody sends a large file only to hear at its end that it was not allowed.
    app::may_import(&actor)?;
    let broken = |error: &dyn std::fmt::Display| {
        ApiError::new(ErrorKind::Invalid, "invalid_body", format!("the upload broke off or is not a form: {error}"))
    };
    let mut form = form.map_err(|error| broken(&error))?;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("upload").to_owned();
        let place = app::begin_upload(&state.platform, &actor, &name)?;
        let failed = |error: std::io::Error| {
            tracing::error!(%error, "failed to write an upload");
            ApiError::new(ErrorKind::Unavailable, "unavailable", "the file could not be stored: is the disk full?")
        };
        let mut file = tokio::fs::File::create(&place.path).await.map_err(failed)?;
        let mut bytes = 0;
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
            bytes += chunk.len() as u64;
            file.write_all(&chunk).await.map_err(failed)?;
        }
        file.flush().await.map_err(failed)?;
        return Ok(Json(UploadBody { upload_id: place.id, file: name, bytes }));
    }
    Err(ApiError::invalid("file", "the form has no part named `file`"))
}
