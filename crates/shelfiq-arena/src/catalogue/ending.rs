//! Prices as shops write them: 12.90, 24.95, 49.

use rand::Rng;
use shelfiq_core::CurrencyCode;

use crate::noise::pick_weighted;

/// The habit of ending a price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ending {
    /// Share of a whole unit at the end: 0.90 gives 12.90.
    fraction: f64,
}

impl Ending {
    pub(crate) fn draw(rng: &mut impl Rng) -> Self {
        const FRACTIONS: [f64; 5] = [0.90, 0.95, 0.99, 0.50, 0.0];
        Self { fraction: FRACTIONS[pick_weighted(rng, &[0.45, 0.2, 0.15, 0.1, 0.1])] }
    }

    /// The nearest price, in minor units, that ends this way; never below one step.
    pub(crate) fn nearest(self, price_major: f64, currency: CurrencyCode) -> i64 {
        // Where a coin is worth less, prices end on tens of whole units instead: 1,290 yen.
        let (step, fraction) = match currency.exponent() {
            0 if price_major < 1_000.0 => (50.0, 0.0),
            0 => (100.0, self.fraction),
            // Cheap things move in halves, or a small change of price would be no change at all.
            _ if price_major < 10.0 => (0.5, (self.fraction * 2.0).fract()),
            _ => (1.0, self.fraction),
        };
        let wanted = ((price_major / step - fraction).round() + fraction) * step;
        let minor = wanted.max(step) * 10_f64.powi(currency.exponent() as i32);
        minor.round() as i64
    }
}

/// Converts minor units to a plain number of major units, for statistics.
pub(crate) fn to_major(minor: i64, currency: CurrencyCode) -> f64 {
    minor as f64 / 10_f64.powi(currency.exponent() as i32)
}

/// Converts a plain number of major units to the nearest minor unit, at least one.
pub(crate) fn to_minor(major: f64, currency: CurrencyCode) -> i64 {
    ((major * 10_f64.powi(currency.exponent() as i32)).round() as i64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_end_as_the_shop_is_used_to() {
        let ninety = Ending { fraction: 0.9 };
        assert_eq!(ninety.nearest(12.3, CurrencyCode::EUR), 1190);
        assert_eq!(ninety.nearest(12.5, CurrencyCode::EUR), 1290);
        assert_eq!(ninety.nearest(4.1, CurrencyCode::EUR), 390);
        assert_eq!(ninety.nearest(0.01, CurrencyCode::EUR), 50);
        let yen = CurrencyCode::new("JPY").unwrap();
        assert_eq!(ninety.nearest(1_302.0, yen), 1_290);
    }
}
