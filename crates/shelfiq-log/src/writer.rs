//! Group commit: one thread gathers what waits, writes it as one atomic batch, syncs once, then acknowledges all.
//!
//! A disk syncs a few hundred times a second, so the number of events a second is the number of syncs times the size
//! of the group. The group needs no timer: while one group syncs, the next one gathers by itself.

use std::collections::HashMap;
use std::sync::Arc;

use fjall::{Database, Keyspace, PersistMode};
use shelfiq_core::MerchantId;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{IndexChange, LogError, Offset, PartitionId, Position, keys, record};

/// At most this many requests wait; more make their callers wait.
pub(crate) const QUEUE_LENGTH_MAX: usize = 1024;
/// A group closes at this size, so that its memory and its latency are bounded.
const GROUP_BYTES_MAX: usize = 8 << 20;

/// An event ready for the disk.
pub(crate) struct EncodedEvent {
    pub(crate) partition: PartitionId,
    pub(crate) json: Vec<u8>,
}

/// What one caller wants stored.
pub(crate) struct Request {
    pub(crate) merchant: MerchantId,
    pub(crate) work: Work,
    pub(crate) reply: oneshot::Sender<Result<Vec<Position>, LogError>>,
}

pub(crate) enum Work {
    Append { events: Vec<EncodedEvent>, index: Vec<IndexChange> },
    Checkpoint { key: Vec<u8>, next: Offset },
}

impl Work {
    fn size_bytes(&self) -> usize {
        match self {
            Self::Append { events, index } => {
                events.iter().map(|event| event.json.len()).sum::<usize>() + index.len() * 64
            }
            Self::Checkpoint { key, .. } => key.len(),
        }
    }
}

/// The keyspaces of the store.
#[derive(Clone)]
pub(crate) struct Keyspaces {
    pub(crate) events: Keyspace,
    pub(crate) index: Keyspace,
    pub(crate) checkpoints: Keyspace,
}

pub(crate) struct GroupWriter {
    pub(crate) database: Database,
    pub(crate) keyspaces: Keyspaces,
    pub(crate) appended: watch::Sender<u64>,
    /// Next offset of each partition touched since opening.
    pub(crate) ends: HashMap<(MerchantId, PartitionId), Offset>,
}

impl GroupWriter {
    /// Serves requests until every sender is gone.
    pub(crate) fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        while let Some(first) = requests.blocking_recv() {
            let mut size_bytes = first.work.size_bytes();
            let mut group = vec![first];
            while size_bytes < GROUP_BYTES_MAX
                && let Ok(next) = requests.try_recv()
            {
                size_bytes += next.work.size_bytes();
                group.push(next);
            }
            self.commit(group);
        }
    }

    fn commit(&mut self, group: Vec<Request>) {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        let mut replies = Vec::with_capacity(group.len());
        let mut event_count = 0;
        for Request { merchant, work, reply } in group {
            let placed = match work {
                Work::Append { events, index } => {
                    event_count += events.len() as u64;
                    self.place(&mut batch, merchant, events, &index)
                }
                Work::Checkpoint { key, next } => {
                    batch.insert(&self.keyspaces.checkpoints, key, next.0.to_be_bytes());
                    Ok(Vec::new())
                }
            };
            replies.push((reply, placed));
        }
        let stored = batch.commit().map_err(Arc::new);
        if stored.is_err() {
            // The offsets handed out above are void, but the engine accepts no write after a failed sync, so they
            // can never be handed out twice.
            tracing::error!("the event log failed to write and refuses further writes");
        } else if event_count > 0 {
            self.appended.send_modify(|total| *total += event_count);
        }
        for (reply, placed) in replies {
            let answer = match &stored {
                Ok(()) => placed,
                Err(source) => Err(LogError::Write { source: Arc::clone(source) }),
            };
            // A caller that went away no longer wants its answer; its events stay.
            let _ = reply.send(answer);
        }
    }

    fn place(
        &mut self,
        batch: &mut fjall::OwnedWriteBatch,
        merchant: MerchantId,
        events: Vec<EncodedEvent>,
        index: &[IndexChange],
    ) -> Result<Vec<Position>, LogError> {
        // Looked up before anything is put into the shared batch: an append that fails here must leave no trace in it.
        for event in &events {
            self.end_of(merchant, event.partition)?;
        }
        let mut positions = Vec::with_capacity(events.len());
        for EncodedEvent { partition, json } in events {
            let offset = self.end_of(merchant, partition)?;
            let key = keys::record(merchant, partition, offset);
            let value = record::frame(&key, &json);
            batch.insert(&self.keyspaces.events, key, value);
            self.ends.insert((merchant, partition), offset.next());
            positions.push(Position { partition, offset });
        }
        for change in index {
            match *change {
                IndexChange::Put(row, record) => {
                    batch.insert(&self.keyspaces.index, keys::row(merchant, row), keys::row_record_bytes(record));
                }
                IndexChange::Remove(row) => batch.remove(&self.keyspaces.index, keys::row(merchant, row)),
            }
        }
        Ok(positions)
    }

    fn end_of(&mut self, merchant: MerchantId, partition: PartitionId) -> Result<Offset, LogError> {
        if let Some(end) = self.ends.get(&(merchant, partition)) {
            return Ok(*end);
        }
        let end = stored_end(&self.keyspaces.events, merchant, partition)?;
        self.ends.insert((merchant, partition), end);
        Ok(end)
    }
}

/// The offset after the last stored event of a partition.
pub(crate) fn stored_end(events: &Keyspace, merchant: MerchantId, partition: PartitionId) -> Result<Offset, LogError> {
    let first = keys::record(merchant, partition, Offset(0));
    let last = keys::record(merchant, partition, Offset(u64::MAX));
    let Some(guard) = events.range(first..=last).next_back() else { return Ok(Offset(0)) };
    let key = guard.key().map_err(|source| LogError::Read { merchant, source })?;
    keys::offset_of(&key).map(Offset::next).ok_or(LogError::CorruptEntry { what: "key of an event" })
}
