//! The holidays of each country.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::HolidayCountry;
use super::rule::{Entry, Rule, Substitute, easter_and, last, weekday_from};

use Rule::{By, Easter, Last, Nth, On};
use Weekday::{Mon, Sun, Thu};

/// The lines of a country, those that it shares with others last.
pub(super) fn of(country: HolidayCountry) -> impl Iterator<Item = &'static Entry> {
    let own: &'static [Entry] = match country {
        HolidayCountry::UnitedStates => UNITED_STATES,
        HolidayCountry::UnitedKingdom => UNITED_KINGDOM,
        HolidayCountry::Germany => GERMANY,
        HolidayCountry::France => FRANCE,
        HolidayCountry::Italy => ITALY,
        HolidayCountry::Spain => SPAIN,
        HolidayCountry::Netherlands => NETHERLANDS,
        HolidayCountry::Canada => CANADA,
        HolidayCountry::Australia => AUSTRALIA,
    };
    own.iter().chain(EVERYWHERE)
}

/// Where days off go; `None` where a holiday on a weekend is lost, or provinces and regions differ.
pub(super) const fn substitute(country: HolidayCountry) -> Option<Substitute> {
    match country {
        HolidayCountry::UnitedStates => Some(Substitute::Nearest),
        HolidayCountry::UnitedKingdom | HolidayCountry::Australia => Some(Substitute::Next),
        _ => None,
    }
}

const NEW_YEAR: &str = "New Year's Day";
const NEW_YEAR_OFF: &str = "New Year's Day (observed)";
const GOOD_FRIDAY: &str = "Good Friday";
const EASTER_SUNDAY: &str = "Easter Sunday";
const EASTER_MONDAY: &str = "Easter Monday";
const LABOUR: &str = "Labour Day";
const ASCENSION: &str = "Ascension Day";
const PENTECOST_MONDAY: &str = "Whit Monday";
const ASSUMPTION: &str = "Assumption Day";
const ALL_SAINTS: &str = "All Saints' Day";
const IMMACULATE: &str = "Immaculate Conception";
const EPIPHANY: &str = "Epiphany";
const THANKSGIVING: &str = "Thanksgiving";
const CHRISTMAS: &str = "Christmas Day";
const CHRISTMAS_OFF: &str = "Christmas Day (observed)";
const BOXING: &str = "Boxing Day";
const BOXING_OFF: &str = "Boxing Day (observed)";
const MOTHERS: &str = "Mother's Day";
const FATHERS: &str = "Father's Day";

static EVERYWHERE: &[Entry] = &[
    Entry::public(CHRISTMAS, On(12, 25)).moved_as(CHRISTMAS_OFF),
    Entry::selling("Valentine's Day", On(2, 14)),
    Entry::selling("Halloween", On(10, 31)),
    Entry::selling("Singles' Day", On(11, 11)),
    Entry::selling("Black Friday", Nth(4, Thu, 11, 1)),
    Entry::selling("Cyber Monday", Nth(4, Thu, 11, 4)),
    Entry::selling("Christmas Eve", On(12, 24)),
    Entry::selling("New Year's Eve", On(12, 31)),
];

static UNITED_STATES: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)).moved_as(NEW_YEAR_OFF),
    Entry::public("Martin Luther King Day", Nth(3, Mon, 1, 0)).since(1986),
    Entry::public("Presidents' Day", Nth(3, Mon, 2, 0)).since(1971),
    Entry::public("Memorial Day", Last(Mon, 5)).since(1971),
    Entry::public("Juneteenth", On(6, 19)).since(2021).moved_as("Juneteenth (observed)"),
    Entry::public("Independence Day", On(7, 4)).moved_as("Independence Day (observed)"),
    Entry::public(LABOUR, Nth(1, Mon, 9, 0)),
    Entry::public("Columbus Day", Nth(2, Mon, 10, 0)).since(1971),
    Entry::public("Veterans Day", On(11, 11)).since(1978).moved_as("Veterans Day (observed)"),
    Entry::public(THANKSGIVING, Nth(4, Thu, 11, 0)).since(1942),
    Entry::selling(EASTER_SUNDAY, Easter(0)),
    Entry::selling("Super Bowl", Nth(1, Sun, 2, 0)).since(2004).until(2021),
    Entry::selling("Super Bowl", Nth(2, Sun, 2, 0)).since(2022),
    Entry::selling(MOTHERS, Nth(2, Sun, 5, 0)),
    Entry::selling(FATHERS, Nth(3, Sun, 6, 0)),
];

static UNITED_KINGDOM: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)).moved_as(NEW_YEAR_OFF),
    Entry::public(GOOD_FRIDAY, Easter(-2)),
    Entry::public(EASTER_MONDAY, Easter(1)),
    Entry::public("Early May Bank Holiday", By(early_may)).since(1978),
    Entry::public("Spring Bank Holiday", By(spring)).since(1971),
    Entry::public("Summer Bank Holiday", Last(Mon, 8)).since(1971),
    Entry::public(BOXING, On(12, 26)).moved_as(BOXING_OFF),
    Entry::public("Royal occasion", On(4, 29)).in_year(2011),
    Entry::public("Royal occasion", On(6, 5)).in_year(2012),
    Entry::public("Royal occasion", On(6, 3)).in_year(2022),
    Entry::public("Royal occasion", On(9, 19)).in_year(2022),
    Entry::public("Royal occasion", On(5, 8)).in_year(2023),
    Entry::selling(EASTER_SUNDAY, Easter(0)),
    Entry::selling(MOTHERS, Easter(-21)),
    Entry::selling(FATHERS, Nth(3, Sun, 6, 0)),
];

static GERMANY: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)),
    Entry::public(GOOD_FRIDAY, Easter(-2)),
    Entry::public(EASTER_MONDAY, Easter(1)),
    Entry::public(LABOUR, On(5, 1)),
    Entry::public(ASCENSION, Easter(39)),
    Entry::public(PENTECOST_MONDAY, Easter(50)),
    Entry::public("German Unity Day", On(10, 3)).since(1990),
    Entry::public("Reformation Day", On(10, 31)).in_year(2017),
    Entry::public(BOXING, On(12, 26)),
    Entry::selling(EASTER_SUNDAY, Easter(0)),
    Entry::selling(MOTHERS, Nth(2, Sun, 5, 0)),
    Entry::selling("Saint Nicholas", On(12, 6)),
];

static FRANCE: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)),
    Entry::public(EASTER_MONDAY, Easter(1)),
    Entry::public(LABOUR, On(5, 1)),
    Entry::public("Victory Day", On(5, 8)).since(1982),
    Entry::public(ASCENSION, Easter(39)),
    Entry::public(PENTECOST_MONDAY, Easter(50)),
    Entry::public("Bastille Day", On(7, 14)),
    Entry::public(ASSUMPTION, On(8, 15)),
    Entry::public(ALL_SAINTS, On(11, 1)),
    Entry::public("Armistice Day", On(11, 11)),
    Entry::selling(EASTER_SUNDAY, Easter(0)),
    Entry::selling(MOTHERS, By(mothers_in_france)),
    Entry::selling(FATHERS, Nth(3, Sun, 6, 0)),
];

static ITALY: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)),
    Entry::public(EPIPHANY, On(1, 6)).since(1986),
    Entry::public(EASTER_SUNDAY, Easter(0)),
    Entry::public(EASTER_MONDAY, Easter(1)),
    Entry::public("Liberation Day", On(4, 25)),
    Entry::public(LABOUR, On(5, 1)),
    Entry::public("Republic Day", On(6, 2)).since(2001),
    Entry::public(ASSUMPTION, On(8, 15)),
    Entry::public("Saint Francis", On(10, 4)).since(2026),
    Entry::public(ALL_SAINTS, On(11, 1)),
    Entry::public(IMMACULATE, On(12, 8)),
    Entry::public(BOXING, On(12, 26)),
    Entry::public("Unification of Italy", On(3, 17)).in_year(2011),
    Entry::selling(MOTHERS, Nth(2, Sun, 5, 0)),
    Entry::selling(FATHERS, On(3, 19)),
];

static SPAIN: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)),
    Entry::public(EPIPHANY, On(1, 6)),
    Entry::public(GOOD_FRIDAY, Easter(-2)),
    Entry::public(LABOUR, On(5, 1)),
    Entry::public(ASSUMPTION, On(8, 15)),
    Entry::public("National Day", On(10, 12)),
    Entry::public(ALL_SAINTS, On(11, 1)),
    Entry::public("Constitution Day", On(12, 6)),
    Entry::public(IMMACULATE, On(12, 8)),
    Entry::selling(EASTER_SUNDAY, Easter(0)),
    Entry::selling(MOTHERS, Nth(1, Sun, 5, 0)),
    Entry::selling(FATHERS, On(3, 19)),
];

static NETHERLANDS: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)),
    Entry::public(GOOD_FRIDAY, Easter(-2)),
    Entry::public(EASTER_SUNDAY, Easter(0)),
    Entry::public(EASTER_MONDAY, Easter(1)),
    Entry::public("King's Day", By(kings_day)),
    Entry::public("Liberation Day", By(|year| NaiveDate::from_ymd_opt(year, 5, 5).filter(|_| year % 5 == 0))),
    Entry::public(ASCENSION, Easter(39)),
    Entry::public("Whit Sunday", Easter(49)),
    Entry::public(PENTECOST_MONDAY, Easter(50)),
    Entry::public(BOXING, On(12, 26)),
    Entry::selling(MOTHERS, Nth(2, Sun, 5, 0)),
    Entry::selling(FATHERS, Nth(3, Sun, 6, 0)),
    Entry::selling("Saint Nicholas", On(12, 5)),
];

static CANADA: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)),
    Entry::public("Family Day", Nth(3, Mon, 2, 0)).since(2008),
    Entry::public(GOOD_FRIDAY, Easter(-2)),
    Entry::public("Victoria Day", By(victoria_day)),
    Entry::public("Canada Day", On(7, 1)),
    Entry::public(LABOUR, Nth(1, Mon, 9, 0)),
    Entry::public(THANKSGIVING, Nth(2, Mon, 10, 0)),
    Entry::public(BOXING, On(12, 26)),
    Entry::selling(EASTER_SUNDAY, Easter(0)),
    Entry::selling(MOTHERS, Nth(2, Sun, 5, 0)),
    Entry::selling(FATHERS, Nth(3, Sun, 6, 0)),
];

static AUSTRALIA: &[Entry] = &[
    Entry::public(NEW_YEAR, On(1, 1)).moved_as(NEW_YEAR_OFF),
    Entry::public("Australia Day", By(|year| weekday_from(NaiveDate::from_ymd_opt(year, 1, 26)?))),
    Entry::public(GOOD_FRIDAY, Easter(-2)),
    Entry::public("Easter Saturday", Easter(-1)),
    Entry::public(EASTER_SUNDAY, Easter(0)),
    Entry::public(EASTER_MONDAY, Easter(1)),
    Entry::public("Anzac Day", On(4, 25)),
    Entry::public("King's Birthday", Nth(2, Mon, 6, 0)),
    Entry::public("National Day of Mourning", On(9, 22)).in_year(2022),
    Entry::public(BOXING, On(12, 26)).moved_as(BOXING_OFF),
    Entry::selling(MOTHERS, Nth(2, Sun, 5, 0)),
    Entry::selling(FATHERS, Nth(1, Sun, 9, 0)),
];

/// The first Monday of May; Victory in Europe was remembered with it in 1995 and 2020.
fn early_may(year: i32) -> Option<NaiveDate> {
    match year {
        1995 | 2020 => NaiveDate::from_ymd_opt(year, 5, 8),
        _ => NaiveDate::from_weekday_of_month_opt(year, 5, Mon, 1),
    }
}

/// The last Monday of May, but beside the Queen's jubilees.
fn spring(year: i32) -> Option<NaiveDate> {
    match year {
        2002 | 2012 => NaiveDate::from_ymd_opt(year, 6, 4),
        2022 => NaiveDate::from_ymd_opt(year, 6, 2),
        _ => last(Mon, 5, year),
    }
}

/// The last Sunday of May, or the Sunday after where that is Pentecost.
fn mothers_in_france(year: i32) -> Option<NaiveDate> {
    let sunday = last(Sun, 5, year)?;
    if easter_and(year, 49)? == sunday { sunday.checked_add_days(Days::new(7)) } else { Some(sunday) }
}

/// The birthday of King or Queen, a day before if it is a Sunday.
fn kings_day(year: i32) -> Option<NaiveDate> {
    let (month, day) = if year < 2014 { (4, 30) } else { (4, 27) };
    let birthday = NaiveDate::from_ymd_opt(year, month, day)?;
    // Queen Juliana's and Beatrix's moved to the day before from 1980 on.
    if birthday.weekday() == Sun { birthday.pred_opt() } else { Some(birthday) }
}

/// The Monday before 25 May.
fn victoria_day(year: i32) -> Option<NaiveDate> {
    let eve = NaiveDate::from_ymd_opt(year, 5, 24)?;
    eve.checked_sub_days(Days::new(u64::from(eve.weekday().num_days_from_monday())))
}
