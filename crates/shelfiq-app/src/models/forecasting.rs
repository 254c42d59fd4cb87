//! The forecasts of a run: by the version that serves, the one that is tried, and the one both are measured against.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shelfiq_core::MerchantId;
use shelfiq_forecast::Part;
use shelfiq_store::model_versions::{ModelStage, ModelVersion};

use super::history::share_of;
use super::recipe::DemandRecipe;
use super::registry::{Tracked, recipe_of, tracked};
use crate::brains::demand::{explain_skus, forecast_skus, repeat_last_week};
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

/// Forecasts the whole shop.
pub(crate) async fn forecast_shop(
    platform: &Platform,
    merchant: MerchantId,
    facts: &Arc<ShopFacts>,
    breadth: Breadth,
) -> Result<ShopForecasts, AppError> {
    let tracked = tracked(platform, merchant).await?;
    let mut by_version = Vec::new();
    let (mut fell_back, mut challenger_failed) = (None, None);
    let is_wanted = |version: &&ModelVersion| {
        breadth == Breadth::Tracked || matches!(version.stage, ModelStage::Production | ModelStage::Canary)
    };
    for version in tracked.all().filter(is_wanted) {
        let recipe = recipe_of(version);
        let facts = Arc::clone(facts);
        match run_cpu(move || guarded(|| forecast_skus(&facts, &recipe))).await {
            Ok(forecasts) => by_version.push((version.clone(), Arc::new(forecasts))),
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
            run_cpu(move || Arc::new(ShopDemand { skus: repeat_last_week(&facts), groups: Vec::new() })).await
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
    Ok(ShopForecasts { published, by_version, fell_back, challenger_failed, tracked })
}

/// Whether a version in canary serves this Sku. It depends on the two alone, so a Sku stays where it is, and another
/// version in canary serves others.
pub(crate) fn serves(canary: &ModelVersion, sku: &str) -> bool {
    canary.canary_share.is_some_and(|share| share_of(&format!("{} {sku}", canary.id)) < share)
}

/// Forecasts the Skus of `facts` by one recipe, or says why not.
pub(crate) async fn forecast_by(facts: Arc<ShopFacts>, recipe: DemandRecipe) -> Result<ShopDemand, String> {
    run_cpu(move || guarded(|| forecast_skus(&facts, &recipe))).await
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
