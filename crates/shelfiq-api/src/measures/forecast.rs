//! What a measure is expected to be.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use shelfiq_app::measures as app;
use shelfiq_core::CalendarUnit;
use shelfiq_forecast::{Forecast, Status};
use utoipa::ToSchema;

use super::{PartBody, measure_named};
use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::overview::ForecastPointBody;
use crate::state::ApiState;

/// Length of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodBody {
    /// Calendar days of the shop.
    #[default]
    Day,
    /// Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
}

/// A measure to forecast.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureForecastQueryBody {
    /// Id of the measure.
    #[schema(example = "net_revenue")]
    measure: String,
    #[serde(default)]
    #[schema(inline)]
    by: PeriodBody,
    /// Periods ahead.
    #[schema(minimum = 1, maximum = 366, example = 28)]
    periods: usize,
    /// Which part of the shop; the whole of it if absent.
    #[serde(default)]
    only: PartBody,
}

/// A measure's past and what is expected of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureForecastBody {
    measure: String,
    /// Currency of amounts; null for counts and rates.
    currency: Option<String>,
    /// `ready`, `short_history` (a level with wide intervals, not to be acted on alone) or `nothing_observed`.
    status: &'static str,
    model: String,
    /// Models that take part, largest share first.
    members: Vec<ForecastMemberBody>,
    skill: Option<SkillBody>,
    /// Whole periods with data, in order.
    past: Vec<PastPeriodBody>,
    /// Periods ahead, in order, each named by its first day.
    steps: Vec<ForecastPointBody>,
}

/// A model's share of the forecast.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastMemberBody {
    model: String,
    /// 0 to 1.
    weight: f64,
}

/// How such forecasts did on the recent past.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkillBody {
    /// Mean absolute scaled error.
    mase: f64,
    /// Sum of absolute errors over sum of values; null where all values are zero.
    wape: Option<f64>,
    /// 0.2 means a fifth better than repeating the last season.
    over_seasonal_naive: f64,
}

/// A period that is over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PastPeriodBody {
    from: NaiveDate,
    value: Option<f64>,
    /// The same as an exact decimal.
    exact: Option<String>,
}

/// Forecasts a measure from the shop's whole history, with 80 and 95 % intervals.
#[utoipa::path(post, path = "/measures/forecast", tag = "measures", operation_id = "forecast_measure", request_body = MeasureForecastQueryBody, security(("bearer" = [])),
    responses((status = 200, body = MeasureForecastBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<MeasureForecastQueryBody>,
) -> Result<Json<MeasureForecastBody>, ApiError> {
    let request = app::MeasureForecastRequest {
        measure: measure_named("measure", &body.measure)?,
        period: match body.by {
            PeriodBody::Day => CalendarUnit::Day,
            PeriodBody::Week => CalendarUnit::Week,
            PeriodBody::Month => CalendarUnit::Month,
        },
        periods: body.periods,
        filter: body.only.filter()?,
    };
    Ok(Json(app::forecast(&state.platform, &actor, &request).await?.into()))
}

impl From<app::MeasureForecast> for MeasureForecastBody {
    fn from(answer: app::MeasureForecast) -> Self {
        let Forecast { status, model, members, skill, steps, .. } = answer.forecast;
        let past = answer.past.into_iter().map(|period| PastPeriodBody {
            from: period.from,
            value: period.value.and_then(|value| value.to_f64()),
            exact: period.value.map(|value| value.normalize().to_string()),
        });
        Self {
            measure: answer.measure.to_string(),
            currency: answer.currency.map(|currency| currency.to_string()),
            status: match status {
                Status::Ready => "ready",
                Status::ShortHistory { .. } => "short_history",
                Status::NothingObserved => "nothing_observed",
            },
            model,
            members: members
                .into_iter()
                .map(|member| ForecastMemberBody { model: member.model, weight: member.weight })
                .collect(),
            skill: skill.map(|skill| SkillBody {
                mase: skill.mase,
                wape: skill.wape,
                over_seasonal_naive: skill.over_seasonal_naive,
            }),
            past: past.collect(),
            steps: steps.iter().filter_map(ForecastPointBody::of).collect(),
        }
    }
}
