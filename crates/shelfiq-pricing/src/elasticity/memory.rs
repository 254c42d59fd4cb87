//! Noise that lasts: how much of what nothing explains is still there in the next period.
//!
//! Demand has a level that wanders slowly beside shocks of single periods. Correlation from one period to the next mixes
//! both and so underrates how long the wandering part lasts; here the two are kept apart. The wandering part is a first-order
//! autoregression seen through independent noise; a Kalman filter turns rows with such noise into independent ones.
//!
//! Counts of a slow seller hide how much of their noise is more than counting: over a year of single sales, the excess of the
//! variance is lost in its own sampling error and often comes out as nothing at all, while a level that wanders by a fifth still
//! decides what a price that held for a month seems to have done. So its size is averaged over as well, from a prior in units
//! of log demand.
//!
//! Source: A. C. Harvey, *Forecasting, Structural Time Series Models and the Kalman Filter* (1989), sections 3.2 and 3.4
//! (generalised least squares by running the filter over every regressor); S. L. Zeger, "A regression model for time series
//! of counts", Biometrika 75 (1988), 621–629 (counts around a latent autoregression, by their first two moments); H. Rue,
//! S. Martino and N. Chopin, Journal of the Royal Statistical Society B 71 (2009), 319–392 (averaging over a grid of what
//! describes the latent part).

use crate::elasticity::history::Family;

/// How the noise lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Memory {
    pub(crate) lasting: Lasting,
    /// What is left of the lasting part after one usual gap between periods.
    pub(crate) persistence: f64,
}

/// How large the lasting part of the noise is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Lasting {
    /// Its variance over that of all noise beyond sampling; 0 forgets at once.
    Share(f64),
    /// Its variance in log demand.
    Variance(f64),
}

impl Memory {
    pub(crate) const NONE: Self = Self { lasting: Lasting::Share(0.0), persistence: 0.0 };

    /// What may be, with its log prior probability up to a constant.
    pub(crate) fn candidates(family: Family) -> Vec<(Self, f64)> {
        match family {
            Family::LogLog => Self::of_logs(),
            Family::Count => Self::of_counts(),
        }
    }

    /// All noise is seen: shares of it. Half is no memory or a faint one.
    fn of_logs() -> Vec<(Self, f64)> {
        const PERSISTENCES: [f64; 6] = [0.4, 0.7, 0.85, 0.93, 0.97, 0.99];
        const SHARES: [f64; 4] = [0.15, 0.4, 0.7, 0.95];
        let none = (Self::NONE, ((PERSISTENCES.len() * SHARES.len()) as f64 / 3.0).ln());
        let share = |share: f64| (Lasting::Share(share), 0.0);
        Self::with_persistences(none, &PERSISTENCES, &SHARES.map(share))
    }

    /// Levels that wander by about a fifth, log-normal within a factor of 1.8 either way; one in eleven stands still.
    fn of_counts() -> Vec<(Self, f64)> {
        const PERSISTENCES: [f64; 3] = [0.7, 0.93, 0.985];
        const SDS: [f64; 5] = [0.08, 0.15, 0.25, 0.4, 0.7];
        const USUAL_SD: f64 = 0.2;
        const LOG_SD: f64 = 0.6;
        const STILL: f64 = 0.1;
        let levels = SDS.map(|sd: f64| (Lasting::Variance(sd * sd), -0.5 * ((sd / USUAL_SD).ln() / LOG_SD).powi(2)));
        let moving: f64 = levels.iter().map(|(_, log_prior)| log_prior.exp()).sum();
        let none = (Self::NONE, (STILL * PERSISTENCES.len() as f64 * moving).ln());
        Self::with_persistences(none, &PERSISTENCES, &levels)
    }

    fn with_persistences(none: (Self, f64), persistences: &[f64], sizes: &[(Lasting, f64)]) -> Vec<(Self, f64)> {
        let some = persistences.iter().flat_map(|&persistence| {
            sizes.iter().map(move |&(lasting, log_prior)| (Self { lasting, persistence }, log_prior))
        });
        std::iter::once(none).chain(some).collect()
    }

    /// Variance of the lasting part, where all noise beyond sampling has variance `extra`.
    pub(crate) fn lasting_variance(self, extra: f64) -> f64 {
        match self.lasting {
            Lasting::Share(share) => share * extra,
            Lasting::Variance(variance) => variance,
        }
    }
}

/// One step of the filter; the same for every column, because its gains depend on variances alone.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// What is left of the state since the last period.
    decay: f64,
    gain: f64,
    /// Standard deviation of what the past cannot tell of the period.
    deviation: f64,
}

/// Makes rows independent with variance one.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    steps: Vec<Step>,
    /// Log determinant of the covariance of the noise.
    pub(crate) log_determinant: f64,
}

impl Filter {
    /// `fleeting` is the variance of the noise of each period that does not last, `lasting` that of the part which does, `gaps`
    /// the time since the last period in usual gaps (that of the first is not looked at).
    pub(crate) fn new(fleeting: impl Iterator<Item = f64>, lasting: f64, persistence: f64, gaps: &[f64]) -> Self {
        let mut log_determinant = 0.0;
        let mut variance = lasting;
        let steps = fleeting
            .zip(gaps)
            .enumerate()
            .map(|(period, (fleeting, &gap))| {
                let decay = if period == 0 || lasting <= 0.0 { 0.0 } else { persistence.powf(gap) };
                variance = decay * decay * variance + (1.0 - decay * decay) * lasting;
                let total = (variance + fleeting).max(f64::MIN_POSITIVE);
                let gain = variance / total;
                variance *= 1.0 - gain;
                log_determinant += total.ln();
                Step { decay, gain, deviation: total.sqrt() }
            })
            .collect();
        Self { steps, log_determinant }
    }

    /// Rows of so many cells, one row a period.
    pub(crate) fn apply(&self, mut rows: Vec<f64>, columns: usize) -> Vec<f64> {
        let mut state = vec![0.0; columns];
        for (row, step) in rows.chunks_exact_mut(columns).zip(&self.steps) {
            for (cell, level) in row.iter_mut().zip(&mut state) {
                *level *= step.decay;
                let surprise = *cell - *level;
                *level += step.gain * surprise;
                *cell = surprise / step.deviation;
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::{Symmetric, dot};

    /// The covariance that the filter stands for, written out.
    fn covariance(fleeting: &[f64], lasting: f64, persistence: f64, days: &[f64]) -> Symmetric {
        let mut matrix = Symmetric::zeros(days.len());
        for (row, day) in days.iter().enumerate() {
            matrix.add_to_diagonal(row, fleeting[row]);
            let unit =
                |index: usize| -> Vec<f64> { (0..days.len()).map(|it| f64::from(u8::from(it == index))).collect() };
            for (column, other) in days.iter().enumerate().take(row + 1) {
                let shared = lasting * persistence.powf((day - other).abs());
                let both: Vec<f64> = unit(row).iter().zip(unit(column)).map(|(a, b)| a + b).collect();
                if row == column {
                    matrix.add_to_diagonal(row, shared);
                } else {
                    // (a + b)(a + b)ᵀ puts the same on the diagonal, which is taken off again.
                    matrix.add_outer(&both, shared);
                    matrix.add_to_diagonal(row, -shared);
                    matrix.add_to_diagonal(column, -shared);
                }
            }
        }
        matrix
    }

    #[test]
    fn filtered_rows_weigh_as_the_inverse_covariance_does() {
        let fleeting = [0.3, 0.1, 0.5, 0.2, 0.4];
        let (lasting, persistence, days) = (0.6, 0.8, [0.0, 1.0, 2.0, 5.0, 6.0]);
        let filter = Filter::new(fleeting.into_iter(), lasting, persistence, &[0.0, 1.0, 1.0, 3.0, 1.0]);
        let inverse = covariance(&fleeting, lasting, persistence, &days).inverse().unwrap();
        let (x, y) = ([1.0, -2.0, 0.5, 3.0, 1.5], [0.3, 0.7, -1.0, 0.2, 2.0]);
        let expected = dot(&x, &inverse.times(&y));
        let found = dot(&filter.apply(x.to_vec(), 1), &filter.apply(y.to_vec(), 1));
        assert!((found - expected).abs() < 1e-10, "{found} {expected}");
    }

    #[test]
    fn without_lasting_noise_rows_are_only_scaled() {
        let filter = Filter::new([0.25, 4.0].into_iter(), 0.0, 0.9, &[0.0, 1.0]);
        assert_eq!(filter.apply(vec![1.0, 2.0, 3.0, 4.0], 2), [2.0, 4.0, 1.5, 2.0]);
        assert!(filter.log_determinant.abs() < 1e-12);
    }
}
