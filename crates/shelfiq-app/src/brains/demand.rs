//! Demand forecasts: one daily series per Sku, and the shop's net revenue.

use shelfiq_forecast::{Calendar, Forecast, ForecastOptions, Frequency, Regressor, Series, Stamp};

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

/// A Sku's units with what moved them: its price, which stays as it is, and promotions, of which none is planned.
fn sku_series(sku: &SkuFacts) -> Series {
    let skipped = sku.units.len().saturating_sub(HISTORY_DAYS_MAX);
    let known_ahead = |name: &str, past: &mut dyn Iterator<Item = f64>, ahead: f64| Regressor {
        name: name.to_owned(),
        values: past.skip(skipped).chain(std::iter::repeat_n(ahead, HORIZON_DAYS)).collect(),
    };
    let price_now = sku.price.last().copied().unwrap_or(f64::NAN);
    let price = known_ahead("price", &mut sku.price.iter().copied(), price_now);
    let promotion = known_ahead("promotion", &mut sku.had_promotion.iter().map(|had| f64::from(u8::from(*had))), 0.0);
    let mut series = daily_series(sku.sku.as_str(), &sku.daily_units(), Some(&sku.was_out_of_stock));
    for regressor in [price, promotion] {
        series = series.with_regressor(regressor).expect("daily lists of a Sku are aligned");
    }
    match &sku.category {
        Some(category) => series.with_category("category", category),
        None => series,
    }
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
