//! Experiments and what they prove: price tests, the measured effect of decisions, A/B tests of models.
//!
//! - [`propose_price_test`]: the cheapest legal test that makes an elasticity as sure as asked, with what it costs and
//!   what it is worth; [`schedule_price_test`]: which price on which day; [`read_price_test`]: what it says so far. Look as
//!   often as you like: the answer stays honest.
//! - [`measure_by_peers`] and [`measure_by_test`]: what a decision did to units, revenue and margin, beside similar
//!   Skus that no decision touched or by the turns of a test; [`reconcile`]: the same by day, to the cent of the books.
//! - [`Assignment`], [`CountComparison`], [`Canary`]: who gets which variant, how long to wait, and when to roll back.
//!
//! Synchronous functions over values: no IO, no clock; chance is a seed. Amounts are exact, statistics floating point.

mod amount;
mod assignment;
mod canary;
mod day;
mod demand;
mod distributions;
mod effect;
mod error;
mod power;
mod price_test;
mod rate_slope;

pub use assignment::{Assignment, Variant};
pub use canary::{Canary, CanaryVerdict, LossPair};
pub use day::{DayQuality, SalesDay};
pub use demand::DailyDemand;
pub use effect::{
    Counterfactual, CounterfactualDay, DecisionCase, EffectAnswer, EffectMethod, EffectVerdict, LedgerLine,
    LedgerStatement, LedgerTotals, MeasureOptions, MeasuredEffect, MoneyEffect, PeerWeight, SalesHistory, UnitsEffect,
    Weakness, measure_by_peers, measure_by_test, reconcile,
};
pub use error::ExperimentError;
pub use power::{CountComparison, Looks};
pub use price_test::{
    Blocks, CostEstimate, DayRole, DropReason, DroppedDays, Layout, PriceComparison, PriceTestPlan, PriceTestQuestion,
    ReadingOptions, ScheduledDay, ScheduledPrice, StopReason, TestDay, TestGroup, TestLimits, TestProposal,
    TestReading, TestSchedule, TestValue, TestVerdict, propose_price_test, read_price_test, schedule_price_test,
};
