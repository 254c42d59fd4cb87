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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::dice::Dice;
    use crate::trial::Origin;

    const LEARNER: Method = Method::Global(1);

    fn noise(seed: usize) -> f64 {
        Dice::new(seed as u64).unit() - 0.5
    }

    /// Forty series, four origins of five steps; two models miss by chance, the learner as `miss` says of series, origin
    /// and step.
    fn trials(miss: impl Fn(usize, usize, usize) -> f64) -> Vec<Trial> {
        let trial = |series: usize| {
            let path = |of: &dyn Fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
                (0..4).map(|origin| (0..5).map(|step| 10.0 + of(origin, step)).collect()).collect()
            };
            let chance = |model: usize| path(&|origin, step| noise(((series * 4 + origin) * 5 + step) * 3 + model));
            let learner = path(&|origin, step| miss(series, origin, step));
            let tried = [(Method::Alone(0), chance(0)), (Method::Alone(1), chance(1)), (LEARNER, learner)];
            let candidate = |(method, tried): (Method, Vec<Vec<f64>>)| Candidate {
                method,
                ahead: tried[0].clone(),
                tried,
                tuned: Vec::new(),
                duration: Duration::ZERO,
            };
            Trial {
                origins: (0..4).map(|end| Origin { end: 20 + end, actual: vec![10.0; 5] }).collect(),
                candidates: tried.into_iter().map(candidate).collect(),
                yardstick: 1.0,
            }
        };
        (0..40).map(trial).collect()
    }

    fn is_admitted(trials: &[Trial]) -> bool {
        earns_its_place(&trials.iter().collect::<Vec<_>>(), LEARNER)
    }

    #[test]
    fn who_knows_better_is_admitted_and_who_knows_nothing_new_is_not() {
        assert!(is_admitted(&trials(|series, origin, step| 0.3 * noise(7000 + (series * 4 + origin) * 5 + step))));
        assert!(!is_admitted(&trials(|series, origin, step| 2.0 + noise(7000 + (series * 4 + origin) * 5 + step))));
        // The same as one of the others.
        assert!(!is_admitted(&trials(|series, origin, step| noise(((series * 4 + origin) * 5 + step) * 3))));
    }

    #[test]
    fn one_lucky_moment_is_not_enough() {
        let lucky = |series: usize, origin: usize, step: usize| {
            if origin == 1 { 0.0 } else { 2.0 + noise(7000 + (series * 4 + origin) * 5 + step) }
        };
        assert!(!is_admitted(&trials(lucky)));
    }

    #[test]
    fn few_series_or_origins_admit_nobody() {
        let mut all = trials(|_, _, _| 0.0);
        assert!(is_admitted(&all));
        assert!(!is_admitted(&all[..19]));
        for trial in &mut all {
            trial.origins.truncate(2);
            trial.candidates.iter_mut().for_each(|candidate| candidate.tried.truncate(2));
        }
        assert!(!is_admitted(&all));
    }
}
