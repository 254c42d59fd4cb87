//! How much a Sku sells on a day, and how far days and weeks scatter: what an experiment has to see through.

use serde::{Deserialize, Serialize};

/// Demand at today's price without trend: mean, weekly pattern and noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailyDemand {
    /// Mean units a day.
    pub units_per_day: f64,
    /// Variance of a day's units over their mean, weekly pattern removed. Independent buyers give 1, crowds more.
    pub dispersion: f64,
    /// How far the level of one week differs from the next beyond that: standard deviation of its log.
    pub week_log_sd: f64,
    /// Monday to Sunday relative to an average day; the mean is 1.
    pub weekday_weights: [f64; 7],
    /// Whole weeks of history this was learned from; 0 when assumed.
    pub history_weeks: u32,
}
