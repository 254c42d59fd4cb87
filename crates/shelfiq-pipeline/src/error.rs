//! Why an import or a projection stopped.

use shelfiq_core::{ErrorKind, ImportId};
use shelfiq_lake::LakeError;
use shelfiq_log::LogError;
use shelfiq_tabular::TabularError;

/// What the pipeline was doing when it failed. Bad rows are no errors: they are rejects, and the rest goes on.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The file cannot be read.
    #[error("failed to read a file of the import")]
    Read(#[from] TabularError),
    /// The file is none that we recognise, and no mapping came with it.
    #[error("{file} is no export that we recognise: map its columns ({columns})")]
    NotRecognised {
        /// Which file.
        file: String,
        /// Its columns.
        columns: String,
    },
    /// A mapping names a column that the file does not have.
    #[error("the mapping takes `{field}` from column `{column}`, which {file} does not have; it has: {columns}")]
    MappedColumnMissing {
        /// Which file.
        file: String,
        /// Field of the mapping.
        field: String,
        /// Column that is missing.
        column: String,
        /// Columns there are.
        columns: String,
    },
    /// A kind of file needs a field that nothing is mapped to.
    #[error("{file} as {kind} needs a column for: {fields}")]
    FieldsMissing {
        /// Which file.
        file: String,
        /// The kind.
        kind: String,
        /// Fields without a column.
        fields: String,
    },
    /// The file can be read in two ways, and nothing in it decides.
    #[error("{file}, column `{column}`: {doubt} Nothing is imported before you say which: `{flag}`")]
    Undecided {
        /// Which file.
        file: String,
        /// Column in doubt.
        column: String,
        /// The doubt, in one sentence with its full stop.
        doubt: String,
        /// Flags of the command line that answer it; requests name the same.
        flag: &'static str,
    },
    /// The kind or columns of a file were told from parts of its headers only.
    #[error(
        "{file} looks like {kind} ({columns}), but its headers do not say so for certain: say `--kind {kind}` if that is \
         right, or name its columns with `--mapping`"
    )]
    Unconfirmed {
        /// Which file.
        file: String,
        /// The likely kind.
        kind: String,
        /// Which field would be taken from which column.
        columns: String,
    },
    /// Reading a file stopped in the background.
    #[error("reading {file} was interrupted")]
    Interrupted {
        /// Which file.
        file: String,
    },
    /// The rejects file cannot be written.
    #[error("failed to write the rejects file {file}")]
    WriteRejects {
        /// Which file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The log refused.
    #[error("failed to use the event log")]
    Log(#[from] LogError),
    /// The lake refused.
    #[error("failed to use the lake")]
    Lake(#[from] LakeError),
    /// There is no such import, or it was undone before.
    #[error("there is no import {0} that could be undone")]
    NoSuchImport(ImportId),
}

impl PipelineError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Read(TabularError::Io { .. }) | Self::Interrupted { .. } | Self::WriteRejects { .. } => {
                ErrorKind::Unavailable
            }
            Self::Read(TabularError::TooLarge { .. }) => ErrorKind::TooLarge,
            Self::Read(_)
            | Self::NotRecognised { .. }
            | Self::MappedColumnMissing { .. }
            | Self::FieldsMissing { .. }
            | Self::Undecided { .. }
            | Self::Unconfirmed { .. } => ErrorKind::Invalid,
            Self::Log(error) => error.kind(),
            Self::Lake(error) => error.kind(),
            Self::NoSuchImport(_) => ErrorKind::NotFound,
        }
    }
}
