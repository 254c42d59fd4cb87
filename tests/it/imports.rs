//! From a file to tables and back.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_app::imports::{self, ImportRequest, import_files, undo};
use shelfiq_app::jobs;
use shelfiq_app::live::LiveChange;
use shelfiq_app::sql::{AsOf, CellFormat, ask};
use shelfiq_lake::{Table, Zone};
use shelfiq_pipeline::ImportSession;
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;
use tokio::sync::{broadcast, watch};

const ORDERS: &str = "\
order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id,country
1001,2026-06-01T09:00:00Z,MUG-1,Blue mug,2,12.50,GBP,c1,GB
1001,2026-06-01T09:00:00Z,BOWL-1,Small bowl,1,8.999,GBP,c1,GB
1002,2026-06-02T10:00:00Z,MUG-1,Blue mug,1,12.50,GBP,c2,DE
";

async fn cells(app: &TestApp, query: &str) -> Vec<Vec<String>> {
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

async fn import(app: &TestApp, name: &str, content: &str) -> shelfiq_pipeline::ImportReport {
    let file = app.file(name, content);
    import_files(&app.platform, &app.system(), &[file], &ImportRequest::default(), &|_, _| {}).await.unwrap()
}

#[tokio::test]
async fn totals_are_exact_and_the_same_file_twice_changes_nothing() {
    let app = TestApp::start().await;
    let first = import(&app, "orders.csv", ORDERS).await;
    assert_eq!((first.rows, first.new, first.rejected), (3, 3, 0));
    let totals = "select count(*), count(distinct order_id), count(distinct customer_id), sum(quantity * unit_price) from order_lines";
    let expected = [["3", "2", "2", "46.499"].map(str::to_owned).to_vec()];
    assert_eq!(cells(&app, totals).await, expected);
    let second = import(&app, "orders.csv", ORDERS).await;
    assert_eq!((second.new, second.changed, second.unchanged), (0, 0, 3));
    assert_eq!(cells(&app, totals).await, expected);
}

#[tokio::test]
async fn good_rows_land_and_bad_rows_come_back_with_their_reasons() {
    let app = TestApp::start().await;
    let content =
        ORDERS.replace("1002,2026-06-02T10:00:00Z,MUG-1,Blue mug,1,", "1002,2026-06-02T10:00:00Z,MUG-1,Blue mug,many,");
    let report = import(&app, "orders.csv", &content).await;
    assert_eq!((report.new, report.rejected), (2, 1));
    let rejects = std::fs::read_to_string(report.files[0].rejects_file.as_ref().unwrap()).unwrap();
    assert!(rejects.contains("many") && rejects.contains("quantity"), "{rejects}");
}

#[tokio::test]
async fn undo_removes_exactly_what_the_import_added() {
    let app = TestApp::start().await;
    import(&app, "first.csv", ORDERS).await;
    let before = cells(&app, "select order_id, sku, quantity, unit_price from order_lines order by 1, 2").await;
    let daily = cells(&app, "select * from daily_sales order by day, sku").await;
    let changed = ORDERS.replace("MUG-1,Blue mug,2,12.50", "MUG-1,Blue mug,3,12.50")
        + "1003,2026-06-03T10:00:00Z,MUG-2,Red mug,1,13.00,GBP,c3,FR\n";
    let second = import(&app, "second.csv", &changed).await;
    assert_eq!((second.new, second.changed, second.unchanged), (1, 1, 2));
    undo(&app.platform, &app.system(), second.import_id).await.unwrap();
    assert_eq!(cells(&app, "select order_id, sku, quantity, unit_price from order_lines order by 1, 2").await, before);
    assert_eq!(cells(&app, "select * from daily_sales order by day, sku").await, daily);
    assert!(undo(&app.platform, &app.system(), second.import_id).await.is_err(), "an import is undone once");
}

/// The log forgets the import first and the tables follow: whoever stops in between leaves this behind.
#[tokio::test]
async fn an_undoing_that_stopped_half_way_is_ended_by_the_next_try() {
    let app = TestApp::start().await;
    let report = import(&app, "orders.csv", ORDERS).await;
    let session = ImportSession::new(app.merchant, Arc::clone(&app.platform.log), app.platform.files.clone());
    session.undo(report.import_id, shelfiq_core::Clock::now(&*app.clock)).await.unwrap();
    imports::start_undo(&app.platform, &app.system(), report.import_id).await.unwrap();
    assert!(jobs::work_once(&app.platform).await.unwrap(), "the undoing was waiting");
    let left = imports::get(&app.platform, &app.system(), report.import_id).await.unwrap();
    assert_eq!(left.status.to_string(), "undone", "{left:?}");
    assert_eq!(cells(&app, "select count(*) from order_lines").await, [["0"]]);
}

#[tokio::test]
async fn sql_only_reads() {
    let app = TestApp::start().await;
    for statement in [
        "drop table order_lines",
        "insert into order_lines select * from order_lines",
        "copy order_lines to '/tmp/x.csv'",
        "set a = 1",
    ] {
        let refused = ask(&app.platform, &app.system(), statement, AsOf::Now, None).await;
        assert!(refused.is_err(), "{statement}");
    }
    assert_eq!(cells(&app, "select count(*) from order_lines").await, [["0"]]);
}

/// Uploads a file as the web app does; the request body that speaks of it.
fn upload(app: &TestApp, name: &str, content: &str) -> Value {
    let upload = imports::begin_upload(&app.platform, &app.system(), name).unwrap();
    std::fs::write(&upload.path, content).unwrap();
    json!({ "upload_id": upload.id })
}

#[tokio::test]
async fn a_file_that_can_be_read_in_two_ways_is_asked_about_and_lands_as_answered() {
    let app = TestApp::start().await;
    let token = app.token(Role::Owner).await;
    let post = async |path: &str, body: &Value| app.call(Method::POST, path, Some(&token), Some(body.clone())).await;
    let mut body = upload(&app, "orders.csv", "order_id,date,sku,qty,price\n1,3/4/2026,A,1,2.50\n");
    let preview = post("/api/v1/imports/preview", &body).await.expect(200);
    assert_eq!((&preview["kind"], &preview["rows"]), (&json!("orders"), &json!(1)));
    assert_eq!(preview["columns"][1]["samples"], json!(["3/4/2026"]));
    assert_eq!(preview["sample"][0]["price"], "2.50");
    assert_eq!(preview["questions"][0]["choices"][1]["reading"], "4 March 2026");
    let refused = post("/api/v1/imports", &body).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    assert!(refused.text.contains("--date-order"), "{}", refused.text);
    body["date_order"] = json!("month_first");
    let preview = post("/api/v1/imports/preview", &body).await.expect(200);
    assert_eq!((&preview["counts"]["new"], &preview["questions"]), (&json!(1), &json!([])));
    assert_eq!((&preview["rows_without_currency"], &preview["assumed_currency"]), (&json!(1), &json!("GBP")));
    body["currency"] = json!("USD");
    drop(post("/api/v1/imports", &body).await.expect(202));
    app.work().await;
    let lines = "select ordered_at, currency from order_lines";
    assert_eq!(cells(&app, lines).await, [["\"2026-03-04T00:00:00Z\"", "\"USD\""].map(str::to_owned).to_vec()]);
}

#[tokio::test]
async fn a_mapping_and_its_answers_are_remembered_for_the_next_file() {
    let app = TestApp::start().await;
    let token = app.token(Role::Owner).await;
    let post = async |path: &str, body: &Value| app.call(Method::POST, path, Some(&token), Some(body.clone())).await;
    let mut first = upload(&app, "first.csv", "no,when,what,n,each\n1,3/4/2026,A,1,2.50\n");
    first["kind"] = json!("orders");
    first["mapping"] =
        json!({ "order_id": "no", "ordered_at": "when", "sku": "what", "quantity": "n", "unit_price": "each" });
    first["date_order"] = json!("month_first");
    drop(post("/api/v1/imports", &first).await.expect(202));
    app.work().await;
    let second = upload(&app, "second.csv", "no,when,what,n,each\n2,5/4/2026,A,1,2.50\n");
    drop(post("/api/v1/imports", &second).await.expect(202));
    app.work().await;
    let days = "select ordered_at from order_lines order by 1";
    assert_eq!(cells(&app, days).await, [["\"2026-03-04T00:00:00Z\""], ["\"2026-05-03T23:00:00Z\""]]);
}

#[tokio::test]
async fn an_import_that_fails_half_way_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let header = "order_id,ordered_at,sku,quantity,unit_price,currency\n";
    let rows: String = (0..45_000).map(|row| format!("{row},2026-06-01,A,1,2.50,GBP\n")).collect();
    let file = app.file("broken.csv", &format!("{header}{rows}x,\"{}", "never closed ".repeat(500_000)));
    let failed = import_files(&app.platform, &app.system(), &[file], &ImportRequest::default(), &|_, _| {}).await;
    let error = failed.unwrap_err();
    let causes = format!("{error:?}");
    assert!(causes.contains("line 45002") && causes.contains("never closed"), "{causes}");
    assert_eq!(cells(&app, "select count(*) from order_lines").await, [["0"]]);
    let failed = &imports::list(&app.platform, &app.system(), 1, None).await.unwrap().rows[0];
    assert_eq!(failed.status.to_string(), "failed");
    let again = import(&app, "good.csv", &format!("{header}{rows}")).await;
    assert_eq!((again.new, again.unchanged), (45_000, 0));
    assert_eq!(cells(&app, "select count(*) from order_lines").await, [["45000"]]);
}

#[tokio::test]
async fn imports_and_their_undoing_do_not_wait_for_a_run() {
    let app = TestApp::start().await;
    import(&app, "orders.csv", ORDERS).await;
    let mut news = app.platform.live().watch(app.merchant, None).receiver;
    // Whoever holds the table of forecasts holds up the run, as a long one would.
    let held = app.platform.lake.writer(app.merchant, Zone::Curated, Table::Forecasts).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(jobs::run_worker(app.platform.clone(), stopped, Duration::from_secs(60)));
    let run = jobs::start(&app.platform, &app.system(), "daily").await.unwrap();
    heard(&mut news, |change| matches!(change, LiveChange::JobProgress { stage, .. } if stage == "forecasting demand"))
        .await;
    let body = upload(&app, "more.csv", &ORDERS.replace("100", "200"));
    let upload_id = body["upload_id"].as_str().unwrap();
    let started = imports::start(&app.platform, &app.system(), upload_id, ImportRequest::default()).await.unwrap();
    heard(&mut news, |change| matches!(change, LiveChange::ImportFinished { status, .. } if status == "finished"))
        .await;
    assert_eq!(cells(&app, "select count(*) from order_lines").await, [["6"]]);
    imports::start_undo(&app.platform, &app.system(), started.id).await.unwrap();
    heard(&mut news, |change| matches!(change, LiveChange::ImportFinished { status, .. } if status == "undone")).await;
    assert_eq!(cells(&app, "select count(*) from order_lines").await, [["3"]]);
    assert_eq!(jobs::get(&app.platform, &app.system(), run.id).await.unwrap().status.to_string(), "running");
    drop(held);
    heard(&mut news, |change| matches!(change, LiveChange::JobFinished { id, .. } if *id == run.id.to_string())).await;
    stop.send_replace(true);
    worker.await.unwrap();
}

/// Waits for a message; long enough for a slow machine.
async fn heard(news: &mut broadcast::Receiver<shelfiq_app::live::LiveMessage>, is_it: impl Fn(&LiveChange) -> bool) {
    let wait = async { while !is_it(&news.recv().await.expect("nothing is missed").change) {} };
    tokio::time::timeout(Duration::from_secs(120), wait).await.expect("the message comes");
}
