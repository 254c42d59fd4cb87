//! Days, weeks and months within a range, and the days to compare them with.

use chrono::{Days, NaiveDate};
use shelfiq_core::{CalendarUnit, DateRange, TimeError};

use crate::{Comparison, PeriodDays};

/// A day, week or month, cut to the range that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day of the whole unit: what SQL groups by.
    pub unit_start: NaiveDate,
    /// The days within the range.
    pub days: PeriodDays,
    /// The range cuts off a part of the unit.
    pub is_cut: bool,
}

impl Period {
    /// Whether the period is incomplete when `today` is the current day: cut, or not over yet.
    #[must_use]
    pub fn is_partial(&self, today: NaiveDate) -> bool {
        self.is_cut || today <= self.days.last
    }
}

/// The units of the calendar that `range` touches, in order, without gaps.
#[must_use]
pub fn periods(range: DateRange, unit: CalendarUnit) -> Vec<Period> {
    let mut periods = Vec::new();
    let mut next = range.first();
    while next <= range.last() {
        let unit_start = unit.floor(next);
        let unit_last = last_of(unit, unit_start);
        let days = PeriodDays { first: next, last: unit_last.min(range.last()) };
        periods.push(Period { unit_start, days, is_cut: days.first != unit_start || days.last != unit_last });
        match unit_last.succ_opt() {
            Some(after) => next = after,
            None => break,
        }
    }
    periods
}

/// The days that `range` is compared with.
///
/// # Errors
/// [`TimeError::OutOfCalendar`] at the beginning of the calendar.
pub fn aligned_comparison(range: DateRange, comparison: Comparison) -> Result<DateRange, TimeError> {
    match comparison {
        Comparison::PreviousPeriod => range.previous(),
        Comparison::SamePeriodLastYear => range.last_year(),
    }
}

fn last_of(unit: CalendarUnit, unit_start: NaiveDate) -> NaiveDate {
    match unit {
        CalendarUnit::Day => unit_start,
        CalendarUnit::Week => unit_start + Days::new(6),
        CalendarUnit::Month => {
            let next_month = unit.floor(unit_start + Days::new(31));
            next_month.pred_opt().unwrap_or(unit_start)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(first: &str, last: &str, unit: CalendarUnit, expected: &str) {
        let range = DateRange::new(first.parse().unwrap(), last.parse().unwrap()).unwrap();
        let text: Vec<String> = periods(range, unit)
            .iter()
            .map(|period| {
                format!("{}..{}{}", period.days.first, period.days.last, if period.is_cut { " cut" } else { "" })
            })
            .collect();
        assert_eq!(text.join("\n"), expected);
    }

    #[test]
    fn months_follow_leap_years() {
        check(
            "2024-01-31",
            "2024-03-31",
            CalendarUnit::Month,
            "2024-01-31..2024-01-31 cut\n2024-02-01..2024-02-29\n2024-03-01..2024-03-31",
        );
    }

    #[test]
    fn weeks_run_from_monday_to_sunday() {
        check(
            "2026-11-14",
            "2026-11-23",
            CalendarUnit::Week,
            "2026-11-14..2026-11-15 cut\n2026-11-16..2026-11-22\n2026-11-23..2026-11-23 cut",
        );
    }

    #[test]
    fn a_period_is_partial_until_its_last_day_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let range = DateRange::new(day("2026-11-16"), day("2026-11-22")).unwrap();
        let week = periods(range, CalendarUnit::Week)[0];
        assert!(week.is_partial(day("2026-11-22")));
        assert!(!week.is_partial(day("2026-11-23")));
    }

    proptest! {
        #[test]
        fn periods_tile_their_range(start in 0_u64..40_000, length in 1_u32..900, unit in 0_usize..3) {
            let unit = [CalendarUnit::Day, CalendarUnit::Week, CalendarUnit::Month][unit];
            let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + Days::new(start);
            let range = DateRange::ending(first + Days::new(u64::from(length) - 1), length).unwrap();
            let periods = periods(range, unit);
            prop_assert_eq!(periods.first().unwrap().days.first, range.first());
            prop_assert_eq!(periods.last().unwrap().days.last, range.last());
            for pair in periods.windows(2) {
                prop_assert_eq!(pair[0].days.last.succ_opt().unwrap(), pair[1].days.first);
                prop_assert!(pair[0].unit_start < pair[1].unit_start);
            }
            for period in &periods {
                for day in [period.days.first, period.days.last] {
                    prop_assert_eq!(unit.floor(day), period.unit_start);
                }
            }
        }
    }
}
