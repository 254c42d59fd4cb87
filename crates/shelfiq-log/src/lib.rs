//! The durable event log: what a merchant's shops did, in order, forever.
//!
//! [`EventLog`] is the contract, [`EmbeddedLog`] keeps it in a local folder. Every merchant has a fixed number of
//! partitions; events of one subject always land in the same partition and keep their order. An append returns only
//! after its events and its [dedupe index](IndexChange) changes are on disk, together or not at all: that is what lets
//! an importer be killed at any instant and run again without losing or doubling a row.
//!
//! Invariants: an acknowledged event is never lost, never changed and stands at one offset; a damaged record is an
//! error that names its place, never a gap that nobody notices.

mod embedded;
mod error;
mod event_log;
mod index;
mod keys;
mod record;
mod writer;

pub use embedded::{EmbeddedLog, LogConfig};
pub use error::LogError;
pub use event_log::{Batch, EventLog, LoggedEvent, Offset, PartitionId, Position};
pub use index::{ContentHash, IndexChange, RowKey, RowRecord};
