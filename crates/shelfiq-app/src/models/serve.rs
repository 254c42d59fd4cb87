//! Forecasts on demand. What the last run stored answers as long as no day has come since; otherwise the trained model of
//! the version that serves the Sku, within a budget of time; if it fails or is too slow, the same weekday of last week, and
//! the answer says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rust_decimal::Decimal;
use shelfiq_core::{MerchantId, ModelVersionId, Sku};
use shelfiq_forecast::{Interval, Level, Step};
use shelfiq_store::model_versions::{ModelStage, ModelVersion};

use super::forecasting::{guarded, serves};
use super::recipe::{DemandMethod, DemandRecipe};
use super::registry::{recipe_of, tracked};
use super::trained;
use crate::access::{Actor, Permission};
use crate::brains::demand::{HORIZON_DAYS, day_of, forecast_sku, judged_levels, sku_series};
use crate::brains::seasonal_naive::{SEASONAL_NAIVE, seasonal_naive};
use crate::error::AppError;
use crate::platform::Platform;
use crate::products::{self, AskedPrice, ForecastDay, ProductRecord, record_of};

/// Days ahead for which a forecast can be asked.
pub const FORECAST_DAYS_MAX: usize = HORIZON_DAYS;
/// What a model may take; the fallback needs less than a millisecond, so that the caller has an answer within 100.
const BUDGET: Duration = Duration::from_millis(80);
/// Models that overran their budget and still compute. Beyond this number nobody waits for another one.
const OVERDUE_MAX: usize = 4;

/// A forecast made now.
#[derive(Debug, Clone)]
pub struct ServedForecast {
    /// The version that serves the Sku.
    pub version: ModelVersionId,
    /// What made the forecast: `ensemble`, a single model, or `seasonal_naive`.
    pub model: String,
    /// Why the answer is not the version's own but last week's, if so.
    pub fell_back: Option<String>,
    /// The price that was asked about; `None` for the present one.
    pub asked: Option<AskedPrice>,
    /// Day by day, nearest first.
    pub days: Vec<ForecastDay>,
}

/// Forecasts one Sku now, from its own history, for up to [`FORECAST_DAYS_MAX`] days: at its present price, or as if `price` held from the
/// next day on. Another price moves each day by what is believed about the Sku's elasticity, as `what-if` does.
///
/// # Errors
/// [`AppError::Access`], or there is no such Sku, or the horizon is out of bounds, or the price is not above zero or asks
/// about a Sku whose demand or price is not known yet.
pub async fn forecast_now(
    platform: &Platform,
    actor: &Actor,
    sku: &Sku,
    horizon_days: usize,
    price: Option<Decimal>,
) -> Result<ServedForecast, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    if !(1..=FORECAST_DAYS_MAX).contains(&horizon_days) {
        return Err(AppError::invalid("horizon_days", format!("must lie between 1 and {FORECAST_DAYS_MAX}")));
    }
    let response = match price {
        Some(price) => Some(products::response_to(platform, merchant, sku, price).await?),
        None => None,
    };
    let mut served = at_present_price(platform, merchant, sku, horizon_days).await?;
    if let Some(response) = response {
        served.asked = Some(response.asked);
        served.days = served.days.iter().map(|day| response.applied_to(day)).collect();
    }
    Ok(served)
}

async fn at_present_price(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    horizon_days: usize,
) -> Result<ServedForecast, AppError> {
    let record = record_of(platform, merchant, sku).await?;
    let facts = record.sku().ok_or_else(|| AppError::not_found("product", sku))?;
    let tracked = tracked(platform, merchant).await?;
    let canary = tracked.challenger.filter(|one| one.stage == ModelStage::Canary && serves(one, sku.as_str()));
    let version = canary.unwrap_or(tracked.production);
    let recipe = recipe_of(&version);
    if let Some(served) = stored(&record, &version, &recipe, horizon_days) {
        return Ok(served);
    }
    let trained = trained::of_version(platform, merchant, &version).await?;
    let asked = facts.clone();
    let model = move || match trained {
        Some(trained) if recipe.method == DemandMethod::Ensemble => {
            let mut forecast = trained.forecast_one(&sku_series(&asked, &recipe));
            forecast.steps.truncate(horizon_days);
            forecast
        }
        _ => forecast_sku(&asked, &recipe, horizon_days),
    };
    let answer = within_budget(&OVERDUE, BUDGET, model).await;
    let (forecast, fell_back) = match answer {
        Ok(forecast) => (forecast, None),
        Err(reason) => {
            let number = version.number;
            tracing::warn!(model.version = number, reason, "version {number} did not answer: last week did");
            (seasonal_naive(facts, horizon_days, &judged_levels()), Some(reason))
        }
    };
    let days = forecast.steps.iter().map(day).collect();
    Ok(ServedForecast { version: version.id, model: forecast.model, fell_back, asked: None, days })
}

/// What the last run said, if the version that serves now made it from all days that are known now.
fn stored(
    record: &ProductRecord,
    version: &ModelVersion,
    recipe: &DemandRecipe,
    horizon_days: usize,
) -> Option<ServedForecast> {
    let quality = record.forecast_quality.as_ref()?;
    let last_day = record.last_day()?;
    let is_own = quality.made_at >= version.stage_since
        && (quality.model == SEASONAL_NAIVE) == (recipe.method == DemandMethod::SeasonalNaive);
    let is_current = record.forecast.first()?.day == last_day + chrono::Days::new(1);
    (is_own && is_current).then(|| ServedForecast {
        version: version.id,
        model: quality.model.clone(),
        fell_back: None,
        asked: None,
        days: record.forecast.iter().take(horizon_days).copied().collect(),
    })
}

fn day(step: &Step) -> ForecastDay {
    let range = |intervals: &[Interval], level, otherwise: f64| {
        let found = intervals.iter().find(|interval| interval.level == level);
        found.map_or((otherwise, otherwise), |interval| (interval.lo, interval.hi))
    };
    ForecastDay {
        day: day_of(step.stamp),
        mean: step.mean,
        median: step.median,
        interval_80: range(&step.intervals, Level::EIGHTY, step.median),
        interval_95: range(&step.intervals, Level::NINETY_FIVE, step.median),
        sum_interval_80: range(&step.cumulative.intervals, Level::EIGHTY, step.cumulative.mean),
    }
}

static OVERDUE: AtomicUsize = AtomicUsize::new(0);

/// What `model` says, or why nothing can be said within `budget`. A model that overruns computes on to its end; while
/// too many do, no other is begun.
async fn within_budget<T: Send + 'static>(
    overdue: &'static AtomicUsize,
    budget: Duration,
    model: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    if overdue.load(Ordering::Relaxed) >= OVERDUE_MAX {
        return Err("too many forecasts are overdue".to_owned());
    }
    let is_late = Arc::new(AtomicUsize::new(0));
    let late = Arc::clone(&is_late);
    let running = tokio::task::spawn_blocking(move || {
        let answer = guarded(model);
        // Whoever marks second settles the account: the waiter that gave up, or the model that came back late.
        if late.fetch_add(1, Ordering::AcqRel) == 1 {
            overdue.fetch_sub(1, Ordering::Relaxed);
        }
        answer
    });
    match tokio::time::timeout(budget, running).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err("it broke off".to_owned()),
        Err(_) => {
            overdue.fetch_add(1, Ordering::Relaxed);
            if is_late.fetch_add(1, Ordering::AcqRel) == 1 {
                overdue.fetch_sub(1, Ordering::Relaxed);
            }
            Err(format!("it took longer than {} ms", budget.as_millis()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn a_model_that_answers_in_time_is_heard_and_one_that_panics_is_not() {
        static NONE: AtomicUsize = AtomicUsize::new(0);
        let patient = Duration::from_secs(60);
        assert_eq!(within_budget(&NONE, patient, || 7).await, Ok(7));
        assert_eq!(within_budget(&NONE, patient, || -> i32 { panic!("no season") }).await, Err("no season".to_owned()));
        assert_eq!(NONE.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn nobody_waits_for_slow_models_and_when_many_are_slow_none_is_begun() {
        static SLOW: AtomicUsize = AtomicUsize::new(0);
        let mut doors = Vec::new();
        for _ in 0..OVERDUE_MAX {
            let (open, door) = mpsc::channel::<()>();
            doors.push(open);
            let answer = within_budget(&SLOW, Duration::from_millis(1), move || door.recv().is_ok()).await;
            assert_eq!(answer, Err("it took longer than 1 ms".to_owned()));
        }
        let patient = Duration::from_secs(60);
        assert!(within_budget(&SLOW, patient, || 7).await.is_err(), "four are overdue");
        drop(doors);
        // The doors are open: every model comes to its end, and the next one is asked again.
        while SLOW.load(Ordering::Relaxed) > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(within_budget(&SLOW, patient, || 7).await, Ok(7));
    }
}
