//! The forecasts of a run: by the version that serves, the one that is tried, and the one both are measured against.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_forecast::{Part, Series};
use shelfiq_store::model_versions::{ModelStage, ModelVersion};

use super::drift::DriftReport;
use super::history::share_of;
use super::recipe::{DemandMethod, DemandRecipe};
use super::registry::{Tracked, recipe_of, tracked};
use super::shards;
use super::trained::{self, Learned, TrainedDemand};
use crate::brains::demand::{
    HORIZON_DAYS, explain_skus, forecast_skus, forecast_trained, options, repeat_last_week, sku_series,
};
use crate::brains::demand_sums::ShopDemand;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::platform::{Platform, run_cpu};

/// What a run forecast.
pub(crate) struct ShopForecasts {
    /// What serves.
    pub(crate) published: Arc<ShopDemand>,
    /// What each tracked version said; a version that failed is not there.
    pub(crate) by_version: Vec<(ModelVersion, Arc<ShopDemand>)>,
    /// What was trained now, by version.
    pub(crate) newly_trained: BTreeMap<ModelVersionId, Arc<TrainedDemand>>,
    /// Why production could not answer, if it could not; seasonal-naive forecasts stand in its place.
    pub(crate) fell_back: Option<String>,
    /// Why the challenger could not answer, if it could not.
    pub(crate) challenger_failed: Option<String>,
    pub(crate) tracked: Tracked,
}

impl ShopForecasts {
    /// What the forecast of each Sku is made of, in the order of the shop's Skus. Of what stands in for production nothing
    /// is known.
    pub(crate) async fn explained(&self, facts: &Arc<ShopFacts>) -> Vec<Vec<Part>> {
        if self.fell_back.is_some() {
            return Vec::new();
        }
        let (facts, published) = (Arc::clone(facts), Arc::clone(&self.published));
        let recipe = recipe_of(&self.tracked.production);
        run_cpu(move || guarded(|| explain_skus(&facts, &recipe, &published.skus))).await.unwrap_or_default()
    }

    /// Gives every Sku what production says. Where production failed there is nothing to give.
    pub(crate) fn withdraw_canary(&mut self) {
        let production = self.by_version.iter().find(|(version, _)| version.id == self.tracked.production.id);
        if let Some((_, forecasts)) = production {
            self.published = Arc::clone(forecasts);
        }
    }
}

/// Whose forecasts are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breadth {
    /// Of the versions that serve.
    Served,
    /// Of all tracked versions, to be kept and judged.
    Tracked,
}

/// Forecasts the whole shop. A model that was trained before something drifted is trained again.
pub(crate) async fn forecast_shop(
    platform: &Platform,
    merchant: MerchantId,
    facts: &Arc<ShopFacts>,
    breadth: Breadth,
    drift: Option<&DriftReport>,
) -> Result<ShopForecasts, AppError> {
    let tracked = tracked(platform, merchant).await?;
    let (mut by_version, mut newly_trained) = (Vec::new(), BTreeMap::new());
    let (mut fell_back, mut challenger_failed) = (None, None);
    let is_wanted = |version: &&ModelVersion| {
        breadth == Breadth::Tracked || matches!(version.stage, ModelStage::Production | ModelStage::Canary)
    };
    for version in tracked.all().filter(is_wanted) {
        match forecast_version(platform, merchant, version, facts, drift).await? {
            Ok((demand, trained)) => {
                by_version.push((version.clone(), Arc::new(demand)));
                newly_trained.extend(trained.map(|trained| (version.id, trained)));
            }
            Err(reason) => {
                let (number, model) = (version.number, &version.model);
                tracing::error!(model.version = number, reason, "version {number} (`{model}`) failed to forecast");
                if version.id == tracked.production.id {
                    fell_back = Some(reason);
                } else if tracked.challenger.as_ref().is_some_and(|one| one.id == version.id) {
                    challenger_failed = Some(reason);
                }
            }
        }
    }
    let made_by = |version: &ModelVersion| {
        by_version.iter().find(|(one, _)| one.id == version.id).map(|(_, forecasts)| Arc::clone(forecasts))
    };
    let mut published = match made_by(&tracked.production) {
        Some(demand) => demand,
        None => {
            let facts = Arc::clone(facts);
            run_cpu(move || Arc::new(ShopDemand::of_skus(repeat_last_week(&facts)))).await
        }
    };
    if let Some(canary) = tracked.challenger.as_ref().filter(|one| one.stage == ModelStage::Canary)
        && let Some(tried) = made_by(canary)
    {
        let pairs = published.skus.iter().zip(&tried.skus);
        let skus =
            pairs.map(|(served, tried)| if serves(canary, &served.id) { tried } else { served }).cloned().collect();
        let (facts, served) = (Arc::clone(facts), Arc::clone(&published));
        published = run_cpu(move || Arc::new(served.with_skus(&facts, skus))).await;
    }
    Ok(ShopForecasts { published, by_version, newly_trained, fell_back, challenger_failed, tracked })
}

/// What a version says of the whole shop, or why it says nothing, and the training if it was trained for this.
async fn forecast_version(
    platform: &Platform,
    merchant: MerchantId,
    version: &ModelVersion,
    facts: &Arc<ShopFacts>,
    drift: Option<&DriftReport>,
) -> Result<Result<(ShopDemand, Option<Arc<TrainedDemand>>), String>, AppError> {
    let recipe = recipe_of(version);
    if recipe.method == DemandMethod::SeasonalNaive {
        let (facts, is_served) = (Arc::clone(facts), version.stage == ModelStage::Production);
        let forecast = move || match is_served {
            true => forecast_skus(&facts, &recipe),
            false => ShopDemand::of_skus(repeat_last_week(&facts)),
        };
        return Ok(run_cpu(move || guarded(|| (forecast(), None))).await);
    }
    let known = trained::of_version(platform, merchant, version).await?;
    let has_drifted =
        |known: &TrainedDemand| drift.is_some_and(|drift| drift.asks_for_training_since(known.data_until()));
    let (model, is_new) = match known.filter(|known| known.serves(facts) && !has_drifted(known)) {
        Some(known) => (known, false),
        None => match train(platform, merchant, facts, &recipe).await? {
            Ok(model) => (Arc::new(model), true),
            Err(reason) => return Ok(Err(reason)),
        },
    };
    let (facts, trained) = (Arc::clone(facts), is_new.then(|| Arc::clone(&model)));
    let demand = run_cpu(move || guarded(|| forecast_trained(&facts, &recipe, &model))).await;
    Ok(demand.map(|demand| (demand, trained)))
}

/// Trains a recipe on the whole shop: in one go, or in parts over the job queue if the shop is large.
async fn train(
    platform: &Platform,
    merchant: MerchantId,
    facts: &Arc<ShopFacts>,
    recipe: &DemandRecipe,
) -> Result<Result<TrainedDemand, String>, AppError> {
    let (shop, recipe) = (Arc::clone(facts), recipe.clone());
    if facts.skus.len() <= platform.part_skus {
        return Ok(run_cpu(move || guarded(|| TrainedDemand::train(&shop, &recipe))).await);
    }
    let series: Arc<Vec<Series>> = Arc::new(facts.skus.iter().map(|sku| sku_series(sku, &recipe)).collect());
    let (all, options) = (Arc::clone(&series), options(HORIZON_DAYS, &recipe, &facts.countries));
    let experience = match run_cpu(move || guarded(|| shelfiq_forecast::learn(&all, &options))).await {
        Ok(experience) => experience,
        Err(reason) => return Ok(Err(reason)),
    };
    let fits = shards::fit(platform, merchant, &experience, &series).await?;
    Ok(run_cpu(move || guarded(|| TrainedDemand::of(&shop, Learned::of(experience, fits), &recipe))).await)
}

/// Whether a version in canary serves this Sku. It depends on the two alone, so a Sku stays where it is, and another
/// version in canary serves others.
pub(crate) fn serves(canary: &ModelVersion, sku: &str) -> bool {
    canary.canary_share.is_some_and(|share| share_of(&format!("{} {sku}", canary.id)) < share)
}

/// What a recipe would have said of a shop at past days, oldest first, or why it says nothing. It is trained at the oldest of
/// them alone and continues from there, so it knows nothing that came later; a model in production is younger.
pub(crate) async fn forecast_past(pasts: Vec<ShopFacts>, recipe: DemandRecipe) -> Result<Vec<ShopDemand>, String> {
    let forecast = move || {
        let Some(oldest) = pasts.first() else { return Vec::new() };
        let model = (recipe.method == DemandMethod::Ensemble).then(|| TrainedDemand::train(oldest, &recipe));
        let say = |past| match &model {
            Some(model) => forecast_trained(past, &recipe, model),
            None => ShopDemand::of_skus(repeat_last_week(past)),
        };
        pasts.iter().map(say).collect()
    };
    run_cpu(move || guarded(forecast)).await
}

/// Runs a model; a panic is an answer like any other.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it broke off".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_panics_says_why() {
        assert_eq!(guarded(|| 3), Ok(3));
        assert_eq!(guarded(|| -> i32 { panic!("a season of {} days", 0) }), Err("a season of 0 days".to_owned()));
    }
}
