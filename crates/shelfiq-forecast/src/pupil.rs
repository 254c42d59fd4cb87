//! A series made ready, before any model is tried on it.

use crate::calendar::Calendar;
use crate::drivers::{Drivers, Effects, Precedent};
use crate::global::Member;
use crate::history::History;
use crate::options::ForecastOptions;
use crate::series::Series;
use crate::trial::{Origin, Stopwatch, Trial, origins_of};

/// What depends on the series alone.
#[derive(Debug, Clone)]
pub(crate) struct Pupil {
    pub(crate) history: History,
    pub(crate) drivers: Option<Drivers>,
    /// The moments from which models are to be tried.
    pub(crate) origins: Vec<Origin>,
}

impl Pupil {
    /// `None` if nothing was observed.
    pub(crate) fn new(series: &Series, options: &ForecastOptions) -> Option<Self> {
        let pupil = Self::untried(series, options)?;
        Some(Self { origins: origins_of(&pupil.history, options.horizon), ..pupil })
    }

    /// The same for who does not want to try models.
    pub(crate) fn untried(series: &Series, options: &ForecastOptions) -> Option<Self> {
        let history = History::new(series, options)?;
        let drivers = Drivers::of(series, &history, options.horizon);
        Some(Self { history, drivers, origins: Vec::new() })
    }

    /// The series as global learners see it. `clock` is the calendar of any series among those learnt from.
    pub(crate) fn member<'a>(&'a self, series: &'a Series, clock: &Calendar) -> Member<'a> {
        Member::new(series, &self.history, &self.origins, clock)
    }

    /// What its own history says of its regressors.
    pub(crate) fn effects(&self) -> Option<(&Drivers, Effects)> {
        let drivers = self.drivers.as_ref()?;
        Some((drivers, drivers.fit(&self.history.values, self.history.seasons, &Precedent::default())))
    }

    /// Tries the models that see this series only.
    pub(crate) fn trial(&self, precedent: &Precedent, horizon: usize, stopwatch: Stopwatch<'_>) -> Trial {
        let drivers = self.drivers.as_ref().map(|drivers| (drivers, precedent));
        Trial::run(&self.history, self.origins.clone(), drivers, horizon, stopwatch)
    }
}
