//! When the periods of a series begin: stamps, frequencies and the arithmetic between them.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

/// The beginning of a period, in the form in which the input gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Stamp {
    /// A numbered step without a calendar.
    Step(i64),
    /// A calendar date.
    Date(NaiveDate),
    /// A date and time of day, without zone (zones are settled before demand is counted).
    Time(NaiveDateTime),
}

impl Stamp {
    /// Reads a whole number, an ISO date (`2024-03-01`, `2024/03/01`, `2024-03`) or an ISO timestamp (`2024-03-01
    /// 08:00`, with `T` or blank, seconds and fraction optional; a `Z` or offset is converted to UTC).
    ///
    /// `None` for everything else: a date such as `3/4/2024` could be two days, and guessing is worse than asking.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(step) = text.parse() {
            return Some(Self::Step(step));
        }
        let date = ["%Y-%m-%d", "%Y/%m/%d"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
        if let Some(date) = date.or_else(|| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()) {
            return Some(Self::Date(date));
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::Time(instant.naive_utc()));
        }
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M:%S%.f"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .map(Self::Time)
    }

    /// The form's name, for messages.
    pub(crate) const fn form(self) -> &'static str {
        match self {
            Self::Step(_) => "integer step",
            Self::Date(_) => "date",
            Self::Time(_) => "timestamp",
        }
    }

    pub(crate) fn date(self) -> Option<NaiveDate> {
        match self {
            Self::Step(_) => None,
            Self::Date(date) => Some(date),
            Self::Time(time) => Some(time.date()),
        }
    }

    fn on(self, date: NaiveDate) -> Self {
        match self {
            Self::Step(_) | Self::Date(_) => Self::Date(date),
            Self::Time(time) => Self::Time(date.and_time(time.time())),
        }
    }

    /// Seconds since 1970, for stamps on the calendar.
    pub(crate) fn seconds(self) -> Option<i64> {
        match self {
            Self::Step(_) => None,
            Self::Date(date) => Some(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()),
            Self::Time(time) => Some(time.and_utc().timestamp()),
        }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) => write!(f, "{step}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Time(time) => write!(f, "{}", time.format("%Y-%m-%d %H:%M:%S")),
        }
    }
}

/// What one period is a multiple of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// Numbered steps.
    Step,
    /// Seconds (hours and minutes are multiples).
    Second,
    /// Calendar days (weeks are multiples).
    Day,
    /// Monday to Friday.
    BusinessDay,
    /// Calendar months (quarters and years are multiples).
    Month,
}

/// Length of one period of a series: `every` times `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Frequency {
    /// The unit.
    pub unit: PeriodUnit,
    /// How many units make one period; at least one.
    pub every: u32,
}

impl Frequency {
    /// One numbered step.
    pub const STEP: Self = Self { unit: PeriodUnit::Step, every: 1 };
    /// One hour.
    pub const HOUR: Self = Self { unit: PeriodUnit::Second, every: 3600 };
    /// One day.
    pub const DAY: Self = Self { unit: PeriodUnit::Day, every: 1 };
    /// Monday to Friday.
    pub const BUSINESS_DAY: Self = Self { unit: PeriodUnit::BusinessDay, every: 1 };
    /// Seven days.
    pub const WEEK: Self = Self { unit: PeriodUnit::Day, every: 7 };
    /// One calendar month.
    pub const MONTH: Self = Self { unit: PeriodUnit::Month, every: 1 };
    /// Three calendar months.
    pub const QUARTER: Self = Self { unit: PeriodUnit::Month, every: 3 };
    /// Twelve calendar months.
    pub const YEAR: Self = Self { unit: PeriodUnit::Month, every: 12 };

    /// Reads the names that forecasters use: `H`, `D`, `B`, `W`, `M`, `Q`, `Y` (any case, `MS`, `ME`, `W-SUN`,
    /// `QS-OCT`, `A` alike), `min`, `s`, words such as `hourly` or `weekly`, a multiple in front (`15min`, `4H`), or
    /// a bare number of steps.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let letters = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let every: u32 = if letters == 0 { 1 } else { text[..letters].parse().ok().filter(|every| *every > 0)? };
        let name = text[letters..].split('-').next().unwrap_or_default();
        let base = match name {
            "" if letters > 0 => Self::STEP,
            "s" | "sec" | "second" | "secondly" => Self { unit: PeriodUnit::Second, every: 1 },
            "min" | "t" | "minute" | "minutely" => Self { unit: PeriodUnit::Second, every: 60 },
            "h" | "hour" | "hourly" => Self::HOUR,
            "d" | "day" | "daily" => Self::DAY,
            "b" | "weekday" | "business_day" => Self::BUSINESS_DAY,
            "w" | "week" | "weekly" => Self::WEEK,
            "m" | "ms" | "me" | "month" | "monthly" => Self::MONTH,
            "q" | "qs" | "qe" | "quarter" | "quarterly" => Self::QUARTER,
            "y" | "ys" | "ye" | "a" | "as" | "year" | "yearly" | "annual" => Self::YEAR,
            _ => return None,
        };
        Some(Self { unit: base.unit, every: base.every.checked_mul(every)? })
    }

    /// Season lengths that the calendar suggests, in periods, shortest first; empty for yearly data.
    /// Numbered steps suggest the usual ones, of which the series itself must show one.
    pub(crate) fn season_candidates(self) -> Vec<usize> {
        let every = self.every as usize;
        let whole = |total: usize| (total.is_multiple_of(every) && total / every > 1).then_some(total / every);
        let candidates = match self.unit {
            PeriodUnit::Step => vec![Some(4), Some(7), Some(12), Some(24), Some(52), Some(168)],
            PeriodUnit::Second => vec![whole(3_600), whole(86_400), whole(604_800)],
            PeriodUnit::Day if every == 7 => vec![Some(52)],
            PeriodUnit::Day => vec![whole(7), (every == 1).then_some(365)],
            PeriodUnit::BusinessDay => vec![whole(5), (every == 1).then_some(261)],
            PeriodUnit::Month => vec![whole(12)],
        };
        candidates.into_iter().flatten().collect()
    }

    /// Periods of a year, for days and weeks; longer periods have it among their seasons, shorter ones see too few.
    pub(crate) fn year_periods(self) -> Option<usize> {
        match self.unit {
            PeriodUnit::Day => Some((365.25 / f64::from(self.every)).round() as usize).filter(|year| *year > 12),
            PeriodUnit::BusinessDay => Some(261 / self.every as usize).filter(|year| *year > 12),
            PeriodUnit::Step | PeriodUnit::Second | PeriodUnit::Month => None,
        }
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (every, name) = match (self.unit, self.every) {
            (PeriodUnit::Step, every) => (every, "step"),
            (PeriodUnit::Second, every) if every.is_multiple_of(3600) => (every / 3600, "h"),
            (PeriodUnit::Second, every) if every.is_multiple_of(60) => (every / 60, "min"),
            (PeriodUnit::Second, every) => (every, "s"),
            (PeriodUnit::Day, every) if every.is_multiple_of(7) => (every / 7, "W"),
            (PeriodUnit::Day, every) => (every, "D"),
            (PeriodUnit::BusinessDay, every) => (every, "B"),
            (PeriodUnit::Month, every) if every.is_multiple_of(12) => (every / 12, "Y"),
            (PeriodUnit::Month, every) if every.is_multiple_of(3) => (every / 3, "Q"),
            (PeriodUnit::Month, every) => (every, "M"),
        };
        if every == 1 { write!(f, "{name}") } else { write!(f, "{every}{name}") }
    }
}

/// The periods of one series: where they start, how long they are, and on which day of the month they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    start: Stamp,
    frequency: Frequency,
    /// Day of the month that monthly periods aim at: 31 keeps month-ends at the end of short and long months alike.
    day_of_month: u32,
}

impl Calendar {
    /// Periods of `frequency`, the first at `start`. Monthly periods stand on the day of the month of `start`; a
    /// last day of a month stands for the last day of every month.
    #[must_use]
    pub fn new(start: Stamp, frequency: Frequency) -> Self {
        let day_of_month = start.date().map_or(1, |date| if is_last_of_month(date) { 31 } else { date.day() });
        Self { start, frequency, day_of_month }
    }

    /// The one of these, all of one frequency, that begins first; none of none.
    pub(crate) fn earliest<'a>(calendars: impl Iterator<Item = &'a Self> + Clone) -> Option<Self> {
        let first = calendars.clone().next()?;
        calendars.min_by_key(|calendar| first.index_of(calendar.start).unwrap_or(0)).copied()
    }

    /// Periods of a week; one where periods are weeks.
    pub(crate) fn week_periods(&self) -> usize {
        let every = self.frequency.every as usize;
        match self.frequency.unit {
            PeriodUnit::Day if every == 1 => 7,
            PeriodUnit::BusinessDay if every == 1 => 5,
            PeriodUnit::Second if 604_800 % every == 0 => 604_800 / every,
            _ => 1,
        }
    }

    /// The first period.
    #[must_use]
    pub const fn start(&self) -> Stamp {
        self.start
    }

    /// The length of a period.
    #[must_use]
    pub const fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// The stamp of period `index` (0 is the first). Beyond the end of the calendar it stays at the last stamp that
    /// can be written.
    #[must_use]
    pub fn stamp(&self, index: usize) -> Stamp {
        let count = i64::try_from(index).unwrap_or(i64::MAX).saturating_mul(i64::from(self.frequency.every));
        match (self.frequency.unit, self.start) {
            (_, Stamp::Step(first)) => Stamp::Step(first.saturating_add(count)),
            (PeriodUnit::Second, start) => {
                let first = match start {
                    Stamp::Time(time) => time,
                    other => other.date().unwrap_or_default().and_time(chrono::NaiveTime::MIN),
                };
                let moved = TimeDelta::try_seconds(count).and_then(|delta| first.checked_add_signed(delta));
                Stamp::Time(moved.unwrap_or(NaiveDateTime::MAX))
            }
            (PeriodUnit::Day | PeriodUnit::Step, start) => {
                let first = start.date().unwrap_or_default();
                start.on(first.checked_add_days(Days::new(count.unsigned_abs())).unwrap_or(NaiveDate::MAX))
            }
            (PeriodUnit::BusinessDay, start) => start.on(add_business_days(start.date().unwrap_or_default(), count)),
            (PeriodUnit::Month, start) => {
                let first = start.date().unwrap_or_default();
                let months = Months::new(u32::try_from(count).unwrap_or(u32::MAX));
                let moved = first.checked_add_months(months).unwrap_or(NaiveDate::MAX);
                start.on(aim_at_day(moved, self.day_of_month))
            }
        }
    }

    /// The period nearest to `stamp`, negative before the start. `None` if `stamp` has another form than the start.
    #[must_use]
    pub fn index_of(&self, stamp: Stamp) -> Option<i64> {
        let every = i64::from(self.frequency.every);
        match (self.frequency.unit, self.start, stamp) {
            (_, Stamp::Step(first), Stamp::Step(step)) => Some(divide_to_nearest(step.saturating_sub(first), every)),
            (_, Stamp::Step(_), _) | (_, _, Stamp::Step(_)) => None,
            (PeriodUnit::Second, first, at) => Some(divide_to_nearest(at.seconds()? - first.seconds()?, every)),
            (PeriodUnit::Day | PeriodUnit::Step, first, at) => {
                Some(divide_to_nearest(at.seconds()?.div_euclid(86_400) - first.seconds()?.div_euclid(86_400), every))
            }
            (PeriodUnit::BusinessDay, first, at) => {
                Some((business_day_number(at.date()?) - business_day_number(first.date()?)).div_euclid(every))
            }
            (PeriodUnit::Month, first, at) => {
                // Days count as thirtieths, so that a stamp some days off its month still finds it.
                let thirtieths = |date: NaiveDate, day: u32| {
                    (i64::from(date.year()) * 12 + i64::from(date.month0())) * 30 + i64::from(day.min(30))
                };
                let (first, at) = (first.date()?, at.date()?);
                let at_day = if is_last_of_month(at) { 30 } else { at.day() };
                Some(divide_to_nearest(thirtieths(at, at_day) - thirtieths(first, self.day_of_month), every * 30))
            }
        }
    }
}

fn divide_to_nearest(value: i64, divisor: i64) -> i64 {
    value.saturating_add(divisor / 2).div_euclid(divisor)
}

fn is_last_of_month(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.month() != date.month())
}

fn aim_at_day(date: NaiveDate, day_of_month: u32) -> NaiveDate {
    (28..=day_of_month).rev().find_map(|day| date.with_day(day)).or_else(|| date.with_day(day_of_month)).unwrap_or(date)
}

/// Business days since a Monday long ago; a weekend day counts as the Friday before.
fn business_day_number(date: NaiveDate) -> i64 {
    let days = i64::from(date.num_days_from_ce()) - 1;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(4)
}

fn add_business_days(first: NaiveDate, count: i64) -> NaiveDate {
    let number = business_day_number(first) + count;
    let days = number.div_euclid(5) * 7 + number.rem_euclid(5) + 1;
    i32::try_from(days).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(NaiveDate::MAX)
}

/// The frequency that explains most distances between neighbouring stamps of all series: `None` when no series has
/// two stamps.
///
/// `sorted` holds, per series, its distinct stamps in ascending order.
pub(crate) fn infer_frequency(sorted: &[Vec<Stamp>]) -> Option<Frequency> {
    let first = sorted.iter().find(|stamps| stamps.len() > 1)?[0];
    if matches!(first, Stamp::Step(_)) {
        let steps = sorted.iter().flat_map(|stamps| stamps.windows(2)).filter_map(|pair| match pair {
            [Stamp::Step(a), Stamp::Step(b)] => u32::try_from(b.checked_sub(*a)?).ok(),
            _ => None,
        });
        return mode(steps).map(|every| Frequency { unit: PeriodUnit::Step, every });
    }
    let gaps = || sorted.iter().flat_map(|stamps| stamps.windows(2));
    let seconds = mode(
        gaps().filter_map(|pair| u32::try_from(pair[1].seconds()? - pair[0].seconds()?).ok().map(to_whole_units)),
    )?;
    if seconds % 86_400 != 0 {
        return Some(Frequency { unit: PeriodUnit::Second, every: seconds });
    }
    let days = seconds / 86_400;
    if days >= 28 {
        let months = mode(gaps().filter_map(|pair| {
            let (a, b) = (pair[0].date()?, pair[1].date()?);
            // Rounded, so that month-ends and four-week drifts count as one month.
            Some(f64::from((b - a).num_days() as i32) / 30.44).map(|months| months.round() as u32).filter(|m| *m > 0)
        }))?;
        return Some(Frequency { unit: PeriodUnit::Month, every: months });
    }
    if days == 1 && only_business_days(sorted) {
        return Some(Frequency::BUSINESS_DAY);
    }
    Some(Frequency { unit: PeriodUnit::Day, every: days })
}

/// Clocks that write stamps tick a little early or late: a gap within half a percent of whole days, hours or minutes
/// is meant to be those.
fn to_whole_units(seconds: u32) -> u32 {
    let nearest = |unit: u32| seconds.saturating_add(unit / 2) / unit * unit;
    let is_near = |whole: &u32| *whole > 0 && whole.abs_diff(seconds) <= seconds / 200;
    [86_400, 3_600, 60].into_iter().map(nearest).find(is_near).unwrap_or(seconds)
}

/// Whether daily stamps skip every weekend of at least three weeks.
fn only_business_days(sorted: &[Vec<Stamp>]) -> bool {
    let weekend = |stamp: &Stamp| stamp.date().is_some_and(|day| matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    sorted.iter().map(Vec::len).sum::<usize>() >= 15 && !sorted.iter().flatten().any(weekend)
}

/// The most frequent value, the smallest of several.
fn mode(values: impl Iterator<Item = u32>) -> Option<u32> {
    let mut counts = std::collections::BTreeMap::new();
    values.filter(|value| *value > 0).for_each(|value| *counts.entry(value).or_insert(0_usize) += 1);
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamps(calendar: Calendar, count: usize) -> String {
        (0..count).map(|index| calendar.stamp(index).to_string()).collect::<Vec<_>>().join(" ")
    }

    fn calendar(start: &str, frequency: &str) -> Calendar {
        Calendar::new(Stamp::parse(start).unwrap(), Frequency::parse(frequency).unwrap())
    }

    #[test]
    fn periods_follow_the_calendar() {
        let check = |start, frequency, expected| assert_eq!(stamps(calendar(start, frequency), 3), expected);
        check("7", "1", "7 8 9");
        check("2024-02-28", "D", "2024-02-28 2024-02-29 2024-03-01");
        check("2024-01-31", "M", "2024-01-31 2024-02-29 2024-03-31");
        check("2024-02-29", "M", "2024-02-29 2024-03-31 2024-04-30");
        check("2024-01-15", "Q", "2024-01-15 2024-04-15 2024-07-15");
        check("2024-03-01", "B", "2024-03-01 2024-03-04 2024-03-05");
        check("2024-03-01 23:30", "15min", "2024-03-01 23:30:00 2024-03-01 23:45:00 2024-03-02 00:00:00");
    }

    #[test]
    fn every_stamp_finds_its_own_period_again() {
        for (start, frequency) in [
            ("3", "2"),
            ("2023-12-31", "M"),
            ("2024-01-30", "M"),
            ("2020-02-29", "Y"),
            ("2024-03-01", "B"),
            ("2024-03-03 01:00", "H"),
            ("2024-03-03", "W"),
        ] {
            let calendar = calendar(start, frequency);
            for index in 0..50 {
                assert_eq!(calendar.index_of(calendar.stamp(index)), Some(index as i64), "{start} {frequency} {index}");
            }
        }
    }

    #[test]
    fn a_stamp_a_day_off_its_week_finds_it() {
        assert_eq!(calendar("2024-03-03", "W").index_of(Stamp::parse("2024-03-11").unwrap()), Some(1));
    }

    #[test]
    fn the_frequency_is_read_from_the_gaps() {
        let check = |start, frequency: &str| {
            let calendar = calendar(start, frequency);
            // Every seventh stamp is missing.
            let sorted: Vec<Stamp> =
                (0..40).filter(|index| index % 7 != 3).map(|index| calendar.stamp(index)).collect();
            assert_eq!(infer_frequency(&[sorted]), Frequency::parse(frequency), "{start} {frequency}");
        };
        check("1", "1");
        check("2024-01-01", "D");
        check("2024-01-01", "B");
        check("2024-01-31", "M");
        check("2024-01-07", "W");
        check("2024-01-01", "Y");
        check("2024-01-01", "Q");
        check("2024-01-01 00:00", "H");
        assert_eq!(infer_frequency(&[vec![Stamp::Step(1)]]), None);
    }

    #[test]
    fn an_ambiguous_date_is_refused() {
        assert_eq!(Stamp::parse("3/4/2024"), None);
        assert_eq!(Stamp::parse("2024-03"), Stamp::parse("2024-03-01"));
    }
}
