use std::sync::Arc;

use shelfiq_lake::arrow::array::RecordBatch;
use shelfiq_lake::{AsOf, Lake, LakeError, RowMatch, Table, Zone};

use crate::sample::{append, content, import_id, lines, merchant, rows};

#[tokio::test]
async fn a_table_that_was_never_written_is_empty_and_has_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    for table in Table::ALL {
        let snapshot = lake.snapshot(merchant(), Zone::Curated, *table, AsOf::Now).await.unwrap();
        assert_eq!((snapshot.version, snapshot.files.len(), snapshot.schema), (None, 0, table.schema()), "{table}");
    }
}

#[tokio::test]
async fn a_reopened_lake_holds_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    append(&Lake::open(folder.path()).unwrap(), &[("536365", 6, 1), ("536366", 2, 1)]).await;
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536367", 1, 2)]).await;
    assert_eq!(content(&lake, AsOf::Now).await, rows(&[("536365", 6), ("536366", 2), ("536367", 1)]));
}

#[tokio::test]
async fn rows_of_a_dropped_writer_are_never_seen() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536365", 6, 1)]).await;
    {
        let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
        writer.write(&lines(&[("999999", 1, 1)])).await.unwrap();
        writer.delete_all();
    }
    assert_eq!(content(&lake, AsOf::Now).await, rows(&[("536365", 6)]));
}

#[tokio::test]
async fn undoing_an_import_takes_exactly_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536365", 6, 1), ("536366", 2, 2)]).await;
    append(&lake, &[("536367", 1, 1)]).await;
    append(&lake, &[("536368", 4, 2)]).await;

    let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    writer.delete(RowMatch::Import(import_id(1)));
    writer.commit().await.unwrap();
    assert_eq!(content(&lake, AsOf::Now).await, rows(&[("536366", 2), ("536368", 4)]));
}

#[tokio::test]
async fn rows_of_some_days_go_and_those_that_come_with_the_same_commit_stay() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536365", 6, 1)]).await;
    for (day, expected) in [("2011-03-28", vec![("536365", 6)]), ("2011-03-27", vec![("536366", 2)])] {
        let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
        writer.delete(RowMatch::Days { column: "ordered_at", days: vec![day.parse().unwrap()] });
        if day == "2011-03-27" {
            writer.write(&lines(&[("536366", 2, 1)])).await.unwrap();
        }
        writer.commit().await.unwrap();
        assert_eq!(content(&lake, AsOf::Now).await, rows(&expected), "{day}");
    }
}

#[tokio::test]
async fn an_upsert_replaces_the_rows_of_its_keys_and_adds_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536365", 6, 1), ("536366", 2, 1)]).await;

    let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    writer.upsert(&lines(&[("536366", 3, 2), ("536367", 1, 2)])).await.unwrap();
    writer.commit().await.unwrap();
    assert_eq!(content(&lake, AsOf::Now).await, rows(&[("536365", 6), ("536366", 3), ("536367", 1)]));
}

#[tokio::test]
async fn progress_is_stored_with_the_rows_it_speaks_of() {
    let folder = tempfile::tempdir().unwrap();
    let progress =
        async |lake: &Lake| lake.progress(merchant(), Zone::Curated, Table::OrderLines, "lake/0").await.unwrap();
    {
        let lake = Lake::open(folder.path()).unwrap();
        assert_eq!(progress(&lake).await, None);
        let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
        writer.write(&lines(&[("536365", 6, 1)])).await.unwrap();
        writer.progress("lake/0", 17);
        writer.commit().await.unwrap();
        assert_eq!(progress(&lake).await, Some(17));
    }
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536366", 2, 1)]).await;
    assert_eq!(progress(&lake).await, Some(17), "other commits do not touch it");
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let lake = lake.clone();
            tokio::spawn(async move { append(&lake, &[(&number.to_string(), number, 1)]).await })
        })
        .collect();
    let mut versions = Vec::new();
    for task in tasks {
        versions.push(task.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (1..=8).collect::<Vec<_>>());
    assert_eq!(content(&lake, AsOf::Now).await.len(), 8);
}

#[tokio::test]
async fn rows_without_a_column_of_their_table_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let batch = lines(&[("536365", 6, 1)]);
    let without_sku: Vec<usize> = (0..batch.num_columns()).filter(|column| *column != 3).collect();
    let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    let error = writer.write(&batch.project(&without_sku).unwrap()).await.unwrap_err();
    assert!(
        matches!(&error, LakeError::WrongColumns { source, .. } if source.to_string().contains("`sku`")),
        "{error:?}"
    );
}

#[tokio::test]
async fn rows_with_nulls_where_none_may_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let batch = lines(&[("536365", 6, 1)]);
    let mut columns = batch.columns().to_vec();
    columns[3] = shelfiq_lake::arrow::array::new_null_array(&shelfiq_lake::arrow::datatypes::DataType::Utf8, 1);
    let nullable =
        batch.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect::<Vec<_>>();
    let batch = RecordBatch::try_new(Arc::new(shelfiq_lake::arrow::datatypes::Schema::new(nullable)), columns).unwrap();
    let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    let error = writer.write(&batch).await.unwrap_err();
    assert!(matches!(error, LakeError::WrongColumns { .. }), "{error:?}");
}
