//! The contract of every event log.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shelfiq_core::MerchantId;
use shelfiq_events::Envelope;

use crate::{IndexChange, LogError, RowKey, RowRecord};

/// A durable, partitioned, replayable log of events, with the dedupe index that makes acceptance exactly-once.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Appends the events and applies the index changes of `batch`, all or nothing, and returns once they are durable.
    /// Positions come back in the order of the events.
    ///
    /// # Errors
    /// [`LogError::ForeignEvent`] if an envelope names another merchant; [`LogError::Write`] if the disk failed, after
    /// which none of the batch may be taken as stored.
    async fn append(&self, merchant: MerchantId, batch: Batch) -> Result<Vec<Position>, LogError>;

    /// Up to `limit` events of one partition from `from` on, in order; empty at the end of the log.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] names the first record that is damaged or missing.
    async fn read(
        &self,
        merchant: MerchantId,
        partition: PartitionId,
        from: Offset,
        limit: usize,
    ) -> Result<Vec<LoggedEvent>, LogError>;

    /// Number of partitions of each merchant; they are numbered from 0.
    fn partition_count(&self) -> u16;

    /// The offset that the next event of a partition will get: equals the number of events in it.
    ///
    /// # Errors
    /// [`LogError::Read`] if the disk failed.
    async fn end(&self, merchant: MerchantId, partition: PartitionId) -> Result<Offset, LogError>;

    /// The first offset that `consumer` has not yet processed; 0 before its first commit.
    ///
    /// # Errors
    /// [`LogError::Read`] if the disk failed.
    async fn checkpoint(
        &self,
        consumer: &str,
        merchant: MerchantId,
        partition: PartitionId,
    ) -> Result<Offset, LogError>;

    /// Remembers durably that `consumer` has processed everything before `next`. Going back is allowed: it replays.
    ///
    /// # Errors
    /// [`LogError::Write`] if the disk failed.
    async fn commit_checkpoint(
        &self,
        consumer: &str,
        merchant: MerchantId,
        partition: PartitionId,
        next: Offset,
    ) -> Result<(), LogError>;

    /// What the dedupe index knows about each key, in the order of `keys`.
    ///
    /// # Errors
    /// [`LogError::Read`] if the disk failed.
    async fn index_get_many(&self, merchant: MerchantId, keys: &[RowKey]) -> Result<Vec<Option<RowRecord>>, LogError>;

    /// Up to `limit` entries of the merchant's dedupe index with keys greater than `after`, in key order.
    ///
    /// # Errors
    /// [`LogError::Read`] if the disk failed.
    async fn index_scan(
        &self,
        merchant: MerchantId,
        after: Option<RowKey>,
        limit: usize,
    ) -> Result<Vec<(RowKey, RowRecord)>, LogError>;

    /// Changes its value after every append: what a projector waits on instead of polling.
    fn appended(&self) -> tokio::sync::watch::Receiver<u64>;
}

/// What one append stores, all or nothing.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Events, in the order in which they shall stand.
    pub events: Vec<Envelope>,
    /// Changes of the dedupe index; of two changes of one key the later wins.
    pub index: Vec<IndexChange>,
}

impl Batch {
    /// A batch of events that leaves the dedupe index alone.
    #[must_use]
    pub fn of_events(events: Vec<Envelope>) -> Self {
        Self { events, index: Vec::new() }
    }
}

/// One partition of a merchant's log, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartitionId(pub u16);

/// A place in a partition: the number of events that stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

impl Offset {
    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Where an event stands in its merchant's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Partition, chosen by the event's subject.
    pub partition: PartitionId,
    /// Place in the partition.
    pub offset: Offset,
}

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Where it stands.
    pub position: Position,
    /// The event.
    pub envelope: Envelope,
    /// The event as it was written: one JSON object under CloudEvents names.
    pub json: String,
}

impl fmt::Display for PartitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
