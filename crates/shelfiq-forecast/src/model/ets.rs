//! Exponential smoothing in state-space form, its components chosen by AICc.

use super::components::{Components, Form, SHARE_SD, Trend};
use super::dual::{Dual, Number};
use super::{Forecaster, Path, Start, Training};
use crate::optimise::{Belief, likeliest};
use crate::season::Adjusted;

/// Error, trend, season after Hyndman, Koehler, Ord & Snyder, *Forecasting with Exponential Smoothing* (2008). The
/// forms that forecast wildly are left out: multiplicative trends, and multiplicative seasons with additive errors.
pub(super) struct Ets;

/// Seasons longer than this have more indices than a state can learn.
const SEASON_MAX: usize = 24;
/// Points that a search for parameters looks at, at most: from the beginning, and from parameters known.
const LOOKS_ANEW: usize = 25;
const LOOKS_NEAR: usize = 6;

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
            fitting.fit(form, point, LOOKS_NEAR).map(|fit| (form, fit.point))
        });
        let (form, point) = known.or_else(|| fitting.choose(seasonal).map(|fit| (fit.form, fit.point)))?;
        let path = fitting.components(FORMS[form], &point).ahead(fitting.values, horizon)?;
        let mean = if seasonal { path } else { training.adjusted.restore(path) };
        let tuned = std::iter::once(form as f64).chain(point).collect();
        Some(Path { mean, tuned })
    }
}

const FORMS: [Form; 12] = {
    const fn form(relative: bool, trend: Trend, seasonal: bool) -> Form {
        Form { relative, trend, seasonal }
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

/// What is usual, where a search from the beginning starts.
const USUAL: Point = [-1.0, -2.0, 1.0, -2.5, 0.0, 0.0];
/// How far from it parameters are believed to lie before errors speak: any share is about as likely as another, the
/// first level may be off by the mean value, and the slope by a fifth of it.
const USUAL_SD: Point = [SHARE_SD, SHARE_SD, SHARE_SD, SHARE_SD, 1.0, 0.2];

struct Fit {
    form: usize,
    point: Point,
    criterion: f64,
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

    fn admits(&self, form: Form, seasonal: bool) -> bool {
        form.seasonal == seasonal && (self.is_positive || !form.relative)
    }

    /// The best form: first relative or absolute errors (judged with a damped trend), then the trend.
    fn choose(&self, seasonal: bool) -> Option<Fit> {
        let fits = |trends: &[Trend], relative: Option<bool>| -> Vec<Fit> {
            let wanted = |form: &Form| {
                self.admits(*form, seasonal)
                    && trends.contains(&form.trend)
                    && relative.is_none_or(|relative| form.relative == relative)
            };
            let indices = (0..FORMS.len()).filter(|index| wanted(&FORMS[*index]));
            indices.filter_map(|index| self.fit(index, USUAL, LOOKS_ANEW)).collect()
        };
        let mut found = fits(&[Trend::Damped], None);
        let best = found.iter().min_by(|a, b| a.criterion.total_cmp(&b.criterion))?;
        let relative = FORMS[best.form].relative;
        found.extend(fits(&[Trend::None, Trend::Linear], Some(relative)));
        found.into_iter().min_by(|a, b| a.criterion.total_cmp(&b.criterion))
    }

    /// The likeliest parameters of a form; `None` if it cannot start.
    fn fit(&self, form: usize, start: Point, looks_max: usize) -> Option<Fit> {
        let (point, squares) = match FORMS[form] {
            Form { trend: Trend::None, seasonal: false, .. } => self.search(form, [0, 4], start, looks_max),
            Form { trend: Trend::None, seasonal: true, .. } => self.search(form, [0, 3, 4], start, looks_max),
            Form { trend: Trend::Linear, seasonal: false, .. } => self.search(form, [0, 1, 4, 5], start, looks_max),
            Form { trend: Trend::Linear, seasonal: true, .. } => self.search(form, [0, 1, 3, 4, 5], start, looks_max),
            Form { trend: Trend::Damped, seasonal: false, .. } => self.search(form, [0, 1, 2, 4, 5], start, looks_max),
            Form { trend: Trend::Damped, seasonal: true, .. } => {
                self.search(form, [0, 1, 2, 3, 4, 5], start, looks_max)
            }
        }?;
        Some(Fit { form, point, criterion: self.criterion(FORMS[form], squares) })
    }

    /// The likeliest point that differs from `start` in the coordinates `free`, and its sum of squares.
    fn search<const N: usize>(
        &self,
        form: usize,
        free: [usize; N],
        start: Point,
        looks_max: usize,
    ) -> Option<(Point, f64)> {
        let belief = Belief { centre: free.map(|place| USUAL[place]), sd: free.map(|place| USUAL_SD[place]) };
        let from = free.map(|place| start[place]);
        let (found, sum) = likeliest(from, looks_max, &belief, self.values.len(), |tried: &[f64; N]| {
            let mut point = start.map(Dual::fixed);
            for (parameter, place) in free.into_iter().enumerate() {
                point[place] = Dual::parameter(tried[parameter], parameter);
            }
            self.components(FORMS[form], &point).squares(self.values, self.scale)
        })?;
        let mut point = start;
        free.into_iter().zip(found).for_each(|(place, value)| point[place] = value);
        Some((point, sum))
    }

    /// AICc up to a constant.
    fn criterion(&self, form: Form, squares: f64) -> f64 {
        let smoothed = match form.trend {
            Trend::None => 2,
            Trend::Linear => 4,
            Trend::Damped => 5,
        };
        let parameters = (1 + smoothed + if form.seasonal { self.period } else { 0 }) as f64;
        let count = self.values.len() as f64;
        // Small samples that cannot carry the parameters at all are told apart by AIC's penalty growing without
        // bound.
        let correction = 2.0 * parameters * (parameters + 1.0) / (count - parameters - 1.0).max(0.5);
        count * (squares / count).max(1e-300).ln() + 2.0 * parameters + correction
    }

    /// The model with the parameters of a point, before the first value.
    fn components<T: Number>(&self, form: Form, point: &[T; 6]) -> Components<T> {
        let alpha = point[0].squeezed().times(0.9998).plus(1e-4);
        let (level, slope) = (point[4].times(self.scale).plus(self.level), point[5].times(self.scale).plus(self.slope));
        let (slope, phi) = match form.trend {
            Trend::None => (T::fixed(0.0), T::fixed(0.0)),
            Trend::Linear => (slope, T::fixed(1.0)),
            Trend::Damped => (slope, point[2].squeezed().times(0.18).plus(0.8)),
        };
        let indices = match (form.seasonal, form.relative) {
            (false, _) => &[],
            (true, false) => self.additive.as_slice(),
            (true, true) => self.multiplicative.as_slice(),
        };
        Components {
            form,
            level,
            slope,
            indices: indices.iter().map(|index| T::fixed(*index)).collect(),
            alpha,
            beta: alpha * point[1].squeezed(),
            gamma: (T::fixed(1.0) - alpha) * point[3].squeezed(),
            phi,
            position: 0,
        }
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
