//! A trained demand model: what its recipe learned from the whole shop, and what it found for each Sku. Forecasts continue
//! what is known now, so it serves for a week of data; then, or when the history that it learned from is no longer what it
//! was, it is trained anew.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use shelfiq_core::MerchantId;
use shelfiq_forecast::{Experience, Fitted, Forecast, ForecastOptions, Series};
use shelfiq_store::model_versions::ModelVersion;

use super::artefact::ArtefactFolder;
use super::recipe::DemandRecipe;
use super::training::EVERY_DAYS;
use crate::brains::demand::{HORIZON_DAYS, options, sku_series};
use crate::brains::demand_sums::sum_series;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::platform::{Platform, run_cpu};

/// What a training found. Bits survive being stored: what is read back forecasts the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainedDemand {
    /// Last day of data that it has seen.
    data_until: NaiveDate,
    /// Stands for the history up to that day.
    history: String,
    skus: Learned,
    /// The whole shop, its categories and stores: they have little in common with single Skus.
    sums: Learned,
}

/// What was learned from several series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Learned {
    /// What they have in common.
    experience: Experience,
    /// What was found for each, by name.
    fits: BTreeMap<String, Fitted>,
}

impl Learned {
    pub(crate) fn of(experience: Experience, fits: Vec<Fitted>) -> Self {
        Self { experience, fits: fits.into_iter().map(|fit| (fit.id().to_owned(), fit)).collect() }
    }

    fn train(series: &[Series], options: &ForecastOptions) -> Self {
        let (experience, fits) = shelfiq_forecast::train(series, options);
        Self::of(experience, fits)
    }

    /// Forecasts series, in their order. One that is new since is forecast by what the others have in common.
    fn forecast(&self, series: &[Series]) -> Vec<Forecast> {
        series.par_iter().map(|series| self.forecast_one(series)).collect()
    }

    fn forecast_one(&self, series: &Series) -> Forecast {
        match self.fits.get(series.id()) {
            Some(fit) => self.experience.forecast_fitted(fit, series),
            None => self.experience.forecast(std::slice::from_ref(series)).remove(0),
        }
    }
}

/// The part of an artefact that is read back.
#[derive(Deserialize)]
struct Kept {
    trained: Option<TrainedDemand>,
}

impl TrainedDemand {
    /// Trains a recipe on a shop.
    pub(crate) fn train(facts: &ShopFacts, recipe: &DemandRecipe) -> Self {
        let series: Vec<Series> = facts.skus.iter().map(|sku| sku_series(sku, recipe)).collect();
        Self::of(facts, Learned::train(&series, &options(HORIZON_DAYS, recipe, &facts.countries)), recipe)
    }

    /// The training whose part about Skus is done.
    pub(crate) fn of(facts: &ShopFacts, skus: Learned, recipe: &DemandRecipe) -> Self {
        let sums = Learned::train(&sum_series(facts), &options(HORIZON_DAYS, recipe, &facts.countries));
        Self { data_until: facts.last_day, history: history_mark(facts, facts.last_day), skus, sums }
    }

    /// Last day of data that it has seen.
    pub(crate) const fn data_until(&self) -> NaiveDate {
        self.data_until
    }

    /// Whether it may forecast a shop: not older than a week of data, with the holidays of its buyers, and nothing it learned
    /// from was corrected since.
    pub(crate) fn serves(&self, facts: &ShopFacts) -> bool {
        let age = (facts.last_day - self.data_until).num_days();
        (0..EVERY_DAYS).contains(&age)
            && self.sums.experience.options().holidays == facts.countries
            && history_mark(facts, self.data_until) == self.history
    }

    /// Forecasts Skus, in their order. One that is new since is forecast by what the others have in common.
    pub(crate) fn forecast(&self, series: &[Series]) -> Vec<Forecast> {
        self.skus.forecast(series)
    }

    /// Forecasts one Sku.
    pub(crate) fn forecast_one(&self, series: &Series) -> Forecast {
        self.skus.forecast_one(series)
    }

    /// Forecasts the whole shop, its categories and stores, in their order.
    pub(crate) fn forecast_sums(&self, series: &[Series]) -> Vec<Forecast> {
        self.sums.forecast(series)
    }
}

/// What a version learned at its latest training; `None` if it has not been trained, or this release reads it no more.
pub(crate) async fn of_version(
    platform: &Platform,
    merchant: MerchantId,
    version: &ModelVersion,
) -> Result<Option<Arc<TrainedDemand>>, AppError> {
    let Some(hash) = version.artefact_hash.clone() else { return Ok(None) };
    if let Some(known) = platform.trained_models.get(&hash).await {
        return Ok(Some(known));
    }
    let folder = ArtefactFolder::of(&platform.artefacts, merchant);
    let name = hash.clone();
    let read = run_cpu(move || {
        let content = folder.get(&name)?;
        Ok::<_, AppError>(serde_json::from_slice::<Kept>(&content)?.trained)
    });
    match read.await {
        Ok(None) => Ok(None),
        Ok(Some(trained)) => {
            let trained = Arc::new(trained);
            platform.trained_models.insert(hash, Arc::clone(&trained)).await;
            Ok(Some(trained))
        }
        // A model is trained again sooner than a forecast fails.
        Err(error) => {
            let number = version.number;
            tracing::warn!(
                model.version = number,
                error = &error as &dyn std::error::Error,
                "a model is trained again"
            );
            Ok(None)
        }
    }
}

/// Stands for all that a model sees of the days up to `day`, its own price and stock apart: what is observed while the next day
/// runs counts for `day` until that one is over. Another release of the standard library may mark the same
/// history otherwise: then models are trained once more.
fn history_mark(facts: &ShopFacts, day: NaiveDate) -> String {
    let mut hasher = DefaultHasher::new();
    for sku in facts.skus.iter().filter(|sku| sku.first_day <= day) {
        let days = usize::try_from((day - sku.first_day).num_days() + 1).unwrap_or(0).min(sku.units.len());
        (sku.sku.as_str(), &sku.category, sku.first_day, days).hash(&mut hasher);
        let settled = days.saturating_sub(1);
        for number in sku.units[..days].iter().chain(&sku.price[..settled]) {
            hasher.write_u64(number.to_bits());
        }
        (&sku.was_out_of_stock[..settled], &sku.had_promotion[..settled]).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{test_shop, test_sku};

    fn shop(days: u32) -> ShopFacts {
        let sku = |code: &str, level: u32| {
            test_sku(code, "2026-01-01", (0..days).map(|day| f64::from(level + (day * 7 + level) % 5)).collect())
        };
        let skus = vec![sku("MUG", 3), sku("CUP", 1)];
        let last_day = skus[0].first_day + chrono::Days::new(u64::from(days) - 1);
        test_shop(last_day, skus)
    }

    fn series(facts: &ShopFacts) -> Vec<Series> {
        facts.skus.iter().map(|sku| sku_series(sku, &DemandRecipe::default())).collect()
    }

    fn trained(facts: &ShopFacts) -> TrainedDemand {
        TrainedDemand::train(facts, &DemandRecipe::default())
    }

    #[test]
    fn it_serves_a_week_of_new_days_and_not_a_history_that_was_corrected() {
        let model = trained(&shop(120));
        assert!(model.serves(&shop(120)) && model.serves(&shop(126)));
        assert!(!model.serves(&shop(127)), "a week is over");
        assert!(!model.serves(&shop(119)), "days were taken back");
        for correct in [
            |facts: &mut ShopFacts| facts.skus[0].units[5] += 1.0,
            |facts: &mut ShopFacts| facts.skus[0].price[5] += 1.0,
            |facts: &mut ShopFacts| facts.skus[1].was_out_of_stock[5] = true,
            |facts: &mut ShopFacts| facts.skus[1].category = Some("Cups".to_owned()),
        ] {
            let mut corrected = shop(121);
            correct(&mut corrected);
            assert!(!model.serves(&corrected));
        }
        let mut later = shop(121);
        later.skus[0].units[120] += 1.0;
        later.skus[0].price[119] = 9.0;
        assert!(model.serves(&later), "what came after the training may be anything");
    }

    #[test]
    fn what_is_stored_forecasts_the_same_and_a_new_sku_is_not_left_out() {
        let facts = shop(120);
        let model = trained(&facts);
        let artefact = serde_json::to_vec(&serde_json::json!({ "trained": model, "learned": {} })).unwrap();
        let kept: Kept = serde_json::from_slice(&artefact).unwrap();
        let mut grown = shop(122);
        grown.skus.push(test_sku("NEW", "2026-03-01", vec![2.0; 60]));
        let forecasts = kept.trained.unwrap().forecast(&series(&grown));
        assert_eq!(forecasts, model.forecast(&series(&grown)));
        assert!(forecasts.iter().all(|forecast| forecast.steps.len() == HORIZON_DAYS), "{forecasts:?}");
        assert_eq!(
            model.forecast(&series(&facts)),
            shelfiq_forecast::forecast_all(&series(&facts), &options(HORIZON_DAYS, &DemandRecipe::default(), &[]))
        );
    }
}
