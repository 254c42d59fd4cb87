//! The dedupe index: which row of the outside world stands in the log, with which content.

use shelfiq_core::ImportId;

/// Hash of a row's natural key (kind, store, order, Sku or transaction, occurrence): which row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey(pub [u8; 16]);

/// Hash of everything a row says: equal hash, unchanged row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 16]);

/// The last accepted state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowRecord {
    /// What it said.
    pub content: ContentHash,
    /// The import that said it.
    pub import: ImportId,
}

/// One change of the index, applied together with the events of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexChange {
    /// The row now stands in the log with this content.
    Put(RowKey, RowRecord),
    /// The row stands in the log no more (its import was undone).
    Remove(RowKey),
}
