//! How far a Sku stands from its stand-in when nothing was decided.

use crate::distributions::student_quantile;
use crate::effect::synthetic::{Gap, RelativeSeries, gap};

/// What the peers show when each in turn plays the decided Sku (placebo test, Abadie et al. 2010).
pub(crate) struct Placebos {
    /// Weeks measured.
    weeks: f64,
    /// Covariance of neighbouring weekly gaps, averaged over the peers: what lasts does not average out.
    lasting: f64,
    /// How far each peer stands from its stand-in afterwards, relative to what the weeks before let expect: ascending.
    misses: Vec<f64>,
}

/// Weeks between which gaps are compared to see what lasts.
const LAGS: usize = 3;
/// The covariance of a single series is noisy: it counts for this much beside the mean of the peers.
const OWN_SHARE: f64 = 0.5;
/// A mean of some weeks never counts as more precise than this share of a week's variance.
const LEAST_SHARE: f64 = 0.05;
/// Placebos share their stand-ins, differ in how noisy they are, and now and then one is far out: they tell their scatter
/// no better than this share of as many independent normal ones would.
const FREEDOM_PER_PLACEBO: f64 = 0.4;

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
        let mut placebos = Self { weeks: f64::from(measured_weeks), lasting, misses: Vec::new() };
        placebos.misses = gaps.iter().map(|gap| gap.after.abs() / placebos.expected_scatter(gap)).collect();
        placebos.misses.sort_by(f64::total_cmp);
        placebos
    }

    /// How far a gap over the measured weeks reaches with probability `level` if the decision did nothing: Student with the
    /// scatter of the placebos.
    pub(crate) fn student_reach(&self, gap: &Gap, level: f64) -> f64 {
        let freedom = FREEDOM_PER_PLACEBO * (self.misses.len() as f64 - 1.0);
        let ratio = mean_square(&self.misses).sqrt();
        student_quantile(0.5 + 0.5 * level, freedom) * ratio * self.expected_scatter(gap)
    }

    /// The same without a distribution: as far as all but the farthest `1 − level` of the placebos, the Sku itself counted
    /// among them. `None` with too few of them.
    pub(crate) fn rank_reach(&self, gap: &Gap, level: f64) -> Option<f64> {
        let rank = (level * (self.misses.len() as f64 + 1.0)).ceil() as usize;
        Some(self.misses.get(rank.checked_sub(1)?)? * self.expected_scatter(gap))
    }

    /// Standard deviation of the gap over the measured weeks that the weeks before let expect.
    fn expected_scatter(&self, gap: &Gap) -> f64 {
        let week = mean_square(&gap.before).max(1e-12);
        let lasting = OWN_SHARE * covariance(&gap.before) + (1.0 - OWN_SHARE) * self.lasting;
        let mean = (week + (self.weeks - 1.0) * lasting) / self.weeks;
        mean.max(LEAST_SHARE * week).sqrt()
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
