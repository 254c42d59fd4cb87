//! One Sku: what was expected of it and what happened.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shelfiq_core::{ModelVersionId, Sku};
use shelfiq_store::model_accuracy::{Basis, ErrorSums};

use super::history::{self, KeptForecast};
use super::judge::actual;
use super::registry::tracked;
use super::tally::AccuracyFigures;
use crate::access::{Actor, Permission};
use crate::brains::seasonal_naive::weekly_change;
use crate::error::AppError;
use crate::facts;
use crate::platform::Platform;
use crate::run::ShopPolicy;

/// How well one Sku was foreseen.
#[derive(Debug, Clone)]
pub struct SkuAccuracy {
    /// By version, over all kept origins.
    pub versions: Vec<(ModelVersionId, AccuracyFigures)>,
    /// Day by day what the version in production had said last before it, oldest first.
    pub days: Vec<ForeseenDay>,
}

/// One day as it was expected and as it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForeseenDay {
    /// The day.
    pub day: NaiveDate,
    /// Last day of data that the forecast knew.
    pub origin: NaiveDate,
    /// Where the forecast comes from.
    pub basis: Basis,
    /// Conditional mean.
    pub mean: f64,
    /// Conditional median.
    pub median: f64,
    /// 80 % interval.
    pub interval_80: (f64, f64),
    /// Units that sold; `None` where stock was out.
    pub actual: Option<f64>,
}

/// How well one Sku was foreseen by forecasts that are still kept.
///
/// # Errors
/// [`AppError::Access`], or there is no such Sku.
pub async fn sku_accuracy(platform: &Platform, actor: &Actor, sku: &Sku) -> Result<SkuAccuracy, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let policy = ShopPolicy::load(platform, merchant).await?;
    let today = policy.shop.time_zone.day_of(platform.clock.now());
    let view = platform.query.view(merchant).await?;
    let shop = facts::load(&view, &policy.shop, today, Some(sku)).await?;
    let shop = shop.filter(|shop| !shop.skus.is_empty()).ok_or_else(|| AppError::not_found("product", sku))?;
    let facts = &shop.skus[0];
    let kept = history::foreseen_of(&view, sku, shop.last_day).await?;
    let production = tracked(platform, merchant).await?.production.id;
    let mut sums: BTreeMap<ModelVersionId, ErrorSums> = BTreeMap::new();
    let mut days: BTreeMap<NaiveDate, ForeseenDay> = BTreeMap::new();
    for (origin, forecast) in &kept {
        let happened = actual(facts, forecast.day);
        if let Some(units) = happened {
            let known_days = usize::try_from((*origin - facts.first_day).num_days() + 1).unwrap_or(0);
            let own = sums.entry(forecast.version).or_insert_with(|| ErrorSums { skus: 1, ..ErrorSums::default() });
            forecast.foreseen.judge(units, weekly_change(facts, known_days), own);
        }
        // Rows come by origin: a later one knew more.
        if forecast.version == production && *origin < forecast.day {
            days.insert(forecast.day, foreseen_day(*origin, forecast, happened));
        }
    }
    let versions = sums.iter().map(|(version, sums)| (*version, AccuracyFigures::of(sums))).collect();
    Ok(SkuAccuracy { versions, days: days.into_values().collect() })
}

fn foreseen_day(origin: NaiveDate, forecast: &KeptForecast, actual: Option<f64>) -> ForeseenDay {
    let [_, interval_80, ..] = forecast.foreseen.ends;
    ForeseenDay {
        day: forecast.day,
        origin,
        basis: forecast.basis,
        mean: forecast.foreseen.mean,
        median: forecast.foreseen.median,
        interval_80,
        actual,
    }
}
