use shelfiq_core::ErrorKind;

/// Input that cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnomalyError {
    /// An infinite value. Rows count from 1, the header is not a row.
    #[error("row {row}, column `{column}`: the value is infinite")]
    Infinite {
        /// Row, counted from 1.
        row: usize,
        /// Column.
        column: String,
    },
    /// Stamps and values of a series differ in number.
    #[error("series `{series}` has {stamps} stamps and {values} values")]
    LengthMismatch {
        /// The series.
        series: String,
        /// Number of stamps.
        stamps: usize,
        /// Number of values.
        values: usize,
    },
    /// A table without a numeric column.
    #[error("the table has no numeric column")]
    NoColumns,
    /// Columns of a table differ in length.
    #[error("column `{column}` has {found} rows, the first column has {expected}")]
    RaggedColumns {
        /// The column.
        column: String,
        /// Its rows.
        found: usize,
        /// Rows of the first column.
        expected: usize,
    },
    /// A season that is no season.
    #[error("a season of {period} steps is not possible: at least 2 are needed, {max} at most")]
    BadSeason {
        /// What was given.
        period: usize,
        /// Longest season that is kept.
        max: usize,
    },
    /// A rate that is no rate.
    #[error("a false alarm rate of {rate} is not possible: it must lie between {min} and {max}")]
    BadRate {
        /// What was given.
        rate: String,
        /// Least rate.
        min: &'static str,
        /// Largest rate.
        max: &'static str,
    },
}

impl AnomalyError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}
