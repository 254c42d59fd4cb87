//! What happened at the same time as an anomaly of demand: price, promotion, shelf, rival, holiday.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Days, NaiveDate};
use shelfiq_anomaly::{Cause, Drivers, Turn, causes};
use shelfiq_core::CurrencyCode;

use crate::facts::{ShopFacts, SkuFacts};

/// Days that tell what was usual before.
const USUAL_DAYS: usize = 28;
/// Least share of the explanation with which a cause is named.
const SHARE_MIN: f64 = 0.1;

/// A Sku with what surrounds its values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(super) sku: &'a SkuFacts,
    pub(super) currency: CurrencyCode,
    holidays: &'a BTreeMap<NaiveDate, String>,
    /// Change of log demand per change of log price, where the data identify it.
    elasticity: Option<f64>,
}

/// Something that happened at the same time as an anomaly.
#[derive(Debug, Clone, PartialEq)]
pub struct Coincidence {
    /// What: `price`, `rival_price`, `promotion_began`, `promotion_ended`, `stock_out`, `back_in_stock` or `holiday`.
    pub kind: &'static str,
    /// In words that follow "coincides with": `price cut of 12 % the day before`.
    pub text: String,
    /// Since when, as far as known.
    pub since: Option<NaiveDate>,
    /// Share of the explanation, from 0 to 1; what is left over is not known.
    pub share: f64,
}

impl<'a> Subject<'a> {
    /// `facts` are those of its shop.
    pub(crate) const fn of(facts: &'a ShopFacts, sku: &'a SkuFacts, elasticity: Option<f64>) -> Self {
        Self { sku, currency: facts.currency, holidays: &facts.holidays, elasticity }
    }

    pub(super) fn code(&self) -> &'a str {
        self.sku.sku.as_str()
    }

    /// What happened around `actual` units where `expected` were, in `days` days from `day` on; the likeliest first. Empty
    /// while too little came before.
    pub(super) fn coincidences(&self, (day, days): (NaiveDate, u32), actual: f64, expected: f64) -> Vec<Coincidence> {
        let sku = self.sku;
        let first = usize::try_from((day - sku.first_day).num_days()).unwrap_or(0);
        let last = (first + days as usize).min(sku.units.len()).saturating_sub(1);
        if first < USUAL_DAYS || last < first {
            return Vec::new();
        }
        let around = Around { sku, before: first - USUAL_DAYS..first, now: first..last + 1 };
        let drivers = Drivers {
            price_ratio: around.ratio(&sku.price),
            rival_price_ratio: around.ratio(&sku.watched.rival_price),
            elasticity: self.elasticity.unwrap_or(Drivers::default().elasticity).min(0.0),
            promotion: around.turn(&sku.had_promotion, 0),
            // An empty shelf in the evening hides what the next morning would have sold as well.
            stock_out: around.turn(&sku.was_out_of_stock, 1),
            holiday: self.holiday(day, days),
        };
        let named = causes(actual, expected, &drivers).into_iter().filter(|(_, share)| *share >= SHARE_MIN);
        named.filter_map(|(cause, share)| around.tell(cause, share)).collect()
    }

    /// The holiday on, just before or just after the days.
    fn holiday(&self, day: NaiveDate, days: u32) -> Option<String> {
        let near = day - Days::new(1)..=day + Days::new(u64::from(days));
        self.holidays.range(near).map(|(_, name)| name.clone()).next()
    }
}

/// The days of an anomaly and those before it, as places in the Sku's lists.
struct Around<'a> {
    sku: &'a SkuFacts,
    before: Range<usize>,
    now: Range<usize>,
}

impl Around<'_> {
    /// The mean now over the usual value before; NaN where either is not known.
    fn ratio(&self, list: &[f64]) -> f64 {
        let (Some(before), Some(now)) = (list.get(self.before.clone()), list.get(self.now.clone())) else {
            return f64::NAN;
        };
        let known: Vec<f64> = now.iter().copied().filter(|value| value.is_finite()).collect();
        known.iter().sum::<f64>() / known.len() as f64 / median(before)
    }

    /// Whether a flag came or went: set on most days before, or on one now (or up to `echo` days earlier).
    fn turn(&self, flags: &[bool], echo: usize) -> Turn {
        let was = 2 * flags[self.before.clone()].iter().filter(|flag| **flag).count() > self.before.len();
        let is = flags[self.now.start - echo..self.now.end].contains(&true);
        match (was, is) {
            (false, true) => Turn::Began,
            (true, false) => Turn::Ended,
            _ => Turn::Unchanged,
        }
    }

    fn tell(&self, cause: Cause, share: f64) -> Option<Coincidence> {
        let moved = |what: &str, ratio: f64, list: &[f64]| {
            let side = if ratio < 1.0 { "cut" } else { "rise" };
            let since = self.since(|place| list.get(place).copied().unwrap_or(f64::NAN).to_bits());
            (format!("{what} {side} of {:.0} %", 100.0 * (ratio - 1.0).abs()), Some(since))
        };
        let turned = |what: &str, flags: &[bool]| (what.to_owned(), Some(self.since(|place| u64::from(flags[place]))));
        let (kind, (what, since)) = match &cause {
            Cause::Price(ratio) => ("price", moved("price", *ratio, &self.sku.price)),
            Cause::RivalPrice(ratio) => {
                ("rival_price", moved("a rival’s price", *ratio, &self.sku.watched.rival_price))
            }
            Cause::PromotionBegan => ("promotion_began", turned("a promotion that began", &self.sku.had_promotion)),
            Cause::PromotionEnded => ("promotion_ended", turned("a promotion that ended", &self.sku.had_promotion)),
            Cause::StockOut => ("stock_out", turned("an empty shelf", &self.sku.was_out_of_stock)),
            Cause::BackInStock => {
                ("back_in_stock", turned("new stock after an empty shelf", &self.sku.was_out_of_stock))
            }
            Cause::Holiday(name) => ("holiday", (name.clone(), None)),
            Cause::Unknown => return None,
        };
        let when = since.map(|since| format!(" {}", self.when(since))).unwrap_or_default();
        let day = since.map(|place| self.sku.first_day + Days::new(place as u64));
        Some(Coincidence { kind, text: format!("{what}{when}"), since: day, share })
    }

    /// The place since which the value of the last of these days holds.
    fn since(&self, value: impl Fn(usize) -> u64) -> usize {
        let last = self.now.end - 1;
        let now = value(last);
        (0..=last).rev().take_while(|place| value(*place) == now).last().unwrap_or(last)
    }

    /// A place in words, as seen from these days.
    fn when(&self, place: usize) -> String {
        match self.now.start.saturating_sub(place) {
            0 if self.now.len() > 1 => "in those days".to_owned(),
            0 => "that day".to_owned(),
            1 => "the day before".to_owned(),
            days => format!("{days} days before"),
        }
    }
}

/// NaN where nothing is known.
fn median(values: &[f64]) -> f64 {
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    known.get(known.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::test_sku;

    const FIRST_DAY: &str = "2026-01-01";

    fn day(number: u64) -> NaiveDate {
        FIRST_DAY.parse::<NaiveDate>().unwrap() + Days::new(number)
    }

    fn subject<'a>(sku: &'a SkuFacts, holidays: &'a BTreeMap<NaiveDate, String>) -> Subject<'a> {
        Subject { sku, currency: CurrencyCode::GBP, holidays, elasticity: None }
    }

    fn texts(sku: &SkuFacts, actual: f64, expected: f64) -> Vec<String> {
        let none = BTreeMap::new();
        let found = subject(sku, &none).coincidences((day(40), 1), actual, expected);
        assert!(found.iter().map(|one| one.share).sum::<f64>() <= 1.0 + 1e-9);
        found.into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn a_price_cut_the_day_before_is_named_with_its_size() {
        let mut sku = test_sku("MUG", FIRST_DAY, vec![10.0; 41]);
        sku.price[39..].fill(7.0);
        assert_eq!(texts(&sku, 20.0, 10.0), ["price cut of 30 % the day before"]);
        assert!(texts(&sku, 1.0, 10.0).is_empty(), "a lower price explains no loss");
    }

    #[test]
    fn an_empty_shelf_a_rival_and_a_holiday_are_named() {
        let mut sku = test_sku("MUG", FIRST_DAY, vec![10.0; 41]);
        assert!(texts(&sku, 20.0, 10.0).is_empty(), "nothing happened");
        sku.was_out_of_stock[40] = true;
        assert_eq!(texts(&sku, 0.0, 10.0), ["an empty shelf that day"]);
        sku.was_out_of_stock[40] = false;
        sku.watched.rival_price = vec![10.0; 41];
        sku.watched.rival_price[36..].fill(5.0);
        assert_eq!(texts(&sku, 6.0, 10.0), ["a rival’s price cut of 50 % 4 days before"]);
        let calm = test_sku("MUG", FIRST_DAY, vec![10.0; 41]);
        let holidays = BTreeMap::from([(day(41), "Easter Sunday".to_owned())]);
        let found = subject(&calm, &holidays).coincidences((day(40), 1), 25.0, 10.0);
        assert_eq!(found.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Easter Sunday"]);
    }

    #[test]
    fn nothing_is_named_while_nobody_knows_what_was_usual() {
        let mut sku = test_sku("MUG", FIRST_DAY, vec![10.0; 41]);
        sku.price[5..].fill(7.0);
        let none = BTreeMap::new();
        assert!(subject(&sku, &none).coincidences((day(6), 1), 20.0, 10.0).is_empty());
    }
}
