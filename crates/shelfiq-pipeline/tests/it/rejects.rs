//! Bad rows: each with every reason, in a file that can be mended and imported.

use shelfiq_pipeline::{PipelineError, RowState};

use crate::shop::{Shop, counts, options};

const FILE: &str = "\
order_id,ordered_at,sku,quantity,unit_price
1,2026-01-05,A,2,4.50
2,2026-02-30,B,two,4.50
,2026-01-05,C,1,1.00
4,2026-01-05,D,1.5,=1+1
5,2026-01-05
6,2099-01-01,F,1,1.00
7,2026-01-07,G,1,1.00
";

#[tokio::test]
async fn good_rows_land_and_bad_ones_say_why() {
    let shop = Shop::new();
    let preview = shop.preview(FILE).await;
    let reasons: Vec<String> = preview
        .rejects
        .iter()
        .map(|reject| {
            let problems = reject
                .problems
                .iter()
                .map(|problem| format!("{} {}", problem.column.as_deref().unwrap_or("row"), problem.reason));
            format!("{}/{}: {}", reject.row, reject.line, problems.collect::<Vec<_>>().join("; "))
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "2/3: ordered_at is not a date that exists; quantity is not a number",
            "3/4: order_id is empty",
            "4/5: quantity is not a whole number of units; unit_price is not a number",
            "5/6: row the row has 2 cells, the header has 5: is a quotation mark or delimiter missing?",
            "6/7: row a date before 1970 or in the future",
        ]
    );
    assert_eq!(preview.sample[1].state, Some(RowState::Rejected));
    let report = shop.import(1, FILE).await;
    assert_eq!(counts(&report), "7 rows: 2 new, 0 changed, 0 unchanged, 5 rejected, 0 skipped");
    let rejects = std::fs::read_to_string(report.files[0].rejects_file.as_ref().unwrap()).unwrap();
    let lines: Vec<_> = rejects.lines().collect();
    assert_eq!(lines[0], "order_id,ordered_at,sku,quantity,unit_price,rejected row,rejected line,reasons");
    assert!(
        lines[1].starts_with("2,2026-02-30,B,two,4.50,2,3,ordered_at: `2026-02-30` is not a date that exists"),
        "{rejects}"
    );
    assert!(lines[3].contains("'=1+1"), "a formula must not run in a spreadsheet: {rejects}");
    shop.project().await;
    assert_eq!(shop.lines().await.len(), 2);
}

#[tokio::test]
async fn a_mended_rejects_file_can_be_imported() {
    let shop = Shop::new();
    let report = shop.import(1, FILE).await;
    let rejects = std::fs::read_to_string(report.files[0].rejects_file.as_ref().unwrap()).unwrap();
    let mended: String =
        rejects.lines().take(2).map(|line| format!("{}\n", line.replace("02-30,B,two", "02-28,B,2"))).collect();
    assert_eq!(counts(&shop.import(2, &mended).await), "1 rows: 1 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped");
}

#[tokio::test]
async fn a_file_without_meaning_asks_for_a_mapping() {
    let shop = Shop::new();
    let error = shop.try_import(1, "colour,shape\nred,round\n", &options()).await.unwrap_err();
    assert!(matches!(error, PipelineError::NotRecognised { .. } | PipelineError::FieldsMissing { .. }), "{error}");
    let preview = shop.preview("colour,shape\nred,round\n").await;
    assert!(preview.outcome.is_none());
}
