//! Is the cause that is named first the one that moved demand most?

use serde::Serialize;
use shelfiq_anomaly::{Cause, Direction, Drivers, Turn, Verdict, causes};

use super::records::SkuRecords;
use crate::catalogue::CatalogueEntry;
use crate::truth::SkuTruth;

/// First-named causes of unusual days against the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ExplanationScore {
    /// Alarms on units sold that a recorded cause truly explains: its effect on log demand is the largest of all and
    /// at least 0.2.
    pub caused: usize,
    /// Those for which that cause is named first.
    pub named: usize,
    /// Alarms that nothing recorded explains.
    pub uncaused: usize,
    /// Those for which no cause is named.
    pub left_open: usize,
}

/// Days that tell what was usual before an alarm.
const USUAL_DAYS: usize = 28;
/// Log effects on demand from which something is a cause.
const EFFECT_MIN: f64 = 0.2;

/// Kinds of cause, for comparing what is named with the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Price,
    Promotion,
    Stock,
    Rival,
    Unknown,
}

impl ExplanationScore {
    /// Explains every alarm of one Sku.
    pub(super) fn add(&mut self, sku: &SkuRecords, entry: &CatalogueEntry, truth: &SkuTruth, verdicts: &[Verdict]) {
        for (day, verdict) in verdicts.iter().enumerate() {
            let (Some(side), Some(band)) = (verdict.direction, verdict.band) else { continue };
            let length = (verdict.run_length as usize).clamp(1, day + 1);
            let before = (day + 1).saturating_sub(length + USUAL_DAYS)..day + 1 - length;
            if before.len() < USUAL_DAYS {
                continue;
            }
            let actual = sku.sold_units[day + 1 - length..=day].iter().sum::<f64>() / length as f64;
            let changes = Changes::of(sku, before, day);
            let likeliest = causes(actual, band.expected, &changes.drivers()).into_iter().next();
            let named = likeliest.map_or(Kind::Unknown, |(cause, _)| kind_of(&cause));
            match changes.true_cause(side, sku, entry, truth, day) {
                Kind::Unknown => {
                    self.uncaused += 1;
                    self.left_open += usize::from(named == Kind::Unknown);
                }
                cause => {
                    self.caused += 1;
                    self.named += usize::from(named == cause);
                }
            }
        }
    }

    /// Adds up the scores of two sets of alarms.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            caused: self.caused + other.caused,
            named: self.named + other.named,
            uncaused: self.uncaused + other.uncaused,
            left_open: self.left_open + other.left_open,
        }
    }
}

/// What the records show on a day and showed before.
struct Changes {
    price: (f64, f64),
    rival_price: (f64, f64),
    promotion: Turn,
    stock_out: Turn,
}

impl Changes {
    fn of(sku: &SkuRecords, before: std::ops::Range<usize>, day: usize) -> Self {
        let turn = |was: bool, is: bool| match (was, is) {
            (false, true) => Turn::Began,
            (true, false) => Turn::Ended,
            _ => Turn::Unchanged,
        };
        let share = |count: usize| count * 2 > before.len();
        let promoted = sku.promotion[before.clone()].iter().filter(|flag| **flag > 0.0).count();
        let empty = sku.censored[before.clone()].iter().filter(|flag| **flag).count();
        // An empty shelf in the evening hides what the next morning would have sold as well.
        let is_empty = sku.censored[day] || sku.censored[day - 1];
        Self {
            price: (median(&sku.price[before.clone()]), sku.price[day]),
            rival_price: (median(&sku.rival_price[before.clone()]), sku.rival_price[day]),
            promotion: turn(share(promoted), sku.promotion[day] > 0.0),
            stock_out: turn(share(empty), is_empty),
        }
    }

    fn drivers(&self) -> Drivers {
        Drivers {
            price_ratio: self.price.1 / self.price.0,
            rival_price_ratio: self.rival_price.1 / self.rival_price.0,
            promotion: self.promotion,
            stock_out: self.stock_out,
            ..Drivers::default()
        }
    }

    /// The recorded cause that truly moved demand most to this side.
    fn true_cause(
        &self,
        side: Direction,
        sku: &SkuRecords,
        entry: &CatalogueEntry,
        truth: &SkuTruth,
        day: usize,
    ) -> Kind {
        let (demand, list_price) = (&truth.demand, entry.list_price_major());
        let effect = |price: f64| demand.price_effect((price / list_price).ln());
        let price = effect(self.price.1) - effect(self.price.0);
        let promotion = match self.promotion {
            Turn::Began => demand.promotion_effect,
            Turn::Ended => -demand.promotion_effect,
            Turn::Unchanged => 0.0,
        };
        let rival = demand.rival_elasticity * (self.rival_price.1 / self.rival_price.0).ln();
        let lived = &sku.truth[day];
        let stock = match self.stock_out {
            Turn::Ended => 0.3,
            _ => ((f64::from(lived.sold_units) + 0.5) / (f64::from(lived.wanted_units) + 0.5)).ln(),
        };
        let planted: f64 = truth.anomalies.iter().map(|anomaly| anomaly.demand_effect(lived.day)).sum();
        let of_promotion = if promotion == 0.0 { (Kind::Price, price) } else { (Kind::Promotion, promotion + price) };
        let sign = if side == Direction::Above { 1.0 } else { -1.0 };
        [of_promotion, (Kind::Rival, rival), (Kind::Stock, stock), (Kind::Unknown, planted)]
            .into_iter()
            .map(|(kind, effect)| (kind, sign * effect))
            .filter(|(_, effect)| *effect >= EFFECT_MIN)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(Kind::Unknown, |(kind, _)| kind)
    }
}

const fn kind_of(cause: &Cause) -> Kind {
    match cause {
        Cause::Price(_) => Kind::Price,
        Cause::RivalPrice(_) => Kind::Rival,
        Cause::PromotionBegan | Cause::PromotionEnded => Kind::Promotion,
        Cause::StockOut | Cause::BackInStock => Kind::Stock,
        Cause::Holiday(_) | Cause::Unknown => Kind::Unknown,
    }
}

/// NaN where nothing is known.
fn median(values: &[f64]) -> f64 {
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    known.get(known.len() / 2).copied().unwrap_or(f64::NAN)
}
