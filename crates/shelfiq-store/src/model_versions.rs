//! Registered versions of models: what each consists of, and which of them serves.
//!
//! What a stage allows is not known here; the schema itself keeps that one version of a kind serves and one at most is
//! tried beside it.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{MerchantId, ModelVersionId};

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::model_version as entity;
use crate::error::{Doing, Stored};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction, audit, version};

text_enum! {
    /// What a model is about.
    ModelKind = "kind of model" {
        /// Units ahead of every Sku.
        Demand = "demand",
        /// How demand answers to price.
        Elasticity = "elasticity",
        /// What is unusual.
        Anomaly = "anomaly",
    }
}

text_enum! {
    /// How far a version has come.
    ModelStage = "stage" {
        /// Registered, computed for nobody.
        Candidate = "candidate",
        /// Computed beside production and compared; nobody sees it.
        Shadow = "shadow",
        /// Serves a share of the Skus.
        Canary = "canary",
        /// Serves everybody else.
        Production = "production",
        /// Kept as history.
        Archived = "archived",
    }
}

/// One version. What it consists of never changes; its stage does, and with each training its artefact, its data and its
/// metrics.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelVersion {
    /// Its id.
    pub id: ModelVersionId,
    /// What it is about.
    pub kind: ModelKind,
    /// Counts the versions of the kind, from 1.
    pub number: i32,
    /// Name of its recipe, for example `ensemble`.
    pub model: String,
    /// How far it has come.
    pub stage: ModelStage,
    /// Share of the Skus that it serves, 0 to 1; only in canary.
    pub canary_share: Option<f64>,
    /// Its recipe in full.
    pub parameters: Value,
    /// Release of the program that registered it.
    pub code_version: String,
    /// SHA-256 of what it learned, in hexadecimal; `None` before its first training.
    pub artefact_hash: Option<String>,
    /// Last day of the data that it learned from.
    pub data_until: Option<NaiveDate>,
    /// Version of each table that it learned from, by name.
    pub data_versions: Value,
    /// Figures of its latest training.
    pub metrics: Value,
    /// The version that it descends from.
    pub parent: Option<ModelVersionId>,
    /// The version that it took production from: where a rollback leads.
    pub replaced: Option<ModelVersionId>,
    /// Why it stands where it stands, if somebody said.
    pub note: Option<String>,
    /// Counts the changes; starts at 1.
    pub version: i32,
    /// Who registered it.
    pub created_by: Author,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// Since when it has its stage.
    pub stage_since: DateTime<Utc>,
    /// When it last learned.
    pub trained_at: DateTime<Utc>,
}

/// A version about to be registered; its number is the next free one.
#[derive(Debug, Clone, PartialEq)]
pub struct NewModelVersion {
    /// Its id.
    pub id: ModelVersionId,
    /// What it is about.
    pub kind: ModelKind,
    /// Name of its recipe.
    pub model: String,
    /// Where it begins.
    pub stage: ModelStage,
    /// Its recipe in full.
    pub parameters: Value,
    /// Release of the program.
    pub code_version: String,
    /// The version that it descends from.
    pub parent: Option<ModelVersionId>,
}

/// What a training left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// SHA-256 of what was learned.
    pub artefact_hash: String,
    /// Last day of the data.
    pub data_until: NaiveDate,
    /// Version of each table, by name.
    pub data_versions: Value,
    /// Figures.
    pub metrics: Value,
}

/// A step to another stage, already judged to be legal.
#[derive(Debug, Clone, PartialEq)]
pub struct StageMove {
    /// Where it stands then.
    pub stage: ModelStage,
    /// Share of the Skus, for canary.
    pub canary_share: Option<f64>,
    /// The version that it takes production from; `None` leaves what is known.
    pub replaced: Option<ModelVersionId>,
    /// Why.
    pub note: Option<String>,
}

/// Registers a version.
///
/// # Errors
/// [`StoreError::Violated`] if it claims a stage that another one holds.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewModelVersion) -> Result<ModelVersion, StoreError> {
    crate::merchants::lock(tx, merchant).await?;
    let newest = of(merchant)
        .filter(entity::Column::Kind.eq(new.kind.as_str()))
        .order_by_desc(entity::Column::Number)
        .one(tx.connection())
        .await
        .doing("numbering a model version")?;
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        kind: new.kind.to_string(),
        number: newest.map_or(1, |row| row.number + 1),
        model: new.model,
        stage: new.stage.to_string(),
        canary_share: None,
        parameters: new.parameters,
        code_version: new.code_version,
        artefact_hash: None,
        data_until: None,
        data_versions: Value::Object(serde_json::Map::new()),
        metrics: Value::Object(serde_json::Map::new()),
        parent_id: new.parent.map(ModelVersionId::as_uuid),
        replaced_id: None,
        note: None,
        version: 1,
        created_by: tx.author().to_string(),
        created_at: tx.at(),
        stage_since: tx.at(),
        trained_at: tx.at(),
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("registering a model version")?;
    let registered = ModelVersion::try_from(row)?;
    audit::record(tx, merchant, Note::new("model_version", "registered", registered.id).after(&registered)).await?;
    Ok(registered)
}

/// Takes a version to another stage. `expected_version` is the version of the row that the caller judged.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Stale`], or [`StoreError::Violated`] if another version holds the stage.
pub async fn move_stage(
    tx: &Transaction,
    merchant: MerchantId,
    id: ModelVersionId,
    expected_version: Option<i32>,
    step: StageMove,
) -> Result<ModelVersion, StoreError> {
    let before = get(tx, merchant, id).await?;
    version::check("model version", expected_version, before.version)?;
    let row = entity::ActiveModel {
        stage: Set(step.stage.to_string()),
        canary_share: Set(step.canary_share),
        replaced_id: Set(step.replaced.or(before.replaced).map(ModelVersionId::as_uuid)),
        note: Set(step.note),
        stage_since: Set(tx.at()),
        version: Set(before.version + 1),
        ..Default::default()
    };
    change(tx, merchant, &before, row).await?;
    let after = get(tx, merchant, id).await?;
    let note = Note::new("model_version", after.stage.as_str(), id).before(&before).after(&after);
    audit::record(tx, merchant, note).await?;
    Ok(after)
}

/// Notes what a training left behind. The audit log does not hear of it: it happens with every run.
///
/// # Errors
/// [`StoreError::NotFound`] or [`StoreError::Stale`].
pub async fn trained(
    tx: &Transaction,
    merchant: MerchantId,
    id: ModelVersionId,
    training: Training,
) -> Result<(), StoreError> {
    let before = get(tx, merchant, id).await?;
    let row = entity::ActiveModel {
        artefact_hash: Set(Some(training.artefact_hash)),
        data_until: Set(Some(training.data_until)),
        data_versions: Set(training.data_versions),
        metrics: Set(training.metrics),
        trained_at: Set(tx.at()),
        version: Set(before.version + 1),
        ..Default::default()
    };
    change(tx, merchant, &before, row).await
}

/// Notes figures of a version. The audit log does not hear of it.
///
/// # Errors
/// [`StoreError::NotFound`] or [`StoreError::Stale`].
pub async fn note_metrics(
    tx: &Transaction,
    merchant: MerchantId,
    id: ModelVersionId,
    metrics: Value,
) -> Result<(), StoreError> {
    let before = get(tx, merchant, id).await?;
    if before.metrics == metrics {
        return Ok(());
    }
    let row = entity::ActiveModel { metrics: Set(metrics), version: Set(before.version + 1), ..Default::default() };
    change(tx, merchant, &before, row).await
}

async fn change(
    tx: &Transaction,
    merchant: MerchantId,
    before: &ModelVersion,
    row: entity::ActiveModel,
) -> Result<(), StoreError> {
    let changed = entity::Entity::update_many()
        .set(row)
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(before.id.as_uuid()))
        .filter(entity::Column::Version.eq(before.version))
        .exec(tx.connection())
        .await
        .doing("changing a model version")?;
    if changed.rows_affected == 1 {
        return Ok(());
    }
    let current = get(tx, merchant, before.id).await?.version;
    version::check("model version", Some(before.version), current)
}

/// One version of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: ModelVersionId) -> Result<ModelVersion, StoreError> {
    of(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a model version")?
        .ok_or_else(|| StoreError::not_found("model version", id))?
        .try_into()
}

/// Versions that are not archived, newest first; at most 500.
///
/// # Errors
/// A failure of the database.
pub async fn live(on: &impl Read, merchant: MerchantId, kind: ModelKind) -> Result<Vec<ModelVersion>, StoreError> {
    let rows = of(merchant)
        .filter(entity::Column::Kind.eq(kind.as_str()))
        .filter(entity::Column::Stage.ne(ModelStage::Archived.as_str()))
        .order_by_desc(entity::Column::Number)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing model versions")?;
    rows.into_iter().map(ModelVersion::try_from).collect()
}

/// Versions of a kind that a release of the program registered, whatever became of them; newest first, at most 500.
///
/// # Errors
/// A failure of the database.
pub async fn of_release(
    on: &impl Read,
    merchant: MerchantId,
    kind: ModelKind,
    code_version: &str,
) -> Result<Vec<ModelVersion>, StoreError> {
    let rows = of(merchant)
        .filter(entity::Column::Kind.eq(kind.as_str()))
        .filter(entity::Column::CodeVersion.eq(code_version))
        .order_by_desc(entity::Column::Number)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing a release's model versions")?;
    rows.into_iter().map(ModelVersion::try_from).collect()
}

/// Every version of a kind, newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    kind: ModelKind,
    request: &PageRequest,
) -> Result<Page<ModelVersion>, StoreError> {
    let mut query = of(merchant).filter(entity::Column::Kind.eq(kind.as_str()));
    if let Some((number, _)) = request.after::<i32, i32>()? {
        query = query.filter(entity::Column::Number.lt(number));
    }
    let rows = query
        .order_by_desc(entity::Column::Number)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing model versions")?;
    Page::cut(rows, request, |row| (row.number, row.number)).try_map(ModelVersion::try_from)
}

fn of(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
}

impl TryFrom<entity::Model> for ModelVersion {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ModelVersionId::from_uuid(row.id),
            kind: row.kind.parse().stored_in("model_versions.kind")?,
            number: row.number,
            model: row.model,
            stage: row.stage.parse().stored_in("model_versions.stage")?,
            canary_share: row.canary_share,
            parameters: row.parameters,
            code_version: row.code_version,
            artefact_hash: row.artefact_hash,
            data_until: row.data_until,
            data_versions: row.data_versions,
            metrics: row.metrics,
            parent: row.parent_id.map(ModelVersionId::from_uuid),
            replaced: row.replaced_id.map(ModelVersionId::from_uuid),
            note: row.note,
            version: row.version,
            created_by: row.created_by.parse().stored_in("model_versions.created_by")?,
            created_at: row.created_at,
            stage_since: row.stage_since,
            trained_at: row.trained_at,
        })
    }
}
