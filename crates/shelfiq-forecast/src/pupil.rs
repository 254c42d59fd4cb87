//! A series made ready, before any model is tried on it.

use crate::calendar::Calendar;
use crate::drivers::{Drivers, Effects, Precedent};
use crate::global::Member;
use crate::history::History;
use crate::occasions::{Marked, Occasions, Sway};
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
    /// Where holidays lie in it, if any count.
    pub(crate) marked: Option<Marked>,
    /// What holidays do to it, once that is known.
    pub(crate) calm: Option<Calm>,
}

/// What is known of a series' holidays, and its history without their effects.
#[derive(Debug, Clone)]
pub(crate) struct Calm {
    pub(crate) sway: Sway,
    history: History,
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
        let marked = Marked::of(series, &history, options);
        Some(Self { history, drivers, origins: Vec::new(), marked, calm: None })
    }

    /// Takes the effects of holidays out of what is learnt from.
    pub(crate) fn becalm(&mut self, series: &Series, occasions: &Occasions) {
        self.calm = occasions.sway(series, self).map(|sway| {
            let values = sway.clean(&self.history.values);
            Calm { sway, history: History { values, ..self.history.clone() } }
        });
    }

    /// The history without the effects of holidays, as far as they are known.
    fn calm_history(&self) -> &History {
        self.calm.as_ref().map_or(&self.history, |calm| &calm.history)
    }

    /// What holidays do to it.
    pub(crate) fn sway(&self) -> Option<&Sway> {
        self.calm.as_ref().map(|calm| &calm.sway)
    }

    /// Factor by which holidays move each of the coming periods; empty where none does.
    pub(crate) fn holiday_factors(&self, horizon: usize) -> Vec<f64> {
        let mut factors = vec![1.0; horizon];
        if let Some(sway) = self.sway() {
            sway.restore(self.history.values.len(), &mut factors);
        }
        if factors.iter().any(|factor| *factor != 1.0) { factors } else { Vec::new() }
    }

    /// The series as global learners see it. `clock` is the calendar of any series among those learnt from.
    pub(crate) fn member<'a>(&'a self, series: &'a Series, clock: &Calendar) -> Member<'a> {
        Member { sway: self.sway(), ..Member::new(series, self.calm_history(), &self.origins, clock) }
    }

    /// What its own history says of its regressors.
    pub(crate) fn effects(&self) -> Option<(&Drivers, Effects)> {
        let drivers = self.drivers.as_ref()?;
        Some((drivers, drivers.fit(&self.calm_history().values, self.history.seasons, &Precedent::default())))
    }

    /// Tries the models that see this series only.
    pub(crate) fn trial(&self, precedent: &Precedent, horizon: usize, stopwatch: Stopwatch<'_>) -> Trial {
        Trial::run(self, precedent, horizon, stopwatch)
    }
}
