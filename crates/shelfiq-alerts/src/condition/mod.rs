//! The conditions, one file each. Every condition has two thresholds: where a case fires and, further back, where it is
//! over. Between them nothing changes, so that a value that trembles around one line raises one alert.

mod data_freshness;
mod data_quality;
mod demand_drop;
mod demand_spike;
mod forecast_quality;
mod margin_loss;
mod price_anomaly;
mod rating_drop;
mod rival_undercut;
mod stock_out_risk;
mod watched_anomaly;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Ratio};

pub use data_freshness::DataFreshness;
pub use data_quality::DataQuality;
pub use demand_drop::DemandDrop;
pub use demand_spike::DemandSpike;
pub use forecast_quality::ForecastQuality;
pub use margin_loss::MarginLoss;
pub use price_anomaly::PriceAnomaly;
pub use rating_drop::RatingDrop;
pub use rival_undercut::RivalUndercut;
pub use stock_out_risk::StockOutRisk;
pub use watched_anomaly::WatchedAnomaly;

use crate::{Action, AlertKind, Cause, Fact, Member, RuleError, WatchedSeries};

/// Four weeks of trading: every weekday was seen four times.
const HISTORY_DAYS_MIN: u32 = 28;

/// What a rule looks for, with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Condition {
    /// See [`PriceAnomaly`].
    PriceAnomaly(PriceAnomaly),
    /// See [`DemandSpike`].
    DemandSpike(DemandSpike),
    /// See [`DemandDrop`].
    DemandDrop(DemandDrop),
    /// See [`StockOutRisk`].
    StockOutRisk(StockOutRisk),
    /// See [`DataFreshness`].
    DataFreshness(DataFreshness),
    /// See [`MarginLoss`].
    MarginLoss(MarginLoss),
    /// See [`RivalUndercut`].
    RivalUndercut(RivalUndercut),
    /// See [`RatingDrop`].
    RatingDrop(RatingDrop),
    /// See [`ForecastQuality`].
    ForecastQuality(ForecastQuality),
    /// See [`DataQuality`].
    DataQuality(DataQuality),
    /// See [`WatchedAnomaly`]: the cheapest rival's price.
    RivalMove(WatchedAnomaly),
    /// See [`WatchedAnomaly`]: visits.
    TrafficChange(WatchedAnomaly),
    /// See [`WatchedAnomaly`]: reviews.
    ReviewSurge(WatchedAnomaly),
    /// See [`WatchedAnomaly`]: what counts find missing.
    StockLoss(WatchedAnomaly),
}

/// How a condition sees one fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Assessment {
    /// The condition holds.
    Holds(Holding),
    /// Neither: between the two thresholds.
    Between,
    /// The trouble is over or never was.
    Over,
    /// The fact is of another kind or says nothing (too little evidence). It moves no case.
    Silent,
    /// The condition holds, and the alert for the rest of its kind says so: no case of its own.
    Told,
}

/// The condition's own part of a finding; the rule adds the severity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Holding {
    pub(crate) sentence: String,
    pub(crate) since: DateTime<Utc>,
    pub(crate) money_at_stake: Option<Money>,
    pub(crate) cause: Cause,
    pub(crate) action: Action,
    /// Empty but for the rest.
    pub(crate) members: Vec<Member>,
}

impl Condition {
    /// The condition of this kind with its usual thresholds.
    #[must_use]
    pub fn default_of(kind: AlertKind) -> Self {
        match kind {
            AlertKind::PriceAnomaly => Self::PriceAnomaly(PriceAnomaly::default()),
            AlertKind::DemandSpike => Self::DemandSpike(DemandSpike::default()),
            AlertKind::DemandDrop => Self::DemandDrop(DemandDrop::default()),
            AlertKind::StockOutRisk => Self::StockOutRisk(StockOutRisk::default()),
            AlertKind::DataFreshness => Self::DataFreshness(DataFreshness::default()),
            AlertKind::MarginLoss => Self::MarginLoss(MarginLoss::default()),
            AlertKind::RivalUndercut => Self::RivalUndercut(RivalUndercut::default()),
            AlertKind::RatingDrop => Self::RatingDrop(RatingDrop::default()),
            AlertKind::ForecastQuality => Self::ForecastQuality(ForecastQuality::default()),
            AlertKind::DataQuality => Self::DataQuality(DataQuality::default()),
            AlertKind::RivalMove => Self::RivalMove(WatchedAnomaly::default()),
            AlertKind::TrafficChange => Self::TrafficChange(WatchedAnomaly::default()),
            AlertKind::ReviewSurge => Self::ReviewSurge(WatchedAnomaly::default()),
            AlertKind::StockLoss => Self::StockLoss(WatchedAnomaly::default()),
        }
    }

    /// The kind of trouble it looks for.
    #[must_use]
    pub const fn kind(&self) -> AlertKind {
        match self {
            Self::PriceAnomaly(_) => AlertKind::PriceAnomaly,
            Self::DemandSpike(_) => AlertKind::DemandSpike,
            Self::DemandDrop(_) => AlertKind::DemandDrop,
            Self::StockOutRisk(_) => AlertKind::StockOutRisk,
            Self::DataFreshness(_) => AlertKind::DataFreshness,
            Self::MarginLoss(_) => AlertKind::MarginLoss,
            Self::RivalUndercut(_) => AlertKind::RivalUndercut,
            Self::RatingDrop(_) => AlertKind::RatingDrop,
            Self::ForecastQuality(_) => AlertKind::ForecastQuality,
            Self::DataQuality(_) => AlertKind::DataQuality,
            Self::RivalMove(_) => AlertKind::RivalMove,
            Self::TrafficChange(_) => AlertKind::TrafficChange,
            Self::ReviewSurge(_) => AlertKind::ReviewSurge,
            Self::StockLoss(_) => AlertKind::StockLoss,
        }
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`RuleError`] that names the parameter and its bounds.
    pub fn validate(&self) -> Result<(), RuleError> {
        match self {
            Self::PriceAnomaly(condition) => condition.validate(),
            Self::DemandSpike(condition) => condition.validate(),
            Self::DemandDrop(condition) => condition.validate(),
            Self::StockOutRisk(condition) => condition.validate(),
            Self::DataFreshness(condition) => condition.validate(),
            Self::MarginLoss(condition) => condition.validate(),
            Self::RivalUndercut(condition) => condition.validate(),
            Self::RatingDrop(condition) => condition.validate(),
            Self::ForecastQuality(condition) => condition.validate(),
            Self::DataQuality(condition) => condition.validate(),
            Self::RivalMove(condition)
            | Self::TrafficChange(condition)
            | Self::ReviewSurge(condition)
            | Self::StockLoss(condition) => condition.validate(),
        }
    }

    pub(crate) fn assess(&self, fact: &Fact, now: DateTime<Utc>) -> Assessment {
        match (self, fact) {
            (Self::PriceAnomaly(condition), Fact::Price(fact)) => condition.assess(fact),
            (Self::DemandSpike(condition), Fact::Demand(fact)) => condition.assess(fact),
            (Self::DemandDrop(condition), Fact::Demand(fact)) => condition.assess(fact),
            (Self::StockOutRisk(condition), Fact::Stock(fact)) => condition.assess(fact),
            (Self::DataFreshness(condition), Fact::Feed(fact)) => condition.assess(fact, now),
            (Self::MarginLoss(condition), Fact::Margin(fact)) => condition.assess(fact),
            (Self::RivalUndercut(condition), Fact::Rival(fact)) => condition.assess(fact),
            (Self::RatingDrop(condition), Fact::Rating(fact)) => condition.assess(fact),
            (Self::ForecastQuality(condition), Fact::Forecast(fact)) => condition.assess(fact),
            (Self::DataQuality(condition), Fact::Quality(fact)) => condition.assess(fact),
            (condition, Fact::Watched(fact)) => {
                condition.watching(fact.series).map_or(Assessment::Silent, |own| own.assess(fact))
            }
            _ => Assessment::Silent,
        }
    }

    /// The condition if it looks at this series.
    const fn watching(&self, series: WatchedSeries) -> Option<&WatchedAnomaly> {
        match (self, series) {
            (Self::RivalMove(condition), WatchedSeries::RivalPrice)
            | (Self::TrafficChange(condition), WatchedSeries::Traffic)
            | (Self::ReviewSurge(condition), WatchedSeries::Reviews)
            | (Self::StockLoss(condition), WatchedSeries::MissingStock) => Some(condition),
            _ => None,
        }
    }
}

fn within(parameter: &'static str, value: f64, min: f64, max: f64) -> Result<(), RuleError> {
    if (min..=max).contains(&value) { Ok(()) } else { Err(RuleError::OutOfBounds { parameter, value, min, max }) }
}

fn ratio_within(parameter: &'static str, value: Ratio, min: f64, max: f64) -> Result<(), RuleError> {
    within(parameter, value.to_f64(), min, max)
}

/// A count of units as a person writes it: whole from ten on, one decimal below.
fn units(value: f64) -> String {
    if value.abs() >= 10.0 || value == value.round() { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// An expected range, or the one number if both ends read the same.
fn range(lo: f64, hi: f64) -> String {
    let (lo, hi) = (units(lo), units(hi));
    if lo == hi { lo } else { format!("{lo}–{hi}") }
}

fn days(count: f64) -> String {
    let whole = count.round();
    if whole == 1.0 { "1 day".to_owned() } else { format!("{whole:.0} days") }
}
