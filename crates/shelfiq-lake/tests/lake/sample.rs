//! Small tables, and what stands in them.

use std::path::Path;

use chrono::{DateTime, Utc};
use shelfiq_core::MerchantId;
use shelfiq_lake::arrow::array::{AsArray, RecordBatch};
use shelfiq_lake::arrow::datatypes::Int64Type;
use shelfiq_lake::tables::{OrderLine, OrderLineRows};
use shelfiq_lake::{AsOf, Lake, Table, Zone};
use uuid::Uuid;

pub(crate) fn merchant() -> MerchantId {
    MerchantId::from_uuid(Uuid::from_u128(7))
}

pub(crate) fn import_id(number: u128) -> shelfiq_core::ImportId {
    shelfiq_core::ImportId::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Sale lines `(order, quantity, import)` at a tenth of a penny a piece.
pub(crate) fn lines(rows: &[(&str, i64, u128)]) -> RecordBatch {
    let mut gathered = OrderLineRows::default();
    for (order_id, quantity, import) in rows {
        gathered
            .push(OrderLine {
                order_id,
                line: 1,
                ordered_at: at("2011-03-27T00:30:00Z"),
                sku: "PADS",
                title: Some("PADS TO MATCH ALL CUSHIONS"),
                quantity: *quantity,
                unit_price: "0.001".parse().unwrap(),
                currency: "GBP",
                customer_id: None,
                country: Some("GB"),
                channel: "direct",
                store: "main",
                kind: "sale",
                is_duplicate: false,
                source_file: None,
                source_row: None,
                import_id: Some(&import_id(*import).to_string()),
                event_id: "00000000-0000-0000-0000-000000000000",
            })
            .unwrap();
    }
    gathered.finish().unwrap()
}

/// Appends lines to the curated order lines as one commit.
pub(crate) async fn append(lake: &Lake, rows: &[(&str, i64, u128)]) -> u64 {
    let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    writer.write(&lines(rows)).await.unwrap();
    writer.commit().await.unwrap()
}

/// `order quantity` of every curated order line, in order.
pub(crate) async fn content(lake: &Lake, as_of: AsOf) -> Vec<(String, i64)> {
    let snapshot = lake.snapshot(merchant(), Zone::Curated, Table::OrderLines, as_of).await.unwrap();
    let folder = snapshot.url.to_file_path().unwrap();
    let mut rows = Vec::new();
    for file in &snapshot.files {
        rows.extend(file_content(&folder.join(&file.path)));
    }
    assert_eq!(snapshot.rows(), Some(rows.len()), "the log's row counts are those of the files");
    rows.sort();
    rows
}

fn file_content(path: &Path) -> Vec<(String, i64)> {
    let file = std::fs::File::open(path).unwrap();
    let reader = deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let read = |batch: RecordBatch| {
        let orders = batch.column_by_name("order_id").unwrap().as_string::<i32>().clone();
        let quantities = batch.column_by_name("quantity").unwrap().as_primitive::<Int64Type>().clone();
        (0..batch.num_rows()).map(move |row| (orders.value(row).to_owned(), quantities.value(row))).collect::<Vec<_>>()
    };
    reader.flat_map(|batch| read(batch.unwrap())).collect()
}

pub(crate) fn rows(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(order, quantity)| ((*order).to_owned(), *quantity)).collect()
}
