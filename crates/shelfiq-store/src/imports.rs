//! Imports: runs of the importer and what came of them.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shelfiq_core::{ImportId, MerchantId, StoreId};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::import as entity;
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction, audit};

text_enum! {
    /// Where an import stands.
    ImportStatus = "import status" {
        /// Waits for its job.
        Queued = "queued",
        /// Reads and stores rows.
        Running = "running",
        /// The good rows landed.
        Finished = "finished",
        /// Stopped by an error; nothing of it counts.
        Failed = "failed",
        /// Its effects are being taken back.
        Undoing = "undoing",
        /// Its effects are gone.
        Undone = "undone",
    }
}

/// Rows by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows in the files.
    pub rows: u64,
    /// Rows that were not there before.
    pub new: u64,
    /// Rows that replaced an earlier version of themselves.
    pub changed: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Rows that broke a rule.
    pub rejected: u64,
}

/// One run of the importer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The store whose rows these are.
    pub store: Option<StoreId>,
    /// What the rows are, for example `orders`; `None` if the files are of several kinds.
    pub kind: Option<String>,
    /// Where it stands.
    pub status: ImportStatus,
    /// One entry per file, as the importer writes them.
    pub files: Value,
    /// Rows by what became of them, over all files.
    pub counts: ImportCounts,
    /// Control totals, as the importer writes them.
    pub totals: Option<Value>,
    /// The meaning of the columns, if it was not recognised.
    pub mapping: Option<Value>,
    /// Share done, 0 to 1.
    pub progress: f64,
    /// What it is doing, for people.
    pub stage: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// The file with the rejected rows, relative to the folder of imports.
    pub rejects_file: Option<String>,
    /// Who started it.
    pub started_by: Author,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, well or not.
    pub finished_at: Option<DateTime<Utc>>,
    /// When its effects were gone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// An import about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewImport {
    /// Its id.
    pub id: ImportId,
    /// The store whose rows these are.
    pub store: Option<StoreId>,
    /// What the rows are.
    pub kind: Option<String>,
    /// One entry per file.
    pub files: Value,
    /// The meaning of the columns, if the caller chose it.
    pub mapping: Option<Value>,
}

/// What a finished import leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportOutcome {
    /// What the rows turned out to be.
    pub kind: Option<String>,
    /// One entry per file.
    pub files: Value,
    /// Rows by what became of them.
    pub counts: ImportCounts,
    /// Control totals.
    pub totals: Option<Value>,
    /// The meaning of the columns that was used.
    pub mapping: Option<Value>,
    /// The file with the rejected rows, if there are any.
    pub rejects_file: Option<String>,
}

/// Stores an import that waits for its job.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::Reference`] if there is no such store.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewImport) -> Result<Import, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        store_id: new.store.map(StoreId::as_uuid),
        kind: new.kind,
        status: ImportStatus::Queued.to_string(),
        files: new.files,
        rows_read: 0,
        rows_new: 0,
        rows_changed: 0,
        rows_unchanged: 0,
        rows_rejected: 0,
        totals: None,
        mapping: new.mapping,
        progress: 0.0,
        stage: None,
        error: None,
        rejects_file: None,
        started_by: tx.author().to_string(),
        created_at: tx.at(),
        started_at: None,
        finished_at: None,
        undone_at: None,
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("storing an import")?;
    let import = Import::try_from(row)?;
    audit::record(tx, merchant, Note::new("import", "queued", import.id).after(&import)).await?;
    Ok(import)
}

/// One import of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: ImportId) -> Result<Import, StoreError> {
    of(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading an import")?
        .ok_or_else(|| StoreError::not_found("import", id))?
        .try_into()
}

/// The merchant's imports, newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(on: &impl Read, merchant: MerchantId, request: &PageRequest) -> Result<Page<Import>, StoreError> {
    let mut query = of(merchant);
    if let Some(place) = request.after::<At, Uuid>()? {
        query = query.filter(below((entity::Column::CreatedAt, entity::Column::Id), place));
    }
    let rows = query
        .order_by_desc(entity::Column::CreatedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing imports")?;
    Page::cut(rows, request, |row| (At(row.created_at), row.id)).try_map(Import::try_from)
}

/// When an import of the merchant last finished well.
///
/// # Errors
/// A failure of the database.
pub async fn last_finished_at(on: &impl Read, merchant: MerchantId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = of(merchant)
        .filter(entity::Column::Status.eq(ImportStatus::Finished.as_str()))
        .order_by_desc(entity::Column::FinishedAt)
        .one(on.connection())
        .await
        .doing("looking for the last import")?;
    Ok(row.and_then(|row| row.finished_at))
}

/// The import begins, or begins again after its worker vanished.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] if it ended already.
pub async fn start(tx: &Transaction, merchant: MerchantId, id: ImportId) -> Result<Import, StoreError> {
    let row = entity::ActiveModel {
        status: Set(ImportStatus::Running.to_string()),
        started_at: Set(Some(tx.at())),
        progress: Set(0.0),
        error: Set(None),
        ..Default::default()
    };
    change(tx, merchant, id, "start", &[ImportStatus::Queued, ImportStatus::Running], row).await
}

/// Shows how far the import is: share done (0 to 1) and stage. Leaves no audit row.
///
/// # Errors
/// A failure of the database.
pub async fn set_progress(
    tx: &Transaction,
    merchant: MerchantId,
    id: ImportId,
    progress: f64,
    stage: &str,
) -> Result<(), StoreError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::Progress, Expr::value(progress.clamp(0.0, 1.0)))
        .col_expr(entity::Column::Stage, Expr::value(stage))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .exec(tx.connection())
        .await
        .doing("showing the progress of an import")?;
    Ok(())
}

/// The good rows landed.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] unless it is running.
pub async fn finish(
    tx: &Transaction,
    merchant: MerchantId,
    id: ImportId,
    outcome: ImportOutcome,
) -> Result<Import, StoreError> {
    let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    let row = entity::ActiveModel {
        status: Set(ImportStatus::Finished.to_string()),
        kind: Set(outcome.kind),
        files: Set(outcome.files),
        rows_read: Set(count(outcome.counts.rows)),
        rows_new: Set(count(outcome.counts.new)),
        rows_changed: Set(count(outcome.counts.changed)),
        rows_unchanged: Set(count(outcome.counts.unchanged)),
        rows_rejected: Set(count(outcome.counts.rejected)),
        totals: Set(outcome.totals),
        mapping: Set(outcome.mapping),
        rejects_file: Set(outcome.rejects_file),
        progress: Set(1.0),
        stage: Set(None),
        finished_at: Set(Some(tx.at())),
        ..Default::default()
    };
    change(tx, merchant, id, "finish", &[ImportStatus::Running], row).await
}

/// The import, or its undoing, stopped with an error that a person can read. A failed undoing can be asked for again.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] if it ended already.
pub async fn fail(tx: &Transaction, merchant: MerchantId, id: ImportId, error: &str) -> Result<Import, StoreError> {
    let before = get(tx, merchant, id).await?;
    let status = match before.status {
        ImportStatus::Undoing => ImportStatus::Finished,
        _ => ImportStatus::Failed,
    };
    let row = entity::ActiveModel {
        status: Set(status.to_string()),
        error: Set(Some(error.to_owned())),
        stage: Set(None),
        finished_at: Set(Some(before.finished_at.unwrap_or(tx.at()))),
        ..Default::default()
    };
    let from = [ImportStatus::Queued, ImportStatus::Running, ImportStatus::Undoing];
    change(tx, merchant, id, "fail", &from, row).await
}

/// Somebody wants the effects of the import taken back.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] unless it is finished.
pub async fn begin_undo(tx: &Transaction, merchant: MerchantId, id: ImportId) -> Result<Import, StoreError> {
    let row =
        entity::ActiveModel { status: Set(ImportStatus::Undoing.to_string()), error: Set(None), ..Default::default() };
    change(tx, merchant, id, "undo", &[ImportStatus::Finished], row).await
}

/// The effects of the import are gone.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] unless it is being undone.
pub async fn finish_undo(tx: &Transaction, merchant: MerchantId, id: ImportId) -> Result<Import, StoreError> {
    let row = entity::ActiveModel {
        status: Set(ImportStatus::Undone.to_string()),
        stage: Set(None),
        undone_at: Set(Some(tx.at())),
        ..Default::default()
    };
    change(tx, merchant, id, "finish undoing", &[ImportStatus::Undoing], row).await
}

/// Writes `row` if the import is in one of the states `from`, with an audit row.
async fn change(
    tx: &Transaction,
    merchant: MerchantId,
    id: ImportId,
    step: &'static str,
    from: &[ImportStatus],
    row: entity::ActiveModel,
) -> Result<Import, StoreError> {
    let before = get(tx, merchant, id).await?;
    let changed = entity::Entity::update_many()
        .set(row)
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .filter(entity::Column::Status.is_in(from.iter().map(|status| status.as_str())))
        .exec(tx.connection())
        .await
        .doing("changing an import")?;
    if changed.rows_affected != 1 {
        return Err(StoreError::WrongState { what: "import", step, state: before.status.to_string() });
    }
    let after = get(tx, merchant, id).await?;
    let note = Note::new("import", after.status.as_str(), id).before(&before).after(&after);
    audit::record(tx, merchant, note).await?;
    Ok(after)
}

fn of(merchant: MerchantId) -> sea_orm::Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
}

impl TryFrom<entity::Model> for Import {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        let count = |rows: i64, column: &'static str| u64::try_from(rows).stored_in(column);
        Ok(Self {
            id: ImportId::from_uuid(row.id),
            store: row.store_id.map(StoreId::from_uuid),
            kind: row.kind,
            status: row.status.parse().stored_in("imports.status")?,
            files: row.files,
            counts: ImportCounts {
                rows: count(row.rows_read, "imports.rows_read")?,
                new: count(row.rows_new, "imports.rows_new")?,
                changed: count(row.rows_changed, "imports.rows_changed")?,
                unchanged: count(row.rows_unchanged, "imports.rows_unchanged")?,
                rejected: count(row.rows_rejected, "imports.rows_rejected")?,
            },
            totals: row.totals,
            mapping: row.mapping,
            progress: row.progress,
            stage: row.stage,
            error: row.error,
            rejects_file: row.rejects_file,
            started_by: row.started_by.parse().stored_in("imports.started_by")?,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            undone_at: row.undone_at,
        })
    }
}
