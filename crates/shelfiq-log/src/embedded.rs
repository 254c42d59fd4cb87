//! The log in a local folder, for an installation without servers.

use std::collections::HashMap;
use std::path::Path;
use std::thread::JoinHandle;

use async_trait::async_trait;
use fjall::config::{CompressionPolicy, HashRatioPolicy};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions};
use serde::{Deserialize, Serialize};
use shelfiq_core::MerchantId;
use tokio::sync::{mpsc, oneshot, watch};

use crate::writer::{EncodedEvent, GroupWriter, Keyspaces, QUEUE_LENGTH_MAX, Request, Work, stored_end};
use crate::{Batch, EventLog, LogError, LoggedEvent, Offset, PartitionId, Position, RowKey, RowRecord, keys, record};

/// How a new log is laid out and how much memory it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// Partitions of each merchant. Fixed when the folder is created; later values are ignored.
    pub partition_count: u16,
    /// Memory for recently read blocks, in bytes.
    pub cache_bytes: u64,
    /// Memory for each table of recent writes, in bytes.
    pub memtable_bytes: u64,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { partition_count: 4, cache_bytes: 32 << 20, memtable_bytes: 16 << 20 }
    }
}

/// An event log in a local folder. One process may hold it at a time; all of its methods may be called at once.
///
/// Dropping it waits for the writes that were already handed in.
pub struct EmbeddedLog {
    keyspaces: Keyspaces,
    partition_count: u16,
    requests: Option<mpsc::Sender<Request>>,
    writer: Option<JoinHandle<()>>,
    appended: watch::Receiver<u64>,
    _database: Database,
}

impl EmbeddedLog {
    /// Opens the log in `folder`, creating it on first use. What an earlier process acknowledged is all there.
    ///
    /// # Errors
    /// [`LogError::Open`] if the folder cannot be used or another process holds it.
    pub fn open(folder: &Path, config: LogConfig) -> Result<Self, LogError> {
        let open_error = |source| LogError::Open { folder: folder.display().to_string(), source };
        let database = Database::builder(folder).cache_size(config.cache_bytes).open().map_err(open_error)?;
        let keyspace = |name, options: KeyspaceCreateOptions| database.keyspace(name, || options).map_err(open_error);
        let small = || KeyspaceCreateOptions::default().max_memtable_size(config.memtable_bytes);
        // Events are written once and read in order: kept apart from their keys they are never rewritten.
        let events = small().with_kv_separation(Some(KvSeparationOptions::default()));
        // Hashes do not compress, and are looked up one by one.
        let index = small()
            .max_memtable_size(2 * config.memtable_bytes)
            .data_block_compression_policy(CompressionPolicy::disabled())
            .data_block_hash_ratio_policy(HashRatioPolicy::all(0.75));
        let keyspaces = Keyspaces {
            events: keyspace("events", events)?,
            index: keyspace("index", index)?,
            checkpoints: keyspace("checkpoints", small())?,
        };
        let partition_count =
            fixed_partition_count(&keyspace("layout", small())?, config.partition_count.max(1), open_error)?;
        database.persist(fjall::PersistMode::SyncAll).map_err(open_error)?;

        let (requests, queue) = mpsc::channel(QUEUE_LENGTH_MAX);
        let (appended_sender, appended) = watch::channel(0);
        let group_writer = GroupWriter {
            database: database.clone(),
            keyspaces: keyspaces.clone(),
            appended: appended_sender,
            ends: HashMap::new(),
        };
        let writer = std::thread::Builder::new()
            .name("event-log-writer".to_owned())
            .spawn(move || group_writer.run(queue))
            .map_err(|source| open_error(fjall::Error::Io(source)))?;
        Ok(Self {
            keyspaces,
            partition_count,
            requests: Some(requests),
            writer: Some(writer),
            appended,
            _database: database,
        })
    }

    async fn submit(&self, merchant: MerchantId, work: Work) -> Result<Vec<Position>, LogError> {
        let (reply, answer) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or(LogError::Closed)?;
        requests.send(Request { merchant, work, reply }).await.map_err(|_| LogError::Closed)?;
        answer.await.map_err(|_| LogError::Closed)?
    }

    fn check_partition(&self, partition: PartitionId) -> Result<(), LogError> {
        if partition.0 < self.partition_count {
            return Ok(());
        }
        Err(LogError::UnknownPartition { partition, count: self.partition_count })
    }
}

#[async_trait]
impl EventLog for EmbeddedLog {
    async fn append(&self, merchant: MerchantId, batch: Batch) -> Result<Vec<Position>, LogError> {
        if batch.events.is_empty() && batch.index.is_empty() {
            return Ok(Vec::new());
        }
        let partition_count = self.partition_count;
        let work = blocking(move || encode(merchant, partition_count, batch)).await??;
        self.submit(merchant, work).await
    }

    async fn read(
        &self,
        merchant: MerchantId,
        partition: PartitionId,
        from: Offset,
        limit: usize,
    ) -> Result<Vec<LoggedEvent>, LogError> {
        self.check_partition(partition)?;
        let events = self.keyspaces.events.clone();
        blocking(move || read_range(&events, merchant, partition, from, limit)).await?
    }

    fn partition_count(&self) -> u16 {
        self.partition_count
    }

    async fn end(&self, merchant: MerchantId, partition: PartitionId) -> Result<Offset, LogError> {
        self.check_partition(partition)?;
        let events = self.keyspaces.events.clone();
        blocking(move || stored_end(&events, merchant, partition)).await?
    }

    async fn checkpoint(
        &self,
        consumer: &str,
        merchant: MerchantId,
        partition: PartitionId,
    ) -> Result<Offset, LogError> {
        self.check_partition(partition)?;
        let stored = self.keyspaces.checkpoints.get(keys::checkpoint(consumer, merchant, partition));
        match stored.map_err(|source| LogError::Read { merchant, source })? {
            None => Ok(Offset(0)),
            Some(value) => {
                let bytes = value.as_ref().try_into().map_err(|_| LogError::CorruptEntry { what: "checkpoint" })?;
                Ok(Offset(u64::from_be_bytes(bytes)))
            }
        }
    }

    async fn commit_checkpoint(
        &self,
        consumer: &str,
        merchant: MerchantId,
        partition: PartitionId,
        next: Offset,
    ) -> Result<(), LogError> {
        self.check_partition(partition)?;
        let work = Work::Checkpoint { key: keys::checkpoint(consumer, merchant, partition), next };
        self.submit(merchant, work).await.map(|_| ())
    }

    async fn index_get_many(&self, merchant: MerchantId, rows: &[RowKey]) -> Result<Vec<Option<RowRecord>>, LogError> {
        let index = self.keyspaces.index.clone();
        let rows = rows.to_vec();
        blocking(move || {
            // In key order neighbours share a block, which is then read once.
            let mut order: Vec<usize> = (0..rows.len()).collect();
            order.sort_unstable_by_key(|place| rows[*place]);
            let mut found = vec![None; rows.len()];
            for place in order {
                let value = index
                    .get(keys::row(merchant, rows[place]))
                    .map_err(|source| LogError::Read { merchant, source })?;
                found[place] = value.map(|value| keys::row_record(&value)).transpose()?;
            }
            Ok(found)
        })
        .await?
    }

    async fn index_scan(
        &self,
        merchant: MerchantId,
        after: Option<RowKey>,
        limit: usize,
    ) -> Result<Vec<(RowKey, RowRecord)>, LogError> {
        use std::ops::Bound;
        let index = self.keyspaces.index.clone();
        blocking(move || {
            let start = after.map_or(Bound::Included(keys::row(merchant, RowKey([0; 16]))), |row| {
                Bound::Excluded(keys::row(merchant, row))
            });
            let end = Bound::Included(keys::row(merchant, RowKey([0xFF; 16])));
            let entry = |guard: fjall::Guard| {
                let (key, value) = guard.into_inner().map_err(|source| LogError::Read { merchant, source })?;
                Ok((keys::row_of(&key)?, keys::row_record(&value)?))
            };
            index.range((start, end)).take(limit).map(entry).collect()
        })
        .await?
    }

    fn appended(&self) -> watch::Receiver<u64> {
        self.appended.clone()
    }
}

impl Drop for EmbeddedLog {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has already dropped its callers' replies, and they saw `Closed`.
            let _ = writer.join();
        }
    }
}

/// Encodes outside the writer thread, so that many callers encode at once.
fn encode(merchant: MerchantId, partition_count: u16, batch: Batch) -> Result<Work, LogError> {
    let encode_one = |envelope: &shelfiq_events::Envelope| {
        if envelope.merchant != merchant {
            return Err(LogError::ForeignEvent { expected: merchant, found: envelope.merchant });
        }
        let partition = keys::partition_of(&envelope.subject, partition_count);
        Ok(EncodedEvent { partition, json: shelfiq_events::encode(envelope)? })
    };
    let events = batch.events.iter().map(encode_one).collect::<Result<_, _>>()?;
    Ok(Work::Append { events, index: batch.index })
}

fn read_range(
    events: &Keyspace,
    merchant: MerchantId,
    partition: PartitionId,
    from: Offset,
    limit: usize,
) -> Result<Vec<LoggedEvent>, LogError> {
    let range = keys::record(merchant, partition, from)..=keys::record(merchant, partition, Offset(u64::MAX));
    let mut found = Vec::new();
    let mut expected = from;
    for guard in events.range(range).take(limit) {
        // The engine checks its own blocks; its error does not say which record they held, the expected offset does.
        let (key, value) = guard.into_inner().map_err(|error| LogError::Corrupt {
            merchant,
            partition,
            offset: expected,
            reason: error.to_string(),
        })?;
        let offset = keys::offset_of(&key).ok_or(LogError::CorruptEntry { what: "key of an event" })?;
        if offset != expected {
            return Err(record::missing(merchant, partition, expected, offset));
        }
        found.push(record::unframe(merchant, Position { partition, offset }, &value)?);
        expected = offset.next();
    }
    Ok(found)
}

/// The number of partitions written when the folder was created, or `wanted` if it is new.
fn fixed_partition_count(
    layout: &Keyspace,
    wanted: u16,
    open_error: impl Fn(fjall::Error) -> LogError,
) -> Result<u16, LogError> {
    const KEY: &str = "partition_count";
    if let Some(stored) = layout.get(KEY).map_err(&open_error)? {
        let bytes = stored.as_ref().try_into().map_err(|_| LogError::CorruptEntry { what: "layout" })?;
        return Ok(u16::from_be_bytes(bytes));
    }
    layout.insert(KEY, wanted.to_be_bytes()).map_err(open_error)?;
    Ok(wanted)
}

/// Disk access and encoding leave the async runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LogError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| LogError::Closed)
}
