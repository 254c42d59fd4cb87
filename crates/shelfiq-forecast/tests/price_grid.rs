//! One fit answers for many price paths as it would for each.

use shelfiq_core::HolidayCountry;
use shelfiq_forecast::{Calendar, Forecast, ForecastOptions, Frequency, Regressor, Series, SeriesError, Stamp, train};

const HORIZON: usize = 14;
const DAYS: usize = 200;

fn noise(seed: usize) -> f64 {
    (seed.wrapping_mul(2_654_435_761) >> 7) as f64 % 997.0 / 997.0
}

/// Skus that sell twice as much at four fifths of the price, some of them rarely.
fn shop() -> Vec<Series> {
    let one = |sku: usize| {
        let rate = [0.3, 2.0, 12.0, 50.0][sku % 4];
        let price = |day: usize| if noise(sku * 31 + day / 8) < 0.25 { 8.0 } else { 10.0 };
        let sold = |day: usize| {
            let week = if day % 7 > 4 { 1.6 } else { 0.8 };
            (rate * week * (10.0_f64 / price(day)).powi(3) * -(1.0 - noise(sku * 977 + day * 13)).ln()).round()
        };
        let calendar = Calendar::new(Stamp::parse("2024-05-01").expect("an ISO date"), Frequency::DAY);
        let series = Series::new(format!("sku-{sku}"), calendar, (0..DAYS).map(sold).collect()).expect("finite");
        let values = (0..DAYS).map(price).chain(std::iter::repeat_n(10.0, HORIZON)).collect();
        series.with_regressor(Regressor { name: "price".to_owned(), values }).expect("a price for each day")
    };
    (0..24).map(one).collect()
}

fn total(forecast: &Forecast) -> f64 {
    forecast.steps.iter().map(|step| step.mean).sum()
}

#[test]
fn a_grid_of_prices_is_what_each_price_alone_is() {
    for holidays in [Vec::new(), vec![HolidayCountry::UnitedStates]] {
        let options = ForecastOptions { holidays, ..ForecastOptions::for_demand(HORIZON) };
        let shop = shop();
        let (experience, fitted) = train(&shop, &options);
        let mut answering = 0;
        for (series, fitted) in shop.iter().zip(&fitted) {
            let prices = [7.0, 8.0, 9.0, 10.0, 12.0].map(|price| vec![price; HORIZON]);
            let rising: Vec<f64> = (0..HORIZON).map(|step| 8.0 + step as f64 / 4.0).collect();
            let unknown = vec![f64::NAN; HORIZON];
            let paths = prices.into_iter().chain([rising, unknown]);
            let futures: Vec<Series> = paths.map(|path| series.with_coming("price", &path).unwrap()).collect();
            let grid = experience.forecast_grid(fitted, &futures);
            let alone: Vec<Forecast> =
                futures.iter().map(|future| experience.forecast_fitted(fitted, future)).collect();
            assert_eq!(grid, alone, "{}", series.id());
            answering += usize::from(total(&grid[0]) > 1.2 * total(&grid[4]));
        }
        assert!(answering > 15, "only {answering} of 24 Skus sell more at 7 than at 12");
    }
}

#[test]
fn a_price_that_is_not_there_cannot_come() {
    let series = &shop()[0];
    let error = series.with_coming("weather", &[1.0]).unwrap_err();
    assert_eq!(error, SeriesError::UnknownRegressor { id: "sku-0".to_owned(), regressor: "weather".to_owned() });
}

#[test]
#[should_panic(expected = "one past")]
fn futures_of_different_series_are_refused() {
    let shop = shop();
    let (experience, fitted) = train(&shop, &ForecastOptions::for_demand(HORIZON));
    let _ = experience.forecast_grid(&fitted[0], &shop[..2]);
}
