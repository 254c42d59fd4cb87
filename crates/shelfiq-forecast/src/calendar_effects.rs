//! What the calendar does to one series: holidays, and the season of the year.

use crate::occasions::{Occasions, Sway};
use crate::options::ForecastOptions;
use crate::pupil::Pupil;
use crate::series::Series;
use crate::yearly::{YearlyFactors, YearlySeason};

/// What a panel has taught about the calendar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CalendarKnowledge<'a> {
    pub(crate) occasions: &'a Occasions,
    pub(crate) yearly: &'a YearlySeason,
}

/// What the calendar does to one series, as it was known at several ends of its history.
#[derive(Debug, Clone)]
pub(crate) struct CalendarEffects {
    holidays: Option<Sway>,
    year: Option<YearlyFactors>,
}

impl CalendarEffects {
    /// `None` where nothing is known of either.
    pub(crate) fn of(
        series: &Series,
        pupil: &Pupil,
        taught: CalendarKnowledge<'_>,
        options: &ForecastOptions,
    ) -> Option<Self> {
        let holidays = taught.occasions.sway(series, pupil);
        let year = taught.yearly.factors(series, pupil, options.horizon);
        (holidays.is_some() || year.is_some()).then_some(Self { holidays, year })
    }

    /// The first `values.len()` values as they would have been without the calendar, as far as it was known then.
    pub(crate) fn clean(&self, values: &[f64]) -> Vec<f64> {
        let values = self.holidays.as_ref().map_or_else(|| values.to_vec(), |holidays| holidays.clean(values));
        match &self.year {
            Some(year) => year.clean(values),
            None => values,
        }
    }

    /// The opposite for a path from there.
    pub(crate) fn restore(&self, end: usize, path: &mut [f64]) {
        self.restore_year(end, path);
        self.restore_holidays(end, path);
    }

    /// Brings a path from there to the season of the year.
    pub(crate) fn restore_year(&self, end: usize, path: &mut [f64]) {
        if let Some(year) = &self.year {
            year.restore(end, path);
        }
    }

    /// Moves a path from there by its holidays.
    pub(crate) fn restore_holidays(&self, end: usize, path: &mut [f64]) {
        if let Some(holidays) = &self.holidays {
            holidays.restore(end, path);
        }
    }

    /// Mean factor of the season of the year in the `periods` before `end`.
    pub(crate) fn year_of_late(&self, end: usize, periods: usize) -> f64 {
        self.year.as_ref().map_or(1.0, |year| year.of_late(end, periods))
    }
}
