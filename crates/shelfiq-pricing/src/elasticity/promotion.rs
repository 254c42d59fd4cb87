//! What suspected promotions did beyond the lower price.
//!
//! One history can hardly tell: cuts that are always alike move price and attention together. But a shop runs its offers in
//! one way, so the effect is learned over all series, and what is left unsure of its mean is unsure for all of them at once.

use crate::elasticity::design::Expectation;
use crate::elasticity::fit::Evidence;

/// Before looking: half of all shops may only cut prices, in others sales rise by up to a half and more.
const FIRST_MEAN: f64 = 0.15;
const FIRST_SD: f64 = 0.3;
/// Scale of the half-normal prior of how much Skus of one shop differ in it.
const DIFFERENCE_SCALE: f64 = 0.2;

/// What is known of the effect, in log units of demand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SharedEffect {
    /// Mean over the series, and how much they differ around it.
    pub(crate) expectation: Expectation,
    /// How unsure the mean is: standard deviation.
    pub(crate) mean_sd: f64,
}

/// One series for itself, before any has been looked at.
pub(crate) const FIRST: Expectation = Expectation { mean: FIRST_MEAN, sd: FIRST_SD };

/// Learns from what each series says with its elasticity left free. Differences between series are averaged over by marginal
/// likelihood.
pub(crate) fn learned(evidence: &[Evidence]) -> SharedEffect {
    const STEPS: usize = 25;
    let grid = (0..STEPS).map(|step| (step as f64 + 0.5) / STEPS as f64 * 3.0 * DIFFERENCE_SCALE);
    let prior = FIRST_SD.powi(-2);
    let ways: Vec<(f64, f64, f64, f64)> = grid
        .map(|sd| {
            let (mut precision, mut pull) = (prior, prior * FIRST_MEAN);
            let mut log_weight = -0.5 * (sd / DIFFERENCE_SCALE).powi(2) - 0.5 * prior * FIRST_MEAN.powi(2);
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
    SharedEffect {
        expectation: Expectation { mean, sd: (difference / total).sqrt() },
        mean_sd: (square / total - mean * mean).max(0.0).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_evidence_it_is_what_was_expected() {
        let none = learned(&[]);
        assert!((none.expectation.mean - FIRST_MEAN).abs() < 1e-12 && (none.mean_sd - FIRST_SD).abs() < 1e-9);
    }

    #[test]
    fn many_series_tell_the_mean_and_how_much_they_differ() {
        let at = |mean: f64| Evidence { mean, variance: 0.01 };
        let evidence: Vec<Evidence> =
            (0..100).map(|index| at(0.4 + 0.3 * if index % 2 == 0 { 1.0 } else { -1.0 })).collect();
        let found = learned(&evidence);
        assert!((found.expectation.mean - 0.4).abs() < 0.02, "{found:?}");
        assert!((found.expectation.sd - 0.28).abs() < 0.05 && found.mean_sd < 0.05, "{found:?}");
    }
}
