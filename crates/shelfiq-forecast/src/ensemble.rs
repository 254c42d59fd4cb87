//! Which models take part in a forecast, and with what weight.

use serde::{Deserialize, Serialize};

use crate::stacking::{Loss, View, stacked};
use crate::trial::{Candidate, Method, Trial};

/// Models that take part at most.
const MEMBERS_MAX: usize = 6;
/// Weight below which a model does not take part: it would move nothing.
const WEIGHT_MIN: f64 = 0.01;
/// How strongly a smaller relative loss on the series itself is rewarded. A few origins say little about which model
/// is best for one series; the same origins of many series say much about the group.
const OWN_SHARPNESS: f64 = 1.5;

/// What a group of similar series teaches about models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Verdicts {
    /// Judged by absolute errors, which reward the median.
    pub(crate) absolute: Verdict,
    /// Judged by squared errors, which reward the mean. (The median of sparse demand is to sell nothing.)
    pub(crate) squared: Verdict,
}

/// Which mixture of methods a group trusts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    loss: Loss,
    /// Share of each method, in the order of [`Method::all`](crate::trial::Method::all).
    #[serde(with = "crate::exact")]
    shares: Vec<f64>,
}

impl Verdicts {
    /// What these trials teach, on top of what is typical for each model.
    ///
    /// `barred` methods get no weight.
    pub(crate) fn of(trials: &[&Trial], barred: &[Method]) -> Self {
        let view = View { barred, left_out: None };
        let verdict = |loss| Verdict { loss, shares: stacked(trials, loss, view) };
        Self { absolute: verdict(Loss::Absolute), squared: verdict(Loss::Squared) }
    }

    /// Whether they say something of so many methods.
    pub(crate) fn is_whole(&self, methods: usize) -> bool {
        [&self.absolute, &self.squared].iter().all(|verdict| verdict.shares.len() == methods)
    }
}

/// The weight of each candidate of a trial, in its order; they add up to one. `left_out` names an origin that must
/// not be judged by, so that the ensemble can be tried on it.
pub(crate) fn weights(trial: &Trial, verdict: &Verdict, left_out: Option<usize>) -> Vec<f64> {
    let own = match trial.origins.len() {
        0 => vec![1.0; trial.candidates.len()],
        1 if left_out.is_some() => vec![1.0; trial.candidates.len()],
        _ => relative_losses(trial, verdict.loss, left_out),
    };
    let trust = |(candidate, own): (&Candidate, f64)| {
        // One freak origin must not decide alone.
        verdict.shares[candidate.method.place()] * (-OWN_SHARPNESS * own.min(3.0)).exp()
    };
    let mut weights: Vec<f64> = trial.candidates.iter().zip(own).map(trust).collect();
    let mut descending = weights.clone();
    descending.sort_by(|a, b| b.total_cmp(a));
    let sum: f64 = descending.iter().take(MEMBERS_MAX).sum();
    let bar = descending.get(MEMBERS_MAX - 1).copied().unwrap_or(0.0).max(WEIGHT_MIN * sum);
    weights.iter_mut().filter(|weight| **weight < bar).for_each(|weight| *weight = 0.0);
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
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
