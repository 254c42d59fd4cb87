//! Price changes as the shop's data show them.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::measurement::PriceChange;
use crate::facts::SkuFacts;

/// Prices that differ by less are the same price: rounding, or a currency's smallest coin.
const SAME_PRICE_RATIO: f64 = 0.005;
/// A change that is smaller moves nothing that could be seen.
const STEP_MIN_RATIO: f64 = 0.02;
/// Part of the advised step from which another price still counts as following the advice.
const FOLLOWED_SHARE: f64 = 0.5;
/// Days at one price, without promotion, that a change of our own accord needs before it to be judged.
pub(super) const STEADY_DAYS_BEFORE: usize = 28;
/// Days at the new price that it needs after.
pub(super) const STEADY_DAYS_AFTER: usize = 14;
/// Days over which an effect is measured at most.
pub(super) const MEASURED_DAYS_MAX: usize = 28;

/// The change of price that followed advice to go from `from` to `to`: the first day from `since` on with the advised
/// price, or one that lies at least half way towards it or beyond.
pub(super) fn followed(sku: &SkuFacts, from: f64, to: f64, since: NaiveDate) -> Option<PriceChange> {
    let start = usize::try_from((since - sku.first_day).num_days()).ok()?;
    let step = (to / from).ln();
    let follows = |price: f64| {
        let moved = (price / from).ln();
        price.is_finite() && moved * step > 0.0 && moved.abs() >= FOLLOWED_SHARE * step.abs()
    };
    let at = (start..sku.price.len()).find(|day| follows(sku.price[*day]))?;
    change_at(sku, at, from)
}

/// Changes of the regular price that can be judged: a steady price before and after, no promotion in either, newest first.
pub(super) fn own_changes(sku: &SkuFacts, since: NaiveDate) -> Vec<PriceChange> {
    let first = usize::try_from((since - sku.first_day).num_days()).unwrap_or(0).max(STEADY_DAYS_BEFORE);
    let last = (sku.price.len() + 1).saturating_sub(STEADY_DAYS_AFTER);
    (first..last)
        .rev()
        .filter(|day| {
            let (before, after) = (*day - STEADY_DAYS_BEFORE..*day, *day..*day + STEADY_DAYS_AFTER);
            let moved = (sku.price[*day] / sku.price[*day - 1]).ln().abs();
            moved >= STEP_MIN_RATIO
                && [before, after]
                    .into_iter()
                    .all(|days| is_steady(&sku.price[days.clone()]) && !sku.had_promotion[days].contains(&true))
        })
        .filter_map(|day| change_at(sku, day, sku.price[day - 1]))
        .collect()
}

/// Days from `day` on over which the price stays as it is, promotion days ending it, at most [`MEASURED_DAYS_MAX`].
pub(super) fn days_at_price(sku: &SkuFacts, day: NaiveDate) -> usize {
    let Ok(start) = usize::try_from((day - sku.first_day).num_days()) else { return 0 };
    let Some(price) = sku.price.get(start) else { return 0 };
    (start..sku.price.len())
        .take(MEASURED_DAYS_MAX)
        .take_while(|day| is_same(sku.price[*day], *price) && !sku.had_promotion[*day])
        .count()
}

/// Whether the price stood still from `first` to `last`.
pub(super) fn stood_still(sku: &SkuFacts, first: NaiveDate, last: NaiveDate) -> bool {
    let index = |day: NaiveDate| usize::try_from((day - sku.first_day).num_days()).ok();
    let (Some(first), Some(last)) = (index(first), index(last)) else { return false };
    let Some(prices) = sku.price.get(first..=last) else { return false };
    is_steady(prices) && !sku.had_promotion[first..=last].contains(&true)
}

fn change_at(sku: &SkuFacts, at: usize, from: f64) -> Option<PriceChange> {
    let price = |price: f64| Decimal::from_f64(price).map(|price| price.round_dp(4).normalize());
    Some(PriceChange { day: sku.first_day + Days::new(at as u64), from: price(from)?, to: price(sku.price[at])? })
}

fn is_same(one: f64, other: f64) -> bool {
    (one / other).ln().abs() <= SAME_PRICE_RATIO
}

fn is_steady(prices: &[f64]) -> bool {
    prices.first().is_some_and(|first| first.is_finite() && prices.iter().all(|price| is_same(*price, *first)))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::facts::test_sku;

    fn sku(prices: &[(f64, usize)]) -> SkuFacts {
        let price: Vec<f64> = prices.iter().flat_map(|(price, days)| vec![*price; *days]).collect();
        SkuFacts { price: price.clone(), ..test_sku("MUG", "2026-01-01", vec![1.0; price.len()]) }
    }

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(number)
    }

    #[test]
    fn advice_is_followed_at_its_price_or_well_towards_it() {
        let shop = sku(&[(10.0, 30), (10.2, 5), (10.7, 10)]);
        let change = followed(&shop, 10.0, 11.0, day(20)).unwrap();
        assert_eq!((change.day, change.from, change.to), (day(35), Decimal::from(10), Decimal::new(107, 1)));
        assert_eq!(followed(&shop, 10.0, 9.0, day(20)), None, "a move the other way follows nothing");
        assert_eq!(followed(&shop, 10.0, 11.0, day(60)), None, "the data end before the decision");
    }

    #[test]
    fn only_changes_between_steady_prices_are_judged() {
        let steady = sku(&[(10.0, 40), (11.0, 40), (11.05, 40)]);
        assert_eq!(own_changes(&steady, day(0)).iter().map(|change| change.day).collect::<Vec<_>>(), [day(40)]);
        let restless = sku(&[(10.0, 40), (11.0, 5), (12.0, 40)]);
        assert!(own_changes(&restless, day(0)).is_empty());
        let mut sale = sku(&[(10.0, 40), (9.0, 40)]);
        sale.had_promotion[40..].fill(true);
        assert!(own_changes(&sale, day(0)).is_empty(), "a promotion is no change of the regular price");
    }

    #[test]
    fn the_measured_days_end_with_the_price_and_after_four_weeks() {
        assert_eq!(days_at_price(&sku(&[(10.0, 40), (11.0, 20), (12.0, 40)]), day(40)), 20);
        assert_eq!(days_at_price(&sku(&[(10.0, 40), (11.0, 60)]), day(40)), MEASURED_DAYS_MAX);
        assert_eq!(days_at_price(&sku(&[(10.0, 40)]), day(60)), 0);
    }
}
