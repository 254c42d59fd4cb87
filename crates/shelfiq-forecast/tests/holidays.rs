//! Holidays and selling events: found where they move demand, harmless where they do not.

use chrono::{Datelike, NaiveDate};
use shelfiq_core::HolidayCountry;
use shelfiq_forecast::{
    Calendar, Cause, Experience, Forecast, ForecastOptions, Frequency, Series, Stamp, explain, forecast_all, train,
};

const HORIZON: usize = 28;
/// From 1 June 2022 to 15 November 2024: two Black Fridays were seen, the third follows.
const DAYS: usize = 899;
const US: [HolidayCountry; 1] = [HolidayCountry::UnitedStates];

fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn day(t: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 6, 1).expect("a day") + chrono::Days::new(t as u64)
}

/// A shop closed at Thanksgiving that sells three times as much on Black Friday and twice as much on Cyber Monday.
fn black_friday(day: NaiveDate) -> f64 {
    let of = |name: &str| US[0].holidays(day.year()).iter().any(|(on, holiday)| *on == day && holiday.name == name);
    match () {
        () if of("Thanksgiving") => 0.0,
        () if of("Black Friday") => 3.0,
        () if of("Cyber Monday") => 2.0,
        () => 1.0,
    }
}

fn expected(sku: usize, t: usize, effect: fn(NaiveDate) -> f64) -> f64 {
    let rate = [2.0, 6.0, 20.0][sku % 3];
    rate * if day(t).weekday().number_from_monday() > 5 { 1.5 } else { 0.8 } * effect(day(t))
}

fn shop(effect: fn(NaiveDate) -> f64) -> Vec<Series> {
    let one = |sku: usize| {
        // Days that are good or bad for all, and chance.
        let sold = |t: usize| {
            let luck = (0.3 * (noise(t as u64) - 0.5)).exp();
            (expected(sku, t, effect) * luck * (0.5 + noise((sku * 100_003 + t) as u64))).round()
        };
        let calendar = Calendar::new(Stamp::Date(day(0)), Frequency::DAY);
        Series::new(format!("sku-{sku:02}"), calendar, (0..DAYS).map(sold).collect()).expect("finite")
    };
    (0..12).map(one).collect()
}

fn options(holidays: &[HolidayCountry]) -> ForecastOptions {
    ForecastOptions { holidays: holidays.to_vec(), ..ForecastOptions::for_demand(HORIZON) }
}

/// Absolute error against what is truly expected, over all days and over those with an effect.
fn errors(forecasts: &[Forecast], effect: fn(NaiveDate) -> f64) -> (f64, f64) {
    let (mut all, mut moved) = (0.0, 0.0);
    for (sku, forecast) in forecasts.iter().enumerate() {
        for (step, found) in forecast.steps.iter().enumerate() {
            let error = (found.mean - expected(sku, DAYS + step, effect)).abs();
            all += error;
            moved += if effect(day(DAYS + step)) == 1.0 { 0.0 } else { error };
        }
    }
    (all, moved)
}

#[test]
fn black_friday_is_foreseen_by_who_knows_the_country() {
    let shop = shop(black_friday);
    let without = errors(&forecast_all(&shop, &options(&[])), black_friday);
    let with = errors(&forecast_all(&shop, &options(&US)), black_friday);
    assert!(with.1 < 0.35 * without.1, "{with:?} {without:?}");
    assert!(with.0 < 0.8 * without.0, "{with:?} {without:?}");
}

#[test]
fn an_explanation_says_what_holidays_add() {
    let (shop, options) = (shop(black_friday), options(&US));
    for (series, forecast) in shop.iter().zip(forecast_all(&shop, &options)).take(3) {
        for (step, explained) in forecast.steps.iter().zip(explain(series, &options, &forecast).steps) {
            let sum: f64 = explained.parts.iter().map(|part| part.amount).sum();
            assert!((sum - step.mean).abs() < 1e-9 * step.mean.max(1.0), "{explained:?}");
            let holidays = explained.parts.last().unwrap();
            assert_eq!(holidays.cause, Cause::Holidays);
            match step.stamp.to_string().as_str() {
                "2024-11-29" => assert!(holidays.amount > 0.5 * step.mean, "{explained:?}"),
                "2024-11-20" => assert_eq!(holidays.amount, 0.0, "{explained:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn holidays_on_which_nothing_happens_change_next_to_nothing() {
    let shop = shop(|_| 1.0);
    let without = errors(&forecast_all(&shop, &options(&[])), |_| 1.0);
    let with = errors(&forecast_all(&shop, &options(&US)), |_| 1.0);
    assert!(with.0 < 1.03 * without.0, "{with:?} {without:?}");
}

#[test]
fn what_was_learnt_of_holidays_can_be_stored_and_a_fit_knows_it() {
    let shop = shop(black_friday);
    let (experience, fitted) = train(&shop, &options(&US));
    let read: Experience = serde_json::from_str(&serde_json::to_string(&experience).unwrap()).unwrap();
    assert_eq!(read, experience);
    for (series, fitted) in shop.iter().zip(&fitted).take(4) {
        let at_once = experience.forecast(std::slice::from_ref(series)).remove(0);
        assert_eq!(read.forecast_fitted(fitted, series), at_once);
    }
}

#[test]
fn an_experience_from_before_holidays_reads_and_one_of_other_holidays_is_refused() {
    let shop = shop(black_friday);
    let (experience, _) = train(&shop[..4], &options(&[]));
    let mut old = serde_json::to_value(&experience).unwrap();
    old.as_object_mut().unwrap().remove("occasions").unwrap();
    old["options"].as_object_mut().unwrap().remove("holidays").unwrap();
    assert_eq!(serde_json::from_value::<Experience>(old).unwrap(), experience);

    let (experience, _) = train(&shop[..4], &options(&US));
    let mut other = serde_json::to_value(&experience).unwrap();
    other["options"]["holidays"] = serde_json::json!(["GB"]);
    let refused = serde_json::from_value::<Experience>(other).unwrap_err().to_string();
    assert!(refused.contains("other holidays"), "{refused}");
}
