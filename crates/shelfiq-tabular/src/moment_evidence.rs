//! Telling from a whole column how its dates are written.

use chrono::{DateTime, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::amount::{is_absent, parse_amount};
use crate::moment::numeric_parts;
use crate::moment_order::Readings;
use crate::{DateOrder, DecimalMark, Moment, parse_moment, two_readings};

/// How a column writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentStyle {
    /// Calendar dates; the order matters only for dates of numbers with the year last.
    Calendar(DateOrder),
    /// Days since 1899-12-30, as Excel counts them, with the time as a fraction.
    ExcelSerial,
    /// Seconds since 1970 in UTC.
    EpochSeconds,
    /// Milliseconds since 1970 in UTC.
    EpochMillis,
}

impl Default for MomentStyle {
    fn default() -> Self {
        Self::Calendar(DateOrder::default())
    }
}

impl MomentStyle {
    /// Reads a cell of a column written in this style; `None` if it is no such date.
    #[must_use]
    pub fn parse(self, text: &str) -> Option<Moment> {
        match self {
            Self::Calendar(order) => parse_moment(text, order),
            Self::ExcelSerial => excel_serial(text),
            Self::EpochSeconds => epoch(text, 1000),
            Self::EpochMillis => epoch(text, 1),
        }
    }
}

/// What decided the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderEvidence {
    /// No date needs an order: the year stands first or the month is named.
    NotNeeded,
    /// A number above 12 stands on one side, on the other side never or as rarely as a slip of the pen.
    Decided,
    /// Every date can be read in both orders, but only under one of them do the rows make sense together.
    Inferred,
    /// Every date can be read in both orders, and the rows make sense under either.
    Ambiguous,
    /// Numbers above 12 stand on both sides: the column mixes orders.
    Contradictory,
}

/// What the values of a column tell about how its dates are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MomentEvidence {
    day_first: u64,
    month_first: u64,
    either: u64,
    other_dates: u64,
    serials: u64,
    epoch_seconds: u64,
    epoch_millis: u64,
    neither: u64,
    absent: u64,
    /// The first value that can be read in two orders.
    example: Option<String>,
    readings: Readings,
}

/// Of so many values that only one order can read, one that only the other can is a slip of the pen.
const SLIPS: u64 = 20;

impl MomentEvidence {
    /// Evidence about a column in which no date lies after `latest`: a reading that leads there is wrong.
    #[must_use]
    pub fn until(latest: NaiveDate) -> Self {
        Self { readings: Readings::until(latest), ..Self::default() }
    }

    /// Takes one more value of the column into account.
    pub fn observe(&mut self, text: &str) {
        let text = text.trim();
        let counter = if is_absent(text) {
            &mut self.absent
        } else if let Some((day_first, month_first)) = two_readings(text) {
            self.readings.observe(day_first, month_first);
            self.example.get_or_insert_with(|| text.to_owned());
            &mut self.either
        } else if let Some((first, second, separator)) = numeric_parts(text) {
            let read = |order| parse_moment(text, order);
            match (read(DateOrder::DayFirst), read(DateOrder::MonthFirst)) {
                (Some(_), Some(_)) if separator == b'.' => &mut self.day_first,
                (Some(day_first), Some(month_first)) if first == second => {
                    self.readings.observe(day_first, month_first);
                    &mut self.other_dates
                }
                (Some(_), _) => &mut self.day_first,
                (None, Some(_)) => &mut self.month_first,
                (None, None) => &mut self.neither,
            }
        } else if parse_moment(text, DateOrder::DayFirst).is_some() {
            &mut self.other_dates
        } else if excel_serial(text).is_some() {
            &mut self.serials
        } else if text.len() == 10 && epoch(text, 1000).is_some() {
            &mut self.epoch_seconds
        } else if text.len() == 13 && epoch(text, 1).is_some() {
            &mut self.epoch_millis
        } else {
            &mut self.neither
        };
        *counter += 1;
    }

    /// How to read the column. Dates whose order nothing decides are read day first, as most of the world writes them:
    /// whoever lands them must ask first, see [`order_evidence`](Self::order_evidence).
    #[must_use]
    pub fn style(&self) -> MomentStyle {
        let calendar = self.day_first + self.month_first + self.either + self.other_dates;
        if calendar == 0 && self.serials > 0 {
            MomentStyle::ExcelSerial
        } else if calendar == 0 && self.epoch_seconds > 0 {
            MomentStyle::EpochSeconds
        } else if calendar == 0 && self.epoch_millis > 0 {
            MomentStyle::EpochMillis
        } else if self.day_first + self.month_first == 0 {
            MomentStyle::Calendar(self.readings.order().unwrap_or_default())
        } else if self.month_first > self.day_first {
            MomentStyle::Calendar(DateOrder::MonthFirst)
        } else {
            MomentStyle::Calendar(DateOrder::DayFirst)
        }
    }

    /// What decided the order of day and month.
    #[must_use]
    pub fn order_evidence(&self) -> OrderEvidence {
        let (rare, frequent) = (self.day_first.min(self.month_first), self.day_first.max(self.month_first));
        if frequent > 0 {
            return if rare * SLIPS <= frequent { OrderEvidence::Decided } else { OrderEvidence::Contradictory };
        }
        match self.either {
            0 => OrderEvidence::NotNeeded,
            _ if self.readings.order().is_some() => OrderEvidence::Inferred,
            _ => OrderEvidence::Ambiguous,
        }
    }

    /// Whether dates have come whose order must be told, so that every further value may matter.
    #[must_use]
    pub const fn needs_order(&self) -> bool {
        self.day_first + self.month_first + self.either > 0
    }

    /// The first value that can be read in two orders.
    #[must_use]
    pub fn example(&self) -> Option<&str> {
        self.example.as_deref()
    }

    /// Whether every value that is there is a calendar date. Serials and epochs are numbers until someone says otherwise.
    #[must_use]
    pub const fn is_calendar(&self) -> bool {
        let calendar = self.day_first + self.month_first + self.either + self.other_dates;
        calendar > 0 && self.neither + self.serials + self.epoch_seconds + self.epoch_millis == 0
    }

    /// Whether at least half of the values that are there could be dates.
    #[must_use]
    pub const fn is_mostly_moments(&self) -> bool {
        let dates = self.day_first + self.month_first + self.either + self.other_dates;
        let dates = dates + self.serials + self.epoch_seconds + self.epoch_millis;
        dates > 0 && dates >= self.neither
    }

    /// Whether every value that is there could be a date in the style that [`style`](Self::style) tells.
    #[must_use]
    pub const fn is_moment(&self) -> bool {
        self.neither == 0 && (self.is_calendar() || self.serials + self.epoch_seconds + self.epoch_millis > 0)
    }
}

/// Days since 1899-12-30 between the years 1954 and 2119: other numbers are more likely something else.
fn excel_serial(text: &str) -> Option<Moment> {
    let serial =
        parse_amount(text, DecimalMark::Point).filter(|amount| amount.currency.is_none() && !amount.is_percent)?.value;
    let serial: f64 = serial.try_into().ok()?;
    if !(20_000.0..80_000.0).contains(&serial) {
        return None;
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let day = epoch + TimeDelta::days(serial.trunc() as i64);
    let seconds = (serial.fract() * 86_400.0).round() as i64;
    if seconds == 0 {
        return Some(Moment::Day(day));
    }
    Some(Moment::Local(day.and_hms_opt(0, 0, 0)? + TimeDelta::seconds(seconds)))
}

fn epoch(text: &str, millis_each: i64) -> Option<Moment> {
    let count: i64 = text.trim().parse().ok()?;
    DateTime::from_timestamp_millis(count.checked_mul(millis_each)?).map(Moment::Instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], style: MomentStyle, evidence: OrderEvidence) {
        let mut found = MomentEvidence::default();
        values.iter().for_each(|value| found.observe(value));
        assert_eq!((found.style(), found.order_evidence()), (style, evidence), "{values:?}");
    }

    #[test]
    fn one_day_above_twelve_decides_the_order() {
        use DateOrder::{DayFirst, MonthFirst};
        use MomentStyle::Calendar;
        check(&["12/1/2010 8:26", "12/13/2010 9:00"], Calendar(MonthFirst), OrderEvidence::Decided);
        check(&["1/12/2010", "13/12/2010", "--"], Calendar(DayFirst), OrderEvidence::Decided);
        check(&["1/2/2010", "3/4/2010"], Calendar(DayFirst), OrderEvidence::Ambiguous);
        check(&["1/31/2010", "31/1/2010"], Calendar(DayFirst), OrderEvidence::Contradictory);
        let slip: Vec<&str> = std::iter::repeat_n("31/1/2010", 20).chain(["1/31/2010"]).collect();
        check(&slip, Calendar(DayFirst), OrderEvidence::Decided);
        check(&["2010-12-01", "31 July, 2026"], Calendar(DayFirst), OrderEvidence::NotNeeded);
        check(&["01.02.2026"], Calendar(DayFirst), OrderEvidence::Decided);
    }

    #[test]
    fn columns_of_numbers_may_be_serials_or_epochs() {
        check(&["45992", "45993.5"], MomentStyle::ExcelSerial, OrderEvidence::NotNeeded);
        check(&["1764547200"], MomentStyle::EpochSeconds, OrderEvidence::NotNeeded);
        check(&["1764547200000"], MomentStyle::EpochMillis, OrderEvidence::NotNeeded);
        let day = MomentStyle::ExcelSerial.parse("45992.25").map(|moment| format!("{moment:?}"));
        assert_eq!(day.as_deref(), Some("Local(2025-12-01T06:00:00)"));
    }
}
