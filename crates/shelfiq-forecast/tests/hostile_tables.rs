//! Tables as they come: unordered, with gaps, odd stamps and errors. What can be read is read, what cannot is named.

#![allow(clippy::unwrap_used)]

use shelfiq_forecast::{
    ExtraColumn, ExtraValues, ForecastOptions, Frequency, LongTable, Missing, Series, Stamp, forecast, series_of_table,
};

fn table(stamps: &[&str]) -> LongTable {
    LongTable {
        unique_id: vec!["a".to_owned(); stamps.len()],
        ds: stamps.iter().map(|stamp| Stamp::parse(stamp).unwrap_or_else(|| panic!("{stamp}"))).collect(),
        y: (1..).take(stamps.len()).map(f64::from).collect(),
        extras: Vec::new(),
    }
}

fn read(stamps: &[&str]) -> Series {
    series_of_table(&table(stamps), None, None, Missing::Interpolate).unwrap().remove(0)
}

/// The frequency found, the number of periods, and the stamps of the next three.
fn found(stamps: &[&str]) -> (String, usize, String) {
    let series = read(stamps);
    let next = forecast(&series, &ForecastOptions::for_any_series(3)).steps;
    let next: Vec<String> = next.iter().map(|step| step.stamp.to_string()).collect();
    (series.calendar().frequency().to_string(), series.values().len(), next.join(" "))
}

fn check(stamps: &[&str], frequency: &str, periods: usize, next: &str) {
    assert_eq!(found(stamps), (frequency.to_owned(), periods, next.to_owned()), "{stamps:?}");
}

#[test]
fn month_ends_stay_at_the_end_of_the_month_across_a_leap_day() {
    check(&["2023-11-30", "2023-12-31", "2024-01-31"], "M", 3, "2024-02-29 2024-03-31 2024-04-30");
    check(&["2024-02-29", "2024-03-31"], "M", 2, "2024-04-30 2024-05-31 2024-06-30");
}

#[test]
fn leap_days_are_days_like_others() {
    check(&["2024-02-27", "2024-02-28", "2024-02-29"], "D", 3, "2024-03-01 2024-03-02 2024-03-03");
}

#[test]
fn years_quarters_and_weeks_on_any_weekday_go_on() {
    check(&["2020-02-29", "2021-02-28", "2022-02-28"], "Y", 3, "2023-02-28 2024-02-29 2025-02-28");
    check(&["2023-07-01", "2023-10-01", "2024-01-01"], "Q", 3, "2024-04-01 2024-07-01 2024-10-01");
    check(&["2024-01-03", "2024-01-10", "2024-01-17"], "W", 3, "2024-01-24 2024-01-31 2024-02-07");
}

#[test]
fn clocks_that_change_with_the_season_make_no_gap_and_no_double_hour() {
    // Berlin, 31 March 2024: 03:00 follows 01:00 on the wall, one hour later in truth.
    let stamps = ["2024-03-31T00:00:00+01:00", "2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00"];
    check(&stamps, "h", 3, "2024-03-31 02:00:00 2024-03-31 03:00:00 2024-03-31 04:00:00");
    // And back on 27 October: 02:00 comes twice on the wall.
    let stamps = ["2024-10-27T01:00:00+02:00", "2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00"];
    check(&stamps, "h", 3, "2024-10-27 02:00:00 2024-10-27 03:00:00 2024-10-27 04:00:00");
}

#[test]
fn business_days_skip_weekends_even_with_a_holiday_between() {
    let days = ["01", "02", "03", "04", "05", "08", "10", "11", "12", "15", "16", "17", "18", "19", "22", "23"];
    let stamps: Vec<String> = days.iter().map(|day| format!("2024-01-{day}")).collect();
    let stamps: Vec<&str> = stamps.iter().map(String::as_str).collect();
    check(&stamps, "B", 17, "2024-01-24 2024-01-25 2024-01-26");
}

#[test]
fn quarters_of_an_hour_in_any_order_with_a_gap_are_put_in_order() {
    let stamps = ["2024-05-01 10:45", "2024-05-01 10:00", "2024-05-01 11:30", "2024-05-01 10:15", "2024-05-01 10:30"];
    check(&stamps, "15min", 7, "2024-05-01 11:45:00 2024-05-01 12:00:00 2024-05-01 12:15:00");
    assert_eq!(format!("{:?}", read(&stamps).values()), "[2.0, 4.0, 5.0, 1.0, NaN, NaN, 3.0]");
}

#[test]
fn numbered_steps_that_skip_keep_their_stride() {
    check(&["10", "20", "30", "50"], "10step", 5, "60 70 80");
}

#[test]
fn stamps_a_little_off_their_period_find_it() {
    check(&["2024-01-01", "2024-02-02", "2024-03-01", "2024-04-01"], "M", 4, "2024-05-01 2024-06-01 2024-07-01");
    let stamps = ["2024-01-01 00:00:03", "2024-01-01 01:00:00", "2024-01-01 02:00:03", "2024-01-01 03:00:03"];
    check(&stamps, "h", 4, "2024-01-01 04:00:03 2024-01-01 05:00:03 2024-01-01 06:00:03");
}

#[test]
fn one_row_alone_is_a_series() {
    check(&["2024-05-01"], "D", 1, "2024-05-02 2024-05-03 2024-05-04");
    check(&["7"], "step", 1, "8 9 10");
}

#[test]
fn an_empty_table_has_no_series() {
    assert!(series_of_table(&LongTable::default(), None, None, Missing::Zero).unwrap().is_empty());
}

fn message(table: &LongTable, frequency: Option<&str>) -> String {
    let frequency = frequency.and_then(Frequency::parse);
    series_of_table(table, None, frequency, Missing::Zero).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_read_is_named_with_row_and_column() {
    let mut twice = table(&["2024-01-02", "2024-01-01", "2024-01-02"]);
    assert_eq!(message(&twice, None), "row 3, column `ds`: series `a` has `2024-01-02` already in row 1");
    twice.ds[2] = Stamp::parse("2024-01-03 04:00").unwrap();
    assert!(message(&twice, None).starts_with("row 3, column `ds`: `2024-01-03 04:00:00` is of the form timestamp"));
    let mut endless = table(&["2024-01-01", "2024-01-02"]);
    endless.y[1] = f64::NEG_INFINITY;
    assert_eq!(message(&endless, None), "row 2, column `y`: the value is infinite");
    endless.y[1] = 1.0;
    endless.extras =
        vec![ExtraColumn { name: "price".to_owned(), values: ExtraValues::Number(vec![1.0, f64::INFINITY]) }];
    assert_eq!(message(&endless, None), "row 2, column `price`: the value is infinite");
    endless.extras[0].values = ExtraValues::Number(vec![1.0]);
    assert_eq!(message(&endless, None), "column `price` has 1 rows where `unique_id` has 2");
}

#[test]
fn a_mistyped_century_is_caught_before_memory_is() {
    let message = message(&table(&["0202-01-01 00:00", "2024-01-01 00:00", "2024-01-01 00:01"]), Some("min"));
    assert!(message.starts_with("series `a` spans") && message.ends_with("is `ds` right?"), "{message}");
}

#[test]
fn steps_at_the_ends_of_the_integers_do_not_overflow() {
    let far = table(&["-9223372036854775808", "9223372036854775807"]);
    assert!(message(&far, Some("1")).contains("spans"), "{}", message(&far, Some("1")));
    let edge = table(&["9223372036854775806", "9223372036854775807"]);
    let series = series_of_table(&edge, None, None, Missing::Zero).unwrap().remove(0);
    assert_eq!(forecast(&series, &ForecastOptions::for_any_series(3)).steps.len(), 3);
}
