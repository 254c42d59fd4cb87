use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn days_of(country: HolidayCountry, year: i32, is_wanted: impl Fn(&Holiday) -> bool) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> =
        country.holidays(year).into_iter().filter(|(_, holiday)| is_wanted(holiday)).map(|(day, _)| day).collect();
    days.dedup();
    days
}

/// Public holidays as the Python package `holidays` 0.109 lists them: US federal; GB England; CA Ontario and ES without
/// days off in place of weekends; IT without National Unity Day; AU New South Wales without Labour Day and the days off
/// for Anzac Day.
#[test]
fn public_holidays_are_those_of_another_program_in_every_year() {
    for line in include_str!("golden.txt").lines() {
        let mut words = line.split(' ');
        let country: HolidayCountry = words.next().unwrap().parse().unwrap();
        let year: i32 = words.next().unwrap().parse().unwrap();
        let golden: Vec<NaiveDate> =
            words.map(|word| day(year, word[..2].parse().unwrap(), word[2..].parse().unwrap())).collect();
        let found = days_of(country, year, |holiday| holiday.kind == HolidayKind::Public);
        assert_eq!(found, golden, "{country} {year}");
    }
}

/// Gauss's rule with his own corrections, in Lichtenberg's form (Historia Mathematica 24, 1997).
fn easter_by_gauss(year: i32) -> NaiveDate {
    let century = year / 100;
    let moon = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
    let sun = 2 - (3 * century + 3) / 4;
    let cycle = year % 19;
    let seed = (19 * cycle + moon) % 30;
    let limit = (seed + cycle / 11) / 29;
    let full_moon = 21 + seed - limit;
    let first_sunday = 7 - (year + year / 4 + sun).rem_euclid(7);
    let march = full_moon + 7 - (full_moon - first_sunday).rem_euclid(7);
    day(year, 3, 1) + Days::new(u64::try_from(march - 1).unwrap())
}

#[test]
fn two_rules_agree_on_easter_for_two_centuries() {
    for year in 1900..2100 {
        assert_eq!(easter_sunday(year), Some(easter_by_gauss(year)), "{year}");
    }
    assert_eq!(easter_sunday(2024), Some(day(2024, 3, 31)));
}

#[test]
fn selling_events_fall_on_their_days() {
    let check = |code: &str, name: &str, days: &[(i32, u32, u32)]| {
        for (year, month, of_month) in days {
            let found = days_of(code.parse().unwrap(), *year, |holiday| holiday.name == name);
            assert_eq!(found, [day(*year, *month, *of_month)], "{name} of {code}");
        }
    };
    check("US", "Black Friday", &[(2019, 11, 29), (2023, 11, 24), (2024, 11, 29)]);
    check("DE", "Cyber Monday", &[(2023, 11, 27), (2024, 12, 2)]);
    check("US", "Mother's Day", &[(2023, 5, 14), (2024, 5, 12)]);
    check("GB", "Mother's Day", &[(2023, 3, 19), (2024, 3, 10)]);
    check("ES", "Mother's Day", &[(2023, 5, 7), (2024, 5, 5)]);
    // Pentecost was the last Sunday of May in 2023.
    check("FR", "Mother's Day", &[(2023, 6, 4), (2024, 5, 26)]);
    check("AU", "Father's Day", &[(2024, 9, 1)]);
    check("US", "Super Bowl", &[(2021, 2, 7), (2022, 2, 13), (2024, 2, 11)]);
    check("NL", "Saint Nicholas", &[(2024, 12, 5)]);
    for country in HolidayCountry::ALL {
        for name in ["Valentine's Day", "Halloween", "Singles' Day", "Christmas Eve", "New Year's Eve"] {
            assert_eq!(days_of(country, 2024, |holiday| holiday.name == name).len(), 1, "{name} of {country}");
        }
    }
}

#[test]
fn a_day_off_may_lie_in_the_year_before() {
    assert!(
        HolidayCountry::UnitedStates
            .holidays(2021)
            .iter()
            .any(|(found, holiday)| { *found == day(2021, 12, 31) && holiday.name == "New Year's Day (observed)" })
    );
}

#[test]
fn a_country_is_stored_by_its_code_and_an_unknown_one_is_named() {
    for country in HolidayCountry::ALL {
        let text = serde_json::to_string(&country).unwrap();
        assert_eq!(text, format!("\"{}\"", country.code()));
        assert_eq!(serde_json::from_str::<HolidayCountry>(&text).unwrap(), country);
    }
    let error = "XX".parse::<HolidayCountry>().unwrap_err().to_string();
    assert_eq!(error, "the holidays of `XX` are not known: there are US, GB, DE, FR, IT, ES, NL, CA, AU");
}
