//! Background work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_app::jobs as app;
use shelfiq_core::JobId;
use shelfiq_store::jobs::Job;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::{Body, Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PageBody, PageQuery};
use crate::state::ApiState;

/// A piece of background work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobBody {
    id: Uuid,
    kind: String,
    /// `queued`, `running`, `done` or `dead`.
    status: String,
    /// Share done, 0 to 1.
    progress: f64,
    stage: Option<String>,
    error: Option<String>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        Self {
            id: job.id.as_uuid(),
            kind: job.kind,
            status: job.status.to_string(),
            progress: job.progress,
            stage: job.stage,
            error: job.error,
            created_at: job.created_at,
            finished_at: job.finished_at,
        }
    }
}

/// Work to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewJobBody {
    /// `daily`, `forecasts`, `elasticities`, `anomalies`, `recommendations`, `alerts` or `housekeeping`.
    #[schema(example = "daily")]
    kind: String,
}

/// Lists jobs, newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", operation_id = "list_jobs", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<JobBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(page): Params<PageQuery>,
) -> Result<Json<PageBody<JobBody>>, ApiError> {
    Ok(Json(PageBody::of(app::list(&state.platform, &actor, page.limit(), page.after).await?, None)))
}

/// Starts work; work of the same kind that already waits is not doubled.
#[utoipa::path(post, path = "/jobs", tag = "jobs", operation_id = "start_job", request_body = NewJobBody, security(("bearer" = [])),
    responses((status = 202, body = JobBody), (status = "default", body = Problem)))]
pub(crate) async fn start(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<NewJobBody>,
) -> Result<(StatusCode, Json<JobBody>), ApiError> {
    Ok((StatusCode::ACCEPTED, Json(app::start(&state.platform, &actor, &body.kind).await?.into())))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", operation_id = "get_job", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = JobBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<JobBody>, ApiError> {
    Ok(Json(app::get(&state.platform, &actor, JobId::from_uuid(id)).await?.into()))
}
