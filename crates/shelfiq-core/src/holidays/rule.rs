//! How holidays find their day.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{Holiday, HolidayKind, easter_sunday};

/// Where a holiday goes in a year.
pub(super) enum Rule {
    /// Month and day.
    On(u32, u32),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The so-manieth such weekday of a month, and so many days on.
    Nth(u8, Weekday, u32, u64),
    /// The last such weekday of a month.
    Last(Weekday, u32),
    /// Whatever it takes; `None` in a year without it.
    By(fn(i32) -> Option<NaiveDate>),
}

/// Where the day off goes if a public holiday falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Substitute {
    /// To Friday before or Monday after.
    Nearest,
    /// To the next day that is neither weekend nor holiday.
    Next,
}

/// A line of a table.
pub(super) struct Entry {
    name: &'static str,
    rule: Rule,
    kind: HolidayKind,
    first_year: i32,
    last_year: i32,
    /// Name of the day off, where there is one in its place.
    pub(super) observed: Option<&'static str>,
}

impl Entry {
    pub(super) const fn public(name: &'static str, rule: Rule) -> Self {
        Self { name, rule, kind: HolidayKind::Public, first_year: i32::MIN, last_year: i32::MAX, observed: None }
    }

    pub(super) const fn selling(name: &'static str, rule: Rule) -> Self {
        Self { kind: HolidayKind::Selling, ..Self::public(name, rule) }
    }

    pub(super) const fn since(self, year: i32) -> Self {
        Self { first_year: year, ..self }
    }

    pub(super) const fn until(self, year: i32) -> Self {
        Self { last_year: year, ..self }
    }

    /// Once only.
    pub(super) const fn in_year(self, year: i32) -> Self {
        self.since(year).until(year)
    }

    pub(super) const fn moved_as(self, observed: &'static str) -> Self {
        Self { observed: Some(observed), ..self }
    }

    pub(super) const fn holiday(&self) -> Holiday {
        Holiday { name: self.name, kind: self.kind }
    }

    pub(super) fn day(&self, year: i32) -> Option<NaiveDate> {
        if year < self.first_year || year > self.last_year {
            return None;
        }
        match self.rule {
            Rule::On(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Rule::Easter(days) => easter_and(year, days),
            Rule::Nth(nth, weekday, month, on) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)?.checked_add_days(Days::new(on))
            }
            Rule::Last(weekday, month) => last(weekday, month, year),
            Rule::By(find) => find(year),
        }
    }
}

pub(super) fn easter_and(year: i32, days: i64) -> Option<NaiveDate> {
    easter_sunday(year)?.checked_add_signed(chrono::TimeDelta::try_days(days)?)
}

pub(super) fn last(weekday: Weekday, month: u32, year: i32) -> Option<NaiveDate> {
    (4..=5).rev().find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth))
}

/// The day, or the Monday after if it falls on a weekend.
pub(super) fn weekday_from(day: NaiveDate) -> Option<NaiveDate> {
    let on = match day.weekday() {
        Weekday::Sat => 2,
        Weekday::Sun => 1,
        _ => 0,
    };
    day.checked_add_days(Days::new(on))
}
