//! Which price on which day.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a day of the test is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayRole {
    /// Its sales count.
    Counted,
    /// Shortly after a change of price: buyers still answer to the old one.
    Washout,
    /// A holiday or another day on which prices stay as they are and sales do not count.
    Frozen,
}

/// One day of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPrice {
    /// Index into [`crate::PriceTestPlan::prices`].
    pub price_index: usize,
    /// The price itself, major units.
    pub price: Decimal,
    /// Whether its sales count.
    pub role: DayRole,
}

/// One day of the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledDay {
    /// The day in the merchant's zone.
    pub day: NaiveDate,
    /// Round it belongs to, from 0.
    pub round: u32,
    /// One entry per group of the question, in its order.
    pub groups: Vec<ScheduledPrice>,
}

/// The whole test, day by day, without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestSchedule {
    /// Seed that decided the order of the prices.
    pub seed: u64,
    /// The days, ascending.
    pub days: Vec<ScheduledDay>,
}
