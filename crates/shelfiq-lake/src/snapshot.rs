//! Tables as of one version: what a query pins before it reads.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use deltalake::arrow::datatypes::SchemaRef;
use deltalake::{DeltaTable, DeltaTableError};
use url::Url;

use crate::lake::{Handle, Location};
use crate::{LakeError, Table};

/// Which version of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AsOf {
    /// The newest.
    #[default]
    Now,
    /// The newest that was committed at or before an instant: what ShelfIQ knew then.
    Time(DateTime<Utc>),
    /// A version by its number, from 0.
    Version(u64),
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::Time(instant) => instant.fmt(f),
            Self::Version(version) => write!(f, "version {version}"),
        }
    }
}

/// A table as of one version: immutable, however the table goes on.
#[derive(Clone)]
pub struct Snapshot {
    /// Which table.
    pub table: Table,
    /// Its columns.
    pub schema: SchemaRef,
    /// Where it stands; ends with `/`.
    pub url: Url,
    /// The version; `None` for a table that was not written by then.
    pub version: Option<u64>,
    /// The files that hold its rows.
    pub files: Vec<DataFile>,
    /// The log up to the version; none for a table that was not written by then.
    log: Option<(Location, Arc<Handle>, DeltaTable)>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, version, files, .. } = self;
        f.debug_struct("Snapshot").field("table", table).field("version", version).field("files", files).finish()
    }
}

/// A Parquet file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Path relative to the table.
    pub path: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// When it was written.
    pub modified_at: DateTime<Utc>,
    /// Number of rows, where the log knows it.
    pub rows: Option<usize>,
    /// Smallest and largest values by column, as the log's JSON statistics object.
    pub statistics_json: Option<String>,
}

impl Snapshot {
    pub(crate) fn empty(table: Table, url: Url) -> Self {
        Self { table, schema: table.schema(), url, version: None, files: Vec::new(), log: None }
    }

    /// Number of rows, where the log knows it for every file.
    #[must_use]
    pub fn rows(&self) -> Option<usize> {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The first log offset that `consumer` had not brought into the table by this version; `None` before its first
    /// commit.
    ///
    /// # Errors
    /// [`LakeError::ReadLog`] if the log of the table cannot be read.
    pub async fn progress(&self, consumer: &str) -> Result<Option<u64>, LakeError> {
        match &self.log {
            Some((location, handle, table)) => handle.progress(*location, table, consumer).await,
            None => Ok(None),
        }
    }
}

/// Pins the version that `as_of` names.
pub(crate) async fn pin(
    location: Location,
    handle: Arc<Handle>,
    latest: DeltaTable,
    as_of: AsOf,
) -> Result<Snapshot, LakeError> {
    let url = latest.table_url().clone();
    let pinned = match as_of {
        AsOf::Now => Some(latest),
        AsOf::Version(version) if latest.version() == Some(version) => Some(latest),
        AsOf::Version(version) => {
            let mut table = latest;
            table.load_version(version).await.map_err(|error| no_such_version(location, as_of, error))?;
            Some(table)
        }
        AsOf::Time(instant) => at_time(location, latest, instant).await?,
    };
    let Some(table) = pinned else { return Ok(Snapshot::empty(location.table, url)) };
    refuse_unreadable(location, &table)?;
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let files = state
        .log_data()
        .iter()
        .map(|file| {
            Ok(DataFile {
                path: file.path().into_owned(),
                size_bytes: u64::try_from(file.size()).unwrap_or(0),
                modified_at: file.modification_datetime()?,
                rows: file.num_records(),
                statistics_json: file.stats(),
            })
        })
        .collect::<Result<_, DeltaTableError>>()
        .map_err(|source| location.read_log_error(source))?;
    let version = Some(state.version());
    let schema = location.table.schema();
    Ok(Snapshot { table: location.table, schema, url, version, files, log: Some((location, handle, table)) })
}

/// The newest version at `instant`, or `None` if there was none yet.
async fn at_time(
    location: Location,
    mut table: DeltaTable,
    instant: DateTime<Utc>,
) -> Result<Option<DeltaTable>, LakeError> {
    table.load_with_datetime(instant).await.map_err(|error| no_such_version(location, AsOf::Time(instant), error))?;
    // For instants before the first version the search ends at the first version.
    let version = table.version().unwrap_or_default();
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let committed_at = state.version_timestamp(version);
    Ok(committed_at.is_none_or(|millis| millis <= instant.timestamp_millis()).then_some(table))
}

fn no_such_version(location: Location, as_of: AsOf, error: DeltaTableError) -> LakeError {
    match error {
        DeltaTableError::InvalidVersion(_) | DeltaTableError::KernelError(_) => {
            LakeError::NoSuchVersion { table: location.describe(), as_of: as_of.to_string() }
        }
        other => location.read_log_error(other),
    }
}

/// Our scans read Parquet files as they are: they would show rows that a deletion vector hides, and miss mapped columns.
pub(crate) fn refuse_unreadable(location: Location, table: &DeltaTable) -> Result<(), LakeError> {
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let unsupported = |feature| LakeError::UnsupportedFeature { table: location.describe(), feature };
    let configuration = state.metadata().configuration();
    let is_set = |key: &str, off: &str| configuration.get(key).is_some_and(|value| value != off);
    if is_set("delta.columnMapping.mode", "none") {
        return Err(unsupported("column mapping"));
    }
    if !state.metadata().partition_columns().is_empty() {
        return Err(unsupported("partition columns"));
    }
    if state.log_data().iter().any(|file| file.deletion_vector_descriptor().is_some()) {
        return Err(unsupported("deletion vectors"));
    }
    Ok(())
}
