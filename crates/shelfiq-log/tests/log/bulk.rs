use shelfiq_core::ImportId;
use shelfiq_log::{Batch, ContentHash, EventLog, IndexChange, RowKey, RowRecord};
use uuid::Uuid;

use crate::sample::{event, merchant, number_of, open, read_all};

/// As an import works: large batches of index entries with an event for every few of them.
#[tokio::test]
async fn every_row_and_event_of_large_batches_is_found_again() {
    const ROWS: u64 = 60_000;
    const ROWS_PER_EVENT: u64 = 21;
    const ROWS_PER_BATCH: usize = 20_000;
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    // Spread like hashes.
    let key = |row: u64| RowKey(u128::from(row).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835).to_be_bytes());
    let import = ImportId::from_uuid(Uuid::from_u128(1));
    let rows: Vec<u64> = (0..ROWS).collect();

    for chunk in rows.chunks(ROWS_PER_BATCH) {
        let keys: Vec<RowKey> = chunk.iter().map(|row| key(*row)).collect();
        assert!(log.index_get_many(merchant(), &keys).await.unwrap().iter().all(Option::is_none));
        let index =
            keys.iter().map(|key| IndexChange::Put(*key, RowRecord { content: ContentHash(key.0), import })).collect();
        let events = chunk.iter().filter(|row| *row % ROWS_PER_EVENT == 0).map(|row| event(*row)).collect();
        log.append(merchant(), Batch { events, index }).await.unwrap();
    }

    for chunk in rows.chunks(ROWS_PER_BATCH) {
        let keys: Vec<RowKey> = chunk.iter().map(|row| key(*row)).collect();
        let found = log.index_get_many(merchant(), &keys).await.unwrap();
        assert!(found.iter().zip(&keys).all(|(record, key)| record.is_some_and(|record| record.content.0 == key.0)));
    }
    let mut numbers: Vec<u64> = read_all(&log).await.iter().flatten().map(number_of).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..ROWS).step_by(ROWS_PER_EVENT as usize).collect::<Vec<_>>());
}
