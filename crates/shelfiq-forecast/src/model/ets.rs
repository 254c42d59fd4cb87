//! Exponential smoothing in state-space form, its components chosen by AICc.

use super::{Forecaster, Path, Start, Training};
use crate::optimise::nelder_mead;
use crate::season::Adjusted;

/// Error, trend, season after Hyndman, Koehler, Ord & Snyder, *Forecasting with Exponential Smoothing* (2008). The
/// forms that forecast wildly are left out: multiplicative trends, and multiplicative seasons with additive errors.
pub(super) struct Ets;

/// Seasons longer than this have more indices than a state can learn.
const SEASON_MAX: usize = 24;

impl Forecaster for Ets {
    fn name(&self) -> &'static str {
        "ets"
    }

    fn typical_loss(&self) -> f64 {
        0.93
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= 4
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, from: Start<'_>) -> Option<Path> {
        let period = training.seasons.main;
        let seasonal = training.adjusted.is_seasonal()
            && training.adjusted.values.len() == training.values.len()
            && (2..=SEASON_MAX).contains(&period)
            && training.seasons.long.is_none()
            && training.values.len() >= 2 * period + 4;
        let series = if seasonal { training.values } else { training.adjusted.values.as_slice() };
        let fitting = Fitting::new(series, if seasonal { Some(&training.adjusted) } else { None }, period);
        let known = from.known().and_then(|known| <[f64; 7]>::try_from(known).ok()).and_then(|[code, point @ ..]| {
            let form = code as usize;
            FORMS.get(form).filter(|form| fitting.admits(**form, seasonal))?;
            if matches!(from, Start::Kept(_)) {
                return Some((form, point));
            }
            let fit = fitting.fit(form, point, 60);
            fit.criterion.is_finite().then_some((form, fit.point))
        });
        let (form, point) = known.or_else(|| fitting.choose(seasonal).map(|fit| (fit.form, fit.point)))?;
        let path = fitting.run(FORMS[form], &point, horizon).path;
        let mean = if seasonal { path } else { training.adjusted.restore(path) };
        let tuned = std::iter::once(form as f64).chain(point).collect();
        Some(Path { mean, tuned })
    }
}

/// Which components a model has.
#[derive(Debug, Clone, Copy)]
struct FormOf {
    /// Whether errors are relative to the level (and so is the season, if any).
    relative: bool,
    trend: Trend,
    seasonal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trend {
    None,
    Linear,
    Damped,
}

const FORMS: [FormOf; 12] = {
    const fn form(relative: bool, trend: Trend, seasonal: bool) -> FormOf {
        FormOf { relative, trend, seasonal }
    }
    [
        form(false, Trend::None, false),
        form(false, Trend::Linear, false),
        form(false, Trend::Damped, false),
        form(true, Trend::None, false),
        form(true, Trend::Linear, false),
        form(true, Trend::Damped, false),
        form(false, Trend::None, true),
        form(false, Trend::Linear, true),
        form(false, Trend::Damped, true),
        form(true, Trend::None, true),
        form(true, Trend::Linear, true),
        form(true, Trend::Damped, true),
    ]
};

/// Positions in a point: smoothing of level, trend, damping, season (all on the logit scale), first level, first
/// slope (both in units of scale).
type Point = [f64; 6];

struct Fit {
    form: usize,
    point: Point,
    criterion: f64,
}

struct Run {
    path: Vec<f64>,
    likelihood: f64,
}

struct Fitting<'a> {
    values: &'a [f64],
    period: usize,
    level: f64,
    slope: f64,
    scale: f64,
    additive: Vec<f64>,
    multiplicative: Vec<f64>,
    is_positive: bool,
}

impl<'a> Fitting<'a> {
    fn new(values: &'a [f64], adjusted: Option<&Adjusted>, period: usize) -> Self {
        let flat = adjusted.map_or(values, |adjusted| adjusted.values.as_slice());
        let head = flat.len().min(10.max(period));
        let (level, slope) = line(&flat[..head]);
        let scale = values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
        let (mut additive, mut multiplicative) = (Vec::new(), Vec::new());
        if let Some(adjusted) = adjusted {
            let mean = flat.iter().sum::<f64>() / flat.len() as f64;
            // The same indices, as ratios for relative errors and as differences for absolute ones.
            for t in 0..period {
                let index = adjusted.index(t);
                let is_ratio = adjusted.is_ratio();
                additive.push(if is_ratio { (index - 1.0) * mean } else { index });
                multiplicative.push(if is_ratio { index } else { 1.0 });
            }
        }
        let is_positive = values.iter().all(|value| *value > 0.0);
        Self {
            values,
            period,
            level,
            slope,
            scale: scale.max(f64::MIN_POSITIVE),
            additive,
            multiplicative,
            is_positive,
        }
    }

    fn admits(&self, form: FormOf, seasonal: bool) -> bool {
        form.seasonal == seasonal && (self.is_positive || !form.relative)
    }

    /// The best form: first relative or absolute errors (judged with a damped trend), then the trend.
    fn choose(&self, seasonal: bool) -> Option<Fit> {
        let start: Point = [-1.0, -2.0, 1.0, -2.5, 0.0, 0.0];
        let fits = |trends: &[Trend], relative: Option<bool>| -> Vec<Fit> {
            let wanted = |form: &FormOf| {
                self.admits(*form, seasonal)
                    && trends.contains(&form.trend)
                    && relative.is_none_or(|relative| form.relative == relative)
            };
            (0..FORMS.len()).filter(|index| wanted(&FORMS[*index])).map(|index| self.fit(index, start, 220)).collect()
        };
        let mut found = fits(&[Trend::Damped], None);
        let best = found.iter().min_by(|a, b| a.criterion.total_cmp(&b.criterion))?;
        let relative = FORMS[best.form].relative;
        found.extend(fits(&[Trend::None, Trend::Linear], Some(relative)));
        found.into_iter().filter(|fit| fit.criterion.is_finite()).min_by(|a, b| a.criterion.total_cmp(&b.criterion))
    }

    fn fit(&self, form: usize, start: Point, evaluations: usize) -> Fit {
        let FormOf { trend, seasonal, .. } = FORMS[form];
        let when = |used: bool, stride: f64| if used { stride } else { 0.0 };
        let trended = trend != Trend::None;
        let stride =
            [1.0, when(trended, 1.0), when(trend == Trend::Damped, 1.0), when(seasonal, 1.0), 0.1, when(trended, 0.02)];
        let (point, likelihood) =
            nelder_mead(start, stride, evaluations, |point| self.run(FORMS[form], point, 0).likelihood);
        let free = stride.iter().filter(|stride| **stride != 0.0).count();
        let parameters = (1 + free + if seasonal { self.period - 1 } else { 0 }) as f64;
        let count = self.values.len() as f64;
        // Small samples that cannot carry the parameters at all are told apart by AIC's penalty growing without
        // bound.
        let correction = 2.0 * parameters * (parameters + 1.0) / (count - parameters - 1.0).max(0.5);
        Fit { form, point, criterion: likelihood + 2.0 * parameters + correction }
    }

    /// −2 log likelihood up to a constant, and values ahead.
    fn run(&self, form: FormOf, point: &Point, horizon: usize) -> Run {
        let unit = |x: f64| 1.0 / (1.0 + (-x).exp());
        let alpha = 1e-4 + 0.9998 * unit(point[0]);
        let beta = if form.trend == Trend::None { 0.0 } else { alpha * unit(point[1]) };
        let phi = match form.trend {
            Trend::None => 0.0,
            Trend::Linear => 1.0,
            Trend::Damped => 0.8 + 0.18 * unit(point[2]),
        };
        let gamma = (1.0 - alpha) * unit(point[3]);
        let mut level = self.level + point[4] * self.scale;
        let mut slope = if form.trend == Trend::None { 0.0 } else { self.slope + point[5] * self.scale };
        let mut indices = match (form.seasonal, form.relative) {
            (false, _) => Vec::new(),
            (true, false) => self.additive.clone(),
            (true, true) => self.multiplicative.clone(),
        };
        let (mut squares, mut log_scale) = (0.0, 0.0);
        let mut position = 0;
        for value in self.values {
            let base = level + phi * slope;
            if form.relative {
                if base <= 0.0 {
                    return Run { path: Vec::new(), likelihood: f64::INFINITY };
                }
                let index = if form.seasonal { indices[position] } else { 1.0 };
                let expected = base * index;
                if expected <= 0.0 {
                    return Run { path: Vec::new(), likelihood: f64::INFINITY };
                }
                let error = value / expected - 1.0;
                squares += error * error;
                log_scale += (expected / self.scale).ln();
                level = base * (1.0 + alpha * error);
                slope = phi * slope + beta * base * error;
                if form.seasonal {
                    indices[position] = index * (1.0 + gamma * error);
                }
            } else {
                let index = if form.seasonal { indices[position] } else { 0.0 };
                let error = value - base - index;
                squares += (error / self.scale).powi(2);
                level = base + alpha * error;
                slope = phi * slope + beta * error;
                if form.seasonal {
                    indices[position] = index + gamma * error;
                }
            }
            position = if position + 1 == self.period { 0 } else { position + 1 };
        }
        let count = self.values.len() as f64;
        // In units of the series' own size: the search stops by relative differences, whatever the demand is counted in.
        let likelihood = count * (squares / count).max(1e-300).ln() + 2.0 * log_scale;
        let path = (0..horizon).map(|_| {
            slope *= phi;
            level += slope;
            let ahead = match (form.seasonal, form.relative) {
                (false, _) => level,
                (true, false) => level + indices[position],
                (true, true) => level * indices[position],
            };
            position = if position + 1 == self.period { 0 } else { position + 1 };
            ahead
        });
        Run { path: path.collect(), likelihood }
    }
}

/// Level before the first value and slope of the least-squares line.
fn line(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let centre = (count + 1.0) / 2.0;
    let (mut cross, mut square) = (0.0, 0.0);
    for (t, value) in values.iter().enumerate() {
        let x = (t + 1) as f64 - centre;
        cross += x * (value - mean);
        square += x * x;
    }
    let slope = if square > 0.0 { cross / square } else { 0.0 };
    (mean - slope * centre, slope)
}
