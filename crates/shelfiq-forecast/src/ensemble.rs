//! Which models take part in a forecast, and with what weight.

use crate::team::Team;
use crate::trial::{Candidate, Method, Trial};

/// How strongly a smaller relative loss is rewarded.
const SHARPNESS: f64 = 5.0;
/// Models that take part at most.
const MEMBERS_MAX: usize = 6;
/// Share of the group's experience in the judgement of one series. A few origins say little about which model is
/// best for one series; the same origins of many series say much about the group.
const GROUP_SHARE: f64 = 0.8;
/// Series whose experience the models' typical losses stand for.
const TYPICAL_COUNT: f64 = 20.0;

/// What a group of similar series teaches about models.
#[derive(Debug, Clone)]
pub(crate) struct Experience {
    /// Judged by absolute errors, which reward the median.
    pub(crate) absolute: Verdict,
    /// Judged by squared errors, which reward the mean. (The median of sparse demand is to sell nothing.)
    pub(crate) squared: Verdict,
}

/// Mean relative loss per method.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    loss: Loss,
    losses: Vec<f64>,
    team: Team,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    Absolute,
    Squared,
}

impl Experience {
    /// What these trials teach, on top of what is typical for each model.
    pub(crate) fn of(trials: &[&Trial]) -> Self {
        Self { absolute: Verdict::of(trials, Loss::Absolute), squared: Verdict::of(trials, Loss::Squared) }
    }
}

impl Verdict {
    fn of(trials: &[&Trial], loss: Loss) -> Self {
        let typical = |method: Method| (TYPICAL_COUNT * method.typical_loss(), TYPICAL_COUNT);
        let mut sums: Vec<(f64, f64)> = Method::all().map(typical).collect();
        for trial in trials.iter().filter(|trial| !trial.origins.is_empty()) {
            for (candidate, relative) in trial.candidates.iter().zip(relative_losses(trial, loss, None)) {
                // One freak series must not decide for all.
                sums[candidate.method.place()].0 += relative.min(3.0);
                sums[candidate.method.place()].1 += 1.0;
            }
        }
        Self { loss, losses: sums.into_iter().map(|(sum, count)| sum / count).collect(), team: Team::of(trials, loss) }
    }
}

/// The weight of each candidate of a trial, in its order; they add up to one. `left_out` names an origin that must
/// not be judged by, so that the ensemble can be tried on it.
pub(crate) fn weights(trial: &Trial, verdict: &Verdict, left_out: Option<usize>) -> Vec<f64> {
    let group = |candidate: &Candidate| verdict.losses[candidate.method.place()];
    let own = match trial.origins.len() {
        0 => None,
        1 if left_out.is_some() => None,
        _ => Some(relative_losses(trial, verdict.loss, left_out)),
    };
    let judged: Vec<f64> = match own {
        Some(own) => trial
            .candidates
            .iter()
            .zip(own)
            .map(|(candidate, own)| GROUP_SHARE * group(candidate) + (1.0 - GROUP_SHARE) * own)
            .collect(),
        None => trial.candidates.iter().map(group).collect(),
    };
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by(|a, b| judged[*a].total_cmp(&judged[*b]));
    let bar = trial.baseline_index().map_or(f64::INFINITY, |index| judged[index]);
    let mut weights = vec![0.0; judged.len()];
    for index in order.iter().take(MEMBERS_MAX).filter(|index| judged[**index] <= bar) {
        weights[*index] = (-SHARPNESS * (judged[*index] - judged[order[0]])).exp();
    }
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    verdict.team.share(trial, weights)
}

/// The weighted mean of paths of equal length.
pub(crate) fn combine<'a>(weights: &[f64], paths: impl Iterator<Item = &'a Vec<f64>>) -> Vec<f64> {
    let mut sum: Vec<f64> = Vec::new();
    for (weight, path) in weights.iter().zip(paths) {
        sum.resize(path.len(), 0.0);
        sum.iter_mut().zip(path).for_each(|(sum, value)| *sum += weight * value);
    }
    sum
}

/// Loss of each candidate over the mean loss of the models alone, which every series has.
fn relative_losses(trial: &Trial, loss: Loss, left_out: Option<usize>) -> Vec<f64> {
    let losses: Vec<f64> =
        trial.candidates.iter().map(|candidate| mean_loss(trial, candidate, loss, left_out)).collect();
    let plain = || trial.candidates.iter().zip(&losses).filter(|(candidate, _)| candidate.method.is_alone());
    let mean = plain().map(|(_, loss)| loss).sum::<f64>() / plain().count().max(1) as f64;
    losses.iter().map(|loss| if mean > 0.0 { loss / mean } else { 1.0 }).collect()
}

fn mean_loss(trial: &Trial, candidate: &Candidate, loss: Loss, left_out: Option<usize>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for (index, (origin, path)) in trial.origins.iter().zip(&candidate.tried).enumerate() {
        let errors = origin.actual.iter().zip(path).map(|(actual, expected)| actual - expected).filter(|e| !e.is_nan());
        let (total, seen) = errors.fold((0.0, 0_u32), |(total, seen), error| match loss {
            Loss::Absolute => (total + error.abs(), seen + 1),
            Loss::Squared => (total + error * error, seen + 1),
        });
        if left_out != Some(index) && seen > 0 {
            let mean = total / f64::from(seen);
            sum += if loss == Loss::Absolute { mean } else { mean.sqrt() };
            count += 1;
        }
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}
