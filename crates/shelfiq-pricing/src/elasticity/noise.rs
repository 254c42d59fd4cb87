//! The noise around demand: how much each period counts, and how much of it lasts into the next.

use crate::elasticity::design::Design;
use crate::elasticity::history::{Family, History, mean};
use crate::linear::dot;

/// Working responses and weights of one round of reweighted least squares.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    /// Log demand, linearised where demand is a count.
    pub(crate) responses: Vec<f64>,
    /// One over the variance of the response.
    pub(crate) weights: Vec<f64>,
    /// Correlation of the noise of one period with that of the next; 0 or more.
    pub(crate) memory: f64,
    /// Whether a period directly follows the one before it.
    pub(crate) follows: Vec<bool>,
}

/// Residuals of logs beyond this many standard deviations lose weight (Huber).
const HUBER_LOG: f64 = 2.5;
/// The same for counts, which are skewed.
const HUBER_COUNT: f64 = 4.0;
const MEMORY_MAX: f64 = 0.95;

impl Noise {
    pub(crate) fn start(history: &History) -> Self {
        let n = history.len();
        let (responses, weight): (Vec<f64>, f64) = match history.family {
            Family::LogLog => {
                let responses: Vec<f64> = history.quantity.iter().map(|units| units.ln()).collect();
                let level = mean(&responses);
                let variance = responses.iter().map(|value| (value - level).powi(2)).sum::<f64>() / n as f64;
                (responses, 1.0 / variance.max(1e-6))
            }
            Family::Count => {
                let mean = history.mean_quantity().max(1e-6);
                (history.quantity.iter().map(|units| mean.ln() + (units - mean) / mean).collect(), mean / (1.0 + mean))
            }
        };
        Self { responses, weights: vec![weight; n], memory: 0.0, follows: follows(&history.days) }
    }

    /// Takes out of each row (of `columns` cells) what the memory of the row before explains, and scales it back to the same
    /// variance (Prais–Winsten).
    pub(crate) fn without_memory(&self, mut rows: Vec<f64>, columns: usize) -> Vec<f64> {
        let scale = 1.0 / (1.0 - self.memory * self.memory).sqrt();
        for period in (1..rows.len() / columns).rev().filter(|&period| self.follows[period]) {
            let (before, here) = rows.split_at_mut(period * columns);
            for (cell, last) in here[..columns].iter_mut().zip(&before[(period - 1) * columns..]) {
                *cell = (*cell - self.memory * last) * scale;
            }
        }
        rows
    }

    /// Describes the noise around a fit that used so many parameters.
    pub(crate) fn update(&mut self, history: &History, design: &Design, coefficients: &[f64], parameters_used: f64) {
        let fitted: Vec<f64> = design.rows().map(|row| dot(row, coefficients).clamp(-25.0, 25.0)).collect();
        let free = fitted.len() as f64 - parameters_used;
        match history.family {
            Family::LogLog => self.update_log(&fitted, free),
            Family::Count => self.update_count(history, &fitted, free),
        }
        let residuals: Vec<f64> = (0..fitted.len())
            .map(|period| self.weights[period].sqrt() * (self.responses[period] - fitted[period]))
            .collect();
        self.memory = memory(&residuals, &self.follows, parameters_used);
    }

    fn update_log(&mut self, fitted: &[f64], free: f64) {
        let residuals: Vec<f64> = self.responses.iter().zip(fitted).map(|(value, fit)| value - fit).collect();
        let typical = median_absolute(&residuals) / 0.6745;
        let huber: Vec<f64> = residuals.iter().map(|&residual| huber(residual, HUBER_LOG * typical)).collect();
        let squares: f64 = residuals.iter().zip(&huber).map(|(residual, huber)| huber * residual * residual).sum();
        let variance = (squares / free).max(1e-9);
        self.weights = huber.iter().map(|huber| huber / variance).collect();
    }

    /// Variance `single · mean + over · mean²`: Poisson with a share of extra variance found by the method of moments.
    fn update_count(&mut self, history: &History, fitted: &[f64], free: f64) {
        let means: Vec<f64> = fitted.iter().map(|fit| fit.exp().max(1e-9)).collect();
        let residuals: Vec<f64> = history.quantity.iter().zip(&means).map(|(units, mean)| units - mean).collect();
        let sum_of = |term: fn(f64, f64) -> f64| -> f64 {
            residuals.iter().zip(&means).map(|(&residual, &mean)| term(residual, mean)).sum()
        };
        let (single, over) = if history.whole_units {
            let per_free = fitted.len() as f64 / free;
            let excess = sum_of(|residual, _| residual * residual) * per_free - sum_of(|_, mean| mean);
            (1.0, (excess / sum_of(|_, mean| mean * mean)).max(0.0))
        } else {
            (sum_of(|residual, mean| residual * residual / mean) / free, 0.0)
        };
        for (period, &mean) in means.iter().enumerate() {
            let variance = (single * mean + over * mean * mean).max(1e-12);
            let huber = huber(residuals[period] / variance.sqrt(), HUBER_COUNT);
            self.weights[period] = huber * mean * mean / variance;
            self.responses[period] = fitted[period] + residuals[period] / mean;
        }
    }
}

/// A period follows the last one if it comes after the usual gap: across a stock-out the noise is forgotten.
fn follows(days: &[i32]) -> Vec<bool> {
    let mut gaps: Vec<i32> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0);
    let after = days.windows(2).map(|pair| 2 * (pair[1] - pair[0]) <= 3 * usual);
    std::iter::once(false).take(days.len()).chain(after).collect()
}

/// First-order autocorrelation of the residuals, with what the fitted parameters took away given back.
fn memory(residuals: &[f64], follows: &[bool], parameters_used: f64) -> f64 {
    let n = residuals.len() as f64;
    let products: f64 = (1..residuals.len())
        .filter(|&period| follows[period])
        .map(|period| residuals[period] * residuals[period - 1])
        .sum();
    let pairs = follows.iter().filter(|&&follows| follows).count() as f64;
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    if squares <= 0.0 || pairs < 4.0 {
        return 0.0;
    }
    let share = (parameters_used / n).min(0.5);
    let raw = products / squares * n / pairs;
    ((raw + share) / (1.0 - share)).clamp(0.0, MEMORY_MAX)
}

fn huber(residual: f64, limit: f64) -> f64 {
    if residual.abs() > limit && limit > 0.0 { limit / residual.abs() } else { 1.0 }
}

fn median_absolute(residuals: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residuals.iter().map(|residual| residual.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
}
