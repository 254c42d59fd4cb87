//! A decision whose effect is in question.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, Sku};

use crate::SalesDay;

/// Daily sales of one Sku.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesHistory {
    /// Which.
    pub sku: Sku,
    /// Its days in any order, at most one row a day; days without sales have rows too. A missing day counts as censored.
    pub days: Vec<SalesDay>,
}

/// The decided Sku and the Skus it may be measured beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionCase {
    /// Currency of all amounts.
    pub currency: CurrencyCode,
    /// First day under the decision.
    pub first_day: NaiveDate,
    /// Last day with complete data.
    pub through: NaiveDate,
    /// The decided Sku, before and after.
    pub decided: SalesHistory,
    /// Similar Skus that no decision touched in the same time, ideally of the same category.
    pub peers: Vec<SalesHistory>,
}

/// How an effect is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureOptions {
    /// Days after the decision that are measured, in whole weeks. Before they are over the answer is "too early"; afterwards it
    /// never changes with the day on which one looks.
    pub measure_days: u32,
    /// Days before the decision that peers are compared over.
    pub history_days: u32,
    /// Fewest usable peers.
    pub peers_min: usize,
}

impl Default for MeasureOptions {
    /// Four weeks measured against 26 weeks before, beside at least five peers.
    fn default() -> Self {
        Self { measure_days: 28, history_days: 182, peers_min: 5 }
    }
}
