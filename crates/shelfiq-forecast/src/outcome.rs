//! What a forecast says.

use serde::{Deserialize, Serialize};

use crate::calendar::Stamp;
use crate::demand_class::DemandClass;
use crate::options::Level;

/// The forecast of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The series.
    pub id: String,
    /// How much stands behind it.
    pub status: Status,
    /// The kind of demand.
    pub class: DemandClass,
    /// Season in periods that was used; one if none.
    pub season_periods: usize,
    /// `ensemble`, or the single model that made it.
    pub model: String,
    /// The models that take part and their shares, which add up to one; largest first.
    pub members: Vec<Member>,
    /// How well it did when tried on the recent past; absent where the history is too short to try.
    pub skill: Option<Skill>,
    /// One per period ahead, in order. Empty if nothing was observed at all.
    pub steps: Vec<Step>,
    /// Factor by which holidays move the mean of each step; empty where none does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holiday_factors: Vec<f64>,
    /// Factor by which the season of the year moves the mean of each step, compared with the last week of the history;
    /// empty where it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yearly_factors: Vec<f64>,
}

/// How much stands behind a forecast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Status {
    /// Models were tried on the past and weighed.
    Ready,
    /// Too few observations to try models: a level with wide intervals, not to be acted on alone.
    ShortHistory {
        /// Periods observed.
        observed: usize,
        /// Periods needed.
        needed: usize,
    },
    /// Nothing was observed.
    NothingObserved,
}

/// A model's share of an ensemble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The model.
    pub model: String,
    /// Its weight, 0 to 1.
    pub weight: f64,
}

/// Errors on rolling origins inside the history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// Mean absolute scaled error.
    pub mase: f64,
    /// Sum of absolute errors over sum of absolute values; absent where all values are zero.
    pub wape: Option<f64>,
    /// One minus the ratio of its mean absolute error to that of the seasonal-naive forecast: 0.2 means a fifth
    /// better, below zero worse.
    pub over_seasonal_naive: f64,
    /// Origins tried.
    pub origins: usize,
}

/// One period ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The period.
    pub stamp: Stamp,
    /// Conditional mean: what adds up over periods and Skus, for stock and money.
    pub mean: f64,
    /// Conditional median: as likely to be exceeded as not.
    pub median: f64,
    /// One interval per level asked for, in that order.
    pub intervals: Vec<Interval>,
    /// Demand from the first period ahead up to this one, for stock decisions.
    pub cumulative: Cumulative,
}

/// A range that holds the outcome as often as its level says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Share of outcomes it is meant to hold.
    pub level: Level,
    /// Lower end, included.
    pub lo: f64,
    /// Upper end, included.
    pub hi: f64,
}

/// The sum of several periods ahead. Its intervals are narrower than sums of single intervals, since errors partly
/// cancel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cumulative {
    /// Conditional mean.
    pub mean: f64,
    /// One interval per level asked for, in that order.
    pub intervals: Vec<Interval>,
}
