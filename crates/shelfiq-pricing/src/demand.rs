//! Demand as a function of price: what one Sku would sell at a price, and how sure that is.

use serde::{Deserialize, Serialize};

use crate::normal;

/// What is believed about the own-price elasticity of one Sku: a normal distribution.
///
/// −2 means that a price higher by 1 % sells 2 % fewer units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ElasticityBelief {
    /// Most plausible elasticity.
    pub mean: f64,
    /// Standard deviation: about two thirds of the belief lies within ± this.
    pub sd: f64,
}

impl ElasticityBelief {
    /// Surely no response.
    pub(crate) const NONE: Self = Self { mean: 0.0, sd: 0.0 };

    /// Ends of the central 95 % interval.
    #[must_use]
    pub const fn interval_95(self) -> (f64, f64) {
        const REACH: f64 = 1.959_963_984_540_054;
        (self.mean - REACH * self.sd, self.mean + REACH * self.sd)
    }
}

/// The range of prices that were really asked, in major units of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriceSupport {
    /// Lowest price observed.
    pub min: f64,
    /// Highest price observed.
    pub max: f64,
}

impl PriceSupport {
    /// How far `price` lies outside the range, as the absolute log of the ratio to the nearer end; 0 inside.
    #[must_use]
    pub fn log_distance(&self, price: f64) -> f64 {
        // Prices arrive as decimals and as averages of decimals: a hair of rounding is not "outside".
        let slack = 1e-9;
        if price > self.max * (1.0 + slack) {
            (price / self.max).ln()
        } else if price < self.min * (1.0 - slack) {
            (self.min / price).ln()
        } else {
            0.0
        }
    }
}

/// What is believed of the rivals' part in the answer to a change of the own price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RivalReaction {
    /// How far the cheapest rival follows: per cent of its price for one per cent of ours, over the weeks after a change; 0 for
    /// a rival that does not care, 1 for one that keeps its distance. Its spread includes how much single answers differ.
    pub follows: ElasticityBelief,
    /// Per cent of our demand for one per cent of the cheapest rival's price: above zero where a dearer rival sends buyers.
    pub effect: ElasticityBelief,
}

impl RivalReaction {
    /// What the answer of the rivals adds to the own elasticity: the product of both beliefs, taken as independent.
    ///
    /// Source of its variance: L. A. Goodman, "On the exact variance of products", Journal of the American Statistical
    /// Association 55 (1960), 708–713.
    #[must_use]
    pub fn elasticity(self) -> ElasticityBelief {
        let (follows, effect) = (self.follows, self.effect);
        let variance =
            (follows.mean * effect.sd).powi(2) + (effect.mean * follows.sd).powi(2) + (follows.sd * effect.sd).powi(2);
        ElasticityBelief { mean: follows.mean * effect.mean, sd: variance.sqrt() }
    }
}

/// Expected value with the interval that holds it with 80 % probability (unless a caller asked for another level).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean.
    pub expected: f64,
    /// Lower end of the interval.
    pub lo: f64,
    /// Upper end of the interval.
    pub hi: f64,
}

/// Constant-elasticity demand around today's price: `units(p) = baseline · (p / baseline_price) ^ elasticity`, where the
/// elasticity is that of [`Self::response`].
///
/// Uncertainty is log-normal and *mean preserving*: being unsure of the elasticity widens the interval, but never makes
/// a price look better than its best guess. A plain average over elasticities would reward ignorance, because demand is
/// convex in the elasticity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DemandModel {
    /// Price at which `baseline_quantity` is expected, major units.
    pub baseline_price: f64,
    /// Units expected at `baseline_price` over the period the caller plans for. All quantities, revenues and margins that
    /// follow from it are over the same period.
    pub baseline_quantity: f64,
    /// Standard deviation of the log of the baseline: 0.1 means "within about 10 %"; 0 when it is taken as given.
    pub baseline_log_sd: f64,
    /// Belief about the elasticity while the rivals' prices stay.
    pub elasticity: ElasticityBelief,
    /// How the rivals answer to a new price; `None` without rivals, or where nothing is known of them.
    #[serde(default)]
    pub rival_reaction: Option<RivalReaction>,
    /// Prices the belief was learned from; `None` when unknown, and then nothing counts as extrapolation.
    pub support: Option<PriceSupport>,
}

/// One point of a demand curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Price in major units.
    pub price: f64,
    /// Units at that price.
    pub quantity: Estimate,
    /// Whether the price lies outside what was ever asked.
    pub extrapolated: bool,
}

/// Outside the observed prices the slope itself may change. This is the standard deviation of the elasticity out there, in
/// addition to the belief: one whole unit, so that a step of 10 % beyond the range adds 10 % of uncertainty to demand.
pub(crate) const EXTRAPOLATION_SLOPE_SD: f64 = 1.0;

impl DemandModel {
    /// Belief about the elasticity of what is sold once the rivals have answered.
    #[must_use]
    pub fn response(&self) -> ElasticityBelief {
        let by_rivals = self.rival_reaction.map_or(ElasticityBelief::NONE, RivalReaction::elasticity);
        let own = self.elasticity;
        ElasticityBelief { mean: own.mean + by_rivals.mean, sd: own.sd.hypot(by_rivals.sd) }
    }

    /// Expected units at `price`, before any limit of stock.
    ///
    /// Never more at a higher price: a belief above zero is noise or a hidden cause, and counts as no response at all.
    #[must_use]
    pub fn expected_quantity(&self, price: f64) -> f64 {
        self.baseline_quantity * (price / self.baseline_price).powf(self.response().mean.min(0.0))
    }

    /// Standard deviation of the log of the *response*: demand at `price` over demand at the baseline price.
    #[must_use]
    pub fn response_log_sd(&self, price: f64) -> f64 {
        let known = self.response().sd * (price / self.baseline_price).ln();
        let beyond = EXTRAPOLATION_SLOPE_SD * self.support.map_or(0.0, |support| support.log_distance(price));
        known.hypot(beyond)
    }

    /// Standard deviation of the log of demand at `price`: baseline and response together.
    #[must_use]
    pub fn quantity_log_sd(&self, price: f64) -> f64 {
        self.baseline_log_sd.hypot(self.response_log_sd(price))
    }

    /// Whether `price` lies outside the observed prices.
    #[must_use]
    pub fn is_extrapolated(&self, price: f64) -> bool {
        self.support.is_some_and(|support| support.log_distance(price) > 0.0)
    }

    /// Units at `price` with the central interval of probability `level`; sales cannot exceed `stock`.
    #[must_use]
    pub fn quantity(&self, price: f64, stock: Option<f64>, level: f64) -> Estimate {
        let cap = stock.unwrap_or(f64::INFINITY);
        let mean = self.expected_quantity(price);
        let log_sd = self.quantity_log_sd(price);
        let expected = if cap.is_finite() { normal::capped_log_normal_mean(mean, log_sd, cap) } else { mean };
        let reach = normal::quantile(0.5 + 0.5 * level) * log_sd;
        let at = |z: f64| (mean * (z - 0.5 * log_sd * log_sd).exp()).min(cap);
        // With a very wide belief the mean of a log-normal leaves its own central interval.
        Estimate { expected, lo: at(-reach).min(expected), hi: at(reach).max(expected) }
    }
}

/// Units at each of `prices`, in their order, with the central interval of probability `level` (0.8 for 80 %).
#[must_use]
pub fn demand_curve(model: &DemandModel, prices: &[f64], level: f64) -> Vec<CurvePoint> {
    prices
        .iter()
        .map(|&price| CurvePoint {
            price,
            quantity: model.quantity(price, None, level),
            extrapolated: model.is_extrapolated(price),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> DemandModel {
        DemandModel {
            baseline_price: 10.0,
            baseline_quantity: 100.0,
            baseline_log_sd: 0.0,
            elasticity: ElasticityBelief { mean: -2.0, sd: 0.3 },
            rival_reaction: None,
            support: Some(PriceSupport { min: 9.0, max: 11.0 }),
        }
    }

    fn width(estimate: Estimate) -> f64 {
        (estimate.hi / estimate.lo).ln()
    }

    #[test]
    fn demand_at_todays_price_is_the_baseline_without_doubt() {
        let today = model().quantity(10.0, None, 0.8);
        assert_eq!((today.lo, today.expected, today.hi), (100.0, 100.0, 100.0));
    }

    #[test]
    fn what_rivals_add_is_the_product_of_two_beliefs() {
        let reaction = RivalReaction {
            follows: ElasticityBelief { mean: 0.5, sd: 0.2 },
            effect: ElasticityBelief { mean: 0.8, sd: 0.3 },
        };
        // 0.5² · 0.3² + 0.8² · 0.2² + 0.2² · 0.3² = 0.0225 + 0.0256 + 0.0036
        let added = reaction.elasticity();
        assert!((added.mean - 0.4).abs() < 1e-12 && (added.sd - 0.0517_f64.sqrt()).abs() < 1e-12, "{added:?}");
        let followed = DemandModel { rival_reaction: Some(reaction), ..model() };
        let response = followed.response();
        assert!((response.mean + 1.6).abs() < 1e-12 && (response.sd - (0.09_f64 + 0.0517).sqrt()).abs() < 1e-12);
        assert!((followed.quantity(9.0, None, 0.8).expected - 100.0 * 0.9_f64.powf(-1.6)).abs() < 1e-9);
        assert!(width(followed.quantity(9.0, None, 0.8)) > width(model().quantity(9.0, None, 0.8)));
    }

    #[test]
    fn a_rise_of_ten_percent_at_elasticity_minus_two_sells_seventeen_percent_less() {
        let units = model().quantity(11.0, None, 0.8);
        assert!((units.expected - 100.0 / 1.21).abs() < 1e-9);
        assert!(units.lo < units.expected && units.expected < units.hi);
    }

    #[test]
    fn the_interval_widens_faster_outside_the_prices_ever_asked() {
        let curve = demand_curve(&model(), &[10.5, 11.0, 11.5, 12.0], 0.8);
        assert_eq!(curve.iter().map(|point| point.extrapolated).collect::<Vec<_>>(), [false, false, true, true]);
        let widths: Vec<f64> = curve.iter().map(|point| width(point.quantity)).collect();
        let (inside, outside) = (widths[1] - widths[0], widths[3] - widths[2]);
        assert!(outside > 1.5 * inside, "{widths:?}");
    }

    #[test]
    fn a_belief_above_zero_promises_no_extra_sales_at_a_higher_price() {
        let upside_down = DemandModel { elasticity: ElasticityBelief { mean: 0.8, sd: 0.2 }, ..model() };
        assert_eq!(upside_down.expected_quantity(11.0), 100.0);
        assert_eq!(upside_down.expected_quantity(9.0), 100.0);
    }

    #[test]
    fn nothing_sells_beyond_the_stock() {
        let units = model().quantity(9.0, Some(110.0), 0.8);
        assert!(units.expected < 110.0 && units.hi <= 110.0);
    }
}
