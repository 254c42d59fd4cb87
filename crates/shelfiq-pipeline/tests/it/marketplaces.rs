//! Marketplaces' exports with their traps. The rows are made up.

use shelfiq_lake::Table;

use crate::shop::{Shop, counts};

async fn check(kind: &str, file: &str, expected_counts: &str, lines: &[&str]) {
    let shop = Shop::new();
    let report = shop.import(1, file).await;
    assert_eq!(report.files[0].kind, kind);
    assert_eq!(counts(&report), expected_counts, "{kind}: {:?}", shop.preview(file).await.rejects);
    shop.project().await;
    assert_eq!(shop.lines().await, lines, "{kind}");
    let known = shop.import(2, file).await;
    assert_eq!((known.new, known.changed), (0, 0), "{kind} a second time");
}

#[tokio::test]
async fn etsy_order_items_are_sales_after_discount() {
    let file = "\
Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship Address1,Ship Address2,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,Listings Type,Payment Type,InPerson Discount,InPerson Location,VAT Paid by Buyer,SKU
08/05/25,Blue mug,jo,3,10.00,,,1.00,0,4.50,0,30.00,GBP,501,901,08/05/25,,Jo Doe,1 Road,,Leeds,,LS1,United Kingdom,7001,,online,listing,,,,0,MUG-1
08/05/25,Card,jo,1,2.50,,,0,0,4.50,0,2.50,GBP,502,902,08/05/25,,Jo Doe,1 Road,,Leeds,,LS1,United Kingdom,7001,Size: A5,online,listing,,,,0,
";
    check(
        "etsy_sold_order_items",
        file,
        "2 rows: 2 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped",
        &[
            "7001 1 MUG-1 3 9.660000 GBP sale 2025-08-04T23:00:00Z",
            "7001 1 ROUNDING 1 0.020000 GBP adjustment 2025-08-04T23:00:00Z",
            "7001 2 ETSY-902-SIZE-A5 1 2.500000 GBP sale 2025-08-04T23:00:00Z",
        ],
    )
    .await;
}

#[tokio::test]
async fn no_name_or_address_of_a_buyer_reaches_the_log() {
    let shop = Shop::new();
    shop.import(1, "Name,Email,Financial Status,Currency,Subtotal,Shipping,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Shipping Name,Shipping Address1,Shipping Country\n#1,secret.person@example.com,paid,EUR,5,0,5,0,2026-01-02 10:00:00 +0100,1,Mug,5.00,MUG,Secret Person,Secret Person,1 Hidden Street,DE\n").await;
    shop.project().await;
    let stored = shop.rows(shelfiq_lake::Zone::Raw, Table::Events, &["json"]).await.join("\n").to_lowercase();
    assert!(stored.contains("\"customer\":\"c-"), "{stored}");
    assert!(!stored.contains("secret") && !stored.contains("hidden"), "{stored}");
}

#[tokio::test]
async fn etsy_statement_brings_fees_and_refunds_but_no_sales() {
    let file = "\u{feff}Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net,Tax Details
\"31 July, 2026\",Sale,Payment for Order #1000000001,,GBP,£29.99,-£1.44,£28.55,--
\"31 July, 2026\",Marketing,Fee for sale made through Offsite Ads,Order #1000000001,GBP,--,-£4.80,-£4.80,--
\"September 3, 2026\",Refund,Refund for Order #1000000001,,GBP,-£29.99,--,-£29.99,--
\"September 4, 2026\",Deposit,£20.00 sent to your bank account,,GBP,--,--,--,--
";
    check(
        "etsy_statement",
        file,
        "4 rows: 3 new, 0 changed, 0 unchanged, 0 rejected, 1 skipped",
        &[
            "1000000001 1 PROCESSING-FEE 1 -1.440000 GBP fee 2026-07-30T23:00:00Z",
            "1000000001 2 ETSY-FEE 1 -4.800000 GBP fee 2026-07-30T23:00:00Z",
            "1000000001 3 REFUND 1 -29.990000 GBP return 2026-09-02T23:00:00Z",
        ],
    )
    .await;
}

const SHOPIFY_HEADER: &str = "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Shipping Country,Cancelled at,Refunded Amount\n";

#[tokio::test]
async fn shopify_orders_take_the_fields_of_their_first_row() {
    let file = format!(
        "{SHOPIFY_HEADER}\
#1001,a@b.c,paid,,EUR,25,4.90,0,29.90,TEN,2.50,2026-03-01 10:00:00 +0100,2,Mug,10.00,MUG,0,DE,,0
#1001,a@b.c,,,,,,,,,,,1,Card,5.00,CARD,0,,,
#1002,x@y.z,refunded,,EUR,8,0,0,8,,0,2026-03-02 10:00:00 +0100,1,Cup,8.00,CUP,0,AT,,8.00
#1003,x@y.z,voided,,EUR,8,0,0,8,,0,2026-03-03 10:00:00 +0100,1,Cup,8.00,CUP,0,AT,2026-03-04 09:00:00 +0100,0
#1005,x@y.z,,,,,,,,,,,1,Orphan,8.00,CUP,0,,,
"
    );
    check(
        "shopify_orders",
        &file,
        "5 rows: 4 new, 0 changed, 0 unchanged, 1 rejected, 0 skipped",
        &[
            "#1001 1 DISCOUNT 1 -2.500000 EUR adjustment 2026-03-01T09:00:00Z",
            "#1001 1 MUG 2 10.000000 EUR sale 2026-03-01T09:00:00Z",
            "#1001 1 POSTAGE 1 4.900000 EUR postage 2026-03-01T09:00:00Z",
            "#1001 2 CARD 1 5.000000 EUR sale 2026-03-01T09:00:00Z",
            "#1002 1 CUP -1 8.000000 EUR return 2026-03-02T09:00:00Z",
            "#1002 1 CUP 1 8.000000 EUR sale 2026-03-02T09:00:00Z",
            "#1003 1 CUP -1 8.000000 EUR cancellation 2026-03-04T08:00:00Z",
            "#1003 1 CUP 1 8.000000 EUR sale 2026-03-03T09:00:00Z",
        ],
    )
    .await;
}

const AMAZON_HEADER: &str = "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\tshipping-price\titem-promotion-discount\tship-promotion-discount\tship-country\n";

#[tokio::test]
async fn amazon_orders_know_row_prices_pending_and_cancelled_rows() {
    let file = format!(
        "{AMAZON_HEADER}\
111-1\t2026-02-01T08:00:00+00:00\tShipped\t\"7 inch\" frame\tFRAME\tB01\tShipped\t3\tUSD\t30.00\t5.99\t0.00\t5.99\tUS
111-2\t2026-02-01T09:00:00+00:00\tPending\tMug\tMUG\tB02\tUnshipped\t1\tUSD\t\t\t\t\tUS
111-3\t2026-02-01T10:00:00+00:00\tCancelled\tMug\tMUG\tB02\tCancelled\t0\t\t\t\t\t\tUS
"
    );
    check(
        "amazon_all_orders",
        &file,
        "3 rows: 2 new, 0 changed, 0 unchanged, 0 rejected, 1 skipped",
        &[
            "111-1 1 FRAME 3 10.000000 USD sale 2026-02-01T08:00:00Z",
            "111-3 1 MUG 0 0.000000 GBP cancellation 2026-02-01T10:00:00Z",
        ],
    )
    .await;
}

#[tokio::test]
async fn an_amazon_row_that_is_cancelled_later_takes_its_sale_back() {
    let shop = Shop::new();
    let row = |status: &str, quantity: &str, price: &str| {
        format!(
            "{AMAZON_HEADER}111-4\t2026-02-01T08:00:00+00:00\t{status}\tMug\tMUG\tB02\t{status}\t{quantity}\tUSD\t{price}\t\t\t\tUS\n"
        )
    };
    shop.import(1, &row("Unshipped", "1", "9.00")).await;
    shop.project().await;
    assert_eq!(shop.lines().await, ["111-4 1 MUG 1 9.000000 USD sale 2026-02-01T08:00:00Z"]);
    assert_eq!(shop.import(2, &row("Cancelled", "0", "")).await.changed, 1);
    shop.project().await;
    assert_eq!(shop.lines().await, ["111-4 1 MUG 0 0.000000 USD cancellation 2026-02-01T08:00:00Z"]);
}

#[tokio::test]
async fn amazon_settlement_passes_over_its_totals_row() {
    let file = "\
settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date\tposted-date-time\torder-item-code\tsku\tquantity-purchased
99\t2026-01-01 00:00:00 UTC\t2026-01-14 00:00:00 UTC\t2026-01-16 00:00:00 UTC\t100.00\tUSD
99\t\t\t\t\t\tOrder\t111-1\tItemPrice\tPrincipal\t30.00\t2026-01-02\t2026-01-02 10:00:00 UTC\t1\tFRAME\t3
99\t\t\t\t\t\tOrder\t111-1\tItemFees\tCommission\t-4.50\t2026-01-02\t2026-01-02 10:00:00 UTC\t1\tFRAME\t3
99\t\t\t\t\t\tRefund\t111-1\tItemPrice\tPrincipal\t-10.00\t2026-01-05\t2026-01-05 10:00:00 UTC\t1\tFRAME\t
99\t\t\t\t\t\tother-transaction\t\tother-transaction\tSubscription Fee\t-39.99\t2026-01-06\t2026-01-06 10:00:00 UTC\t\t\t
"
    .replace("100.00\tUSD\n", "100.00\tUSD\t\t\t\t\t\t\t\t\t\t\n");
    check(
        "amazon_settlement",
        &file,
        "5 rows: 3 new, 0 changed, 0 unchanged, 0 rejected, 2 skipped",
        &[
            "111-1 1 FRAME 1 -4.500000 USD fee 2026-01-02T10:00:00Z",
            "111-1 2 FRAME 1 -10.000000 USD return 2026-01-05T10:00:00Z",
            "settlement 99 1 AMAZON-FEE 1 -39.990000 USD fee 2026-01-06T10:00:00Z",
        ],
    )
    .await;
}

#[tokio::test]
async fn ebay_orders_pass_over_padding_totals_and_closing_lines() {
    let file = "\
,,,,
\"Sales Record Number\",\"Order Number\",\"Buyer Username\",\"Buyer Name\",\"Ship To Country\",\"Item Number\",\"Item Title\",\"Custom Label\",\"Quantity\",\"Sold For\",\"Shipping And Handling\",\"Total Price\",\"Sale Date\",\"Transaction ID\"
\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"

\"12\",\"05-1\",\"buyer1\",\"Jo\",\"Australia\",\"\",\"\",\"\",\"3\",\"AU $50.00\",\"AU $9.00\",\"AU $59.00\",\"Sep-18-26\",\"\"
\"12\",\"05-1\",\"\",\"\",\"\",\"201\",\"Mug\",\"MUG\",\"2\",\"AU $10.00\",\"\",\"\",\"\",\"t1\"
\"12\",\"05-1\",\"\",\"\",\"\",\"202\",\"Jug\",\"\",\"1\",\"AU $1,030.00\",\"\",\"\",\"\",\"t2\"

1,record(s) downloaded,
Seller ID : somebody
";
    check(
        "ebay_orders",
        file,
        "3 rows: 3 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped",
        &[
            "05-1 1 POSTAGE 1 9.000000 AUD postage 2026-09-17T23:00:00Z",
            "05-1 2 MUG 2 10.000000 AUD sale 2026-09-17T23:00:00Z",
            "05-1 3 EBAY-202 1 1030.000000 AUD sale 2026-09-17T23:00:00Z",
        ],
    )
    .await;
}

#[tokio::test]
async fn shopify_products_name_variants_after_their_product() {
    let shop = Shop::new();
    let file = "\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Cost per item,Status
mug,Mug,<p>Nice</p>,Acme,Kitchen,\"blue, mug\",true,Colour,Blue,MUG-B,5,9.90,12.00,https://x/1.jpg,4.10,active
mug,,,,,,,,Red,,0,9.90,,,4.20,
mug,,,,,,,,,,,,,https://x/2.jpg,,
";
    let report = shop.import(1, file).await;
    assert_eq!(counts(&report), "3 rows: 2 new, 0 changed, 0 unchanged, 0 rejected, 1 skipped");
    shop.project().await;
    assert_eq!(
        shop.curated(Table::Listings, &["sku", "title", "brand", "product"]).await,
        ["MUG-B Mug (Blue) Acme mug", "SHOPIFY-MUG-RED Mug (Red) Acme mug"]
    );
    assert_eq!(
        shop.curated(Table::Prices, &["sku", "price", "list_price"]).await,
        ["MUG-B 9.900000 12.000000", "SHOPIFY-MUG-RED 9.900000 -"]
    );
}
