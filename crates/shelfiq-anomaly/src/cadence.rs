//! When values come: stamps become positions on an even grid, and the calendar says which seasons are possible.

use chrono::{Datelike, NaiveDateTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};

use crate::season::PERIOD_MAX;

/// Rows from which the cadence is read. The detector gives no verdict before that many values, so reading them all at
/// once tells it nothing about the future.
pub(crate) const CADENCE_ROWS: usize = 16;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// Values before the first verdict, at least.
const WARM_UP: usize = 20;
/// Values of a day that are waited for, at most.
const WARM_UP_PER_DAY_MAX: usize = 1_440;

/// The stamps of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamps {
    /// Calendar times without a zone; dates are midnights.
    Times(Vec<NaiveDateTime>),
    /// Integer steps.
    Steps(Vec<i64>),
}

impl Stamps {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Times(times) => times.len(),
            Self::Steps(steps) => steps.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in the order of time; rows with equal stamps keep their order.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        match self {
            Self::Times(times) => order.sort_by_key(|row| times[*row]),
            Self::Steps(steps) => order.sort_by_key(|row| steps[*row]),
        }
        order
    }
}

/// The distance between two values of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// A fixed number of seconds.
    Seconds(i64),
    /// A number of calendar months.
    Months(i64),
    /// Integer steps without a calendar, so many apart.
    Steps(i64),
}

impl Cadence {
    /// The most frequent distance between the first stamps; the shortest of equally frequent ones.
    #[must_use]
    pub fn of(stamps: &Stamps) -> Self {
        Self::of_ordered(stamps, &stamps.order())
    }

    /// As [`Cadence::of`], with the rows already in the order of time.
    pub(crate) fn of_ordered(stamps: &Stamps, order: &[usize]) -> Self {
        let first = &order[..order.len().min(CADENCE_ROWS)];
        match stamps {
            Stamps::Steps(steps) => Self::Steps(most_frequent_gap(first.iter().map(|row| steps[*row])).unwrap_or(1)),
            Stamps::Times(times) => {
                let seconds = first.iter().map(|row| times[*row].and_utc().timestamp());
                match most_frequent_gap(seconds).unwrap_or(DAY) {
                    gap if (28 * DAY..=31 * DAY).contains(&gap) => Self::Months(1),
                    gap if (90 * DAY..=92 * DAY).contains(&gap) => Self::Months(3),
                    gap if (365 * DAY..=366 * DAY).contains(&gap) => Self::Months(12),
                    gap => Self::Seconds(gap),
                }
            }
        }
    }

    /// The seasons that the calendar suggests, in values, shortest first. Empty where it suggests none.
    #[must_use]
    pub fn seasons(self) -> Vec<usize> {
        match self {
            Self::Seconds(gap) if gap < DAY && DAY % gap == 0 => {
                let day = usize::try_from(DAY / gap).unwrap_or(usize::MAX);
                vec![day, day.saturating_mul(7)]
            }
            Self::Seconds(DAY) => vec![7],
            Self::Seconds(gap) if gap == 7 * DAY => vec![52],
            Self::Months(1) => vec![12],
            Self::Months(3) => vec![4],
            Self::Seconds(_) | Self::Months(_) | Self::Steps(_) => Vec::new(),
        }
        .into_iter()
        .filter(|period| (2..=PERIOD_MAX).contains(period))
        .collect()
    }

    /// Values to be seen before the first verdict: twenty, and two days where values come more often than daily.
    #[must_use]
    pub fn warm_up(self) -> usize {
        WARM_UP.max(2 * self.values_per_day().min(WARM_UP_PER_DAY_MAX))
    }

    /// The share of values that may raise false alarms, unless the settings say otherwise: four in a thousand, which is
    /// one or two a year for daily values. Where values come more often the share falls with their number, so that
    /// ten thousand of them raise a few.
    #[must_use]
    pub fn false_alarm_rate(self) -> f64 {
        0.004 / (self.values_per_day().max(1) as f64).sqrt()
    }

    /// Where on the grid each stamp lies.
    #[must_use]
    pub fn positions(self, stamps: &Stamps) -> Vec<i64> {
        match stamps {
            Stamps::Steps(steps) => {
                let Self::Steps(gap) = self else { return steps.clone() };
                steps.iter().map(|step| step.div_euclid(gap.max(1))).collect()
            }
            Stamps::Times(times) => times.iter().map(|time| self.position(*time)).collect(),
        }
    }

    /// The part of the season in which a time lies, as a person says it: `Friday` for daily values. `None` where the
    /// calendar has no word for it.
    #[must_use]
    pub fn season_name(self, time: NaiveDateTime) -> Option<&'static str> {
        (self == Self::Seconds(DAY)).then(|| match time.weekday() {
            Weekday::Mon => "Monday",
            Weekday::Tue => "Tuesday",
            Weekday::Wed => "Wednesday",
            Weekday::Thu => "Thursday",
            Weekday::Fri => "Friday",
            Weekday::Sat => "Saturday",
            Weekday::Sun => "Sunday",
        })
    }

    /// Values after an alarm that belong to what it told: those of the next hour.
    pub(crate) const fn pause(self) -> i64 {
        match self {
            Self::Seconds(gap) if gap > 0 && gap < HOUR => HOUR / gap,
            Self::Seconds(_) | Self::Months(_) | Self::Steps(_) => 0,
        }
    }

    /// Values over which a slow change shows: half a year of weeks, a year and a half of months. `None` where values come
    /// more often: there levels wander, and what wanders would be told as drifting.
    pub(crate) fn slow_span(self) -> Option<usize> {
        match self {
            Self::Seconds(gap) if gap >= 7 * DAY => Some(26),
            Self::Months(count) => usize::try_from(18 / count.max(1)).ok().map(|span| span.max(6)),
            Self::Seconds(_) | Self::Steps(_) => None,
        }
    }

    /// Whether values come daily or less often, so that each of them counts what happened in a day or more.
    pub(crate) fn is_slow(self) -> bool {
        self.values_per_day() <= 1 && !matches!(self, Self::Steps(_))
    }

    /// Values that come in a day; 0 where they come less often or without a calendar.
    fn values_per_day(self) -> usize {
        match self {
            Self::Seconds(gap) if gap < DAY => usize::try_from(DAY / gap.max(1)).unwrap_or(0),
            Self::Seconds(_) | Self::Months(_) | Self::Steps(_) => 0,
        }
    }

    fn position(self, time: NaiveDateTime) -> i64 {
        match self {
            Self::Seconds(gap) | Self::Steps(gap) => {
                let gap = gap.max(1);
                // A second late is not a step late.
                (time.and_utc().timestamp() + gap / 2).div_euclid(gap)
            }
            Self::Months(count) => (i64::from(time.year()) * 12 + i64::from(time.month0())).div_euclid(count.max(1)),
        }
    }
}

/// A stamp as a person reads it: the date, with the time where there is one.
#[must_use]
pub fn readable_stamp(time: NaiveDateTime) -> String {
    let seconds = time.num_seconds_from_midnight();
    time.format(if seconds == 0 { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" }).to_string()
}

/// Of stamps in ascending order.
fn most_frequent_gap(stamps: impl Iterator<Item = i64>) -> Option<i64> {
    let stamps: Vec<i64> = stamps.collect();
    let mut gaps: Vec<i64> =
        stamps.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).filter(|gap| *gap > 0).collect();
    gaps.sort_unstable();
    gaps.chunk_by(|a, b| a == b).max_by(|a, b| a.len().cmp(&b.len()).then(b[0].cmp(&a[0]))).map(|run| run[0])
}
