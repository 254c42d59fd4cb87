//! A real shop's order lines: exact totals, and roll-ups that say the same as the definition.

use std::path::PathBuf;
use std::time::Instant;

use shelfiq_lake::arrow::array::{Array, AsArray, RecordBatch};
use shelfiq_lake::arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use shelfiq_lake::tables::{OrderLine, OrderLineRows};
use shelfiq_lake::{Table, Zone};
use shelfiq_measures::{Comparison, Dimension, MeasureEngine, MeasureId};

use crate::sample::{Shop, assert_lines, at, merchant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_shop_has_exact_totals_and_honest_roll_ups() {
    let Some(file) = real_order_lines() else { return };
    let shop = Shop::empty();
    load(&shop, &file).await;
    assert_lines(
        &shop.sql("select count(*), count(distinct order_id), count(distinct customer_id), sum(quantity * unit_price) from order_lines").await,
        "541909,25900,4372,9747747.934",
    );

    let sold: Vec<MeasureId> = MeasureId::ALL
        .iter()
        .copied()
        .filter(|id| !matches!(id, MeasureId::SellThrough | MeasureId::StockCover))
        .collect();
    let additive = [MeasureId::NetRevenue, MeasureId::Units, MeasureId::Refunds];
    let request =
        |measures: &[MeasureId]| shop.request(measures, "2011-01-01..2011-11-30").against(Comparison::PreviousPeriod);
    let requests = [
        request(&sold),
        request(&sold).by(Dimension::Week),
        request(&sold).by(Dimension::Country),
        request(&additive).by(Dimension::Sku),
    ];
    let mut by_definition = Vec::new();
    for request in &requests {
        by_definition.push(
            timed("definition", request.slice, shop.engine.measure(merchant(), request, at("2012-01-01T00:00:00Z")))
                .await
                .unwrap(),
        );
    }
    timed("refresh", None, shop.engine.refresh_derived(merchant(), shop.zone)).await.unwrap();
    for (request, expected) in requests.iter().zip(by_definition) {
        let answer =
            timed("roll-up", request.slice, shop.engine.measure(merchant(), request, at("2012-01-01T00:00:00Z")))
                .await
                .unwrap();
        assert_eq!(answer, expected, "by {:?}", request.slice);
        timed("again", request.slice, shop.engine.measure(merchant(), request, at("2012-01-01T00:00:00Z")))
            .await
            .unwrap();
    }
    let overview = [
        MeasureId::NetRevenue,
        MeasureId::Orders,
        MeasureId::Units,
        MeasureId::AverageOrderValue,
        MeasureId::ActiveCustomers,
    ];
    let request =
        shop.request(&overview, "2011-11-01..2011-11-30").by(Dimension::Day).against(Comparison::SamePeriodLastYear);
    timed("overview cold", None, shop.engine.measure(merchant(), &request, at("2012-01-01T00:00:00Z"))).await.unwrap();
    timed("overview warm", None, shop.engine.measure(merchant(), &request, at("2012-01-01T00:00:00Z"))).await.unwrap();
}

async fn timed<T>(what: &str, slice: Option<Dimension>, work: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let done = work.await;
    eprintln!("{what} {}: {} ms", slice.map_or("", Dimension::as_str), start.elapsed().as_millis());
    done
}

/// The development data set, if it is there.
fn real_order_lines() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests find their data in the environment")]
    let folder = std::env::var_os("SHELFIQ_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let file = folder.join("uci_online_retail/online_retail.parquet");
    if !file.exists() {
        eprintln!(
            "SKIPPED a_real_shop_has_exact_totals_and_honest_roll_ups: {} is missing, set SHELFIQ_DATA",
            file.display()
        );
        return None;
    }
    Some(file)
}

/// Reads the data set the simplest way: what begins with C is a cancellation, codes without a digit are no products.
async fn load(shop: &Shop, file: &PathBuf) {
    let reader = datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(
        std::fs::File::open(file).unwrap(),
    )
    .unwrap()
    .with_batch_size(65_536)
    .build()
    .unwrap();
    let start = Instant::now();
    let mut writer = shop.engine.lake().writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    let mut row = 0;
    for batch in reader {
        writer.write(&rows(&batch.unwrap(), &mut row)).await.unwrap();
    }
    writer.commit().await.unwrap();
    eprintln!("{row} order lines written in {} ms", start.elapsed().as_millis());
}

fn rows(batch: &RecordBatch, row: &mut i64) -> RecordBatch {
    let text = |name: &str| {
        let column = batch.column_by_name(name).unwrap();
        shelfiq_lake::arrow::compute::cast(column, &shelfiq_lake::arrow::datatypes::DataType::Utf8)
            .unwrap()
            .as_string::<i32>()
            .clone()
    };
    let (orders, skus, titles, customers, countries) =
        (text("InvoiceNo"), text("StockCode"), text("Description"), text("CustomerID"), text("Country"));
    let quantities = batch.column_by_name("Quantity").unwrap().as_primitive::<Int64Type>().clone();
    let prices = batch.column_by_name("UnitPrice").unwrap().as_primitive::<Float64Type>().clone();
    let instants = batch.column_by_name("InvoiceDate").unwrap().as_primitive::<TimestampMicrosecondType>().clone();
    let known = |column: &shelfiq_lake::arrow::array::StringArray, index: usize| {
        column.is_valid(index).then(|| column.value(index).to_owned())
    };
    let mut gathered = OrderLineRows::default();
    for index in 0..batch.num_rows() {
        *row += 1;
        let is_product = skus.value(index).contains(|letter: char| letter.is_ascii_digit());
        let kind = match (orders.value(index).starts_with('C'), is_product) {
            (_, false) => "other",
            (true, true) => "cancellation",
            (false, true) => "sale",
        };
        gathered
            .push(OrderLine {
                order_id: orders.value(index),
                line: *row,
                ordered_at: chrono::DateTime::from_timestamp_micros(instants.value(index)).unwrap(),
                sku: skus.value(index),
                title: known(&titles, index).as_deref(),
                quantity: quantities.value(index),
                unit_price: prices.value(index).to_string().parse().unwrap(),
                currency: "GBP",
                customer_id: known(&customers, index).as_deref(),
                country: known(&countries, index).as_deref(),
                channel: "direct",
                store: "main",
                kind,
                is_duplicate: false,
                source_file: Some("online_retail.parquet"),
                source_row: Some(*row),
                import_id: None,
                event_id: "00000000-0000-0000-0000-000000000000",
            })
            .unwrap();
    }
    gathered.finish().unwrap()
}
