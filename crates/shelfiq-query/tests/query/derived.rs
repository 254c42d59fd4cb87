//! Derived tables: what stands in them, and that they are never stale unseen.

use shelfiq_lake::{AsOf, Table, Zone};
use shelfiq_measures::{Dimension, MeasureEngine, MeasureId};
use shelfiq_query::{QueryConfig, QueryEngine, QueryError, SqlRequest};

use crate::sample::{Shop, assert_lines, at, costs, listings, merchant, order_lines, stock, text};

const LINES: &str = "
    2011-03-26T23:30:00Z 1  MUG    2 2.50 GBP anna GB sale
    2011-03-27T23:30:00Z 1  MUG   -1 2.50 GBP anna GB return
    2011-03-28T10:00:00Z 2  PLATE  1 4.00 GBP anna FR sale
    2011-03-29T10:00:00Z 3  PLATE  1 4.00 GBP bert GB sale
    2011-03-30T10:00:00Z 3  PLATE -1 4.00 GBP bert GB cancellation
    2011-03-31T10:00:00Z 4  POST   1 9.00 GBP -    GB postage
    2011-03-31T10:00:00Z 4  POST   1 9.00 GBP -    GB postage duplicate";

async fn shop() -> Shop {
    let shop = Shop::with_lines(LINES).await;
    shop.append(Table::Listings, &listings("MUG Kitchen\nLAMP Light")).await;
    shop.append(Table::Costs, &costs("2011-01-01T00:00:00Z MUG 1 GBP\n2011-02-01T00:00:00Z MUG 1.25 GBP")).await;
    shop.append(
        Table::Stock,
        &stock("2011-01-01T00:00:00Z MUG main 9\n2011-01-02T00:00:00Z MUG main 8\n2011-01-01T00:00:00Z MUG depot 2"),
    )
    .await;
    shop.engine.refresh_derived(merchant(), shop.zone).await.unwrap();
    shop
}

#[tokio::test]
async fn orders_say_what_became_of_them() {
    assert_lines(
        &shop().await.sql("select order_id, status, lines, units, gross_revenue, refunds, net_revenue, currency from orders order by order_id").await,
        "1,returned,2,2,5,2.5,2.5,GBP
         2,placed,1,1,4,0,4,GBP
         3,cancelled,2,1,4,4,0,GBP
         4,other,1,0,0,0,0,GBP",
    );
}

#[tokio::test]
async fn customers_add_up_their_orders() {
    assert_lines(
        &shop()
            .await
            .sql("select customer_id, country, first_order_at, orders, units, net_revenue from customers order by 1")
            .await,
        "anna,FR,2011-03-26T23:30:00Z,2,3,6.5\nbert,GB,2011-03-29T10:00:00Z,1,1,0",
    );
}

#[tokio::test]
async fn products_gather_what_is_known_about_a_sku() {
    assert_lines(
        &shop().await.sql("select sku, title, category, price, unit_cost, currency, on_hand, lead_time_days from products order by 1").await,
        "LAMP,As listed,Light,,,,,
         MUG,As listed,Kitchen,2.5,1.25,GBP,10,7
         PLATE,Title of PLATE,,4,,GBP,,",
    );
}

#[tokio::test]
async fn daily_sales_follow_the_merchants_calendar() {
    // 23:30 UTC is still the 26th in winter time and already the 28th in summer time.
    assert_lines(
        &shop().await.sql("select day, sku, units, net_units, gross_revenue, refunds, net_revenue, sale_lines from daily_sales order by day, sku").await,
        "2011-03-26,MUG,2,2,5,0,5,1
         2011-03-28,MUG,0,-1,0,2.5,-2.5,0
         2011-03-28,PLATE,1,1,4,0,4,1
         2011-03-29,PLATE,1,1,4,0,4,1
         2011-03-30,PLATE,0,-1,0,4,-4,0",
    );
}

#[tokio::test]
async fn a_second_refresh_changes_nothing_and_a_new_line_only_what_depends_on_it() {
    let shop = shop().await;
    let version =
        async |table| shop.engine.lake().snapshot(merchant(), Zone::Curated, table, AsOf::Now).await.unwrap().version;
    let before = version(Table::DailySales).await;
    shop.engine.refresh_derived(merchant(), shop.zone).await.unwrap();
    assert_eq!(version(Table::DailySales).await, before);

    shop.append(Table::Listings, &listings("MUG Cups")).await;
    shop.engine.refresh_derived(merchant(), shop.zone).await.unwrap();
    assert_eq!(version(Table::DailySales).await, before, "listings do not change sales");

    shop.append(Table::Costs, &costs("2011-03-01T00:00:00Z PLATE 3 GBP")).await;
    shop.engine.refresh_derived(merchant(), shop.zone).await.unwrap();
    // 2 × 1.25 − 1 × 1.25 on mugs and 1 + 1 − 1 on plates, of 2 × 2.5 − 2.5 and 4 + 4 − 4.
    assert_lines(&shop.sql("select sum(margin), sum(costed_revenue) from order_days").await, "2.25,6.5");

    shop.append(Table::OrderLines, &order_lines("2011-04-01T10:00:00Z 9 MUG 1 1 GBP - GB sale")).await;
    shop.engine.refresh_derived(merchant(), shop.zone).await.unwrap();
    assert_lines(&shop.sql("select count(*) from daily_sales").await, "6");
}

#[tokio::test]
async fn tables_are_recomputed_while_questions_find_no_memory() {
    let shop = shop().await;
    let config = QueryConfig { memory_bytes: 1, ..QueryConfig::default() };
    let crowded = QueryEngine::new(shop.engine.lake().clone(), config).unwrap();
    let request = || SqlRequest {
        query: "select sku, sum(units) from daily_sales group by sku".to_owned(),
        ..SqlRequest::default()
    };
    let refused = crowded.sql(merchant(), request()).await.unwrap_err();
    assert!(matches!(refused, QueryError::TooLarge { .. }), "{refused:?}");
    shop.append(Table::OrderLines, &order_lines("2011-04-01T10:00:00Z 9 MUG 1 1 GBP - GB sale")).await;
    crowded.refresh_derived(merchant(), shop.zone).await.unwrap();
    assert_lines(&shop.sql("select count(*) from daily_sales").await, "6");
}

#[tokio::test]
async fn another_time_zone_moves_the_days() {
    let shop = shop().await;
    shop.engine.refresh_derived(merchant(), "UTC".parse().unwrap()).await.unwrap();
    assert_lines(
        &shop.sql("select min(day), max(day) from daily_sales where sku = 'MUG'").await,
        "2011-03-26,2011-03-27",
    );

    // Days of another zone are no days of London: until they are computed again, measures use the order lines.
    let request = shop.request(&[MeasureId::Units], "2011-03-26..2011-03-28").by(Dimension::Day);
    let answer = shop.engine.measure(merchant(), &request, at("2030-01-01T00:00:00Z")).await.unwrap();
    assert_lines(&text(&answer), "2011-03-26 units 2\n2011-03-27 units 0\n2011-03-28 units 1");
}
