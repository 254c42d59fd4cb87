//! The limits a price must respect, checked in exact decimals.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use crate::announced::AnnouncedReduction;
use crate::ladder::{self, PriceEndings};

/// What limits a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The merchant's lowest price.
    MinPrice,
    /// The merchant's highest price.
    MaxPrice,
    /// The smallest margin the merchant accepts.
    MarginFloor,
    /// How far a price may move in one day.
    MaxChangePerDay,
    /// How far a price may stand from the rival's.
    RivalBand,
    /// The prices that were ever asked: beyond them the response is a guess.
    ObservedSupport,
    /// Units on hand.
    Stock,
    /// Endings a price may have.
    PriceEnding,
    /// How far a price is searched where no limit ends the search.
    Reach,
    /// A day on which the price may not change.
    FrozenDay,
    /// The lowest price the manufacturer lets us advertise.
    MinAdvertisedPrice,
    /// What the law asks of a price that is announced as a reduction.
    AnnouncedReduction,
    /// How prices inside a family must stand to each other.
    FamilyGap,
    /// A limit on all prices of a portfolio together.
    Portfolio,
    /// What a position among the rivals may cost.
    PositionCost,
}

impl Constraint {
    /// Stable name for machines: `max_change_per_day`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MinPrice => "min_price",
            Self::MaxPrice => "max_price",
            Self::MarginFloor => "margin_floor",
            Self::MaxChangePerDay => "max_change_per_day",
            Self::RivalBand => "rival_band",
            Self::ObservedSupport => "observed_support",
            Self::Stock => "stock",
            Self::PriceEnding => "price_ending",
            Self::Reach => "reach",
            Self::FrozenDay => "frozen_day",
            Self::MinAdvertisedPrice => "min_advertised_price",
            Self::AnnouncedReduction => "announced_reduction",
            Self::FamilyGap => "family_gap",
            Self::Portfolio => "portfolio",
            Self::PositionCost => "position_cost",
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MinPrice => "your minimum price",
            Self::MaxPrice => "your maximum price",
            Self::MarginFloor => "your margin floor",
            Self::MaxChangePerDay => "the largest change allowed in a day",
            Self::RivalBand => "the distance allowed to the rival's price",
            Self::ObservedSupport => "the prices tried so far",
            Self::Stock => "the units in stock",
            Self::PriceEnding => "the price endings you use",
            Self::Reach => "the distance searched where you set no limit",
            Self::FrozenDay => "the promotion calendar, which keeps the price as it is",
            Self::MinAdvertisedPrice => "the lowest price the manufacturer lets you advertise",
            Self::AnnouncedReduction => {
                "the lowest price of the last 30 days, which an announced reduction must stay below"
            }
            Self::FamilyGap => "the gap to another price of its family",
            Self::Portfolio => "the limits of the portfolio",
            Self::PositionCost => "what a position among the rivals may cost",
        })
    }
}

/// How far from a rival's price ours may stand.
///
/// The band limits *moves*: a price that already stands outside may stay or come closer, never go further away. So a rival
/// who dumps his stock cannot make every price of ours illegal overnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RivalBand {
    /// The rival's price, major units.
    pub rival_price: Decimal,
    /// Largest share by which ours may lie below it.
    pub below: Ratio,
    /// Largest share by which ours may lie above it.
    pub above: Ratio,
}

/// What may happen to the price on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayRule {
    /// It may change within the other limits.
    Free,
    /// It stays what it was the day before: a promotion runs, an announcement holds.
    Frozen,
}

/// The limits of one Sku's price. Everything in major units of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuardRails {
    /// Lowest price.
    pub min_price: Option<Decimal>,
    /// Highest price.
    pub max_price: Option<Decimal>,
    /// Smallest gross margin as a share of the price: `(price − unit cost) / price`. Needs a unit cost to have an effect.
    pub margin_floor: Option<Ratio>,
    /// Largest change in a day as a share of today's price.
    pub max_change_per_day: Option<Ratio>,
    /// Distance to a rival.
    pub rival_band: Option<RivalBand>,
    /// Lowest price the manufacturer lets us advertise (MAP).
    pub min_advertised_price: Option<Decimal>,
    /// If the next price is to be announced as a reduction: what that asks for.
    pub announced_reduction: Option<AnnouncedReduction>,
    /// Whether the promotion calendar lets the price change today.
    pub day: DayRule,
    /// Endings a *new* price may have; today's price may stay as it is.
    pub endings: PriceEndings,
    /// Decimals of the currency's minor unit: 2 for euro and cent, 0 for yen.
    pub currency_exponent: u32,
}

impl Default for GuardRails {
    /// ±10 % a day, charm endings, two decimals, nothing else.
    fn default() -> Self {
        Self {
            min_price: None,
            max_price: None,
            margin_floor: None,
            max_change_per_day: Some(Ratio::from_percent(10)),
            rival_band: None,
            min_advertised_price: None,
            announced_reduction: None,
            day: DayRule::Free,
            endings: PriceEndings::Charm,
            currency_exponent: 2,
        }
    }
}

/// Where the Sku stands today, as far as its limits need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceContext {
    /// Price asked today, major units.
    pub current_price: Decimal,
    /// Cost of one unit, major units; `None` when unknown.
    pub unit_cost: Option<Decimal>,
}

/// A limit that a price breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Which limit.
    pub constraint: Constraint,
    /// The nearest price that would respect it; `None` where there is no single one (endings).
    pub limit: Option<Decimal>,
}

/// One end of the legal prices, and what sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The price, inclusive.
    pub price: Decimal,
    /// The limit that sets it.
    pub constraint: Constraint,
}

/// The legal prices between the tightest lower and the tightest upper limit; an end without a limit is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceWindow {
    /// Lowest legal price.
    pub lo: Option<Bound>,
    /// Highest legal price.
    pub hi: Option<Bound>,
}

impl PriceWindow {
    /// Whether no price at all is legal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!((self.lo, self.hi), (Some(lo), Some(hi)) if lo.price > hi.price)
    }

    /// Tightens the lower end if `price` is above it.
    pub(crate) fn raise_lo(&mut self, price: Decimal, constraint: Constraint) {
        if self.lo.is_none_or(|bound| price > bound.price) {
            self.lo = Some(Bound { price, constraint });
        }
    }

    /// Tightens the upper end if `price` is below it.
    pub(crate) fn lower_hi(&mut self, price: Decimal, constraint: Constraint) {
        if self.hi.is_none_or(|bound| price < bound.price) {
            self.hi = Some(Bound { price, constraint });
        }
    }
}

impl GuardRails {
    /// Every limit that `price` breaks, in the order of [`Constraint`]; empty for a legal price.
    ///
    /// Today's price is never blamed for its ending.
    #[must_use]
    pub fn check(&self, price: Decimal, context: &PriceContext) -> Vec<Violation> {
        let mut violations: Vec<Violation> = self
            .lower_limits(context)
            .into_iter()
            .flatten()
            .filter(|limit| price < limit.price)
            .chain(self.upper_limits(context).into_iter().flatten().filter(|limit| price > limit.price))
            .map(|limit| Violation { constraint: limit.constraint, limit: Some(limit.price) })
            .collect();
        if price != context.current_price && !ladder::ends_well(price, &self.endings, self.currency_exponent) {
            violations.push(Violation { constraint: Constraint::PriceEnding, limit: None });
        }
        violations.sort_by_key(|violation| violation.constraint);
        violations
    }

    /// The prices that respect every limit except the endings.
    #[must_use]
    pub fn window(&self, context: &PriceContext) -> PriceWindow {
        let mut window = PriceWindow { lo: None, hi: None };
        for limit in self.lower_limits(context).into_iter().flatten() {
            window.raise_lo(limit.price, limit.constraint);
        }
        for limit in self.upper_limits(context).into_iter().flatten() {
            window.lower_hi(limit.price, limit.constraint);
        }
        window
    }

    fn lower_limits(&self, context: &PriceContext) -> [Option<Bound>; 6] {
        let current = context.current_price;
        let bound = |constraint: Constraint| move |price: Decimal| Bound { price, constraint };
        [
            self.min_price.map(bound(Constraint::MinPrice)),
            self.lowest_with_margin(context).map(bound(Constraint::MarginFloor)),
            self.max_change_per_day
                .map(|share| scaled(current, Decimal::ONE - share.proportion()))
                .map(bound(Constraint::MaxChangePerDay)),
            self.rival_band
                .map(|band| current.min(scaled(band.rival_price, Decimal::ONE - band.below.proportion())))
                .map(bound(Constraint::RivalBand)),
            self.min_advertised_price.map(bound(Constraint::MinAdvertisedPrice)),
            self.frozen_at(current).map(bound(Constraint::FrozenDay)),
        ]
    }

    fn upper_limits(&self, context: &PriceContext) -> [Option<Bound>; 5] {
        let current = context.current_price;
        let bound = |constraint: Constraint| move |price: Decimal| Bound { price, constraint };
        [
            self.max_price.map(bound(Constraint::MaxPrice)),
            self.max_change_per_day
                .map(|share| scaled(current, Decimal::ONE + share.proportion()))
                .map(bound(Constraint::MaxChangePerDay)),
            self.rival_band
                .map(|band| current.max(scaled(band.rival_price, Decimal::ONE + band.above.proportion())))
                .map(bound(Constraint::RivalBand)),
            self.announced_reduction
                .map(|wish| scaled(wish.reference_price, Decimal::ONE - wish.share_min.proportion()))
                .map(bound(Constraint::AnnouncedReduction)),
            self.frozen_at(current).map(bound(Constraint::FrozenDay)),
        ]
    }

    fn frozen_at(&self, current: Decimal) -> Option<Decimal> {
        (self.day == DayRule::Frozen).then_some(current)
    }

    /// The lowest price with `(price − cost) / price ≥ floor`, that is `cost / (1 − floor)`, rounded up to twelve decimals
    /// so that the quotient of the division never lands a hair below the floor. A floor of 100 % or more has no such price
    /// (unless the cost is zero): the largest decimal stands for it and makes the window empty.
    fn lowest_with_margin(&self, context: &PriceContext) -> Option<Decimal> {
        let (floor, cost) = (self.margin_floor?.proportion(), context.unit_cost?);
        let kept = Decimal::ONE - floor;
        if kept <= Decimal::ZERO {
            return Some(if cost > Decimal::ZERO { Decimal::MAX } else { Decimal::ZERO });
        }
        let exact = cost.checked_div(kept).unwrap_or(Decimal::MAX);
        Some(exact.round_dp_with_strategy(12, rust_decimal::RoundingStrategy::ToPositiveInfinity))
    }
}

/// `price · factor`; a product beyond every decimal is the largest one, which no price reaches.
fn scaled(price: Decimal, factor: Decimal) -> Decimal {
    price.checked_mul(factor).unwrap_or(Decimal::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn rails() -> GuardRails {
        GuardRails {
            min_price: Some(decimal("8.00")),
            max_price: Some(decimal("15.00")),
            margin_floor: Some(Ratio::from_percent(25)),
            rival_band: Some(RivalBand {
                rival_price: decimal("10.00"),
                below: Ratio::from_percent(20),
                above: Ratio::from_percent(5),
            }),
            ..GuardRails::default()
        }
    }

    fn context() -> PriceContext {
        PriceContext { current_price: decimal("10.00"), unit_cost: Some(decimal("7.00")) }
    }

    fn broken_by(price: &str) -> Vec<&'static str> {
        rails().check(decimal(price), &context()).iter().map(|violation| violation.constraint.code()).collect()
    }

    #[test]
    fn a_legal_price_breaks_nothing() {
        assert_eq!(broken_by("9.99"), [""; 0]);
        assert_eq!(broken_by("10.00"), [""; 0]);
    }

    #[test]
    fn every_broken_limit_is_named() {
        assert_eq!(
            broken_by("7.50"),
            ["min_price", "margin_floor", "max_change_per_day", "rival_band", "price_ending"]
        );
        assert_eq!(broken_by("10.90"), ["rival_band"]);
        assert_eq!(broken_by("16.00"), ["max_price", "max_change_per_day", "rival_band"]);
        assert_eq!(broken_by("10.17"), ["price_ending"]);
    }

    #[test]
    fn the_margin_floor_holds_exactly_at_its_own_limit() {
        let lowest = rails().lowest_with_margin(&context()).unwrap();
        assert!((lowest - decimal("7.00")) / lowest >= decimal("0.25"));
        assert_eq!(broken_by("9.30"), ["margin_floor", "price_ending"]);
    }

    #[test]
    fn the_window_names_what_sets_each_end() {
        let window = rails().window(&context());
        assert_eq!(window.lo.unwrap().constraint, Constraint::MarginFloor);
        assert_eq!(window.hi.unwrap(), Bound { price: decimal("10.5000"), constraint: Constraint::RivalBand });
    }

    #[test]
    fn a_price_outside_the_rival_band_may_stay_or_come_closer_but_not_go_further() {
        let far = PriceContext { current_price: decimal("14.00"), unit_cost: None };
        let rails = GuardRails { max_change_per_day: None, ..rails() };
        assert_eq!(rails.check(decimal("14.00"), &far), []);
        assert_eq!(rails.check(decimal("12.99"), &far), []);
        assert_eq!(rails.check(decimal("14.90"), &far)[0].constraint, Constraint::RivalBand);
    }

    #[test]
    fn the_manufacturer_the_law_and_the_calendar_are_limits_by_name() {
        let rails = GuardRails {
            min_advertised_price: Some(decimal("9.50")),
            announced_reduction: Some(AnnouncedReduction {
                reference_price: decimal("10.50"),
                share_min: Ratio::from_percent(5),
            }),
            ..GuardRails::default()
        };
        let context = PriceContext { unit_cost: None, ..context() };
        let broken = |rails: &GuardRails, price: &str| {
            rails.check(decimal(price), &context).iter().map(|v| v.constraint.code()).collect::<Vec<_>>()
        };
        assert_eq!(broken(&rails, "9.40"), ["price_ending", "min_advertised_price"]);
        assert_eq!(broken(&rails, "9.95"), [""; 0]);
        assert_eq!(broken(&rails, "10.00"), ["announced_reduction"]);
        let frozen = GuardRails { day: DayRule::Frozen, ..GuardRails::default() };
        assert_eq!((broken(&frozen, "10.00"), broken(&frozen, "9.90")), (vec![], vec!["frozen_day"]));
    }

    #[test]
    fn a_margin_floor_of_everything_leaves_no_price() {
        let rails = GuardRails { margin_floor: Some(Ratio::ONE), ..rails() };
        assert!(rails.window(&context()).is_empty());
    }
}
