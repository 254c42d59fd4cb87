//! Ranges of time, with the merchant's zone deciding where a day begins.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A range or a zone that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The range ends before it begins.
    #[error("the range ends ({end}) before it begins ({start})")]
    Reversed {
        /// First instant or day.
        start: String,
        /// Instant or day after the last.
        end: String,
    },
    /// Not a zone of the IANA database.
    #[error("`{0}` is not a time zone, such as Europe/Berlin")]
    UnknownZone(String),
    /// Beyond the years that a calendar date can hold.
    #[error("the date lies outside the calendar")]
    OutOfCalendar,
}

/// A zone of the IANA database, for example `Europe/London`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(chrono_tz::UTC);

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The zone as `chrono` takes it.
    #[must_use]
    pub const fn tz(self) -> chrono_tz::Tz {
        self.0
    }

    /// The calendar day on which `instant` falls in this zone.
    #[must_use]
    pub fn day_of(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0).date_naive()
    }

    /// The first instant of `day` in this zone. Where clocks jump over midnight it is the first instant after the jump.
    #[must_use]
    pub fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // Zones that skip midnight skip at most a few hours (Samoa's skipped day included: its day has no instant,
        // and the next day's first one stands for it).
        (0..=24 * 4)
            .map(|quarter| midnight + TimeDelta::minutes(15 * quarter))
            .find_map(|local| local.and_local_timezone(self.0).earliest())
            .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
    }
}

impl FromStr for TimeZone {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        text.trim().parse().map(Self).map_err(|_| TimeError::UnknownZone(text.to_owned()))
    }
}

impl TryFrom<String> for TimeZone {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Instants from `start` up to, but not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl TimeRange {
    /// The instants from `start` up to `end`.
    ///
    /// # Errors
    /// [`TimeError::Reversed`] if `end` comes before `start`.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, TimeError> {
        if end < start {
            return Err(TimeError::Reversed { start: start.to_rfc3339(), end: end.to_rfc3339() });
        }
        Ok(Self { start, end })
    }

    /// First instant.
    #[must_use]
    pub const fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The instant after the last.
    #[must_use]
    pub const fn end(self) -> DateTime<Utc> {
        self.end
    }

    /// Whether `instant` lies in the range.
    #[must_use]
    pub fn contains(self, instant: DateTime<Utc>) -> bool {
        self.start <= instant && instant < self.end
    }
}

/// A step of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarUnit {
    /// A calendar day in the merchant's zone: 23, 24 or 25 hours.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl CalendarUnit {
    /// The first day of the unit in which `day` lies.
    #[must_use]
    pub fn floor(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => day - Days::new(u64::from(day.day0())),
        }
    }
}

/// Calendar days from `first` to `last`, both included. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DateRange {
    first: NaiveDate,
    last: NaiveDate,
}

impl DateRange {
    /// The days from `first` to `last`.
    ///
    /// # Errors
    /// [`TimeError::Reversed`] if `last` comes before `first`.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Result<Self, TimeError> {
        if last < first {
            return Err(TimeError::Reversed { start: first.to_string(), end: last.to_string() });
        }
        Ok(Self { first, last })
    }

    /// The `days` days that end with `last` (at least one).
    ///
    /// # Errors
    /// [`TimeError::OutOfCalendar`] if the first day cannot be written.
    pub fn ending(last: NaiveDate, days: u32) -> Result<Self, TimeError> {
        let first = last.checked_sub_days(Days::new(u64::from(days.max(1)) - 1)).ok_or(TimeError::OutOfCalendar)?;
        Ok(Self { first, last })
    }

    /// First day.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// Last day.
    #[must_use]
    pub const fn last(self) -> NaiveDate {
        self.last
    }

    /// Number of days, at least one.
    #[must_use]
    pub fn day_count(self) -> u32 {
        u32::try_from((self.last - self.first).num_days() + 1).unwrap_or(u32::MAX)
    }

    /// Whether `day` lies in the range.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// The days, in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take(self.day_count() as usize)
    }

    /// The instants of these days in `zone`: 23 to 25 hours a day where clocks change.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> TimeRange {
        let after = self.last.succ_opt().unwrap_or(self.last);
        TimeRange { start: zone.start_of(self.first), end: zone.start_of(after) }
    }

    /// As many days directly before: what "previous period" compares with.
    ///
    /// # Errors
    /// [`TimeError::OutOfCalendar`] at the beginning of the calendar.
    pub fn previous(self) -> Result<Self, TimeError> {
        let last = self.first.pred_opt().ok_or(TimeError::OutOfCalendar)?;
        Self::ending(last, self.day_count())
    }

    /// The same days one year before; 29 February becomes 28 February.
    ///
    /// # Errors
    /// [`TimeError::OutOfCalendar`] at the beginning of the calendar.
    pub fn last_year(self) -> Result<Self, TimeError> {
        let year_before = |day: NaiveDate| day.checked_sub_months(Months::new(12)).ok_or(TimeError::OutOfCalendar);
        Ok(Self { first: year_before(self.first)?, last: year_before(self.last)? })
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_follow_the_zone_through_clock_changes() {
        let london: TimeZone = "Europe/London".parse().unwrap();
        let hours = |text: &str| {
            let range = DateRange::new(day(text), day(text)).unwrap().in_zone(london);
            (range.end() - range.start()).num_hours()
        };
        assert_eq!([hours("2011-03-27"), hours("2011-03-28"), hours("2011-10-30")], [23, 24, 25]);
    }

    #[test]
    fn a_day_whose_midnight_was_skipped_begins_after_the_jump() {
        let havana: TimeZone = "America/Havana".parse().unwrap();
        assert_eq!(havana.start_of(day("2024-03-10")).to_rfc3339(), "2024-03-10T05:00:00+00:00");
    }

    #[test]
    fn last_year_of_a_leap_day_is_the_day_before_march() {
        let range = DateRange::new(day("2024-02-29"), day("2024-03-02")).unwrap().last_year().unwrap();
        assert_eq!(range.to_string(), "2023-02-28 to 2023-03-02");
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(CalendarUnit::Week.floor(day("2026-11-22")), day("2026-11-16"));
    }

    proptest! {
        #[test]
        fn previous_period_touches_and_has_the_same_length(start in 0_u64..40_000, length in 1_u32..800) {
            let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + Days::new(start);
            let range = DateRange::ending(first + Days::new(u64::from(length) - 1), length).unwrap();
            let previous = range.previous().unwrap();
            prop_assert_eq!(previous.day_count(), range.day_count());
            prop_assert_eq!(previous.last().succ_opt().unwrap(), range.first());
        }

        #[test]
        fn the_days_of_a_range_tile_its_instants(start in 0_u64..30_000, length in 1_u32..60, zone in 0_usize..5) {
            let zone: TimeZone = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"][zone].parse().unwrap();
            let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + Days::new(start);
            let range = DateRange::ending(first + Days::new(u64::from(length) - 1), length).unwrap();
            let mut at = range.in_zone(zone).start();
            for day in range.days() {
                let instants = DateRange::new(day, day).unwrap().in_zone(zone);
                prop_assert_eq!(instants.start(), at);
                prop_assert_eq!(zone.day_of(instants.start()), day);
                at = instants.end();
            }
            prop_assert_eq!(at, range.in_zone(zone).end());
        }
    }
}
