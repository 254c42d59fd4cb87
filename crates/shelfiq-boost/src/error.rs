//! What can be wrong with data or options.

use shelfiq_core::ErrorKind;

/// Trees that cannot be trained, or that are damaged. Rows and columns count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoostError {
    /// There is nothing to learn from.
    #[error("there are no rows to train on")]
    NoRows,
    /// More rows than sums of integers hold.
    #[error("{rows} rows are more than the {most} that can be trained on at once")]
    TooManyRows {
        /// Rows given.
        rows: usize,
        /// The bound.
        most: usize,
    },
    /// Columns, target and weights must be equally long.
    #[error("{what} has {found} rows where the target has {expected}")]
    Uneven {
        /// A column, or the weights.
        what: String,
        /// Rows found.
        found: usize,
        /// Rows of the target.
        expected: usize,
    },
    /// Rows to validate on have other columns than those to train on.
    #[error("there are {found} columns to validate on and {expected} to train on")]
    OtherColumns {
        /// Columns found.
        found: usize,
        /// Columns trained on.
        expected: usize,
    },
    /// A target or weight that the objective cannot use.
    #[error("row {row}: the {what} {value} is not possible here")]
    Value {
        /// `target` or `weight`.
        what: &'static str,
        /// The row.
        row: usize,
        /// The value.
        value: f64,
    },
    /// An option outside its range.
    #[error("{name} must be {range}")]
    Option {
        /// The option.
        name: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// A stored booster whose parts do not fit together.
    #[error("the stored trees are damaged: {0}")]
    Damaged(&'static str),
}

impl BoostError {
    /// What its receiver can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::TooManyRows { .. } => ErrorKind::TooLarge,
            _ => ErrorKind::Invalid,
        }
    }
}
