//! Real input: the UCI "Online Retail" invoice lines (Chen, D. (2015), https://doi.org/10.24432/C5BW33, CC BY 4.0) and
//! the header lines of marketplaces' exports.

use std::path::PathBuf;

use shelfiq_lake::{AsOf, Table, Zone};
use shelfiq_pipeline::SourceKind;

use crate::shop::{Shop, import_id, options};

fn folder(variable: &str, default: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its data by the environment")]
    let folder = std::env::var_os(variable).map_or_else(|| PathBuf::from("../..").join(default), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED {}: set {variable}", folder.display());
    None
}

#[tokio::test]
async fn half_a_million_invoice_lines_arrive_exactly() {
    let Some(data) = folder("SHELFIQ_DATA", "../shared/data") else { return };
    let file = data.join("uci_online_retail/online_retail.csv.gz");
    let shop = Shop::new();
    let report = shop.session.run(import_id(1), std::slice::from_ref(&file), &options(), &mut |_| {}).await.unwrap();
    assert_eq!((report.rows, report.new, report.rejected, report.skipped), (541_909, 541_909, 0, 0));
    let totals = &report.files[0].totals;
    assert_eq!((totals.orders, totals.customers, totals.duplicates), (25_900, 4_372, 5_268));
    assert_eq!(totals.net_amount, Some("9747747.934".parse().unwrap()));
    assert_eq!(report.files[0].kind, "invoice_lines");
    shop.project().await;
    let lines = shop.lake.snapshot(shop.merchant, Zone::Curated, Table::OrderLines, AsOf::Now).await.unwrap();
    assert_eq!(lines.rows(), Some(541_909));
    let again = shop.session.run(import_id(2), &[file], &options(), &mut |_| {}).await.unwrap();
    assert_eq!((again.new, again.changed, again.unchanged, again.events), (0, 0, 541_909, 0));
}

#[tokio::test]
async fn every_collected_export_header_is_recognised() {
    let Some(contracts) = folder("SHELFIQ_CONTRACTS", "../shared/contracts") else { return };
    let kinds = [
        ("etsy_sold_order_items.csv", SourceKind::EtsySoldOrderItems),
        ("etsy_sold_orders.csv", SourceKind::EtsySoldOrders),
        ("etsy_payments_direct_checkout.csv", SourceKind::EtsyPayments),
        ("etsy_statement.csv", SourceKind::EtsyStatement),
        ("etsy_listings_download.2var.csv", SourceKind::EtsyListings),
        ("etsy_listings_download.3var.csv", SourceKind::EtsyListings),
        ("shopify_products_export.classic.csv", SourceKind::ShopifyProducts),
        ("shopify_products_export.linked_options.csv", SourceKind::ShopifyProducts),
        ("shopify_product_template.new.csv", SourceKind::ShopifyProducts),
        ("shopify_orders_export.csv", SourceKind::ShopifyOrders),
        ("amazon_all_orders.tsv", SourceKind::AmazonAllOrders),
        ("amazon_settlement_v1.tsv", SourceKind::AmazonSettlement),
        ("amazon_settlement_v2.tsv", SourceKind::AmazonSettlement),
        ("amazon_date_range_transactions.csv", SourceKind::AmazonDateRange),
        ("amazon_business_report_by_child_asin.csv", SourceKind::AmazonBusinessReport),
        ("amazon_merchant_listings_all.tsv", SourceKind::AmazonListings),
        ("ebay_orders_report.csv", SourceKind::EbayOrders),
        ("ebay_file_exchange_category_template.csv", SourceKind::EbayListings),
        ("ebay_draft_listing_template.csv", SourceKind::EbayListings),
    ];
    let shop = Shop::new();
    for (file, kind) in kinds {
        let preview = shop.session.preview(&contracts.join("exports").join(file), &options()).await.unwrap();
        assert_eq!((preview.recognition.kind, preview.recognition.is_certain), (Some(kind), true), "{file}");
    }
}

#[tokio::test]
async fn public_product_exports_of_shopify_shops_are_read_whole() {
    let Some(data) = folder("SHELFIQ_DATA", "../shared/data") else { return };
    for (file, rows) in [
        ("packt/Product-data.csv", 21),
        ("shopifypartners/apparel.csv", 22),
        ("shopifypartners/home-and-garden.csv", 21),
        ("shopifypartners/jewelery.csv", 41),
    ] {
        let shop = Shop::new();
        let preview = shop.session.preview(&data.join("shopify").join(file), &options()).await.unwrap();
        let outcome = preview.outcome.unwrap();
        assert_eq!(
            (outcome.kind.as_str(), outcome.rows, outcome.rejected),
            ("shopify_products", rows, 0),
            "{file}: {:?}",
            preview.rejects
        );
    }
}
