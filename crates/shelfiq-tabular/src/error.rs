//! Why a file could not be read or written.

use std::fmt;

use crate::limits::{BrokenCompression, LimitExceeded};

/// Where in a file something stands. Parts that are unknown are left out of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// File name as the caller gave it; `stdin` for standard input.
    pub file: String,
    /// Data row, from 1 without the header.
    pub row: Option<u64>,
    /// Physical line, from 1 with everything.
    pub line: Option<u64>,
    /// Column by its name in the header.
    pub column: Option<String>,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// A row of the file.
    #[must_use]
    pub fn row(file: &str, row: u64, line: u64) -> Self {
        Self { file: file.to_owned(), row: Some(row), line: Some(line), column: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column `{column}`")?;
        }
        Ok(())
    }
}

/// What was wrong, and where.
#[derive(Debug, thiserror::Error)]
pub enum TabularError {
    /// The operating system could not open, read or write.
    #[error("failed to {action} {file}")]
    Io {
        /// `open`, `read`, `write`.
        action: &'static str,
        /// Which file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing in the file.
    #[error("{file} is empty")]
    Empty {
        /// Which file.
        file: String,
    },
    /// The content is of no format that we read.
    #[error("{file} is not a table we can read: {reason}")]
    NotATable {
        /// Which file.
        file: String,
        /// What was seen.
        reason: String,
    },
    /// The file breaks a limit that keeps a hostile file from filling memory or disk.
    #[error("{file} is refused: {what} exceeds the limit of {limit}")]
    TooLarge {
        /// Which file.
        file: String,
        /// What is too large, with its unit.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The content contradicts its own format.
    #[error("{place}: the file is damaged: {reason}")]
    Damaged {
        /// Where.
        place: Place,
        /// In which way.
        reason: String,
    },
    /// The table has no such column.
    #[error("{file} has no column `{column}`; it has: {present}")]
    NoColumn {
        /// Which file.
        file: String,
        /// What was asked for.
        column: String,
        /// What there is.
        present: String,
    },
    /// A row has too few or too many cells, or unreadable bytes.
    #[error("{place}: {problem}")]
    BadRow {
        /// Where.
        place: Place,
        /// What is wrong with it.
        problem: crate::RowProblem,
    },
    /// A cell does not hold what its column must hold.
    #[error("{place}: `{value}` is not {expected}")]
    BadCell {
        /// Where.
        place: Place,
        /// The cell, shortened.
        value: String,
        /// What was expected, with its article: `a number`.
        expected: &'static str,
    },
    /// The columns of an output differ in length.
    #[error("column `{column}` has {found} values, the first one has {expected}")]
    UnevenColumns {
        /// Which column.
        column: String,
        /// Its length.
        found: usize,
        /// Length of the first column.
        expected: usize,
    },
    /// The ending of an output's name is of no format that we write.
    #[error("cannot tell the format of {file}: end its name with .csv, .tsv, .ndjson, .json, .xlsx or .parquet")]
    UnknownOutput {
        /// The name.
        file: String,
    },
}

impl TabularError {
    pub(crate) fn io(action: &'static str, file: &str) -> impl FnOnce(std::io::Error) -> Self {
        let file = file.to_owned();
        move |source| {
            let inner = source.get_ref();
            if let Some(limit) = inner.and_then(|inner| inner.downcast_ref::<LimitExceeded>()) {
                return Self::TooLarge { file, what: limit.what, limit: limit.limit };
            }
            if let Some(broken) = inner.and_then(|inner| inner.downcast_ref::<BrokenCompression>()) {
                return Self::damaged(Place::file(&file), broken);
            }
            Self::Io { action, file, source }
        }
    }

    pub(crate) fn damaged(place: Place, reason: impl fmt::Display) -> Self {
        Self::Damaged { place, reason: reason.to_string() }
    }
}

/// At most 80 characters of a cell, for messages.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(80) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
