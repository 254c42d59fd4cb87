//! What suspected promotions did beyond the lower price.
//!
//! One history can hardly tell: cuts that are always alike move price and attention together. But a shop runs its offers in
//! one way, so the effect is learned over all series, and what is left unsure of its mean is unsure for all of them at once.

use crate::elasticity::design::Expectation;
use crate::elasticity::expect::SharedEffect;
use crate::elasticity::fit::Evidence;

/// Before looking: half of all shops may only cut prices, in others sales rise by up to a half and more.
const FIRST_MEAN: f64 = 0.15;
const FIRST_SD: f64 = 0.3;
/// Scale of the half-normal prior of how much Skus of one shop differ in it.
const DIFFERENCE_SCALE: f64 = 0.2;

/// One series for itself, before any has been looked at.
pub(crate) const FIRST: Expectation = Expectation { mean: FIRST_MEAN, sd: FIRST_SD };

/// Learns from what each series says with its elasticity left free.
pub(crate) fn learned(evidence: &[Evidence]) -> SharedEffect {
    SharedEffect::learned(evidence, FIRST, DIFFERENCE_SCALE)
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
