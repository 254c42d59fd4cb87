//! A real export of a gift shop: the totals that everybody who knows the file expects, exactly.

use std::path::PathBuf;

use shelfiq_app::alerts;
use shelfiq_app::imports::{ImportRequest, import_files};
use shelfiq_app::run::{RunScope, run};
use shelfiq_app::sql::{AsOf, CellFormat, ask};
use shelfiq_testkit::TestApp;

use crate::place::data;

async fn one_row(app: &TestApp, query: &str) -> Vec<String> {
    let answer = ask(&app.platform, &app.system(), query, AsOf::Now, None).await.unwrap();
    let mut rows = Vec::new();
    answer
        .write_rows(CellFormat::Json, |row| {
            rows.push(row.to_vec());
            Ok(())
        })
        .unwrap();
    rows.remove(0)
}

const TOTALS: &str = "select count(*), count(distinct order_id), count(distinct customer_id), sum(quantity * unit_price) from order_lines";

#[tokio::test]
async fn the_first_two_days_of_the_gift_shop_reconcile_and_get_forecasts() {
    let Some(file) = data("uci_online_retail/online_retail_sample.csv") else { return };
    let app = TestApp::start_at("2010-12-03T12:00:00Z").await;
    let report =
        import_files(&app.platform, &app.system(), &[file], &ImportRequest::default(), &|_, _| {}).await.unwrap();
    assert_eq!((report.rows, report.new, report.rejected), (5_000, 5_000, 0));
    assert_eq!(one_row(&app, TOTALS).await, ["5000", "300", "197", "102189.24"]);
    let days =
        "select min(ordered_at), max(ordered_at), count(distinct date_trunc('day', ordered_at)) from order_lines";
    assert_eq!(one_row(&app, days).await, ["\"2010-12-01T08:26:00Z\"", "\"2010-12-02T18:08:00Z\"", "2"]);
    let run = run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    assert!(run.skus > 1_000, "{run:?}");
    assert_eq!((run.alerts, run.recommendations), (0, 0), "two days tell nobody what is usual: {run:?}");
}

#[tokio::test]
async fn the_whole_year_of_the_gift_shop_reconciles_to_the_penny() {
    let Some(file) = data("uci_online_retail/online_retail.csv.gz") else { return };
    let app = TestApp::start_at("2011-12-10T12:00:00Z").await;
    let files: Vec<PathBuf> = vec![file];
    let report =
        import_files(&app.platform, &app.system(), &files, &ImportRequest::default(), &|_, _| {}).await.unwrap();
    assert_eq!((report.rows, report.new, report.rejected), (541_909, 541_909, 0));
    let totals = &report.files[0].totals;
    assert_eq!((totals.orders, totals.customers, totals.duplicates), (25_900, 4_372, 5_268));
    assert_eq!(totals.net_amount.unwrap().normalize().to_string(), "9747747.934");
    assert_eq!(one_row(&app, TOTALS).await, ["541909", "25900", "4372", "9747747.934"]);
    assert_eq!(one_row(&app, "select count(*) from order_lines where is_duplicate").await, ["5268"]);
    assert_eq!(
        one_row(&app, "select count(distinct order_id) from order_lines where order_id like 'C%'").await,
        ["3836"]
    );
    let run = run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    let query = alerts::Query { states: alerts::OPEN.to_vec(), limit: 200, ..alerts::Query::default() };
    let (inbox, total) = alerts::list(&app.platform, &app.system(), query).await.unwrap();
    assert!((5..=40).contains(&total), "a morning's inbox of {total}: {run:?}");
    let stakes: Vec<i64> = inbox.rows.iter().map(|alert| alert.row.money_at_stake.unwrap().minor()).collect();
    assert!(stakes.is_sorted_by(|one, next| one >= next), "{stakes:?}");
    let told_together = inbox.rows.iter().map(|alert| alert.case.finding.members.len()).sum::<usize>();
    assert!(told_together + run.alerts_too_small > 100, "the small ones are told together: {run:?}");
}
