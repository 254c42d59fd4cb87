//! Writes what models said into the lake: the latest run replaces the one before; older versions stay readable `as of`.

use shelfiq_core::MerchantId;
use shelfiq_forecast::{Cause, Forecast, Interval, Level, Part, Status, Step};
use shelfiq_lake::tables::{
    DemandEffect, DemandEffectRows, Elasticity, ElasticityRows, ForecastPart, ForecastPartRows, ForecastRows,
    GroupForecastRows,
};
use shelfiq_lake::{Table, Zone, tables};
use shelfiq_pricing::{ElasticityReport, PriceSupport};

use crate::brains::demand::{EFFECT_DAYS, REVENUE_SERIES, day_of};
use crate::brains::demand_sums::{DemandGroup, GroupForecast, ShopDemand};
use crate::brains::elasticity::{Driver, RIVAL_FOLLOWS, SUBSTITUTES};
use crate::error::AppError;
use crate::platform::Platform;

/// Rows gathered before they go to disk.
const BATCH_ROWS: usize = 50_000;
/// Stands for the whole shop in the `sku` column.
pub(crate) const WHOLE_SHOP: &str = "(all)";
/// Stands for the Skus without a category in the `category` column.
pub(crate) const WITHOUT_CATEGORY: &str = "(none)";
/// What a group forecast is of.
pub(crate) const LEVEL_SHOP: &str = "shop";
pub(crate) const LEVEL_CATEGORY: &str = "category";
pub(crate) const LEVEL_STORE: &str = "store";
const UNITS: &str = "units";

pub(crate) async fn forecasts(
    platform: &Platform,
    merchant: MerchantId,
    skus: &[Forecast],
    revenue: &Forecast,
) -> Result<(), AppError> {
    let made_at = platform.clock.now();
    let mut writer = platform.lake.writer(merchant, Zone::Curated, Table::Forecasts).await?;
    writer.delete_all();
    let mut rows = ForecastRows::default();
    let all = skus.iter().map(|forecast| (forecast.id.as_str(), UNITS, forecast));
    for (sku, measure, forecast) in all.chain([(WHOLE_SHOP, REVENUE_SERIES, revenue)]) {
        if forecast.status == Status::NothingObserved {
            continue;
        }
        let class = class_name(forecast);
        for step in &forecast.steps {
            let [(lo_80, hi_80), (lo_95, hi_95), (sum_lo_80, sum_hi_80)] = ends(step);
            rows.push(tables::Forecast {
                sku,
                measure,
                day: day_of(step.stamp),
                step: "day",
                made_at,
                model: &forecast.model,
                mean: step.mean,
                median: step.median,
                lo_80,
                hi_80,
                lo_95,
                hi_95,
                sum_mean: step.cumulative.mean,
                sum_lo_80,
                sum_hi_80,
                status: status(forecast),
                demand_class: &class,
                mase: forecast.skill.map(|skill| skill.mase),
                wape: forecast.skill.and_then(|skill| skill.wape),
            })?;
        }
        if rows.len() >= BATCH_ROWS {
            writer.write(&rows.finish()?).await?;
        }
    }
    writer.write(&rows.finish()?).await?;
    writer.commit().await?;
    Ok(())
}

pub(crate) async fn group_forecasts(
    platform: &Platform,
    merchant: MerchantId,
    demand: &ShopDemand,
) -> Result<(), AppError> {
    let made_at = platform.clock.now();
    let mut writer = platform.lake.writer(merchant, Zone::Curated, Table::GroupForecasts).await?;
    writer.delete_all();
    let mut rows = GroupForecastRows::default();
    let groups = demand.groups.iter().map(|GroupForecast { group, skus, forecast }| {
        let (level, name) = match group {
            DemandGroup::WholeShop => (LEVEL_SHOP, WHOLE_SHOP),
            DemandGroup::Category(name) => (LEVEL_CATEGORY, name.as_deref().unwrap_or(WITHOUT_CATEGORY)),
        };
        (level, name, *skus, forecast)
    });
    let stores = demand.stores.iter().map(|one| (LEVEL_STORE, one.store.as_str(), one.skus, &one.forecast));
    for (level, name, skus, forecast) in groups.chain(stores) {
        for step in &forecast.steps {
            let [(lo_80, hi_80), (lo_95, hi_95), (sum_lo_80, sum_hi_80)] = ends(step);
            rows.push(tables::GroupForecast {
                level,
                name,
                day: day_of(step.stamp),
                made_at,
                skus: count(skus),
                mean: step.mean,
                median: step.median,
                lo_80,
                hi_80,
                lo_95,
                hi_95,
                sum_mean: step.cumulative.mean,
                sum_lo_80,
                sum_hi_80,
                status: status(forecast),
            })?;
        }
    }
    writer.write(&rows.finish()?).await?;
    writer.commit().await?;
    Ok(())
}

/// `parts` are those of `skus`, in their order; none at all where nothing is known of them.
pub(crate) async fn forecast_parts(
    platform: &Platform,
    merchant: MerchantId,
    skus: &[Forecast],
    parts: &[Vec<Part>],
) -> Result<(), AppError> {
    let made_at = platform.clock.now();
    let mut writer = platform.lake.writer(merchant, Zone::Curated, Table::ForecastParts).await?;
    writer.delete_all();
    let mut rows = ForecastPartRows::default();
    for (forecast, parts) in skus.iter().zip(parts) {
        for part in parts {
            let cause = match &part.cause {
                Cause::Level => "level",
                Cause::Holidays => "holidays",
                Cause::SeasonOfYear => "season_of_year",
                Cause::Trend => "trend",
                Cause::Season => "season",
                Cause::Regressor(name) => name,
            };
            rows.push(ForecastPart {
                sku: &forecast.id,
                cause,
                made_at,
                days: count(EFFECT_DAYS),
                amount: part.amount,
            })?;
        }
    }
    writer.write(&rows.finish()?).await?;
    writer.commit().await?;
    Ok(())
}

pub(crate) async fn elasticities(
    platform: &Platform,
    merchant: MerchantId,
    report: &ElasticityReport,
) -> Result<(), AppError> {
    let made_at = platform.clock.now();
    let mut writer = platform.lake.writer(merchant, Zone::Curated, Table::Elasticities).await?;
    writer.delete_all();
    let mut rows = ElasticityRows::default();
    let end = |support: Option<PriceSupport>, pick: fn(PriceSupport) -> f64| support.map(pick);
    for row in &report.rows {
        rows.push(Elasticity {
            sku: &row.id,
            made_at,
            elasticity: row.belief.mean,
            deviation: row.belief.sd,
            lo_95: row.lo_95,
            hi_95: row.hi_95,
            identified: row.identified(),
            reason: &row.reason,
            support_low: end(row.support, |support| support.min),
            support_high: end(row.support, |support| support.max),
            observations: count(row.n_obs),
            prices: count(row.n_prices),
        })?;
    }
    let population = &report.population;
    rows.push(Elasticity {
        sku: WHOLE_SHOP,
        made_at,
        elasticity: population.average.mean,
        deviation: population.average.sd,
        lo_95: population.lo_95,
        hi_95: population.hi_95,
        identified: population.identified,
        reason: &population.reason,
        support_low: None,
        support_high: None,
        observations: count(population.n_obs),
        prices: count(population.n_prices),
    })?;
    writer.write(&rows.finish()?).await?;
    writer.commit().await?;
    Ok(())
}

/// What is known of promotions, rivals and substitutes, and how far rivals follow; no row where nothing is.
pub(crate) async fn demand_effects(
    platform: &Platform,
    merchant: MerchantId,
    report: &ElasticityReport,
) -> Result<(), AppError> {
    let made_at = platform.clock.now();
    let mut writer = platform.lake.writer(merchant, Zone::Curated, Table::DemandEffects).await?;
    writer.delete_all();
    let mut rows = DemandEffectRows::default();
    for row in &report.rows {
        let controls = Driver::ALL.into_iter().map(Driver::as_str).zip(row.control_effects.iter().copied());
        let of_substitutes = row.cross_price.as_ref().map(|known| known.belief);
        let rival_follows = row.rival_reaction.map(|reaction| reaction.follows);
        let others = [(SUBSTITUTES, of_substitutes), (RIVAL_FOLLOWS, rival_follows)];
        for (driver, effect) in controls.chain(others) {
            let Some(effect) = effect else { continue };
            let sku = row.id.as_str();
            rows.push(DemandEffect { sku, driver, made_at, effect: effect.mean, deviation: effect.sd })?;
        }
    }
    writer.write(&rows.finish()?).await?;
    writer.commit().await?;
    Ok(())
}

/// Ends of the 80 and the 95 % interval of a step, and of the 80 % interval of the sum up to it.
fn ends(step: &Step) -> [(f64, f64); 3] {
    [
        bounds(&step.intervals, Level::EIGHTY, step.mean),
        bounds(&step.intervals, Level::NINETY_FIVE, step.mean),
        bounds(&step.cumulative.intervals, Level::EIGHTY, step.cumulative.mean),
    ]
}

fn bounds(intervals: &[Interval], level: Level, mean: f64) -> (f64, f64) {
    intervals
        .iter()
        .find(|interval| interval.level == level)
        .map_or((mean, mean), |interval| (interval.lo, interval.hi))
}

const fn status(forecast: &Forecast) -> &'static str {
    if matches!(forecast.status, Status::Ready) { "ready" } else { "not_enough_data" }
}

/// The kind of demand in one word.
pub(crate) fn class_name(forecast: &Forecast) -> String {
    serde_json::to_value(forecast.class).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
