//! From statistics to money: the one place where a floating-point amount is rounded.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use shelfiq_core::{CurrencyCode, Money, MoneyError, Rounding};

/// An amount in major units, rounded half-even to the minor unit.
pub(crate) fn money(major: f64, currency: CurrencyCode) -> Result<Money, MoneyError> {
    let exact = Decimal::from_f64(major).ok_or(MoneyError::Overflow)?;
    Money::from_major(exact, currency, Rounding::HalfEven)
}

pub(crate) fn to_f64(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(f64::NAN)
}

/// A number in a sentence: with the minus sign that amounts of money are written with.
pub(crate) fn in_words(number: impl std::fmt::Display) -> String {
    number.to_string().replace('-', "−")
}
