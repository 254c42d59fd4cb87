//! What the caller is told.

use rust_decimal::Decimal;
use serde::Serialize;
use shelfiq_core::{CurrencyCode, ImportId};
use shelfiq_events::ControlTotals;
use shelfiq_tabular::Shape;

use crate::Recognition;

/// What became, or would become, of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport {
    /// File name without folders.
    pub file: String,
    /// What the file was read as.
    pub kind: String,
    /// Data rows read.
    pub rows: u64,
    /// Rows not seen before.
    pub new: u64,
    /// Rows seen before with other content.
    pub changed: u64,
    /// Rows seen before with the same content.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows that say nothing to keep: totals, continuation rows with nothing on them, orders not yet final.
    pub skipped: u64,
    /// Where the refused rows stand with their reasons; absent if there are none.
    pub rejects_file: Option<String>,
    /// Sums over all rows read.
    pub totals: ControlTotals,
    /// Currency of the sums; absent where the file has amounts in several, or none.
    pub currency: Option<CurrencyCode>,
    /// Rows whose amounts name no currency, so that they are taken in that of the import.
    pub rows_without_currency: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportReport {
    /// By this the import can be undone.
    pub import_id: ImportId,
    /// File by file.
    pub files: Vec<FileReport>,
    /// Data rows read.
    pub rows: u64,
    /// Rows not seen before.
    pub new: u64,
    /// Rows seen before with other content.
    pub changed: u64,
    /// Rows seen before with the same content.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows that say nothing to keep.
    pub skipped: u64,
    /// Events appended to the log.
    pub events: u64,
}

impl ImportReport {
    pub(crate) fn of(import_id: ImportId, files: Vec<FileReport>, events: u64) -> Self {
        let sum = |count: fn(&FileReport) -> u64| files.iter().map(count).sum();
        Self {
            import_id,
            rows: sum(|file| file.rows),
            new: sum(|file| file.new),
            changed: sum(|file| file.changed),
            unchanged: sum(|file| file.unchanged),
            rejected: sum(|file| file.rejected),
            skipped: sum(|file| file.skipped),
            events,
            files,
        }
    }
}

/// What importing a file would do. Nothing was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// Form of the file.
    pub shape: Shape,
    /// What it was recognised as, and its mapping.
    pub recognition: Recognition,
    /// What the file leaves open: dates and numbers that can be read in two ways.
    pub questions: Vec<Question>,
    /// Some values of each column, as written, in the order of the columns.
    pub samples: Vec<Vec<String>>,
    /// Data rows of the file.
    pub rows: u64,
    /// Currency in which amounts are taken that name none.
    pub assumed_currency: Option<CurrencyCode>,
    /// Counts and sums; absent while the file needs a mapping or an answer first.
    pub outcome: Option<FileReport>,
    /// The first rows, as they were read.
    pub sample: Vec<SampleRow>,
    /// The first refused rows, with their reasons.
    pub rejects: Vec<Reject>,
}

/// In which currencies the amounts of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCurrencies {
    /// Those that it names, the most frequent one first; empty if `has_amounts_without`.
    pub named: Vec<CurrencyCode>,
    /// Whether it has amounts that name none.
    pub has_amounts_without: bool,
}

/// Something that the file does not decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Column in doubt.
    pub column: String,
    /// The doubt in one sentence, with a value of the column.
    pub text: String,
    /// What answers it: `date_order`, `decimal_mark`, or `day`, which has no answer but is worth knowing.
    pub answer: &'static str,
    /// Whether nothing lands before it is answered. Where it is not, the rows in doubt are refused one by one.
    pub must_answer: bool,
    /// The answers there are, each with what it makes of the value.
    pub choices: Vec<Choice>,
}

/// An answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The answer: `day_first`, `month_first`, `point` or `comma`.
    pub value: &'static str,
    /// The value of the column read so.
    pub reading: String,
}

/// A row of the preview.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleRow {
    /// Data row, from 1.
    pub row: u64,
    /// What importing would do with it; absent while the file needs a mapping or an answer first.
    pub state: Option<RowState>,
    /// Its cells, as written.
    pub cells: Vec<String>,
    /// What was understood, in words.
    pub understood: Vec<String>,
}

/// What importing does, or would do, with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Not seen before.
    New,
    /// Seen before with other content.
    Changed,
    /// Seen before with the same content.
    Unchanged,
    /// Refused.
    Rejected,
    /// Says nothing to keep.
    Skipped,
}

/// A refused row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reject {
    /// Data row, from 1.
    pub row: u64,
    /// Physical line on which it begins, from 1.
    pub line: u64,
    /// Its cells, as written.
    pub cells: Vec<String>,
    /// Every reason.
    pub problems: Vec<CellProblem>,
}

/// Why a cell, or a row as a whole, is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellProblem {
    /// Column by its header; absent if the row as a whole is at fault.
    pub column: Option<String>,
    /// The cell, shortened.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
    /// How to mend it.
    pub remedy: String,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// File that is being read, from 0.
    pub file: usize,
    /// Rows of that file that are done.
    pub rows: u64,
}

/// What an undo did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UndoReport {
    /// Which import.
    pub import_id: ImportId,
    /// Rows that are known no more.
    pub removed: u64,
    /// Rows that went back to what an earlier import said.
    pub restored: u64,
}

/// A sum in one currency, or nothing once a second currency turns up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum OneCurrencySum {
    #[default]
    Empty,
    Of(shelfiq_core::CurrencyCode, Decimal),
    Mixed,
}

impl OneCurrencySum {
    pub(crate) fn add(&mut self, currency: shelfiq_core::CurrencyCode, amount: Decimal) {
        *self = match *self {
            Self::Empty => Self::Of(currency, amount),
            Self::Of(known, sum) if known == currency => Self::Of(known, sum + amount),
            _ => Self::Mixed,
        };
    }

    pub(crate) const fn amount(self) -> Option<Decimal> {
        match self {
            Self::Of(_, amount) => Some(amount),
            _ => None,
        }
    }

    pub(crate) const fn currency(self) -> Option<CurrencyCode> {
        match self {
            Self::Of(currency, _) => Some(currency),
            _ => None,
        }
    }
}
