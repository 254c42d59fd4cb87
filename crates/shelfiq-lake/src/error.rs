//! Why the lake could not do what it was asked.

use deltalake::DeltaTableError;
use deltalake::arrow::error::ArrowError;
use rust_decimal::Decimal;
use shelfiq_core::ErrorKind;

/// What the lake was doing when it failed. `table` reads `<zone>/<table>`.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The folder cannot be used as a lake.
    #[error("failed to open the lake in `{folder}`")]
    Open {
        /// The folder.
        folder: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A table could not be opened or its versions could not be read.
    #[error("failed to read the log of lake table `{table}`")]
    ReadLog {
        /// Which table.
        table: String,
        /// What the table format said.
        source: Box<DeltaTableError>,
    },
    /// A data file could not be read.
    #[error("failed to read file `{file}` of lake table `{table}`")]
    ReadFile {
        /// Which table.
        table: String,
        /// Which file, relative to the table.
        file: String,
        /// What the reader said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Data files could not be written.
    #[error("failed to write data files of lake table `{table}`")]
    WriteFile {
        /// Which table.
        table: String,
        /// What the writer said.
        source: Box<DeltaTableError>,
    },
    /// A version could not be committed. The table stands as it was.
    #[error("failed to commit a version of lake table `{table}`")]
    Commit {
        /// Which table.
        table: String,
        /// What the table format said.
        source: Box<DeltaTableError>,
    },
    /// The table has no such version, or none that old.
    #[error("lake table `{table}` has no version as of {as_of}")]
    NoSuchVersion {
        /// Which table.
        table: String,
        /// What was asked for.
        as_of: String,
    },
    /// The table was changed by a tool that uses features ShelfIQ cannot read row by row.
    #[error("lake table `{table}` uses {feature}, which ShelfIQ does not read: rewrite it without")]
    UnsupportedFeature {
        /// Which table.
        table: String,
        /// Which feature.
        feature: &'static str,
    },
    /// Rows do not have the columns of their table.
    #[error("rows for lake table `{table}` do not fit its columns")]
    WrongColumns {
        /// Which table.
        table: String,
        /// What does not fit.
        source: ArrowError,
    },
    /// An amount that the table cannot hold exactly: it is refused, never rounded.
    #[error("{value} in column `{column}` has more than {scale} decimals or more digits than fit")]
    DecimalOutOfRange {
        /// Which column.
        column: &'static str,
        /// The amount.
        value: Decimal,
        /// Decimals that the column holds.
        scale: i8,
    },
    /// A record batch could not be put together.
    #[error("failed to build rows for the lake")]
    Batch(#[from] ArrowError),
}

impl LakeError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoSuchVersion { .. } => ErrorKind::NotFound,
            Self::DecimalOutOfRange { .. } | Self::WrongColumns { .. } => ErrorKind::Invalid,
            Self::Open { .. } | Self::ReadFile { .. } | Self::WriteFile { .. } | Self::Commit { .. } => {
                ErrorKind::Unavailable
            }
            Self::ReadLog { .. } | Self::UnsupportedFeature { .. } | Self::Batch(_) => ErrorKind::Internal,
        }
    }
}
