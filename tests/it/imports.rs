//! From a file to tables and back.

use shelfiq_app::imports::{ImportRequest, import_files, undo};
use shelfiq_app::sql::{AsOf, CellFormat, ask};
use shelfiq_testkit::TestApp;

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
