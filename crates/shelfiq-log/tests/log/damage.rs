use fjall::{Database, KeyspaceCreateOptions, PersistMode};
use shelfiq_log::{EventLog, LogError, Offset, PartitionId};

use crate::sample::{append, merchant, open};

/// Appends some events, lets `damage` change the third record of the first partition, and reads the partition.
async fn check(damage: impl FnOnce(&fjall::Keyspace, &[u8], &[u8]), expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    append(&open(folder.path()), 0..100).await;
    {
        let database = Database::builder(folder.path()).open().unwrap();
        let events = database.keyspace("events", KeyspaceCreateOptions::default).unwrap();
        let (key, value) = events.iter().nth(2).unwrap().into_inner().unwrap();
        damage(&events, &key, &value);
        database.persist(PersistMode::SyncAll).unwrap();
    }
    let log = open(folder.path());
    let before = log.read(merchant(), PartitionId(0), Offset(0), 2).await.unwrap();
    assert_eq!(before.len(), 2, "records before the damage are delivered");
    let error = log.read(merchant(), PartitionId(0), Offset(0), 10).await.unwrap_err();
    assert!(matches!(error, LogError::Corrupt { partition: PartitionId(0), offset: Offset(2), .. }), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn a_flipped_bit_is_named_with_its_place() {
    let flip = |events: &fjall::Keyspace, key: &[u8], value: &[u8]| {
        let mut value = value.to_vec();
        value[40] ^= 1;
        events.insert(key, value).unwrap();
    };
    check(flip, "the checksum does not match").await;
}

#[tokio::test]
async fn a_truncated_record_is_named_with_its_place() {
    check(|events, key, value| events.insert(key, &value[..3]).unwrap(), "unknown record format").await;
}

#[tokio::test]
async fn a_missing_record_is_named_and_never_skipped() {
    check(|events, key, _| events.remove(key).unwrap(), "it is missing, the next one is 3").await;
}
