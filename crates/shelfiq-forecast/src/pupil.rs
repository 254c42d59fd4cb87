//! A series made ready, before any model is tried on it.

use crate::calendar::Calendar;
use crate::calendar_effects::{CalendarEffects, CalendarKnowledge};
use crate::drivers::{Drivers, Effects, Precedent};
use crate::global::Member;
use crate::history::{ERROR_GROWTH, History};
use crate::occasions::Marked;
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
    /// What the calendar does to it, once that is known.
    calm: Option<Calm>,
}

/// What is known of the calendar, and a history without its effects.
#[derive(Debug, Clone)]
struct Calm {
    effects: CalendarEffects,
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

    /// Takes the effects of the calendar out of what is learnt from.
    pub(crate) fn becalm(&mut self, series: &Series, taught: CalendarKnowledge<'_>, options: &ForecastOptions) {
        self.calm = CalendarEffects::of(series, self, taught, options).map(|effects| {
            let values = effects.clean(&self.history.values);
            Calm { effects, history: History { values, ..self.history.clone() } }
        });
    }

    /// The history without the effects of the calendar, as far as they are known.
    pub(crate) fn calm_history(&self) -> &History {
        self.calm.as_ref().map_or(&self.history, |calm| &calm.history)
    }

    /// What the calendar does to it.
    pub(crate) fn calendar_effects(&self) -> Option<&CalendarEffects> {
        self.calm.as_ref().map(|calm| &calm.effects)
    }

    /// Factor by which holidays move each of the coming periods; empty where none does.
    pub(crate) fn holiday_factors(&self, horizon: usize) -> Vec<f64> {
        self.factors(horizon, |effects, factors| effects.restore_holidays(self.history.values.len(), factors))
    }

    /// Factor by which the season of the year moves each of the coming periods from the last week of the history; empty
    /// where there is none.
    pub(crate) fn yearly_factors(&self, series: &Series, horizon: usize) -> Vec<f64> {
        self.factors(horizon, |effects, factors| {
            let end = self.history.values.len();
            effects.restore_year(end, factors);
            let now = effects.year_of_late(end, series.calendar().week_periods());
            factors.iter_mut().for_each(|factor| *factor /= now);
        })
    }

    /// How large errors of a path from the first `end` periods are for the time of the year: one at a usual time. They grow
    /// with demand, a little less than in proportion.
    pub(crate) fn error_sizes(&self, end: usize, steps: usize) -> Vec<f64> {
        let mut sizes = vec![1.0; steps];
        if let Some(effects) = self.calendar_effects() {
            effects.restore_year(end, &mut sizes);
            sizes.iter_mut().for_each(|size| *size = size.powf(ERROR_GROWTH));
        }
        sizes
    }

    /// One per coming period, all one until `restore` makes them factors; empty if it leaves them so.
    fn factors(&self, horizon: usize, restore: impl FnOnce(&CalendarEffects, &mut [f64])) -> Vec<f64> {
        let mut factors = vec![1.0; horizon];
        if let Some(effects) = self.calendar_effects() {
            restore(effects, &mut factors);
        }
        if factors.iter().any(|factor| *factor != 1.0) { factors } else { Vec::new() }
    }

    /// The series as global learners see it. `clock` is the calendar of any series among those learnt from.
    pub(crate) fn member<'a>(&'a self, series: &'a Series, clock: &Calendar) -> Member<'a> {
        Member { effects: self.calendar_effects(), ..Member::new(series, self.calm_history(), &self.origins, clock) }
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
