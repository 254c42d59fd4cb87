//! Elasticities and anomalies in the registry. Each has one recipe, so there is nothing to promote; what is recorded is which
//! release estimated from which data, and what it learned.

use serde::Serialize;
use serde_json::{Value, json};
use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_pricing::ElasticityReport;
use shelfiq_store::Author;
use shelfiq_store::model_versions::{self as stored, ModelKind, ModelStage, ModelVersion, NewModelVersion, StageMove};

use super::registry::CODE_VERSION;
use super::training::{is_due, write_down};
use crate::brains::anomalies::SkuVerdicts;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::platform::Platform;

const PART: &str = "model registry";

/// Records what the elasticity model learned, once a week of data: the belief about every Sku.
pub(crate) async fn record_elasticities(
    platform: &Platform,
    merchant: MerchantId,
    facts: &ShopFacts,
    report: &ElasticityReport,
) -> Result<(), AppError> {
    let identified = report.rows.iter().filter(|row| row.identified()).count();
    let population = &report.population;
    let metrics = json!({
        "skus": report.rows.len(), "skus_identified": identified, "average": population.average.mean,
        "average_lo_95": population.lo_95, "average_hi_95": population.hi_95, "spread_sd": population.spread_sd,
    });
    record(platform, merchant, (ModelKind::Elasticity, "pooled_response"), facts, report, metrics).await
}

/// Records how the anomaly detector judged, once a week of data: Skus with unusual days, and how many.
pub(crate) async fn record_anomalies(
    platform: &Platform,
    merchant: MerchantId,
    facts: &ShopFacts,
    verdicts: &std::collections::HashMap<String, SkuVerdicts>,
) -> Result<(), AppError> {
    let unusual: std::collections::BTreeMap<&str, usize> = verdicts
        .iter()
        .filter(|(_, verdict)| !verdict.recent.is_empty())
        .map(|(sku, verdict)| (sku.as_str(), verdict.recent.len()))
        .collect();
    let days: usize = unusual.values().sum();
    let metrics = json!({ "skus": verdicts.len(), "skus_unusual": unusual.len(), "unusual": days });
    record(platform, merchant, (ModelKind::Anomaly, "own_past"), facts, &unusual, metrics).await
}

async fn record(
    platform: &Platform,
    merchant: MerchantId,
    (kind, model): (ModelKind, &str),
    facts: &ShopFacts,
    learned: &impl Serialize,
    metrics: Value,
) -> Result<(), AppError> {
    let version = in_production(platform, merchant, kind, model).await?;
    if is_due(&version, facts.last_day) {
        write_down(platform, merchant, &version, facts.last_day, learned, None, metrics).await?;
    }
    Ok(())
}

/// The version of this release; registered on first use in the place of an earlier release's.
async fn in_production(
    platform: &Platform,
    merchant: MerchantId,
    kind: ModelKind,
    model: &str,
) -> Result<ModelVersion, AppError> {
    let serving = |live: Vec<ModelVersion>| live.into_iter().find(|one| one.stage == ModelStage::Production);
    let found = serving(stored::live(&platform.store, merchant, kind).await?);
    if let Some(version) = found.filter(|version| version.code_version == CODE_VERSION) {
        return Ok(version);
    }
    let tx = platform.begin(Author::system(PART)).await?;
    let before = serving(stored::live(&tx, merchant, kind).await?);
    let to = |stage, note| StageMove { stage, canary_share: None, replaced: None, note };
    if let Some(before) = &before {
        let note = Some(format!("release {CODE_VERSION} takes its place"));
        stored::move_stage(&tx, merchant, before.id, None, to(ModelStage::Archived, note)).await?;
    }
    let new = NewModelVersion {
        id: ModelVersionId::from_uuid(platform.randomness.next_uuid(tx.at())),
        kind,
        model: model.to_owned(),
        stage: ModelStage::Production,
        parameters: json!({}),
        code_version: CODE_VERSION.to_owned(),
        parent: before.map(|one| one.id),
    };
    let version = stored::insert(&tx, merchant, new).await?;
    tx.commit().await?;
    Ok(version)
}
