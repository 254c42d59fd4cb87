//! What trees make small, and the gradients that lead there.

use serde::{Deserialize, Serialize};

use crate::error::BoostError;

/// The loss of expecting one value where another happened.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Objective {
    /// Half the square of the error. Answers are means.
    Squared,
    /// The size of the error. Answers are medians.
    Absolute,
    /// Squared up to `delta`, absolute beyond (Huber 1964). Answers lie between means and medians.
    Huber {
        /// Error from which on outliers no longer pull harder. Above 0.
        delta: f64,
    },
    /// Likelihood of counts, for targets of zero and above. Answers are means; effects multiply.
    Poisson,
    /// Likelihood of sums of a random number of amounts: many zeros, a long tail. Targets of zero and above, answers
    /// are means; effects multiply.
    Tweedie {
        /// Between 1 (Poisson) and 2 (Gamma), both excluded: the variance grows as the mean to this power.
        power: f64,
    },
    /// Pinball loss. Answers exceed a share of outcomes.
    Quantile {
        /// That share, between 0 and 1.
        share: f64,
    },
}

/// Factor of the Poisson hessian, so that steps stay small where little is expected: e to the power of 0.7 (as LightGBM's
/// `poisson_max_delta_step`).
const POISSON_CAUTION: f64 = 2.013_752_707_470_476_5;
/// Bound on scores whose exponential is the answer.
pub(crate) const SCORE_MAX: f64 = 50.0;

/// See [`Objective::powers`].
pub(crate) type Powers = [f64; 2];

impl Objective {
    pub(crate) fn check(self) -> Result<(), BoostError> {
        let (name, holds, range) = match self {
            Self::Huber { delta } => ("delta", delta > 0.0 && delta.is_finite(), "above 0"),
            Self::Tweedie { power } => ("power", power > 1.0 && power < 2.0, "between 1 and 2"),
            Self::Quantile { share } => ("share", share > 0.0 && share < 1.0, "between 0 and 1"),
            Self::Squared | Self::Absolute | Self::Poisson => return Ok(()),
        };
        if holds { Ok(()) } else { Err(BoostError::Option { name, range }) }
    }

    /// Whether a target is possible.
    pub(crate) fn allows(self, target: f64) -> bool {
        target.is_finite() && (!self.is_logarithmic() || target >= 0.0)
    }

    /// Whether scores are logarithms of answers.
    pub(crate) const fn is_logarithmic(self) -> bool {
        matches!(self, Self::Poisson | Self::Tweedie { .. })
    }

    /// The answer that a score stands for.
    pub(crate) fn answer(self, score: f64) -> f64 {
        if self.is_logarithmic() { score.clamp(-SCORE_MAX, SCORE_MAX).exp() } else { score }
    }

    /// The exponentials of a score that gradients are made of; of a sum of scores they are the products. None count
    /// where scores are answers.
    #[inline]
    pub(crate) fn powers(self, score: f64) -> Powers {
        let score = score.clamp(-SCORE_MAX, SCORE_MAX);
        match self {
            Self::Poisson => [score.exp(), 1.0],
            Self::Tweedie { power } => [((2.0 - power) * score).exp(), ((1.0 - power) * score).exp()],
            _ => [1.0; 2],
        }
    }

    /// First and second derivative of the loss by the score, whose powers these are.
    #[inline]
    pub(crate) fn gradient(self, score: f64, powers: Powers, target: f64) -> (f64, f64) {
        match self {
            Self::Squared => (score - target, 1.0),
            Self::Absolute => ((score - target).signum() * f64::from(u8::from(score != target)), 1.0),
            Self::Huber { delta } => ((score - target).clamp(-delta, delta), 1.0),
            Self::Quantile { share } => (if score < target { -share } else { 1.0 - share }, 1.0),
            Self::Poisson => (powers[0] - target, POISSON_CAUTION * powers[0]),
            Self::Tweedie { power } => {
                let (of_score, of_target) = (powers[0], target * powers[1]);
                (of_score - of_target, (2.0 - power) * of_score - (1.0 - power) * of_target)
            }
        }
    }

    /// The loss at a score, up to what does not depend on it.
    pub(crate) fn loss(self, score: f64, target: f64) -> f64 {
        let error = target - score;
        match self {
            Self::Squared => 0.5 * error * error,
            Self::Absolute => error.abs(),
            Self::Huber { delta } if error.abs() > delta => delta * (error.abs() - 0.5 * delta),
            Self::Huber { .. } => 0.5 * error * error,
            Self::Quantile { share } => (share * error).max((share - 1.0) * error),
            Self::Poisson => score.clamp(-SCORE_MAX, SCORE_MAX).exp() - target * score,
            Self::Tweedie { power } => {
                let score = score.clamp(-SCORE_MAX, SCORE_MAX);
                ((2.0 - power) * score).exp() / (2.0 - power) - target * ((1.0 - power) * score).exp() / (1.0 - power)
            }
        }
    }

    /// The best score when nothing is known of a row. `rows` yields targets and weights.
    pub(crate) fn best_constant(self, rows: impl Iterator<Item = (f64, f64)>) -> f64 {
        if let Some(share) = self.leaf_quantile() {
            return weighted_quantile(rows.collect(), share);
        }
        let (sum, weight) = rows.fold((0.0, 0.0), |(s, w), (target, weight)| (s + target * weight, w + weight));
        let mean = if weight > 0.0 { sum / weight } else { 0.0 };
        if self.is_logarithmic() { mean.max(1e-9).ln() } else { mean }
    }

    /// The quantile of what is left over that is the best value of a leaf; `None` where the Newton step is.
    pub(crate) const fn leaf_quantile(self) -> Option<f64> {
        match self {
            Self::Absolute => Some(0.5),
            Self::Quantile { share } => Some(share),
            _ => None,
        }
    }
}

/// The smallest value that at least `share` of the weight does not exceed; zero if there is no weight.
/// `values` are values and weights.
pub(crate) fn weighted_quantile(mut values: Vec<(f64, f64)>, share: f64) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (index, (value, weight)) in values.iter().enumerate() {
        below += weight;
        // Half way to the next value where the share falls exactly between the two.
        if below >= share * total && *weight > 0.0 {
            let next = values.get(index + 1).filter(|_| below == share * total);
            return next.map_or(*value, |next| f64::midpoint(*value, next.0));
        }
    }
    values.last().map_or(0.0, |last| last.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Objective; 6] = [
        Objective::Squared,
        Objective::Absolute,
        Objective::Huber { delta: 1.5 },
        Objective::Poisson,
        Objective::Tweedie { power: 1.3 },
        Objective::Quantile { share: 0.8 },
    ];

    #[test]
    fn gradients_are_the_slopes_of_losses() {
        let step = 1e-6;
        for objective in ALL {
            for (score, target) in [(0.3, 2.0), (1.2, 0.0), (-0.7, 5.0), (2.5, 2.4)] {
                let slope =
                    (objective.loss(score + step, target) - objective.loss(score - step, target)) / (2.0 * step);
                let (gradient, hessian) = objective.gradient(score, objective.powers(score), target);
                assert!((slope - gradient).abs() < 1e-4, "{objective:?} {score} {target}: {slope} {gradient}");
                assert!(hessian > 0.0);
            }
        }
    }

    #[test]
    fn no_other_constant_is_better_than_the_best() {
        let targets = [0.0, 1.0, 1.0, 4.0, 9.0];
        for objective in ALL {
            let best = objective.best_constant(targets.iter().map(|target| (*target, 1.0)));
            let loss = |score: f64| targets.iter().map(|target| objective.loss(score, *target)).sum::<f64>();
            // Between mean and median, a Huber constant starts at the mean; trees do the rest.
            if !matches!(objective, Objective::Huber { .. }) {
                let others = loss(best + 0.01).min(loss(best - 0.01));
                assert!(loss(best) <= others + 1e-9, "{objective:?}");
            }
        }
    }

    #[test]
    fn a_weight_counts_like_so_many_rows() {
        let once = weighted_quantile(vec![(1.0, 1.0), (5.0, 3.0), (2.0, 1.0)], 0.5);
        let thrice = weighted_quantile(vec![(1.0, 1.0), (5.0, 1.0), (5.0, 1.0), (5.0, 1.0), (2.0, 1.0)], 0.5);
        assert_eq!((once, thrice), (5.0, 5.0));
        assert_eq!(weighted_quantile(vec![(1.0, 1.0), (2.0, 1.0)], 0.5), 1.5);
    }
}
