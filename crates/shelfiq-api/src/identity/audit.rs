//! Who changed what.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use shelfiq_store::audit::AuditEntry;
use utoipa::ToSchema;

use crate::caller::{Caller, Params};
use crate::error::{ApiError, Problem};
use crate::page::{PageBody, PageQuery};
use crate::state::ApiState;

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntryBody {
    /// Number in order of writing.
    id: String,
    at: DateTime<Utc>,
    /// `member:<id>`, `api_key:<id>` or `system:<part>`.
    actor: String,
    /// What was done.
    action: String,
    /// What it was done to.
    subject: String,
    /// The subject before.
    #[schema(value_type = Option<Object>)]
    before: Option<serde_json::Value>,
    /// The subject after.
    #[schema(value_type = Option<Object>)]
    after: Option<serde_json::Value>,
}

impl From<AuditEntry> for AuditEntryBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.number.to_string(),
            at: entry.at,
            actor: entry.author.to_string(),
            action: entry.action,
            subject: entry.subject,
            before: entry.before,
            after: entry.after,
        }
    }
}

/// Lists changes, newest first.
#[utoipa::path(get, path = "/audit", tag = "identity", operation_id = "list_audit", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<AuditEntryBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(page): Params<PageQuery>,
) -> Result<Json<PageBody<AuditEntryBody>>, ApiError> {
    Ok(Json(PageBody::of(state.identity.audit_log(&actor, &page.request()).await?, None)))
}
