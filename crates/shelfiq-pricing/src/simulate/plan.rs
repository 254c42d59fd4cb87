//! What we mean to do, and suppose of others, day by day.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::outlook::is_amount;
use crate::error::PricingError;
use crate::optimize::to_f64;

/// Whether a day is promoted: shown on the first page, in the newsletter, with a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promotion {
    /// Not promoted.
    None,
    /// Promoted.
    Promoted,
}

/// One day of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayPlan {
    /// Price asked, major units.
    pub price: Decimal,
    /// Whether the day is promoted.
    pub promotion: Promotion,
    /// Units that arrive before the shop opens.
    pub delivered_units: f64,
    /// What the rival asks, major units; `None` without a rival. Where two plans suppose the same, the rival is free to answer
    /// to what differs between our prices.
    pub rival_price: Option<Decimal>,
}

/// A plan over the days of an outlook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// One entry a day, from tomorrow.
    pub days: Vec<DayPlan>,
    /// Units on hand before the first day; `None` when stock does not limit sales.
    pub stock_units: Option<f64>,
    /// Cost of one unit, major units; `None` when unknown, and then there is no margin.
    pub unit_cost: Option<Decimal>,
}

impl Plan {
    /// The same price every day, no promotion, no delivery, no rival, stock without limit.
    #[must_use]
    pub fn steady(price: Decimal, day_count: usize, unit_cost: Option<Decimal>) -> Self {
        let day = DayPlan { price, promotion: Promotion::None, delivered_units: 0.0, rival_price: None };
        Self { days: vec![day; day_count], stock_units: None, unit_cost }
    }

    pub(crate) fn check(&self, day_count: usize) -> Result<(), PricingError> {
        let refuse =
            |value: String, expected| Err(PricingError::InvalidProblem { quantity: "the plan", value, expected });
        if self.days.len() != day_count {
            return refuse(format!("{} days long", self.days.len()), "as long as the outlook");
        }
        let day_holds = |day: &DayPlan| {
            day.price > Decimal::ZERO
                && is_amount(day.delivered_units)
                && day.rival_price.is_none_or(|p| p > Decimal::ZERO)
        };
        if let Some(day) = self.days.iter().position(|day| !day_holds(day)) {
            return refuse(
                format!("impossible on day {}", day + 1),
                "made of prices above zero and deliveries of zero or more",
            );
        }
        if !self.stock_units.is_none_or(is_amount) || self.unit_cost.is_some_and(|cost| cost < Decimal::ZERO) {
            return refuse("below zero in stock or cost".to_owned(), "made of a stock and a cost of zero or more");
        }
        Ok(())
    }
}

impl DayPlan {
    /// The price as a number for statistics.
    pub(crate) fn amount(&self) -> f64 {
        to_f64(self.price)
    }

    pub(crate) fn rival_amount(&self) -> Option<f64> {
        self.rival_price.and_then(|price| price.to_f64())
    }
}
