//! Public holidays and selling events of countries, computed by rule: no list of dates that ends some day.

mod easter;
mod rule;
mod tables;

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use self::easter::easter_sunday;
use self::rule::{Entry, Substitute};

/// A country whose holidays are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HolidayCountry {
    /// Federal holidays of the United States.
    UnitedStates,
    /// Bank holidays of England and Wales.
    UnitedKingdom,
    /// Holidays of all German states.
    Germany,
    /// Metropolitan France.
    France,
    /// Italy.
    Italy,
    /// Holidays of all of Spain.
    Spain,
    /// The Netherlands, with Good Friday.
    Netherlands,
    /// Canada with the days that most provinces keep, as in Ontario.
    Canada,
    /// Australia with the days that most states keep, as in New South Wales, without Labour Day.
    Australia,
}

/// Not one of the countries whose holidays are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the holidays of `{0}` are not known: there are {known}", known = HolidayCountry::codes())]
pub struct UnknownCountry(String);

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HolidayKind {
    /// Most people need not work.
    Public,
    /// Nobody is off, but people buy: Black Friday, Mother's Day.
    Selling,
}

/// A holiday or selling event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// Its name in English, the same in every country and year; the day off in place of one that falls on a weekend
    /// ends in `(observed)`.
    pub name: &'static str,
    /// What it is.
    pub kind: HolidayKind,
}

impl HolidayCountry {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::UnitedStates,
        Self::UnitedKingdom,
        Self::Germany,
        Self::France,
        Self::Italy,
        Self::Spain,
        Self::Netherlands,
        Self::Canada,
        Self::Australia,
    ];

    /// The country of an ISO 3166 code of two letters, in any case.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|country| country.code().eq_ignore_ascii_case(code.trim()))
    }

    /// Its ISO 3166 code of two letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnitedStates => "US",
            Self::UnitedKingdom => "GB",
            Self::Germany => "DE",
            Self::France => "FR",
            Self::Italy => "IT",
            Self::Spain => "ES",
            Self::Netherlands => "NL",
            Self::Canada => "CA",
            Self::Australia => "AU",
        }
    }

    /// Public holidays and selling events of a year, in order of days; of one day the public ones first. A public holiday
    /// on a weekend is followed by its day off where the law moves it.
    #[must_use]
    pub fn holidays(self, year: i32) -> Vec<(NaiveDate, Holiday)> {
        let mut found: Vec<(NaiveDate, Holiday)> = (year - 1..=year + 1).flat_map(|year| self.of_year(year)).collect();
        found.retain(|(day, _)| day.year() == year);
        found.sort_by_key(|(day, holiday)| (*day, holiday.kind == HolidayKind::Selling));
        found
    }

    /// Days of the rules of a year; a day off may lie in the year before.
    fn of_year(self, year: i32) -> Vec<(NaiveDate, Holiday)> {
        let entries: Vec<(NaiveDate, &Entry)> = tables::of(self).filter_map(|e| Some((e.day(year)?, e))).collect();
        let mut found: Vec<(NaiveDate, Holiday)> = entries.iter().map(|(day, entry)| (*day, entry.holiday())).collect();
        for (day, entry) in &entries {
            let Some(name) = entry.observed else { continue };
            let is_free = |day: NaiveDate| {
                is_weekend(day) || found.iter().any(|(other, of)| *other == day && of.kind == HolidayKind::Public)
            };
            let moved = match tables::substitute(self) {
                _ if !is_weekend(*day) => None,
                Some(Substitute::Nearest) if day.weekday() == Weekday::Sat => day.pred_opt(),
                Some(Substitute::Nearest) => day.succ_opt(),
                Some(Substitute::Next) => {
                    (1..7).filter_map(|days| day.checked_add_days(Days::new(days))).find(|day| !is_free(*day))
                }
                None => None,
            };
            found.extend(moved.map(|moved| (moved, Holiday { name, kind: HolidayKind::Public })));
        }
        found
    }

    fn codes() -> String {
        Self::ALL.map(Self::code).join(", ")
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

impl fmt::Display for HolidayCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for HolidayCountry {
    type Err = UnknownCountry;
    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        Self::of_code(code).ok_or_else(|| UnknownCountry(code.to_owned()))
    }
}

impl TryFrom<String> for HolidayCountry {
    type Error = UnknownCountry;
    fn try_from(code: String) -> Result<Self, UnknownCountry> {
        code.parse()
    }
}

impl From<HolidayCountry> for String {
    fn from(country: HolidayCountry) -> Self {
        country.code().to_owned()
    }
}

#[cfg(test)]
mod tests;
