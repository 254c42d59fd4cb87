//! What a version has learned, written down once a week: an artefact, the data that it comes from, and figures.
//!
//! The ensemble learns anew at every run, so the artefact is what it learned this time: the weight of each model per kind of
//! demand. Nothing is predicted from an old one.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shelfiq_core::MerchantId;
use shelfiq_forecast::{Forecast, Status};
use shelfiq_store::model_accuracy::AccuracyRow;
use shelfiq_store::model_versions::{self as stored, ModelKind, ModelVersion, Training};
use shelfiq_store::{Author, PAGE_SIZE_MAX, PageRequest};

use super::accuracy::together;
use super::artefact::ArtefactFolder;
use super::drift::DriftReport;
use super::forecasting::ShopForecasts;
use super::registry::CODE_VERSION;
use super::tally::AccuracyFigures;
use super::tracking::TrackedRun;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::platform::{Platform, run_cpu};
use crate::run::class_name;

/// Days of data after which a version's learning is written down again.
const EVERY_DAYS: i64 = 7;
/// Artefacts that no version names any more are kept for so long.
const ARTEFACTS_KEPT: TimeDelta = TimeDelta::days(90);
const PART: &str = "model training";

/// What the ensemble learned of one kind of demand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClassLearning {
    /// Skus of this kind.
    pub(crate) skus: usize,
    /// Mean weight of each model, adding up to one.
    pub(crate) weights: BTreeMap<String, f64>,
    /// Mean of the Skus' mean absolute scaled errors at past origins inside their histories.
    pub(crate) trial_mase: Option<f64>,
}

/// Writes down what was learned, for every tracked version whose last writing is a week of data old; for all of them at
/// once where the data have just drifted.
pub(crate) async fn record(
    platform: &Platform,
    merchant: MerchantId,
    facts: &ShopFacts,
    made: &ShopForecasts,
    judged: &[AccuracyRow],
    drift: &DriftReport,
) -> Result<(), AppError> {
    let is_early = |version: &ModelVersion| drift.asks_for_training() && version.data_until != Some(facts.last_day);
    let due = |(version, _): &&(ModelVersion, _)| is_due(version, facts.last_day) || is_early(version);
    for (version, forecasts) in made.by_version.iter().filter(due) {
        let learned = learned(forecasts);
        let mut metrics = to_metrics(&learned, forecasts);
        // How a trial stands is no matter of training.
        if let (Some(metrics), Some(contest)) = (metrics.as_object_mut(), version.metrics.get("contest")) {
            metrics.insert("contest".to_owned(), contest.clone());
        }
        let (training, artefact) = write_down(platform, merchant, version, facts.last_day, &learned, metrics).await?;
        if let Some(tracking) = &platform.tracking {
            let run = tracked_run(platform, version, &training, &learned, judged, artefact);
            // The training stands in our own registry: a server that is away costs a line in the log.
            if let Err(error) = tracking.log(&run).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a training was not told to the MLflow server"
                );
            }
        }
    }
    Ok(())
}

/// Whether a week of data has come since the version's learning was last written down, or data were taken back.
pub(super) fn is_due(version: &ModelVersion, last_day: NaiveDate) -> bool {
    version.data_until.is_none_or(|until| !(0..EVERY_DAYS).contains(&(last_day - until).num_days()))
}

/// Keeps what a version learned as its artefact and notes the training; answers with it and with the artefact's content.
pub(super) async fn write_down(
    platform: &Platform,
    merchant: MerchantId,
    version: &ModelVersion,
    data_until: NaiveDate,
    learned: &impl Serialize,
    metrics: Value,
) -> Result<(Training, Vec<u8>), AppError> {
    let tables = platform.query.versions(merchant).await?;
    let data_versions: BTreeMap<&str, Option<u64>> =
        tables.iter().map(|(table, version)| (table.name(), *version)).collect();
    let artefact = json!({
        "model": version.model, "parameters": version.parameters, "code_version": CODE_VERSION,
        "data_until": data_until, "learned": learned,
    });
    let content = serde_json::to_vec(&artefact)?;
    let (folder, written) = (ArtefactFolder::of(&platform.artefacts, merchant), content.clone());
    let artefact_hash = run_cpu(move || folder.put(&written)).await?;
    let data_versions = serde_json::to_value(data_versions)?;
    let training = Training { artefact_hash, data_until, data_versions, metrics };
    let tx = platform.begin(Author::system(PART)).await?;
    stored::trained(&tx, merchant, version.id, training.clone()).await?;
    tx.commit().await?;
    Ok((training, content))
}

/// The training as a tracking server shall see it.
fn tracked_run(
    platform: &Platform,
    version: &ModelVersion,
    training: &Training,
    learned: &BTreeMap<String, ClassLearning>,
    judged: &[AccuracyRow],
    artefact: Vec<u8>,
) -> TrackedRun {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let recipe = version.parameters.as_object().into_iter().flatten();
    let mut parameters: Vec<(String, String)> = recipe.map(|(key, value)| (key.clone(), text(value))).collect();
    parameters.push(("model".to_owned(), version.model.clone()));
    let figures = AccuracyFigures::of(&together(judged.iter().filter(|row| row.model_version == version.id)));
    let [_, (_, coverage_80), _, (_, coverage_95)] = figures.coverage;
    let all = [
        ("mase", figures.mase),
        ("wape", figures.wape),
        ("bias", figures.bias),
        ("pinball", figures.pinball),
        ("coverage_80", coverage_80),
        ("coverage_95", coverage_95),
    ];
    let mut metrics: Vec<(String, f64)> =
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    for (class, learning) in learned {
        metrics.push((format!("skus.{class}"), learning.skus as f64));
        metrics.extend(learning.trial_mase.map(|mase| (format!("trial_mase.{class}"), mase)));
    }
    let tags = [
        ("shelfiq.version", version.number.to_string()),
        ("shelfiq.stage", version.stage.to_string()),
        ("shelfiq.code_version", version.code_version.clone()),
        ("shelfiq.artefact_hash", training.artefact_hash.clone()),
        ("shelfiq.data_until", training.data_until.to_string()),
    ];
    TrackedRun {
        name: format!("{} v{} until {}", version.model, version.number, training.data_until),
        at: platform.clock.now(),
        parameters,
        metrics,
        tags: tags.map(|(key, value)| (key.to_owned(), value)).into(),
        artefact,
    }
}

/// Deletes artefacts of trainings that newer ones replaced a quarter of a year ago; returns how many.
pub(crate) async fn forget_artefacts(platform: &Platform, merchant: MerchantId) -> Result<usize, AppError> {
    let mut kept = std::collections::BTreeSet::new();
    for kind in ModelKind::ALL {
        let mut request = PageRequest::first(PAGE_SIZE_MAX);
        loop {
            let page = stored::page(&platform.store, merchant, *kind, &request).await?;
            kept.extend(page.rows.into_iter().filter_map(|version| version.artefact_hash));
            let Some(next) = page.next else { break };
            request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
        }
    }
    let folder = ArtefactFolder::of(&platform.artefacts, merchant);
    let before = platform.clock.now() - ARTEFACTS_KEPT;
    run_cpu(move || folder.forget(&kept, before)).await
}

/// Mean weights per kind of demand.
pub(crate) fn learned(forecasts: &[Forecast]) -> BTreeMap<String, ClassLearning> {
    let mut classes: BTreeMap<String, ClassLearning> = BTreeMap::new();
    let mut errors: BTreeMap<String, (f64, u32)> = BTreeMap::new();
    for forecast in forecasts.iter().filter(|forecast| forecast.status == Status::Ready) {
        let class = class_name(forecast);
        let learning = classes.entry(class.clone()).or_default();
        learning.skus += 1;
        for member in &forecast.members {
            *learning.weights.entry(member.model.clone()).or_default() += member.weight;
        }
        if let Some(skill) = forecast.skill.filter(|skill| skill.mase.is_finite()) {
            let sum = errors.entry(class).or_default();
            *sum = (sum.0 + skill.mase, sum.1 + 1);
        }
    }
    for (class, learning) in &mut classes {
        let skus = learning.skus as f64;
        learning.weights.values_mut().for_each(|weight| *weight /= skus);
        learning.trial_mase = errors.get(class).map(|(sum, count)| sum / f64::from(*count));
    }
    classes
}

fn to_metrics(learned: &BTreeMap<String, ClassLearning>, forecasts: &[Forecast]) -> Value {
    let ready = forecasts.iter().filter(|forecast| forecast.status == Status::Ready).count();
    json!({ "skus": forecasts.len(), "skus_ready": ready, "classes": learned })
}
