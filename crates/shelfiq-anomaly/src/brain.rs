//! The model that suits a series.

use serde::{Deserialize, Serialize};

use crate::counts::CountModel;
use crate::model::Model;
use crate::vigilance::Vigilance;
use crate::{Band, Cadence, Verdict};

/// Longest season that a series of counts is judged by.
const COUNT_PERIOD_MAX: usize = 60;

/// One of the models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Brain {
    /// Amounts and large counts, on a scale on which their noise is even.
    Even(Box<Model>),
    /// Small counts that come daily or less often.
    Counts(Box<CountModel>),
}

impl Brain {
    /// Chooses a model by the past and lets it learn that.
    pub(crate) fn of(
        history: &[(i64, f64)],
        cadence: Cadence,
        start: usize,
        seasons: &[usize],
        false_alarm_rate: f64,
    ) -> Self {
        if cadence.is_slow() && CountModel::fits(history) {
            let period = seasons.first().copied().filter(|period| *period <= COUNT_PERIOD_MAX).unwrap_or(1);
            Self::Counts(Box::new(CountModel::replay(history, start, period, false_alarm_rate)))
        } else {
            Self::Even(Box::new(Model::replay(history, start, seasons, cadence.slow_span(), false_alarm_rate)))
        }
    }

    /// Whether looking again at a longer past could change nothing.
    pub(crate) fn still_fits(&self, history: &[(i64, f64)]) -> bool {
        matches!(self, Self::Counts(_)) && CountModel::fits(history)
    }

    /// Whether long runs of nothing are judged as a level.
    pub(crate) const fn judges_nothing(&self) -> bool {
        matches!(self, Self::Counts(_))
    }

    pub(crate) fn observe(&mut self, position: i64, value: f64) -> Verdict {
        match self {
            Self::Even(model) => model.observe(position, value),
            Self::Counts(model) => model.observe(position, value),
        }
    }

    pub(crate) fn band(&self, position: i64) -> Band {
        match self {
            Self::Even(model) => model.band(position),
            Self::Counts(model) => model.band(position),
        }
    }

    pub(crate) fn vigilance(&self) -> &Vigilance {
        match self {
            Self::Even(model) => model.vigilance(),
            Self::Counts(model) => model.vigilance(),
        }
    }
}
