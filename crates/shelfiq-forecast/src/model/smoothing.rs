//! Exponential smoothing of the level, and of level and damped trend.

use super::{Forecaster, Path, Start, Training};
use crate::optimise::{golden, nelder_mead};

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
        let values = &training.adjusted.values;
        let level = smooth_best(values)?.level;
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
    let alpha = golden(0.01, 0.99, 12, |alpha| smooth(values, start, alpha).1);
    Some(Smoothed { alpha, level: smooth(values, start, alpha).0 })
}

/// Mean of the first values: as many as make chance small but still tell of the beginning.
fn start_level(values: &[f64]) -> Option<f64> {
    let first = values.get(..values.len().min(5)).filter(|first| !first.is_empty())?;
    Some(first.iter().sum::<f64>() / first.len() as f64)
}

/// Last level and sum of squared one-step errors.
fn smooth(values: &[f64], start: f64, alpha: f64) -> (f64, f64) {
    values.iter().fold((start, 0.0), |(level, squares), value| {
        let error = value - level;
        (level + alpha * error, squares + error * error)
    })
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
        let search = |from: [f64; 3], evaluations: usize| {
            nelder_mead(from, [1.0, 1.0, 1.0], evaluations, |point| run(values, start, point).2).0
        };
        let best = match from {
            Start::Kept([a, b, c]) => [*a, *b, *c],
            Start::Near([a, b, c]) => search([*a, *b, *c], 40),
            _ => search([0.0, -2.0, 1.0], 120),
        };
        let (mut level, mut trend, _) = run(values, start, &best);
        let phi = constants(&best).2;
        let path = (0..horizon).map(|_| {
            trend *= phi;
            level += trend;
            level
        });
        let mean = training.adjusted.restore(path.collect());
        Some(Path { mean, tuned: best.to_vec() })
    }
}

fn constants(point: &[f64; 3]) -> (f64, f64, f64) {
    let unit = |x: f64| 1.0 / (1.0 + (-x).exp());
    let alpha = 0.001 + 0.998 * unit(point[0]);
    (alpha, alpha * unit(point[1]), 0.8 + 0.18 * unit(point[2]))
}

/// Last level, last trend and sum of squared one-step errors.
fn run(values: &[f64], start: (f64, f64), point: &[f64; 3]) -> (f64, f64, f64) {
    let (alpha, beta, phi) = constants(point);
    values.iter().fold((start.0, start.1, 0.0), |(level, trend, squares), value| {
        let expected = level + phi * trend;
        let error = value - expected;
        (expected + alpha * error, phi * trend + beta * error, squares + error * error)
    })
}
