//! Writing: rows stream into Parquet files, and one commit makes them visible together with what they replace.

use std::sync::Arc;

use deltalake::DeltaTable;
use deltalake::arrow::array::RecordBatch;
use deltalake::datafile::writer::{DeltaWriter, WriterConfig};
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{Action, Transaction};
use deltalake::parquet::basic::{Compression, ZstdLevel};
use deltalake::parquet::file::properties::{EnabledStatistics, WriterProperties};
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::table::config::TablePropertiesExt;
use tokio::sync::OwnedMutexGuard;

use crate::lake::{Handle, Location};
use crate::rewrite::{self, RowMatch};
use crate::{LakeError, maintain};

/// Rows per row group: small enough that a month of a busy shop can be skipped, large enough to compress well.
const ROW_GROUP_ROWS: usize = 128 << 10;
/// A file closes at this size, so that rewriting one file stays cheap.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Gathers what one commit does to a table. Holds the table's write lock; dropped without
/// [`commit`](Self::commit), it leaves the table as it was.
pub struct TableWriter {
    location: Location,
    handle: Arc<Handle>,
    _lock: OwnedMutexGuard<()>,
    table: DeltaTable,
    files: DeltaWriter,
    deletions: Vec<RowMatch>,
    progress: Vec<Transaction>,
    has_rows: bool,
}

impl TableWriter {
    pub(crate) fn new(
        location: Location,
        handle: Arc<Handle>,
        lock: OwnedMutexGuard<()>,
        table: DeltaTable,
    ) -> Result<Self, LakeError> {
        let files = file_writer(location, &table)?;
        Ok(Self {
            location,
            handle,
            _lock: lock,
            table,
            files,
            deletions: Vec::new(),
            progress: Vec::new(),
            has_rows: false,
        })
    }

    /// Adds rows. They stream to disk: memory does not grow with their number.
    ///
    /// # Errors
    /// [`LakeError::WrongColumns`] if the batch does not have the columns of the table, [`LakeError::WriteFile`] if the
    /// disk fails.
    pub async fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let batch = rewrite::conform(self.location, batch)?;
        self.has_rows = true;
        self.files.write(&batch).await.map_err(|source| self.location.write_error(source))
    }

    /// Deletes rows of earlier commits that match; rows written through this writer stay, whatever the order of calls.
    pub fn delete(&mut self, rows: RowMatch) {
        self.deletions.push(rows);
    }

    /// Deletes all rows of earlier commits: with [`write`](Self::write), replaces the table's content.
    pub fn delete_all(&mut self) {
        self.deletions.push(RowMatch::All);
    }

    /// Writes `batch` in the place of earlier rows that equal one of its rows in the table's key columns.
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub async fn upsert(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        self.deletions.push(RowMatch::SameKey(batch.clone()));
        self.write(batch).await
    }

    /// Stores with the commit that `consumer` has brought everything before log offset `next` into the table.
    pub fn progress(&mut self, consumer: &str, next: u64) {
        // Offsets count events; no disk holds 2^63 of them.
        self.progress.push(Transaction::new(consumer, i64::try_from(next).unwrap_or(i64::MAX)));
    }

    /// Makes everything visible as one version and returns its number; without anything to do, the present one.
    ///
    /// # Errors
    /// [`LakeError::ReadFile`] or [`LakeError::WriteFile`] if rows that stay cannot be copied, [`LakeError::Commit`]
    /// if another process got in between or the disk fails. The table then stands as it was.
    pub async fn commit(mut self) -> Result<u64, LakeError> {
        let replaced = rewrite::delete_rows(self.location, &self.table, &self.deletions, &mut self.files).await?;
        if !self.has_rows && replaced.is_empty() && self.progress.is_empty() {
            return Ok(self.table.version().unwrap_or_default());
        }
        let added = self.files.close().await.map_err(|source| self.location.write_error(source))?;
        let mode = if self.deletions.is_empty() { SaveMode::Append } else { SaveMode::Overwrite };
        let operation = DeltaOperation::Write { mode, partition_by: None, predicate: None };
        let actions = replaced.into_iter().map(Action::Remove).chain(added.into_iter().map(Action::Add)).collect();
        commit(self.location, &self.handle, &mut self.table, actions, self.progress, operation).await
    }
}

/// Commits `actions` durably and remembers the new version.
pub(crate) async fn commit(
    location: Location,
    handle: &Handle,
    table: &mut DeltaTable,
    actions: Vec<Action>,
    progress: Vec<Transaction>,
    operation: DeltaOperation,
) -> Result<u64, LakeError> {
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let new_files: Vec<String> = actions
        .iter()
        .filter_map(|action| if let Action::Add(add) = action { Some(add.path.clone()) } else { None })
        .collect();
    maintain::sync_files(table.table_url(), new_files).await?;
    let properties = CommitProperties::default().with_application_transactions(progress);
    let finalized = CommitBuilder::from(properties)
        .with_actions(actions)
        .build(Some(state.snapshot()), table.log_store(), operation)
        .await
        .map_err(|source| location.commit_error(source))?;
    let version = finalized.version();
    maintain::sync_files(table.table_url(), vec![format!("_delta_log/{version:020}.json")]).await?;
    table.state = Some(finalized.snapshot());
    handle.remember(table);
    Ok(version)
}

/// A writer of Parquet files into the table's folder; nothing is visible before a commit names them.
pub(crate) fn file_writer(location: Location, table: &DeltaTable) -> Result<DeltaWriter, LakeError> {
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(true)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_created_by(concat!("shelfiq ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let config = WriterConfig::new(
        location.table.schema(),
        Vec::new(),
        Some(properties),
        std::num::NonZeroU64::new(FILE_BYTES_MAX),
        None,
        state.table_config().num_indexed_cols(),
        None,
    );
    Ok(DeltaWriter::new(table.object_store(), config))
}
