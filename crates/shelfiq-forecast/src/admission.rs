//! Whether a method pays that nobody asked for: it must make the mixture of the others better at moments by which that
//! mixture was not chosen.

use crate::stacking::{Loss, View, stacked};
use crate::trial::{Candidate, Method, Trial};

/// Share of its absolute error by which the mixture must get better.
const GAIN_MIN: f64 = 0.002;
/// Origins of which at least three quarters must gain.
const ORIGINS_MIN: usize = 3;
/// Series below which a gain may be luck.
const SERIES_MIN: usize = 20;

/// Whether the mixture of methods is better with `method` than without: each origin in turn is left out, both mixtures
/// are chosen on the others and compared on it. All origins together must gain, and three in four of them, since all
/// series share the luck of a moment.
pub(crate) fn earns_its_place(trials: &[&Trial], method: Method) -> bool {
    let heard: Vec<&Trial> = trials.iter().copied().filter(|trial| has(trial, method)).collect();
    let deepest = heard.iter().map(|trial| trial.origins.len()).max().unwrap_or(0);
    if heard.len() < SERIES_MIN || deepest < ORIGINS_MIN {
        return false;
    }
    let gains: Vec<f64> = (0..deepest).map(|rank| gain(trials, &heard, method, rank)).collect();
    let mean = gains.iter().sum::<f64>() / deepest as f64;
    let gaining = gains.iter().filter(|gain| **gain > 0.0).count();
    mean > GAIN_MIN && 4 * gaining >= 3 * deepest
}

fn has(trial: &Trial, method: Method) -> bool {
    trial.candidates.iter().any(|candidate| candidate.method == method)
}

/// Share of the absolute error at the origin of this rank from the last that `method` saves.
fn gain(trials: &[&Trial], heard: &[&Trial], method: Method, rank: usize) -> f64 {
    let shares = |barred: &[Method]| stacked(trials, Loss::Absolute, View { barred, left_out: Some(rank) });
    let (with, without) = (shares(&[]), shares(&[method]));
    let (mut missed_with, mut missed_without) = (0.0, 0.0);
    for trial in heard {
        let Some(index) = trial.origins.len().checked_sub(rank + 1) else { continue };
        let usual = usual(trial);
        if usual > 0.0 {
            missed_with += missed(trial, index, &with) / usual;
            missed_without += missed(trial, index, &without) / usual;
        }
    }
    if missed_without > 0.0 { 1.0 - missed_with / missed_without } else { 0.0 }
}

/// Mean absolute error of the mixture at one origin.
fn missed(trial: &Trial, index: usize, shares: &[f64]) -> f64 {
    let total: f64 = trial.candidates.iter().map(|candidate| shares[candidate.method.place()]).sum();
    let (mut sum, mut count) = (0.0, 0_u32);
    for (step, actual) in trial.origins[index].actual.iter().enumerate().filter(|(_, actual)| !actual.is_nan()) {
        let part = |candidate: &Candidate| shares[candidate.method.place()] * candidate.tried[index][step];
        sum += (trial.candidates.iter().map(part).sum::<f64>() / total - actual).abs();
        count += 1;
    }
    sum / f64::from(count.max(1))
}

/// Mean absolute error of all methods at all origins, so that large series do not decide alone.
fn usual(trial: &Trial) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for candidate in &trial.candidates {
        let pairs =
            trial.origins.iter().zip(&candidate.tried).flat_map(|(origin, path)| origin.actual.iter().zip(path));
        for (actual, expected) in pairs.filter(|(actual, _)| !actual.is_nan()) {
            sum += (actual - expected).abs();
            count += 1;
        }
    }
    sum / f64::from(count.max(1))
}
