//! Which rows are new, changed or known, and which line of its order each one is.

use std::collections::HashMap;

use shelfiq_core::{ImportId, MerchantId};
use shelfiq_log::{EventLog, IndexChange, RowKey, RowRecord};

use crate::accept::AcceptedDrafts;
use crate::draft::LineDraft;
use crate::identity::{PartHasher, RowContent, before_import_key, order_key};
use crate::{PipelineError, RowState};

/// Compares rows with the dedupe index and hands out line numbers. Lives as long as an import.
pub(crate) struct Deduplicator<'a> {
    log: &'a dyn EventLog,
    merchant: MerchantId,
    import: ImportId,
    /// Lines that each order of this import has been given numbers for.
    line_counts: HashMap<u128, u32>,
}

/// What is known about the rows of one chunk, in their order, and what the index must learn together with their events.
pub(crate) struct Verdicts {
    pub(crate) rows: Vec<Verdict>,
    pub(crate) index: Vec<IndexChange>,
}

/// Judgement of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) state: RowState,
    /// Number of its lines in their order; 0 if it has none.
    pub(crate) line: u32,
    /// Whether events must be appended for it.
    pub(crate) is_to_append: bool,
}

impl<'a> Deduplicator<'a> {
    pub(crate) fn new(log: &'a dyn EventLog, merchant: MerchantId, import: ImportId) -> Self {
        Self { log, merchant, import, line_counts: HashMap::new() }
    }

    pub(crate) async fn judge(&mut self, rows: &[&AcceptedDrafts]) -> Result<Verdicts, PipelineError> {
        let keys: Vec<RowKey> = rows.iter().map(|row| row.key).collect();
        let known = self.log.index_get_many(self.merchant, &keys).await?;
        let orders = orders_of(rows);
        let order_records = self.load_line_counts(&orders).await?;

        let mut index = Vec::new();
        let mut touched = Vec::new();
        let mut verdicts = Vec::with_capacity(rows.len());
        for ((row, known), order) in rows.iter().zip(known).zip(orders) {
            let before = known.map(|record| RowContent::unpack(record.content));
            let line = match (before, order) {
                (Some(before), _) => before.line,
                (None, Some(order)) => {
                    touched.push(order);
                    let count = self.line_counts.entry(order).or_default();
                    *count += 1;
                    *count
                }
                (None, None) => 0,
            };
            let content = RowContent::new(row.content, line);
            let state = match (known, before) {
                (None, _) | (_, None) => RowState::New,
                // An import that was interrupted goes on: what it had brought is still its own news.
                (Some(record), Some(before)) if before == content && record.import == self.import => RowState::New,
                (_, Some(before)) if before == content => RowState::Unchanged,
                _ => RowState::Changed,
            };
            let is_to_append = before != Some(content);
            if is_to_append {
                self.remember(row.key, known, content, &mut index);
            }
            verdicts.push(Verdict { state, line, is_to_append });
        }
        touched.sort_unstable();
        touched.dedup();
        for order in touched {
            let content = RowContent::new(0, self.line_counts[&order]);
            self.remember(order_key(order), order_records.get(&order).copied(), content, &mut index);
        }
        Ok(Verdicts { rows: verdicts, index })
    }

    /// Puts what a row says now, and beside it what it said before another import, for undoing this one.
    fn remember(&self, key: RowKey, known: Option<RowRecord>, content: RowContent, index: &mut Vec<IndexChange>) {
        if let Some(before) = known.filter(|record| record.import != self.import) {
            index.push(IndexChange::Put(before_import_key(key, self.import), before));
        }
        index.push(IndexChange::Put(key, RowRecord { content: content.pack(), import: self.import }));
    }

    /// Looks up how many lines the orders had that this import has not met yet.
    async fn load_line_counts(&mut self, orders: &[Option<u128>]) -> Result<HashMap<u128, RowRecord>, PipelineError> {
        let mut unmet: Vec<u128> = orders.iter().flatten().copied().collect();
        unmet.sort_unstable();
        unmet.dedup();
        let keys: Vec<RowKey> = unmet.iter().map(|order| order_key(*order)).collect();
        let records = self.log.index_get_many(self.merchant, &keys).await?;
        let mut known = HashMap::new();
        for (order, record) in unmet.into_iter().zip(records) {
            if let Some(record) = record {
                self.line_counts.entry(order).or_insert(RowContent::unpack(record.content).line);
                known.insert(order, record);
            }
        }
        Ok(known)
    }
}

/// Which order each row belongs to. Lines of an order mostly stand together: a row like the one before is not hashed anew.
fn orders_of<'a>(rows: &[&'a AcceptedDrafts]) -> Vec<Option<u128>> {
    let mut last: Option<(&'a LineDraft, u128)> = None;
    let mut order_of = |line: &'a LineDraft| match last {
        Some((before, order)) if is_same_order(before, line) => order,
        _ => {
            let order =
                PartHasher::default().part(line.channel.as_str()).part(&line.store).part(line.number.as_str()).finish();
            last = Some((line, order));
            order
        }
    };
    rows.iter().map(|row| row.lines.first().map(&mut order_of)).collect()
}

fn is_same_order(left: &LineDraft, right: &LineDraft) -> bool {
    left.number == right.number && left.channel == right.channel && left.store == right.store
}
