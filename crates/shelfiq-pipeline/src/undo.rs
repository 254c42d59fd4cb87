//! Taking an import back.

use chrono::{DateTime, Utc};
use shelfiq_core::{ImportId, MerchantId};
use shelfiq_events::{EventKind, ImportUndone};
use shelfiq_log::{Batch, EventLog, IndexChange, RowKey, RowRecord};

use crate::append::{Origin, manifest};
use crate::identity::{RowContent, before_import_key};
use crate::{PipelineError, UndoReport};

/// Index entries read at once.
const PAGE_ROWS: usize = 50_000;

/// Appends that the import counts no more, and gives the dedupe index back what it knew before, in one batch. The tables
/// follow when the projector reads the event.
pub(crate) async fn undo(
    log: &dyn EventLog,
    merchant: MerchantId,
    import: ImportId,
    now: DateTime<Utc>,
) -> Result<UndoReport, PipelineError> {
    let mut report = UndoReport { import_id: import, removed: 0, restored: 0 };
    let mut index = Vec::new();
    let mut after = None;
    loop {
        let page = log.index_scan(merchant, after, PAGE_ROWS).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        let ours: Vec<_> = page.iter().copied().filter(|(_, record)| record.import == import).collect();
        take_back(log, merchant, import, &ours, &mut index, &mut report).await?;
    }
    if index.is_empty() {
        return Err(PipelineError::NoSuchImport(import));
    }
    let origin = Origin { merchant, import, file: "" };
    let undone = EventKind::ImportUndone(ImportUndone { import, restored_rows: report.restored });
    log.append(merchant, Batch { events: vec![manifest(&origin, now, undone)], index }).await?;
    Ok(report)
}

async fn take_back(
    log: &dyn EventLog,
    merchant: MerchantId,
    import: ImportId,
    rows: &[(RowKey, RowRecord)],
    index: &mut Vec<IndexChange>,
    report: &mut UndoReport,
) -> Result<(), PipelineError> {
    let before_keys: Vec<RowKey> = rows.iter().map(|(row, _)| before_import_key(*row, import)).collect();
    let befores: Vec<Option<RowRecord>> = log.index_get_many(merchant, &before_keys).await?;
    for (((row, record), before_key), before) in rows.iter().zip(before_keys).zip(befores) {
        let is_row = u64::from(!RowContent::unpack(record.content).is_line_count());
        match before {
            Some(before) => {
                report.restored += is_row;
                index.push(IndexChange::Put(*row, before));
                index.push(IndexChange::Remove(before_key));
            }
            None => {
                report.removed += is_row;
                index.push(IndexChange::Remove(*row));
            }
        }
    }
    Ok(())
}
