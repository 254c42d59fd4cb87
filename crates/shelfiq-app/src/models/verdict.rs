//! Whether a challenger is worse than what serves, looked at anew every day.
//!
//! The difference of losses is one number a day: the mean over Skus of the challenger's loss less that of production. A
//! confidence sequence for its mean holds at all days at once with the stated probability, so that looking every day and
//! stopping when the answer is clear does not raise the rate of false verdicts. It is the asymptotic one of Waudby-Smith,
//! Arbour, Sinha, Kennedy & Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of
//! Statistics 2024, equation 2), with the running variance.

use serde::Serialize;

/// What the days so far say of a challenger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct ChallengerVerdict {
    /// Days compared.
    pub(crate) days: usize,
    /// Mean excess of the challenger's scaled loss: above zero it is worse.
    pub(crate) excess: f64,
    /// Interval that holds the true mean at all days with 95 % probability; `None` while too few days are known.
    pub(crate) interval: Option<(f64, f64)>,
    /// What follows.
    pub(crate) standing: Standing,
}

/// How a challenger stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Nobody can tell yet.
    Open,
    /// It misses by less.
    Better,
    /// It misses by more: its trial ends.
    Worse,
}

impl ChallengerVerdict {
    /// The figures in words.
    pub(crate) fn sentence(&self) -> String {
        let side = if self.excess > 0.0 { "above" } else { "below" };
        let (lo, hi) = self.interval.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        format!(
            "over {} days its scaled loss was {:.3} {side} that of production (95 % interval {lo:.3} to {hi:.3})",
            self.days,
            self.excess.abs()
        )
    }
}

/// Probability of ever being wrong.
const ERROR_RATE: f64 = 0.05;
/// Days before anything is said: the sequence is asymptotic.
const DAYS_MIN: usize = 14;
/// Number of days at which the sequence is tightest.
const DAYS_TYPICAL: f64 = 42.0;

/// Judges a challenger by its daily excess losses, oldest first.
pub(crate) fn verdict(excess: &[f64]) -> ChallengerVerdict {
    let days = excess.len();
    let count = days as f64;
    let mean = excess.iter().sum::<f64>() / count.max(1.0);
    if days < DAYS_MIN {
        return ChallengerVerdict { days, excess: mean, interval: None, standing: Standing::Open };
    }
    let variance = excess.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / count;
    let reach = reach(count, variance);
    let interval = (mean - reach, mean + reach);
    let standing = match interval {
        (lo, _) if lo > 0.0 => Standing::Worse,
        (_, hi) if hi < 0.0 => Standing::Better,
        _ => Standing::Open,
    };
    ChallengerVerdict { days, excess: mean, interval: Some(interval), standing }
}

/// Half the width of the sequence after `count` days.
fn reach(count: f64, variance: f64) -> f64 {
    // The scale that makes it tightest at the typical number of days (the paper's appendix B.2).
    let log_rate = -2.0 * ERROR_RATE.ln();
    let scale = (log_rate + (1.0 + log_rate).ln()) / DAYS_TYPICAL;
    let spread = count * scale + 1.0;
    (variance * 2.0 * spread / (count * count * scale) * (spread.sqrt() / ERROR_RATE).ln()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};

    /// Days of differences with this mean and a deviation near one, from a seed.
    fn days(seed: u64, mean: f64) -> Vec<f64> {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        (0..180).map(|_| mean + (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0).collect()
    }

    fn ever(standing: Standing, seeds: std::ops::Range<u64>, mean: f64) -> f64 {
        let count = seeds.end - seeds.start;
        let ended = |seed: &u64| {
            let days = days(*seed, mean);
            (1..=days.len()).any(|known| verdict(&days[..known]).standing == standing)
        };
        seeds.filter(ended).count() as f64 / count as f64
    }

    #[test]
    fn looking_every_day_for_half_a_year_blames_an_equal_challenger_in_fewer_than_one_of_twenty_trials() {
        let rate = ever(Standing::Worse, 0..1_000, 0.0) + ever(Standing::Better, 0..1_000, 0.0);
        assert!(rate <= 0.05, "{rate}");
    }

    #[test]
    fn a_challenger_that_is_worse_by_half_a_deviation_is_found_out() {
        assert!(ever(Standing::Worse, 1_000..1_200, 0.5) >= 0.98);
        assert!(ever(Standing::Better, 1_000..1_200, -0.5) >= 0.98);
    }

    #[test]
    fn a_week_says_nothing() {
        assert_eq!(verdict(&[9.0; 7]).standing, Standing::Open);
    }
}
