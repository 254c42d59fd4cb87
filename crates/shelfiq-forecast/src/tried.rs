//! One series with its models tried and weighed.

use crate::counts::Scatter;
use crate::ensemble::{Verdicts, combine, weights};
use crate::group::GroupKey;
use crate::history::History;
use crate::pupil::Pupil;
use crate::season::Adjusted;
use crate::spread::PastErrors;
use crate::trial::{Candidate, Origin, Trial};

/// One series with its models tried and weighed.
pub(crate) struct Tried<'a> {
    pub(crate) key: GroupKey,
    pub(crate) pupil: &'a Pupil,
    pub(crate) trial: &'a Trial,
    /// One per candidate, for the mean.
    pub(crate) for_mean: Vec<f64>,
    /// One per candidate, for the median.
    pub(crate) for_median: Vec<f64>,
    pub(crate) ensemble: Voice,
}

/// What the ensemble, or a single model, expects of a series, and how far it was off at past origins.
pub(crate) struct Voice {
    /// Conditional means ahead.
    pub(crate) mean: Vec<f64>,
    /// What makes absolute errors ahead least.
    pub(crate) median: Vec<f64>,
    /// Conditional means at each past origin.
    tried: Vec<Vec<f64>>,
    /// How far those were off, brought to the present level of the series and to the usual time of the year.
    pub(crate) errors: PastErrors,
    pub(crate) cumulative_errors: PastErrors,
}

impl<'a> Tried<'a> {
    pub(crate) fn new(pupil: &'a Pupil, trial: &'a Trial, verdicts: &Verdicts, key: GroupKey) -> Self {
        let Verdicts { absolute, squared } = verdicts;
        let combined = |weights: &[f64], path: &dyn Fn(&Candidate) -> &Vec<f64>| {
            combine(weights, trial.candidates.iter().map(path))
        };
        let tried = (0..trial.origins.len())
            .map(|index| combined(&weights(trial, squared, Some(index)), &|candidate| &candidate.tried[index]))
            .collect();
        let for_mean = weights(trial, squared, None);
        let for_median = weights(trial, absolute, None);
        let ahead = |weights: &[f64]| combined(weights, &|candidate| &candidate.ahead);
        let ensemble = Voice::new(pupil, trial, tried, ahead(&for_mean), ahead(&for_median));
        Self { key, pupil, trial, for_mean, for_median, ensemble }
    }

    /// A single candidate, as if it were alone.
    pub(crate) fn voice_of(&self, candidate: &Candidate) -> Voice {
        let ahead = candidate.ahead.clone();
        Voice::new(self.pupil, self.trial, candidate.tried.clone(), ahead.clone(), ahead)
    }

    /// See [`scatter_of`].
    pub(crate) fn scatter(&self) -> Option<Scatter> {
        scatter_of(&self.pupil.history, self.key, !self.trial.origins.is_empty())
    }

    /// The share of its own distribution that each past outcome needed: step and share.
    pub(crate) fn shares_needed(&self, voice: &Voice) -> Vec<(usize, f64)> {
        if !self.key.is_count {
            return Vec::new();
        }
        let mut needed = Vec::new();
        let history = &self.pupil.history;
        for (origin, expected) in self.trial.origins.iter().zip(&voice.tried) {
            // Only what was known at the origin.
            let known = Adjusted::new(&history.values[..origin.end], history.seasons);
            let scatter = Scatter::new(&known, history.is_whole);
            for (step, (actual, expected)) in origin.actual.iter().zip(expected).enumerate() {
                if !actual.is_nan() {
                    needed.push((step, scatter.share_needed(*expected, *actual)));
                }
            }
        }
        needed
    }
}

/// The distribution of its own of sparse demand and small counts on which models could be tried.
pub(crate) fn scatter_of(history: &History, key: GroupKey, is_tried: bool) -> Option<Scatter> {
    (key.is_count && is_tried).then(|| Scatter::new(&Adjusted::new(&history.values, history.seasons), history.is_whole))
}

impl Voice {
    fn new(pupil: &Pupil, trial: &Trial, tried: Vec<Vec<f64>>, mean: Vec<f64>, median: Vec<f64>) -> Self {
        let missed = |(origin, expected): (&Origin, &Vec<f64>)| {
            let growth = pupil.calm_history().growth_since(origin.end);
            let sizes = pupil.error_sizes(origin.end, expected.len());
            let steps = origin.actual.iter().zip(expected).zip(sizes);
            steps.map(|((actual, expected), size)| (actual - expected) * growth / size).collect()
        };
        let by_origin = trial.origins.iter().zip(&tried).map(missed).collect();
        let errors = PastErrors { by_origin, yardstick: trial.yardstick };
        Self { mean, median, tried, cumulative_errors: errors.cumulative(), errors }
    }
}
