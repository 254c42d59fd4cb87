//! Announced reductions: "was 20, now 15" must name the lowest price of the thirty days before.
//!
//! Source: Directive 98/6/EC of the European Union, Article 6a (as amended by Directive (EU) 2019/2161, "Omnibus").

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

/// Days before a reduction whose lowest price it must refer to.
const REFERENCE_DAYS: i32 = 30;

/// A price asked from a day on, until the next change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChange {
    /// First day, on any axis that counts days.
    pub day: i32,
    /// The price, major units.
    pub price: Decimal,
}

/// The wish to announce the next price as a reduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncedReduction {
    /// What the announcement must refer to: [`lowest_price_before`].
    pub reference_price: Decimal,
    /// Smallest reduction worth announcing, as a share of the reference: a badge of 1 % convinces nobody.
    pub share_min: Ratio,
}

/// The lowest price asked in the thirty days before `day`; of something younger than that, since it is sold. `None` if no
/// price was asked before.
///
/// `changes` may come in any order; of two on the same day both count. For a reduction that grows step by step without a
/// pause, `day` is the first day of the campaign.
#[must_use]
pub fn lowest_price_before(changes: &[PriceChange], day: i32) -> Option<Decimal> {
    let from = day.saturating_sub(REFERENCE_DAYS);
    // Still asked when the thirty days begin.
    let carried = changes.iter().filter(|change| change.day <= from).max_by_key(|change| change.day);
    let within = changes.iter().filter(|change| change.day > from && change.day < day);
    within.chain(carried).map(|change| change.price).min()
}

/// The share by which `price` may be announced as reduced from `reference_price`; `None` if it is no reduction.
#[must_use]
pub fn reduction_to_announce(reference_price: Decimal, price: Decimal) -> Option<Ratio> {
    let share = Decimal::ONE - price.checked_div(reference_price)?;
    (share > Decimal::ZERO).then_some(Ratio::new(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `day price` pairs, and the lowest before day 100.
    fn check(changes: &[(i32, i64)], expected: Option<i64>) {
        let changes: Vec<PriceChange> =
            changes.iter().map(|&(day, price)| PriceChange { day, price: price.into() }).collect();
        assert_eq!(lowest_price_before(&changes, 100), expected.map(Decimal::from));
    }

    #[test]
    fn the_lowest_of_thirty_days_counts_and_what_ended_before_does_not() {
        check(&[(0, 20)], Some(20));
        check(&[(0, 15), (70, 20)], Some(20));
        check(&[(0, 15), (71, 20)], Some(15));
        check(&[(0, 20), (80, 14), (81, 22)], Some(14));
        check(&[(95, 30), (97, 25)], Some(25));
        check(&[(0, 20), (100, 10)], Some(20));
        check(&[(100, 10)], None);
        check(&[], None);
    }

    #[test]
    fn only_a_lower_price_is_a_reduction() {
        let share = |price: i64| reduction_to_announce(Decimal::from(20), Decimal::from(price));
        assert_eq!(share(15), Some(Ratio::from_percent(25)));
        assert_eq!((share(20), share(21)), (None, None));
    }
}
