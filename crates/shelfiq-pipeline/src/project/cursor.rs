//! Reading all partitions of a log as one stream, earliest event first.

use std::collections::VecDeque;

use shelfiq_core::MerchantId;
use shelfiq_log::{EventLog, LoggedEvent, Offset, PartitionId};

use crate::PipelineError;

/// Events read from a partition at once.
const PAGE_EVENTS: u64 = 2_000;

/// A position in every partition. Of the partitions' next events the earliest comes first, so that rows reach the tables
/// nearly in the order of time; within a partition the order of the log always holds.
pub(super) struct Cursor<'a> {
    log: &'a dyn EventLog,
    merchant: MerchantId,
    next: Vec<u64>,
    ends: Vec<u64>,
    pages: Vec<VecDeque<LoggedEvent>>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(log: &'a dyn EventLog, merchant: MerchantId, from: &[u64], ends: &[u64]) -> Self {
        Self {
            log,
            merchant,
            next: from.to_vec(),
            ends: ends.to_vec(),
            pages: from.iter().map(|_| VecDeque::new()).collect(),
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<LoggedEvent>, PipelineError> {
        for partition in 0..self.pages.len() {
            self.fill(partition).await?;
        }
        let earliest = (0..self.pages.len())
            .filter_map(|partition| self.pages[partition].front().map(|event| (event.envelope.time, partition)))
            .min();
        Ok(earliest.and_then(|(_, partition)| self.pages[partition].pop_front()))
    }

    async fn fill(&mut self, partition: usize) -> Result<(), PipelineError> {
        let missing = self.ends[partition].saturating_sub(self.next[partition]);
        if !self.pages[partition].is_empty() || missing == 0 {
            return Ok(());
        }
        let id = PartitionId(u16::try_from(partition).unwrap_or(u16::MAX));
        let limit = usize::try_from(missing.min(PAGE_EVENTS)).unwrap_or(usize::MAX);
        let page = self.log.read(self.merchant, id, Offset(self.next[partition]), limit).await?;
        self.next[partition] += page.len() as u64;
        if page.is_empty() {
            // Shorter than it said: nothing more will come.
            self.next[partition] = self.ends[partition];
        }
        self.pages[partition] = page.into();
        Ok(())
    }
}
