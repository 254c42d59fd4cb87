//! What a test says, on the wire.

use serde::Serialize;
use shelfiq_core::CurrencyCode;
use shelfiq_experiment::{TestReading, TestVerdict};
use shelfiq_pricing::Estimate;
use utoipa::ToSchema;

use super::plan::BeliefBody;
use crate::amount::MoneyBody;
use crate::ledger::effect::word;
use crate::products::price_body;

/// What a test says so far. Look as often as you like: its intervals hold at all looks together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadingBody {
    rounds_read: u32,
    rounds_planned: u32,
    days_counted: u32,
    days_dropped: Vec<DroppedBody>,
    /// Elasticity by the test alone; null while its interval is open at an end.
    elasticity: Option<EstimateBody>,
    /// Probability of seeing as much as this at some look if price had no effect on units.
    no_effect_p_value: f64,
    /// What is believed after the test so far.
    belief: BeliefBody,
    comparisons: Vec<ComparisonBody>,
    /// Best guess of what the test has cost so far.
    cost_so_far: MoneyBody,
    /// Whether enough is known to stop.
    may_stop: bool,
    /// `continue`, or why to stop: `better`, `harm`, `cost_limit`, `precise`, `futile` or `complete`.
    verdict: String,
    /// The same in a sentence or two.
    summary: String,
}

/// Days of the test that were not counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DroppedBody {
    /// `washout`, `frozen`, `censored`, `other_price` or `missing`.
    reason: String,
    days: u32,
}

/// An expected value with its interval.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EstimateBody {
    expected: f64,
    low: f64,
    high: f64,
}

/// A test price beside today's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonBody {
    price: MoneyBody,
    /// What it earns relative to today's price: 0.04 is 4 % more; null while the interval is open at an end.
    change_ratio: Option<EstimateBody>,
    /// The change over a day at the usual demand.
    change_per_day: MoneyBody,
}

impl ReadingBody {
    pub(super) fn of(reading: TestReading, currency: CurrencyCode) -> Self {
        let verdict = match reading.verdict {
            TestVerdict::Continue => "continue".to_owned(),
            TestVerdict::Stop(reason) => word(&reason),
        };
        Self {
            rounds_read: reading.rounds_read,
            rounds_planned: reading.rounds_planned,
            days_counted: reading.days_counted,
            days_dropped: reading
                .days_dropped
                .iter()
                .map(|dropped| DroppedBody { reason: word(&dropped.reason), days: dropped.days })
                .collect(),
            elasticity: reading.elasticity.map(EstimateBody::from),
            no_effect_p_value: reading.no_effect_p_value,
            belief: reading.belief.into(),
            comparisons: reading
                .comparisons
                .iter()
                .map(|comparison| ComparisonBody {
                    price: price_body(comparison.price, currency),
                    change_ratio: comparison.change_ratio.map(EstimateBody::from),
                    change_per_day: comparison.change_per_day.into(),
                })
                .collect(),
            cost_so_far: reading.cost_so_far.into(),
            may_stop: reading.verdict != TestVerdict::Continue,
            verdict,
            summary: reading.summary,
        }
    }
}

impl From<Estimate> for EstimateBody {
    fn from(estimate: Estimate) -> Self {
        Self { expected: estimate.expected, low: estimate.lo, high: estimate.hi }
    }
}
