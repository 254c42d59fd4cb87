//! Answers that were computed already. The key holds the versions of the tables, so that no answer is ever stale.

use std::sync::Arc;

use chrono::NaiveDate;
use moka::future::Cache;
use shelfiq_core::MerchantId;
use shelfiq_lake::Snapshot;
use shelfiq_measures::{MeasureAnswer, MeasureRequest};

use super::TABLES;

/// Rows kept over all answers: about 50 MB.
const ROWS_MAX: u64 = 250_000;

/// Answers by question and state of the tables.
pub(crate) type MeasureCache = Cache<Key, Arc<MeasureAnswer>>;

/// What an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    merchant: MerchantId,
    request: MeasureRequest,
    today: NaiveDate,
    versions: Vec<Option<u64>>,
}

impl Key {
    pub(crate) fn new(
        merchant: MerchantId,
        request: &MeasureRequest,
        today: NaiveDate,
        snapshots: &[Snapshot],
    ) -> Self {
        let is_read = |snapshot: &&Snapshot| TABLES.contains(&snapshot.table);
        let versions = snapshots.iter().filter(is_read).map(|snapshot| snapshot.version).collect();
        Self { merchant, request: request.clone(), today, versions }
    }
}

/// An empty cache.
pub(crate) fn empty() -> MeasureCache {
    let rows = |_: &Key, answer: &Arc<MeasureAnswer>| u32::try_from(answer.rows.len() + 1).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(ROWS_MAX).weigher(rows).build()
}
