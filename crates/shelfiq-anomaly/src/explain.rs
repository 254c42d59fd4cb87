//! Why an alarm rang: which of the things that happened at the same time explains the numbers best.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether something was there before and is there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// As before.
    #[default]
    Unchanged,
    /// It is there and was not.
    Began,
    /// It was there and is not.
    Ended,
}

/// What happened around a value, compared with the weeks before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drivers {
    /// Price now over the usual price; 1 if it did not move.
    pub price_ratio: f64,
    /// The cheapest rival's price now over its usual price; 1 if it did not move.
    pub rival_price_ratio: f64,
    /// Change of log demand per change of log price, negative.
    pub elasticity: f64,
    /// Whether a promotion began or ended.
    pub promotion: Turn,
    /// Whether the shelf became empty or was filled again.
    pub stock_out: Turn,
    /// The holiday on or next to the day, if there is one.
    pub holiday: Option<String>,
}

impl Default for Drivers {
    fn default() -> Self {
        Self {
            price_ratio: 1.0,
            rival_price_ratio: 1.0,
            // Between the means of most consumer categories.
            elasticity: -1.8,
            promotion: Turn::Unchanged,
            stock_out: Turn::Unchanged,
            holiday: None,
        }
    }
}

/// A cause of an unusual count of units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Our price moved; the ratio to the usual one.
    Price(f64),
    /// The cheapest rival's price moved; the ratio to the usual one.
    RivalPrice(f64),
    /// A promotion began.
    PromotionBegan,
    /// A promotion ended.
    PromotionEnded,
    /// The shelf was empty.
    StockOut,
    /// The shelf was filled again.
    BackInStock,
    /// A holiday, by name.
    Holiday(String),
    /// None of what was recorded explains it.
    Unknown,
}

impl fmt::Display for Cause {
    /// As the end of a sentence: "likely because the price was 20 % lower".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moved = |ratio: f64| {
            let side = if ratio < 1.0 { "lower" } else { "higher" };
            format!("{:.0} % {side}", 100.0 * (ratio - 1.0).abs())
        };
        match self {
            Self::Price(ratio) => write!(f, "likely because the price was {}", moved(*ratio)),
            Self::RivalPrice(ratio) => write!(f, "likely because the cheapest rival was {}", moved(*ratio)),
            Self::PromotionBegan => f.write_str("likely because a promotion began"),
            Self::PromotionEnded => f.write_str("likely because a promotion ended"),
            Self::StockOut => f.write_str("likely because the shelf was empty"),
            Self::BackInStock => f.write_str("likely because it was back in stock"),
            Self::Holiday(name) => write!(f, "likely because of {name}"),
            Self::Unknown => f.write_str("no recorded cause"),
        }
    }
}

/// Price ratios nearer to one than this move nobody.
const MOVE_MIN: f64 = 0.02;
/// What a promotion adds to log demand beyond its price, and how far promotions differ.
const PROMOTION: (f64, f64) = (0.25, 0.35);
/// How far days on or next to holidays differ from others, in log demand.
const HOLIDAY_DEVIATION: f64 = 0.8;
/// How much more than usual a shelf sells that has been filled again, and how far that differs.
const REFILL: (f64, f64) = (0.6, 0.6);
/// Change of log demand per change of the rival's log price, over the size of the own elasticity.
const RIVAL_SHARE: f64 = 0.3;
/// How far unknown causes move log demand, and how much rarer they are than recorded ones when something was recorded.
const UNKNOWN: (f64, f64) = (1.5, 0.15);

/// The causes of `actual` units where `expected` were, the likeliest first, with shares that sum to one.
///
/// Each driver predicts a change of log demand with an uncertainty; Bayes' rule weighs them and the unknown by how well
/// they predict what came. Never empty: [`Cause::Unknown`] is always among them.
#[must_use]
pub fn causes(actual: f64, expected: f64, drivers: &Drivers) -> Vec<(Cause, f64)> {
    let seen = ((actual.max(0.0) + 0.5) / (expected.max(0.0) + 0.5)).ln();
    let luck = 1.0 / (expected.max(0.0) + 0.5);
    let likely = |(mean, deviation): (f64, f64)| {
        let variance = deviation * deviation + luck;
        (-0.5 * (seen - mean) * (seen - mean) / variance).exp() / variance.sqrt()
    };
    let price = drivers.elasticity * log_move(drivers.price_ratio);
    let rival = -RIVAL_SHARE * drivers.elasticity * log_move(drivers.rival_price_ratio);
    let mut weighed = vec![(Cause::Unknown, UNKNOWN.1 * likely((0.0, UNKNOWN.0)))];
    match drivers.promotion {
        // A promotion's price is part of it.
        Turn::Began => {
            weighed
                .push((Cause::PromotionBegan, likely((PROMOTION.0 + price.max(0.0), PROMOTION.1 + 0.3 * price.abs()))));
        }
        Turn::Ended => {
            weighed
                .push((Cause::PromotionEnded, likely((price.min(0.0) - PROMOTION.0, PROMOTION.1 + 0.3 * price.abs()))));
        }
        Turn::Unchanged if price != 0.0 => {
            weighed.push((Cause::Price(drivers.price_ratio), likely((price, 0.1 + 0.4 * price.abs()))));
        }
        Turn::Unchanged => {}
    }
    if rival != 0.0 {
        weighed.push((Cause::RivalPrice(drivers.rival_price_ratio), likely((rival, 0.1 + 0.5 * rival.abs()))));
    }
    match drivers.stock_out {
        // What an empty shelf hides is not known: any loss fits as well as another.
        Turn::Began if seen < 0.0 => weighed.push((Cause::StockOut, likely((seen, 0.5)))),
        Turn::Ended if seen > 0.0 => weighed.push((Cause::BackInStock, likely(REFILL))),
        _ => {}
    }
    if let Some(name) = &drivers.holiday {
        weighed.push((Cause::Holiday(name.clone()), likely((0.0, HOLIDAY_DEVIATION))));
    }
    let all: f64 = weighed.iter().map(|(_, weight)| weight).sum();
    if all > 0.0 {
        weighed.iter_mut().for_each(|(_, weight)| *weight /= all);
    }
    weighed.sort_by(|a, b| b.1.total_cmp(&a.1));
    weighed
}

/// The logarithm of a ratio; 0 where it is hardly a move or no ratio.
fn log_move(ratio: f64) -> f64 {
    let log = ratio.ln();
    if log.is_finite() && log.abs() > MOVE_MIN { log } else { 0.0 }
}
