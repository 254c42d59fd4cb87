//! Where tables stand, and who may write them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use deltalake::kernel::StructType;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::operations::create::CreateBuilder;
use deltalake::{DeltaTable, DeltaTableBuilder, DeltaTableError, TableProperty};
use shelfiq_core::MerchantId;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use url::Url;

use crate::writer::TableWriter;
use crate::{AsOf, Compaction, LakeError, Snapshot, Table, Vacuum, Zone, maintain, snapshot};

/// Columns with statistics in the table's log. The long texts (JSON, descriptions) stand behind these.
const INDEXED_COLUMN_COUNT: &str = "8";

/// Every merchant's tables. Cheap to clone; clones share their caches and locks.
///
/// One process writes a table at a time, one [`TableWriter`] at a time in it. Any number of readers may read.
#[derive(Clone)]
pub struct Lake {
    root: Url,
    handles: Arc<Mutex<HashMap<Location, Arc<Handle>>>>,
}

/// Which table of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Location {
    pub(crate) merchant: MerchantId,
    pub(crate) zone: Zone,
    pub(crate) table: Table,
}

impl Location {
    /// How errors call the table.
    pub(crate) fn describe(&self) -> String {
        format!("{}/{}", self.zone, self.table)
    }

    pub(crate) fn read_log_error(&self, source: DeltaTableError) -> LakeError {
        LakeError::ReadLog { table: self.describe(), source: Box::new(source) }
    }

    pub(crate) fn write_error(&self, source: DeltaTableError) -> LakeError {
        LakeError::WriteFile { table: self.describe(), source: Box::new(source) }
    }

    pub(crate) fn commit_error(&self, source: DeltaTableError) -> LakeError {
        LakeError::Commit { table: self.describe(), source: Box::new(source) }
    }
}

/// What the process keeps about one table.
#[derive(Default)]
pub(crate) struct Handle {
    /// Held by the one writer.
    write_lock: Arc<AsyncMutex<()>>,
    /// The newest version seen; refreshed before each use.
    latest: Mutex<Option<DeltaTable>>,
    /// How far consumers were, by version: reading it replays the log.
    progress: Mutex<HashMap<(u64, String), Option<u64>>>,
}

/// Entries of [`Handle::progress`] above which it starts anew.
const PROGRESS_MAX: usize = 256;

impl Handle {
    /// How far `consumer` was as of the version that `table` holds.
    pub(crate) async fn progress(
        &self,
        location: Location,
        table: &DeltaTable,
        consumer: &str,
    ) -> Result<Option<u64>, LakeError> {
        let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
        let key = (state.version(), consumer.to_owned());
        let known = self.progress.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let version = state.transaction_version(table.log_store().as_ref(), consumer).await;
        let version = version.map_err(|source| location.read_log_error(source))?;
        let offset = version.and_then(|offset| u64::try_from(offset).ok());
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.len() >= PROGRESS_MAX {
            progress.clear();
        }
        progress.insert(key, offset);
        Ok(offset)
    }

    pub(crate) fn latest(&self) -> Option<DeltaTable> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers `table` unless a newer version is known already.
    pub(crate) fn remember(&self, table: &DeltaTable) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.as_ref().is_none_or(|known| known.version() <= table.version()) {
            *latest = Some(table.clone());
        }
    }
}

impl Lake {
    /// The lake in a local folder, created on first use.
    ///
    /// # Errors
    /// [`LakeError::Open`] if the folder cannot be created or has no absolute path.
    pub fn open(folder: &Path) -> Result<Self, LakeError> {
        let open_error = |source| LakeError::Open { folder: folder.display().to_string(), source };
        std::fs::create_dir_all(folder).map_err(open_error)?;
        let absolute = folder.canonicalize().map_err(open_error)?;
        let root =
            Url::from_directory_path(absolute).map_err(|()| open_error(std::io::ErrorKind::InvalidFilename.into()))?;
        Ok(Self { root, handles: Arc::default() })
    }

    /// Opens the table for writing, creating it on its first use, and waits until no other writer has it.
    ///
    /// # Errors
    /// [`LakeError::ReadLog`] or [`LakeError::Commit`] if the table cannot be opened or created,
    /// [`LakeError::UnsupportedFeature`] if another tool made it unreadable for us.
    pub async fn writer(&self, merchant: MerchantId, zone: Zone, table: Table) -> Result<TableWriter, LakeError> {
        let location = Location { merchant, zone, table };
        let (handle, lock) = self.lock(location).await;
        let table = match self.load(location, &handle).await? {
            Some(table) => table,
            None => self.create(location).await?,
        };
        snapshot::refuse_unreadable(location, &table)?;
        TableWriter::new(location, handle, lock, table)
    }

    /// The table as of an instant or version. A table that was never written, or not yet then, is empty.
    ///
    /// # Errors
    /// [`LakeError::NoSuchVersion`] if the version does not exist or was cleaned up, [`LakeError::ReadLog`] if the log
    /// cannot be read, [`LakeError::UnsupportedFeature`] if another tool made the table unreadable for us.
    pub async fn snapshot(
        &self,
        merchant: MerchantId,
        zone: Zone,
        table: Table,
        as_of: AsOf,
    ) -> Result<Snapshot, LakeError> {
        let location = Location { merchant, zone, table };
        let handle = self.handle(location);
        match self.load(location, &handle).await? {
            None => Ok(Snapshot::empty(table, self.url(location))),
            Some(latest) => snapshot::pin(location, handle, latest, as_of).await,
        }
    }

    /// The first log offset that `consumer` has not yet brought into the table; `None` before its first commit.
    ///
    /// # Errors
    /// [`LakeError::ReadLog`] if the log of the table cannot be read.
    pub async fn progress(
        &self,
        merchant: MerchantId,
        zone: Zone,
        table: Table,
        consumer: &str,
    ) -> Result<Option<u64>, LakeError> {
        let location = Location { merchant, zone, table };
        let handle = self.handle(location);
        match self.load(location, &handle).await? {
            Some(latest) => handle.progress(location, &latest, consumer).await,
            None => Ok(None),
        }
    }

    /// Merges small files into large sorted ones. Readers of earlier versions are not disturbed.
    ///
    /// # Errors
    /// As for [`Self::writer`] and [`TableWriter::commit`].
    pub async fn compact(&self, merchant: MerchantId, zone: Zone, table: Table) -> Result<Compaction, LakeError> {
        let location = Location { merchant, zone, table };
        let (handle, _lock) = self.lock(location).await;
        let Some(latest) = self.load(location, &handle).await? else { return Ok(Compaction::default()) };
        snapshot::refuse_unreadable(location, &latest)?;
        maintain::compact(location, &handle, latest).await
    }

    /// Deletes files that no version within `retention` uses. Older versions can then be read no more.
    ///
    /// # Errors
    /// [`LakeError::Commit`] if files cannot be listed or deleted.
    pub async fn vacuum(
        &self,
        merchant: MerchantId,
        zone: Zone,
        table: Table,
        retention: chrono::TimeDelta,
    ) -> Result<Vacuum, LakeError> {
        let location = Location { merchant, zone, table };
        let (handle, _lock) = self.lock(location).await;
        let Some(latest) = self.load(location, &handle).await? else { return Ok(Vacuum::default()) };
        maintain::vacuum(location, &handle, latest, retention).await
    }

    async fn lock(&self, location: Location) -> (Arc<Handle>, OwnedMutexGuard<()>) {
        let handle = self.handle(location);
        let lock = Arc::clone(&handle.write_lock).lock_owned().await;
        (handle, lock)
    }

    fn handle(&self, location: Location) -> Arc<Handle> {
        let mut handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(handles.entry(location).or_default())
    }

    /// The newest version, or `None` if the table was never written.
    async fn load(&self, location: Location, handle: &Handle) -> Result<Option<DeltaTable>, LakeError> {
        let read_error = |source| location.read_log_error(source);
        let mut table = match handle.latest() {
            Some(known) => known,
            None => {
                let table = DeltaTableBuilder::from_url(self.url(location))
                    .and_then(DeltaTableBuilder::build)
                    .map_err(read_error)?;
                if !table.verify_deltatable_existence().await.map_err(read_error)? {
                    return Ok(None);
                }
                table
            }
        };
        table.update_state().await.map_err(read_error)?;
        handle.remember(&table);
        Ok(Some(table))
    }

    async fn create(&self, location: Location) -> Result<DeltaTable, LakeError> {
        let url = self.url(location);
        if let Ok(folder) = url.to_file_path() {
            std::fs::create_dir_all(&folder)
                .map_err(|source| LakeError::Open { folder: folder.display().to_string(), source })?;
        }
        let columns: StructType = location.table.schema().as_ref().try_into_kernel()?;
        CreateBuilder::new()
            .with_location(url)
            .with_table_name(location.table.name())
            .with_columns(columns.fields().cloned())
            .with_configuration_property(TableProperty::DataSkippingNumIndexedCols, Some(INDEXED_COLUMN_COUNT))
            .await
            .map_err(|source| location.commit_error(source))
    }

    fn url(&self, location: Location) -> Url {
        let Location { merchant, zone, table } = location;
        self.root.join(&format!("{merchant}/{zone}/{table}/")).expect("ids and table names are plain path segments")
    }
}
