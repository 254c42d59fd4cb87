//! Read-only SQL.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shelfiq_app::sql::{self as app, AsOf, CellFormat};
use utoipa::ToSchema;

use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// Rows that one answer may hold.
const ROWS_MAX: usize = 10_000;

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlBody {
    /// One SELECT.
    #[schema(max_length = 100_000, example = "select count(*) from order_lines")]
    query: String,
    /// Answer from the tables as they were then.
    #[serde(default)]
    as_of: Option<DateTime<Utc>>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SqlAnswerBody {
    columns: Vec<SqlColumnBody>,
    /// Rows of cells: numbers, texts, booleans or null; amounts are exact decimals.
    #[schema(value_type = Vec<Vec<Value>>)]
    rows: Vec<Vec<Box<RawValue>>>,
    /// Whether there were more than 10,000 rows.
    truncated: bool,
    duration_ms: u64,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SqlColumnBody {
    name: String,
    /// `text`, `integer`, `number`, `decimal`, `boolean`, `date` or `timestamp`.
    #[serde(rename = "type")]
    kind: String,
}

/// Answers one SELECT over the merchant's tables.
#[utoipa::path(post, path = "/sql", tag = "query", operation_id = "ask_sql", request_body = SqlBody, security(("bearer" = [])),
    responses((status = 200, body = SqlAnswerBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<SqlBody>,
) -> Result<Json<SqlAnswerBody>, ApiError> {
    let began = std::time::Instant::now();
    let as_of = body.as_of.map_or(AsOf::Now, AsOf::Time);
    let answer = app::ask(&state.platform, &actor, &body.query, as_of, Some(ROWS_MAX)).await?;
    let mut rows = Vec::with_capacity(answer.rows());
    let written = answer.write_rows(CellFormat::Json, |cells| {
        let row = cells.iter().map(|cell| RawValue::from_string(cell.clone())).collect::<Result<_, _>>();
        rows.push(row.map_err(std::io::Error::other)?);
        Ok(())
    });
    written.map_err(|error| ApiError::new(shelfiq_core::ErrorKind::Internal, "internal", error.to_string()))?;
    Ok(Json(SqlAnswerBody {
        columns: answer
            .columns()
            .into_iter()
            .map(|column| SqlColumnBody { name: column.name, kind: column.kind })
            .collect(),
        rows,
        truncated: answer.is_cut(),
        duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}
