//! Which models do best together on similar series.
//!
//! Models that are good for the same reason are also wrong together, and a mean of five of them is hardly better than
//! one. A team is built instead: again and again, the model joins that makes the mean of all who joined so far miss
//! least at past origins of all series (Caruana et al., "Ensemble selection from libraries of models", ICML 2004).

use rayon::prelude::*;

use crate::ensemble::Loss;
use crate::trial::{Method, Trial};

/// Times that a model joins.
const ROUNDS: usize = 24;
/// Series looked at, evenly spread: more teach little.
const TRIALS_MAX: usize = 400;
/// Series whose word counts as much as what each model alone is worth.
const TRUST_COUNT: f64 = 20.0;

/// How often each method joined, as shares.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    /// By place among [`Method::all`]; all zero if nothing was tried.
    shares: Vec<f64>,
    /// How far the team is believed, from 0 to 1.
    trust: f64,
}

/// The errors of one series.
struct Player {
    /// Per method place, errors at all origins over the usual size of errors; nothing for methods that did not play.
    errors: Vec<Option<Vec<f64>>>,
    /// Sum of the errors of who joined.
    sum: Vec<f64>,
    joined: usize,
}

impl Team {
    /// The team that would have done best in these trials.
    pub(crate) fn of(trials: &[&Trial], loss: Loss) -> Self {
        let places = Method::all().count();
        let tried: Vec<&&Trial> = trials.iter().filter(|trial| !trial.origins.is_empty()).collect();
        let step = tried.len().div_ceil(TRIALS_MAX).max(1);
        let mut players: Vec<Player> =
            tried.iter().step_by(step).filter_map(|trial| Player::new(trial, places, loss)).collect();
        let mut counts = vec![0.0; places];
        if players.is_empty() {
            return Self { shares: counts, trust: 0.0 };
        }
        for _ in 0..ROUNDS {
            let missed = |place: usize| -> f64 { players.iter().map(|player| player.missed_with(place, loss)).sum() };
            let losses: Vec<f64> = (0..places).into_par_iter().map(missed).collect();
            let Some(best) = (0..places).min_by(|a, b| losses[*a].total_cmp(&losses[*b])) else { break };
            counts[best] += 1.0;
            players.iter_mut().for_each(|player| player.join(best));
        }
        let trust = tried.len() as f64 / (tried.len() as f64 + TRUST_COUNT);
        Self { shares: counts.into_iter().map(|count| count / ROUNDS as f64).collect(), trust }
    }

    /// The weights of a trial's candidates, given those that each deserves alone.
    pub(crate) fn share(&self, trial: &Trial, alone: Vec<f64>) -> Vec<f64> {
        let shares: Vec<f64> = trial.candidates.iter().map(|candidate| self.shares[candidate.method.place()]).collect();
        let present: f64 = shares.iter().sum();
        // A team of which half is missing is half believed.
        let trust = self.trust * present;
        if present <= 0.0 {
            return alone;
        }
        alone.iter().zip(shares).map(|(alone, share)| (1.0 - trust) * alone + trust * share / present).collect()
    }
}

impl Player {
    /// `None` if no origin says anything.
    fn new(trial: &Trial, places: usize, loss: Loss) -> Option<Self> {
        let mut errors: Vec<Option<Vec<f64>>> = vec![None; places];
        for candidate in &trial.candidates {
            let found = trial.origins.iter().zip(&candidate.tried).flat_map(|(origin, path)| {
                origin
                    .actual
                    .iter()
                    .zip(path)
                    .map(|(actual, expected)| actual - expected)
                    .filter(|error| !error.is_nan())
            });
            errors[candidate.method.place()] = Some(found.collect());
        }
        let size = |errors: &Vec<f64>| mean(errors, loss);
        let alone: Vec<f64> = trial
            .candidates
            .iter()
            .filter(|candidate| candidate.method.is_alone())
            .filter_map(|candidate| errors[candidate.method.place()].as_ref().map(size))
            .collect();
        let usual = alone.iter().sum::<f64>() / alone.len().max(1) as f64;
        let usual = if loss == Loss::Squared { usual.sqrt() } else { usual };
        if usual.is_nan() || usual <= 0.0 {
            return None;
        }
        errors.iter_mut().flatten().flatten().for_each(|error| *error /= usual);
        let length = errors.iter().flatten().map(Vec::len).max()?;
        Some(Self { errors, sum: vec![0.0; length], joined: 0 })
    }

    /// What the team would miss with one more, in units of what is usual.
    fn missed_with(&self, place: usize, loss: Loss) -> f64 {
        let Some(errors) = &self.errors[place] else {
            // Who does not play changes nothing; before anybody joined, what is usual stands in.
            let so_far = || self.sum.iter().map(|sum| sum / self.joined as f64);
            return if self.joined == 0 { 1.0 } else { mean_of(so_far(), self.sum.len(), loss) };
        };
        let count = (self.joined + 1) as f64;
        mean_of(self.sum.iter().zip(errors).map(|(sum, error)| (sum + error) / count), self.sum.len(), loss)
    }

    fn join(&mut self, place: usize) {
        if let Some(errors) = &self.errors[place] {
            self.sum.iter_mut().zip(errors).for_each(|(sum, error)| *sum += error);
            self.joined += 1;
        }
    }
}

fn mean(errors: &[f64], loss: Loss) -> f64 {
    mean_of(errors.iter().copied(), errors.len(), loss)
}

fn mean_of(errors: impl Iterator<Item = f64>, count: usize, loss: Loss) -> f64 {
    let sum: f64 = match loss {
        Loss::Absolute => errors.map(f64::abs).sum(),
        Loss::Squared => errors.map(|error| error * error).sum(),
    };
    sum / count as f64
}
