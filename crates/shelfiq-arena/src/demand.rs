//! How the shoppers of one Sku answer to its price: the truth that the brains have to find.

use rand::Rng;
use serde::Serialize;
use shelfiq_core::Money;

use crate::catalogue::Category;
use crate::noise::{between, happens, normal};

/// Behaviour of the shoppers of one Sku. Log effects add up; demand is their exponential.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemandTruth {
    /// Expected units on an average day of the year at the launch price.
    pub base_units_per_day: f64,
    /// Change of log demand per change of log price near the launch price.
    pub elasticity: f64,
    /// Change of log demand per change of the cheapest rival's log price.
    pub rival_elasticity: f64,
    /// Log effect of being shown as a promotion, beyond the lower price.
    pub promotion_effect: f64,
    /// Log growth per year.
    pub trend_per_year: f64,
    /// Multiplies the category's season.
    pub season_strength: f64,
    /// Multiplies the category's answer to the weather.
    pub weather_strength: f64,
    /// Deviation of the slow drift of log demand that nothing explains.
    pub drift_deviation: f64,
    /// Size of the negative binomial distribution of a day's units: variance = mean + mean² / size.
    pub count_size: f64,
    /// Share of page views that become a unit sold at the launch price.
    pub conversion: f64,
}

impl DemandTruth {
    /// Carry-over of the unexplained drift from one day to the next.
    const DRIFT_PERSISTENCE: f64 = 0.95;
    /// Shoppers judge a price beyond this log distance above the usual one as a mistake.
    const CHOKE_START: f64 = 0.30;
    const CHOKE_SLOPE: f64 = 4.0;
    /// Below this log distance nobody else is left to attract.
    const BARGAIN_END: f64 = -0.80;

    pub(crate) fn draw(category: Category, popularity: f64, rng: &mut impl Rng) -> Self {
        let (mean, deviation) = category.profile().elasticity;
        let base = (-1.25 + popularity + 0.95 * normal(rng)).exp().clamp(0.02, 25.0);
        let elasticity = (mean + deviation * normal(rng)).clamp(-4.0, -0.8);
        // One Sku in eight fades out; the others grow a little.
        let trend_per_year =
            if happens(rng, 0.12) { -between(rng, 0.5, 1.2) } else { (0.06 + 0.15 * normal(rng)).clamp(-0.4, 0.5) };
        Self {
            base_units_per_day: base,
            elasticity,
            rival_elasticity: between(rng, 0.15, 0.45) * -elasticity,
            promotion_effect: between(rng, 0.05, 0.35),
            trend_per_year,
            season_strength: between(rng, 0.6, 1.3),
            weather_strength: between(rng, 0.3, 1.5),
            drift_deviation: between(rng, 0.08, 0.22),
            count_size: between(rng, 2.5, 12.0),
            conversion: between(rng, 0.018, 0.060),
        }
    }

    /// Tomorrow's unexplained drift of log demand, given today's and a standard normal shock.
    pub(crate) fn next_drift(&self, drift: f64, shock: f64) -> f64 {
        let persistence = Self::DRIFT_PERSISTENCE;
        persistence * drift + (1.0 - persistence * persistence).sqrt() * self.drift_deviation * shock
    }

    /// Log effect of a price that is `log_ratio` away from the launch price.
    ///
    /// Constant elasticity near the usual price; far above it demand falls faster, far below it stops growing.
    pub(crate) fn price_effect(&self, log_ratio: f64) -> f64 {
        let beyond = (log_ratio - Self::CHOKE_START).max(0.0);
        self.elasticity * log_ratio.max(Self::BARGAIN_END) - Self::CHOKE_SLOPE * beyond * beyond
    }

    /// Markup on cost that earns most when elasticity is constant (Lerner's rule); large where demand is inelastic.
    pub(crate) fn best_markup(&self) -> f64 {
        if self.elasticity < -1.05 { self.elasticity / (1.0 + self.elasticity) } else { 21.0 }
    }

    /// Expected units on an average day when the price stays at `price`, launched at `list_price`.
    ///
    /// Zero if either price is not positive.
    #[must_use]
    pub fn expected_units_per_day(&self, price: Money, list_price: Money) -> f64 {
        if price.minor() <= 0 || list_price.minor() <= 0 {
            return 0.0;
        }
        let log_ratio = (price.minor() as f64 / list_price.minor() as f64).ln();
        self.base_units_per_day * self.price_effect(log_ratio).exp()
    }

    /// Expected gross profit of an average day in minor units of the price's currency.
    #[must_use]
    pub fn expected_profit_minor_per_day(&self, price: Money, unit_cost: Money, list_price: Money) -> f64 {
        (price.minor() - unit_cost.minor()) as f64 * self.expected_units_per_day(price, list_price)
    }

    /// The price between half and twice `list_price` that earns the most on an average day.
    #[must_use]
    pub fn most_profitable_price(&self, unit_cost: Money, list_price: Money) -> Money {
        let profit = |minor: i64| {
            let price = Money::from_minor(minor, list_price.currency());
            self.expected_profit_minor_per_day(price, unit_cost, list_price)
        };
        let (lowest, highest) = (list_price.minor() / 2, list_price.minor() * 2);
        // Profit has one peak, but a coarse scan first costs nothing and needs no proof.
        let coarse_step = ((highest - lowest) / 200).max(1);
        let best_of = |range: std::ops::RangeInclusive<i64>, step: i64| {
            range.step_by(step as usize).max_by(|a, b| profit(*a).total_cmp(&profit(*b))).unwrap_or(list_price.minor())
        };
        let coarse = best_of(lowest..=highest, coarse_step);
        let fine_step = (coarse_step / 100).max(1);
        let best = best_of((coarse - coarse_step).max(1)..=coarse + coarse_step, fine_step);
        Money::from_minor(best, list_price.currency())
    }
}

#[cfg(test)]
mod tests {
    use shelfiq_core::CurrencyCode;

    use super::*;
    use crate::noise::{Noise, Stream};

    fn shoppers(elasticity: f64) -> DemandTruth {
        let mut rng = Noise::new(1).at(Stream::Sku, 0, 0);
        DemandTruth { elasticity, ..DemandTruth::draw(Category::Candles, 0.0, &mut rng) }
    }

    fn euros(minor: i64) -> Money {
        Money::from_minor(minor, CurrencyCode::EUR)
    }

    #[test]
    fn elasticity_is_the_slope_of_log_demand() {
        let truth = shoppers(-2.5);
        let units = |minor| truth.expected_units_per_day(euros(minor), euros(1_000));
        let slope = (units(1_100) / units(900)).ln() / (1_100.0_f64 / 900.0).ln();
        assert!((slope + 2.5).abs() < 1e-12);
        assert!((units(1_000) - truth.base_units_per_day).abs() < 1e-12);
    }

    #[test]
    fn the_most_profitable_price_is_lerners() {
        // elasticity −3: price = cost × 3 / 2
        let best = shoppers(-3.0).most_profitable_price(euros(800), euros(1_150));
        assert!((best.minor() - 1_200).abs() <= 1, "{best:?}");
    }

    #[test]
    fn no_shopper_pays_any_price() {
        let truth = shoppers(-0.8);
        let best = truth.most_profitable_price(euros(300), euros(1_000));
        assert!(best.minor() < 2_000, "{best:?}");
    }
}
