//! Keeping tables fast and small: compaction, vacuum, and what durability a local disk needs.

use deltalake::DeltaTable;
use deltalake::arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take_record_batch};
use deltalake::kernel::Action;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::operations::vacuum::VacuumMode;
use deltalake::protocol::{DeltaOperation, SaveMode};
use url::Url;

use crate::lake::{Handle, Location};
use crate::writer::{self, file_writer};
use crate::{LakeError, rewrite};

/// Files below this size are worth merging.
const SMALL_FILE_BYTES: i64 = 16 << 20;
/// Merged at once: bounds the memory of a compaction.
const MERGE_BYTES_MAX: i64 = 64 << 20;

/// What a compaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compaction {
    /// Files that were merged.
    pub files_before: usize,
    /// Files that replace them.
    pub files_after: usize,
}

/// What a vacuum did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Vacuum {
    /// Files deleted.
    pub files_deleted: usize,
}

pub(crate) async fn compact(
    location: Location,
    handle: &Handle,
    mut table: DeltaTable,
) -> Result<Compaction, LakeError> {
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let mut total_bytes = 0;
    let small: Vec<_> = state
        .log_data()
        .iter()
        .filter(|file| file.size() < SMALL_FILE_BYTES)
        .take_while(|file| {
            total_bytes += file.size();
            total_bytes <= MERGE_BYTES_MAX
        })
        .collect();
    if small.len() < 2 {
        return Ok(Compaction::default());
    }
    let mut batches = Vec::new();
    for file in &small {
        batches.extend(rewrite::read_file(location, &table, &file.path()).await?);
    }
    let sorted = tokio::task::spawn_blocking(move || sort(location, &batches)).await.map_err(|error| {
        LakeError::Batch(deltalake::arrow::error::ArrowError::from_external_error(Box::new(error)))
    })??;
    let mut files = file_writer(location, &table)?;
    files.write(&sorted).await.map_err(|source| location.write_error(source))?;
    let mut added = files.close().await.map_err(|source| location.write_error(source))?;
    // The rows are the same as before: consumers of changes need not look at these files.
    added.iter_mut().for_each(|add| add.data_change = false);
    let report = Compaction { files_before: small.len(), files_after: added.len() };
    let removed = small.iter().map(|file| Action::Remove(file.remove_action(false)));
    let actions = removed.chain(added.into_iter().map(Action::Add)).collect();
    let operation = DeltaOperation::Write { mode: SaveMode::Overwrite, partition_by: None, predicate: None };
    writer::commit(location, handle, &mut table, actions, Vec::new(), operation).await?;
    Ok(report)
}

fn sort(
    location: Location,
    batches: &[deltalake::arrow::array::RecordBatch],
) -> Result<deltalake::arrow::array::RecordBatch, LakeError> {
    let all = concat_batches(&location.table.schema(), batches)?;
    let column =
        |name: &&str| all.column_by_name(name).map(|values| SortColumn { values: values.clone(), options: None });
    let columns: Vec<_> = location.table.sort_columns().iter().filter_map(column).collect();
    let order = lexsort_to_indices(&columns, None)?;
    Ok(take_record_batch(&all, &order)?)
}

pub(crate) async fn vacuum(
    location: Location,
    handle: &Handle,
    table: DeltaTable,
    retention: chrono::TimeDelta,
) -> Result<Vacuum, LakeError> {
    let (table, metrics) = table
        .vacuum()
        // Also files of commits that never happened: a process that was killed leaves them behind.
        .with_mode(VacuumMode::Full)
        .with_retention_period(retention)
        .with_enforce_retention_duration(false)
        .with_commit_properties(CommitProperties::default())
        .await
        .map_err(|source| location.commit_error(source))?;
    handle.remember(&table);
    Ok(Vacuum { files_deleted: metrics.files_deleted.len() })
}

/// Makes files of a local table durable; object stores are durable by themselves.
///
/// The storage layer renames files into place without syncing them: after a power cut a commit could stand there
/// without its data, while the projector's progress says that the data is in.
pub(crate) async fn sync_files(table: &Url, files: Vec<String>) -> Result<(), LakeError> {
    let Ok(folder) = table.to_file_path() else { return Ok(()) };
    let describe = folder.display().to_string();
    let sync = move || -> std::io::Result<()> {
        for file in files {
            let path = folder.join(file);
            std::fs::File::open(&path)?.sync_all()?;
            if let Some(parent) = path.parent() {
                std::fs::File::open(parent)?.sync_all()?;
            }
        }
        Ok(())
    };
    let open_error = |source| LakeError::Open { folder: describe.clone(), source };
    tokio::task::spawn_blocking(sync)
        .await
        .map_err(|error| open_error(std::io::Error::other(error)))?
        .map_err(open_error)
}
