//! What is asked of a forecast.

use std::fmt;

use serde::{Deserialize, Serialize};
use shelfiq_core::HolidayCountry;

/// What to forecast and what may be assumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastOptions {
    /// Number of periods ahead; none gives forecasts without steps.
    pub horizon: usize,
    /// Interval levels, in the order in which intervals are wanted.
    pub levels: Vec<Level>,
    /// Where the season comes from.
    pub season: Season,
    /// What a period without an observation means.
    pub missing: Missing,
    /// Which values are possible.
    pub range: ValueRange,
    /// Whose holidays and selling events buyers keep; none unless the caller knows. Of two holidays on one day, that of
    /// the first country counts.
    #[serde(default)]
    pub holidays: Vec<HolidayCountry>,
}

impl ForecastOptions {
    /// For demand counted by ourselves: nothing counted means nothing sold, and demand is never negative. Intervals
    /// at 80 and 95 %, season detected.
    #[must_use]
    pub fn for_demand(horizon: usize) -> Self {
        Self { missing: Missing::Zero, range: ValueRange::NonNegative, ..Self::for_any_series(horizon) }
    }

    /// For a series of unknown nature: a missing value is unknown, and only a series that never was negative is
    /// taken to stay so. Intervals at 80 and 95 %, season detected.
    #[must_use]
    pub fn for_any_series(horizon: usize) -> Self {
        Self {
            horizon,
            levels: vec![Level::EIGHTY, Level::NINETY_FIVE],
            season: Season::Detect,
            missing: Missing::Interpolate,
            range: ValueRange::Observed,
            holidays: Vec::new(),
        }
    }
}

/// Where the length of the season comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Season {
    /// From the frequency and what the series shows.
    Detect,
    /// This many periods; one means no season.
    Periods(usize),
}

/// What a period without an observation means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Nothing happened: the value is zero.
    Zero,
    /// The value is unknown and is filled in from its surroundings.
    Interpolate,
}

/// Which values are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueRange {
    /// Zero and above.
    NonNegative,
    /// Zero and above if the series never was below zero, else anything.
    Observed,
}

/// How many of a hundred outcomes an interval is meant to hold.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

/// A level outside 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("an interval level lies between 0 and 100 percent, not at {0}")]
pub struct LevelError(f64);

impl Level {
    /// 80 of 100.
    pub const EIGHTY: Self = Self(80.0);
    /// 95 of 100.
    pub const NINETY_FIVE: Self = Self(95.0);

    /// A level of `percent` of the outcomes.
    ///
    /// # Errors
    /// [`LevelError`] unless `0 < percent < 100`.
    pub fn percent(percent: f64) -> Result<Self, LevelError> {
        if percent > 0.0 && percent < 100.0 { Ok(Self(percent)) } else { Err(LevelError(percent)) }
    }

    /// The share of outcomes, between 0 and 1.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0 / 100.0
    }
}

impl TryFrom<f64> for Level {
    type Error = LevelError;
    fn try_from(percent: f64) -> Result<Self, LevelError> {
        Self::percent(percent)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// As in column names: `80`, `97.5`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
