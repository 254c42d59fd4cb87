//! What can go wrong in the operational store, in sentences that its callers can pass on.

use std::error::Error;

use sea_orm::{DbErr, RuntimeErr, sqlx};
use shelfiq_core::ErrorKind;

use crate::constraint::Constraint;

/// The cause beneath a [`StoreError`]: the driver's own error.
pub type Cause = Box<dyn Error + Send + Sync>;

/// An operation on the store that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database cannot be used.
    #[error("`{url}` is not the address of a database: use sqlite:///path/to/shelfiq.db or postgres://host/database")]
    Address {
        /// The address without its password.
        url: String,
    },
    /// The database did not open.
    #[error("failed to open the database")]
    Open {
        /// The driver's error.
        source: Cause,
    },
    /// The schema could not be brought up to date.
    #[error("failed to bring the database schema up to date")]
    Migrate {
        /// The driver's error.
        source: Cause,
    },
    /// Every connection stayed busy for the whole waiting time.
    #[error("the database is too busy: try again")]
    Busy {
        /// The driver's error.
        source: Cause,
    },
    /// A statement failed for a reason that no caller can mend.
    #[error("the database failed while {doing}")]
    Failed {
        /// What was being done, as in "listing alerts".
        doing: &'static str,
        /// The driver's error.
        source: Cause,
    },
    /// A named constraint of the schema forbids the change.
    #[error("{}", .0.sentence())]
    Violated(Constraint),
    /// No such row, or none that this merchant may see.
    #[error("there is no {what} `{key}`")]
    NotFound {
        /// The noun.
        what: &'static str,
        /// What was looked for.
        key: String,
    },
    /// The row changed since the caller read it.
    #[error("the {what} was changed meanwhile (version {current}, expected {expected}): load it again")]
    Stale {
        /// The noun.
        what: &'static str,
        /// The version the caller has seen.
        expected: i32,
        /// The version in the store.
        current: i32,
    },
    /// The row is in a state that does not allow the step.
    #[error("cannot {step} this {what}: it is {state}")]
    WrongState {
        /// The noun.
        what: &'static str,
        /// The step in the infinitive, as in "undo".
        step: &'static str,
        /// The state it is in.
        state: String,
    },
    /// A page was asked for with a cursor that this list did not hand out.
    #[error("the cursor of the page is not valid: start again without `after`")]
    BadCursor,
    /// A stored value that this program never writes: a foreign hand or a broken disk.
    #[error("column `{column}` holds a value that does not belong there")]
    Corrupt {
        /// Table and column.
        column: &'static str,
        /// Why it could not be read.
        source: Cause,
    },
}

impl StoreError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Address { .. } | Self::BadCursor => ErrorKind::Invalid,
            Self::Open { .. } | Self::Busy { .. } => ErrorKind::Unavailable,
            Self::Migrate { .. } | Self::Failed { .. } | Self::Corrupt { .. } => ErrorKind::Internal,
            Self::Violated(_) | Self::WrongState { .. } => ErrorKind::Conflict,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Stale { .. } => ErrorKind::PreconditionFailed,
        }
    }

    pub(crate) fn not_found(what: &'static str, key: impl ToString) -> Self {
        Self::NotFound { what, key: key.to_string() }
    }
}

/// Says what was being done when the driver failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, DbErr> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| {
            if let Some(constraint) = Constraint::violated_by(&error) {
                return StoreError::Violated(constraint);
            }
            if is_busy(&error) {
                return StoreError::Busy { source: Box::new(error) };
            }
            StoreError::Failed { doing, source: Box::new(error) }
        })
    }
}

/// Reads a stored text or number back into its type.
pub(crate) trait Stored<T> {
    fn stored_in(self, column: &'static str) -> Result<T, StoreError>;
}

impl<T, E: Into<Cause>> Stored<T> for Result<T, E> {
    fn stored_in(self, column: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::Corrupt { column, source: error.into() })
    }
}

fn is_busy(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => match error.as_ref() {
            sqlx::Error::PoolTimedOut => true,
            // SQLITE_BUSY and its variants; PostgreSQL's lock timeout and too many connections.
            sqlx::Error::Database(error) => {
                matches!(error.code().as_deref(), Some("5" | "261" | "517" | "55P03" | "53300"))
            }
            _ => false,
        },
        _ => false,
    }
}
