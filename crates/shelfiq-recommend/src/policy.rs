//! What a merchant wants of advice: thresholds, guard rails and assumptions, each with a default.

use serde::{Deserialize, Serialize};
use shelfiq_core::{ErrorKind, Money, Ratio};

/// The merchant's settings for advice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Least expected impact for advice to be worth a card. `None` shows everything above zero.
    pub min_impact: Option<Money>,
    /// Least confidence of price advice.
    pub min_confidence: Ratio,
    /// Least change of a price worth making.
    pub min_price_change: Ratio,
    /// Largest change of a price in one step, in either direction.
    pub max_price_change: Ratio,
    /// Least margin as a share of the price; no price advice goes below it.
    pub margin_floor: Ratio,
    /// Margin assumed where the cost is unknown; the evidence says so.
    pub assumed_margin: Ratio,
    /// Probability that stock lasts until the next order arrives.
    pub service_level: Ratio,
    /// Days between two looks at the stock.
    pub review_days: u32,
    /// Days that an order should last beyond lead time and review.
    pub cover_days: u32,
    /// Days of stock beyond which no order goes.
    pub max_cover_days: u32,
    /// Largest value of one order. `None` for no bound.
    pub max_order_value: Option<Money>,
    /// Correlation of the forecast errors of two days, where the forecast has no spread of sums: 0 lets them cancel out,
    /// 1 adds them up.
    pub daily_error_correlation: Ratio,
    /// Days of stock from which a Sku is a slow mover.
    pub slow_cover_days: u32,
    /// Days that a Sku must have been around before it can be a slow mover.
    pub slow_min_age_days: u32,
    /// What stock costs per year as a share of its value: capital, space, ageing.
    pub carrying_cost_per_year: Ratio,
    /// Largest markdown of a slow mover.
    pub max_markdown: Ratio,
    /// Days after which unanswered advice expires unless a new run renews it.
    pub expires_after_days: u32,
    /// Days after an accepted change in which no further advice of that kind is given for the Sku.
    pub rest_days: u32,
    /// Relative change of the impact, the price or the quantity from which dismissed advice may come back.
    pub material_change: Ratio,
    /// Hours in which a decision can be undone.
    pub undo_hours: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            min_impact: None,
            min_confidence: Ratio::from_percent(60),
            min_price_change: Ratio::from_percent(1),
            max_price_change: Ratio::from_percent(10),
            margin_floor: Ratio::from_percent(5),
            assumed_margin: Ratio::from_percent(30),
            service_level: Ratio::from_percent(95),
            review_days: 7,
            cover_days: 30,
            max_cover_days: 120,
            max_order_value: None,
            daily_error_correlation: Ratio::from_percent(20),
            slow_cover_days: 180,
            slow_min_age_days: 60,
            carrying_cost_per_year: Ratio::from_percent(25),
            max_markdown: Ratio::from_percent(50),
            expires_after_days: 7,
            rest_days: 7,
            material_change: Ratio::from_percent(25),
            undo_hours: 24,
        }
    }
}

impl Policy {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`PolicyError`] that names the first setting outside its bounds.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let shares = [
            ("min_confidence", self.min_confidence, 0, 100),
            ("min_price_change", self.min_price_change, 0, 100),
            ("max_price_change", self.max_price_change, 0, 100),
            ("margin_floor", self.margin_floor, -100, 100),
            ("assumed_margin", self.assumed_margin, 0, 100),
            ("service_level", self.service_level, 50, 99),
            ("daily_error_correlation", self.daily_error_correlation, 0, 100),
            ("carrying_cost_per_year", self.carrying_cost_per_year, 0, 500),
            ("max_markdown", self.max_markdown, 0, 90),
            ("material_change", self.material_change, 0, 1_000),
        ];
        for (setting, value, min, max) in shares {
            let (min, max) = (Ratio::from_percent(min), Ratio::from_percent(max));
            if value < min || value > max {
                return Err(PolicyError::ShareOutOfBounds { setting, value, min, max });
            }
        }
        let spans = [
            ("review_days", self.review_days, 1, 365),
            ("cover_days", self.cover_days, 1, 730),
            ("max_cover_days", self.max_cover_days, 1, 1_825),
            ("slow_cover_days", self.slow_cover_days, 30, 3_650),
            ("slow_min_age_days", self.slow_min_age_days, 0, 3_650),
            ("expires_after_days", self.expires_after_days, 1, 365),
            ("rest_days", self.rest_days, 0, 365),
            ("undo_hours", self.undo_hours, 0, 24 * 90),
        ];
        for (setting, value, min, max) in spans {
            if value < min || value > max {
                return Err(PolicyError::SpanOutOfBounds { setting, value, min, max });
            }
        }
        Ok(())
    }
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A share outside its bounds.
    #[error("`{setting}` is {value}, it must lie between {min} and {max}")]
    ShareOutOfBounds {
        /// Name of the setting.
        setting: &'static str,
        /// What was given.
        value: Ratio,
        /// Least value allowed.
        min: Ratio,
        /// Largest value allowed.
        max: Ratio,
    },
    /// A number of days or hours outside its bounds.
    #[error("`{setting}` is {value}, it must lie between {min} and {max}")]
    SpanOutOfBounds {
        /// Name of the setting.
        setting: &'static str,
        /// What was given.
        value: u32,
        /// Least value allowed.
        min: u32,
        /// Largest value allowed.
        max: u32,
    },
}

impl PolicyError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}
