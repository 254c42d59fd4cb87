//! Models in production: how far their forecasts were off, which versions there are, and which of them serves.
//!
//! Every daily run keeps its forecasts with their origin and compares those of earlier runs with what is now known to have
//! happened, late corrections included. A version without a past is asked what it would have said at a few past origins;
//! such answers are marked as replayed: they know corrections that came later, and a recipe that was chosen later.

mod accuracy;
mod alarm;
mod artefact;
mod companions;
mod drift;
mod forecasting;
mod history;
mod judge;
mod monitor;
pub(crate) mod recipe;
mod registry;
mod serve;
mod shards;
mod sku;
mod stage;
mod tables;
mod tally;
mod tracking;
mod trained;
mod training;
mod verdict;

use shelfiq_core::ModelVersionId;
pub use shelfiq_store::model_accuracy::Basis;
use shelfiq_store::model_versions as stored;
pub use shelfiq_store::model_versions::{ModelKind, ModelStage, ModelVersion};
use shelfiq_store::{Cursor, Page, PageRequest};

pub use accuracy::{
    AccuracyPoint, AccuracyQuery, AccuracyReport, Leaderboard, LeaderboardRow, MemberWeight, accuracy, leaderboard,
};
pub(crate) use alarm::{forecasts_observed, quality_observed};
pub(crate) use companions::{record_anomalies, record_elasticities};
pub(crate) use drift::watch_drift;
pub use drift::{DriftConsequence, DriftFeature, DriftLine, DriftReport, DriftStatistic, drift};
pub(crate) use forecasting::{Breadth, forecast_shop};
pub(crate) use monitor::follow_up;
pub use serve::{FORECAST_DAYS_MAX, ServedForecast, forecast_now};
pub(crate) use shards::run_job as fit_part;
pub use sku::{ForeseenDay, SkuAccuracy, sku_accuracy};
pub(crate) use tables::{accuracy_table, version_table};
pub use tally::AccuracyFigures;
pub use tracking::{TrackedRun, Tracking, TrackingError};
pub(crate) use trained::TrainedDemand;
pub(crate) use training::forget_artefacts;

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::jobs;
use crate::platform::Platform;

/// Characters of a reason.
const NOTE_CHARS_MAX: usize = 500;
/// Share of the Skus that a canary serves if nobody says.
const CANARY_SHARE_DEFAULT: f64 = 0.1;

/// One page of the versions of a kind, newest first.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn versions(
    platform: &Platform,
    actor: &Actor,
    kind: ModelKind,
    limit: u32,
    after: Option<String>,
) -> Result<Page<ModelVersion>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let request = PageRequest::new(limit, after.map(Cursor::from_text));
    Ok(stored::page(&platform.store, merchant, kind, &request).await?)
}

/// One version.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn version(platform: &Platform, actor: &Actor, id: ModelVersionId) -> Result<ModelVersion, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(stored::get(&platform.store, merchant, id).await?)
}

/// What a version learned at its latest training, as it was written down then.
///
/// # Errors
/// [`AppError::Access`], or there is no such version, or it has not learned yet, or its file is no longer what it was.
pub async fn learned(platform: &Platform, actor: &Actor, id: ModelVersionId) -> Result<serde_json::Value, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let version = stored::get(&platform.store, merchant, id).await?;
    let hash = version.artefact_hash.ok_or_else(|| AppError::not_found("artefact of model version", id))?;
    let folder = artefact::ArtefactFolder::of(&platform.artefacts, merchant);
    let content = crate::platform::run_cpu(move || folder.get(&hash)).await?;
    Ok(serde_json::from_slice(&content)?)
}

/// What a version is promoted to, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Promotion {
    /// The stage; production if not given.
    pub stage: Option<ModelStage>,
    /// For canary: share of the Skus that it serves, above 0 and up to 0.5; a tenth if not given.
    pub canary_share: Option<f64>,
    /// Why.
    pub note: Option<String>,
    /// The version of the row that the caller has seen.
    pub expected_version: Option<i32>,
}

/// Takes a version to a later stage, in one transaction. What is promoted to production serves from the next run on, which is enqueued; what
/// served before is archived and can be rolled back to.
///
/// # Errors
/// [`AppError::Access`], or there is no such version, its stage does not allow it, another one is on trial, or it changed
/// meanwhile.
pub async fn promote(
    platform: &Platform,
    actor: &Actor,
    id: ModelVersionId,
    promotion: Promotion,
) -> Result<ModelVersion, AppError> {
    let merchant = actor.authorize(Permission::ManageModels)?;
    let stage = promotion.stage.unwrap_or(ModelStage::Production);
    let canary_share = match (stage, promotion.canary_share) {
        (ModelStage::Canary, share) => {
            let share = share.unwrap_or(CANARY_SHARE_DEFAULT);
            let is_bounded = share > 0.0 && share <= 0.5;
            Some(share)
                .filter(|_| is_bounded)
                .ok_or_else(|| {
                    AppError::invalid(
                        "canary_share",
                        "must lie above 0 and not above 0.5; promote to production instead",
                    )
                })?
                .into()
        }
        (_, None) => None,
        (_, Some(_)) => return Err(AppError::invalid("canary_share", "belongs to the stage `canary` alone")),
    };
    let note = checked(promotion.note)?;
    let tx = platform.begin(actor.author()).await?;
    let version = stored::get(&tx, merchant, id).await?;
    let promoted =
        registry::promote(&tx, merchant, version, stage, canary_share, promotion.expected_version, note).await?;
    jobs::enqueue_daily(platform, &tx, merchant).await?;
    tx.commit().await?;
    platform.data_changed(merchant);
    Ok(promoted)
}

/// Takes a version back, in one transaction: a trial ends; what a version in production replaced serves again from the next
/// run on. Answers with the version that serves then, or whose trial ended.
///
/// # Errors
/// [`AppError::Access`], or there is no such version, it neither serves nor is tried, there is none to go back to, or it
/// changed meanwhile.
pub async fn roll_back(
    platform: &Platform,
    actor: &Actor,
    id: ModelVersionId,
    note: Option<String>,
    expected_version: Option<i32>,
) -> Result<ModelVersion, AppError> {
    let merchant = actor.authorize(Permission::ManageModels)?;
    let note = checked(note)?;
    let tx = platform.begin(actor.author()).await?;
    let version = stored::get(&tx, merchant, id).await?;
    let serving = registry::roll_back(&tx, merchant, version, expected_version, note).await?;
    jobs::enqueue_daily(platform, &tx, merchant).await?;
    tx.commit().await?;
    platform.data_changed(merchant);
    Ok(serving)
}

fn checked(note: Option<String>) -> Result<Option<String>, AppError> {
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX) {
        return Err(AppError::invalid("note", format!("at most {NOTE_CHARS_MAX} characters")));
    }
    Ok(note)
}
