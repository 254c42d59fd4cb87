//! The response of counts to what was varied, peeking-safe.
//!
//! Units of a stratum (one group in one round) given their total are multinomial with weights `exposure · exp(slope · x)`:
//! the level of the stratum drops out (conditional Poisson regression; M. Palmgren, "The Fisher information matrix for log
//! linear models arguing conditionally on observed explanatory variables", Biometrika 68 (1981)). Over- and
//! underdispersion, and whatever else the turns do not balance, shows in how far rounds differ from each other: the score
//! of each round over the root of its information is one observation with unknown variance.
//!
//! Evidence against a slope is the mixture likelihood ratio of those observations: a normal distribution over the slope (in
//! units of the noise) and the scale-invariant one over the noise, which the history informs first. Under the slope it is a
//! martingale that exceeds `1 / error` at *any* time with a probability of at most `error`, so the slopes that were never
//! rejected form an interval that holds at all looks together.
//!
//! Sources: T. L. Lai, "On confidence sequences", Annals of Statistics 4 (1976); R. Johari, P. Koomen, L. Pekelis and D.
//! Walsh, "Always valid inference", Operations Research 70 (2022); S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon,
//! "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021); for the unknown
//! variance H. Wang and A. Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
//! variance" (2024).

/// Counts under one value of what was varied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// What was varied: the log price, or 0 and 1.
    pub(crate) x: f64,
    /// Days, weighted by weekday.
    pub(crate) exposure: f64,
    /// Units sold in them.
    pub(crate) units: f64,
}

/// One round: a stratum of cells per group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Round {
    pub(crate) strata: Vec<Vec<Cell>>,
}

/// What is expected of the noise before the rounds are seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoiseBelief {
    /// Variance of counts over that of independent buyers.
    pub(crate) variance: f64,
    /// Rounds that the expectation weighs.
    pub(crate) rounds: f64,
    /// Information at which the interval is to be tightest: that of the whole plan.
    pub(crate) planned_information: f64,
}

/// Estimate and evidence from some rounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateSlope {
    /// Most likely slope.
    pub(crate) estimate: f64,
    information: f64,
    /// Sum of squares around the estimate, expectation included, and the rounds in it.
    squares: f64,
    rounds: f64,
    /// Variance of the mixture over slopes, in units of the noise.
    mixture: f64,
}

/// Makes the interval tightest at the planned end for an error of 5 %: the mixture weighs eight times as much as the data
/// then do (Howard et al. 2021, section 3.5).
const MIXTURE_AT_END: f64 = 8.0;

impl RateSlope {
    /// `None` as long as the rounds hold no information: nothing sold, or nothing varied.
    pub(crate) fn of(rounds: &[Round], noise: NoiseBelief) -> Option<Self> {
        let estimate = most_likely(rounds)?;
        let scores: Vec<(f64, f64)> =
            rounds.iter().map(|round| score(round, estimate)).filter(|&(_, information)| information > 0.0).collect();
        let squares: f64 = scores.iter().map(|(score, information)| score * score / information).sum();
        Some(Self {
            estimate,
            information: scores.iter().map(|(_, information)| information).sum(),
            squares: squares + noise.rounds * noise.variance,
            rounds: scores.len() as f64 + noise.rounds,
            mixture: MIXTURE_AT_END / noise.planned_information.max(f64::MIN_POSITIVE),
        })
    }

    /// Log of the evidence against `slope`: of the mixture over it.
    pub(crate) fn log_evidence(&self, slope: f64) -> f64 {
        let spread = 1.0 + self.mixture * self.information;
        let distance = self.information * (slope - self.estimate).powi(2);
        let explained = distance * (spread - 1.0) / spread;
        let total = self.squares + distance;
        0.5 * self.rounds * (total / (total - explained)).ln() - 0.5 * spread.ln()
    }

    /// The slopes with evidence below `1 / error`; `None` while that is all of them.
    pub(crate) fn interval(&self, error: f64) -> Option<[f64; 2]> {
        let spread = 1.0 + self.mixture * self.information;
        // Evidence = 1 / error, solved for the squared distance.
        let ratio = (spread / (error * error)).powf(1.0 / self.rounds);
        let left = 1.0 - ratio / spread;
        if left <= 0.0 || self.information <= 0.0 {
            return None;
        }
        let reach = ((ratio - 1.0) * self.squares / left / self.information).sqrt();
        Some([self.estimate - reach, self.estimate + reach])
    }

    /// Variance of the estimate at one look, what is not known of the noise included; infinite with too few rounds.
    pub(crate) fn variance(&self) -> f64 {
        let freedom = self.rounds - 1.0;
        if freedom <= 2.0 {
            return f64::INFINITY;
        }
        self.squares / freedom * freedom / (freedom - 2.0) / self.information
    }
}

/// Largest evidence against `slope` at any look up to now, as the probability of ever seeing as much under it.
pub(crate) fn p_value_at_all_looks(rounds: &[Round], noise: NoiseBelief, slope: f64) -> f64 {
    let most = (1..=rounds.len())
        .filter_map(|look| RateSlope::of(&rounds[..look], noise))
        .map(|fit| fit.log_evidence(slope))
        .fold(0.0, f64::max);
    (-most).exp()
}

/// Half the width of the interval at the planned end in standard deviations of the estimate, when the noise is known.
pub(crate) fn reach_at_planned_end(error: f64) -> f64 {
    let spread = 1.0 + MIXTURE_AT_END;
    (spread / (spread - 1.0) * (spread / (error * error)).ln()).sqrt()
}

/// Score and information of a round about the slope.
fn score(round: &Round, slope: f64) -> (f64, f64) {
    let (mut score, mut information) = (0.0, 0.0);
    for cells in &round.strata {
        let total: f64 = cells.iter().map(|cell| cell.units).sum();
        let weight = |cell: &Cell| cell.exposure * (slope * cell.x).exp();
        let weights: f64 = cells.iter().map(weight).sum();
        if total <= 0.0 || weights <= 0.0 {
            continue;
        }
        let mean = cells.iter().map(|cell| weight(cell) * cell.x).sum::<f64>() / weights;
        score += cells.iter().map(|cell| cell.units * (cell.x - mean)).sum::<f64>();
        information += total * cells.iter().map(|cell| weight(cell) * (cell.x - mean).powi(2)).sum::<f64>() / weights;
    }
    (score, information)
}

/// Newton's method; steps are bounded, because counts that all fall on one side have no finite maximum.
fn most_likely(rounds: &[Round]) -> Option<f64> {
    let values = || rounds.iter().flat_map(|round| round.strata.iter().flatten()).map(|cell| cell.x);
    let width = values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min);
    let mut slope = 0.0;
    for _ in 0..30 {
        let (score, information) = rounds.iter().fold((0.0, 0.0), |sum, round| {
            let (one, more) = score(round, slope);
            (sum.0 + one, sum.1 + more)
        });
        if information <= 0.0 {
            return None;
        }
        let step = (score / information).clamp(-1.0 / width, 1.0 / width);
        slope += step;
        if step.abs() * width < 1e-10 || slope.abs() * width > 4.0 {
            break;
        }
    }
    Some(slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(pairs: [[f64; 2]; 1]) -> Round {
        let cell = |x: f64, units: f64| Cell { x, exposure: 7.0, units };
        Round { strata: pairs.iter().map(|[control, trial]| vec![cell(0.0, *control), cell(1.0, *trial)]).collect() }
    }

    const NOISE: NoiseBelief = NoiseBelief { variance: 1.0, rounds: 10.0, planned_information: 200.0 };

    #[test]
    fn the_estimate_is_the_log_of_the_ratio_of_counts_whatever_the_level_of_a_round() {
        let rounds = [round([[100.0, 120.0]]), round([[10.0, 12.0]]), round([[1000.0, 1200.0]])];
        let fit = RateSlope::of(&rounds, NOISE).unwrap();
        assert!((fit.estimate - 1.2_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn the_ends_of_the_interval_have_exactly_the_evidence_that_the_error_allows() {
        let rounds = [round([[100.0, 120.0]]), round([[90.0, 130.0]])];
        let fit = RateSlope::of(&rounds, NOISE).unwrap();
        for end in fit.interval(0.05).unwrap() {
            assert!((fit.log_evidence(end) - 20_f64.ln()).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_sold_says_nothing() {
        assert!(RateSlope::of(&[round([[0.0, 0.0]])], NOISE).is_none());
        assert!(RateSlope::of(&[], NOISE).is_none());
    }

    #[test]
    fn counts_on_one_side_only_give_a_finite_estimate() {
        let fit = RateSlope::of(&[round([[0.0, 12.0]])], NOISE).unwrap();
        assert!(fit.estimate.is_finite() && fit.estimate > 1.0);
    }
}
