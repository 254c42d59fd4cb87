use chrono::TimeDelta;
use shelfiq_lake::{AsOf, Compaction, Lake, LakeError, Table, Zone};

use crate::sample::{append, at, content, merchant, rows};

#[tokio::test]
async fn earlier_versions_stay_readable_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let first = append(&lake, &[("536365", 6, 1)]).await;
    let second = append(&lake, &[("536366", 2, 1)]).await;

    assert_eq!(content(&lake, AsOf::Version(first)).await, rows(&[("536365", 6)]));
    assert_eq!(content(&lake, AsOf::Version(second)).await, content(&lake, AsOf::Now).await);
    let error = lake.snapshot(merchant(), Zone::Curated, Table::OrderLines, AsOf::Version(99)).await.unwrap_err();
    assert!(matches!(error, LakeError::NoSuchVersion { .. }), "{error:?}");
}

#[tokio::test]
async fn an_instant_shows_what_was_known_then() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536365", 6, 1)]).await;
    assert_eq!(content(&lake, AsOf::Time(at("2010-01-01T00:00:00Z"))).await, rows(&[]), "nothing was known before");
    assert_eq!(content(&lake, AsOf::Time(at("2100-01-01T00:00:00Z"))).await, rows(&[("536365", 6)]));
}

#[tokio::test]
async fn compaction_changes_files_and_no_rows() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    for number in 0..12 {
        append(&lake, &[(&format!("{number:02}"), number, 1)]).await;
    }
    let before = content(&lake, AsOf::Now).await;
    let done = lake.compact(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    assert_eq!(done, Compaction { files_before: 12, files_after: 1 });
    assert_eq!(content(&lake, AsOf::Now).await, before);
    assert_eq!(content(&lake, AsOf::Version(3)).await.len(), 3, "earlier versions keep their files");

    let vacuumed = lake.vacuum(merchant(), Zone::Curated, Table::OrderLines, TimeDelta::zero()).await.unwrap();
    assert_eq!(vacuumed.files_deleted, 12);
    assert_eq!(content(&lake, AsOf::Now).await, before);
}

#[tokio::test]
async fn housekeeping_leaves_every_file_that_a_reader_can_hold() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    for number in 0..4 {
        append(&lake, &[(&format!("{number:02}"), number, 1)]).await;
    }
    let table = (merchant(), Zone::Curated, Table::OrderLines);
    let held = lake.snapshot(table.0, table.1, table.2, AsOf::Now).await.unwrap();
    let orphan = held.url.to_file_path().unwrap().join("part-00000-of-a-commit-that-never-was.parquet");
    std::fs::write(&orphan, b"half a file").unwrap();
    let exist = || held.files.iter().filter(|file| held.url.to_file_path().unwrap().join(&file.path).exists()).count();

    lake.compact(table.0, table.1, table.2).await.unwrap();
    let kept = lake.vacuum(table.0, table.1, table.2, TimeDelta::days(30)).await.unwrap();
    assert_eq!((kept.files_deleted, exist(), orphan.exists()), (0, 4, true), "nothing is old enough");

    let vacuumed = lake.vacuum(table.0, table.1, table.2, TimeDelta::zero()).await.unwrap();
    assert_eq!((vacuumed.files_deleted, exist(), orphan.exists()), (5, 0, false));
    let again = lake.compact(table.0, table.1, table.2).await.unwrap();
    assert_eq!(again, Compaction::default(), "one file needs no merging");
}
