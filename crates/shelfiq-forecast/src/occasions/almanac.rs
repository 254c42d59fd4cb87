//! To which holiday a day belongs: the day itself, the days that lead up to it and those after.

use std::sync::OnceLock;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use shelfiq_core::HolidayCountry;

use crate::calendar::{Calendar, PeriodUnit};

/// Years that almanacs cover.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;
/// Days of which a period may consist at most: what happens on single days is lost in longer ones.
const DAYS_MAX: u32 = 7;

/// A holiday of a country, and how far from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Occasion {
    pub(crate) holiday: HolidayId,
    /// Days from it, or weeks where periods are weeks; negative before it.
    pub(crate) offset: i8,
}

/// A holiday by country and place among its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct HolidayId(HolidayCountry, u8);

/// An occasion in which a period lies, and with which share of its days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) occasion: Occasion,
    pub(crate) share: f64,
}

/// The days of a country.
struct Almanac {
    names: Vec<&'static str>,
    /// From the first day of [`YEARS`] on: place among the names and days from the holiday.
    days: Vec<Option<(u8, i8)>>,
}

impl Almanac {
    fn of(country: HolidayCountry) -> &'static Self {
        static KNOWN: [OnceLock<Almanac>; HolidayCountry::ALL.len()] =
            [const { OnceLock::new() }; HolidayCountry::ALL.len()];
        KNOWN[country as usize].get_or_init(|| Self::new(country))
    }

    fn new(country: HolidayCountry) -> Self {
        let mut almanac = Self { names: Vec::new(), days: vec![None; YEARS.count() * 366] };
        for (day, holiday) in YEARS.flat_map(|year| country.holidays(year)) {
            let name = almanac.names.iter().position(|name| *name == holiday.name).unwrap_or_else(|| {
                almanac.names.push(holiday.name);
                almanac.names.len() - 1
            });
            let (before, after) = reach(holiday.name);
            for offset in -before..=after {
                let place = place(day).and_then(|place| place.checked_add_signed(isize::from(offset)));
                let Some(slot) = place.and_then(|place| almanac.days.get_mut(place)) else { continue };
                // The nearest holiday counts, of equally near ones the first.
                if slot.is_none_or(|(_, other)| offset.abs() < other.abs()) {
                    *slot = Some((name as u8, offset));
                }
            }
        }
        almanac
    }
}

/// Days before and after a holiday on which people may buy otherwise than usual.
fn reach(name: &str) -> (i8, i8) {
    match name {
        "Christmas Day" => (14, 5),
        "Easter Sunday" => (7, 2),
        "Black Friday" => (4, 2),
        "Mother's Day" | "Father's Day" | "Valentine's Day" | "Halloween" | "Saint Nicholas" => (6, 1),
        "New Year's Day" => (1, 2),
        "Christmas Eve" | "New Year's Eve" => (0, 0),
        observed if observed.ends_with("(observed)") => (0, 0),
        _ => (1, 1),
    }
}

fn place(day: NaiveDate) -> Option<usize> {
    let first = NaiveDate::from_ymd_opt(*YEARS.start(), 1, 1)?;
    usize::try_from((day - first).num_days()).ok()
}

/// The occasion of a day: of several countries' that of the nearest holiday, of equally near ones the first country's.
fn occasion(countries: &[HolidayCountry], day: NaiveDate) -> Option<Occasion> {
    let place = place(day)?;
    let own = |country: &HolidayCountry| {
        let (name, offset) = (*Almanac::of(*country).days.get(place)?)?;
        Some(Occasion { holiday: HolidayId(*country, name), offset })
    };
    countries.iter().filter_map(own).min_by_key(|occasion| occasion.offset.abs())
}

impl HolidayId {
    /// Its name; `None` if there is none of this number.
    #[cfg(test)]
    pub(crate) fn name(self) -> Option<&'static str> {
        names(self.0).get(usize::from(self.1)).copied()
    }
}

/// Names of a country's holidays, in the order of their numbers.
pub(crate) fn names(country: HolidayCountry) -> &'static [&'static str] {
    &Almanac::of(country).names
}

/// The mark of each of `count` periods of a calendar from place `from` on: all without one where periods are numbered
/// steps or longer than a week.
pub(crate) fn marks(calendar: &Calendar, countries: &[HolidayCountry], from: usize, count: usize) -> Vec<Option<Mark>> {
    let frequency = calendar.frequency();
    let days = match frequency.unit {
        PeriodUnit::Day if frequency.every <= DAYS_MAX => frequency.every,
        PeriodUnit::BusinessDay if frequency.every == 1 => 1,
        PeriodUnit::Second if frequency.every <= 86_400 => 1,
        _ => return vec![None; count],
    };
    let mark = |t: usize| {
        let day = calendar.stamp(t).date()?;
        if days == 1 {
            return occasion(countries, day).map(|occasion| Mark { occasion, share: 1.0 });
        }
        of_many((0..days).filter_map(|on| occasion(countries, day + Days::new(u64::from(on)))), days)
    };
    (from..from + count).map(mark).collect()
}

/// The holiday to which most of a period's days belong, with their mean distance in periods.
fn of_many(found: impl Iterator<Item = Occasion>, days: u32) -> Option<Mark> {
    let found: Vec<Occasion> = found.collect();
    let count = |holiday: HolidayId| found.iter().filter(|other| other.holiday == holiday).count();
    let most = found.iter().map(|other| count(other.holiday)).max()?;
    let holiday = found.iter().find(|other| count(other.holiday) == most)?.holiday;
    let distance: i32 = found.iter().filter(|o| o.holiday == holiday).map(|o| i32::from(o.offset)).sum();
    let offset = (f64::from(distance) / most as f64 / f64::from(days)).round() as i8;
    Some(Mark { occasion: Occasion { holiday, offset }, share: most as f64 / f64::from(days) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Frequency, Stamp};

    fn marked(countries: &[HolidayCountry], start: &str, frequency: Frequency, count: usize) -> Vec<String> {
        let calendar = Calendar::new(Stamp::parse(start).unwrap(), frequency);
        let text = |mark: Option<Mark>| {
            mark.map_or("-".to_owned(), |mark| {
                let Mark { occasion, share } = mark;
                format!("{} {:+} {share:.2}", occasion.holiday.name().unwrap(), occasion.offset)
            })
        };
        marks(&calendar, countries, 0, count).into_iter().map(text).collect()
    }

    #[test]
    fn a_day_belongs_to_the_nearest_holiday() {
        let found = marked(&[HolidayCountry::UnitedStates], "2024-11-23", Frequency::DAY, 11);
        let expected = [
            "-",
            "-",
            "Black Friday -4 1.00",
            "Black Friday -3 1.00",
            "Thanksgiving -1 1.00",
            "Thanksgiving +0 1.00",
            "Black Friday +0 1.00",
            "Black Friday +1 1.00",
            "Cyber Monday -1 1.00",
            "Cyber Monday +0 1.00",
            "Cyber Monday +1 1.00",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_week_belongs_to_the_holiday_of_most_of_its_days() {
        let found = marked(&[HolidayCountry::Germany], "2024-12-02", Frequency::WEEK, 4);
        // Cyber Monday, Christmas Eve and the second day of Christmas are occasions of their own.
        let expected =
            ["Saint Nicholas +0 0.57", "Christmas Day -2 0.71", "Christmas Day -1 1.00", "Christmas Day +0 0.57"];
        assert_eq!(found, expected);
        assert!(marked(&[HolidayCountry::Germany], "2024-12-01", Frequency::MONTH, 2).iter().all(|mark| mark == "-"));
    }

    #[test]
    fn each_country_keeps_its_own_days() {
        let both = [HolidayCountry::UnitedKingdom, HolidayCountry::UnitedStates];
        assert_eq!(marked(&both, "2024-03-10", Frequency::DAY, 1), ["Mother's Day +0 1.00"]);
        assert_eq!(marked(&both, "2024-05-12", Frequency::DAY, 1), ["Mother's Day +0 1.00"]);
        assert_eq!(marked(&both[1..], "2024-03-10", Frequency::DAY, 1), ["-"]);
    }
}
