//! Methods for demand that comes now and then. All forecast a demand rate per period; a weekly (or other) profile is
//! taken out first and put back after.

use super::smoothing::smooth_best;
use super::{Forecaster, Path, Start, Training};

/// Smoothing constants tried.
const CONSTANTS: [f64; 5] = [0.02, 0.05, 0.1, 0.2, 0.3];

/// Croston (1972): smoothed quantity over smoothed distance between sales.
pub(super) struct Croston;

/// Croston's method without its upward bias (Syntetos & Boylan 2005).
pub(super) struct Sba;

/// Teunter, Syntetos & Babai (2011): smoothed quantity times smoothed chance of a sale, which also fades while
/// nothing sells.
pub(super) struct Tsb;

/// Aggregation to blocks as long as the mean distance between sales, smoothed (Nikolopoulos et al. 2011).
pub(super) struct Adida;

/// Mean of smoothed levels over blocks of one period up to the mean distance between sales (Petropoulos & Kourentzes
/// 2015).
pub(super) struct Imapa;

impl Forecaster for Croston {
    fn name(&self) -> &'static str {
        "croston"
    }

    fn typical_loss(&self) -> f64 {
        1.0
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        training.is_sparse
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        rate(training, horizon, |values| croston(values).map(|(rate, _)| rate))
    }
}

impl Forecaster for Sba {
    fn name(&self) -> &'static str {
        "sba"
    }

    fn typical_loss(&self) -> f64 {
        0.95
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        training.is_sparse
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        rate(training, horizon, |values| croston(values).map(|(rate, constant)| rate * (1.0 - constant / 2.0)))
    }
}

impl Forecaster for Tsb {
    fn name(&self) -> &'static str {
        "tsb"
    }

    fn typical_loss(&self) -> f64 {
        0.85
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        training.is_sparse
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        rate(training, horizon, tsb)
    }
}

impl Forecaster for Adida {
    fn name(&self) -> &'static str {
        "adida"
    }

    fn typical_loss(&self) -> f64 {
        0.85
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        training.is_sparse
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        rate(training, horizon, |values| block_level(values, mean_distance(values)))
    }
}

impl Forecaster for Imapa {
    fn name(&self) -> &'static str {
        "imapa"
    }

    fn typical_loss(&self) -> f64 {
        0.85
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        training.is_sparse
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        rate(training, horizon, |values| {
            let levels: Vec<f64> =
                (1..=mean_distance(values).min(14)).filter_map(|block| block_level(values, block)).collect();
            (!levels.is_empty()).then(|| levels.iter().sum::<f64>() / levels.len() as f64)
        })
    }
}

fn rate(training: &Training<'_>, horizon: usize, method: impl Fn(&[f64]) -> Option<f64>) -> Option<Path> {
    let rate = method(&training.adjusted.values)?;
    Some(Path::new(training.adjusted.restore(vec![rate; horizon])))
}

/// Rate and the smoothing constant that forecast best one step ahead.
fn croston(values: &[f64]) -> Option<(f64, f64)> {
    let run = |constant: f64| {
        let mut sale = None;
        let (mut quantity, mut distance, mut since, mut squares) = (0.0, 1.0, 0.0, 0.0);
        for value in values {
            since += 1.0;
            if sale.is_some() {
                squares += (value - quantity / distance).powi(2);
            }
            if *value != 0.0 {
                match sale {
                    None => (quantity, distance) = (*value, since),
                    Some(()) => {
                        quantity += constant * (value - quantity);
                        distance += constant * (since - distance);
                    }
                }
                sale = Some(());
                since = 0.0;
            }
        }
        (if sale.is_some() { quantity / distance } else { 0.0 }, squares)
    };
    let best = CONSTANTS.into_iter().map(|constant| (constant, run(constant)));
    best.min_by(|a, b| a.1.1.total_cmp(&b.1.1)).map(|(constant, (rate, _))| (rate, constant))
}

fn tsb(values: &[f64]) -> Option<f64> {
    let sales: Vec<f64> = values.iter().copied().filter(|value| *value != 0.0).collect();
    if sales.is_empty() {
        return values.first().map(|_| 0.0);
    }
    let start = (
        sales.len() as f64 / values.len() as f64,
        sales[..sales.len().min(5)].iter().sum::<f64>() / sales.len().min(5) as f64,
    );
    let run = |chance_constant: f64, quantity_constant: f64| {
        let (mut chance, mut quantity, mut squares) = (start.0, start.1, 0.0);
        for value in values {
            squares += (value - chance * quantity).powi(2);
            let sold = f64::from(u8::from(*value != 0.0));
            chance += chance_constant * (sold - chance);
            quantity += quantity_constant * sold * (value - quantity);
        }
        (chance * quantity, squares)
    };
    let pairs = CONSTANTS.into_iter().flat_map(|chance| [0.02, 0.1, 0.3].map(|quantity| run(chance, quantity)));
    pairs.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(rate, _)| rate)
}

fn mean_distance(values: &[f64]) -> usize {
    let sales = values.iter().filter(|value| **value != 0.0).count().max(1);
    (values.len() as f64 / sales as f64).round() as usize
}

/// Smoothed level per period of sums over blocks of `length` periods, counted from the end.
fn block_level(values: &[f64], length: usize) -> Option<f64> {
    let length = length.clamp(1, values.len().max(1));
    let blocks: Vec<f64> = values.rchunks_exact(length).rev().map(|block| block.iter().sum::<f64>()).collect();
    Some(smooth_best(&blocks)?.level / length as f64)
}
