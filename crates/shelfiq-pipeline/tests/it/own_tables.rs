//! Tables in our own columns, guessed mappings, and how numbers and dates are told.

use shelfiq_lake::Table;
use shelfiq_pipeline::{Field, ImportOptions, Mapping, SourceKind};
use shelfiq_tabular::DateOrder;

use crate::shop::{Shop, counts, options};

#[tokio::test]
async fn products_bring_listing_price_cost_and_stock() {
    let shop = Shop::new();
    let report = shop.import(1, "sku,title,category,brand,price,cost,stock,lead time\nmug-1,Blue mug,Kitchen > Mugs,Acme,4.50,2.10,12,14\nmug-2,Red mug,Kitchen > Mugs,Acme,5.00,,0,\n").await;
    assert_eq!(report.files[0].kind, "products");
    shop.project().await;
    assert_eq!(
        shop.curated(Table::Listings, &["sku", "title", "category"]).await,
        ["MUG-1 Blue mug Kitchen > Mugs", "MUG-2 Red mug Kitchen > Mugs"]
    );
    assert_eq!(
        shop.curated(Table::Prices, &["sku", "price", "currency"]).await,
        ["MUG-1 4.500000 GBP", "MUG-2 5.000000 GBP"]
    );
    assert_eq!(shop.curated(Table::Costs, &["sku", "unit_cost"]).await, ["MUG-1 2.100000"]);
    assert_eq!(shop.curated(Table::Stock, &["sku", "on_hand", "lead_time_days"]).await, ["MUG-1 12 14", "MUG-2 0 -"]);
}

#[tokio::test]
async fn undated_files_are_the_same_file_on_another_day() {
    let shop = Shop::new();
    let file = "sku,on_hand\nA,3\nB,4\n";
    shop.import(1, file).await;
    let mut later = options();
    later.received_at += chrono::TimeDelta::days(3);
    let report = shop.try_import(2, file, &later).await.unwrap();
    assert_eq!(counts(&report), "2 rows: 0 new, 0 changed, 2 unchanged, 0 rejected, 0 skipped");
}

#[tokio::test]
async fn every_own_kind_is_recognised_and_lands() {
    let cases = [
        ("prices", "sku,price,observed_at\nA,1.50,2026-01-02\n", Table::Prices),
        ("stock", "sku,on_hand,observed_at\nA,5,2026-01-02\n", Table::Stock),
        ("costs", "sku,unit_cost,valid_from\nA,0.70,2026-01-02\n", Table::Costs),
        ("offers", "sku,seller,price,observed_at,in_stock\nA,Rival & Co,1.40,2026-01-02,yes\n", Table::Offers),
        ("reviews", "sku,rating,title,text,date\nA,5,Lovely,Holds tea,2026-01-02\n", Table::Reviews),
        ("traffic", "day,sku,sessions,page_views\n2026-01-02,A,10,30\n", Table::Traffic),
        ("signals", "name,value,observed_at,unit\ncpi,301.5,2026-01-01,index\n", Table::Signals),
    ];
    for (kind, file, table) in cases {
        let shop = Shop::new();
        let report = shop.import(1, file).await;
        assert_eq!((report.files[0].kind.as_str(), report.new), (kind, 1), "{file}");
        shop.project().await;
        assert_eq!(shop.curated(table, &["import_id"]).await.len(), 1, "{kind}");
        assert_eq!(shop.import(2, file).await.unchanged, 1, "{kind}");
    }
}

#[tokio::test]
async fn european_files_are_read_as_they_are_meant() {
    let shop = Shop::new();
    shop.import(
        1,
        "Bestellnummer;Datum;Artikelnummer;Menge;Einzelpreis\n77;31.12.2025;A1;3;1.234,50\n78;01.02.2026;A1;1;0,99\n",
    )
    .await;
    shop.project().await;
    assert_eq!(
        shop.lines().await,
        ["77 1 A1 3 1234.500000 GBP sale 2025-12-31T00:00:00Z", "78 1 A1 1 0.990000 GBP sale 2026-02-01T00:00:00Z"]
    );
}

/// What a file with these headers is taken for: certainly, as far as it goes, or to be looked at first.
async fn guess(header: &str, row: &str) -> String {
    let recognition = Shop::new().preview(&format!("{header}\n{row}\n")).await.recognition;
    let Some(kind) = recognition.kind else { return "nothing".to_owned() };
    let missing: Vec<_> = recognition.mapping.iter().flat_map(Mapping::missing).map(Field::as_str).collect();
    let doubt = match (recognition.is_certain, recognition.needs_check) {
        (true, false) => "certainly ",
        (false, true) => "perhaps ",
        _ => "",
    };
    let lacks = if missing.is_empty() { String::new() } else { format!(", lacks {}", missing.join(" ")) };
    format!("{doubt}{kind}{lacks}")
}

#[tokio::test]
async fn what_has_order_numbers_quantities_and_dates_is_taken_for_orders() {
    for (header, row, expected) in [
        ("order id,sku,price,quantity,date", "1,A,2.50,1,2026-01-02", "orders"),
        ("order_id,ordered_at,sku,quantity,unit_price,currency", "1,2026-01-02,A,1,2.50,GBP", "certainly orders"),
        ("Order No,Date,SKU,Title,Qty,Price,Seller", "1,2026-01-02,A,Mug,1,2.50,Me", "orders"),
        ("Order ID,SKU,Price,Quantity,Date,Shop", "1,A,2.50,1,2026-01-02,Main", "orders"),
        ("Order ref,Product SKU,Unit price (GBP),Qty ordered,When", "1,A,2.50,1,2026-01-02", "perhaps orders"),
        ("Receipt,Sold on,Article,Menge,Umsatz", "1,2026-01-02,A,1,2.50", "perhaps orders"),
        ("date,sku,qty,price", "2026-01-02,A,1,2.50", "orders, lacks order_id"),
        ("transaction,thing,date,total", "1,A,2026-01-02,2.50", "orders, lacks sku quantity"),
    ] {
        assert_eq!(guess(header, row).await, expected, "{header}");
    }
}

#[tokio::test]
async fn what_only_resembles_orders_stays_what_it_is() {
    for (header, row, expected) in [
        ("sku,competitor,price,qty,date", "A,Rival,2.50,1,2026-01-02", "offers"),
        ("sku,seller,price,observed_at", "A,Rival,2.50,2026-01-02", "certainly offers"),
        ("order_id,sku,rating,review,date", "1,A,5,Lovely,2026-01-02", "reviews"),
        ("date,sku,sessions,units,revenue", "2026-01-02,A,10,2,5.00", "traffic"),
        ("sku,quantity,date", "A,5,2026-01-02", "stock"),
        ("sku,on order,on hand", "A,5,4", "certainly stock"),
        ("sku,title,price,stock", "A,Mug,2.50,4", "certainly products"),
    ] {
        assert_eq!(guess(header, row).await, expected, "{header}");
    }
}

#[tokio::test]
async fn a_file_known_by_parts_of_its_headers_lands_once_somebody_has_confirmed_it() {
    let shop = Shop::new();
    let file = "Order ref,Product SKU,Unit price (EUR),Qty ordered,When\n1,A,2.50,1,2026-01-02\n";
    let refused = shop.try_import(1, file, &options()).await.unwrap_err().to_string();
    assert!(refused.contains("--kind orders") && refused.contains("order_id = `Order ref`"), "{refused}");
    let told = ImportOptions { kind: Some(SourceKind::Orders), ..options() };
    shop.try_import(2, file, &told).await.unwrap();
    shop.project().await;
    assert_eq!(shop.lines().await, ["1 1 A 1 2.500000 EUR sale 2026-01-02T00:00:00Z"]);
}

#[tokio::test]
async fn amounts_in_their_own_currency_are_never_taken_in_another() {
    let shop = Shop::new();
    let file = "order_id,ordered_at,sku,quantity,unit_price,currency\n\
        1,2026-01-02,A,1,€2.50,\n2,2026-01-02,A,1,2.50,\n3,2026-01-02,A,1,$2.50,USD\n4,2026-01-02,A,1,€2.50,USD\n";
    let report = shop.import(1, file).await;
    assert_eq!((report.new, report.rejected, report.files[0].rows_without_currency), (3, 1, 1));
    shop.project().await;
    assert_eq!(shop.curated(Table::OrderLines, &["order_id", "currency"]).await, ["1 EUR", "2 GBP", "3 USD"]);
    let nobody_knows = ImportOptions { currency: None, ..options() };
    let report = Shop::new().try_import(1, file, &nobody_knows).await.unwrap();
    assert_eq!((report.new, report.rejected), (2, 2));
}

#[tokio::test]
async fn dates_that_can_be_read_twice_land_only_once_somebody_has_told_the_order() {
    let shop = Shop::new();
    let file = "order_id,ordered_at,sku,quantity,unit_price\n1,3/4/2026,A,1,2.00\n";
    let preview = shop.preview(file).await;
    let [question] = preview.questions.as_slice() else { panic!("{:?}", preview.questions) };
    assert_eq!((question.column.as_str(), question.answer, question.must_answer), ("ordered_at", "date_order", true));
    let readings: Vec<_> = question.choices.iter().map(|choice| (choice.value, choice.reading.as_str())).collect();
    assert_eq!(readings, [("day_first", "3 April 2026"), ("month_first", "4 March 2026")]);
    assert!(preview.outcome.is_none());
    let refused = shop.try_import(1, file, &options()).await.unwrap_err().to_string();
    assert!(refused.contains("--date-order") && refused.contains("3/4/2026"), "{refused}");
    let told = ImportOptions { date_order: Some(DateOrder::MonthFirst), ..options() };
    shop.try_import(2, file, &told).await.unwrap();
    shop.project().await;
    assert_eq!(shop.lines().await, ["1 1 A 1 2.000000 GBP sale 2026-03-04T00:00:00Z"]);
}

#[tokio::test]
async fn the_last_row_of_a_long_file_decides_the_order_of_its_dates() {
    let rows: String = (0..5_000).map(|row| format!("{row},3/{}/2025,A,1,2.00\n", 12 - row % 12)).collect();
    let file = format!("order_id,ordered_at,sku,quantity,unit_price\n{rows}9000,3/31/2025,A,1,2.00\n");
    let shop = Shop::new();
    let report = shop.import(1, &file).await;
    assert_eq!((report.new, report.rejected), (5_001, 0));
    shop.project().await;
    let days = shop.curated(Table::OrderLines, &["ordered_at"]).await;
    assert!(days.iter().all(|day| day.starts_with("2025-03")), "{:?}", days.first());
}

#[tokio::test]
async fn numbers_with_both_decimal_marks_are_read_one_by_one_and_doubtful_ones_refused() {
    let shop = Shop::new();
    let file = "order_id,ordered_at,sku,quantity,unit_price\n\
        1,2026-01-02,A,1,\"1.234,56\"\n2,2026-01-02,A,1,\"1,234.56\"\n3,2026-01-02,A,\"1,200\",12\n4,2026-01-02,A,1,\"1,234\"\n";
    let told = ImportOptions { decimal_mark: None, ..options() };
    let refused = shop.try_import(1, file, &told).await.unwrap_err().to_string();
    assert!(refused.contains("`1,234` can be 1234 or 1.234") && refused.contains("--decimal-mark"), "{refused}");
    let clear = file.replace("4,2026-01-02,A,1,\"1,234\"\n", "");
    shop.import(2, &clear).await;
    shop.project().await;
    assert_eq!(
        shop.curated(Table::OrderLines, &["order_id", "quantity", "unit_price"]).await,
        ["1 1 1234.560000", "2 1 1234.560000", "3 1200 12.000000"]
    );
}

#[tokio::test]
async fn a_preview_shows_columns_rows_and_values_before_anything_is_mapped() {
    let preview = Shop::new().preview("alpha,beta\nx,\ny,2\n").await;
    assert_eq!((preview.rows, preview.outcome.is_none()), (2, true));
    assert_eq!(preview.samples, [vec!["x".to_owned(), "y".to_owned()], vec!["2".to_owned()]]);
    assert_eq!(preview.sample[1].cells, ["y", "2"]);
}

#[tokio::test]
async fn a_mapping_with_other_names_and_a_line_total_is_followed() {
    let shop = Shop::new();
    let mut mapping = Mapping::empty(SourceKind::Orders);
    for (field, column) in [
        (Field::OrderId, "no"),
        (Field::OrderedAt, "when"),
        (Field::Sku, "thing"),
        (Field::Quantity, "n"),
        (Field::LineTotal, "sum"),
    ] {
        mapping.columns.insert(field, column.to_owned());
    }
    let mut told = options();
    told.mapping = Some(mapping.clone());
    shop.try_import(1, "no,when,thing,n,sum\n9,2026-01-02,x,3,10.00\n", &told).await.unwrap();
    shop.project().await;
    assert_eq!(
        shop.lines().await,
        [
            "9 1 ROUNDING 1 0.010000 GBP adjustment 2026-01-02T00:00:00Z",
            "9 1 X 3 3.330000 GBP sale 2026-01-02T00:00:00Z"
        ]
    );
    let written = serde_json::to_string(&mapping).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&written).unwrap(), mapping);
}
