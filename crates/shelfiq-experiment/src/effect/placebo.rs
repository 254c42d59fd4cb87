//! How far a Sku stands from its stand-in when nothing was decided.

use crate::effect::synthetic::{Gap, RelativeSeries, gap};

/// What the peers show when each in turn plays the decided Sku (placebo test, Abadie et al. 2010).
pub(crate) struct Placebos {
    /// Weeks measured.
    weeks: f64,
    /// Covariance of neighbouring weekly gaps, averaged over the peers: what lasts does not average out.
    lasting: f64,
    /// How many times farther than expected from the weeks before peers stand from their stand-ins afterwards.
    ratio: f64,
}

/// Weeks between which gaps are compared to see what lasts.
const LAGS: usize = 3;
/// The covariance of a single series is noisy: it counts for this much beside the mean of the peers.
const OWN_SHARE: f64 = 0.5;
/// A mean of some weeks never counts as more precise than this share of a week's variance.
const LEAST_SHARE: f64 = 0.05;

impl Placebos {
    pub(crate) fn of(peers: &[&RelativeSeries], measured_weeks: u32) -> Self {
        let gaps: Vec<Gap> = (0..peers.len())
            .map(|one| {
                let others: Vec<&RelativeSeries> =
                    peers.iter().enumerate().filter(|&(index, _)| index != one).map(|(_, &peer)| peer).collect();
                gap(peers[one], &others)
            })
            .collect();
        let lasting = gaps.iter().map(|gap| covariance(&gap.before)).sum::<f64>() / gaps.len() as f64;
        let expected = Self { weeks: f64::from(measured_weeks), lasting, ratio: 1.0 };
        let misses: Vec<f64> = gaps.iter().map(|gap| gap.after / expected.scatter(gap)).collect();
        Self { ratio: mean_square(&misses).sqrt(), ..expected }
    }

    /// Standard deviation of the gap over the measured weeks, if the decision did nothing.
    pub(crate) fn scatter(&self, gap: &Gap) -> f64 {
        let week = mean_square(&gap.before).max(1e-12);
        let lasting = OWN_SHARE * covariance(&gap.before) + (1.0 - OWN_SHARE) * self.lasting;
        let mean = (week + (self.weeks - 1.0) * lasting) / self.weeks;
        self.ratio * mean.max(LEAST_SHARE * week).sqrt()
    }
}

/// Mean covariance of gaps one to three weeks apart.
fn covariance(gaps: &[f64]) -> f64 {
    let products: Vec<f64> =
        (1..=LAGS).flat_map(|lag| gaps.iter().zip(gaps.iter().skip(lag)).map(|(a, b)| a * b)).collect();
    products.iter().sum::<f64>() / products.len().max(1) as f64
}

pub(crate) fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>() / values.len().max(1) as f64
}
