//! What a price test says so far.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Quantity};
use shelfiq_pricing::{ElasticityBelief, Estimate};

use crate::DayQuality;

/// What one group sold on one day of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestDay {
    /// The day in the merchant's zone.
    pub day: NaiveDate,
    /// Index into the groups of the question.
    pub group: usize,
    /// The price that was really asked, major units.
    pub price: Decimal,
    /// Units sold.
    pub units: Quantity,
    /// Whether the day tells demand.
    pub quality: DayQuality,
}

/// How sure a reading must be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReadingOptions {
    /// Probability of ever claiming an effect that is not there, however often one looks: 0.05.
    pub error_probability: f64,
    /// Stop when going on would change the recommended price with less probability than this; 0 never stops for it.
    pub futility_probability: f64,
}

impl Default for ReadingOptions {
    /// 5 % and 2 %.
    fn default() -> Self {
        Self { error_probability: 0.05, futility_probability: 0.02 }
    }
}

/// One test price beside today's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriceComparison {
    /// The test price, major units.
    pub price: Decimal,
    /// What the objective earns at this price relative to today's, less one: 0.04 for 4 % more. The interval holds at all
    /// looks together; `None` while it is open at an end.
    pub change_ratio: Option<Estimate>,
    /// Change of the objective over a day at the usual demand, best guess.
    pub change_per_day: Money,
}

/// Why a day of the test was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// Planned: shortly after a change of price.
    Washout,
    /// Planned: a holiday or another frozen day.
    Frozen,
    /// Stock was out.
    Censored,
    /// Another price was asked than the schedule says.
    OtherPrice,
    /// No sales row came for the day.
    Missing,
}

/// Days of the test that were not counted, summed over the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedDays {
    /// Why.
    pub reason: DropReason,
    /// How many.
    pub days: u32,
}

/// Why to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// A test price earns more than today's: proven.
    Better,
    /// Every test price other than today's earns less: proven.
    Harm,
    /// The test has cost as much as it may.
    CostLimit,
    /// The elasticity is as sure as asked.
    Precise,
    /// Going on would hardly change the recommended price.
    Futile,
    /// All rounds are run.
    Complete,
}

/// Go on or stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestVerdict {
    /// Go on.
    Continue,
    /// Stop, and why.
    Stop(StopReason),
}

/// What the test says so far. Only whole rounds speak, except for the cost so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestReading {
    /// Whole rounds read.
    pub rounds_read: u32,
    /// Rounds of the plan.
    pub rounds_planned: u32,
    /// Counted days, summed over the groups.
    pub days_counted: u32,
    /// Days not counted, by reason; reasons without days are left out.
    pub days_dropped: Vec<DroppedDays>,
    /// Elasticity by the test alone. The interval holds at all looks together with probability `1 − error_probability`;
    /// `None` while it is open at an end.
    pub elasticity: Option<Estimate>,
    /// Probability of seeing as much as this at some look if price had no effect on units at all.
    pub no_effect_p_value: f64,
    /// Belief before the test and the test together.
    pub belief: ElasticityBelief,
    /// Each test price other than today's, beside today's.
    pub comparisons: Vec<PriceComparison>,
    /// What the test has cost so far, all days included: a guess that leans on the sales more than on the belief.
    pub cost_so_far: Money,
    /// Go on or stop.
    pub verdict: TestVerdict,
    /// The same in a sentence or two with numbers.
    pub summary: String,
}
