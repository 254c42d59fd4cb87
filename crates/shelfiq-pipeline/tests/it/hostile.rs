//! Files that a stranger would send: each gets a clear answer, and no row is lost in silence.

use shelfiq_pipeline::PipelineError;

use crate::shop::{Shop, counts, options};

const HEADER: &str = "order_id,ordered_at,sku,quantity,unit_price";

fn file(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

/// What importing says: the counts, or the error with its causes.
async fn answer(content: &str) -> String {
    match Shop::new().try_import(1, content, &options()).await {
        Ok(report) => counts(&report),
        Err(PipelineError::Read(error)) => error.to_string(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn nothing_to_import_is_said_in_words() {
    assert_eq!(answer("").await, "file.csv is empty");
    assert_eq!(answer(" \n\n").await, "file.csv is empty");
    assert_eq!(answer(&file("")).await, "0 rows: 0 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped");
}

#[tokio::test]
async fn columns_that_are_called_alike_are_asked_about_where_they_matter() {
    let twins = "order_id,ordered_at,sku,quantity,unit_price,unit_price\n1,2026-01-05,A,1,2.50,3.50\n";
    let refused = answer(twins).await;
    assert!(refused.contains("--kind orders") && refused.contains("unit_price = `unit_price`"), "{refused}");
    let unused = "order_id,ordered_at,sku,quantity,unit_price,note,note\n1,2026-01-05,A,1,2.50,x,y\n";
    assert_eq!(answer(unused).await, "1 rows: 1 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped");
    let alike = "order_id,Order-ID,ordered_at,sku,quantity,unit_price\n1,9,2026-01-05,A,1,2.50\n";
    let shop = Shop::new();
    shop.import(1, alike).await;
    shop.project().await;
    assert_eq!(shop.lines().await, ["1 1 A 1 2.500000 GBP sale 2026-01-05T00:00:00Z"]);
}

#[tokio::test]
async fn three_hundred_columns_are_read() {
    let names: String = (0..295).map(|column| format!(",extra {column}")).collect();
    let cells = ",x".repeat(295);
    let wide = format!("{HEADER}{names}\n1,2026-01-05,A,1,2.50{cells}\n");
    assert_eq!(answer(&wide).await, "1 rows: 1 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped");
}

#[tokio::test]
async fn bad_bytes_and_impossible_days_are_refused_row_by_row() {
    let rows = "1,2026-01-05,A\0,1,2.50\n2,1900-01-05,A,1,2.50\n3,2199-01-05,A,1,2.50\n4,2026-01-05,A,1,2.50\n";
    assert_eq!(answer(&file(rows)).await, "4 rows: 1 new, 0 changed, 0 unchanged, 3 rejected, 0 skipped");
}

#[tokio::test]
async fn units_that_come_back_are_returns() {
    let shop = Shop::new();
    shop.import(1, &file("1,2026-01-05,A,-2,2.50\n")).await;
    shop.project().await;
    assert_eq!(shop.lines().await, ["1 1 A -2 2.500000 GBP return 2026-01-05T00:00:00Z"]);
}

#[tokio::test]
async fn a_quotation_mark_that_is_never_closed_is_a_reject_that_holds_all_it_swallowed() {
    let shop = Shop::new();
    let header = "order_id,ordered_at,sku,quantity,unit_price,title";
    let content = format!(
        "{header}\n1,2026-01-05,A,1,2.50,Mug\n2,2026-01-05,A,1,2.50,\"Cup\n3,2026-01-05,A,1,2.50,Jug\n4,2026-01-05,A,1,2.50,Pot\n"
    );
    let report = shop.import(1, &content).await;
    assert_eq!(counts(&report), "2 rows: 1 new, 0 changed, 0 unchanged, 1 rejected, 0 skipped");
    let rejects = std::fs::read_to_string(report.files[0].rejects_file.as_ref().unwrap()).unwrap();
    assert!(rejects.contains("3,2026-01-05,A,1,2.50,Jug") && rejects.contains("never closed"), "{rejects}");
}

#[tokio::test]
async fn files_of_one_name_in_one_import_keep_their_own_rejects() {
    let shop = Shop::new();
    let mut files = Vec::new();
    for (folder, order) in [("east", "E"), ("west", "W")] {
        let folder = shop.folder.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        files.push(folder.join("orders.csv"));
        std::fs::write(files.last().unwrap(), file(&format!("{order},never,A,1,2.50,left,over\n"))).unwrap();
    }
    let report = shop.session.run(crate::shop::import_id(1), &files, &options(), &mut |_| {}).await.unwrap();
    for (file, order) in report.files.iter().zip(["E", "W"]) {
        let rejects = std::fs::read_to_string(file.rejects_file.as_ref().unwrap()).unwrap();
        assert!(rejects.contains(&format!("\n{order},never")) && rejects.contains("left | over"), "{rejects}");
    }
}
