//! SQL: read-only, bounded, one merchant's tables and nothing else.

use shelfiq_core::{ErrorKind, MerchantId};
use shelfiq_lake::{AsOf, Table};
use shelfiq_query::{CellFormat, ExtraTable, QueryConfig, QueryEngine, QueryError, SqlRequest};
use uuid::Uuid;

use crate::sample::{Shop, assert_lines, csv, merchant, order_lines};

async fn refused(query: &str) -> QueryError {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 MUG 1 1 GBP anna GB sale").await;
    let request = SqlRequest { query: query.to_owned(), ..SqlRequest::default() };
    shop.engine.sql(merchant(), request).await.unwrap_err()
}

#[tokio::test]
async fn an_empty_shop_has_every_table_with_its_columns() {
    let shop = Shop::empty();
    for table in Table::ALL.iter().filter(|table| **table != Table::Events) {
        assert_lines(&shop.sql(&format!("select count(*) from {table}")).await, "0");
    }
    let columns = shop.sql("select column_name from information_schema.columns where table_name = 'order_lines' order by ordinal_position").await;
    assert!(columns.starts_with("order_id\nline\nordered_at\nsku\ntitle\nquantity\nunit_price\ncurrency\ncustomer_id\ncountry\nchannel\nstore\nkind\n"), "{columns}");
}

#[tokio::test]
async fn statements_that_would_change_something_are_refused() {
    for query in [
        "insert into order_lines select * from order_lines",
        "update order_lines set quantity = 0",
        "delete from order_lines",
        "create table mine as select 1",
        "create external table passwords stored as csv location '/etc/passwd'",
        "drop table order_lines",
        "copy order_lines to '/tmp/stolen.csv'",
        "set datafusion.execution.batch_size = 1",
        "explain analyze delete from order_lines",
    ] {
        let error = refused(query).await;
        assert_eq!(error.kind(), ErrorKind::Invalid, "{query}: {error}");
    }
}

#[tokio::test]
async fn files_are_no_tables() {
    for query in
        ["select * from '/etc/passwd'", "select * from \"/etc/passwd\"", "select * from read_csv('/etc/passwd')"]
    {
        let error = refused(query).await;
        assert_eq!(error.kind(), ErrorKind::Invalid, "{query}: {error}");
    }
}

#[tokio::test]
async fn a_mistake_is_named() {
    assert!(refused("select nonsense from order_lines").await.to_string().contains("nonsense"));
    assert!(refused("select * from no_such_table").await.to_string().contains("no_such_table"));
    assert!(refused("selec 1").await.to_string().contains("selec"));
}

#[tokio::test]
async fn merchants_do_not_see_each_other() {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 MUG 1 1 GBP anna GB sale").await;
    let other = MerchantId::from_uuid(Uuid::from_u128(2));
    let request = SqlRequest { query: "select count(*) from order_lines".to_owned(), ..SqlRequest::default() };
    assert_eq!(csv(&shop.engine.sql(other, request).await.unwrap()), "0");
}

#[tokio::test]
async fn amounts_are_exact_and_written_plainly() {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 PADS 541909 0.001 GBP anna GB sale\n2011-03-01T10:00:00Z 2 BIG 1 9747206.025 GBP anna GB sale").await;
    let request = SqlRequest {
        query: "select sum(quantity * unit_price) as net, 100.0 as round, currency from order_lines group by currency"
            .to_owned(),
        ..SqlRequest::default()
    };
    let answer = shop.engine.sql(merchant(), request).await.unwrap();
    let mut cells = Vec::new();
    answer
        .write_rows(CellFormat::Json, |row| {
            cells.push(row.join(","));
            Ok(())
        })
        .unwrap();
    assert_eq!(cells, ["9747747.934,100.0,\"GBP\""]);
}

#[tokio::test]
async fn rows_are_cut_at_the_bound_and_the_answer_says_so() {
    let shop =
        Shop::with_lines("2011-03-01T10:00:00Z 1 A 1 1 GBP - - sale\n2011-03-01T10:00:00Z 2 B 1 1 GBP - - sale").await;
    let ask = |rows_max| SqlRequest {
        query: "select sku from order_lines order by sku".to_owned(),
        rows_max,
        ..SqlRequest::default()
    };
    let cut = shop.engine.sql(merchant(), ask(Some(1))).await.unwrap();
    assert_eq!((csv(&cut), cut.is_cut()), ("A".to_owned(), true));
    let whole = shop.engine.sql(merchant(), ask(Some(2))).await.unwrap();
    assert_eq!((csv(&whole), whole.is_cut()), ("A\nB".to_owned(), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_takes_too_long_is_stopped() {
    let shop = Shop::empty();
    let config = QueryConfig { timeout: std::time::Duration::from_millis(50), ..QueryConfig::default() };
    let engine = QueryEngine::new(shop.engine.lake().clone(), config).unwrap();
    let query =
        "select count(*) from generate_series(1, 100000000) a cross join generate_series(1, 1000000) b".to_owned();
    let error = engine.sql(merchant(), SqlRequest { query, ..SqlRequest::default() }).await.unwrap_err();
    assert!(matches!(error, QueryError::TimedOut { .. } | QueryError::Invalid { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_questions_is_answered_in_turns() {
    let shop = Shop::empty();
    let config = QueryConfig { memory_bytes: 48 << 20, at_once: 2, ..QueryConfig::default() };
    let engine = QueryEngine::new(shop.engine.lake().clone(), config).unwrap();
    let query = "select count(*) from (select value % 100000, count(*) from generate_series(1, 200000) group by 1)";
    let ask = || {
        let request = SqlRequest { query: query.to_owned(), ..SqlRequest::default() };
        engine.sql(merchant(), request)
    };
    for answer in futures::future::join_all((0..24).map(|_| ask())).await {
        assert_eq!(csv(&answer.unwrap()), "100000");
    }
}

#[tokio::test]
async fn the_past_shows_what_was_known_then() {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 MUG 1 1 GBP anna GB sale").await;
    shop.append(Table::OrderLines, &order_lines("2011-03-02T10:00:00Z 2 MUG 1 1 GBP anna GB sale")).await;
    let ask =
        |as_of| SqlRequest { query: "select count(*) from order_lines".to_owned(), as_of, ..SqlRequest::default() };
    assert_eq!(csv(&shop.engine.sql(merchant(), ask(AsOf::Version(1))).await.unwrap()), "1");
    assert_eq!(csv(&shop.engine.sql(merchant(), ask(AsOf::Now)).await.unwrap()), "2");
    assert_eq!(
        csv(&shop.engine.sql(merchant(), ask(AsOf::Time("2011-03-03T00:00:00Z".parse().unwrap()))).await.unwrap()),
        "0"
    );
}

#[tokio::test]
async fn tables_that_the_caller_brings_stand_beside_those_of_the_lake() {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 MUG 2 1 GBP anna GB sale").await;
    let alerts = ExtraTable::default()
        .text("sku", ["MUG", "BOWL"].into_iter().map(Some))
        .count("severity", [Some(3), None].into_iter());
    let request = SqlRequest {
        query: "select alerts.sku, severity, quantity from alerts left join order_lines on order_lines.sku = alerts.sku order by 1".to_owned(),
        extra: vec![("alerts".to_owned(), alerts)],
        ..SqlRequest::default()
    };
    assert_lines(&csv(&shop.engine.sql(merchant(), request).await.unwrap()), "BOWL,,\nMUG,3,2");
}
