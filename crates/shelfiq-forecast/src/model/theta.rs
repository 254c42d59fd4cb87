//! The Theta method and its dynamic, optimised form.

use super::components::SHARE_SD;
use super::{Forecaster, Path, Start, Training};
use crate::optimise::valley;

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
        let smoothed = training.smoothed()?;
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
        let trend = Trend::of(values);
        let [level, alpha, theta] = match from {
            Start::Kept([level, alpha, theta]) => [*level, *alpha, *theta],
            _ => {
                let alpha = valley(ALPHA_MIN, ALPHA_MAX, 3, |alphas| {
                    best_weights(values, &trend, (start, scale), alphas).map(|best| best.unlikeliness)
                });
                let [Weights { level, weight, .. }] = best_weights(values, &trend, (start, scale), &[alpha]);
                let share = (alpha - ALPHA_MIN) / (ALPHA_MAX - ALPHA_MIN);
                let level = if scale > 0.0 { level / scale } else { 0.0 };
                [level, (share / (1.0 - share)).ln(), (weight / (1.0 - weight)).ln()]
            }
        };
        let parameters = Parameters {
            level: start + level * scale,
            alpha: ALPHA_MIN + (ALPHA_MAX - ALPHA_MIN) / (1.0 + (-alpha).exp()),
            theta: 1.0 + theta.exp().min(100.0),
        };
        let mean = training.adjusted.restore(parameters.path(values, &trend, horizon));
        Some(Path { mean, tuned: vec![level, alpha, theta] })
    }
}

/// Smoothing constants allowed.
const ALPHA_MIN: f64 = 0.05;
const ALPHA_MAX: f64 = 0.99;
/// Weights of the trend allowed: thetas from hardly more than one to 101.
const WEIGHT_MIN: f64 = 1e-6;
const WEIGHT_MAX: f64 = 1.0 - 1.0 / 101.0;
/// The weight of a theta of two.
const WEIGHT_USUAL: f64 = 0.5;
/// Periods before which the trend is not known.
const TREND_FROM: usize = 3;

/// The least-squares line through the values before each period.
struct Trend(Vec<(f64, f64)>);

impl Trend {
    /// Of each period, and of the one after the last: intercept and slope.
    fn of(values: &[f64]) -> Self {
        let (mut slope, mut mean) = (0.0, 0.0);
        let mut lines = vec![(0.0, 0.0)];
        for (t, value) in values.iter().enumerate() {
            (slope, mean) = Self::next(t, *value, slope, mean);
            lines.push((mean - slope * (t as f64 + 2.0) / 2.0, slope));
        }
        Self(lines)
    }

    /// Slope and mean with the value of period `t` as well.
    fn next(t: usize, value: f64, slope: f64, mean: f64) -> (f64, f64) {
        let count = (t + 1) as f64;
        let bent = ((count - 2.0) * slope + 6.0 / count * (value - mean)) / (count + 1.0);
        (if t == 0 { 0.0 } else { bent }, mean + (value - mean) / count)
    }
}

/// The likeliest first level and weight of the trend for one smoothing constant.
#[derive(Debug, Clone, Copy)]
struct Weights {
    /// First level above the start.
    level: f64,
    /// Share of the trend: one less one over theta.
    weight: f64,
    /// −2 log likelihood up to a constant, what is believed of the three included.
    unlikeliness: f64,
}

/// Expectations are linear in the first level and in the weight of the trend, so that for each smoothing constant two
/// equations tell the likeliest. Errors count from the period on in which the trend is known.
fn best_weights<const N: usize>(
    values: &[f64],
    trend: &Trend,
    (start, scale): (f64, f64),
    alphas: &[f64; N],
) -> [Weights; N] {
    let mut states = [start; N];
    let mut decays = [1.0; N];
    // Sums of products of rest, decay of the first level, and trend.
    let mut sums = [[0.0; 6]; N];
    for (t, (value, (intercept, slope))) in values.iter().zip(&trend.0).enumerate() {
        for lane in 0..N {
            let alpha = alphas[lane];
            let decay = decays[lane];
            let next_decay = decay * (1.0 - alpha);
            let rest = value - states[lane];
            if t >= TREND_FROM {
                let line = decay * intercept + (1.0 - next_decay) / alpha * slope;
                let found = [rest * rest, rest * decay, rest * line, decay * decay, decay * line, line * line];
                sums[lane].iter_mut().zip(found).for_each(|(sum, found)| *sum += found);
            }
            states[lane] += alpha * rest;
            decays[lane] = next_decay;
        }
    }
    std::array::from_fn(|lane| {
        let share = (alphas[lane] - ALPHA_MIN) / (ALPHA_MAX - ALPHA_MIN);
        let against = ((share / (1.0 - share)).ln() / SHARE_SD).powi(2);
        let found = Weights::of(sums[lane], values.len().saturating_sub(TREND_FROM).max(1) as f64, scale);
        Weights { unlikeliness: found.unlikeliness + against, ..found }
    })
}

impl Weights {
    /// From sums of products of rest, decay and trend, over `count` errors of a series of such size.
    fn of(sums: [f64; 6], count: f64, scale: f64) -> Self {
        let [rest_rest, rest_decay, rest_line, decay_decay, decay_line, line_line] = sums;
        let level_sd = scale.max(f64::MIN_POSITIVE);
        let solved = |variance: f64| {
            let decays = decay_decay + variance / (level_sd * level_sd);
            let free = line_line - decay_line * decay_line / decays;
            let found = (rest_line - decay_line * rest_decay / decays) / free;
            // Without a trend, all weights are alike.
            let weight = if free > 1e-12 * line_line { found.clamp(WEIGHT_MIN, WEIGHT_MAX) } else { WEIGHT_USUAL };
            let level = (rest_decay - weight * decay_line) / decays;
            let squares = rest_rest - 2.0 * (level * rest_decay + weight * rest_line)
                + level * level * decay_decay
                + 2.0 * level * weight * decay_line
                + weight * weight * line_line;
            (level, weight, squares.max(1e-12 * rest_rest).max(f64::MIN_POSITIVE))
        };
        // How strongly the belief about the level pulls depends on the size of errors, which hardly depends on it.
        let (_, _, squares) = solved(rest_rest / count + f64::MIN_POSITIVE);
        let (level, weight, squares) = solved(squares / count);
        Self { level, weight, unlikeliness: count * squares.ln() + (level / level_sd).powi(2) }
    }
}

struct Parameters {
    level: f64,
    alpha: f64,
    theta: f64,
}

impl Parameters {
    /// Values ahead.
    fn path(&self, values: &[f64], trend: &Trend, horizon: usize) -> Vec<f64> {
        let Self { level, alpha, theta } = *self;
        let mut state = values.iter().fold(level, |state, value| state + alpha * (value - state));
        let mut decay = (1.0 - alpha).powf(values.len() as f64);
        let weight = 1.0 - 1.0 / theta;
        let length = values.len();
        let (mut intercept, mut slope) = trend.0[length];
        let mut mean = intercept + slope * (length as f64 + 1.0) / 2.0;
        let step = |t: usize| {
            let next_decay = decay * (1.0 - alpha);
            let expected = state + weight * (decay * intercept + (1.0 - next_decay) / alpha * slope);
            state += alpha * (expected - state);
            (slope, mean) = Trend::next(t, expected, slope, mean);
            intercept = mean - slope * (t as f64 + 2.0) / 2.0;
            decay = next_decay;
            expected
        };
        (length..length + horizon).map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Training;
    use crate::season::Seasons;

    #[test]
    fn no_other_first_level_or_weight_is_likelier() {
        let values: Vec<f64> = (0..30).map(|t| 50.0 + 2.0 * f64::from(t) + f64::from(t * t * 7 % 13)).collect();
        let (trend, start, scale, alpha) = (Trend::of(&values), 25.0, 80.0, 0.3);
        let [found] = best_weights(&values, &trend, (start, scale), &[alpha]);
        let squares = |level: f64, weight: f64| -> f64 {
            let parameters = |t: usize| {
                Parameters { level: start + level, alpha, theta: 1.0 / (1.0 - weight) }.path(&values[..t], &trend, 1)[0]
            };
            (TREND_FROM..values.len()).map(|t| (values[t] - parameters(t)).powi(2)).sum()
        };
        let best = squares(found.level, found.weight);
        for (level, weight) in [(8.0, 0.0), (-8.0, 0.0), (0.0, 0.1), (0.0, -0.1)] {
            let weight = (found.weight + weight).clamp(WEIGHT_MIN, WEIGHT_MAX);
            if (level, weight) != (0.0, found.weight) {
                assert!(squares(found.level + level, weight) > best, "{level} {weight}");
            }
        }
    }

    #[test]
    fn a_line_is_continued_and_kept_parameters_give_the_same_path() {
        let values: Vec<f64> = (0..40).map(|t| 10.0 + 3.0 * f64::from(t)).collect();
        let training = Training::new(&values, Seasons::NONE, false);
        let found = DynamicTheta.forecast(&training, 5, Start::Anew).unwrap();
        for (value, t) in found.mean.iter().zip(40..) {
            assert!((value - (10.0 + 3.0 * f64::from(t))).abs() < 2.0, "{:?}", found.mean);
        }
        assert_eq!(DynamicTheta.forecast(&training, 5, Start::Kept(&found.tuned)).unwrap().mean, found.mean);
    }
}
