//! How the merchant sets prices: what moves them decides what can be learnt from them.

use rand::Rng;
use serde::Serialize;
use shelfiq_core::CurrencyCode;

use crate::catalogue::CatalogueEntry;
use crate::config::Market;
use crate::noise::{Noise, Stream, between, happens, normal, pick_weighted};
use crate::season::Calendar;

/// The reason for which the prices of one Sku move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PricingRegime {
    /// The merchant tries prices, whatever demand does: elasticity can be learnt.
    Experiments,
    /// The price never moves: nothing can be learnt.
    Fixed,
    /// The only move is the same reduction in each promotion: price and promotion cannot be told apart.
    PromotionsOnly,
    /// Dearer in season: a fit that ignores the season sees shoppers who like high prices.
    FollowsSeason,
    /// Dearer after good weeks: a fit that ignores drift sees the same.
    FollowsDemand,
}

impl PricingRegime {
    const ALL: [Self; 5] =
        [Self::Experiments, Self::Fixed, Self::PromotionsOnly, Self::FollowsSeason, Self::FollowsDemand];

    pub(crate) fn draw(market: Market, index: u32, noise: Noise) -> Self {
        let weights = match market {
            Market::Experimenting => [0.70, 0.20, 0.10, 0.0, 0.0],
            Market::Confounded => [0.20, 0.20, 0.15, 0.25, 0.20],
        };
        Self::ALL[pick_weighted(&mut noise.at(Stream::Price, index, 0), &weights)]
    }

    /// Whether any amount of records of this kind could tell the elasticity.
    #[must_use]
    pub const fn can_identify(self) -> bool {
        !matches!(self, Self::Fixed | Self::PromotionsOnly)
    }

    /// Depth of a promotion for this Sku, or `None` if it does not take part.
    fn promotion_depth(self, number: u32, depth: f64, participation: f64, index: u32, noise: Noise) -> Option<f64> {
        let joins = |probability| happens(&mut noise.at(Stream::PromotionEntry, index, number), probability);
        match self {
            Self::Fixed => None,
            // Always the same cut, so that no second depth betrays what the price alone does.
            Self::PromotionsOnly => joins((participation * 1.8).min(1.0)).then_some(0.20),
            Self::Experiments => joins(participation * 0.7).then_some(depth),
            Self::FollowsSeason | Self::FollowsDemand => joins(participation).then_some(depth),
        }
    }
}

/// The price on the shelf.
#[derive(Debug, Clone)]
pub(crate) struct PriceTag {
    regular_minor: i64,
    next_change_day: u32,
}

/// What a shopper sees on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ShownPrice {
    pub(crate) regular_minor: i64,
    pub(crate) paid_minor: i64,
    pub(crate) is_promotion: bool,
}

/// What the merchant looks at before changing a price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SalesMemory {
    /// Units a day, last weeks.
    pub(crate) recent: f64,
    /// Units a day, last months.
    pub(crate) usual: f64,
}

impl PriceTag {
    pub(crate) fn new(entry: &CatalogueEntry, noise: Noise) -> Self {
        let first_change = noise.at(Stream::Price, entry.index, 1).random_range(5..60);
        Self { regular_minor: entry.list_price.minor(), next_change_day: first_change }
    }

    /// Puts the price back to the launch price and leaves it there.
    pub(crate) fn hold_list_price(&mut self, entry: &CatalogueEntry) {
        self.regular_minor = entry.list_price.minor();
        self.next_change_day = u32::MAX;
    }

    /// Decides the price of `day` in the morning, knowing only the days before.
    pub(crate) fn decide(
        &mut self,
        regime: PricingRegime,
        entry: &CatalogueEntry,
        calendar: &Calendar,
        memory: SalesMemory,
        day: u32,
        noise: Noise,
    ) -> ShownPrice {
        if day >= self.next_change_day {
            // Day 0 and 1 of this stream belong to the regime and the first change.
            let mut rng = noise.at(Stream::Price, entry.index, day + 2);
            if let Some((log_move, rest_days)) = next_move(regime, entry, calendar, memory, day, &mut rng) {
                let wanted = entry.list_price_major() * log_move.exp();
                self.regular_minor = entry.ending.nearest(wanted, entry.list_price.currency());
                self.next_change_day = day + rest_days;
            }
        }
        let deepest = calendar
            .promotions(entry.category, day)
            .filter_map(|p| regime.promotion_depth(p.number, p.depth, p.participation, entry.index, noise))
            .reduce(f64::max);
        let paid_minor =
            deepest.map_or(self.regular_minor, |depth| reduced(self.regular_minor, depth, entry.list_price.currency()));
        ShownPrice { regular_minor: self.regular_minor, paid_minor, is_promotion: paid_minor < self.regular_minor }
    }
}

/// Log distance of the next regular price from the launch price, and days until the one after that.
fn next_move(
    regime: PricingRegime,
    entry: &CatalogueEntry,
    calendar: &Calendar,
    memory: SalesMemory,
    day: u32,
    rng: &mut impl Rng,
) -> Option<(f64, u32)> {
    const SWING_MAX: f64 = 0.22;
    match regime {
        PricingRegime::Fixed | PricingRegime::PromotionsOnly => None,
        PricingRegime::Experiments => Some((between(rng, -0.17, 0.17), rng.random_range(21..56))),
        PricingRegime::FollowsSeason => {
            let follow = (0.35 * calendar.season(entry.category, day)).clamp(-SWING_MAX, SWING_MAX);
            Some((follow + 0.03 * normal(rng), 28))
        }
        PricingRegime::FollowsDemand => {
            let good_times = ((memory.recent + 0.1) / (memory.usual + 0.1)).ln();
            Some(((0.3 * good_times).clamp(-SWING_MAX, SWING_MAX) + 0.03 * normal(rng), 14))
        }
    }
}

/// The price after a reduction, to the minor unit that tills show: ten cents where there are cents.
fn reduced(regular_minor: i64, depth: f64, currency: CurrencyCode) -> i64 {
    let step = 10_i64.pow(currency.exponent().saturating_sub(1)) as f64;
    (((regular_minor as f64 * (1.0 - depth)) / step).round() * step).max(step) as i64
}
