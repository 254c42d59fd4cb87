//! Tables in our own columns, guessed mappings, and how numbers and dates are told.

use shelfiq_lake::Table;
use shelfiq_pipeline::{Field, Mapping, SourceKind};
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

#[tokio::test]
async fn dates_that_can_be_read_twice_are_asked_about_and_can_be_told() {
    let shop = Shop::new();
    let file = "order_id,ordered_at,sku,quantity,unit_price\n1,3/4/2026,A,1,2\n";
    let preview = shop.preview(file).await;
    assert_eq!(
        preview.questions.iter().map(|question| (question.column.as_str(), question.answer)).collect::<Vec<_>>(),
        [("ordered_at", "date_order")]
    );
    let mut mapping = preview.recognition.mapping.unwrap();
    mapping.date_order = Some(DateOrder::MonthFirst);
    let mut told = options();
    told.mapping = Some(mapping);
    shop.try_import(1, file, &told).await.unwrap();
    shop.project().await;
    assert_eq!(shop.lines().await, ["1 1 A 1 2.000000 GBP sale 2026-03-04T00:00:00Z"]);
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
