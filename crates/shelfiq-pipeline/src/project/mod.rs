//! From the log to the lake.
//!
//! Every table stores, with each commit, how far into each partition of the log it has come. A projector that is killed
//! between the commits of two tables goes on with each of them where that one stands; the log's own checkpoint moves last,
//! when all of them and the undone imports are done.

mod cursor;
mod table_set;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use shelfiq_core::{ImportId, MerchantId};
use shelfiq_events::{EventKind, ImportUndone};
use shelfiq_lake::{AsOf, Lake, RowMatch, Table, Zone};
use shelfiq_log::{EventLog, Offset, PartitionId};
use tokio::sync::Mutex;

use crate::PipelineError;
use cursor::Cursor;
use table_set::TableSet;

/// Under this name the projector's progress is kept, in the log and in every table.
const CONSUMER: &str = "projector";

/// Tables with the zone in which each is filled.
type ZonedTables = Vec<(Zone, Table)>;

/// Tables that events fill.
const FILLED: [Table; 9] = [
    Table::OrderLines,
    Table::Prices,
    Table::Offers,
    Table::Stock,
    Table::Costs,
    Table::Reviews,
    Table::Listings,
    Table::Traffic,
    Table::Signals,
];

/// Brings events into the lake.
#[derive(Clone)]
pub struct Projector {
    log: Arc<dyn EventLog>,
    lake: Lake,
    /// One catching up at a time; and where the last one of each merchant ended, if it ended well: all of the merchant's
    /// tables then stand there, and need not be asked.
    turn: Arc<Mutex<HashMap<MerchantId, Vec<u64>>>>,
}

/// What catching up did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Projected {
    /// Events brought into the lake.
    pub events: u64,
    /// Tables of the curated zone that changed, by name.
    pub changed: Vec<&'static str>,
    /// Imports that were taken out.
    pub undone: u64,
}

impl Projector {
    /// A projector from `log` to `lake`. Clones take turns.
    #[must_use]
    pub fn new(log: Arc<dyn EventLog>, lake: Lake) -> Self {
        Self { log, lake, turn: Arc::default() }
    }

    /// Brings everything that a merchant's log holds by now into the tables. Without new events nothing is written.
    /// Tables that are derived from these (orders, products, daily sales) are the query engine's.
    ///
    /// # Errors
    /// [`PipelineError`] if the log or the lake fails. Calling again goes on where it stopped.
    pub async fn catch_up(&self, merchant: MerchantId) -> Result<Projected, PipelineError> {
        let mut turn = self.turn.lock().await;
        let (base, ends) = self.range(merchant).await?;
        if base == ends {
            return Ok(Projected::default());
        }
        let is_even = turn.remove(&merchant).is_some_and(|ended| ended == base);
        let mut projected =
            Projected { events: base.iter().zip(&ends).map(|(from, to)| to - from).sum(), ..Projected::default() };
        let mut changed = HashSet::new();
        let undone = self.append_events(merchant, &base, &ends, is_even, &mut changed).await?;
        projected.undone = undone.len() as u64;
        self.take_out(merchant, &undone, &ends, &mut changed).await?;
        for (partition, end) in (0..).zip(&ends) {
            self.log.commit_checkpoint(CONSUMER, merchant, PartitionId(partition), Offset(*end)).await?;
        }
        turn.insert(merchant, ends);
        projected.changed = changed.into_iter().map(Table::name).collect();
        projected.changed.sort_unstable();
        Ok(projected)
    }

    /// Fills the curated tables anew from the whole log. For repair: nothing else needs it.
    ///
    /// # Errors
    /// As [`Projector::catch_up`].
    pub async fn rebuild(&self, merchant: MerchantId) -> Result<(), PipelineError> {
        let mut turn = self.turn.lock().await;
        turn.remove(&merchant);
        let (_, ends) = self.range(merchant).await?;
        let mut changed = HashSet::new();
        self.refill_curated(merchant, &ends, &mut changed).await
    }

    /// How far each partition is done, and where it ends now.
    async fn range(&self, merchant: MerchantId) -> Result<(Vec<u64>, Vec<u64>), PipelineError> {
        let (mut base, mut ends) = (Vec::new(), Vec::new());
        for partition in (0..self.log.partition_count()).map(PartitionId) {
            base.push(self.log.checkpoint(CONSUMER, merchant, partition).await?.0);
            ends.push(self.log.end(merchant, partition).await?.0);
        }
        Ok((base, ends))
    }

    /// Appends what is new to every table and returns the imports that were undone in between.
    async fn append_events(
        &self,
        merchant: MerchantId,
        base: &[u64],
        ends: &[u64],
        is_even: bool,
        changed: &mut HashSet<Table>,
    ) -> Result<Vec<ImportUndone>, PipelineError> {
        let mut sets = self.table_sets(merchant, base, is_even).await?;
        let mut cursor = Cursor::new(self.log.as_ref(), merchant, base, ends);
        let mut undone = Vec::new();
        while let Some(event) = cursor.next().await? {
            if let EventKind::ImportUndone(undo) = &event.envelope.kind {
                undone.push(undo.clone());
            }
            for set in &mut sets {
                set.push(&event).await?;
            }
        }
        for set in sets {
            changed.extend(set.commit(ends).await?);
        }
        Ok(undone)
    }

    /// Tables grouped by how far they have come: one group, unless a projector was killed between two commits. Where they
    /// are known to be even, none is asked.
    async fn table_sets(
        &self,
        merchant: MerchantId,
        base: &[u64],
        is_even: bool,
    ) -> Result<Vec<TableSet>, PipelineError> {
        let typed = FILLED.into_iter().flat_map(|table| [(Zone::Processed, table), (Zone::Curated, table)]);
        let mut sets: Vec<(Vec<u64>, ZonedTables)> = Vec::new();
        for (zone, table) in typed.chain([(Zone::Raw, Table::Events)]) {
            let from = if is_even { base.to_vec() } else { self.progress(merchant, zone, table, base).await? };
            match sets.iter_mut().find(|(known, _)| *known == from) {
                Some((_, tables)) => tables.push((zone, table)),
                None => sets.push((from, vec![(zone, table)])),
            }
        }
        Ok(sets.into_iter().map(|(from, tables)| TableSet::new(self.lake.clone(), merchant, from, &tables)).collect())
    }

    /// How far a table has come in each partition: at least to `base`.
    async fn progress(
        &self,
        merchant: MerchantId,
        zone: Zone,
        table: Table,
        base: &[u64],
    ) -> Result<Vec<u64>, PipelineError> {
        let mut from = base.to_vec();
        for (partition, from) in from.iter_mut().enumerate() {
            let stored = self.lake.progress(merchant, zone, table, &consumer(partition)).await?;
            *from = (*from).max(stored.unwrap_or_default());
        }
        Ok(from)
    }

    /// Takes undone imports out of the curated tables: by their rows where they only added some, else by filling anew.
    async fn take_out(
        &self,
        merchant: MerchantId,
        undone: &[ImportUndone],
        ends: &[u64],
        changed: &mut HashSet<Table>,
    ) -> Result<(), PipelineError> {
        if undone.iter().any(|undo| undo.restored_rows > 0) {
            return self.refill_curated(merchant, ends, changed).await;
        }
        if undone.is_empty() {
            return Ok(());
        }
        for table in FILLED {
            let snapshot = self.lake.snapshot(merchant, Zone::Curated, table, AsOf::Now).await?;
            if snapshot.files.is_empty() {
                continue;
            }
            let mut writer = self.lake.writer(merchant, Zone::Curated, table).await?;
            undone.iter().for_each(|undo| writer.delete(RowMatch::Import(undo.import)));
            if Some(writer.commit().await?) != snapshot.version {
                changed.insert(table);
            }
        }
        Ok(())
    }

    async fn refill_curated(
        &self,
        merchant: MerchantId,
        ends: &[u64],
        changed: &mut HashSet<Table>,
    ) -> Result<(), PipelineError> {
        let start = vec![0; ends.len()];
        let undone = self.undone_imports(merchant, &start, ends).await?;
        let tables = FILLED.map(|table| (Zone::Curated, table));
        let mut set = TableSet::refilling(self.lake.clone(), merchant, start.clone(), &tables).await?;
        let mut cursor = Cursor::new(self.log.as_ref(), merchant, &start, ends);
        while let Some(event) = cursor.next().await? {
            if !event.envelope.import.is_some_and(|import| undone.contains(&import)) {
                set.push(&event).await?;
            }
        }
        changed.extend(set.commit(ends).await?);
        Ok(())
    }

    async fn undone_imports(
        &self,
        merchant: MerchantId,
        from: &[u64],
        ends: &[u64],
    ) -> Result<HashSet<ImportId>, PipelineError> {
        let mut cursor = Cursor::new(self.log.as_ref(), merchant, from, ends);
        let mut undone = HashSet::new();
        while let Some(event) = cursor.next().await? {
            if let EventKind::ImportUndone(undo) = &event.envelope.kind {
                undone.insert(undo.import);
            }
        }
        Ok(undone)
    }
}

/// The name under which a table keeps its progress in one partition.
fn consumer(partition: usize) -> String {
    format!("{CONSUMER}/{partition}")
}
