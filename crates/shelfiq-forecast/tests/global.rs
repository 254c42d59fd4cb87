//! What series learn from each other.

use shelfiq_forecast::{
    BacktestOptions, Calendar, Forecast, ForecastOptions, Frequency, Regressor, Series, Stamp, backtest, forecast_all,
};

const WEEKS: usize = 90;
const HORIZON: usize = 8;

/// A repeatable scatter between 0 and 1.
fn noise(seed: usize) -> f64 {
    let mut x = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(77);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The price of a week: usual, or a quarter off in one week of six.
fn price(sku: usize, week: usize) -> f64 {
    let usual = 4.0 + (sku % 7) as f64;
    if noise(sku * 1000 + week) < 1.0 / 6.0 { 0.75 * usual } else { usual }
}

/// Demand triples in an offer, and halves in the week after; no single elasticity says that.
fn demand(sku: usize, week: usize) -> f64 {
    let is_offer = |week: usize| noise(sku * 1000 + week) < 1.0 / 6.0;
    let level = 20.0 + 10.0 * (sku % 11) as f64;
    let pull = if is_offer(week) { 3.0 } else { 1.0 } * if week > 0 && is_offer(week - 1) { 0.5 } else { 1.0 };
    (level * pull * (0.9 + 0.2 * noise(sku * 777 + week * 13))).round()
}

fn sku(sku: usize, weeks: usize, price_of: impl Fn(usize) -> f64) -> Series {
    let calendar = Calendar::new(Stamp::parse("2023-01-01").expect("an ISO date"), Frequency::WEEK);
    let prices = (0..weeks + HORIZON).map(price_of).collect();
    Series::new(format!("sku-{sku}"), calendar, (0..weeks).map(|week| demand(sku, week)).collect())
        .and_then(|series| series.with_regressor(Regressor { name: "price".to_owned(), values: prices }))
        .expect("finite values, one price for each week")
}

fn shop(count: usize) -> Vec<Series> {
    (0..count).map(|index| sku(index, WEEKS, |week| price(index, week))).collect()
}

fn share(forecast: &Forecast, model: &str) -> f64 {
    forecast.members.iter().filter(|member| member.model == model).map(|member| member.weight).sum()
}

fn wape(forecasts: &[Forecast]) -> f64 {
    let pairs = || {
        forecasts.iter().enumerate().flat_map(|(index, forecast)| {
            forecast.steps.iter().enumerate().map(move |(step, found)| (found.median, demand(index, WEEKS + step)))
        })
    };
    pairs().map(|(found, actual)| (found - actual).abs()).sum::<f64>() / pairs().map(|(_, actual)| actual).sum::<f64>()
}

#[test]
fn a_shop_with_offers_learns_what_no_series_shows_alone() {
    let shop = shop(40);
    let options = ForecastOptions::for_demand(HORIZON);
    let together = forecast_all(&shop, &options);
    let trees = together.iter().map(|forecast| share(forecast, "trees")).sum::<f64>() / 40.0;
    assert!(trees > 0.3, "{trees}");
    let alone: Vec<Forecast> = shop.iter().map(|series| shelfiq_forecast::forecast(series, &options)).collect();
    assert!(wape(&together) < 0.85 * wape(&alone), "{} {}", wape(&together), wape(&alone));
}

#[test]
fn few_series_are_left_to_the_models_that_see_one() {
    let forecasts = forecast_all(&shop(5), &ForecastOptions::for_demand(HORIZON));
    assert!(forecasts.iter().all(|forecast| share(forecast, "trees") == 0.0));
}

#[test]
fn a_higher_price_never_sells_more() {
    let at = |factor: f64| {
        let mut shop = shop(30);
        shop[3] = sku(3, WEEKS, |week| if week < WEEKS { price(3, week) } else { factor * 7.0 });
        forecast_all(&shop, &ForecastOptions::for_demand(HORIZON)).swap_remove(3)
    };
    let sold: Vec<f64> = [0.75, 0.85, 1.0, 1.1].map(|factor| at(factor).steps[0].mean).to_vec();
    assert!(sold.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9), "{sold:?}");
    assert!(sold[0] > 1.8 * sold[2], "{sold:?}");
}

#[test]
fn back_tests_score_learners_like_models() {
    let clock = shelfiq_core::ManualClock::new(chrono::DateTime::UNIX_EPOCH);
    let options = BacktestOptions { forecast: ForecastOptions::for_demand(HORIZON), windows: 1 };
    let found = backtest(&shop(30), &options, &clock);
    let of = |model: &str| found.summary.iter().find(|row| row.model == model).expect("the model was tried");
    assert_eq!(of("trees").series, 30);
    assert!(of("trees").errors.wape < of("seasonal-naive").errors.wape);
}

#[test]
fn gaps_missing_prices_and_short_lives_do_not_keep_others_from_learning() {
    let mut shop = shop(40);
    let calendar = *shop[0].calendar();
    let holes: Vec<f64> = (0..WEEKS).map(|week| if week % 9 == 0 { f64::NAN } else { demand(0, week) }).collect();
    shop[0] = Series::new("holes", calendar, holes).expect("no value is infinite");
    shop[1] = Series::new("young", calendar, vec![3.0, 4.0]).expect("no value is infinite");
    shop[2] = Series::new("silent", calendar, vec![0.0; 50]).expect("no value is infinite");
    shop[3] = sku(3, WEEKS, |week| if week % 2 == 0 { f64::NAN } else { price(3, week) });
    let forecasts = forecast_all(&shop, &ForecastOptions::for_any_series(HORIZON));
    for forecast in &forecasts {
        assert_eq!(forecast.steps.len(), HORIZON);
        assert!(forecast.steps.iter().all(|step| step.mean.is_finite() && step.mean >= 0.0), "{}", forecast.id);
    }
    assert!(share(&forecasts[30], "trees") > 0.2);
}
