//! A series as the trees see it: sums that answer for any stretch of time at once.

use chrono::Datelike;

use super::Member;
use super::columns::{Columns, Shape};
use crate::calendar::{PeriodUnit, Stamp};

/// Periods over which the usual value of a regressor is taken.
const USUAL: usize = 26;
/// Periods over which demand is described.
const RECENT: usize = 26;

/// A member with running sums. What is asked of it at an origin depends on earlier periods only; regressors are known
/// further ahead.
pub(crate) struct Profile<'a> {
    member: Member<'a>,
    columns: &'a Columns,
    /// Sums of values before each period, and of their squares.
    sums: Vec<f64>,
    squares: Vec<f64>,
    /// Periods with a value other than zero before each period, and the last of them.
    sales: Vec<(u32, u32)>,
    season: usize,
    /// Periods whose mean is the level.
    window: usize,
    /// Periods of a year, if that is another season than the main one.
    year: Option<usize>,
    regressors: Vec<Known>,
}

/// A regressor of one series, or nothing where the series lacks it.
struct Known {
    /// From the first period of the history on; logarithms where the column is of ratios.
    values: Vec<f64>,
    /// Sum and count of what is known before each period.
    sums: Vec<(f64, u32)>,
}

impl<'a> Profile<'a> {
    pub(crate) fn new(member: Member<'a>, columns: &'a Columns, horizon: usize) -> Self {
        let values = &member.history.values;
        let mut sums = Vec::with_capacity(values.len() + 1);
        let mut squares = Vec::with_capacity(values.len() + 1);
        let mut sales = Vec::with_capacity(values.len() + 1);
        let (mut sum, mut square, mut sold) = (0.0, 0.0, (0, 0));
        for (t, value) in values.iter().enumerate() {
            sums.push(sum);
            squares.push(square);
            sales.push(sold);
            sum += value;
            square += value * value;
            if *value != 0.0 {
                sold = (sold.0 + 1, t as u32);
            }
        }
        sums.push(sum);
        squares.push(square);
        sales.push(sold);
        let season = member.history.seasons.main;
        let regressors = columns.regressors.iter().map(|column| Known::new(&member, column, horizon)).collect();
        let year = year_periods(&member).filter(|year| *year != season);
        Self { member, columns, sums, squares, sales, season, window: window(season), year, regressors }
    }

    /// The level from which values are measured at an origin, above zero unless nothing was ever sold: the recent mean,
    /// steadied by a longer one, since targets are shares of it.
    pub(crate) fn level(&self, end: usize) -> f64 {
        let ever = self.sums[end] / end.max(1) as f64;
        let recent = self.mean(end, self.window).unwrap_or(ever);
        let longer = self.mean(end, 4 * self.window).unwrap_or(ever);
        ((2.0 * recent + longer) / 3.0).max(0.1 * ever)
    }

    /// The mean of the last `count` periods before `end`; `None` if the history is shorter.
    fn mean(&self, end: usize, count: usize) -> Option<f64> {
        Some((self.sums[end] - self.sums[end.checked_sub(count)?]) / count as f64)
    }

    /// Appends what is known at an origin of the period `step` steps ahead (1 is the first), in the order of
    /// [`Columns`].
    pub(crate) fn describe(&self, end: usize, step: usize, row: &mut Vec<f64>) {
        let level = self.level(end);
        let target = end + step - 1;
        row.push(step as f64);
        row.push(level.max(f64::MIN_POSITIVE).ln());
        row.push((end as f64).ln());
        self.describe_recent(end, level, row);
        self.describe_season(end, step, level, row);
        self.describe_calendar(target, row);
        row.extend(self.columns.categories.iter().map(|category| category.code(self.member.series)));
        for (column, known) in self.columns.regressors.iter().zip(&self.regressors) {
            known.describe(column.shape, end, target, (self.window, self.season), row);
        }
    }

    fn describe_recent(&self, end: usize, level: f64, row: &mut Vec<f64>) {
        let values = &self.member.history.values;
        row.extend((1..=4).map(|lag| end.checked_sub(lag).map_or(f64::NAN, |t| values[t] / level)));
        row.extend([3, 8, RECENT, 52].map(|count| self.mean(end, count).map_or(f64::NAN, |mean| mean / level)));
        let count = end.min(RECENT);
        let from = end - count;
        let mean = (self.sums[end] - self.sums[from]) / count as f64;
        let variance = (self.squares[end] - self.squares[from]) / count as f64 - mean * mean;
        row.push(if mean > 0.0 { variance.max(0.0).sqrt() / mean } else { f64::NAN });
        row.push(f64::from(self.sales[end].0 - self.sales[from].0) / count as f64);
        row.push((end - self.sales[end].1 as usize) as f64);
    }

    /// The same position of earlier seasons, as a share of the level now and of the level then.
    fn describe_season(&self, end: usize, step: usize, level: f64, row: &mut Vec<f64>) {
        let values = &self.member.history.values;
        let target = end + step - 1;
        let season = self.season.max(1);
        let back = season * step.div_ceil(season);
        let at = |places: usize| target.checked_sub(places).map(|t| values[t]);
        let same: Vec<f64> = (0..4).map_while(|more| at(back + more * season)).collect();
        row.push(same.first().map_or(f64::NAN, |value| value / level));
        row.push(same.get(1).map_or(f64::NAN, |value| value / level));
        row.push(if same.len() < 2 { f64::NAN } else { same.iter().sum::<f64>() / same.len() as f64 / level });
        row.push(self.share_then(end, target, back, 0));
        row.push(self.share_then(end, target, back, 1));
        row.push(self.year.map_or(f64::NAN, |year| self.share_then(end, target, year * step.div_ceil(year), 3)));
    }

    /// What the target's counterpart so many periods earlier, with some neighbours, was of its level then.
    fn share_then(&self, end: usize, target: usize, back: usize, neighbours: usize) -> f64 {
        let Some(then) = end.checked_sub(back).filter(|then| *then >= self.window) else { return f64::NAN };
        let centre = target - back;
        let (from, to) = (centre.saturating_sub(neighbours), (centre + neighbours + 1).min(end));
        let level = self.level(then);
        if level > 0.0 { (self.sums[to] - self.sums[from]) / (to - from) as f64 / level } else { f64::NAN }
    }

    fn describe_calendar(&self, target: usize, row: &mut Vec<f64>) {
        let date = match self.member.series.calendar().stamp(self.member.place(target)) {
            Stamp::Step(step) => {
                row.extend([step.rem_euclid(self.season.max(1) as i64) as f64, f64::NAN, f64::NAN]);
                return;
            }
            Stamp::Date(date) => date,
            Stamp::Time(time) => {
                let minutes = chrono::Timelike::num_seconds_from_midnight(&time.time()) / 60;
                let days = f64::from(time.date().weekday().num_days_from_monday());
                row.extend([f64::from(minutes), days, f64::from(time.date().ordinal())]);
                return;
            }
        };
        row.push(f64::from(date.ordinal()));
        row.push(f64::from(date.weekday().num_days_from_monday()));
        row.push(f64::from(date.day()));
    }
}

impl Known {
    fn new(member: &Member<'_>, column: &super::columns::RegressorColumn, horizon: usize) -> Self {
        let length = member.history.values.len() + horizon;
        let found = member.series.regressors().iter().find(|regressor| regressor.name == column.name);
        let Some(found) = found else { return Self { values: Vec::new(), sums: Vec::new() } };
        let first = member.place(0);
        let mut last = f64::NAN;
        let mut value = |t: usize| {
            let value = found.values.get(first + t).copied().unwrap_or(f64::NAN);
            let value = if column.shape.is_ratio() { value.ln() } else { value };
            // Who announces nothing changes nothing.
            last = if value.is_nan() && t >= member.history.values.len() { last } else { value };
            last
        };
        let values: Vec<f64> = (0..length).map(&mut value).collect();
        let mut sums = Vec::with_capacity(values.len() + 1);
        let (mut sum, mut count) = (0.0, 0);
        sums.push((sum, count));
        for value in &values {
            if !value.is_nan() {
                (sum, count) = (sum + value, count + 1);
            }
            sums.push((sum, count));
        }
        Self { values, sums }
    }

    fn at(&self, t: usize) -> f64 {
        self.values.get(t).copied().unwrap_or(f64::NAN)
    }

    /// Mean of what is known of the `count` periods before `end`.
    fn mean(&self, end: usize, count: usize) -> f64 {
        let (Some(now), Some(then)) = (self.sums.get(end), self.sums.get(end.saturating_sub(count))) else {
            return f64::NAN;
        };
        if now.1 > then.1 { (now.0 - then.0) / f64::from(now.1 - then.1) } else { f64::NAN }
    }

    fn describe(&self, shape: Shape, end: usize, target: usize, (window, season): (usize, usize), row: &mut Vec<f64>) {
        let now = self.at(target);
        let usual = self.mean(end, USUAL);
        let back = season * (target + 1 - end).div_ceil(season.max(1));
        row.push(if shape == Shape::Price { usual } else { now });
        row.push(now - usual);
        row.push(now - self.mean(end, window));
        row.push(now - end.checked_sub(1).map_or(f64::NAN, |t| self.at(t)));
        row.push(now - target.checked_sub(back).map_or(f64::NAN, |t| self.at(t)));
        row.push(target.checked_sub(1).map_or(f64::NAN, |t| self.at(t)) - usual);
    }
}

/// Periods whose mean is the level: whole seasons where they are short, else a quarter of a year of weeks.
const fn window(season: usize) -> usize {
    match season {
        0 | 1 => 13,
        2..=23 => season * (23 / season),
        24 => 24,
        _ => 13,
    }
}

/// Periods of a year: for days whole weeks, so that weekdays meet.
fn year_periods(member: &Member<'_>) -> Option<usize> {
    let frequency = member.series.calendar().frequency();
    let every = frequency.every as usize;
    let periods = match frequency.unit {
        PeriodUnit::Day => 364,
        PeriodUnit::BusinessDay => 260,
        PeriodUnit::Month => 12,
        PeriodUnit::Step | PeriodUnit::Second => return None,
    };
    (periods % every == 0 && periods > every).then_some(periods / every)
}
