//! Exponential smoothing of the level, and of level and damped trend.

use super::components::{Components, Form, SHARE_SD, Trend};
use super::dual::{Dual, Number};
use super::{Forecaster, Path, Start, Training};
use crate::optimise::{Belief, likeliest, valley};

/// What is usual for smoothing of level and trend and for damping, on the logistic scale.
const USUAL: [f64; 3] = [0.0, -2.0, 1.0];
/// Points that a search for parameters looks at, at most: from the beginning, and from parameters known.
const LOOKS_ANEW: usize = 20;
const LOOKS_NEAR: usize = 6;

/// Simple exponential smoothing of the seasonally adjusted history (Brown 1959); the smoothing constant minimises
/// the squared one-step errors.
pub(super) struct Ses;

impl Forecaster for Ses {
    fn name(&self) -> &'static str {
        "ses"
    }

    fn typical_loss(&self) -> f64 {
        0.95
    }

    fn suits(&self, _: &Training<'_>) -> bool {
        true
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let level = training.smoothed()?.level;
        Some(Path::new(training.adjusted.restore(vec![level; horizon])))
    }
}

/// A smoothed level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Smoothed {
    pub(super) alpha: f64,
    pub(super) level: f64,
}

/// Smooths with the constant that makes the squared one-step errors least. `None` for an empty history.
pub(super) fn smooth_best(values: &[f64]) -> Option<Smoothed> {
    let start = start_level(values)?;
    let alpha = valley(0.01, 0.99, 4, |alphas| smooth(values, start, alphas).map(|(_, squares)| squares));
    let [(level, _)] = smooth(values, start, &[alpha]);
    Some(Smoothed { alpha, level })
}

/// Mean of the first values: as many as make chance small but still tell of the beginning.
fn start_level(values: &[f64]) -> Option<f64> {
    let first = values.get(..values.len().min(5)).filter(|first| !first.is_empty())?;
    Some(first.iter().sum::<f64>() / first.len() as f64)
}

/// Last level and sum of squared one-step errors with each smoothing constant.
fn smooth<const N: usize>(values: &[f64], start: f64, alphas: &[f64; N]) -> [(f64, f64); N] {
    let (mut levels, mut squares) = ([start; N], [0.0; N]);
    for value in values {
        for ((level, squares), alpha) in levels.iter_mut().zip(&mut squares).zip(alphas) {
            let error = value - *level;
            *level += alpha * error;
            *squares += error * error;
        }
    }
    std::array::from_fn(|place| (levels[place], squares[place]))
}

/// Holt's linear trend with damping (Gardner & McKenzie 1985) on the seasonally adjusted history.
pub(super) struct HoltDamped;

impl Forecaster for HoltDamped {
    fn name(&self) -> &'static str {
        "holt-damped"
    }

    fn typical_loss(&self) -> f64 {
        0.9
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= 4
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, from: Start<'_>) -> Option<Path> {
        let values = &training.adjusted.values;
        let head = values.len().min(10);
        let slope = (values[head - 1] - values[0]) / (head - 1) as f64;
        let start = (values[0] - slope, slope);
        let scale = values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
        let belief = Belief { centre: USUAL, sd: [SHARE_SD; 3] };
        let search = |from: [f64; 3], looks_max: usize| {
            let squares = |point: &[f64; 3]| {
                let point = std::array::from_fn(|place| Dual::<3>::parameter(point[place], place));
                components(start, &point).squares(values, scale.max(f64::MIN_POSITIVE))
            };
            likeliest(from, looks_max, &belief, values.len(), squares).map(|(point, _)| point)
        };
        let best = match from {
            Start::Kept([a, b, c]) => [*a, *b, *c],
            Start::Near([a, b, c]) => search([*a, *b, *c], LOOKS_NEAR)?,
            _ => search(USUAL, LOOKS_ANEW)?,
        };
        let path = components(start, &best).ahead(values, horizon)?;
        Some(Path { mean: training.adjusted.restore(path), tuned: best.to_vec() })
    }
}

/// The model with these parameters on the logistic scale, before the first value.
fn components<T: Number>((level, slope): (f64, f64), point: &[T; 3]) -> Components<T> {
    let alpha = point[0].squeezed().times(0.998).plus(0.001);
    Components {
        form: Form { relative: false, trend: Trend::Damped, seasonal: false },
        level: T::fixed(level),
        slope: T::fixed(slope),
        indices: Vec::new(),
        alpha,
        beta: alpha * point[1].squeezed(),
        gamma: T::fixed(0.0),
        phi: point[2].squeezed().times(0.18).plus(0.8),
        position: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_smoothing_constant_is_found() {
        // A level that wanders by as much as noise scatters: what is left of an error is (√5 − 1) / 2 of it.
        let (mut level, mut state) = (0.0, 1_u64);
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let values: Vec<f64> = (0..4000)
            .map(|_| {
                level += noise();
                level + noise()
            })
            .collect();
        let found = smooth_best(&values).unwrap();
        assert!((found.alpha - 0.618).abs() < 0.08, "{found:?}");
    }

    #[test]
    fn constants_side_by_side_smooth_like_each_alone() {
        let values: Vec<f64> = (0..50).map(|t| f64::from(t * t * 7 % 31)).collect();
        let together = smooth(&values, 3.0, &[0.1, 0.5, 0.9]);
        for (alpha, found) in [0.1, 0.5, 0.9].into_iter().zip(together) {
            assert_eq!(smooth(&values, 3.0, &[alpha]), [found]);
        }
    }
}
