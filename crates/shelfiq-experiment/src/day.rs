//! One day of sales, as actually booked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Quantity};

/// Whether the sales of a day tell its demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayQuality {
    /// The Sku could be bought all day.
    Complete,
    /// Stock was out or the listing was down: sales understate demand, and the day is left out.
    Censored,
}

/// What one Sku sold on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesDay {
    /// The day in the merchant's zone.
    pub day: NaiveDate,
    /// Units sold.
    pub units: Quantity,
    /// What buyers paid for them.
    pub revenue: Money,
    /// What they cost; `None` when the unit cost is unknown.
    pub cost: Option<Money>,
    /// Whether the day tells demand.
    pub quality: DayQuality,
}
