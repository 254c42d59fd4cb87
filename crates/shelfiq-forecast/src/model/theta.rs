//! The Theta method and its dynamic, optimised form.

use super::smoothing::smooth_best;
use super::{Forecaster, Path, Start, Training};
use crate::optimise::nelder_mead;

/// The Theta method (Assimakopoulos & Nikolopoulos 2000) as simple smoothing with half the linear trend as drift
/// (Hyndman & Billah 2003), on the seasonally adjusted history.
pub(super) struct Theta;

impl Forecaster for Theta {
    fn name(&self) -> &'static str {
        "theta"
    }

    fn typical_loss(&self) -> f64 {
        0.88
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= 4
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let values = &training.adjusted.values;
        let smoothed = smooth_best(values)?;
        let drift = slope(values) / 2.0;
        let alpha = smoothed.alpha;
        let lag = (1.0 - (1.0 - alpha).powf(values.len() as f64)) / alpha;
        let path = (0..horizon).map(|step| smoothed.level + drift * (step as f64 + lag)).collect();
        Some(Path::new(training.adjusted.restore(path)))
    }
}

/// Slope of the least-squares line.
fn slope(values: &[f64]) -> f64 {
    let centre = (values.len() as f64 - 1.0) / 2.0;
    let (mut cross, mut square) = (0.0, 0.0);
    for (t, value) in values.iter().enumerate() {
        let x = t as f64 - centre;
        cross += x * value;
        square += x * x;
    }
    if square > 0.0 { cross / square } else { 0.0 }
}

/// The dynamic optimised Theta model (Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016) on the seasonally
/// adjusted history: the linear trend is re-estimated at every period, and level, smoothing and theta are chosen
/// together.
pub(super) struct DynamicTheta;

impl Forecaster for DynamicTheta {
    fn name(&self) -> &'static str {
        "dynamic-theta"
    }

    fn typical_loss(&self) -> f64 {
        0.86
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= 4
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, from: Start<'_>) -> Option<Path> {
        let values = &training.adjusted.values;
        let scale = values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
        let start = values[0] / 2.0;
        let parameters = |point: &[f64; 3]| Parameters {
            level: start + point[0] * scale,
            alpha: 0.05 + 0.94 / (1.0 + (-point[1]).exp()),
            theta: 1.0 + point[2].exp().min(100.0),
        };
        let search = |from: [f64; 3], evaluations: usize| {
            nelder_mead(from, [0.25, 1.0, 1.0], evaluations, |point| parameters(point).run(values, 0).1).0
        };
        let best = match from {
            Start::Kept([a, b, c]) => [*a, *b, *c],
            Start::Near([a, b, c]) => search([*a, *b, *c], 40),
            _ => search([0.0, 0.0, 0.0], 130),
        };
        let (path, _) = parameters(&best).run(values, horizon);
        Some(Path { mean: training.adjusted.restore(path), tuned: best.to_vec() })
    }
}

struct Parameters {
    level: f64,
    alpha: f64,
    theta: f64,
}

impl Parameters {
    /// Values ahead, and the sum of squared one-step errors from the fourth period on (before, the trend is not
    /// known).
    fn run(&self, values: &[f64], horizon: usize) -> (Vec<f64>, f64) {
        let Self { level: mut state, alpha, theta } = *self;
        let weight = 1.0 - 1.0 / theta;
        let (mut intercept, mut slope, mut mean) = (0.0, 0.0, 0.0);
        let mut decay = 1.0;
        let mut squares = 0.0;
        let mut path = Vec::with_capacity(horizon);
        for t in 0..values.len() + horizon {
            let next_decay = decay * (1.0 - alpha);
            let expected = state + weight * (decay * intercept + (1.0 - next_decay) / alpha * slope);
            let value = match values.get(t) {
                Some(value) => {
                    if t >= 3 {
                        squares += (value - expected).powi(2);
                    }
                    *value
                }
                None => {
                    path.push(expected);
                    expected
                }
            };
            state += alpha * (value - state);
            let count = (t + 1) as f64;
            slope = if t == 0 { 0.0 } else { ((count - 2.0) * slope + 6.0 / count * (value - mean)) / (count + 1.0) };
            mean += (value - mean) / count;
            intercept = mean - slope * (count + 1.0) / 2.0;
            decay = next_decay;
        }
        (path, squares)
    }
}
