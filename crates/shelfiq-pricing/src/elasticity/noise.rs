//! The noise around demand: how much each period counts.

use crate::elasticity::design::Design;
use crate::elasticity::history::{Family, History, mean};
use crate::elasticity::memory::{Filter, Memory};
use crate::linear::dot;

/// Working responses and their noise in one round of reweighted least squares.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    /// Log demand, linearised where demand is a count.
    pub(crate) responses: Vec<f64>,
    /// Variance of counting in each response: it cannot last.
    sampling: Vec<f64>,
    /// Variance of everything else in a response, as the residuals show it: it may last.
    extra: f64,
    /// What each period counts for: below 1 where it is exceptional.
    credit: Vec<f64>,
    /// How much of the extra variance lasts.
    pub(crate) memory: Memory,
    /// Time since the period before in usual gaps.
    gaps: Vec<f64>,
    family: Family,
}

/// Residuals of logs beyond this many standard deviations lose weight (Huber).
const HUBER_LOG: f64 = 2.5;
/// The same for counts, which are skewed.
const HUBER_COUNT: f64 = 4.0;
/// A model of logs is never surer of a period than this variance.
const VARIANCE_MIN: f64 = 1e-9;

impl Noise {
    pub(crate) fn start(history: &History) -> Self {
        let n = history.len();
        let (responses, sampling, extra) = match history.family {
            Family::LogLog => {
                let responses: Vec<f64> = history.quantity.iter().map(|units| units.ln()).collect();
                let level = mean(&responses);
                let variance = responses.iter().map(|value| (value - level).powi(2)).sum::<f64>() / n as f64;
                (responses, 0.0, variance.max(1e-6))
            }
            Family::Count => {
                let mean = history.mean_quantity().max(1e-6);
                (history.quantity.iter().map(|units| mean.ln() + (units - mean) / mean).collect(), 1.0 / mean, 1.0)
            }
        };
        Self {
            responses,
            sampling: vec![sampling; n],
            extra,
            credit: vec![1.0; n],
            memory: Memory::NONE,
            gaps: gaps(&history.days),
            family: history.family,
        }
    }

    /// How the noise may last, with log prior probabilities up to a constant.
    pub(crate) fn memories(&self) -> Vec<(Memory, f64)> {
        Memory::candidates(self.family)
    }

    /// What makes rows independent if the noise lasts like this.
    pub(crate) fn filter(&self, memory: Memory) -> Filter {
        let lasting = memory.lasting_variance(self.extra);
        let fleeting_extra = (self.extra - lasting).max(0.0);
        let fleeting =
            self.sampling.iter().zip(&self.credit).map(|(sampling, credit)| (sampling + fleeting_extra) / credit);
        Filter::new(fleeting, lasting, memory.persistence, &self.gaps)
    }

    /// Describes the noise around a fit that used so many parameters.
    pub(crate) fn update(&mut self, history: &History, design: &Design, coefficients: &[f64], parameters_used: f64) {
        let fitted: Vec<f64> = design.rows().map(|row| dot(row, coefficients).clamp(-25.0, 25.0)).collect();
        let free = fitted.len() as f64 - parameters_used;
        match history.family {
            Family::LogLog => self.update_log(&fitted, free),
            Family::Count => self.update_count(history, &fitted, free),
        }
    }

    fn update_log(&mut self, fitted: &[f64], free: f64) {
        let residuals: Vec<f64> = self.responses.iter().zip(fitted).map(|(value, fit)| value - fit).collect();
        let typical = median_absolute(&residuals) / 0.6745;
        let huber: Vec<f64> = residuals.iter().map(|&residual| huber(residual, HUBER_LOG * typical)).collect();
        let squares: f64 = residuals.iter().zip(&huber).map(|(residual, huber)| huber * residual * residual).sum();
        self.extra = (squares / free).max(VARIANCE_MIN);
        self.credit = huber;
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
        self.extra = over;
        for (period, &mean) in means.iter().enumerate() {
            self.sampling[period] = (single / mean).max(1e-12 / (mean * mean));
            let variance = (single * mean + over * mean * mean).max(1e-12);
            self.credit[period] = huber(residuals[period] / variance.sqrt(), HUBER_COUNT);
            self.responses[period] = fitted[period] + residuals[period] / mean;
        }
    }
}

/// Time since the period before in usual gaps: across a stock-out noise is forgotten. Rows of one period share its noise.
fn gaps(days: &[i32]) -> Vec<f64> {
    let between: Vec<i32> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut sorted = between.clone();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    // Without an order in time rows are taken as they come.
    let in_gaps = |gap: i32| if usual > 0 { f64::from(gap) / f64::from(usual) } else { 1.0 };
    std::iter::once(0.0).take(days.len()).chain(between.into_iter().map(in_gaps)).collect()
}

fn huber(residual: f64, limit: f64) -> f64 {
    if residual.abs() > limit && limit > 0.0 { limit / residual.abs() } else { 1.0 }
}

fn median_absolute(residuals: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residuals.iter().map(|residual| residual.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
}
