//! What can go wrong when a question is asked.

use datafusion::error::DataFusionError;
use shelfiq_core::ErrorKind;
use shelfiq_lake::LakeError;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The text is not a question that can be answered from the tables.
    #[error("{message}")]
    Invalid {
        /// What is wrong, in the engine's words, and the mend where it is known.
        message: String,
    },
    /// The statement would change something.
    #[error("only SELECT is allowed here, not {statement}: tables change by imports and decisions")]
    NotReadOnly {
        /// What the statement is.
        statement: String,
    },
    /// The answer took longer than allowed.
    #[error("the query ran longer than {seconds} s: restrict the days or aggregate")]
    TimedOut {
        /// The bound.
        seconds: u64,
    },
    /// The answer needed more memory than allowed.
    #[error("the query needs more memory than the {megabytes} MB allowed: restrict the days or aggregate")]
    TooLarge {
        /// The bound.
        megabytes: usize,
    },
    /// A table could not be read.
    #[error("failed to open the tables")]
    Lake {
        /// What the lake said.
        #[from]
        source: LakeError,
    },
    /// The engine failed.
    #[error("failed to run the query")]
    Engine {
        /// What the engine said.
        source: Box<DataFusionError>,
    },
    /// The answer does not have the shape that the caller expects: a bug.
    #[error("the answer has no column `{column}` of type {expected}")]
    Shape {
        /// Column asked for.
        column: String,
        /// Type asked for.
        expected: &'static str,
    },
}

impl QueryError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid { .. } | Self::NotReadOnly { .. } => ErrorKind::Invalid,
            Self::TimedOut { .. } | Self::TooLarge { .. } => ErrorKind::TooLarge,
            Self::Lake { .. } | Self::Engine { .. } | Self::Shape { .. } => ErrorKind::Internal,
        }
    }

    /// Sorts what the engine says into what the asker can mend and what is ours.
    pub(crate) fn of_engine(error: DataFusionError, megabytes: usize) -> Self {
        match error.find_root() {
            DataFusionError::SQL(cause, _) => Self::Invalid { message: cause.to_string() },
            DataFusionError::Plan(message)
            | DataFusionError::NotImplemented(message)
            | DataFusionError::Configuration(message) => Self::Invalid { message: message.clone() },
            DataFusionError::SchemaError(cause, _) => Self::Invalid { message: cause.to_string() },
            DataFusionError::Diagnostic(_, cause) => Self::Invalid { message: cause.strip_backtrace() },
            // Overflows and bad casts depend on the asker's expressions and rows.
            DataFusionError::ArrowError(cause, _) => Self::Invalid { message: cause.to_string() },
            DataFusionError::Execution(message) => Self::Invalid { message: message.clone() },
            DataFusionError::ResourcesExhausted(_) => Self::TooLarge { megabytes },
            _ => Self::Engine { source: Box::new(error) },
        }
    }
}
