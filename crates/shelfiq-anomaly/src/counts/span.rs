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
    /// Logarithms of the weights of the sizes.
    records: [f64; SIZES.len()],
    /// The weights themselves: shares of the belief, nothing where they are negligible.
    shares: [f64; SIZES.len()],
    /// Sums seen since the last one that taught.
    untaught: usize,
}

/// Probabilities of a sum at most and at least as large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tails {
    pub(super) at_most: f64,
    pub(super) at_least: f64,
}

impl Span {
    pub(super) fn new(values: usize) -> Self {
        Self { values, records: [0.0; SIZES.len()], shares: [1.0 / SIZES.len() as f64; SIZES.len()], untaught: 0 }
    }

    /// The one size that has the same variance as all of them together.
    pub(super) fn size(&self) -> f64 {
        1.0 / self.shares().map(|(size, share)| share / size).sum::<f64>()
    }

    /// The tails around `mean`, where the mean itself rests on `certainty` units.
    pub(super) fn tails(&self, sum: f64, mean: f64, certainty: f64) -> Tails {
        let mut tails = Tails { at_most: 0.0, at_least: 0.0 };
        for (size, share) in self.shares() {
            let counts = NegativeBinomial::new(mean, combined(size, certainty));
            tails.at_most += share * counts.at_most(sum);
            tails.at_least += share * counts.at_least(sum);
        }
        tails
    }

    /// Learns a sum. Sums overlap, so that they teach all the less the more values they have.
    pub(super) fn learn(&mut self, sum: f64, mean: f64, certainty: f64) {
        let pause = self.values.div_ceil(2);
        self.untaught += 1;
        if self.untaught < pause {
            return;
        }
        self.untaught = 0;
        // What is strange must not teach that it is usual.
        let reach = CLIP * NegativeBinomial::new(mean, combined(self.size(), certainty)).deviation() + 1.0;
        let sum = sum.clamp((mean - reach).max(0.0).ceil(), (mean + reach).floor());
        let weight = pause as f64 / self.values as f64;
        for (record, size) in self.records.iter_mut().zip(SIZES) {
            let likely = NegativeBinomial::new(mean, combined(size, certainty)).log_mass_of_size(sum);
            *record = RECORD_MEMORY * *record + weight * likely;
        }
        let best = self.records.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.records.iter_mut().for_each(|record| *record -= best);
        let weights = self.records.map(|record| if record > LOG_SHARE_MIN { record.exp() } else { 0.0 });
        let all: f64 = weights.iter().sum();
        self.shares = weights.map(|weight| weight / all);
    }

    fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        SIZES.into_iter().zip(self.shares).filter(|(_, share)| *share > 0.0)
    }
}

/// The size of counts whose mean is itself gamma distributed: relative variances add up and multiply.
fn combined(size: f64, certainty: f64) -> f64 {
    1.0 / (1.0 / size + 1.0 / certainty + 1.0 / (size * certainty))
}
