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
