//! Series nobody would draw in a textbook: short, flat, huge, spiky, gappy. Every one gets a finite, sane answer.

use proptest::prelude::*;
use shelfiq_forecast::{
    Calendar, Forecast, ForecastOptions, Frequency, Level, Season, Series, Stamp, Status, forecast, forecast_all,
};

fn daily(values: &[f64]) -> Series {
    let start = Calendar::new(Stamp::parse("2023-01-02").expect("an ISO date"), Frequency::DAY);
    Series::new("s", start, values.to_vec()).expect("no value is infinite")
}

fn ask(values: &[f64], horizon: usize) -> Forecast {
    forecast(&daily(values), &ForecastOptions::for_any_series(horizon))
}

fn check_sane(forecast: &Forecast, horizon: usize, values: &[f64]) {
    assert_eq!(forecast.steps.len(), horizon);
    let seen = || values.iter().copied().filter(|value| !value.is_nan());
    let bottom = if seen().all(|value| value >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
    for step in &forecast.steps {
        let [inner, outer] = [step.intervals[0], step.intervals[1]];
        let ends = [outer.lo, inner.lo, step.median, inner.hi, outer.hi];
        assert!(ends.is_sorted(), "{ends:?}");
        let sums = step.cumulative.intervals.iter().flat_map(|interval| [interval.lo, interval.hi]);
        let all = ends.into_iter().chain([step.mean, step.cumulative.mean]).chain(sums);
        all.for_each(|value| assert!(value.is_finite() && value >= bottom, "{step:?}"));
    }
}

#[test]
fn one_and_two_observations_are_continued_at_their_level() {
    for values in [vec![5.0], vec![0.0], vec![-2.0], vec![3.0, 4.0], vec![f64::NAN, 7.0, f64::NAN]] {
        let forecast = ask(&values, 4);
        check_sane(&forecast, 4, &values);
        assert!(matches!(forecast.status, Status::ShortHistory { .. }));
        let seen: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let (lo, hi) = seen.iter().fold((f64::MAX, f64::MIN), |(lo, hi), value| (lo.min(*value), hi.max(*value)));
        assert!(forecast.steps.iter().all(|step| (lo - 1e-9..=hi + 1e-9).contains(&step.mean)), "{values:?}");
    }
}

#[test]
fn nothing_observed_gives_no_steps_and_says_so() {
    for values in [vec![], vec![f64::NAN; 50]] {
        let forecast = ask(&values, 5);
        assert_eq!((forecast.status, forecast.steps.len()), (Status::NothingObserved, 0));
    }
}

#[test]
fn a_shop_that_never_sold_is_expected_to_sell_nothing() {
    let forecast = ask(&[0.0; 100], 30);
    check_sane(&forecast, 30, &[0.0; 100]);
    assert!(forecast.steps.iter().all(|step| step.mean == 0.0 && step.intervals[1].hi <= 1.0));
}

#[test]
fn one_giant_spike_long_ago_is_not_expected_again() {
    let mut values: Vec<f64> = (0..200).map(|day| 10.0 + f64::from(day % 7)).collect();
    values[60] = 1e15;
    let forecast = ask(&values, 14);
    check_sane(&forecast, 14, &values);
    assert!(forecast.steps.iter().all(|step| step.median < 100.0), "{:?}", forecast.steps[0]);
}

#[test]
fn a_spike_of_yesterday_does_not_set_the_level_for_weeks() {
    let mut values: Vec<f64> = (0..200).map(|day| 10.0 + f64::from(day % 7)).collect();
    *values.last_mut().unwrap() = 5000.0;
    let forecast = ask(&values, 14);
    check_sane(&forecast, 14, &values);
    assert!(forecast.steps.iter().all(|step| step.median < 1500.0), "{:?}", forecast.steps[7]);
}

#[test]
fn values_near_the_ends_of_what_can_be_written_stay_finite() {
    for scale in [1e300, 1e-300, 1e150] {
        for sign in [1.0, -1.0] {
            let values: Vec<f64> = (0..60).map(|day| sign * scale * (1.0 + 0.1 * f64::from(day % 5))).collect();
            let forecast = ask(&values, 6);
            check_sane(&forecast, 6, &values);
            assert!(forecast.steps.iter().all(|step| (0.3..3.0).contains(&(step.mean / (sign * scale)))), "{scale}");
        }
    }
}

#[test]
fn a_horizon_far_longer_than_the_history_is_answered() {
    let values: Vec<f64> = (0..20).map(|day| 50.0 + f64::from(day) + f64::from(day % 3)).collect();
    let forecast = ask(&values, 2000);
    check_sane(&forecast, 2000, &values);
    let last = &forecast.steps[1999];
    assert!(last.mean < 50.0 * 20.0, "a trend of twenty days is not believed for years: {}", last.mean);
}

#[test]
fn a_season_longer_than_the_history_is_let_go() {
    let values: Vec<f64> = (0..30).map(|day| 5.0 + f64::from(day % 4)).collect();
    for season in [30, 365, 100_000, usize::MAX / 4] {
        let options = ForecastOptions { season: Season::Periods(season), ..ForecastOptions::for_any_series(8) };
        check_sane(&forecast(&daily(&values), &options), 8, &values);
    }
}

#[test]
fn a_hundred_thousand_minutes_are_forecast_with_their_daily_round() {
    let calendar = Calendar::new(Stamp::parse("2024-01-01 00:00").unwrap(), Frequency::parse("15min").unwrap());
    let round = |t: usize| 100.0 + 50.0 * ((t % 96) as f64 / 96.0 * std::f64::consts::TAU).sin();
    let values: Vec<f64> = (0..100_000).map(|t| round(t) + (t * 7919 % 13) as f64).collect();
    let series = Series::new("s", calendar, values.clone()).unwrap();
    let forecast = forecast(&series, &ForecastOptions::for_any_series(96));
    check_sane(&forecast, 96, &values);
    for (step, expected) in forecast.steps.iter().zip(100_000..) {
        assert!((step.mean - round(expected) - 6.0).abs() < 15.0, "{expected} {}", step.mean);
    }
}

#[test]
fn a_long_gap_is_bridged_without_an_echo_of_it() {
    let mut values: Vec<f64> = (0..300).map(|day| 20.0 + 5.0 * f64::from(day % 7)).collect();
    values[120..220].fill(f64::NAN);
    let forecast = ask(&values, 14);
    check_sane(&forecast, 14, &values);
    for (step, day) in forecast.steps.iter().zip(300..) {
        assert!((step.mean - 20.0 - 5.0 * f64::from(day % 7)).abs() < 3.0, "{}", step.mean);
    }
}

#[test]
fn a_wild_neighbour_does_not_spoil_the_others() {
    let calm = |shift: usize| (0..120).map(|day| 30.0 + ((day * 31 + shift * 17) % 9) as f64).collect::<Vec<_>>();
    let mut all: Vec<Series> = (0..12).map(|shift| daily(&calm(shift))).collect();
    let wild: Vec<f64> = (0..120).map(|day| if day % 11 == 0 { 1e12 } else { 1.0 }).collect();
    all.push(daily(&wild));
    all.push(daily(&[f64::NAN; 120]));
    all.push(daily(&[1.0]));
    let forecasts = forecast_all(&all, &ForecastOptions::for_any_series(7));
    for (forecast, shift) in forecasts.iter().zip(0..12) {
        check_sane(forecast, 7, &calm(shift));
        assert!(forecast.steps.iter().all(|step| (25.0..45.0).contains(&step.mean) && step.intervals[1].hi < 90.0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_frequency_season_and_level_gives_ordered_finite_intervals(
        values in prop::collection::vec(prop_oneof![
            6 => 0.0..1000.0, 2 => Just(0.0), 1 => Just(f64::NAN), 1 => -1e6..1e6, 1 => Just(1e15), 1 => Just(1e-12),
        ], 1..90),
        horizon in 0_usize..120,
        season in prop_oneof![Just(None), (1_usize..200).prop_map(Some)],
        frequency in prop_oneof![
            Just("1"), Just("15min"), Just("H"), Just("D"), Just("B"), Just("W"), Just("M"), Just("Q"), Just("Y")
        ],
        percents in prop::collection::vec(0.1..99.9_f64, 0..4),
    ) {
        let start = if frequency == "1" { "3" } else { "2023-01-31" };
        let calendar = Calendar::new(Stamp::parse(start).unwrap(), Frequency::parse(frequency).unwrap());
        let series = Series::new("s", calendar, values.clone()).unwrap();
        let mut levels = vec![Level::EIGHTY, Level::NINETY_FIVE];
        levels.extend(percents.iter().map(|percent| Level::percent(*percent).unwrap()));
        let options = ForecastOptions {
            levels,
            season: season.map_or(Season::Detect, Season::Periods),
            ..ForecastOptions::for_any_series(horizon)
        };
        let forecast = forecast(&series, &options);
        if values.iter().all(|value| value.is_nan()) {
            prop_assert_eq!(forecast.status, Status::NothingObserved);
        } else {
            check_sane(&forecast, horizon, &values);
            prop_assert!(forecast.steps.windows(2).all(|pair| pair[0].stamp < pair[1].stamp));
        }
    }
}

#[test]
fn a_series_that_wakes_up_at_its_end_gets_finite_intervals() {
    let values = [-49.99, 0.0, f64::NAN, 0.0, 0.0, 1.0, 2.0, 0.0];
    let forecast = ask(&values, 1);
    let step = &forecast.steps[0];
    for interval in step.intervals.iter().chain(&step.cumulative.intervals) {
        assert!(interval.lo.is_finite() && interval.hi.is_finite(), "{step:?}");
    }
}
