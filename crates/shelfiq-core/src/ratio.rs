//! Dimensionless proportions.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A proportion: 0.25 means 25 %. Exact decimal; may be negative or above one (a margin, a growth rate).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratio(Decimal);

impl Ratio {
    /// Nothing: 0 %.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// The whole: 100 %.
    pub const ONE: Self = Self(Decimal::ONE);

    /// A proportion as a plain number: `0.25` for 25 %.
    #[must_use]
    pub const fn new(proportion: Decimal) -> Self {
        Self(proportion)
    }

    /// So many percent.
    #[must_use]
    pub fn from_percent(percent: i64) -> Self {
        Self(Decimal::new(percent, 2))
    }

    /// The plain number: `0.25` for 25 %.
    #[must_use]
    pub const fn proportion(self) -> Decimal {
        self.0
    }

    /// The plain number as a float, for statistics and drawing; never for money.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.0.try_into().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Ratio {
    /// In percent with one decimal: `25.0 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A precision alone would cut digits off instead of rounding.
        write!(f, "{:.1} %", (self.0 * Decimal::ONE_HUNDRED).round_dp(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_shown_in_percent_and_rounded() {
        let shown = ["0.25", "0.0426", "-0.0999", "1.2345"].map(|text| Ratio::new(text.parse().unwrap()).to_string());
        assert_eq!(shown, ["25.0 %", "4.3 %", "-10.0 %", "123.4 %"]);
    }
}
