//! Measured effects, and honest answers when there is none to tell.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Sku, UnitPrice};

/// How an effect was measured, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectMethod {
    /// Old and new took turns, in random order.
    SwitchBack,
    /// Old and new ran side by side in different groups of sales, and swapped.
    Split,
    /// Beside a weighted mean of similar Skus that no decision touched.
    Peers,
}

/// What a reader must know before trusting an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    /// Something else may have hit just this Sku at the same time; only a test rules that out.
    NotRandomised,
    /// Buyers may have come from, or gone to, what it was compared with.
    PeersMayShareBuyers,
    /// Buyers who saw both prices may have waited for the lower one.
    BuyersMayWait,
    /// Few peers: the interval is wide and rests on few comparisons.
    FewPeers,
    /// Peers followed this Sku badly before the decision.
    PoorFit,
    /// Less history than asked for.
    ShortHistory,
    /// Days with empty shelves were left out.
    CensoredDays,
    /// Few units: one order more or less matters.
    FewSales,
}

/// Whether the effect is told apart from nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectVerdict {
    /// More units: the 95 % interval lies above zero.
    More,
    /// Fewer units: the 95 % interval lies below zero.
    Fewer,
    /// The interval holds zero.
    Unclear,
}

/// Effect on units over the measured days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UnitsEffect {
    /// Best guess: actual less counterfactual.
    pub expected: f64,
    /// 80 % interval.
    pub interval_80: [f64; 2],
    /// 95 % interval.
    pub interval_95: [f64; 2],
    /// Best guess relative to the counterfactual: 0.05 for 5 % more.
    pub expected_ratio: f64,
    /// 95 % interval of the same.
    pub ratio_interval_95: [f64; 2],
}

/// Effect on an amount over the measured days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyEffect {
    /// Best guess: actual less counterfactual, exact.
    pub expected: Money,
    /// 80 % interval.
    pub interval_80: [Money; 2],
    /// 95 % interval.
    pub interval_95: [Money; 2],
}

/// One day as it would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterfactualDay {
    /// The day.
    pub day: NaiveDate,
    /// Units that would have been sold, to six decimals.
    pub units: Decimal,
}

/// What would have been sold without the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterfactual {
    /// The measured days, ascending.
    pub days: Vec<CounterfactualDay>,
    /// What buyers would have paid for a unit.
    pub unit_revenue: UnitPrice,
    /// What a unit would have cost; `None` when unknown.
    pub unit_cost: Option<UnitPrice>,
}

/// A peer and how much it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeerWeight {
    /// Which.
    pub sku: Sku,
    /// Its share in the weighted mean; the shares sum to one.
    pub weight: f64,
}

/// An effect with everything needed to judge it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredEffect {
    /// How it was measured.
    pub method: EffectMethod,
    /// First measured day.
    pub first_day: NaiveDate,
    /// Last measured day.
    pub last_day: NaiveDate,
    /// Days that count.
    pub days_measured: u32,
    /// Effect on units.
    pub units: UnitsEffect,
    /// Effect on revenue.
    pub revenue: MoneyEffect,
    /// Effect on gross margin; `None` when costs are unknown.
    pub margin: Option<MoneyEffect>,
    /// Whether it is told apart from nothing.
    pub verdict: EffectVerdict,
    /// What it was compared with, day by day.
    pub counterfactual: Counterfactual,
    /// Peers by weight, heaviest first; empty for a test.
    pub peers: Vec<PeerWeight>,
    /// What a reader must know.
    pub weaknesses: Vec<Weakness>,
    /// All of it in a few sentences.
    pub summary: String,
}

/// The answer to "what did it do?".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum EffectAnswer {
    /// This much.
    Measured {
        /// The effect.
        effect: Box<MeasuredEffect>,
    },
    /// Ask again later.
    TooEarly {
        /// First day on which there will be an answer.
        ready_on: NaiveDate,
        /// The same in a sentence.
        summary: String,
    },
    /// Too few similar Skus that no decision touched.
    NoComparableProducts {
        /// Usable peers found.
        found: usize,
        /// Peers needed.
        needed: usize,
        /// The same in a sentence.
        summary: String,
    },
    /// The Sku itself sold too little, or for too short a time, before or after.
    TooFewSales {
        /// The same in a sentence.
        summary: String,
    },
}
