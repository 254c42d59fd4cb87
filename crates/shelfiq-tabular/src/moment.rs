//! Dates and times as people and shops write them.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// Whether `3/4/2026` lies in March or in April.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3 April.
    #[default]
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// A date as precise as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// A day without time.
    Day(NaiveDate),
    /// Date and time on a clock whose zone was not written.
    Local(NaiveDateTime),
    /// Date and time with its offset from UTC.
    Instant(DateTime<Utc>),
}

impl Moment {
    /// The calendar day as written; of an instant, the day in UTC.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Local(local) => local.date(),
            Self::Instant(instant) => instant.date_naive(),
        }
    }

    /// The instant, where what has no zone is read as local time in `zone`. A day stands for its first instant; a local
    /// time that was skipped when clocks went forward stands for the same time an hour later; of two, the earlier.
    #[must_use]
    pub fn in_zone(self, zone: impl TimeZone) -> DateTime<Utc> {
        let local = match self {
            Self::Instant(instant) => return instant,
            Self::Local(local) => local,
            Self::Day(day) => day.and_time(NaiveTime::MIN),
        };
        let resolved = local.and_local_timezone(zone.clone()).earliest();
        let resolved = resolved.or_else(|| (local + TimeDelta::hours(1)).and_local_timezone(zone).earliest());
        resolved.map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
    }
}

/// Reads a date, with or without time and zone; `None` if it is none or the day does not exist.
///
/// Year first (`2026-11-21`, `2026/11/21`, `20261121`), numbers in the given order (`21.11.2026`, `11/21/26`), or with the
/// English name of the month (`31 July, 2026`, `Sep-18-26`, `Jan 1, 2026 12:15:09 AM PST`). Two-digit years lie in
/// 1969–2068.
#[must_use]
pub fn parse_moment(text: &str, order: DateOrder) -> Option<Moment> {
    let text = text.trim();
    let (date, rest) = split_date(text, order)?;
    parse_time(date, rest)
}

/// Whether text is a date in some order. Used to tell a header from a first row.
pub(crate) fn looks_like_moment(text: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().any(|order| parse_moment(text, order).is_some())
}

/// What the numbers of a date with its separator are, before anyone decides which is the day.
pub(crate) fn numeric_parts(text: &str) -> Option<(u32, u32, u8)> {
    let (first, digits, rest) = number(text.trim())?;
    let separator = *rest.as_bytes().first()?;
    if digits > 2 || !matches!(separator, b'/' | b'-' | b'.') {
        return None;
    }
    let (second, digits, rest) = number(&rest[1..])?;
    (digits <= 2 && rest.as_bytes().first() == Some(&separator)).then_some((first, second, separator))
}

/// A date under both orders, the day first and the month first, where they differ and nothing about the value decides:
/// `3/4/2026`, not `13/4/2026`, and not `3.4.2026`, since dots are written where the day comes first.
#[must_use]
pub fn two_readings(text: &str) -> Option<(Moment, Moment)> {
    let (first, second, separator) = numeric_parts(text)?;
    if separator == b'.' || first == second {
        return None;
    }
    Some((parse_moment(text, DateOrder::DayFirst)?, parse_moment(text, DateOrder::MonthFirst)?))
}

fn split_date(text: &str, order: DateOrder) -> Option<(NaiveDate, &str)> {
    let Some((first, digits, rest)) = number(text) else { return named_month_first(text) };
    if digits == 8 {
        return Some((
            NaiveDate::from_ymd_opt(i32::try_from(first / 10_000).ok()?, first / 100 % 100, first % 100)?,
            rest,
        ));
    }
    let separator = rest.bytes().next().filter(u8::is_ascii)?;
    let after = &rest[1..];
    if digits == 4 && matches!(separator, b'-' | b'/' | b'.') {
        let (month, month_digits, rest) = number(after)?;
        let (day, day_digits, rest) = number(rest.strip_prefix(char::from(separator))?)?;
        let is_date = month_digits <= 2 && day_digits <= 2;
        return is_date.then_some((NaiveDate::from_ymd_opt(i32::try_from(first).ok()?, month, day)?, rest));
    }
    if digits > 2 {
        return None;
    }
    let (second, second_digits, rest) = match number(after) {
        Some(found) if matches!(separator, b'/' | b'-' | b'.') => found,
        _ => return named_month_second(first, rest),
    };
    let (year, year_digits, rest) = number(rest.strip_prefix(char::from(separator))?)?;
    if second_digits > 2 {
        return None;
    }
    let (day, month) = match order {
        DateOrder::DayFirst => (first, second),
        DateOrder::MonthFirst => (second, first),
    };
    Some((NaiveDate::from_ymd_opt(full_year(year, year_digits)?, month, day)?, rest))
}

/// `September 3, 2026`, `Sep-18-26`, with a day of the week before it or not.
fn named_month_first(text: &str) -> Option<(NaiveDate, &str)> {
    let (name, rest) = word(text)?;
    let Some(month) = month_number(name) else {
        let is_weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .iter()
            .any(|day| name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(day)));
        let rest = gap(rest);
        let is_date_behind = is_weekday && rest.starts_with(|first: char| first.is_ascii_alphanumeric());
        // One level deep: what follows a weekday must begin with a month or a number.
        return match (is_date_behind, number(rest)) {
            (true, Some((day, digits, rest))) if digits <= 2 => named_month_second(day, rest),
            (true, None) if word(rest).and_then(|(name, _)| month_number(name)).is_some() => named_month_first(rest),
            _ => None,
        };
    };
    let (day, day_digits, rest) = number(gap(rest))?;
    let rest = ["st", "nd", "rd", "th"].iter().find_map(|ordinal| rest.strip_prefix(ordinal)).unwrap_or(rest);
    let (year, year_digits, rest) = number(gap(rest))?;
    if day_digits > 2 {
        return None;
    }
    Some((NaiveDate::from_ymd_opt(full_year(year, year_digits)?, month, day)?, rest))
}

/// `31 July, 2026`, `18-Sep-26`.
fn named_month_second(day: u32, rest: &str) -> Option<(NaiveDate, &str)> {
    let (name, rest) = word(gap(rest))?;
    let (year, digits, rest) = number(gap(rest))?;
    Some((NaiveDate::from_ymd_opt(full_year(year, digits)?, month_number(name)?, day)?, rest))
}

fn parse_time(day: NaiveDate, rest: &str) -> Option<Moment> {
    let rest = rest.strip_prefix('T').unwrap_or(rest);
    let rest = rest.trim_start_matches([' ', ',', '\u{202f}', '\u{a0}']);
    if rest.is_empty() {
        return Some(Moment::Day(day));
    }
    let (hour, digits, rest) = number(rest)?;
    let (minute, minute_digits, mut rest) = number(rest.strip_prefix(':')?)?;
    if digits > 2 || minute_digits != 2 {
        return None;
    }
    let (mut second, mut nanosecond) = (0, 0);
    if let Some(after) = rest.strip_prefix(':') {
        let (found, digits, after) = number(after)?;
        if digits != 2 {
            return None;
        }
        (second, rest) = (found, after);
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let length = after.bytes().take_while(u8::is_ascii_digit).count();
            let fraction = format!("{:0<9}", &after[..length.min(9)]);
            nanosecond = fraction.parse().ok()?;
            rest = &after[length..];
        }
    }
    let rest = rest.trim_start_matches([' ', '\u{202f}', '\u{a0}']);
    let (hour, rest) = half_day(hour, rest)?;
    let local = day.and_time(NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)?);
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Moment::Local(local));
    }
    let offset = FixedOffset::east_opt(offset_seconds(rest)?)?;
    Some(Moment::Instant(local.and_local_timezone(offset).single()?.with_timezone(&Utc)))
}

/// The hour of 24, with `AM` or `PM` taken off if it stands there.
fn half_day(hour: u32, rest: &str) -> Option<(u32, &str)> {
    let Some((name, after)) = word(rest) else { return Some((hour, rest)) };
    let hour_of_12 = || (1..=12).contains(&hour).then_some(hour % 12);
    if name.eq_ignore_ascii_case("am") {
        Some((hour_of_12()?, after))
    } else if name.eq_ignore_ascii_case("pm") {
        Some((hour_of_12()? + 12, after))
    } else {
        Some((hour, rest))
    }
}

/// Seconds east of UTC: `Z`, `+02:00`, `-0500`, `+9`, `UTC`, `GMT+1`, and the zones that marketplaces print.
fn offset_seconds(text: &str) -> Option<i32> {
    let hours = |hours: i32| Some(hours * 3600);
    let name_length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, numeric) = text.split_at(name_length);
    let base = match name.to_ascii_uppercase().as_str() {
        "" | "Z" | "UTC" | "GMT" | "WET" => hours(0),
        "BST" | "CET" | "MEZ" | "WEST" => hours(1),
        "CEST" | "MESZ" | "EET" => hours(2),
        "EEST" => hours(3),
        "JST" => hours(9),
        "AEST" => hours(10),
        "AEDT" => hours(11),
        "EDT" => hours(-4),
        "EST" | "CDT" => hours(-5),
        "CST" | "MDT" => hours(-6),
        "MST" | "PDT" => hours(-7),
        "PST" => hours(-8),
        _ => None,
    }?;
    if numeric.is_empty() {
        return (!name.is_empty()).then_some(base);
    }
    let sign = match numeric.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = numeric[1..].chars().filter(|character| *character != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() > 2 { (value / 100, value % 100) } else { (value, 0) };
    (minutes < 60).then_some(base + sign * (hours * 3600 + minutes * 60))
}

/// Leading digits as a number, how many there were, and the rest.
fn number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 9 {
        return None;
    }
    Some((text[..digits].parse().ok()?, digits, &text[digits..]))
}

/// Leading letters and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    (letters > 0).then(|| text.split_at(letters))
}

/// What may stand between the parts of a date with a named month.
fn gap(text: &str) -> &str {
    text.trim_start_matches([' ', ',', '-', '.', '/', '\u{a0}'])
}

fn month_number(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let is_month =
        |month: &&str| name.len() >= 3 && month.starts_with(name.as_str()) || name == "sept" && **month == *"september";
    MONTHS.iter().position(is_month).and_then(|position| u32::try_from(position + 1).ok())
}

fn full_year(year: u32, digits: usize) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    match digits {
        4 => Some(year),
        2 if year < 69 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, order: DateOrder, expected: &str) {
        let shown = match parse_moment(text, order) {
            None => "no date".to_owned(),
            Some(Moment::Day(day)) => day.to_string(),
            Some(Moment::Local(local)) => local.format("%FT%T%.f").to_string(),
            Some(Moment::Instant(instant)) => instant.format("%FT%T%.fZ").to_string(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn dates_are_read_as_shops_write_them() {
        use DateOrder::{DayFirst, MonthFirst};
        check("2026-11-21", DayFirst, "2026-11-21");
        check("20261121", DayFirst, "2026-11-21");
        check("2026/1/2 7:05", DayFirst, "2026-01-02T07:05:00");
        check("12/1/2010 8:26", MonthFirst, "2010-12-01T08:26:00");
        check("12/1/2010 8:26", DayFirst, "2010-01-12T08:26:00");
        check("08/15/25", MonthFirst, "2025-08-15");
        check("21.11.2026 08:30:15", DayFirst, "2026-11-21T08:30:15");
        check("31 July, 2026", DayFirst, "2026-07-31");
        check("September 3, 2026", DayFirst, "2026-09-03");
        check("Sep-18-26", DayFirst, "2026-09-18");
        check("18-Sep-26", DayFirst, "2026-09-18");
        check("Wednesday, 2 September 2026", DayFirst, "2026-09-02");
        check("Jan 1, 2026 12:15:09 AM PST", DayFirst, "2026-01-01T08:15:09Z");
        check("1 Jan 2026 12:00:00 PM UTC", DayFirst, "2026-01-01T12:00:00Z");
        check("2026-03-01 10:00:00 -0500", DayFirst, "2026-03-01T15:00:00Z");
        check("2026-03-01T10:00:00.250+02:00", DayFirst, "2026-03-01T08:00:00.250Z");
        check("2026-03-01T10:00:00Z", DayFirst, "2026-03-01T10:00:00Z");
        check("2026-03-01 10:00:00 GMT+9", DayFirst, "2026-03-01T01:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "mug",
            "2026-02-30",
            "31/02/2026",
            "12/13",
            "1.50",
            "12",
            "2026-13-01",
            "2026-01-01 25:00",
            "13:45",
            "2026-01-01 10:00 XYZ",
            "1/2/345",
            "Monday Monday Monday 3",
        ] {
            check(text, DateOrder::DayFirst, "no date");
        }
    }

    #[test]
    fn a_time_without_zone_is_read_in_the_given_one() {
        let east = FixedOffset::east_opt(2 * 3600).unwrap();
        let instant = |text: &str| parse_moment(text, DateOrder::DayFirst).unwrap().in_zone(east).to_rfc3339();
        assert_eq!(instant("2026-07-01 00:30"), "2026-06-30T22:30:00+00:00");
        assert_eq!(instant("2026-07-01 00:30 UTC"), "2026-07-01T00:30:00+00:00");
        assert_eq!(instant("2026-07-01"), "2026-06-30T22:00:00+00:00");
    }

    proptest! {
        #[test]
        fn every_day_reads_back_in_every_form(days in 0_i64..36_000) {
            let day = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + TimeDelta::days(days);
            for (form, order) in [("%Y-%m-%d", DateOrder::DayFirst), ("%d/%m/%Y", DateOrder::DayFirst), ("%m/%d/%y", DateOrder::MonthFirst), ("%d %B, %Y", DateOrder::DayFirst), ("%b-%d-%Y", DateOrder::MonthFirst)] {
                let is_short = form.contains("%y");
                if !is_short || day < NaiveDate::from_ymd_opt(2068, 12, 31).unwrap() {
                    prop_assert_eq!(parse_moment(&day.format(form).to_string(), order), Some(Moment::Day(day)));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_crash(text in "[0-9A-Za-z:/., +\\-é]{0,24}") {
            let _ = parse_moment(&text, DateOrder::DayFirst);
            let _ = numeric_parts(&text);
        }
    }
}
