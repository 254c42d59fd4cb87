//! What the night tidies up, and that nobody notices.

use axum::http::Method;
use serde_json::json;
use shelfiq_app::imports::{ImportRequest, import_files};
use shelfiq_app::jobs;
use shelfiq_app::sql::{AsOf, CellFormat, ask};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

const HEADER: &str = "order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id,country\n";

async fn answer(app: &TestApp, query: &str) -> Vec<Vec<String>> {
    let answer = ask(&app.platform, &app.system(), query, AsOf::Now, None).await.unwrap();
    let mut rows = Vec::new();
    answer
        .write_rows(CellFormat::Json, |row| {
            rows.push(row.to_vec());
            Ok(())
        })
        .unwrap();
    rows
}

async fn import_a_day(app: &TestApp, day: u32) {
    let row = format!("{day},2026-06-{day:02}T09:00:00Z,MUG-1,Blue mug,2,12.50,GBP,c1,GB\n");
    let file = app.file(&format!("{day}.csv"), &format!("{HEADER}{row}"));
    import_files(&app.platform, &app.system(), &[file], &ImportRequest::default(), &|_, _| {}).await.unwrap();
}

const SALES: &str = "select order_id, sku, quantity, unit_price from order_lines order by order_id";
const ROLL_UP: &str = "select day, sku, net_units, net_revenue from daily_sales order by day";

#[tokio::test]
async fn small_files_are_merged_and_every_answer_stays_the_same() {
    let app = TestApp::start().await;
    for day in 1..=4 {
        import_a_day(&app, day).await;
    }
    let before = (answer(&app, SALES).await, answer(&app, ROLL_UP).await);
    assert_eq!(before.0.len(), 4);

    jobs::start(&app.platform, &app.system(), "housekeeping").await.unwrap();
    app.work().await;
    let listed = jobs::list(&app.platform, &app.system(), 10, None).await.unwrap().rows;
    let done = listed.iter().find(|job| job.kind == "housekeeping").unwrap();
    let report = done.result.as_ref().unwrap_or_else(|| panic!("{done:?}"));
    assert!(report["files_merged"].as_u64().unwrap() >= 4, "{report}");
    assert_eq!((answer(&app, SALES).await, answer(&app, ROLL_UP).await), before);

    import_a_day(&app, 5).await;
    assert_eq!(answer(&app, ROLL_UP).await.len(), 5, "writing goes on after it");
}

#[tokio::test]
async fn what_expired_is_forgotten_and_what_counts_stays() {
    let app = TestApp::start().await;
    let token = app.token(Role::Owner).await;
    jobs::start(&app.platform, &app.system(), "daily").await.unwrap();
    app.work().await;
    let later = |days: i64| chrono::TimeDelta::days(days);

    app.clock.advance(later(29));
    jobs::start(&app.platform, &app.system(), "housekeeping").await.unwrap();
    app.work().await;
    let kinds = async || -> Vec<String> {
        let page = jobs::list(&app.platform, &app.system(), 10, None).await.unwrap();
        page.rows.into_iter().map(|job| job.kind).collect()
    };
    assert_eq!(kinds().await, ["housekeeping", "daily"]);

    // Past the end of the session, of its month of grace, and of the first jobs' month.
    app.clock.advance(later(90));
    jobs::start(&app.platform, &app.system(), "housekeeping").await.unwrap();
    app.work().await;
    assert_eq!(kinds().await, ["housekeeping"]);
    let page = jobs::list(&app.platform, &app.system(), 10, None).await.unwrap();
    let report = page.rows[0].result.clone().unwrap();
    assert_eq!((&report["sessions_forgotten"], &report["jobs_forgotten"]), (&json!(1), &json!(2)));

    assert_eq!(app.call(Method::GET, "/api/v1/me", Some(&token), None).await.status.as_u16(), 401);
    let fresh = app.token(Role::Owner).await;
    assert_eq!(app.call(Method::GET, "/api/v1/me", Some(&fresh), None).await.status.as_u16(), 200);
}
