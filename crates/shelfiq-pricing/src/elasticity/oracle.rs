//! The closed forms beside an independent sampler (`nuts-rs`, the No-U-Turn sampler): the same models, written as densities.

use std::collections::HashMap;

use nuts_rs::rand::rngs::StdRng;
use nuts_rs::rand::{Rng, SeedableRng};
use nuts_rs::{Chain, CpuLogpFunc, CpuMath, CpuMathError, DiagNutsSettings, HasDims, LogpError, Settings};

use super::design::{Design, Expectation};
use super::fit::{self, Evidence};
use super::hierarchy::Hierarchy;
use super::history::{self, History};
use super::pool::{self, Unknowns};
use crate::panel::{DemandObservation, DemandPanel, DemandSeries, TimeAxis};

/// A log density with its gradient by central differences: plain to read, and exact enough for a judge.
#[derive(Clone)]
struct Density<F> {
    dimensions: usize,
    log_density: F,
}

#[derive(Debug, thiserror::Error)]
#[error("no finite density")]
struct NotFinite;

impl LogpError for NotFinite {
    fn is_recoverable(&self) -> bool {
        true
    }
}

impl<F> HasDims for Density<F> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        ["unconstrained_parameter", "dim"].map(|name| (name.to_owned(), self.dimensions as u64)).into()
    }
}

impl<F: Fn(&[f64]) -> f64> CpuLogpFunc for Density<F> {
    type LogpError = NotFinite;
    type FlowParameters = ();
    type ExpandedVector = Vec<f64>;

    fn dim(&self) -> usize {
        self.dimensions
    }

    fn logp(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, NotFinite> {
        const STEP: f64 = 1e-5;
        let mut place = position.to_vec();
        for (index, slope) in gradient.iter_mut().enumerate() {
            place[index] = position[index] + STEP;
            let above = (self.log_density)(&place);
            place[index] = position[index] - STEP;
            *slope = (above - (self.log_density)(&place)) / (2.0 * STEP);
            place[index] = position[index];
        }
        let value = (self.log_density)(position);
        if value.is_finite() && gradient.iter().all(|slope| slope.is_finite()) { Ok(value) } else { Err(NotFinite) }
    }

    fn expand_vector<R: Rng + ?Sized>(&mut self, _: &mut R, array: &[f64]) -> Result<Vec<f64>, CpuMathError> {
        Ok(array.to_vec())
    }
}

/// Mean and standard deviation of one quantity with their Monte Carlo errors.
#[derive(Debug)]
struct Sampled {
    mean: f64,
    sd: f64,
    /// Standard error of the mean: sd / √(effective sample size).
    mean_error: f64,
    /// Standard error of the standard deviation, about sd / √(2 · effective sample size).
    sd_error: f64,
}

const TUNING: u64 = 500;
const DRAWS: usize = 2_000;

/// Samples a density and tells the quantities that `of` makes of each draw.
fn sample(dimensions: usize, log_density: impl Fn(&[f64]) -> f64, of: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Sampled> {
    let settings = DiagNutsSettings { num_tune: TUNING, ..DiagNutsSettings::default() };
    let math = CpuMath::new(Density { dimensions, log_density });
    let mut chain = settings.new_chain(0, math, &mut StdRng::seed_from_u64(1)).unwrap();
    chain.set_position(&vec![0.1; dimensions]).unwrap();
    let draws: Vec<Vec<f64>> =
        (0..TUNING as usize + DRAWS).map(|_| of(&chain.draw().unwrap().0)).skip(TUNING as usize).collect();
    (0..draws[0].len()).map(|index| summary(&draws.iter().map(|draw| draw[index]).collect::<Vec<_>>())).collect()
}

/// The effective sample size comes from the spread of the means of batches.
fn summary(draws: &[f64]) -> Sampled {
    const BATCHES: usize = 40;
    let mean = history::mean(draws);
    let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / draws.len() as f64;
    let means: Vec<f64> = draws.chunks(draws.len() / BATCHES).map(history::mean).collect();
    let between = means.iter().map(|batch| (batch - mean).powi(2)).sum::<f64>() / (BATCHES * (BATCHES - 1)) as f64;
    let effective = (variance / between).min(draws.len() as f64);
    let sd = variance.sqrt();
    Sampled { mean, sd, mean_error: sd / effective.sqrt(), sd_error: sd / (2.0 * effective).sqrt() }
}

/// Four Monte Carlo errors, and `method` (a share of the standard deviation) for what the closed form leaves out on purpose.
fn agrees(found: (f64, f64), sampled: &Sampled, method: f64) {
    let slack = method * sampled.sd;
    assert!((found.0 - sampled.mean).abs() < 4.0 * sampled.mean_error + slack, "{found:?} beside {sampled:?}");
    assert!((found.1 - sampled.sd).abs() < 4.0 * sampled.sd_error + slack, "{found:?} beside {sampled:?}");
}

const POPULATION: Expectation = Expectation { mean: -1.5, sd: 1.5 };

fn pooled(evidence: &[Option<Evidence>]) -> pool::Pooled {
    let hierarchy = Hierarchy { nodes: vec![vec![0; evidence.len()]], counts: vec![1] };
    let unknowns = Unknowns { clues: vec![None; evidence.len()], slips: vec![0.0; evidence.len()], slip_sd: 0.0 };
    pool::pool(evidence, &unknowns, &hierarchy, POPULATION)
}

fn normal(value: f64, mean: f64, sd: f64) -> f64 {
    -0.5 * ((value - mean) / sd).powi(2)
}

/// Population mean and log spread; the spread has the prior of the pool.
fn log_prior(mean: f64, log_spread: f64) -> f64 {
    let inside = (0.03_f64.ln()..2.5_f64.ln()).contains(&log_spread);
    normal(mean, POPULATION.mean, POPULATION.sd) + normal(log_spread, 0.4_f64.ln(), 0.6)
        - if inside { 0.0 } else { 1e3 }
}

#[test]
fn the_pool_of_slopes_is_the_posterior_of_its_hierarchy() {
    let told = [(-2.6, 0.3), (-1.9, 0.2), (-2.2, 0.5), (-1.1, 0.25), (-3.0, 0.6), (-2.0, 0.15)];
    let evidence: Vec<Option<Evidence>> =
        told.iter().map(|&(mean, sd): &(f64, f64)| Some(Evidence { mean, variance: sd * sd })).collect();
    let slopes = |x: &[f64]| -> Vec<f64> { x[2..].iter().map(|z| x[0] + x[1].exp() * z).collect() };
    let density = |x: &[f64]| {
        let of_series = slopes(x).into_iter().zip(&x[2..]).zip(told);
        let likelihood: f64 =
            of_series.map(|((slope, z), (mean, sd))| normal(slope, mean, sd) + normal(*z, 0.0, 1.0)).sum();
        log_prior(x[0], x[1]) + likelihood
    };
    let sampled = sample(2 + told.len(), density, slopes);
    for (found, sampled) in pooled(&evidence).series.iter().zip(&sampled) {
        // The grid of spreads is coarse: 0.03 standard deviations.
        agrees((found.mean, found.sd), sampled, 0.03);
    }
}

/// Counts at five prices that change every few periods; the noise comes from a fixed table, not from chance.
fn counts(level: f64, elasticity: f64, series: usize) -> DemandSeries {
    let observations = (0..120)
        .map(|day| {
            let log_price = 0.12 * (((day / 6 * 7 + series) % 5) as f64 - 2.0);
            let expected = level * (elasticity * log_price).exp();
            // The golden ratio spreads quantiles evenly; a count with this quantile of a Poisson distribution.
            let quantile = ((day * 11 + series * 29 + 1) as f64 * 0.618_033_988_749_895).fract();
            DemandObservation {
                day: day as i32,
                price: 10.0 * log_price.exp(),
                quantity: poisson(expected, quantile),
                censored: false,
            }
        })
        .collect();
    DemandSeries { id: series.to_string(), groups: Vec::new(), observations, controls: Vec::new(), unit_cost: None }
}

fn poisson(mean: f64, quantile: f64) -> f64 {
    let (mut count, mut probability) = (0.0, (-mean).exp());
    let mut below = probability;
    while below < quantile && count < 1e3 {
        count += 1.0;
        probability *= mean / count;
        below += probability;
    }
    count
}

fn history_of(series: DemandSeries) -> History {
    let panel =
        DemandPanel { time: TimeAxis::Steps, group_names: Vec::new(), controls: Vec::new(), series: vec![series] };
    History::of(&panel.series[0], &panel, &[])
}

/// What the fit says, with nothing but price and a constant beside it.
fn evidence_of(history: &History) -> Evidence {
    let design = Design::of_price_alone(history);
    fit::fit(history, &design, &[], None).unwrap().slope
}

/// Log likelihood of counts, `size` being that of the negative binomial distribution; `None` is Poisson.
fn log_likelihood(history: &History, constant: f64, slope: f64, size: Option<f64>) -> f64 {
    let of_period = |(units, log_price): (&f64, &f64)| {
        let log_mean = constant + slope * log_price;
        let mean = log_mean.exp();
        match size {
            None => units * log_mean - mean,
            Some(size) => {
                let rising: f64 = (0..*units as usize).map(|count| (size + count as f64).ln()).sum();
                rising + size * (size / (size + mean)).ln() + units * (mean / (size + mean)).ln()
            }
        }
    };
    history.quantity.iter().zip(&history.log_price).map(of_period).sum()
}

#[test]
fn the_slope_of_one_count_series_is_that_of_a_negative_binomial_model() {
    let history = history_of(counts(6.0, -2.0, 0));
    let found = evidence_of(&history);
    let density = |x: &[f64]| {
        log_likelihood(&history, x[0], x[1], Some(x[2].exp()))
            + normal(x[0], 1.5, 2.0)
            + normal(x[1], -1.5, 5.0)
            + normal(x[2], 4.0, 1.0)
    };
    let sampled = sample(3, density, |x| vec![x[1]]);
    // Quasi-likelihood with a robust half and an unknown memory: a fifth of a standard deviation.
    agrees((found.mean, found.variance.sqrt()), &sampled[0], 0.2);
}

#[test]
fn slow_sellers_pool_as_a_hierarchical_poisson_model_does() {
    let histories: Vec<History> = (0..5)
        .map(|series| history_of(counts(0.6 + 0.4 * series as f64, -1.4 - 0.3 * series as f64, series)))
        .collect();
    let evidence: Vec<Option<Evidence>> = histories.iter().map(|history| Some(evidence_of(history))).collect();
    let slopes = |x: &[f64]| -> Vec<f64> { x[2..7].iter().map(|z| x[0] + x[1].exp() * z).collect() };
    let density = |x: &[f64]| {
        let of_series = slopes(x).into_iter().zip(&histories).enumerate();
        let likelihood: f64 = of_series
            .map(|(series, (slope, history))| {
                let constant = x[7 + series];
                log_likelihood(history, constant, slope, None)
                    + normal(x[2 + series], 0.0, 1.0)
                    + normal(constant, 0.0, 3.0)
            })
            .sum();
        log_prior(x[0], x[1]) + likelihood
    };
    let sampled = sample(12, density, slopes);
    for (found, sampled) in pooled(&evidence).series.iter().zip(&sampled) {
        agrees((found.mean, found.sd), sampled, 0.25);
    }
}
