//! The recursions of exponential smoothing: level, trend and season after each period.

use super::dual::{Dual, Number};
use crate::optimise::Squares;

/// Standard deviation, on the logistic scale, of a share that is between zero and one for all that is known: π/√3.
pub(super) const SHARE_SD: f64 = 1.813_799_364_234_217_8;

/// Which components a model has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// Whether errors are relative to the level (and so is the season, if any).
    pub(super) relative: bool,
    pub(super) trend: Trend,
    pub(super) seasonal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trend {
    None,
    Linear,
    Damped,
}

/// State and smoothing constants.
#[derive(Debug, Clone)]
pub(super) struct Components<T> {
    pub(super) form: Form,
    pub(super) level: T,
    pub(super) slope: T,
    /// One index per position in the season, that of the next period first; empty without a season.
    pub(super) indices: Vec<T>,
    /// How much of an error goes into level, slope and index.
    pub(super) alpha: T,
    pub(super) beta: T,
    pub(super) gamma: T,
    /// Share of the slope that is left after a period.
    pub(super) phi: T,
    /// Where in the season the next period is.
    pub(super) position: usize,
}

impl<T: Number> Components<T> {
    /// Lives through one period: what was expected, and the error; `None` where relative errors make no sense, with
    /// nothing or less expected.
    fn live(&mut self, value: f64) -> Option<(T, T)> {
        let trended = self.form.trend != Trend::None;
        let carried = if trended { self.phi * self.slope } else { self.slope };
        let base = if trended { self.level + carried } else { self.level };
        let index = self.indices.get(self.position).copied();
        let (expected, error) = if self.form.relative {
            let expected = index.map_or(base, |index| base * index);
            if base.value() <= 0.0 || expected.value() <= 0.0 {
                return None;
            }
            let error = expected.inverse().times(value).plus(-1.0);
            self.level = base + base * (self.alpha * error);
            if trended {
                self.slope = carried + base * (self.beta * error);
            }
            if let Some(index) = index {
                self.indices[self.position] = index + index * (self.gamma * error);
            }
            (expected, error)
        } else {
            let expected = index.map_or(base, |index| base + index);
            let error = T::fixed(value) - expected;
            self.level = base + self.alpha * error;
            if trended {
                self.slope = carried + self.beta * error;
            }
            if let Some(index) = index {
                self.indices[self.position] = index + self.gamma * error;
            }
            (expected, error)
        };
        self.turn();
        Some((expected, error))
    }

    fn turn(&mut self) {
        self.position = if self.position + 1 < self.indices.len() { self.position + 1 } else { 0 };
    }
}

impl Components<f64> {
    /// What is expected of the periods after these values. `None` where relative errors make no sense.
    pub(super) fn ahead(mut self, values: &[f64], horizon: usize) -> Option<Vec<f64>> {
        for value in values {
            self.live(*value)?;
        }
        let path = (0..horizon).map(|_| {
            self.slope *= self.phi;
            self.level += self.slope;
            let ahead = match self.indices.get(self.position) {
                None => self.level,
                Some(index) if self.form.relative => self.level * index,
                Some(index) => self.level + index,
            };
            self.turn();
            ahead
        });
        Some(path.collect())
    }
}

impl<const N: usize> Components<Dual<N>> {
    /// The squared one-step errors in units of `scale`; relative ones times the squared geometric mean of what was
    /// expected, by which their sum tells the likelihood like that of absolute ones. `None` where they make no sense.
    pub(super) fn squares(mut self, values: &[f64], scale: f64) -> Option<Squares<N>> {
        let mut squares = Squares { sum: 0.0, gradient: [0.0; N], curvature: [[0.0; N]; N] };
        // Logarithm of the expected values' product, and of how it answers to parameters. One logarithm is enough for
        // many factors.
        let (mut log, mut product, mut log_slopes) = (0.0, 1.0_f64, [0.0; N]);
        for value in values {
            let (expected, error) = self.live(*value)?;
            squares.add(error.value(), &error.slopes);
            if self.form.relative {
                let inverse = expected.value().recip();
                log_slopes.iter_mut().zip(expected.slopes).for_each(|(sum, slope)| *sum += inverse * slope);
                product *= expected.value() / scale;
                if !(1e-50..1e50).contains(&product) {
                    log += product.ln();
                    product = 1.0;
                }
            }
        }
        if !self.form.relative {
            return Some(squares.times(1.0 / (scale * scale)));
        }
        let count = values.len() as f64;
        let mean_slopes = log_slopes.map(|sum| sum / count);
        let size = (2.0 * (log + product.ln()) / count).exp();
        Some(squares.drifting(&mean_slopes).times(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model with all components whose parameters are these.
    fn whole<T: Number>(relative: bool, [alpha, beta, gamma, phi, level, slope]: [T; 6]) -> Components<T> {
        let indices = if relative { [0.8, 1.0, 1.2] } else { [-3.0, 0.5, 2.5] };
        let form = Form { relative, trend: Trend::Damped, seasonal: true };
        let indices = indices.map(T::fixed).to_vec();
        Components { form, level, slope, indices, alpha, beta, gamma, phi, position: 0 }
    }

    fn parameters(point: [f64; 6]) -> [Dual<6>; 6] {
        std::array::from_fn(|place| Dual::parameter(point[place], place))
    }

    #[test]
    fn slopes_of_the_sum_are_those_of_small_steps() {
        let values: Vec<f64> = (0..40).map(|t| 20.0 + f64::from(t % 3) * 4.0 + f64::from(t * 7 % 5)).collect();
        let point = [0.3, 0.1, 0.2, 0.9, 21.0, 0.4];
        for relative in [false, true] {
            let squares = |point| whole(relative, parameters(point)).squares(&values, 20.0).unwrap();
            let found = squares(point);
            for place in 0..6 {
                let moved = |by: f64| {
                    let mut moved = point;
                    moved[place] += by;
                    squares(moved).sum
                };
                let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                let halved = 2.0 * found.gradient[place];
                assert!((halved - slope).abs() < 1e-4 * (1.0 + slope.abs()), "{relative} {place}: {halved} {slope}");
            }
        }
    }

    #[test]
    fn what_follows_the_model_exactly_is_continued_without_error() {
        for relative in [false, true] {
            let point = [0.3, 0.1, 0.2, 0.9, 21.0, 0.4];
            let path = whole(relative, point).ahead(&[], 12).unwrap();
            assert!(whole(relative, parameters(point)).squares(&path[..9], 20.0).unwrap().sum < 1e-20);
            let rest = whole(relative, point).ahead(&path[..9], 3).unwrap();
            assert!(rest.iter().zip(&path[9..]).all(|(found, value)| (found - value).abs() < 1e-9), "{rest:?}");
        }
    }

    #[test]
    fn relative_errors_of_nothing_make_no_sense() {
        let point = [0.3, 0.1, 0.2, 0.9, -1.0, 0.0];
        assert!(whole(true, parameters(point)).squares(&[5.0; 4], 5.0).is_none());
    }
}
