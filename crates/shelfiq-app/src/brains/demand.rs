//! Demand forecasts: one daily series per Sku, and the shop's net revenue.

use shelfiq_forecast::{Calendar, Forecast, ForecastOptions, Frequency, Series, Stamp};

use crate::facts::{Daily, ShopFacts, SkuFacts};

/// Days ahead that are forecast and stored.
pub(crate) const HORIZON_DAYS: usize = 56;
/// Days over which effects are counted and units are shown.
pub(crate) const EFFECT_DAYS: usize = 28;
/// Older days teach little about today and cost time.
const HISTORY_DAYS_MAX: usize = 3 * 365;
/// Name of the shop's revenue series.
pub(crate) const REVENUE_SERIES: &str = "net_revenue";

/// Forecasts every Sku, in the order of `facts.skus`.
pub(crate) fn forecast_skus(facts: &ShopFacts) -> Vec<Forecast> {
    let series: Vec<Series> = facts.skus.iter().map(sku_series).collect();
    shelfiq_forecast::forecast_all(&series, &ForecastOptions::for_demand(HORIZON_DAYS))
}

/// Forecasts the shop's daily net revenue.
pub(crate) fn forecast_revenue(facts: &ShopFacts) -> Forecast {
    let series = daily_series(REVENUE_SERIES, &facts.daily_net_revenue, None);
    shelfiq_forecast::forecast(&series, &ForecastOptions::for_demand(HORIZON_DAYS))
}

fn sku_series(sku: &SkuFacts) -> Series {
    daily_series(sku.sku.as_str(), &sku.daily_units(), Some(&sku.was_out_of_stock))
}

fn daily_series(id: &str, daily: &Daily<f64>, censored: Option<&[bool]>) -> Series {
    let skipped = daily.values.len().saturating_sub(HISTORY_DAYS_MAX);
    let start = daily.first_day + chrono::Days::new(skipped as u64);
    let calendar = Calendar::new(Stamp::Date(start), Frequency::DAY);
    let values: Vec<f64> =
        daily.values[skipped..].iter().map(|value| if value.is_finite() { *value } else { f64::NAN }).collect();
    let series = Series::new(id, calendar, values).expect("infinite values were just replaced");
    match censored {
        Some(censored) => series.with_censored(censored[skipped..].to_vec()).expect("daily lists of a Sku are aligned"),
        None => series,
    }
}

/// The day of a forecast step.
pub(crate) fn day_of(stamp: Stamp) -> chrono::NaiveDate {
    match stamp {
        Stamp::Date(day) => day,
        Stamp::Time(time) => time.date(),
        Stamp::Step(_) => unreachable!("product series have calendar days"),
    }
}
