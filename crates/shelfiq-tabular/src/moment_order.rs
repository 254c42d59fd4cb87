//! Which of two orders of day and month is right, where every single value allows both: the rows together may tell.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use crate::{DateOrder, Moment};

/// Steps from one day to another that must all lead the same way before a column counts as sorted. Of six days in random
/// order, one arrangement in 360 does.
const STEPS_MIN: u64 = 5;
/// Times of day from which on a column is a log of what happened, not a list of reporting days.
const TIMES_MIN: usize = 10;
/// Shares of the days between the first and the last that carry rows: what a shop's orders reach, and what is left when
/// consecutive days are read as one day in each of consecutive months.
const DENSE: f64 = 0.5;
const SPARSE: f64 = 0.1;
/// Days kept for telling how dense they lie; more than that many cannot all have both readings within a lifetime.
const DAYS_MAX: usize = 10_000;

/// The dates of a column under both orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Readings {
    latest: Option<NaiveDate>,
    day_first: Reading,
    month_first: Reading,
    times: BTreeSet<NaiveTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Reading {
    last: Option<NaiveDate>,
    steps_up: u64,
    steps_down: u64,
    after_latest: u64,
    days: BTreeSet<NaiveDate>,
}

impl Readings {
    /// Readings of which none may lead beyond `latest`.
    pub(crate) fn until(latest: NaiveDate) -> Self {
        Self { latest: Some(latest), ..Self::default() }
    }

    /// Takes the next value of the column into account.
    pub(crate) fn observe(&mut self, day_first: Moment, month_first: Moment) {
        if let (Moment::Local(local), true) = (day_first, self.times.len() < TIMES_MIN) {
            self.times.insert(local.time());
        }
        self.day_first.observe(day_first.day(), self.latest);
        self.month_first.observe(month_first.day(), self.latest);
    }

    /// The order under which the rows make sense together, if they do under one only and nothing speaks for the other.
    pub(crate) fn order(&self) -> Option<DateOrder> {
        let speaks_for = |this: &Reading, other: &Reading| {
            (this.is_sorted() && other.is_unsorted())
                || (this.after_latest == 0 && other.after_latest > 0)
                || (self.times.len() >= TIMES_MIN && this.density() >= DENSE && other.density() <= SPARSE)
        };
        match (speaks_for(&self.day_first, &self.month_first), speaks_for(&self.month_first, &self.day_first)) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

impl Reading {
    fn observe(&mut self, day: NaiveDate, latest: Option<NaiveDate>) {
        self.after_latest += u64::from(latest.is_some_and(|latest| day > latest));
        let last = self.last.replace(day);
        if last == Some(day) {
            return;
        }
        self.steps_up += u64::from(last.is_some_and(|last| last < day));
        self.steps_down += u64::from(last.is_some_and(|last| last > day));
        if self.days.len() < DAYS_MAX {
            self.days.insert(day);
        }
    }

    /// Whether the rows follow each other in time, forwards or backwards, over enough days to be no accident.
    const fn is_sorted(&self) -> bool {
        !self.is_unsorted() && self.steps_up + self.steps_down >= STEPS_MIN
    }

    const fn is_unsorted(&self) -> bool {
        self.steps_up > 0 && self.steps_down > 0
    }

    /// Share of the days from the first to the last that occur; nothing can be said of a single one.
    fn density(&self) -> f64 {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else { return f64::NAN };
        if first == last {
            return f64::NAN;
        }
        self.days.len() as f64 / (last.signed_duration_since(*first).num_days() + 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::two_readings;

    fn order(values: &[&str]) -> Option<DateOrder> {
        let mut readings = Readings::until(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap());
        for value in values {
            let (day_first, month_first) = two_readings(value).unwrap();
            readings.observe(day_first, month_first);
        }
        readings.order()
    }

    #[test]
    fn rows_that_follow_each_other_in_time_tell_the_order() {
        let days = ["1/2/2026", "1/5/2026", "1/11/2026", "2/3/2026", "2/9/2026", "3/1/2026"];
        assert_eq!(order(&days), Some(DateOrder::MonthFirst));
        let newest_first: Vec<&str> = days.iter().rev().copied().collect();
        assert_eq!(order(&newest_first), Some(DateOrder::MonthFirst));
        assert_eq!(order(&days[..4]), None, "three steps may be an accident");
        let shuffled = ["1/5/2026", "2/3/2026", "1/2/2026", "3/1/2026", "1/11/2026", "2/9/2026"];
        assert_eq!(order(&shuffled), None);
    }

    #[test]
    fn a_reading_that_leads_into_the_future_is_wrong() {
        assert_eq!(order(&["5/12/2026", "6/3/2026"]), Some(DateOrder::MonthFirst));
        assert_eq!(order(&["5/12/2026", "12/5/2026"]), None, "each order puts one of them there");
    }

    #[test]
    fn a_log_that_would_fall_on_one_day_of_each_month_was_written_day_by_day() {
        let times: Vec<String> =
            (0..24).map(|hour| format!("12/{}/2010 {hour}:26", if hour < 12 { 1 } else { 2 })).collect();
        let values: Vec<&str> = times.iter().map(String::as_str).collect();
        assert_eq!(order(&values), Some(DateOrder::MonthFirst));
        assert_eq!(order(&values[..12]), None, "one day tells nothing");
        assert_eq!(order(&["1/2/2026", "1/3/2026", "1/4/2026"]), None, "a list of reporting days may be monthly");
    }
}
