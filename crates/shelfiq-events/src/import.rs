//! The life of an import, so that the log alone tells which events count.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::ImportId;

use crate::LineKind;

/// An import ended and its events stand in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportFinished {
    /// Which import.
    pub import: ImportId,
    /// Its files.
    pub files: Vec<ImportedFile>,
    /// Sums over all rows read, for reconciling with the source.
    pub totals: ControlTotals,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportedFile {
    /// File name without folders.
    pub file: String,
    /// What was recognised in it, for example `etsy_sold_order_items`.
    pub kind: String,
    /// Data rows read.
    pub rows: u64,
    /// Rows not seen before.
    pub new: u64,
    /// Rows seen before with other content.
    pub changed: u64,
    /// Rows seen before with the same content.
    pub unchanged: u64,
    /// Rows refused, each with its reason in the rejects file.
    pub rejected: u64,
}

/// Sums over every row that was read, before anything is left out: they must equal what a spreadsheet shows for the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ControlTotals {
    /// Data rows read.
    pub rows: u64,
    /// Distinct order numbers.
    pub orders: u64,
    /// Distinct customers.
    pub customers: u64,
    /// Sum of quantity × unit price over all rows, exact; in one currency, else absent.
    #[serde(default, with = "rust_decimal::serde::str_option")]
    pub net_amount: Option<Decimal>,
    /// Rows equal in every column to an earlier row.
    pub duplicates: u64,
    /// Rows and amount by kind of line.
    pub by_kind: Vec<KindTotal>,
}

/// Rows and amount of one kind of line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindTotal {
    /// Kind of line.
    pub kind: LineKind,
    /// Rows.
    pub rows: u64,
    /// Sum of quantity × unit price, exact.
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
}

/// An import was taken back: its events count no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportUndone {
    /// Which import.
    pub import: ImportId,
    /// Rows that went back to what an earlier import said of them; without any, taking the import's rows out is enough.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restored_rows: u64,
}

const fn is_zero(count: &u64) -> bool {
    *count == 0
}
