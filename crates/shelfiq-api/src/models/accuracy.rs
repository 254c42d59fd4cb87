//! The course of one version, and of one Sku.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use shelfiq_app::models as app;
use shelfiq_core::Sku;
use utoipa::ToSchema;
use uuid::Uuid;

use super::figures::{AccuracyFiguresBody, AccuracyParams};
use super::versions::ModelVersionBody;
use crate::caller::{Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// How far the forecasts of one version were off, over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelAccuracyBody {
    version: ModelVersionBody,
    /// All origins together.
    total: AccuracyFiguresBody,
    /// By origin, oldest first.
    points: Vec<AccuracyPointBody>,
    /// By distance.
    horizons: Vec<HorizonBody>,
}

/// What became of the forecasts of one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccuracyPointBody {
    /// Last day of data that the forecasts knew.
    origin: NaiveDate,
    /// `live`: made then. `replayed`: made later, from what is now known about the time up to the origin.
    basis: String,
    figures: AccuracyFiguresBody,
}

/// Figures at one distance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HorizonBody {
    /// First day ahead: 1 (days 1–7), 8 (8–14), 15 (15–28) or 29 (29–56).
    first_day: i32,
    figures: AccuracyFiguresBody,
}

/// How well one Sku was foreseen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkuAccuracyBody {
    /// By version, over the kept origins.
    versions: Vec<SkuVersionBody>,
    /// Day by day, what the version in production had said last before it; oldest first.
    days: Vec<ForeseenDayBody>,
}

/// One version's figures for a Sku.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkuVersionBody {
    version_id: Uuid,
    figures: AccuracyFiguresBody,
}

/// One day as it was expected and as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForeseenDayBody {
    day: NaiveDate,
    /// Last day of data that the forecast knew.
    origin: NaiveDate,
    /// `live` or `replayed`.
    basis: String,
    mean: f64,
    median: f64,
    low80: f64,
    high80: f64,
    /// Units that sold; null where stock was out.
    actual: Option<f64>,
}

/// How far the forecasts of one version were off: by origin, by distance, and how often intervals held what they promised.
/// Figures are those of the present data: a correction that comes late changes them while the forecast is kept (13 weeks).
#[utoipa::path(get, path = "/models/accuracy", tag = "models", operation_id = "get_model_accuracy", params(AccuracyParams), security(("bearer" = [])),
    responses((status = 200, body = ModelAccuracyBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<AccuracyParams>,
) -> Result<Json<ModelAccuracyBody>, ApiError> {
    let report = app::accuracy(&state.platform, &actor, &params.query()?).await?;
    Ok(Json(ModelAccuracyBody {
        version: report.version.into(),
        total: (&report.total).into(),
        points: report
            .points
            .iter()
            .map(|point| AccuracyPointBody {
                origin: point.origin,
                basis: point.basis.to_string(),
                figures: (&point.figures).into(),
            })
            .collect(),
        horizons: report
            .horizons
            .iter()
            .map(|(first_day, figures)| HorizonBody { first_day: *first_day, figures: figures.into() })
            .collect(),
    }))
}

/// How well one Sku was foreseen: forecast beside what happened.
#[utoipa::path(get, path = "/products/{sku}/accuracy", tag = "models", operation_id = "get_sku_accuracy", params(("sku" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = SkuAccuracyBody), (status = "default", body = Problem)))]
pub(crate) async fn of_sku(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
) -> Result<Json<SkuAccuracyBody>, ApiError> {
    let sku = Sku::new(&sku).map_err(|error| ApiError::invalid("sku", error.to_string()))?;
    let found = app::sku_accuracy(&state.platform, &actor, &sku).await?;
    Ok(Json(SkuAccuracyBody {
        versions: found
            .versions
            .iter()
            .map(|(version, figures)| SkuVersionBody { version_id: version.as_uuid(), figures: figures.into() })
            .collect(),
        days: found
            .days
            .iter()
            .map(|day| ForeseenDayBody {
                day: day.day,
                origin: day.origin,
                basis: day.basis.to_string(),
                mean: day.mean,
                median: day.median,
                low80: day.interval_80.0,
                high80: day.interval_80.1,
                actual: day.actual,
            })
            .collect(),
    }))
}
