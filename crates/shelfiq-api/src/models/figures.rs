//! How far forecasts were off, on the wire.

use serde::{Deserialize, Serialize};
use shelfiq_app::models::{AccuracyFigures, AccuracyQuery, Basis};
use shelfiq_core::ModelVersionId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::error::ApiError;

/// How far forecasts were off. A figure that is null is undefined for the group (nothing sold, nothing ever changed), not
/// zero.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccuracyFiguresBody {
    /// Skus judged.
    skus: i64,
    /// Sku-days judged; days without stock are left out.
    days: i64,
    /// Mean absolute error of the median over the usual change from week to week: below 1 is better than repeating last week.
    mase: Option<f64>,
    /// Sum of absolute errors over units sold: 0.4 is 40 %.
    wape: Option<f64>,
    /// Mean forecast less sales over sales: above zero when too much was forecast.
    bias: Option<f64>,
    /// Mean quantile loss in units per Sku and day.
    pinball: Option<f64>,
    /// Share of outcomes inside the 80 % interval.
    coverage_80: Option<f64>,
    /// Share of outcomes inside the 95 % interval.
    coverage_95: Option<f64>,
    /// Promised and observed shares for every level: the points of a calibration plot.
    calibration: Vec<CalibrationPointBody>,
}

/// One point of a calibration plot.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalibrationPointBody {
    /// Share of outcomes that the interval is meant to hold.
    nominal: f64,
    /// Share that it held.
    observed: f64,
}

impl From<&AccuracyFigures> for AccuracyFiguresBody {
    fn from(figures: &AccuracyFigures) -> Self {
        let [_, (_, coverage_80), _, (_, coverage_95)] = figures.coverage;
        let point = |(nominal, observed): &(f64, Option<f64>)| {
            observed.map(|observed| CalibrationPointBody { nominal: *nominal, observed })
        };
        Self {
            skus: figures.skus,
            days: figures.days,
            mase: figures.mase,
            wape: figures.wape,
            bias: figures.bias,
            pinball: figures.pinball,
            coverage_80,
            coverage_95,
            calibration: figures.coverage.iter().filter_map(point).collect(),
        }
    }
}

/// Which judged forecasts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccuracyParams {
    /// Id of a version; the one in production if not given. The leaderboard shows all
    version: Option<Uuid>,
    /// `smooth`, `erratic`, `intermittent`, `lumpy` or `new`
    #[param(max_length = 40)]
    demand_class: Option<String>,
    /// Distance by its first day ahead: 1 (days 1–7), 8 (8–14), 15 (15–28) or 29 (29–56)
    horizon_first_day: Option<i32>,
    /// `live` or `replayed`
    basis: Option<String>,
    /// Origins of the last so many weeks of data, 1 to 104; 26 if not given
    #[param(minimum = 1, maximum = 104)]
    weeks: Option<u32>,
}

impl AccuracyParams {
    /// The query as the use case takes it.
    pub(crate) fn query(self) -> Result<AccuracyQuery, ApiError> {
        let basis = |text: String| text.parse::<Basis>().map_err(|error| ApiError::invalid("basis", error.to_string()));
        Ok(AccuracyQuery {
            version: self.version.map(ModelVersionId::from_uuid),
            demand_class: self.demand_class,
            horizon_first_day: self.horizon_first_day,
            basis: self.basis.map(basis).transpose()?,
            weeks: self.weeks,
        })
    }
}
