//! How much a Sku sells on a day, and how far days and weeks scatter: what an experiment has to see through.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::amount::to_f64;
use crate::error::{ExperimentError, check};
use crate::{DayQuality, SalesDay};

/// Demand at today's price without trend: mean, weekly pattern and noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailyDemand {
    /// Mean units a day.
    pub units_per_day: f64,
    /// Variance of a day's units over their mean, weekly pattern removed. Independent buyers give 1, crowds more.
    pub dispersion: f64,
    /// How far the level of one week differs from the next beyond that: standard deviation of its log.
    pub week_log_sd: f64,
    /// Monday to Sunday relative to an average day; the mean is 1.
    pub weekday_weights: [f64; 7],
    /// Whole weeks of history this was learned from; 0 when assumed.
    pub history_weeks: u32,
}

/// Fewer whole weeks than this say nothing about how weeks differ.
const WEEKS_MIN: usize = 4;
/// Weeks' worth of "no weekly pattern" that a pattern must overcome.
const FLAT_WEEKS: f64 = 4.0;
/// Dispersion never counts as less than this: days more regular than that are an accident of few data.
const DISPERSION_MIN: f64 = 0.5;

/// One whole week: Monday to Sunday as offsets 0 to 6 from its first day, censored days as `None`.
struct Week {
    units: [Option<f64>; 7],
    first_weekday: usize,
}

impl DailyDemand {
    /// Learns level, pattern and noise from the days of one price and season, best the last 8 to 26 weeks.
    ///
    /// Days come in any order; a missing day counts as censored. `None` with fewer than four whole weeks (counted back from
    /// the last day, each with at least four complete days) or without any sale.
    #[must_use]
    pub fn of_history(days: &[SalesDay]) -> Option<Self> {
        let weeks = whole_weeks(days);
        if weeks.len() < WEEKS_MIN {
            return None;
        }
        let (count, sum) = weeks
            .iter()
            .flat_map(|week| week.units.iter().flatten())
            .fold((0.0, 0.0), |(count, sum), units| (count + 1.0, sum + units));
        if sum <= 0.0 {
            return None;
        }
        let units_per_day = sum / count;
        let weekday_weights = weekday_weights(&weeks, units_per_day);
        let dispersion = dispersion(&weeks, &weekday_weights).max(DISPERSION_MIN);
        let week_log_sd = week_log_sd(&weeks, &weekday_weights, units_per_day, dispersion);
        let history_weeks = u32::try_from(weeks.len()).unwrap_or(u32::MAX);
        Some(Self { units_per_day, dispersion, week_log_sd, weekday_weights, history_weeks })
    }

    /// Weight of a day of the calendar.
    pub(crate) fn weight(&self, day: NaiveDate) -> f64 {
        self.weekday_weights[weekday(day)]
    }

    pub(crate) fn check(&self) -> Result<(), ExperimentError> {
        check("units a day", self.units_per_day, self.units_per_day > 0.0, "above zero")?;
        check("the dispersion of demand", self.dispersion, self.dispersion > 0.0, "above zero")?;
        check("the scatter of weeks", self.week_log_sd, self.week_log_sd >= 0.0, "zero or more")?;
        let total: f64 = self.weekday_weights.iter().sum();
        let valid = (total - 7.0).abs() < 1e-3 && self.weekday_weights.iter().all(|&weight| weight >= 0.0);
        check("the sum of the weekday weights", total, valid, "7, with no weight below zero")
    }
}

pub(crate) fn weekday(day: NaiveDate) -> usize {
    usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)
}

/// Weeks counted back from the last day, latest first, without those that are mostly censored.
fn whole_weeks(days: &[SalesDay]) -> Vec<Week> {
    let (Some(first), Some(last)) = (days.iter().map(|day| day.day).min(), days.iter().map(|day| day.day).max()) else {
        return Vec::new();
    };
    let whole = usize::try_from((last - first).num_days() + 1).unwrap_or(0) / 7;
    let mut weeks: Vec<Week> =
        (0..whole).map(|_| Week { units: [None; 7], first_weekday: (weekday(last) + 1) % 7 }).collect();
    for day in days.iter().filter(|day| day.quality == DayQuality::Complete) {
        let back = usize::try_from((last - day.day).num_days()).unwrap_or(0);
        if let Some(week) = weeks.get_mut(back / 7) {
            week.units[6 - back % 7] = Some(to_f64(day.units.units().max(0).into()));
        }
    }
    weeks.retain(|week| week.units.iter().flatten().count() >= 4);
    weeks
}

impl Week {
    /// Units and weekday of each complete day.
    fn days(&self) -> impl Iterator<Item = (f64, usize)> {
        let first = self.first_weekday;
        self.units
            .iter()
            .enumerate()
            .filter_map(move |(offset, units)| units.map(|units| (units, (first + offset) % 7)))
    }

    fn total(&self) -> f64 {
        self.units.iter().flatten().sum()
    }

    fn exposure(&self, weights: &[f64; 7]) -> f64 {
        self.days().map(|(_, weekday)| weights[weekday]).sum()
    }
}

fn weekday_weights(weeks: &[Week], units_per_day: f64) -> [f64; 7] {
    let mut sums = [(0.0, 0.0); 7];
    for (units, weekday) in weeks.iter().flat_map(Week::days) {
        sums[weekday].0 += units / units_per_day;
        sums[weekday].1 += 1.0;
    }
    let weights = sums.map(|(sum, count)| (sum + FLAT_WEEKS) / (count + FLAT_WEEKS));
    let total: f64 = weights.iter().sum();
    weights.map(|weight| 7.0 * weight / total)
}

/// Pearson's statistic of the days around their own week.
fn dispersion(weeks: &[Week], weights: &[f64; 7]) -> f64 {
    let (mut squares, mut freedom) = (0.0, -6.0);
    for week in weeks.iter().filter(|week| week.total() > 0.0) {
        let level = week.total() / week.exposure(weights).max(1e-9);
        for (units, weekday) in week.days() {
            let expected = (level * weights[weekday]).max(1e-9);
            squares += (units - expected).powi(2) / expected;
            freedom += 1.0;
        }
        freedom -= 1.0;
    }
    if freedom > 0.0 { squares / freedom } else { 1.0 }
}

/// What differences between neighbouring weeks show beyond the scatter of days.
fn week_log_sd(weeks: &[Week], weights: &[f64; 7], units_per_day: f64, dispersion: f64) -> f64 {
    let (mut squares, mut pairs, mut units) = (0.0, 0.0, 0.0);
    for pair in weeks.windows(2) {
        let total = pair[0].total() + pair[1].total();
        let share = pair[0].exposure(weights) / (pair[0].exposure(weights) + pair[1].exposure(weights)).max(1e-9);
        if total > 0.0 && share > 0.0 && share < 1.0 {
            squares += (pair[0].total() - share * total).powi(2) / (total * share * (1.0 - share));
            units += 0.5 * total;
            pairs += 1.0;
        }
    }
    let per_week = if pairs > 0.0 { units / pairs } else { 7.0 * units_per_day };
    ((squares / f64::max(pairs, 1.0) - dispersion).max(0.0) / per_week.max(1e-9)).sqrt()
}
