//! Between the models' floats and booked money.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Money, Ratio, Rounding, UnitPrice};

/// An amount in major units as money, rounded half to even. `None` if it is not finite or does not fit.
pub(crate) fn money(major: f64, currency: CurrencyCode) -> Option<Money> {
    // Ten decimals are beyond any currency's minor unit and cut the float's noise.
    let exact = Decimal::from_f64_retain(major)?.round_dp(10);
    Money::from_major(exact, currency, Rounding::HalfEven).ok()
}

/// An amount in major units as a float, for statistics.
pub(crate) fn float(amount: Decimal) -> f64 {
    amount.try_into().unwrap_or(f64::NAN)
}

/// A proportion with four decimals; what is not finite becomes 0.
pub(crate) fn ratio(proportion: f64) -> Ratio {
    Ratio::new(Decimal::from_f64_retain(proportion).unwrap_or_default().round_dp(4))
}

/// The price as a float if it is in `currency`.
pub(crate) fn price_in(price: Option<UnitPrice>, currency: CurrencyCode) -> Option<f64> {
    price
        .filter(|price| price.currency() == currency)
        .map(|price| float(price.amount()))
        .filter(|price| price.is_finite())
}
