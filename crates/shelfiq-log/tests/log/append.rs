use std::sync::Arc;

use shelfiq_core::{ImportId, MerchantId};
use shelfiq_log::{
    Batch, ContentHash, EmbeddedLog, EventLog, IndexChange, LogConfig, LogError, Offset, PartitionId, RowKey, RowRecord,
};
use uuid::Uuid;

use crate::sample::{append, event, merchant, number_of, open, read_all};

#[tokio::test]
async fn a_reopened_log_holds_what_was_acknowledged_and_goes_on_after_it() {
    let folder = tempfile::tempdir().unwrap();
    append(&open(folder.path()), 0..100).await;

    let log = open(folder.path());
    append(&log, 100..150).await;

    let partitions = read_all(&log).await;
    let mut numbers: Vec<u64> = partitions.iter().flatten().map(number_of).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..150).collect::<Vec<_>>());
    for events in partitions {
        let offsets: Vec<u64> = events.iter().map(|logged| logged.position.offset.0).collect();
        assert_eq!(offsets, (0..events.len() as u64).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn an_event_reads_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    let position = log.append(merchant(), Batch::of_events(vec![event(7)])).await.unwrap()[0];

    let logged = log.read(merchant(), position.partition, position.offset, 1).await.unwrap().remove(0);
    assert_eq!(logged.envelope, event(7));
    assert_eq!(logged.json.as_bytes(), shelfiq_events::encode(&event(7)).unwrap());
    assert_eq!(logged.position, position);
}

#[tokio::test(flavor = "multi_thread")]
async fn appends_at_once_keep_the_order_of_each_caller() {
    let folder = tempfile::tempdir().unwrap();
    let log = Arc::new(open(folder.path()));
    let callers: Vec<_> = (0..16_u64)
        .map(|subject| {
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                for step in 0..20 {
                    append(&log, step * 16 + subject..step * 16 + subject + 1).await;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }

    let partitions = read_all(&log).await;
    assert_eq!(partitions.iter().map(Vec::len).sum::<usize>(), 320);
    for subject in 0..16 {
        let numbers: Vec<u64> =
            partitions.iter().flatten().map(number_of).filter(|number| number % 16 == subject).collect();
        assert_eq!(numbers, (0..20).map(|step| step * 16 + subject).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn merchants_do_not_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    append(&log, 0..10).await;
    let other = MerchantId::from_uuid(Uuid::from_u128(2));

    for partition in 0..log.partition_count() {
        assert!(log.read(other, PartitionId(partition), Offset(0), 10).await.unwrap().is_empty());
    }
    let refused = log.append(other, Batch::of_events(vec![event(1)])).await.unwrap_err();
    assert!(matches!(refused, LogError::ForeignEvent { .. }), "{refused}");
}

#[tokio::test]
async fn a_consumer_goes_on_where_it_stopped_and_may_go_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = PartitionId(0);
    {
        let log = open(folder.path());
        assert_eq!(log.checkpoint("lake", merchant(), first).await.unwrap(), Offset(0));
        log.commit_checkpoint("lake", merchant(), first, Offset(42)).await.unwrap();
    }
    let log = open(folder.path());
    assert_eq!(log.checkpoint("lake", merchant(), first).await.unwrap(), Offset(42));
    assert_eq!(log.checkpoint("search", merchant(), first).await.unwrap(), Offset(0));
    log.commit_checkpoint("lake", merchant(), first, Offset(3)).await.unwrap();
    assert_eq!(log.checkpoint("lake", merchant(), first).await.unwrap(), Offset(3));
}

#[tokio::test]
async fn the_dedupe_index_changes_with_its_events() {
    let folder = tempfile::tempdir().unwrap();
    let row = |n: u8| RowKey([n; 16]);
    let record = |n: u8| RowRecord {
        content: ContentHash([n; 16]),
        import: ImportId::from_uuid(Uuid::from_u128(u128::from(n))),
    };
    {
        let log = open(folder.path());
        let index = vec![IndexChange::Put(row(1), record(1)), IndexChange::Put(row(2), record(2))];
        log.append(merchant(), Batch { events: vec![event(1)], index }).await.unwrap();
        let index =
            vec![IndexChange::Put(row(1), record(9)), IndexChange::Remove(row(2)), IndexChange::Put(row(3), record(3))];
        log.append(merchant(), Batch { events: Vec::new(), index }).await.unwrap();
    }
    let log = open(folder.path());
    let found = log.index_get_many(merchant(), &[row(3), row(2), row(1)]).await.unwrap();
    assert_eq!(found, [Some(record(3)), None, Some(record(9))]);
    assert_eq!(log.index_scan(merchant(), None, 1).await.unwrap(), [(row(1), record(9))]);
    assert_eq!(log.index_scan(merchant(), Some(row(1)), 10).await.unwrap(), [(row(3), record(3))]);
}

#[tokio::test]
async fn an_append_wakes_those_who_wait_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    let mut appended = log.appended();
    append(&log, 0..3).await;
    appended.changed().await.unwrap();
    assert_eq!(*appended.borrow(), 3);
}

#[tokio::test]
async fn the_number_of_partitions_is_fixed_when_the_log_is_created() {
    let folder = tempfile::tempdir().unwrap();
    append(&open(folder.path()), 0..50).await;
    let log = EmbeddedLog::open(folder.path(), LogConfig { partition_count: 7, ..LogConfig::default() }).unwrap();
    assert_eq!(log.partition_count(), 4);
    let refused = log.read(merchant(), PartitionId(4), Offset(0), 1).await.unwrap_err();
    assert_eq!(refused.to_string(), "there is no partition 4: the log has 4");
}

#[tokio::test]
async fn a_folder_in_use_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let _held = open(folder.path());
    let refused = EmbeddedLog::open(folder.path(), LogConfig::default()).err().unwrap();
    assert!(refused.to_string().contains("is another ShelfIQ using this data directory?"), "{refused}");
}
