//! Tables that have come equally far, being written together.

use std::collections::{HashMap, HashSet};

use shelfiq_core::MerchantId;
use shelfiq_lake::arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use shelfiq_lake::arrow::compute::filter_record_batch;
use shelfiq_lake::arrow::datatypes::Int64Type;
use shelfiq_lake::arrow::error::ArrowError;
use shelfiq_lake::arrow::row::{RowConverter, SortField};
use shelfiq_lake::tables::EventRowsByTable;
use shelfiq_lake::{AsOf, Lake, RowMatch, Table, TableWriter, Zone};
use shelfiq_log::LoggedEvent;

use super::consumer;
use crate::PipelineError;
use crate::identity::passing_hash;

/// Rows gathered before they are handed to the files.
const BATCH_ROWS: usize = 32 << 10;

/// Gathers rows of events and writes them to its tables.
pub(super) struct TableSet {
    lake: Lake,
    merchant: MerchantId,
    /// Where each partition's first event for these tables stands.
    from: Vec<u64>,
    tables: Vec<(Zone, Table)>,
    rows: EventRowsByTable,
    event_count: usize,
    /// How far the rows handed to the files reach: what a commit before the end may claim.
    written_to: Vec<u64>,
    gathered_to: Vec<u64>,
    writing: HashMap<(Zone, Table), Writing>,
    changed: HashSet<Table>,
}

/// A table that is being written.
struct Writing {
    writer: TableWriter,
    /// Keys of the rows written since the last commit, as hashes; only curated tables keep them.
    keys: HashSet<u128>,
    /// Whether earlier commits hold rows, which new ones may replace.
    has_earlier_rows: bool,
}

impl TableSet {
    pub(super) fn new(lake: Lake, merchant: MerchantId, from: Vec<u64>, tables: &[(Zone, Table)]) -> Self {
        Self {
            lake,
            merchant,
            written_to: from.clone(),
            gathered_to: from.clone(),
            from,
            tables: tables.to_vec(),
            rows: EventRowsByTable::default(),
            event_count: 0,
            writing: HashMap::new(),
            changed: HashSet::new(),
        }
    }

    /// A set whose tables lose all they hold with the first commit.
    pub(super) async fn refilling(
        lake: Lake,
        merchant: MerchantId,
        from: Vec<u64>,
        tables: &[(Zone, Table)],
    ) -> Result<Self, PipelineError> {
        let mut set = Self::new(lake, merchant, from, tables);
        for (zone, table) in tables {
            if set.lake.snapshot(merchant, *zone, *table, AsOf::Now).await?.files.is_empty() {
                continue;
            }
            let mut writer = set.lake.writer(merchant, *zone, *table).await?;
            writer.delete_all();
            set.writing.insert((*zone, *table), Writing { writer, keys: HashSet::new(), has_earlier_rows: false });
            set.changed.insert(*table);
        }
        Ok(set)
    }

    /// Takes an event, unless these tables have it already.
    pub(super) async fn push(&mut self, event: &LoggedEvent) -> Result<(), PipelineError> {
        let partition = usize::from(event.position.partition.0);
        let offset = event.position.offset.0;
        if offset < self.from[partition] {
            return Ok(());
        }
        self.rows.push(event.position.partition.0, offset, &event.envelope, &event.json)?;
        self.gathered_to[partition] = offset + 1;
        self.event_count += 1;
        if self.rows.typed_row_count().max(self.event_count) >= BATCH_ROWS {
            self.write_rows().await?;
        }
        Ok(())
    }

    /// Commits every table that has rows, with how far it has come, and says which curated tables changed.
    pub(super) async fn commit(mut self, ends: &[u64]) -> Result<HashSet<Table>, PipelineError> {
        self.write_rows().await?;
        for (_, Writing { mut writer, .. }) in self.writing {
            set_progress(&mut writer, ends);
            writer.commit().await?;
        }
        Ok(self.changed)
    }

    async fn write_rows(&mut self) -> Result<(), PipelineError> {
        self.event_count = 0;
        for (table, batch) in self.rows.finish()? {
            for zone in [Zone::Raw, Zone::Processed, Zone::Curated] {
                if self.tables.contains(&(zone, table)) {
                    self.write(zone, table, &batch).await?;
                }
            }
        }
        self.written_to.clone_from(&self.gathered_to);
        Ok(())
    }

    async fn write(&mut self, zone: Zone, table: Table, batch: &RecordBatch) -> Result<(), PipelineError> {
        if zone != Zone::Curated {
            return Ok(self.writing(zone, table).await?.writer.write(batch).await?);
        }
        self.changed.insert(table);
        let (batch, keys) = last_of_each_key(table, batch).map_err(shelfiq_lake::LakeError::from)?;
        let uncommitted = &self.writing(zone, table).await?.keys;
        let replaces_uncommitted = keys.iter().any(|key| uncommitted.contains(key));
        if replaces_uncommitted && let Some(mut full) = self.writing.remove(&(zone, table)) {
            // A writer replaces rows of earlier commits only: the rows it holds must become one.
            set_progress(&mut full.writer, &self.written_to);
            full.writer.commit().await?;
        }
        let writing = self.writing(zone, table).await?;
        writing.keys.extend(keys);
        if writing.has_earlier_rows {
            writing.writer.delete(RowMatch::SameKey(batch.clone()));
        }
        let kept = without_empty_sales(table, &batch).map_err(shelfiq_lake::LakeError::from)?;
        Ok(writing.writer.write(&kept).await?)
    }

    async fn writing(&mut self, zone: Zone, table: Table) -> Result<&mut Writing, PipelineError> {
        if !self.writing.contains_key(&(zone, table)) {
            let has_earlier_rows = !self.lake.snapshot(self.merchant, zone, table, AsOf::Now).await?.files.is_empty();
            let writer = self.lake.writer(self.merchant, zone, table).await?;
            self.writing.insert((zone, table), Writing { writer, keys: HashSet::new(), has_earlier_rows });
        }
        Ok(self.writing.get_mut(&(zone, table)).expect("it was just put there"))
    }
}

fn set_progress(writer: &mut TableWriter, next: &[u64]) {
    for (partition, next) in next.iter().enumerate() {
        writer.progress(&consumer(partition), *next);
    }
}

/// The rows of a batch without those that a later row of it replaces, and the hash of each one's key.
fn last_of_each_key(table: Table, batch: &RecordBatch) -> Result<(RecordBatch, Vec<u128>), ArrowError> {
    let columns = table.key_columns().iter().map(|name| {
        let column = batch.column_by_name(name);
        column.cloned().ok_or_else(|| ArrowError::SchemaError(format!("key column `{name}` is missing")))
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&columns)?;
    let keys: Vec<u128> = rows.iter().map(|row| passing_hash(row.as_ref())).collect();
    let mut later = HashSet::with_capacity(keys.len());
    let mut stays: Vec<bool> = keys.iter().rev().map(|key| later.insert(*key)).collect();
    stays.reverse();
    if later.len() == keys.len() {
        return Ok((batch.clone(), keys));
    }
    let kept_keys = keys.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(key, _)| *key).collect();
    Ok((filter_record_batch(batch, &BooleanArray::from(stays))?, kept_keys))
}

/// A sale of no units replaces what was thought to be sold, and leaves nothing itself.
fn without_empty_sales(table: Table, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let (Table::OrderLines, Some(kinds), Some(units)) =
        (table, batch.column_by_name("kind"), batch.column_by_name("quantity"))
    else {
        return Ok(batch.clone());
    };
    let (kinds, units) = (kinds.as_string::<i32>(), units.as_primitive::<Int64Type>());
    let stays: BooleanArray =
        (0..batch.num_rows()).map(|row| Some(units.value(row) != 0 || kinds.value(row) != "sale")).collect();
    if stays.true_count() == stays.len() { Ok(batch.clone()) } else { filter_record_batch(batch, &stays) }
}
