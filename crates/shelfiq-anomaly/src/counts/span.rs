//! Sums over several values: how far they usually stray from what was expected before them.

use serde::{Deserialize, Serialize};

use super::negative_binomial::NegativeBinomial;

/// Sizes of the negative binomial distribution that are weighed against each other: from "nearly nothing is known
/// about tomorrow" to a Poisson count.
const SIZES: [f64; 7] = [0.5, 1.2, 3.0, 8.0, 25.0, 100.0, 1e5];
/// Sums teach at most what lies so many standard deviations from their mean.
const CLIP: f64 = 2.0;
/// How fast the record of a size is forgotten.
const RECORD_MEMORY: f64 = 0.998;
/// Sizes whose share of the belief has a smaller logarithm, that of the best being 0, are left out.
const LOG_SHARE_MIN: f64 = -4.0;

/// Sums of so many values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) values: usize,
    all: Sizes,
    /// As they would be were it not for outages: what judges whether sums are too small.
    selling: Sizes,
    /// Sums seen since the last one that taught.
    untaught: usize,
}

/// What is believed about the size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sizes {
    /// Logarithms of the weights of the sizes.
    records: [f64; SIZES.len()],
    /// The weights themselves: shares of the belief, nothing where they are negligible.
    shares: [f64; SIZES.len()],
}

/// Probabilities of a sum at most and at least as large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tails {
    pub(super) at_most: f64,
    pub(super) at_least: f64,
}

impl Span {
    pub(super) fn new(values: usize) -> Self {
        Self { values, all: Sizes::new(), selling: Sizes::new(), untaught: 0 }
    }

    /// The one size that has the same variance as all of them together.
    pub(super) fn size(&self) -> f64 {
        self.all.size()
    }

    /// The standard deviation of sums on the side of `mean` on which `sum` lies.
    pub(super) fn deviation(&self, sum: f64, mean: f64) -> f64 {
        let sizes = if sum < mean { &self.selling } else { &self.all };
        NegativeBinomial::new(mean, sizes.size()).deviation()
    }

    /// The tails around `mean`, where the mean itself rests on `certainty` units.
    pub(super) fn tails(&self, sum: f64, mean: f64, certainty: f64) -> Tails {
        let counts = |size| NegativeBinomial::new(mean, combined(size, certainty));
        Tails {
            at_most: self.selling.shares().map(|(size, share)| share * counts(size).at_most(sum)).sum(),
            at_least: self.all.shares().map(|(size, share)| share * counts(size).at_least(sum)).sum(),
        }
    }

    /// Learns a sum, whose last value came while things were sold with the probability `selling`. Sums overlap, so that
    /// they teach all the less the more values they have.
    pub(super) fn learn(&mut self, sum: f64, mean: f64, certainty: f64, selling: f64) {
        let pause = self.values.div_ceil(2);
        self.untaught += 1;
        if self.untaught < pause {
            return;
        }
        self.untaught = 0;
        let weight = pause as f64 / self.values as f64;
        let counts = |size| NegativeBinomial::new(mean, combined(size, certainty));
        for (sizes, weight) in [(&mut self.all, weight), (&mut self.selling, selling * weight)] {
            // What is strange must not teach that it is usual.
            let reach = CLIP * counts(sizes.size()).deviation() + 1.0;
            let sum = sum.clamp((mean - reach).max(0.0).ceil(), (mean + reach).floor());
            sizes.learn(weight, |size| counts(size).log_mass_of_size(sum));
        }
    }
}

impl Sizes {
    fn new() -> Self {
        Self { records: [0.0; SIZES.len()], shares: [1.0 / SIZES.len() as f64; SIZES.len()] }
    }

    fn size(&self) -> f64 {
        1.0 / self.shares().map(|(size, share)| share / size).sum::<f64>()
    }

    fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        SIZES.into_iter().zip(self.shares).filter(|(_, share)| *share > 0.0)
    }

    fn learn(&mut self, weight: f64, log_likely: impl Fn(f64) -> f64) {
        for (record, size) in self.records.iter_mut().zip(SIZES) {
            *record = RECORD_MEMORY * *record + weight * log_likely(size);
        }
        let best = self.records.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.records.iter_mut().for_each(|record| *record -= best);
        let weights = self.records.map(|record| if record > LOG_SHARE_MIN { record.exp() } else { 0.0 });
        let all: f64 = weights.iter().sum();
        self.shares = weights.map(|weight| weight / all);
    }
}

/// The size of counts whose mean is itself gamma distributed: relative variances add up and multiply.
fn combined(size: f64, certainty: f64) -> f64 {
    1.0 / (1.0 / size + 1.0 / certainty + 1.0 / (size * certainty))
}
