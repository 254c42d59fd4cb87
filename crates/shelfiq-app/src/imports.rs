//! Imports: uploading a file, previewing it, importing it in the background, taking it back.

mod first_look;
mod options;
mod upload;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shelfiq_core::{CurrencyCode, ImportId, MerchantId, StoreId};
use shelfiq_pipeline::{
    ImportOptions, ImportReport, ImportSession, Mapping, PipelineError, Preview, SourceKind, UndoReport,
};
use shelfiq_store::imports::{self as stored, Import, ImportCounts, ImportOutcome, NewImport};
use shelfiq_store::stores::{self, NewStore};
use shelfiq_store::{Author, Cursor, Page, PageRequest, column_mappings, merchants};
use shelfiq_tabular::{DateOrder, DecimalMark};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::jobs;
use crate::live::LiveChange;
use crate::platform::Platform;
use crate::recommendations::to_value;
pub use first_look::{currencies, open_question, preview_without_merchant};
use options::options_of_files;
use upload::uploaded;
pub use upload::{Upload, begin_upload, upload_name};

const DEFAULT_STORE: &str = "Shop";
const NAME_CHARS_MAX: usize = 120;

/// How a caller wants a file to be imported.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ImportRequest {
    /// What the file is, if it cannot be recognised.
    pub kind: Option<SourceKind>,
    /// Which column means what.
    pub mapping: Option<Mapping>,
    /// Store to which rows belong that name none; created if new.
    pub store: Option<String>,
    /// Currency of amounts that name none; the merchant's if absent.
    pub currency: Option<CurrencyCode>,
    /// Order of day and month, where the values of a file do not tell.
    #[serde(default)]
    pub date_order: Option<DateOrder>,
    /// Decimal mark, where the values of a file do not tell.
    #[serde(default)]
    pub decimal_mark: Option<DecimalMark>,
}

/// What the background job needs to know.
#[derive(Debug, Serialize, Deserialize)]
struct ImportPayload {
    import: ImportId,
    upload: String,
    request: ImportRequest,
}

#[derive(Debug, Serialize, Deserialize)]
struct UndoPayload {
    import: ImportId,
}

/// Whether the caller may import at all.
///
/// # Errors
/// [`AppError::Access`] if not.
pub fn may_import(actor: &Actor) -> Result<(), AppError> {
    actor.authorize(Permission::Import)?;
    Ok(())
}

/// Says what importing an uploaded file would do. Nothing is written.
///
/// # Errors
/// [`AppError::Access`], or there is no such upload, or the file cannot be read.
pub async fn preview_upload(
    platform: &Platform,
    actor: &Actor,
    upload: &str,
    request: &ImportRequest,
) -> Result<Preview, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let file = uploaded(platform, merchant, upload)?;
    preview(platform, merchant, &file, request).await
}

/// Says what importing a file of this machine would do. Nothing is written.
///
/// # Errors
/// [`AppError::Access`], or the file cannot be read.
pub async fn preview_file(
    platform: &Platform,
    actor: &Actor,
    file: &Path,
    request: &ImportRequest,
) -> Result<Preview, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    preview(platform, merchant, file, request).await
}

async fn preview(
    platform: &Platform,
    merchant: MerchantId,
    file: &Path,
    request: &ImportRequest,
) -> Result<Preview, AppError> {
    let options = options_of_files(platform, merchant, &[file.to_owned()], request).await?;
    Ok(session(platform, merchant).preview(file, &options).await?)
}

/// Imports an uploaded file in the background.
///
/// # Errors
/// [`AppError::Access`], or there is no such upload, or the file cannot be imported so: it is not recognised, lacks a
/// column, or leaves a question open.
pub async fn start(
    platform: &Platform,
    actor: &Actor,
    upload: &str,
    request: ImportRequest,
) -> Result<Import, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let file = uploaded(platform, merchant, upload)?;
    // Whoever asks hears at once what is missing, not from a job that failed.
    let options = options_of_files(platform, merchant, std::slice::from_ref(&file), &request).await?;
    session(platform, merchant).check(&file, &options).await?;
    let store = ensure_store(platform, merchant, actor.author(), &request).await?;
    let tx = platform.begin(actor.author()).await?;
    let id = ImportId::from_uuid(platform.randomness.next_uuid(tx.at()));
    let import = stored::insert(&tx, merchant, new_import(id, store, &[file], &request)?).await?;
    let payload = ImportPayload { import: id, upload: upload.to_owned(), request };
    jobs::enqueue_import(platform, &tx, merchant, to_value(&payload)?).await?;
    tx.commit().await?;
    Ok(import)
}

/// Imports files of this machine now, and waits: what the command line does.
///
/// # Errors
/// [`AppError::Access`], or a file cannot be read. What landed before is taken back.
pub async fn import_files(
    platform: &Platform,
    actor: &Actor,
    files: &[PathBuf],
    request: &ImportRequest,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<ImportReport, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let store = ensure_store(platform, merchant, actor.author(), request).await?;
    let tx = platform.begin(actor.author()).await?;
    let id = ImportId::from_uuid(platform.randomness.next_uuid(tx.at()));
    stored::insert(&tx, merchant, new_import(id, store, files, request)?).await?;
    tx.commit().await?;
    carry_out(platform, merchant, id, files, request, progress).await
}

/// Takes an import back in the background.
///
/// # Errors
/// [`AppError::Access`], or the import does not exist or is not finished.
pub async fn start_undo(platform: &Platform, actor: &Actor, id: ImportId) -> Result<Import, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let tx = platform.begin(actor.author()).await?;
    let import = stored::begin_undo(&tx, merchant, id).await?;
    jobs::enqueue_undo(platform, &tx, merchant, to_value(&UndoPayload { import: id })?).await?;
    tx.commit().await?;
    Ok(import)
}

/// Takes an import back now, and waits.
///
/// # Errors
/// [`AppError::Access`], or the import does not exist or is not finished.
pub async fn undo(platform: &Platform, actor: &Actor, id: ImportId) -> Result<UndoReport, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let tx = platform.begin(actor.author()).await?;
    stored::begin_undo(&tx, merchant, id).await?;
    tx.commit().await?;
    take_back(platform, merchant, id).await
}

/// One page of imports, newest first.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn list(
    platform: &Platform,
    actor: &Actor,
    limit: u32,
    after: Option<String>,
) -> Result<Page<Import>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let request = PageRequest::new(limit, after.map(Cursor::from_text));
    Ok(stored::page(&platform.store, merchant, &request).await?)
}

/// One import.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, id: ImportId) -> Result<Import, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(stored::get(&platform.store, merchant, id).await?)
}

/// The file with the rows that an import refused.
///
/// # Errors
/// [`AppError::Access`], or no row was refused.
pub async fn rejects_file(platform: &Platform, actor: &Actor, id: ImportId) -> Result<PathBuf, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let import = stored::get(&platform.store, merchant, id).await?;
    import.rejects_file.map(PathBuf::from).ok_or_else(|| AppError::not_found("rejects file of import", id))
}

/// Carries out the import job.
pub(crate) async fn run_job(
    platform: &Platform,
    merchant: MerchantId,
    payload: &Value,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<Value, AppError> {
    let payload: ImportPayload = serde_json::from_value(payload.clone())?;
    let file = uploaded(platform, merchant, &payload.upload)?;
    let report = carry_out(platform, merchant, payload.import, &[file], &payload.request, progress).await?;
    // New rows change every model: the run looks at everything.
    let tx = platform.begin(Author::system("import")).await?;
    jobs::enqueue_daily(platform, &tx, merchant).await?;
    tx.commit().await?;
    to_value(&report)
}

/// Carries out the undo job.
pub(crate) async fn undo_job(platform: &Platform, merchant: MerchantId, payload: &Value) -> Result<Value, AppError> {
    let payload: UndoPayload = serde_json::from_value(payload.clone())?;
    let report = take_back(platform, merchant, payload.import).await?;
    let tx = platform.begin(Author::system("import")).await?;
    jobs::enqueue_daily(platform, &tx, merchant).await?;
    tx.commit().await?;
    to_value(&report)
}

async fn carry_out(
    platform: &Platform,
    merchant: MerchantId,
    id: ImportId,
    files: &[PathBuf],
    request: &ImportRequest,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<ImportReport, AppError> {
    let outcome = import_into_tables(platform, merchant, id, files, request, progress).await;
    if outcome.is_err() {
        take_out_part(platform, merchant, id).await;
    }
    let tx = platform.begin(Author::system("import")).await?;
    let status = match &outcome {
        Ok(report) => {
            stored::finish(&tx, merchant, id, import_outcome(report)?).await?;
            "finished"
        }
        Err(error) => {
            stored::fail(&tx, merchant, id, &jobs::sentence(error)).await?;
            "failed"
        }
    };
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::ImportFinished { id: id.to_string(), status: status.to_owned() });
    outcome
}

async fn import_into_tables(
    platform: &Platform,
    merchant: MerchantId,
    id: ImportId,
    files: &[PathBuf],
    request: &ImportRequest,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<ImportReport, AppError> {
    let tell = |share: f64, stage: &str| {
        progress(share, stage);
        platform.live.publish(
            merchant,
            LiveChange::ImportProgress { id: id.to_string(), progress: share, stage: stage.to_owned() },
        );
    };
    let tx = platform.begin(Author::system("import")).await?;
    stored::start(&tx, merchant, id).await?;
    tx.commit().await?;
    let options = options_of_files(platform, merchant, files, request).await?;
    tell(0.01, "reading");
    let file_count = files.len().max(1) as f64;
    // Rows to come are unknown: the bar approaches the end of the reading part without reaching it.
    let mut on_progress = |seen: shelfiq_pipeline::Progress| {
        let within = 1.0 - 1.0 / (1.0 + seen.rows as f64 / 100_000.0);
        tell(0.7 * (seen.file as f64 + within) / file_count, &format!("{} rows read", seen.rows));
    };
    let report = session(platform, merchant).run(id, files, &options, &mut on_progress).await?;
    remember_mapping(platform, merchant, files, request, &options).await?;
    tell(0.75, "filling tables");
    refresh_tables(platform, merchant).await?;
    tell(1.0, "done");
    Ok(report)
}

/// Brings the log's news into the tables.
pub(crate) async fn refresh_tables(platform: &Platform, merchant: MerchantId) -> Result<(), AppError> {
    let zone = merchants::get(&platform.store, merchant).await?.time_zone;
    platform.projector.catch_up(merchant).await?;
    platform.query.refresh_derived(merchant, zone).await?;
    platform.data_changed(merchant);
    Ok(())
}

/// An import that failed has changed nothing: rows that had landed before go again. A failure here is not the import's own,
/// which is the one to be told.
async fn take_out_part(platform: &Platform, merchant: MerchantId, id: ImportId) {
    let taken = match session(platform, merchant).undo(id, platform.clock.now()).await {
        Err(PipelineError::NoSuchImport(_)) => return,
        Ok(_) => refresh_tables(platform, merchant).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = taken {
        let error = &error as &dyn std::error::Error;
        tracing::error!(import.id = %id, error, "failed to take back what import `{id}` had brought before it failed");
    }
}

/// Takes an import back that is marked as being undone. May be begun again: where the log holds nothing of the import any
/// more, an earlier try got as far as that, or the import had brought nothing, and the tables follow.
async fn take_back(platform: &Platform, merchant: MerchantId, id: ImportId) -> Result<UndoReport, AppError> {
    let report = match session(platform, merchant).undo(id, platform.clock.now()).await {
        Err(PipelineError::NoSuchImport(import_id)) => UndoReport { import_id, removed: 0, restored: 0 },
        report => report?,
    };
    refresh_tables(platform, merchant).await?;
    let tx = platform.begin(Author::system("import")).await?;
    stored::finish_undo(&tx, merchant, id).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::ImportFinished { id: id.to_string(), status: "undone".to_owned() });
    Ok(report)
}

fn session(platform: &Platform, merchant: MerchantId) -> ImportSession {
    ImportSession::new(merchant, Arc::clone(&platform.log), platform.files_of(merchant))
}

async fn remember_mapping(
    platform: &Platform,
    merchant: MerchantId,
    files: &[PathBuf],
    request: &ImportRequest,
    options: &ImportOptions,
) -> Result<(), AppError> {
    let (Some(mapping), [file]) = (request.mapping.clone(), files) else { return Ok(()) };
    // What was answered about these columns is remembered with them.
    let mapping = Mapping {
        date_order: mapping.date_order.or(request.date_order),
        decimal_mark: mapping.decimal_mark.or(request.decimal_mark),
        ..mapping
    };
    let hash = session(platform, merchant).header_hash(file, options).await?;
    let tx = platform.begin(Author::system("import")).await?;
    column_mappings::remember(&tx, merchant, &hash, to_value(&mapping)?).await?;
    Ok(tx.commit().await?)
}

async fn ensure_store(
    platform: &Platform,
    merchant: MerchantId,
    author: Author,
    request: &ImportRequest,
) -> Result<Option<StoreId>, AppError> {
    let name = request.store.as_deref().unwrap_or(DEFAULT_STORE).trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(AppError::invalid("store", format!("give a name of 1 to {NAME_CHARS_MAX} characters")));
    }
    if let Some(store) = stores::by_name(&platform.store, merchant, &name).await? {
        return Ok(Some(store.id));
    }
    let tx = platform.begin(author).await?;
    let id = StoreId::from_uuid(platform.randomness.next_uuid(tx.at()));
    let channel = request.kind.map_or(shelfiq_core::Channel::Direct, SourceKind::channel);
    stores::insert(&tx, merchant, NewStore { id, name, channel, currency: request.currency }).await?;
    tx.commit().await?;
    Ok(Some(id))
}

fn new_import(
    id: ImportId,
    store: Option<StoreId>,
    files: &[PathBuf],
    request: &ImportRequest,
) -> Result<NewImport, AppError> {
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    Ok(NewImport {
        id,
        store,
        kind: request.kind.map(|kind| kind.as_str().to_owned()),
        files: to_value(&names.iter().map(|name| serde_json::json!({ "file": name })).collect::<Vec<_>>())?,
        mapping: request.mapping.as_ref().map(to_value).transpose()?,
    })
}

fn import_outcome(report: &ImportReport) -> Result<ImportOutcome, AppError> {
    // Sums over several files would count shared orders and customers twice.
    let totals = if let [file] = report.files.as_slice() { Some(to_value(&file.totals)?) } else { None };
    Ok(ImportOutcome {
        kind: report.files.first().map(|file| file.kind.clone()),
        files: to_value(&report.files)?,
        counts: ImportCounts {
            rows: report.rows,
            new: report.new,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
        },
        totals,
        mapping: None,
        rejects_file: report.files.iter().find_map(|file| file.rejects_file.clone()),
    })
}
