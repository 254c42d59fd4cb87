//! What every forecast promises, whatever the series.

use proptest::prelude::*;
use shelfiq_forecast::{
    BacktestOptions, Calendar, Forecast, ForecastOptions, Frequency, Level, Season, Series, Stamp, Status, backtest,
    forecast, forecast_all,
};

fn series(id: &str, values: &[f64]) -> Series {
    let start = Calendar::new(Stamp::parse("2023-01-02").expect("an ISO date"), Frequency::DAY);
    Series::new(id, start, values.to_vec()).expect("no value is infinite")
}

/// A repeatable scatter between 0 and 1.
fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn shop(count: u64, length: u64) -> Vec<Series> {
    let demand = |sku: u64, day: u64| {
        let rate = (0.2 + 8.0 * noise(sku) * noise(sku + 900)) * if day % 7 > 4 { 1.8 } else { 0.7 };
        (rate * -(1.0 - noise(sku * 10_007 + day)).ln()).floor()
    };
    (0..count)
        .map(|sku| series(&format!("sku-{sku}"), &(0..length).map(|day| demand(sku, day)).collect::<Vec<_>>()))
        .collect()
}

fn check_sane(forecast: &Forecast, horizon: usize, nonnegative: bool) {
    assert_eq!(forecast.steps.len(), horizon);
    let bottom = if nonnegative { 0.0 } else { f64::NEG_INFINITY };
    for step in &forecast.steps {
        let (inner, outer) = (step.intervals[0], step.intervals[1]);
        let ends = [outer.lo, inner.lo, inner.hi, outer.hi];
        assert!(ends.is_sorted(), "{ends:?}");
        assert!(ends.iter().chain([&step.mean, &step.median]).all(|value| value.is_finite() && *value >= bottom));
        assert!(inner.lo <= step.median && step.median <= inner.hi, "{step:?}");
        let sum = step.cumulative.intervals[1];
        assert!(sum.lo.is_finite() && sum.lo <= step.cumulative.mean && step.cumulative.mean <= sum.hi, "{step:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn any_series_gets_finite_ordered_forecasts(
        values in prop::collection::vec(prop_oneof![
            4 => Just(0.0), 4 => 0.0..100.0, 2 => (0_u32..9).prop_map(f64::from), 1 => -50.0..50.0, 1 => Just(f64::NAN), 1 => 1e11..1e12,
        ], 1..120),
        horizon in 1_usize..30,
    ) {
        let series = series("s", &values);
        let forecast = forecast(&series, &ForecastOptions::for_any_series(horizon));
        if values.iter().all(|value| value.is_nan()) {
            prop_assert_eq!(forecast.status, Status::NothingObserved);
        } else {
            check_sane(&forecast, horizon, values.iter().all(|value| value.is_nan() || *value >= 0.0));
        }
    }

    #[test]
    fn demand_in_boxes_of_sixteen_is_forecast_as_sixteen_times_demand_in_units(
        values in prop::collection::vec(1.0..100.0_f64, 10..80),
        // Powers of two leave no rounding that could tip a search for parameters to another valley.
        scale in prop_oneof![Just(16.0), Just(1.0 / 1024.0), Just(1_048_576.0)],
    ) {
        let options = ForecastOptions::for_any_series(7);
        let units = forecast(&series("s", &values), &options);
        let scaled = forecast(&series("s", &values.iter().map(|value| value * scale).collect::<Vec<_>>()), &options);
        for (one, other) in units.steps.iter().zip(&scaled.steps) {
            prop_assert!((one.mean * scale - other.mean).abs() <= 0.02 * scale * one.mean.abs(), "{} {}", one.mean, other.mean);
        }
    }
}

#[test]
fn constant_series_stay_constant() {
    for value in [0.0, 7.0, -3.0, 1e9] {
        let forecast = forecast(&series("s", &[value; 40]), &ForecastOptions::for_any_series(10));
        assert!(forecast.steps.iter().all(|step| (step.mean - value).abs() <= 1e-6 * value.abs()), "{value}");
    }
}

#[test]
fn one_observation_gives_a_level_that_says_it_is_no_more() {
    let forecast = forecast(&series("s", &[5.0]), &ForecastOptions::for_demand(3));
    assert!(matches!(forecast.status, Status::ShortHistory { observed: 1, .. }));
    assert!(forecast.steps.iter().all(|step| (step.mean - 5.0).abs() < 1e-9));
    assert!(forecast.steps[0].intervals[1].hi > 5.0);
}

#[test]
fn steps_go_on_where_the_series_ends() {
    let forecast = forecast(&series("s", &[1.0; 10]), &ForecastOptions::for_demand(2));
    let stamps: Vec<String> = forecast.steps.iter().map(|step| step.stamp.to_string()).collect();
    assert_eq!(stamps, ["2023-01-12", "2023-01-13"]);
}

#[test]
fn a_weekly_profile_is_learnt() {
    let week = [10.0, 10.0, 10.0, 10.0, 20.0, 40.0, 0.0];
    let values: Vec<f64> = (0..140).map(|day| week[day % 7] * (0.9 + 0.2 * noise(day as u64))).collect();
    let forecast = forecast(&series("s", &values), &ForecastOptions::for_demand(7));
    for (step, truth) in forecast.steps.iter().zip(week) {
        assert!((step.mean - truth).abs() < 2.0, "{} {truth}", step.mean);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let shop = shop(30, 120);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| forecast_all(&shop, &ForecastOptions::for_demand(14)))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn later_demand_does_not_change_what_was_forecast_before_it() {
    let short = shop(12, 100);
    let long: Vec<Series> = shop(12, 130);
    let options = BacktestOptions { forecast: ForecastOptions::for_demand(10), windows: 1 };
    let clock = shelfiq_core::ManualClock::new(chrono::DateTime::UNIX_EPOCH);
    // The same origin, seen from a shorter and from a longer history.
    let cut: Vec<Series> = long.iter().map(|series| self::series(series.id(), &series.values()[..110])).collect();
    assert_eq!(
        forecast_all(&short, &options.forecast),
        forecast_all(
            &cut.iter().map(|s| self::series(s.id(), &s.values()[..100])).collect::<Vec<_>>(),
            &options.forecast
        ),
    );
    let scores = backtest(&cut, &options, &clock).scores;
    let mut altered = cut.clone();
    // Only what happened after the origin differs, so only the errors may, not which models took part.
    altered.iter_mut().for_each(|s| *s = self::series(s.id(), &[&s.values()[..100], &[50.0; 10]].concat()));
    let others = backtest(&altered, &options, &clock).scores;
    let models =
        |scores: &[shelfiq_forecast::Score]| -> Vec<String> { scores.iter().map(|s| s.model.clone()).collect() };
    assert_eq!(models(&scores), models(&others));
}

#[test]
fn intermittent_demand_is_neither_lost_nor_invented_in_total() {
    let shop = shop(150, 200);
    let history: Vec<Series> = shop.iter().map(|s| series(s.id(), &s.values()[..172])).collect();
    let forecasts = forecast_all(&history, &ForecastOptions::for_demand(28));
    let expected: f64 = forecasts.iter().flat_map(|f| &f.steps).map(|step| step.mean).sum();
    let actual: f64 = shop.iter().flat_map(|s| &s.values()[172..]).sum();
    assert!((expected / actual - 1.0).abs() < 0.08, "{expected} {actual}");
}

#[test]
fn intervals_hold_as_often_as_they_say() {
    let shop = shop(150, 200);
    let history: Vec<Series> = shop.iter().map(|s| series(s.id(), &s.values()[..172])).collect();
    let forecasts = forecast_all(&history, &ForecastOptions::for_demand(28));
    let pairs = || forecasts.iter().zip(&shop).flat_map(|(f, s)| f.steps.iter().zip(&s.values()[172..]));
    let share = |level: usize| {
        let inside = pairs().filter(|(step, y)| step.intervals[level].lo <= **y && **y <= step.intervals[level].hi);
        inside.count() as f64 / pairs().count() as f64
    };
    // Counts lie on steps, so an interval can hold more than asked but should not hold less.
    assert!((0.78..0.88).contains(&share(0)), "{}", share(0));
    assert!((0.93..0.98).contains(&share(1)), "{}", share(1));
}

#[test]
fn a_back_test_scores_the_ensemble_first_and_every_suitable_model() {
    let clock = shelfiq_core::ManualClock::new(chrono::DateTime::UNIX_EPOCH);
    let options = BacktestOptions {
        forecast: ForecastOptions { season: Season::Periods(7), ..ForecastOptions::for_demand(7) },
        windows: 2,
    };
    let found = backtest(&shop(10, 100), &options, &clock);
    assert_eq!(found.summary[0].model, "ensemble");
    assert_eq!(found.summary[0].series, 10);
    let rmsse = |model: &str| found.summary.iter().find(|m| m.model == model).unwrap().errors.rmsse.unwrap();
    assert!(rmsse("ensemble") < rmsse("seasonal-naive"));
    assert!(found.summary.iter().all(|model| model.errors.cover_95.unwrap() > 0.8));
}

#[test]
fn levels_outside_the_possible_are_refused() {
    assert!(Level::percent(0.0).is_err() && Level::percent(100.0).is_err() && Level::percent(f64::NAN).is_err());
    assert_eq!(Level::percent(97.5).unwrap().to_string(), "97.5");
}
