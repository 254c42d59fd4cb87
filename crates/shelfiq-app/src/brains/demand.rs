//! Demand forecasts: one daily series per Sku, their sums, and the shop's net revenue.

use rayon::prelude::*;
use shelfiq_core::HolidayCountry;
use shelfiq_forecast::{
    Calendar, Forecast, ForecastOptions, Frequency, Level, Part, Regressor, Series, Stamp, explain,
};

use super::demand_sums::{ShopDemand, Sway, sum_series};
use super::seasonal_naive::seasonal_naive;
use crate::facts::{Daily, ShopFacts, SkuFacts};
use crate::models::TrainedDemand;
use crate::models::recipe::{DemandDrivers, DemandMethod, DemandRecipe};

/// Days ahead that are forecast and stored.
pub(crate) const HORIZON_DAYS: usize = 56;
/// Days over which effects are counted and units are shown.
pub(crate) const EFFECT_DAYS: usize = 28;
/// Older days teach little about today and cost time.
pub(crate) const HISTORY_DAYS_MAX: usize = 3 * 365;
/// Name of the shop's revenue series.
pub(crate) const REVENUE_SERIES: &str = "net_revenue";

/// Forecasts every Sku by a recipe, and with them the sums, all from scratch.
pub(crate) fn forecast_skus(facts: &ShopFacts, recipe: &DemandRecipe) -> ShopDemand {
    let options = options(HORIZON_DAYS, recipe, &facts.countries);
    let sums = shelfiq_forecast::forecast_all(&sum_series(facts), &options);
    match recipe.method {
        DemandMethod::Ensemble => {
            let series: Vec<Series> = facts.skus.iter().map(|sku| sku_series(sku, recipe)).collect();
            ShopDemand::of(facts, shelfiq_forecast::forecast_all(&series, &options), sums, Sway::Mutual)
        }
        DemandMethod::SeasonalNaive => ShopDemand::of(facts, repeat_last_week(facts), sums, Sway::SkusAlone),
    }
}

/// Forecasts every Sku and the sums by a model that was trained before.
pub(crate) fn forecast_trained(facts: &ShopFacts, recipe: &DemandRecipe, model: &TrainedDemand) -> ShopDemand {
    let series: Vec<Series> = facts.skus.iter().map(|sku| sku_series(sku, recipe)).collect();
    ShopDemand::of(facts, model.forecast(&series), model.forecast_sums(&sum_series(facts)), Sway::Mutual)
}

/// Every Sku's last week, again.
pub(crate) fn repeat_last_week(facts: &ShopFacts) -> Vec<Forecast> {
    facts.skus.par_iter().map(|sku| seasonal_naive(sku, HORIZON_DAYS, &judged_levels())).collect()
}

/// What the next [`EFFECT_DAYS`] days of each forecast are made of, in the order of `facts.skus`.
pub(crate) fn explain_skus(facts: &ShopFacts, recipe: &DemandRecipe, forecasts: &[Forecast]) -> Vec<Vec<Part>> {
    let options = options(HORIZON_DAYS, recipe, &facts.countries);
    let near = |forecast: &Forecast| Forecast {
        steps: forecast.steps.iter().take(EFFECT_DAYS).cloned().collect(),
        ..forecast.clone()
    };
    let explained = facts.skus.par_iter().zip(forecasts);
    explained.map(|(sku, forecast)| explain(&sku_series(sku, recipe), &options, &near(forecast)).total()).collect()
}

/// Forecasts one Sku alone, without holidays: what one Sku tells of them is little.
pub(crate) fn forecast_sku(sku: &SkuFacts, recipe: &DemandRecipe, horizon_days: usize) -> Forecast {
    match recipe.method {
        DemandMethod::Ensemble => {
            shelfiq_forecast::forecast(&sku_series(sku, recipe), &options(horizon_days, recipe, &[]))
        }
        DemandMethod::SeasonalNaive => seasonal_naive(sku, horizon_days, &judged_levels()),
    }
}

/// Levels of intervals: 80 and 95 % are shown, all are compared with what happens.
pub(crate) fn judged_levels() -> Vec<Level> {
    let level = |percent| Level::percent(percent).expect("a share of a hundred");
    vec![level(50.0), Level::EIGHTY, level(90.0), Level::NINETY_FIVE]
}

pub(crate) fn options(horizon_days: usize, recipe: &DemandRecipe, countries: &[HolidayCountry]) -> ForecastOptions {
    ForecastOptions {
        levels: judged_levels(),
        season: recipe.season,
        holidays: countries.to_vec(),
        ..ForecastOptions::for_demand(horizon_days)
    }
}

/// Forecasts the shop's daily net revenue.
pub(crate) fn forecast_revenue(facts: &ShopFacts) -> Forecast {
    let series = daily_series(REVENUE_SERIES, &facts.daily_net_revenue, None, HISTORY_DAYS_MAX);
    let options = ForecastOptions { holidays: facts.countries.clone(), ..ForecastOptions::for_demand(HORIZON_DAYS) };
    shelfiq_forecast::forecast(&series, &options)
}

/// A Sku's units and, if the recipe looks at them, what moved them.
pub(crate) fn sku_series(sku: &SkuFacts, recipe: &DemandRecipe) -> Series {
    let history_days_max = recipe.history_days_max;
    let series = daily_series(sku.sku.as_str(), &sku.daily_units(), Some(&sku.was_out_of_stock), history_days_max);
    let series = match &sku.category {
        Some(category) => series.with_category("category", category),
        None => series,
    };
    match recipe.drivers {
        DemandDrivers::SalesOnly => series,
        DemandDrivers::PriceAndPromotions => with_price_and_promotions(series, sku, history_days_max),
    }
}

/// The price stays as it is, and no promotion is planned: that is what is known of the days ahead.
fn with_price_and_promotions(series: Series, sku: &SkuFacts, history_days_max: usize) -> Series {
    let skipped = sku.units.len().saturating_sub(history_days_max);
    let regressor = |name: &str, past: Vec<f64>, ahead: f64| Regressor {
        name: name.to_owned(),
        values: past.into_iter().skip(skipped).chain(std::iter::repeat_n(ahead, HORIZON_DAYS)).collect(),
    };
    let price_now = sku.price.last().copied().unwrap_or(f64::NAN);
    let promotion = sku.had_promotion.iter().map(|had| f64::from(u8::from(*had))).collect();
    [regressor("price", sku.price.clone(), price_now), regressor("promotion", promotion, 0.0)]
        .into_iter()
        .try_fold(series, Series::with_regressor)
        .expect("daily lists of a Sku are aligned")
}

pub(super) fn daily_series(id: &str, daily: &Daily<f64>, censored: Option<&[bool]>, history_days_max: usize) -> Series {
    let skipped = daily.values.len().saturating_sub(history_days_max);
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
