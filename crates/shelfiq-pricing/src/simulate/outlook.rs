//! What is expected of the coming days if the plan stays as it is.

use serde::{Deserialize, Serialize};

use crate::demand::{ElasticityBelief, PriceSupport, RivalReaction};
use crate::error::PricingError;
use crate::normal;

/// Demand of one day under the plan as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayOutlook {
    /// Units expected.
    pub mean_units: f64,
    /// Standard deviation of the day's units around a mean that is known: the luck of the day alone.
    pub sd_units: f64,
}

/// Demand over a horizon of days, and what is believed about its causes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// One entry a day, from tomorrow.
    pub days: Vec<DayOutlook>,
    /// Standard deviation of the log of the level that all days share: 0.1 for "the whole forecast may be off by 10 %".
    pub level_log_sd: f64,
    /// How demand answers to our own price.
    pub elasticity: ElasticityBelief,
    /// Prices that was learned from; `None` when unknown.
    pub support: Option<PriceSupport>,
    /// Log of the factor by which a promotion lifts demand beyond what its price does; `None` when unknown.
    pub promotion: Option<ElasticityBelief>,
    /// How demand answers to the rival's price (above zero: a dearer rival sends buyers to us); `None` when unknown.
    pub rival_elasticity: Option<ElasticityBelief>,
    /// How far the rival follows our price, as [`RivalReaction::follows`]; `None` when unknown, and then it does not.
    #[serde(default)]
    pub rival_follows: Option<ElasticityBelief>,
}

impl Outlook {
    /// An outlook from a forecast: each day's mean and the standard deviation of its whole doubt, and the standard deviation
    /// of the sum of all days.
    ///
    /// What days have in common adds up in the sum, luck averages out. The doubt about the level is what explains the spread
    /// of the sum beyond that of independent days: `s² = (Var(Σ) − Σ t²) / ((Σ m)² − Σ m²)`, at most what a day shows itself.
    #[must_use]
    pub fn from_forecast(days: &[DayOutlook], sum_sd_units: f64, elasticity: ElasticityBelief) -> Self {
        let sum = |of: fn(&DayOutlook) -> f64| days.iter().map(of).sum::<f64>();
        let (means, squares) = (sum(|day| day.mean_units), sum(|day| day.mean_units.powi(2)));
        let pairs = means * means - squares;
        let shared = sum_sd_units * sum_sd_units - sum(|day| day.sd_units.powi(2));
        let largest = days
            .iter()
            .filter(|day| day.mean_units > 0.0)
            .map(|day| (day.sd_units / day.mean_units).powi(2))
            .fold(f64::INFINITY, f64::min);
        let level = if pairs > 0.0 { (shared / pairs).clamp(0.0, largest.min(1e6)) } else { 0.0 };
        let own = |day: &DayOutlook| {
            let sd_units = (day.sd_units.powi(2) - level * day.mean_units.powi(2)).max(0.0).sqrt();
            DayOutlook { sd_units, ..*day }
        };
        Self {
            days: days.iter().map(own).collect(),
            // A log-normal with relative variance v has log variance ln(1 + v).
            level_log_sd: level.ln_1p().sqrt(),
            elasticity,
            support: None,
            promotion: None,
            rival_elasticity: None,
            rival_follows: None,
        }
    }

    /// What the rival's answer to our price adds to the elasticity; nothing where it is not known.
    pub(crate) fn elasticity_by_rival(&self) -> ElasticityBelief {
        let known = self.rival_follows.zip(self.rival_elasticity);
        known.map_or(ElasticityBelief::NONE, |(follows, effect)| RivalReaction { follows, effect }.elasticity())
    }

    pub(crate) fn check(&self) -> Result<(), PricingError> {
        let spreads = [Some(self.elasticity), self.promotion, self.rival_elasticity, self.rival_follows];
        let beliefs_hold = spreads.into_iter().flatten().all(|belief| belief.mean.is_finite() && is_amount(belief.sd));
        let days_hold = self.days.iter().all(|day| is_amount(day.mean_units) && is_amount(day.sd_units));
        if beliefs_hold && days_hold && is_amount(self.level_log_sd) && !self.days.is_empty() {
            return Ok(());
        }
        Err(PricingError::InvalidProblem {
            quantity: "the outlook",
            value: format!("{} days with a number that is missing or below zero", self.days.len()),
            expected: "at least one day, with numbers of zero or more",
        })
    }
}

impl DayOutlook {
    /// A day of a forecast that gives a mean and the central interval of probability `level`.
    #[must_use]
    pub fn from_interval(mean_units: f64, lo: f64, hi: f64, level: f64) -> Self {
        let reach = normal::quantile(0.5 + 0.5 * level);
        Self { mean_units, sd_units: ((hi - lo) / (2.0 * reach)).max(0.0) }
    }
}

pub(crate) fn is_amount(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const BELIEF: ElasticityBelief = ElasticityBelief { mean: -2.0, sd: 0.3 };

    #[test]
    fn a_forecast_is_split_into_level_and_luck() {
        // Ten days of 20 ± 5 with a level that is off by 15 %.
        let total_sd = (25.0_f64 + 0.0225 * 400.0).sqrt();
        let days = [DayOutlook { mean_units: 20.0, sd_units: total_sd }; 10];
        let sum_sd = (10.0_f64 * 25.0 + 0.0225 * 40_000.0).sqrt();
        let outlook = Outlook::from_forecast(&days, sum_sd, BELIEF);
        assert!((outlook.level_log_sd - 0.0225_f64.ln_1p().sqrt()).abs() < 1e-9);
        assert!((outlook.days[0].sd_units - 5.0).abs() < 1e-9);
    }

    #[test]
    fn independent_days_have_no_doubt_about_the_level() {
        let days = [DayOutlook::from_interval(20.0, 13.6, 26.4, 0.8); 10];
        let outlook = Outlook::from_forecast(&days, days[0].sd_units * 10.0_f64.sqrt(), BELIEF);
        assert!(outlook.level_log_sd < 1e-6 && (outlook.days[0].sd_units - 5.0).abs() < 0.01);
    }
}
