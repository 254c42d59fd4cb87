//! What is learnt once serves any part of the series, on any machine, with the answers of one process.

use proptest::prelude::*;
use shelfiq_forecast::{
    Calendar, Experience, Fitted, Forecast, ForecastOptions, Frequency, Regressor, Series, Stamp, forecast_all, learn,
    train,
};

/// A repeatable scatter between 0 and 1.
fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

const HORIZON: usize = 7;

/// Skus of all kinds: steady and rare sellers, young and silent ones, with prices or without, whole units and weights.
fn shop(seed: u64, count: u64, days: usize) -> Vec<Series> {
    let one = |sku: u64| {
        let days = if noise(seed + sku) < 0.1 { days / 8 } else { days };
        let rate = [0.1, 1.0, 8.0, 60.0, 0.0][(noise(seed * 7 + sku) * 4.2) as usize];
        let price = |day: usize| if noise(sku * 977 + day as u64 / 9) < 0.2 { 7.5 } else { 10.0 };
        let value = |day: usize| {
            let sold = rate * (10.0 / price(day)) * if day % 7 > 4 { 1.8 } else { 0.7 };
            let sold = sold * -(1.0 - noise(seed + sku * 10_007 + day as u64)).ln();
            if sku.is_multiple_of(3) { sold } else { sold.floor() }
        };
        let calendar = Calendar::new(Stamp::parse("2024-01-01").expect("an ISO date"), Frequency::DAY);
        let series = Series::new(format!("sku-{sku}"), calendar, (0..days).map(value).collect()).expect("finite");
        let series = series.with_category("category", ["a", "b"][sku as usize % 2]);
        if sku.is_multiple_of(2) {
            return series;
        }
        let values = (0..days + 3 * HORIZON).map(price).collect();
        series.with_regressor(Regressor { name: "price".to_owned(), values }).expect("a price for each day")
    };
    (0..count).map(one).collect()
}

/// As if written by one process and read by another.
fn carried<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).expect("it can be written")).expect("it can be read")
}

/// The same series as known `days` before their ends; prices stay known.
fn before(series: &Series, days: usize) -> Series {
    let values = series.values()[..series.values().len() - days].to_vec();
    let past = Series::new(series.id(), *series.calendar(), values).expect("finite");
    let past = series.categories().iter().fold(past, |past, (name, value)| past.with_category(name, value));
    series.regressors().iter().cloned().try_fold(past, Series::with_regressor).expect("prices of all days")
}

/// Unlike `==`, tells `0.0` from `-0.0`.
fn text(forecast: &Forecast) -> String {
    serde_json::to_string(forecast).expect("it can be written")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_division_into_parts_gives_the_answers_of_one_process(
        seed in 0_u64..1000,
        count in 1_u64..40,
        days in 20_usize..100,
        parts in 1_u64..6,
    ) {
        let shop = shop(seed, count, days);
        let options = ForecastOptions::for_demand(HORIZON);
        let whole: Vec<String> = forecast_all(&shop, &options).iter().map(text).collect();
        let experience = carried(&learn(&shop, &options));
        prop_assert!(experience == learn(&shop, &options));
        let (same, all_fitted) = train(&shop, &options);
        prop_assert!(same == experience);
        prop_assert_eq!(&all_fitted, &experience.fit(&shop));
        for part in 0..parts {
            let places: Vec<usize> = (0..shop.len()).rev().filter(|sku| (noise(*sku as u64 + seed) * parts as f64) as u64 == part).collect();
            let series: Vec<Series> = places.iter().map(|place| carried(&shop[*place])).collect();
            let found = experience.forecast(&series);
            let fitted: Vec<Fitted> = experience.fit(&series).iter().map(carried).collect();
            for (((place, series), found), fitted) in places.iter().zip(&series).zip(found).zip(fitted) {
                prop_assert_eq!(&whole[*place], &text(&found));
                prop_assert_eq!(&whole[*place], &text(&experience.forecast_fitted(&fitted, series)), "fitted");
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let shop = shop(3, 60, 120);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let experience = learn(&shop, &ForecastOptions::for_demand(HORIZON));
            let fitted = experience.fit(&shop);
            (experience, fitted)
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn a_history_that_has_grown_is_continued_from_its_new_end() {
    let now = shop(5, 60, 150);
    let then: Vec<Series> = now.iter().map(|series| before(series, 3)).collect();
    let options = ForecastOptions::for_demand(HORIZON);
    let experience = learn(&then, &options);
    let mut own = 0;
    for (fitted, series) in experience.fit(&then).iter().zip(&now) {
        let found = experience.forecast_fitted(fitted, series);
        let first = found.steps.first().map(|step| step.stamp);
        assert!(first.is_none() || first == Some(series.calendar().stamp(series.values().len())));
        // Weights are those of then, whatever the last three days would make of them.
        let old = experience.forecast_fitted(fitted, &before(series, 3));
        own += usize::from(found.members == old.members && found.skill == old.skill && found.steps != old.steps);
    }
    assert!(own > 40, "{own}");
}

#[test]
fn a_fit_of_no_use_is_made_anew() {
    let now = shop(5, 30, 150);
    let options = ForecastOptions::for_demand(HORIZON);
    let then: Vec<Series> = now.iter().map(|series| before(series, HORIZON + 1)).collect();
    let experience = learn(&then, &options);
    let fitted = experience.fit(&then);
    let anew = experience.forecast(&now);
    for (place, series) in now.iter().enumerate() {
        assert_eq!(experience.forecast_fitted(&fitted[place], series), anew[place], "grown by more than a horizon");
        let other = &fitted[(place + 1) % now.len()];
        assert_eq!(experience.forecast_fitted(other, series), anew[place], "of another series");
        let shorter = before(series, series.values().len() / 2);
        let found = experience.forecast_fitted(&fitted[place], &shorter);
        assert_eq!(found, experience.forecast(std::slice::from_ref(&shorter))[0], "shorter");
    }
}

#[test]
fn a_series_nobody_learnt_from_is_forecast_with_what_others_have_in_common() {
    let mut shop = shop(9, 80, 120);
    let newcomers = shop.split_off(70);
    let experience = learn(&shop, &ForecastOptions::for_demand(HORIZON));
    for (series, forecast) in newcomers.iter().zip(experience.forecast(&newcomers)) {
        assert_eq!(forecast.id, series.id());
        assert!(forecast.steps.iter().all(|step| step.mean.is_finite() && step.mean >= 0.0));
    }
}

#[test]
fn of_more_series_than_teach_each_is_forecast_all_the_same() {
    let calendar = Calendar::new(Stamp::Step(0), Frequency::STEP);
    let value = |sku: u64, t: u64| 20.0 + (sku % 50) as f64 + 5.0 * noise(sku * 31 + t);
    let one = |sku: u64| Series::new(format!("{sku}"), calendar, (0..14).map(|t| value(sku, t)).collect());
    let series: Vec<Series> = (0..4500).map(|sku| one(sku).expect("finite")).collect();
    let options = ForecastOptions::for_demand(2);
    let whole = forecast_all(&series, &options);
    let experience = learn(&series, &options);
    assert_eq!(experience.forecast(&series[..700]), whole[..700]);
    assert_eq!(experience.forecast(&series[4400..]), whole[4400..]);
    assert!(whole.iter().all(|forecast| forecast.steps.len() == 2));
}

#[test]
fn from_nothing_nothing_is_learnt_and_forecasts_are_as_wide_as_alone() {
    let options = ForecastOptions::for_demand(HORIZON);
    let experience = carried(&learn(&[], &options));
    let one = shop(1, 3, 60).remove(2);
    let found = experience.forecast(std::slice::from_ref(&one)).remove(0);
    assert_eq!(found.steps.len(), HORIZON);
    assert_eq!(experience.fit(&[]), []);
}

#[test]
fn a_damaged_experience_is_refused_and_says_what_to_do() {
    let options = ForecastOptions::for_demand(HORIZON);
    let whole = serde_json::to_value(learn(&shop(1, 5, 60), &options)).expect("it can be written");
    let broken = |change: fn(&mut serde_json::Value)| {
        let mut value = whole.clone();
        change(&mut value);
        serde_json::from_value::<Experience>(value).expect_err("it is damaged").to_string()
    };
    let found = [
        broken(|value| value["methods"][0] = "crystal-ball".into()),
        broken(|value| drop(value["methods"].as_array_mut().expect("a list").pop())),
        broken(|value| value["stranger"][0]["absolute"]["shares"] = serde_json::json!([])),
        broken(|value| value["stranger"][1]["single"]["by_step"] = serde_json::json!([])),
        broken(|value| value["options"]["levels"] = serde_json::json!([50.0, 80.0, 95.0])),
    ];
    assert!(found.iter().all(|message| message.contains("learn again")), "{found:?}");
}
