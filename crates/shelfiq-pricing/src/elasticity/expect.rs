//! What the nuisance coefficients usually are: learned from all series, used as expectation for each.

use std::collections::BTreeMap;

use crate::elasticity::design::{Design, Expectation, Nuisance};
use crate::elasticity::fit::{Evidence, Fit};

/// Fewer series than this say too little about how much they differ.
const SERIES_MIN: usize = 8;
/// Never surer than this: a series may always differ a little from all others.
const SD_MIN: f64 = 0.05;
const ROUNDS: usize = 40;

/// Mean and spread of each nuisance coefficient over the series; nuisances seen in too few of them are absent, and so are
/// suspected promotions, which the module `promotion` judges.
pub(crate) fn learned(fits: &[(&Design, &Fit)]) -> BTreeMap<Nuisance, Expectation> {
    let mut seen: BTreeMap<Nuisance, Vec<Evidence>> = BTreeMap::new();
    for (design, fit) in fits {
        for (&nuisance, evidence) in design.nuisances.iter().zip(&fit.nuisances) {
            if let Some(evidence) = evidence.filter(|_| nuisance != Nuisance::SuspectedPromotion) {
                seen.entry(nuisance).or_default().push(evidence);
            }
        }
    }
    seen.into_iter()
        .filter(|(_, evidence)| evidence.len() >= SERIES_MIN)
        .map(|(nuisance, evidence)| (nuisance, mean_and_spread(&evidence, nuisance.first_expectation())))
        .collect()
}

/// Maximum-likelihood mean and spread of the true values behind noisy ones (expectation–maximisation), never wider than the
/// first expectation: thin histories must not invent spread.
pub(crate) fn mean_and_spread(evidence: &[Evidence], first: Expectation) -> Expectation {
    let mut guess = first;
    for _ in 0..ROUNDS {
        let between = guess.sd * guess.sd;
        let weights = evidence.iter().map(|one| 1.0 / (one.variance + between));
        let total: f64 = weights.clone().sum();
        let mean = weights.zip(evidence).map(|(weight, one)| weight * one.mean).sum::<f64>() / total;
        let squares: f64 = evidence
            .iter()
            .map(|one| {
                let kept = between / (one.variance + between);
                (mean + kept * (one.mean - mean) - mean).powi(2) + kept * one.variance
            })
            .sum();
        guess = Expectation { mean, sd: (squares / evidence.len() as f64).sqrt().clamp(SD_MIN, first.sd) };
    }
    guess
}

/// An effect that the series of a shop share, each with a difference of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SharedEffect {
    /// Mean over the series, and how much they differ around it.
    pub(crate) expectation: Expectation,
    /// How unsure the mean is: standard deviation.
    pub(crate) mean_sd: f64,
}

impl SharedEffect {
    /// `first` is what is expected of the mean; how much series differ has a half-normal prior of scale `difference_scale` and
    /// is averaged over by marginal likelihood.
    pub(crate) fn learned(evidence: &[Evidence], first: Expectation, difference_scale: f64) -> Self {
        const STEPS: usize = 25;
        let grid = (0..STEPS).map(|step| (step as f64 + 0.5) / STEPS as f64 * 3.0 * difference_scale);
        let prior = first.sd.powi(-2);
        let ways: Vec<(f64, f64, f64, f64)> = grid
            .map(|sd| {
                let (mut precision, mut pull) = (prior, prior * first.mean);
                let mut log_weight = -0.5 * (sd / difference_scale).powi(2) - 0.5 * prior * first.mean.powi(2);
                for one in evidence {
                    let weight = 1.0 / (one.variance + sd * sd);
                    precision += weight;
                    pull += weight * one.mean;
                    log_weight += 0.5 * (weight.ln() - weight * one.mean * one.mean);
                }
                log_weight += 0.5 * (pull * pull / precision - precision.ln());
                (log_weight, sd, pull / precision, 1.0 / precision)
            })
            .collect();
        let best = ways.iter().map(|way| way.0).fold(f64::NEG_INFINITY, f64::max);
        let (mut total, mut mean, mut square, mut difference) = (0.0, 0.0, 0.0, 0.0);
        for (log_weight, sd, at, variance) in ways {
            let weight = (log_weight - best).exp();
            total += weight;
            mean += weight * at;
            square += weight * (at * at + variance);
            difference += weight * sd * sd;
        }
        let mean = mean / total;
        Self {
            expectation: Expectation { mean, sd: (difference / total).sqrt() },
            mean_sd: (square / total - mean * mean).max(0.0).sqrt(),
        }
    }

    /// What is believed of one series, which says `own` by itself.
    pub(crate) fn of(&self, own: Option<Evidence>) -> Expectation {
        let prior = self.expectation.sd.powi(2) + self.mean_sd.powi(2);
        // Share of the answer that is borrowed.
        let borrowed = own.map_or(1.0, |own| own.variance / (own.variance + prior));
        let own_mean = own.map_or(0.0, |own| own.mean);
        let mean = borrowed * self.expectation.mean + (1.0 - borrowed) * own_mean;
        Expectation { mean, sd: (borrowed * prior).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARED: SharedEffect = SharedEffect { expectation: Expectation { mean: 0.4, sd: 0.12 }, mean_sd: 0.16 };

    #[test]
    fn a_silent_series_gets_the_shared_effect_with_all_of_its_doubt() {
        let effect = SHARED.of(None);
        assert!((effect.mean - 0.4).abs() < 1e-12 && (effect.sd - 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_sure_series_is_believed_and_an_unsure_one_borrows() {
        let of = |variance| SHARED.of(Some(Evidence { mean: 1.0, variance }));
        assert!((of(1e-8).mean - 1.0).abs() < 1e-5 && of(1e-8).sd < 1e-3);
        assert!((of(0.04).mean - 0.7).abs() < 1e-12 && (of(0.04).sd - 0.02_f64.sqrt()).abs() < 1e-12);
    }
}
