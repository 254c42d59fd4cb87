//! The day on which most movable feasts hang.

use chrono::NaiveDate;

/// Easter Sunday of the Gregorian calendar, from 1583 on; `None` outside the years that a date can hold.
///
/// Source: the anonymous algorithm of Nature, 20 April 1876, as given by Meeus, *Astronomical Algorithms* (1998), p. 67.
#[must_use]
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let (lunar, century, rest) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * lunar + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * (rest / 4) - epact - rest % 4).rem_euclid(7);
    let late = (lunar + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}
