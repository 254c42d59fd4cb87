//! Whether what models see has changed.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use shelfiq_app::models::{self as app, DriftLine, DriftReport};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// Whether what models see has stopped being what they learnt from: the last four weeks against the time before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DriftBody {
    /// Last day of data that was looked at; null before the first run.
    data_until: Option<NaiveDate>,
    /// One line a feature, drifted ones first.
    items: Vec<DriftLineBody>,
}

/// One feature in one statistic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DriftLineBody {
    /// `units`, `price`, `rival_gap`, `forecast_error`, `missing_price`, `missing_rival` or `days_without_sale`.
    feature: &'static str,
    /// `stability_index`, `distance`, `page_hinkley` or `share_change`.
    statistic: &'static str,
    /// Null where there is too little to compare.
    value: Option<f64>,
    /// From which value on it is drift.
    limit: f64,
    /// Since which last day of data it has drifted; null if it has not.
    since: Option<NaiveDate>,
    /// What follows from a drift: `retrain` or `alert`.
    consequence: &'static str,
    /// The numbers in words.
    sentence: String,
}

impl From<DriftReport> for DriftBody {
    fn from(report: DriftReport) -> Self {
        Self { data_until: report.data_until, items: report.lines.into_iter().map(Into::into).collect() }
    }
}

impl From<DriftLine> for DriftLineBody {
    fn from(line: DriftLine) -> Self {
        Self {
            feature: line.feature.as_str(),
            statistic: line.statistic.as_str(),
            value: line.value,
            limit: line.limit,
            since: line.since,
            consequence: line.consequence.as_str(),
            sentence: line.sentence,
        }
    }
}

/// Compares what models see with what they learnt from, as of the newest daily run.
#[utoipa::path(get, path = "/models/drift", tag = "models", operation_id = "get_drift", security(("bearer" = [])),
    responses((status = 200, body = DriftBody), (status = "default", body = Problem)))]
pub(crate) async fn get(State(state): State<ApiState>, Caller(actor): Caller) -> Result<Json<DriftBody>, ApiError> {
    Ok(Json(app::drift(&state.platform, &actor).await?.into()))
}
