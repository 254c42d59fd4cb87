//! What value comes next: experts with different memories, weighted by how well they have done.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::season::{Profile, SMOOTHED_FROM};
use crate::stabilise::median;

/// How much of a surprise each expert takes into its level: from "hardly changes" to "the last value".
const RATES: [f64; 4] = [0.02, 0.1, 0.35, 1.0];
/// How fast an expert's record is forgotten.
const RECORD_RATE: f64 = 0.01;
/// How strongly better records are preferred: weights go with the mean square error to this power.
const PREFERENCE: i32 = 4;
/// Errors count in a record up to so many times what they teach: an expert that is badly wrong now and then is a bad one.
const RECORD_CLIP: f64 = 4.0;
/// An expert whose mean square error is at most so many times the best is as good as the best.
const AS_GOOD: f64 = 1.15;
/// Values from which a new level can be read.
pub(crate) const MEMORY: usize = 28;

/// Level and seasons of one series on its even scale.
///
/// Levels follow exponential smoothing whose errors are clipped, so that one wild value moves them little (Gelper, Fried
/// and Croux, Robust forecasting with exponential and Holt–Winters smoothing, J. Forecasting 2010).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Expectation {
    profiles: Vec<Profile>,
    /// The combinations of profiles that experts can believe in, each as indices; the first is none at all.
    beliefs: Vec<Vec<usize>>,
    experts: Vec<Expert>,
    count: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Expert {
    rate: f64,
    /// Which combination of profiles it believes in.
    belief: usize,
    level: f64,
    loss: f64,
    /// The last values with these profiles taken out.
    recent: VecDeque<f64>,
}

/// What to expect at one position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outlook {
    /// The experts' weighted opinion.
    pub(crate) expected: f64,
    /// The opinion of the slowest expert that is as good as the best: one that does not follow a level that has just
    /// moved.
    pub(crate) slowly_expected: f64,
    /// The expected value with the seasons taken out.
    pub(crate) level: f64,
    /// What each belief adds to the level.
    seasonal: Vec<f64>,
    /// What each profile adds to the level.
    effects: Vec<f64>,
}

impl Expectation {
    /// Starts at a level, with these seasons, shortest first.
    ///
    /// Each season can be believed in alone or on top of the shorter ones; long seasons sharp or smooth.
    pub(crate) fn new(seasons: &[usize], level: f64) -> Self {
        let mut profiles = Vec::new();
        let mut beliefs = vec![Vec::new()];
        let mut shorter: Vec<usize> = Vec::new();
        for period in seasons {
            profiles.push(Profile::sharp(*period, level));
            beliefs.push([shorter.as_slice(), &[profiles.len() - 1]].concat());
            if *period >= SMOOTHED_FROM {
                profiles.push(Profile::smooth(*period, level));
                beliefs.push([shorter.as_slice(), &[profiles.len() - 1]].concat());
            }
            shorter.push(profiles.len() - 1);
        }
        let expert =
            |belief, rate| Expert { rate, belief, level, loss: 0.0, recent: VecDeque::with_capacity(MEMORY + 1) };
        let experts = (0..beliefs.len()).flat_map(|belief| RATES.map(|rate| expert(belief, rate))).collect();
        Self { profiles, beliefs, experts, count: 0 }
    }

    /// What to expect at a position.
    pub(crate) fn look(&self, position: i64) -> Outlook {
        let effects: Vec<f64> = self.profiles.iter().map(|profile| profile.effect(position)).collect();
        let seasonal = self.beliefs.iter().map(|belief| belief.iter().map(|profile| effects[*profile]).sum()).collect();
        let best = self.best_loss();
        let slowest = self
            .experts
            .iter()
            .filter(|expert| expert.loss <= AS_GOOD * best)
            .min_by(|a, b| a.rate.total_cmp(&b.rate).then(a.loss.total_cmp(&b.loss)));
        let outlook = Outlook { expected: 0.0, slowly_expected: 0.0, level: self.level(), seasonal, effects };
        let expected = self.blend(|expert| expert.level + outlook.seasonal[expert.belief]);
        let slowly_expected = slowest.map_or(expected, |expert| expert.level + outlook.seasonal[expert.belief]);
        Outlook { expected, slowly_expected, ..outlook }
    }

    /// The expected value with the seasons taken out.
    pub(crate) fn level(&self) -> f64 {
        self.blend(|expert| expert.level)
    }

    /// Learns the value that came where `outlook` was expected. Errors beyond `clip` count as `clip`.
    pub(crate) fn learn(&mut self, position: i64, outlook: &Outlook, value: f64, clip: f64) {
        let count = self.count;
        let startup = 1.0 / (count + 1) as f64;
        for expert in &mut self.experts {
            let deseasonalised = value - outlook.seasonal[expert.belief];
            let error = deseasonalised - expert.level;
            // In units of the clip, so that the squares of huge values stay finite.
            let size = (error.abs() / clip).min(RECORD_CLIP);
            expert.loss += RECORD_RATE.max(startup) * (size * size - expert.loss);
            expert.level += expert.rate.max(startup) * error.clamp(-clip, clip);
            if expert.recent.len() == MEMORY {
                expert.recent.pop_front();
            }
            expert.recent.push_back(deseasonalised);
        }
        // A profile learns what the profiles before it in its belief leave over.
        for (belief, seasonal) in self.beliefs.iter().zip(&outlook.seasonal) {
            if let Some(last) = belief.last() {
                let shorter = seasonal - outlook.effects[*last];
                self.profiles[*last].learn(position, value - shorter, outlook.effects[*last], count, clip);
            }
        }
        self.count += 1;
    }

    /// Takes the level from the last `values` values: the series has moved.
    pub(crate) fn relearn_level(&mut self, values: usize) {
        let before = self.level();
        for expert in &mut self.experts {
            let mut last: Vec<f64> = expert.recent.iter().rev().take(values).copied().collect();
            if !last.is_empty() {
                expert.level = median(&mut last);
            }
        }
        let moved = self.level() - before;
        for profile in &mut self.profiles {
            profile.shift(moved);
        }
    }

    /// Moves every level by this much.
    pub(crate) fn shift(&mut self, by: f64) {
        for expert in &mut self.experts {
            expert.level += by;
        }
        for profile in &mut self.profiles {
            profile.shift(by);
        }
    }

    fn blend(&self, value: impl Fn(&Expert) -> f64) -> f64 {
        let best = self.best_loss();
        let weight = |expert: &Expert| {
            if expert.loss <= best { 1.0 } else { (best / expert.loss).powi(PREFERENCE) }
        };
        let (sum, weights) = self.experts.iter().fold((0.0, 0.0), |(sum, weights), expert| {
            let weight = weight(expert);
            (sum + weight * value(expert), weights + weight)
        });
        sum / weights
    }

    fn best_loss(&self) -> f64 {
        self.experts.iter().map(|expert| expert.loss).fold(f64::INFINITY, f64::min)
    }
}
