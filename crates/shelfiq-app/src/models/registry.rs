//! The registry: which version serves, which one is tried, and the steps between.

use serde_json::Value;
use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_store::model_versions::{self as stored, ModelKind, ModelStage, ModelVersion, NewModelVersion, StageMove};
use shelfiq_store::{Author, Read, Transaction};

use super::recipe::DemandRecipe;
use super::stage::{Step, is_legal};
use crate::brains::seasonal_naive::SEASONAL_NAIVE;
use crate::error::AppError;
use crate::platform::Platform;
use crate::recommendations::to_value;

/// Release of the program, as written into versions.
pub(crate) const CODE_VERSION: &str = env!("CARGO_PKG_VERSION");
const PART: &str = "model registry";

/// The versions whose forecasts are made, kept and judged.
#[derive(Debug, Clone)]
pub(crate) struct Tracked {
    /// What serves.
    pub(crate) production: ModelVersion,
    /// What is tried beside it, in shadow or canary.
    pub(crate) challenger: Option<ModelVersion>,
    /// What both are measured against, unless it is one of them.
    pub(crate) baseline: Option<ModelVersion>,
}

impl Tracked {
    pub(crate) fn all(&self) -> impl Iterator<Item = &ModelVersion> {
        [Some(&self.production), self.challenger.as_ref(), self.baseline.as_ref()].into_iter().flatten()
    }
}

/// The merchant's versions of demand models. The first call registers the recipes that come with the program; a new release
/// registers them anew and hands production and trial on to the successors, since nobody can run yesterday's code.
pub(crate) async fn tracked(platform: &Platform, merchant: MerchantId) -> Result<Tracked, AppError> {
    if lacks_any(&platform.store, merchant).await? {
        let tx = platform.begin(Author::system(PART)).await?;
        register_built_in(platform, &tx, merchant).await?;
        tx.commit().await?;
    }
    let live = stored::live(&platform.store, merchant, ModelKind::Demand).await?;
    let at = |stages: &[ModelStage]| live.iter().find(|one| stages.contains(&one.stage)).cloned();
    let production =
        at(&[ModelStage::Production]).ok_or_else(|| AppError::not_found("model in production", "demand"))?;
    let challenger = at(&[ModelStage::Shadow, ModelStage::Canary]);
    let is_tracked = |name: &str| production.model == name || challenger.as_ref().is_some_and(|one| one.model == name);
    let baseline = live.iter().find(|one| one.model == SEASONAL_NAIVE).filter(|_| !is_tracked(SEASONAL_NAIVE)).cloned();
    Ok(Tracked { production, challenger, baseline })
}

/// Whether this release has recipes that the merchant's registry does not know.
async fn lacks_any(on: &impl Read, merchant: MerchantId) -> Result<bool, AppError> {
    let known = stored::of_release(on, merchant, ModelKind::Demand, CODE_VERSION).await?;
    Ok(DemandRecipe::built_in().iter().any(|(name, _)| !known.iter().any(|one| one.model == *name)))
}

/// Registers what is lacking. The first recipe serves if nothing does yet.
async fn register_built_in(platform: &Platform, tx: &Transaction, merchant: MerchantId) -> Result<(), AppError> {
    let live = stored::live(tx, merchant, ModelKind::Demand).await?;
    let known = stored::of_release(tx, merchant, ModelKind::Demand, CODE_VERSION).await?;
    let nothing_serves = !live.iter().any(|one| one.stage == ModelStage::Production);
    for (index, (name, recipe)) in DemandRecipe::built_in().into_iter().enumerate() {
        if known.iter().any(|one| one.model == name) {
            continue;
        }
        let before = live.iter().find(|one| one.model == name);
        if let Some(before) = before {
            archive(tx, merchant, before.id, format!("release {CODE_VERSION} takes its place")).await?;
        }
        let new = new_version(platform, tx, name, to_value(&recipe)?, before.map(|one| one.id));
        let id = stored::insert(tx, merchant, new).await?.id;
        let stage = match before {
            _ if nothing_serves && index == 0 => ModelStage::Production,
            Some(before) => before.stage,
            None => ModelStage::Candidate,
        };
        if stage != ModelStage::Candidate {
            let canary_share = before.and_then(|one| one.canary_share);
            stored::move_stage(tx, merchant, id, None, StageMove { stage, canary_share, replaced: None, note: None })
                .await?;
        }
    }
    Ok(())
}

fn new_version(
    platform: &Platform,
    tx: &Transaction,
    name: &str,
    parameters: Value,
    parent: Option<ModelVersionId>,
) -> NewModelVersion {
    NewModelVersion {
        id: ModelVersionId::from_uuid(platform.randomness.next_uuid(tx.at())),
        kind: ModelKind::Demand,
        model: name.to_owned(),
        stage: ModelStage::Candidate,
        parameters,
        code_version: CODE_VERSION.to_owned(),
        parent,
    }
}

async fn archive(tx: &Transaction, merchant: MerchantId, id: ModelVersionId, note: String) -> Result<(), AppError> {
    let step = StageMove { stage: ModelStage::Archived, canary_share: None, replaced: None, note: Some(note) };
    stored::move_stage(tx, merchant, id, None, step).await?;
    Ok(())
}

/// Takes a version to `stage`, in the open transaction; what served before is archived and remembered.
pub(crate) async fn promote(
    tx: &Transaction,
    merchant: MerchantId,
    version: ModelVersion,
    stage: ModelStage,
    canary_share: Option<f64>,
    expected_version: Option<i32>,
    note: Option<String>,
) -> Result<ModelVersion, AppError> {
    if !is_legal(version.stage, stage, Step::Promote) {
        return Err(AppError::Conflict(format!(
            "version {} is in {}: from there it cannot be promoted to {stage}",
            version.number, version.stage
        )));
    }
    let live = stored::live(tx, merchant, version.kind).await?;
    let other = |stages: &[ModelStage]| live.iter().find(|one| one.id != version.id && stages.contains(&one.stage));
    let mut replaced = None;
    if stage == ModelStage::Production {
        if let Some(serving) = other(&[ModelStage::Production]) {
            archive(tx, merchant, serving.id, format!("replaced by version {}", version.number)).await?;
            replaced = Some(serving.id);
        }
    } else if let Some(tried) = other(&[ModelStage::Shadow, ModelStage::Canary]) {
        return Err(AppError::Conflict(format!(
            "version {} is in {} already: promote it or roll it back first",
            tried.number, tried.stage
        )));
    }
    let step = StageMove { stage, canary_share, replaced, note };
    Ok(stored::move_stage(tx, merchant, version.id, expected_version, step).await?)
}

/// Takes a version back, in the open transaction: a trial ends, and what a version in production replaced serves again.
/// Answers with the version that serves then, or whose trial ended.
pub(crate) async fn roll_back(
    tx: &Transaction,
    merchant: MerchantId,
    version: ModelVersion,
    expected_version: Option<i32>,
    note: Option<String>,
) -> Result<ModelVersion, AppError> {
    let to = |stage, note| StageMove { stage, canary_share: None, replaced: None, note };
    match version.stage {
        ModelStage::Shadow | ModelStage::Canary => {
            let step = to(ModelStage::Candidate, note);
            Ok(stored::move_stage(tx, merchant, version.id, expected_version, step).await?)
        }
        ModelStage::Production => {
            let Some(before) = version.replaced else {
                return Err(AppError::Conflict(format!(
                    "version {} was the first in production: there is none to go back to",
                    version.number
                )));
            };
            let before = stored::get(tx, merchant, before).await?;
            if !is_legal(before.stage, ModelStage::Production, Step::RollBack) {
                return Err(AppError::Conflict(format!(
                    "version {}, which served before, is in {} now: promote it instead",
                    before.number, before.stage
                )));
            }
            stored::move_stage(tx, merchant, version.id, expected_version, to(ModelStage::Archived, note)).await?;
            let note = Some(format!("version {} was rolled back", version.number));
            Ok(stored::move_stage(tx, merchant, before.id, None, to(ModelStage::Production, note)).await?)
        }
        stage @ (ModelStage::Candidate | ModelStage::Archived) => Err(AppError::Conflict(format!(
            "version {} is {stage}: only what serves or is tried can be rolled back",
            version.number
        ))),
    }
}

/// The recipe of a version; the default one if this release cannot read it.
pub(crate) fn recipe_of(version: &ModelVersion) -> DemandRecipe {
    serde_json::from_value(version.parameters.clone()).unwrap_or_default()
}
