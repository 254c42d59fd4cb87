//! The season of the year: learnt from what a panel shares, harmless where it shares none.

use std::f64::consts::TAU;

use chrono::{Datelike, NaiveDate};
use shelfiq_forecast::{
    Calendar, Cause, Experience, Forecast, ForecastOptions, Frequency, Season, Series, Stamp, explain, forecast_all,
    train,
};

const HORIZON: usize = 56;
/// From 1 April 2023 to 28 March 2025, when the year is on its way up.
const DAYS: usize = 728;
const SKUS: usize = 24;

fn noise(seed: usize) -> f64 {
    let mut x = (seed as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn day(t: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 4, 1).expect("a day") + chrono::Days::new(t as u64)
}

/// Logarithm of the factor of a day for Skus of a kind.
type Year = fn(kind: usize, t: usize) -> f64;

fn summer(_: usize, t: usize) -> f64 {
    0.5 * (TAU * (f64::from(day(t).ordinal()) - 196.0) / 365.25).cos()
}

fn summer_or_winter(kind: usize, t: usize) -> f64 {
    if kind == 0 { summer(kind, t) } else { -summer(kind, t) }
}

fn expected(sku: usize, t: usize, year: Year) -> f64 {
    let week = if t % 7 > 4 { 1.4 } else { 0.8 };
    [1.0, 3.0, 9.0][sku % 3] * week * year(sku % 2, t).exp()
}

fn panel(days: usize, year: Year) -> Vec<Series> {
    let one = |sku: usize| {
        let sold = |t: usize| (expected(sku, t, year) * (0.3 + 1.4 * noise(sku * 100_003 + t))).round();
        let calendar = Calendar::new(Stamp::Date(day(DAYS - days)), Frequency::DAY);
        let series = Series::new(format!("sku-{sku:02}"), calendar, (DAYS - days..DAYS).map(sold).collect());
        series.expect("finite").with_category("kind", format!("{}", sku % 2))
    };
    (0..SKUS).map(one).collect()
}

fn options() -> ForecastOptions {
    ForecastOptions::for_demand(HORIZON)
}

/// Absolute error against what is truly expected, as a share of it.
fn error(forecasts: &[Forecast], year: Year) -> f64 {
    let (mut error, mut sum) = (0.0, 0.0);
    for (sku, forecast) in forecasts.iter().enumerate() {
        for (step, found) in forecast.steps.iter().enumerate() {
            let truth = expected(sku, DAYS + step, year);
            (error, sum) = (error + (found.mean - truth).abs(), sum + truth);
        }
    }
    error / sum
}

#[test]
fn a_swell_that_came_last_year_is_foreseen() {
    let panel = panel(DAYS, summer);
    let found = forecast_all(&panel, &options());
    assert!(found.iter().all(|forecast| forecast.yearly_factors.len() == HORIZON));
    let last = |forecast: &Forecast| forecast.yearly_factors[HORIZON - 1];
    let truth = (summer(0, DAYS + HORIZON - 1) - summer(0, DAYS - 4)).exp();
    let mean = found.iter().map(last).sum::<f64>() / SKUS as f64;
    assert!((mean / truth - 1.0).abs() < 0.12, "{mean} {truth}");
    assert!(error(&found, summer) < 0.12, "{}", error(&found, summer));
    let once = forecast_all(&self::panel(400, summer), &options());
    assert!(error(&found, summer) < 0.7 * error(&once, summer), "{}", error(&once, summer));
}

#[test]
fn kinds_that_sell_at_opposite_times_have_seasons_of_their_own() {
    let found = forecast_all(&panel(DAYS, summer_or_winter), &options());
    for (sku, forecast) in found.iter().enumerate() {
        let grows = forecast.yearly_factors[HORIZON - 1] > 1.0;
        assert_eq!(grows, sku % 2 == 0, "{sku}: {:?}", forecast.yearly_factors);
    }
    assert!(error(&found, summer_or_winter) < 0.15, "{}", error(&found, summer_or_winter));
}

#[test]
fn where_the_year_does_nothing_next_to_nothing_is_made_of_it() {
    let found = forecast_all(&panel(DAYS, |_, _| 0.0), &options());
    for forecast in &found {
        let is_small = |factor: &f64| (factor - 1.0).abs() < 0.05;
        assert!(forecast.yearly_factors.iter().all(is_small), "{:?}", forecast.yearly_factors);
    }
}

#[test]
fn of_one_year_nothing_is_made_however_it_went() {
    let found = forecast_all(&panel(400, summer), &options());
    assert!(found.iter().all(|forecast| forecast.yearly_factors.is_empty()));
}

#[test]
fn who_asks_for_no_season_gets_none() {
    let options = ForecastOptions { season: Season::Periods(1), ..options() };
    let found = forecast_all(&panel(DAYS, summer), &options);
    assert!(found.iter().all(|forecast| forecast.yearly_factors.is_empty()));
}

#[test]
fn an_explanation_says_what_the_year_adds() {
    let panel = panel(DAYS, summer);
    for (series, forecast) in panel.iter().zip(forecast_all(&panel, &options())).take(4) {
        for (step, explained) in forecast.steps.iter().zip(explain(series, &options(), &forecast).steps) {
            let sum: f64 = explained.parts.iter().map(|part| part.amount).sum();
            assert!((sum - step.mean).abs() < 1e-9 * step.mean.max(1.0), "{explained:?}");
        }
        let total = explain(series, &options(), &forecast).total();
        let year = total.iter().find(|part| part.cause == Cause::SeasonOfYear).expect("the year has a part");
        let means: f64 = forecast.steps.iter().map(|step| step.mean).sum();
        assert!((0.05..0.6).contains(&(year.amount / means)), "{total:?}");
    }
}

#[test]
fn weeks_have_a_season_of_the_year_as_well() {
    let week = |sku: usize, t: usize| (7 * t..7 * t + 7).map(|t| expected(sku, t, summer)).sum::<f64>();
    let one = |sku: usize| {
        let sold = |t: usize| week(sku, t) * (0.8 + 0.4 * noise(sku * 100_003 + t));
        let calendar = Calendar::new(Stamp::Date(day(0)), Frequency::WEEK);
        Series::new(format!("sku-{sku:02}"), calendar, (0..DAYS / 7).map(sold).collect()).expect("finite")
    };
    let panel: Vec<Series> = (0..SKUS).map(one).collect();
    let found = forecast_all(&panel, &ForecastOptions::for_demand(8));
    for (sku, forecast) in found.iter().enumerate() {
        let step = &forecast.steps[7];
        let truth = week(sku, DAYS / 7 + 7);
        assert!((step.mean / truth - 1.0).abs() < 0.2, "{sku}: {} {truth}", step.mean);
        assert!(forecast.yearly_factors[7] > 1.1, "{:?}", forecast.yearly_factors);
    }
}

#[test]
fn what_was_learnt_of_the_year_can_be_stored_and_a_fit_knows_it() {
    let panel = panel(DAYS, summer_or_winter);
    let (experience, fitted) = train(&panel, &options());
    let read: Experience = serde_json::from_str(&serde_json::to_string(&experience).unwrap()).unwrap();
    assert_eq!(read, experience);
    for (series, fitted) in panel.iter().zip(&fitted).take(4) {
        let at_once = experience.forecast(std::slice::from_ref(series)).remove(0);
        assert_eq!(read.forecast_fitted(fitted, series), at_once);
        assert!(!at_once.yearly_factors.is_empty());
    }
}

#[test]
fn an_experience_from_before_seasons_of_the_year_reads() {
    let (experience, _) = train(&panel(200, summer)[..4], &options());
    let mut old = serde_json::to_value(&experience).unwrap();
    old.as_object_mut().unwrap().remove("yearly").unwrap();
    assert_eq!(serde_json::from_value::<Experience>(old).unwrap(), experience);
}
