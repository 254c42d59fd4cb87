//! What a price is worth to the objective: expectation, probability of a gain, distribution of the gain.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::advice::{Gain, PriceProblem, RiskAttitude};
use crate::demand::{DemandModel, Estimate};
use crate::normal;
use crate::optimize::to_f64;

/// The objective of one problem as a function of price: `(price − weight · cost) · min(demand(price), stock)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PriceValue {
    demand: DemandModel,
    weighted_cost: f64,
    stock: f64,
    risk: RiskAttitude,
}

/// Strata of equal probability that stand for the response to a change of price.
static RESPONSES: LazyLock<Vec<f64>> = LazyLock::new(|| middles(100));
/// The same for the baseline, which only matters where stock cuts demand, and for the width of the interval.
static BASELINES: LazyLock<Vec<f64>> = LazyLock::new(|| middles(10));

impl PriceValue {
    pub(crate) fn of(problem: &PriceProblem, risk: RiskAttitude) -> Self {
        Self {
            demand: problem.demand,
            weighted_cost: problem.objective.cost_weight() * problem.unit_cost.map_or(0.0, to_f64),
            stock: problem.stock_units.unwrap_or(f64::INFINITY),
            risk,
        }
    }

    /// What decides between prices: the value of the objective at `price` as the attitude to risk sees it.
    pub(crate) fn worth(&self, price: f64) -> f64 {
        let unit = price - self.weighted_cost;
        // Selling below cost, the bad case is to sell much.
        let bad_side = |share: f64| if unit < 0.0 { 1.0 - share } else { share };
        match self.risk {
            RiskAttitude::Neutral => self.expected(price),
            RiskAttitude::BestGuess => unit * self.demand.expected_quantity(price).min(self.stock),
            RiskAttitude::LowerQuantile(share) => unit * self.units_at(price, bad_side(share)),
            RiskAttitude::WorstShare(share) => unit * self.mean_units_below(price, bad_side(share), unit < 0.0),
        }
    }

    /// Units sold that are not exceeded with this probability.
    fn units_at(&self, price: f64, share: f64) -> f64 {
        let (mean, log_sd) = (self.demand.expected_quantity(price), self.demand.quantity_log_sd(price));
        (mean * (normal::quantile(share) * log_sd - 0.5 * log_sd * log_sd).exp()).min(self.stock)
    }

    /// Mean of the units sold over the cases below the quantile of this share, or over those above it.
    ///
    /// Source: the partial expectation of a log-normal (Rockafellar and Uryasev, "Optimization of conditional
    /// value-at-risk", Journal of Risk 2, 2000, with the loss taken as the negative of the value).
    fn mean_units_below(&self, price: f64, share: f64, above: bool) -> f64 {
        let (mean, log_sd) = (self.demand.expected_quantity(price), self.demand.quantity_log_sd(price));
        let whole = normal::capped_log_normal_mean(mean, log_sd, self.stock);
        if log_sd <= 0.0 || mean <= 0.0 || share <= 0.0 || share >= 1.0 {
            return whole;
        }
        let end = normal::quantile(share);
        let cut = ((self.stock / mean).ln() + 0.5 * log_sd * log_sd) / log_sd;
        let uncut = mean * normal::probability_below(end.min(cut) - log_sd);
        let at_stock = if cut < end { self.stock * (share - normal::probability_below(cut)) } else { 0.0 };
        if above { (whole - uncut - at_stock) / (1.0 - share) } else { (uncut + at_stock) / share }
    }

    /// Expected value of the objective at `price`.
    pub(crate) fn expected(&self, price: f64) -> f64 {
        let demand = self.demand.expected_quantity(price);
        let units = if self.stock.is_finite() {
            normal::capped_log_normal_mean(demand, self.demand.quantity_log_sd(price), self.stock)
        } else {
            demand
        };
        (price - self.weighted_cost) * units
    }

    /// Probability that `price` earns more than `current`, over the response to the price and over the baseline.
    pub(crate) fn probability_of_gain(&self, price: f64, current: f64) -> f64 {
        let (demand, demand_now) = (self.demand.expected_quantity(price), self.demand.expected_quantity(current));
        let (unit, unit_now) = (price - self.weighted_cost, current - self.weighted_cost);
        let log_sd = self.demand.response_log_sd(price);
        // Only where stock cuts demand does the baseline matter: elsewhere it multiplies both sides.
        let baselines =
            if self.stock.is_finite() { strata(self.demand.baseline_log_sd, &BASELINES) } else { vec![1.0] };
        let at = |baseline: &f64| {
            let kept = unit_now * (baseline * demand_now).min(self.stock);
            let needed = kept / unit;
            if unit > 0.0 {
                if needed >= self.stock { 0.0 } else { probability_above(needed, baseline * demand, log_sd) }
            } else if kept >= 0.0 {
                0.0
            } else if needed > self.stock {
                1.0
            } else {
                1.0 - probability_above(needed, baseline * demand, log_sd)
            }
        };
        baselines.iter().map(at).sum::<f64>() / baselines.len() as f64
    }

    /// Mean, interval and sign of what `price` earns above `current`, over the response and over the baseline, taken as
    /// independent.
    ///
    /// The interval is exact when the baseline is taken as given; else it is read off equally probable strata of both.
    pub(crate) fn gain(&self, price: Decimal, current: Decimal, level: f64) -> Gain {
        if price == current {
            return Gain { amount: Estimate { expected: 0.0, lo: 0.0, hi: 0.0 }, probability_positive: 0.0 };
        }
        let (new, old) = (to_f64(price), to_f64(current));
        let expected = self.expected(new) - self.expected(old);
        let (demand_new, demand_old) = (self.demand.expected_quantity(new), self.demand.expected_quantity(old));
        let gained = |baseline: f64, response: f64| {
            let earned = (new - self.weighted_cost) * (demand_new * baseline * response).min(self.stock);
            earned - (old - self.weighted_cost) * (demand_old * baseline).min(self.stock)
        };
        let response_sd = self.demand.response_log_sd(new);
        let reach = [0.5 - 0.5 * level, 0.5 + 0.5 * level];
        let baselines = strata(self.demand.baseline_log_sd, &BASELINES);
        let ends = if baselines.len() == 1 {
            // With the baseline given, the gain rises or falls with the response: its quantiles are those of the response.
            reach.map(|share| {
                gained(1.0, (response_sd * normal::quantile(share) - 0.5 * response_sd * response_sd).exp())
            })
        } else {
            let responses = strata(response_sd, &RESPONSES);
            let mut gains: Vec<f64> = baselines
                .iter()
                .flat_map(|&baseline| responses.iter().map(move |&response| gained(baseline, response)))
                .collect();
            gains.sort_by(f64::total_cmp);
            reach.map(|share| quantile_of_sorted(&gains, share))
        };
        Gain {
            amount: Estimate {
                expected,
                lo: ends[0].min(ends[1]).min(expected),
                hi: ends[0].max(ends[1]).max(expected),
            },
            probability_positive: self.probability_of_gain(new, old),
        }
    }
}

/// Probability that a log-normal with this mean lies above `units`.
fn probability_above(units: f64, mean: f64, log_sd: f64) -> f64 {
    if units <= 0.0 {
        1.0
    } else if log_sd <= 0.0 || mean <= 0.0 {
        f64::from(u8::from(mean > units))
    } else {
        normal::probability_below(((mean / units).ln() - 0.5 * log_sd * log_sd) / log_sd)
    }
}

/// Value below which this share of equally probable strata lies, each stratum standing at its middle.
fn quantile_of_sorted(values: &[f64], share: f64) -> f64 {
    let position = (share * values.len() as f64 - 0.5).clamp(0.0, (values.len() - 1) as f64);
    let (below, above) = (values[position.floor() as usize], values[position.ceil() as usize]);
    below + (above - below) * position.fract()
}

/// Middles (in probability) of `count` equally probable strata of the standard normal distribution.
fn middles(count: u32) -> Vec<f64> {
    (0..count).map(|i| normal::quantile((f64::from(i) + 0.5) / f64::from(count))).collect()
}

/// The same for a log-normal with mean one; a single 1 if it has no spread.
fn strata(log_sd: f64, middles: &[f64]) -> Vec<f64> {
    if log_sd <= 0.0 {
        return vec![1.0];
    }
    middles.iter().map(|z| (log_sd * z - 0.5 * log_sd * log_sd).exp()).collect()
}
