//! Several days towards a price, one legal step at a time.

use rust_decimal::Decimal;

use crate::guard_rails::{DayRule, GuardRails, PriceContext};
use crate::ladder;

/// The price of each day on the way to `target`: every step is printable and legal from the day before, and none overshoots.
///
/// `rules` say for each day, tomorrow first, whether the price may change; they replace the rule of `rails`. The path ends
/// before the target where a limit or the endings stop it.
#[must_use]
pub fn price_path(target: Decimal, context: &PriceContext, rails: &GuardRails, rules: &[DayRule]) -> Vec<Decimal> {
    let mut current = context.current_price;
    rules
        .iter()
        .map(|&day| {
            let here = PriceContext { current_price: current, ..*context };
            current = step(target, &here, &GuardRails { day, ..rails.clone() });
            current
        })
        .collect()
}

fn step(target: Decimal, context: &PriceContext, rails: &GuardRails) -> Decimal {
    let current = context.current_price;
    let window = rails.window(context);
    let (low, high) = (current.min(target), current.max(target));
    let lo = window.lo.map_or(low, |bound| bound.price.max(low));
    let hi = window.hi.map_or(high, |bound| bound.price.min(high));
    let rungs = ladder::rungs(lo, hi, &rails.endings, rails.currency_exponent);
    rungs.into_iter().chain([current]).min_by_key(|price| (*price - target).abs()).unwrap_or(current)
}

#[cfg(test)]
mod tests {
    use shelfiq_core::Ratio;

    use super::*;
    use crate::ladder::PriceEndings;

    fn check(target: &str, rules: &[DayRule], rails: GuardRails, expected: &str) {
        let context = PriceContext { current_price: "10.00".parse().unwrap(), unit_cost: Some("6".parse().unwrap()) };
        let path = price_path(target.parse().unwrap(), &context, &rails, rules);
        let mut before = context.current_price;
        for &price in &path {
            let here = PriceContext { current_price: before, ..context };
            assert!(rails.check(price, &here).is_empty(), "{before} to {price}");
            before = price;
        }
        assert_eq!(path.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn a_long_way_is_walked_in_daily_steps_and_rests_on_frozen_days() {
        let free = [DayRule::Free; 5];
        check("14.00", &free, GuardRails::default(), "11.00 12.00 13.00 14.00 14.00");
        let rests = [DayRule::Free, DayRule::Frozen, DayRule::Free, DayRule::Frozen, DayRule::Free];
        check("14.00", &rests, GuardRails::default(), "11.00 11.00 12.00 12.00 13.00");
        let any = GuardRails { endings: PriceEndings::Any, ..GuardRails::default() };
        check("7.77", &free, any, "9.00 8.10 7.77 7.77 7.77");
    }

    #[test]
    fn the_path_stops_at_a_limit() {
        let floor = GuardRails { margin_floor: Some(Ratio::from_percent(30)), ..GuardRails::default() };
        check("7.00", &[DayRule::Free; 4], floor, "9.00 8.90 8.90 8.90");
    }
}
