//! Counts of units.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

/// Whole units of a Sku. Negative where units come back (a cancellation, a return, a stock correction).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// No units.
    pub const ZERO: Self = Self(0);

    /// So many units.
    #[must_use]
    pub const fn new(units: i64) -> Self {
        Self(units)
    }

    /// The number of units.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl Sum for Quantity {
    /// Saturates at the ends of `i64`: more units than that exist in no shop.
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        Self(quantities.fold(0_i64, |total, quantity| total.saturating_add(quantity.0)))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
