//! Values of measures.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Money, MoneyError, Ratio, Rounding};

/// A value in the unit of its measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureValue {
    /// An exact amount.
    Money(Amount),
    /// Whole things.
    Count(i64),
    /// A proportion.
    Ratio(Ratio),
    /// Days, with a fraction.
    Days(Decimal),
}

/// An exact amount in major units: a sum of unit prices that may be finer than the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Major units, exact.
    pub exact: Decimal,
    /// The currency.
    pub currency: CurrencyCode,
}

impl Amount {
    /// The amount in whole minor units, rounded half to even: the one place where a measure is rounded.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if it does not fit.
    pub fn booked(self) -> Result<Money, MoneyError> {
        Money::from_major(self.exact, self.currency, Rounding::HalfEven)
    }
}

impl MeasureValue {
    /// The bare number, in the unit of the measure.
    #[must_use]
    pub fn number(self) -> Decimal {
        match self {
            Self::Money(amount) => amount.exact,
            Self::Count(count) => Decimal::from(count),
            Self::Ratio(ratio) => ratio.proportion(),
            Self::Days(days) => days,
        }
    }

    /// The currency, if it is money.
    #[must_use]
    pub const fn currency(self) -> Option<CurrencyCode> {
        match self {
            Self::Money(amount) => Some(amount.currency),
            _ => None,
        }
    }

    /// This value less `earlier`, or `None` if the two are not of one unit and currency.
    #[must_use]
    pub fn less(self, earlier: Self) -> Option<Self> {
        match (self, earlier) {
            (Self::Money(now), Self::Money(then)) if now.currency == then.currency => {
                Some(Self::Money(Amount { exact: now.exact.checked_sub(then.exact)?, ..now }))
            }
            (Self::Count(now), Self::Count(then)) => now.checked_sub(then).map(Self::Count),
            (Self::Ratio(now), Self::Ratio(then)) => {
                now.proportion().checked_sub(then.proportion()).map(Ratio::new).map(Self::Ratio)
            }
            (Self::Days(now), Self::Days(then)) => now.checked_sub(then).map(Self::Days),
            _ => None,
        }
    }
}
