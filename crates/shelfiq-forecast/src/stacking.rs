//! The mixture of models that would have served a group of similar series best.
//!
//! Judging each model alone would keep several that miss in the same way and lose one that misses the other way.
//! Here the weighted mean as a whole is judged, and the weights move downhill on its loss.

use serde::{Deserialize, Serialize};

use crate::trial::{Candidate, Method, Trial};

/// What makes a miss bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Loss {
    /// Its size, which rewards the median.
    Absolute,
    /// Its square, which rewards the mean. (The median of sparse demand is to sell nothing.)
    Squared,
}

/// How strongly a smaller typical loss is rewarded before any series has spoken.
const TYPICAL_SHARPNESS: f64 = 5.0;
/// Series at which the group's own experience moves shares half as fast as that of very many.
const TYPICAL_COUNT: f64 = 50.0;
/// Steps of the descent. It is meant to end before it has forgotten what is typical.
const STEPS: usize = 15;
/// The least share of a method, so that it can come back.
const SHARE_MIN: f64 = 1e-6;
/// Bound on what one series has to say about one method.
const SLOPE_MAX: f64 = 2.0;

/// Share of each method of [`Method::all`], such that their weighted mean missed least at the origins
/// of these trials: exponentiated gradient descent (Kivinen & Warmuth, Information and Computation 132, 1997) from
/// what is typical, as far as the number of series warrants. A series that lacks a method spreads its share over
/// those it has; a barred method has none.
pub(crate) fn stacked(trials: &[&Trial], loss: Loss, view: View<'_>) -> Vec<f64> {
    let typical =
        |method: Method| if view.hears(method) { (-TYPICAL_SHARPNESS * method.typical_loss()).exp() } else { 0.0 };
    let mut shares: Vec<f64> = Method::all().map(typical).collect();
    let speakers: Vec<Speaker> = trials.iter().filter_map(|trial| Speaker::of(trial, view)).collect();
    let rate = speakers.len() as f64 / (speakers.len() as f64 + TYPICAL_COUNT);
    for _ in 0..STEPS {
        let mut slopes = vec![(0.0, 0_u32); shares.len()];
        for speaker in &speakers {
            for (place, slope) in speaker.places.iter().zip(speaker.slopes(&shares, loss)) {
                slopes[*place] = (slopes[*place].0 + slope, slopes[*place].1 + 1);
            }
        }
        for (share, (sum, count)) in shares.iter_mut().zip(slopes).filter(|(share, _)| **share > 0.0) {
            *share = (*share * (-rate * sum / f64::from(count.max(1))).exp()).max(SHARE_MIN);
        }
    }
    shares
}

/// What is taken into account.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct View<'a> {
    /// Methods that get no share, as if they had not been tried.
    pub(crate) barred: &'a [Method],
    /// An origin that does not count, by its rank from the last one.
    pub(crate) left_out: Option<usize>,
}

impl View<'_> {
    fn hears(&self, method: Method) -> bool {
        !self.barred.contains(&method)
    }

    fn looks_at(&self, rank: usize) -> bool {
        self.left_out != Some(rank)
    }
}

/// What one series has to say.
struct Speaker {
    /// Its methods.
    places: Vec<usize>,
    /// Expected less actual value: one row per outcome, one column per method.
    misses: Vec<f64>,
}

impl Speaker {
    fn of(trial: &Trial, view: View<'_>) -> Option<Self> {
        let candidates: Vec<&Candidate> = trial.candidates.iter().filter(|one| view.hears(one.method)).collect();
        let places: Vec<usize> = candidates.iter().map(|candidate| candidate.method.place()).collect();
        let count = trial.origins.len();
        let looked_at = trial.origins.iter().enumerate().filter(|(index, _)| view.looks_at(count - 1 - index));
        let outcomes = looked_at.flat_map(|(index, origin)| {
            origin.actual.iter().enumerate().map(move |(step, actual)| (index, step, *actual))
        });
        let row = |(index, step, actual): (usize, usize, f64)| {
            candidates.iter().map(move |candidate| candidate.tried[index][step] - actual)
        };
        let misses: Vec<f64> = outcomes.filter(|(_, _, actual)| !actual.is_nan()).flat_map(row).collect();
        let power: f64 = misses.iter().map(|miss| miss * miss).sum();
        (power > 0.0 && power.is_finite()).then_some(Self { places, misses })
    }

    /// How the loss of the weighted mean, relative to the methods' mean loss, changes with each weight: above zero
    /// for methods that make it worse.
    fn slopes(&self, shares: &[f64], loss: Loss) -> Vec<f64> {
        let width = self.places.len();
        let total: f64 = self.places.iter().map(|place| shares[*place]).sum();
        let weights: Vec<f64> = self.places.iter().map(|place| shares[*place] / total).collect();
        let mut slopes = vec![0.0; width];
        let mut scale = 0.0;
        for row in self.misses.chunks_exact(width) {
            let miss: f64 = row.iter().zip(&weights).map(|(miss, weight)| miss * weight).sum();
            for (slope, own) in slopes.iter_mut().zip(row) {
                let (change, size) = match loss {
                    Loss::Absolute => (miss.signum() * own, own.abs()),
                    Loss::Squared => (miss * own, own * own),
                };
                *slope += change;
                scale += size / width as f64;
            }
        }
        let mean: f64 = slopes.iter().zip(&weights).map(|(slope, weight)| slope * weight).sum();
        slopes.iter().map(|slope| ((slope - mean) / scale).clamp(-SLOPE_MAX, SLOPE_MAX)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::trial::Origin;

    /// Thirty trials in which the first two models miss by as much, but the other way, and the third by half of it
    /// always upwards.
    fn trials() -> Vec<Trial> {
        let trial = |index: i32| {
            let up = if index % 2 == 0 { 1.0 } else { -1.0 };
            let paths = [10.0 + 2.0 * up, 10.0 - 2.0 * up, 11.0];
            let candidate = |(model, value): (usize, &f64)| Candidate {
                method: Method::Alone(model),
                tried: vec![vec![*value; 2]],
                ahead: vec![*value; 2],
                tuned: Vec::new(),
                duration: Duration::ZERO,
            };
            Trial {
                origins: vec![Origin { end: 8, actual: vec![10.0, f64::NAN] }],
                candidates: paths.iter().enumerate().map(candidate).collect(),
                yardstick: 1.0,
            }
        };
        (0..30).map(trial).collect()
    }

    #[test]
    fn models_that_miss_opposite_ways_are_kept_together() {
        let trials = trials();
        for loss in [Loss::Absolute, Loss::Squared] {
            let (before, after) = (
                stacked(&[], loss, View::default()),
                stacked(&trials.iter().collect::<Vec<_>>(), loss, View::default()),
            );
            // Alone, the third is the better one.
            let gain = |place: usize| after[place] / before[place];
            assert!(gain(0).min(gain(1)) > 1.3 * gain(2), "{loss:?} {} {} {}", gain(0), gain(1), gain(2));
        }
    }

    #[test]
    fn one_series_moves_shares_little() {
        let trials = trials();
        let nothing = stacked(&[], Loss::Absolute, View::default());
        let little = stacked(&[&trials[0]], Loss::Absolute, View::default());
        assert!((little[2] / nothing[2]).ln().abs() < 5.0, "{:?} {:?}", &nothing[..3], &little[..3]);
    }
}
