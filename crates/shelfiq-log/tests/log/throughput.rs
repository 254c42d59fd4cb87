use std::time::{Duration, Instant};

use shelfiq_core::ImportId;
use shelfiq_log::{Batch, ContentHash, EventLog, IndexChange, Offset, PartitionId, RowKey, RowRecord};
use uuid::Uuid;

use crate::sample::{event, merchant, open};

/// The size of a large first import: half a million rows in 25,900 orders.
#[tokio::test]
#[ignore = "takes seconds and prints figures: run with --release --ignored --nocapture"]
async fn a_large_import_is_accepted_in_seconds() {
    const ROWS: u128 = 541_909;
    const ROWS_PER_EVENT: u128 = 21;
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    // Spread like hashes.
    let key = |row: u128| RowKey(row.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835).to_be_bytes());
    let import = ImportId::from_uuid(Uuid::from_u128(1));
    let rows: Vec<u128> = (0..ROWS).collect();
    let padding = "x".repeat(4_000);

    let (start, mut looking_up) = (Instant::now(), Duration::ZERO);
    for chunk in rows.chunks(50_000) {
        let keys: Vec<RowKey> = chunk.iter().map(|row| key(*row)).collect();
        let before = Instant::now();
        assert!(log.index_get_many(merchant(), &keys).await.unwrap().iter().all(Option::is_none));
        looking_up += before.elapsed();
        let index =
            keys.iter().map(|key| IndexChange::Put(*key, RowRecord { content: ContentHash(key.0), import })).collect();
        let events = chunk.iter().filter(|row| *row % ROWS_PER_EVENT == 0).map(|row| {
            let mut event = event(u64::try_from(*row).unwrap());
            event.source.clone_from(&padding);
            event
        });
        log.append(merchant(), Batch { events: events.collect(), index }).await.unwrap();
    }
    eprintln!("accepted in {} ms, of which {} ms looking up", start.elapsed().as_millis(), looking_up.as_millis());

    let start = Instant::now();
    for chunk in rows.chunks(50_000) {
        let keys: Vec<RowKey> = chunk.iter().map(|row| key(*row)).collect();
        assert!(log.index_get_many(merchant(), &keys).await.unwrap().iter().all(Option::is_some));
    }
    eprintln!("looked up again in {} ms", start.elapsed().as_millis());

    let start = Instant::now();
    let mut events = 0;
    for partition in 0..log.partition_count() {
        let mut from = Offset(0);
        loop {
            let read = log.read(merchant(), PartitionId(partition), from, 1_000).await.unwrap();
            let Some(last) = read.last() else { break };
            from = last.position.offset.next();
            events += read.len();
        }
    }
    eprintln!("{events} events replayed in {} ms", start.elapsed().as_millis());
    assert_eq!(events as u128, ROWS.div_ceil(ROWS_PER_EVENT));
}
