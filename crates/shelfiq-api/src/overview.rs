//! The first screen.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use shelfiq_app::overview::{self as app, Card, FreshnessState, Tone};
use shelfiq_app::products::ForecastDay;
use shelfiq_core::DateRange;
use shelfiq_forecast::{Stamp, Step};
use shelfiq_measures::{Direction, Unit};
use utoipa::{IntoParams, ToSchema};

use crate::alerts::AlertBody;
use crate::amount::MoneyBody;
use crate::caller::{Caller, Params};
use crate::error::{ApiError, Problem};
use crate::measures::CompareBody;
use crate::recommendations::RecommendationBody;
use crate::state::ApiState;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OverviewQuery {
    /// First day; 28 days up to the last day of data if absent
    from: Option<NaiveDate>,
    /// Last day; the last day of data if absent
    to: Option<NaiveDate>,
    /// `previous` (default), `last_year` or `none`
    #[param(inline)]
    compare: Option<CompareBody>,
}

/// The first screen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverviewBody {
    range: DaysBody,
    comparison: Option<DaysBody>,
    freshness: FreshnessBody,
    kpis: Vec<KpiBody>,
    revenue: RevenueBody,
    drivers: Vec<DriverBody>,
    opportunities: Vec<RecommendationBody>,
    alerts: Vec<AlertBody>,
    headlines: Vec<HeadlineBody>,
}

/// First and last day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DaysBody {
    from: NaiveDate,
    to: NaiveDate,
}

impl From<DateRange> for DaysBody {
    fn from(days: DateRange) -> Self {
        Self { from: days.first(), to: days.last() }
    }
}

/// How fresh the data are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreshnessBody {
    data_as_of: Option<DateTime<Utc>>,
    last_import_at: Option<DateTime<Utc>>,
    last_run_at: Option<DateTime<Utc>>,
    /// `fresh`, `late` or `empty`.
    state: &'static str,
    sentence: String,
}

/// A measure with its comparison.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KpiBody {
    pub(crate) measure: String,
    pub(crate) title: String,
    /// `money`, `count`, `ratio` or `days`.
    pub(crate) unit: &'static str,
    pub(crate) currency: Option<String>,
    pub(crate) value: Option<f64>,
    /// The value as an exact decimal.
    pub(crate) exact: Option<String>,
    pub(crate) previous: Option<f64>,
    /// Relative change.
    pub(crate) delta: Option<f64>,
    pub(crate) is_partial: bool,
    /// `up`, `down` or `neutral`: which direction is good.
    pub(crate) better: &'static str,
    /// A value per day.
    pub(crate) spark: Vec<Option<f64>>,
    pub(crate) note: Option<String>,
}

/// Net revenue over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevenueBody {
    /// Currency.
    unit: String,
    history: Vec<DayPointBody>,
    comparison: Vec<DayPointBody>,
    forecast: Vec<ForecastPointBody>,
    annotations: Vec<AnnotationBody>,
}

/// A value of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayPointBody {
    pub(crate) day: NaiveDate,
    pub(crate) value: Option<f64>,
    /// The day is not over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_partial: bool,
}

/// What is expected of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastPointBody {
    day: NaiveDate,
    mean: f64,
    median: f64,
    low80: f64,
    high80: f64,
    low95: f64,
    high95: f64,
}

impl From<ForecastDay> for ForecastPointBody {
    fn from(day: ForecastDay) -> Self {
        Self {
            day: day.day,
            mean: day.mean,
            median: day.median,
            low80: day.interval_80.0,
            high80: day.interval_80.1,
            low95: day.interval_95.0,
            high95: day.interval_95.1,
        }
    }
}

impl ForecastPointBody {
    /// A forecast's step with a calendar day and intervals at 80 and 95 %; `None` for any other.
    pub(crate) fn of(step: &Step) -> Option<Self> {
        let Stamp::Date(day) = step.stamp else { return None };
        let [eighty, ninety_five] = step.intervals.as_slice() else { return None };
        Some(Self {
            day,
            mean: step.mean,
            median: step.median,
            low80: eighty.lo,
            high80: eighty.hi,
            low95: ninety_five.lo,
            high95: ninety_five.hi,
        })
    }
}

/// A mark on a chart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnotationBody {
    pub(crate) day: NaiveDate,
    /// `price_change`, `promotion`, `stock_out`, `holiday` or `anomaly`.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

/// What moved net revenue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DriverBody {
    /// `category`, `sku`, `channel` or `country`.
    dimension: &'static str,
    name: String,
    sku: Option<String>,
    change: MoneyBody,
    /// Share of the whole change.
    share: f64,
}

/// A true sentence about this shop.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeadlineBody {
    text: String,
    /// `info`, `warning` or `critical`.
    severity: &'static str,
    link: Option<&'static str>,
}

/// What changed, why, what to do.
#[utoipa::path(get, path = "/overview", tag = "measures", operation_id = "overview", params(OverviewQuery), security(("bearer" = [])),
    responses((status = 200, body = OverviewBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<OverviewQuery>,
) -> Result<Json<OverviewBody>, ApiError> {
    let compare = query.compare.unwrap_or(CompareBody::Previous).comparison();
    let overview = app::get(&state.platform, &actor, app::Query { from: query.from, to: query.to, compare }).await?;
    let point = |day, value: rust_decimal::Decimal, is_partial| DayPointBody { day, value: value.to_f64(), is_partial };
    Ok(Json(OverviewBody {
        range: overview.days.into(),
        comparison: overview.compared_with.map(Into::into),
        freshness: freshness(&overview.freshness),
        kpis: overview.cards.iter().map(Into::into).collect(),
        revenue: RevenueBody {
            unit: overview.currency.to_string(),
            history: overview
                .revenue
                .into_iter()
                .map(|(day, value, is_partial)| point(day, value, is_partial))
                .collect(),
            comparison: overview.earlier_revenue.into_iter().map(|(day, value)| point(day, value, false)).collect(),
            forecast: overview.forecast.into_iter().map(Into::into).collect(),
            annotations: Vec::new(),
        },
        drivers: overview
            .drivers
            .into_iter()
            .map(|driver| DriverBody {
                dimension: driver.dimension.as_str(),
                sku: driver.sku,
                name: driver.name,
                change: driver.change.into(),
                share: driver.share.to_f64(),
            })
            .collect(),
        opportunities: overview.opportunities.into_iter().map(Into::into).collect(),
        alerts: overview.alerts.into_iter().map(Into::into).collect(),
        headlines: overview
            .headlines
            .into_iter()
            .map(|headline| HeadlineBody {
                text: headline.text,
                severity: match headline.tone {
                    Tone::Info => "info",
                    Tone::Warning => "warning",
                    Tone::Critical => "critical",
                },
                link: headline.link,
            })
            .collect(),
    }))
}

fn freshness(freshness: &app::Freshness) -> FreshnessBody {
    let (state, sentence) = match (freshness.state, freshness.data_as_of) {
        (FreshnessState::Empty, _) | (_, None) => {
            ("empty", "There are no orders yet: import a file to begin".to_owned())
        }
        (FreshnessState::Fresh, Some(at)) => ("fresh", format!("Orders up to {}", at.format("%-d %B %Y, %H:%M UTC"))),
        (FreshnessState::Late, Some(at)) => {
            ("late", format!("The newest order is from {}: import a newer file", at.format("%-d %B %Y")))
        }
    };
    FreshnessBody {
        data_as_of: freshness.data_as_of,
        last_import_at: freshness.last_import_at,
        last_run_at: freshness.last_run_at,
        state,
        sentence,
    }
}

impl From<&Card> for KpiBody {
    fn from(card: &Card) -> Self {
        let row = &card.row;
        let measure = row.measure.measure();
        let (value, previous, delta) = app::numbers(row);
        Self {
            measure: row.measure.to_string(),
            title: measure.title.to_owned(),
            unit: match measure.unit {
                Unit::Money => "money",
                Unit::Count => "count",
                Unit::Ratio => "ratio",
                Unit::Days => "days",
            },
            currency: row.currency.filter(|_| measure.unit == Unit::Money).map(|currency| currency.to_string()),
            value,
            exact: row.value.map(|value| value.number().normalize().to_string()),
            previous,
            delta,
            is_partial: row.is_partial,
            better: match measure.direction {
                Direction::Up => "up",
                Direction::Down => "down",
                Direction::Neutral => "neutral",
            },
            spark: card.daily.iter().map(|value| value.and_then(|value| value.to_f64())).collect(),
            note: row.coverage.map(|share| format!("cost known for {share} of net revenue")),
        }
    }
}
