//! Everything happens once: repeated files, corrected files, undone imports, killed projectors.

use shelfiq_lake::{Table, Zone};
use shelfiq_log::{Offset, PartitionId};

use crate::shop::{Shop, counts, import_id, now};

const FILE: &str = "\
order_id,ordered_at,sku,title,quantity,unit_price,customer_id,country
1001,2026-01-05 10:00,MUG,Blue mug,2,4.50,17,United Kingdom
1001,2026-01-05 10:00,CUP,Cup,1,3.00,17,United Kingdom
1002,2026-07-06 11:30,MUG,Blue mug,1,4.50,,EIRE
1001,2026-01-05 10:00,CUP,Cup,1,3.00,17,United Kingdom
";

/// The last line of order 1001 was corrected, one line of 1002 is new.
const CORRECTED: &str = "\
order_id,ordered_at,sku,title,quantity,unit_price,customer_id,country
1001,2026-01-05 10:00,MUG,Blue mug,3,4.50,17,United Kingdom
1002,2026-07-06 11:30,MUG,Blue mug,1,4.50,,EIRE
1002,2026-07-06 11:30,PEN,Pen,5,0.001,,EIRE
";

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let shop = Shop::new();
    let first = shop.import(1, FILE).await;
    assert_eq!(counts(&first), "4 rows: 4 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped");
    shop.project().await;
    let before = shop.lines().await;
    assert_eq!(
        before,
        [
            "1001 1 MUG 2 4.500000 GBP sale 2026-01-05T10:00:00Z",
            "1001 2 CUP 1 3.000000 GBP sale 2026-01-05T10:00:00Z",
            "1001 3 CUP 1 3.000000 GBP sale 2026-01-05T10:00:00Z",
            "1002 1 MUG 1 4.500000 GBP sale 2026-07-06T10:30:00Z",
        ]
    );
    assert_eq!(
        shop.curated(Table::OrderLines, &["line", "is_duplicate", "source_row", "country"]).await,
        ["1 false 1 GB", "1 false 3 IE", "2 false 2 GB", "3 true 4 GB"]
    );
    let again = shop.import(2, FILE).await;
    assert_eq!(counts(&again), "4 rows: 0 new, 0 changed, 4 unchanged, 0 rejected, 0 skipped");
    assert_eq!(again.events, 0);
    shop.project().await;
    assert_eq!(shop.lines().await, before);
}

#[tokio::test]
async fn totals_count_every_row_whether_known_or_not() {
    let shop = Shop::new();
    shop.import(1, FILE).await;
    let totals = &shop.import(2, FILE).await.files[0].totals;
    assert_eq!((totals.rows, totals.orders, totals.customers, totals.duplicates), (4, 2, 1, 1));
    assert_eq!(totals.net_amount, Some("19.5".parse().unwrap()));
}

#[tokio::test]
async fn a_corrected_line_replaces_and_a_new_one_is_numbered_on() {
    let shop = Shop::new();
    shop.import(1, FILE).await;
    shop.project().await;
    let preview = shop.preview(CORRECTED).await.outcome.unwrap();
    assert_eq!((preview.new, preview.changed, preview.unchanged), (1, 1, 1));
    let report = shop.import(2, CORRECTED).await;
    assert_eq!(counts(&report), "3 rows: 1 new, 1 changed, 1 unchanged, 0 rejected, 0 skipped");
    shop.project().await;
    assert_eq!(
        shop.lines().await,
        [
            "1001 1 MUG 3 4.500000 GBP sale 2026-01-05T10:00:00Z",
            "1001 2 CUP 1 3.000000 GBP sale 2026-01-05T10:00:00Z",
            "1001 3 CUP 1 3.000000 GBP sale 2026-01-05T10:00:00Z",
            "1002 1 MUG 1 4.500000 GBP sale 2026-07-06T10:30:00Z",
            "1002 2 PEN 5 0.001000 GBP sale 2026-07-06T10:30:00Z",
        ]
    );
    assert_eq!(shop.rows(Zone::Processed, Table::OrderLines, &["order_id", "line", "quantity"]).await.len(), 6);
}

#[tokio::test]
async fn an_undone_correction_gives_back_what_was_there_before() {
    let shop = Shop::new();
    shop.import(1, FILE).await;
    shop.project().await;
    let before = shop.lines().await;
    shop.import(2, CORRECTED).await;
    shop.project().await;
    let undone = shop.session.undo(import_id(2), now()).await.unwrap();
    assert_eq!((undone.removed, undone.restored), (1, 1));
    assert_eq!(shop.project().await.undone, 1);
    assert_eq!(shop.lines().await, before);
    // The index went back too: the correction is a change again.
    assert_eq!(
        counts(&shop.import(3, CORRECTED).await),
        "3 rows: 1 new, 1 changed, 1 unchanged, 0 rejected, 0 skipped"
    );
}

#[tokio::test]
async fn undo_then_import_again_is_as_if_nothing_had_been() {
    let shop = Shop::new();
    shop.import(1, FILE).await;
    shop.project().await;
    let before = shop.lines().await;
    shop.session.undo(import_id(1), now()).await.unwrap();
    shop.project().await;
    assert!(shop.lines().await.is_empty());
    assert!(shop.session.undo(import_id(1), now()).await.is_err());
    assert_eq!(shop.import(2, FILE).await.new, 4);
    shop.project().await;
    assert_eq!(shop.lines().await, before);
}

#[tokio::test]
async fn undone_and_imported_again_before_anyone_projects_ends_the_same() {
    let shop = Shop::new();
    shop.import(1, FILE).await;
    shop.session.undo(import_id(1), now()).await.unwrap();
    shop.import(2, FILE).await;
    shop.import(3, CORRECTED).await;
    shop.project().await;
    let direct = Shop::new();
    direct.import(2, FILE).await;
    direct.import(3, CORRECTED).await;
    direct.project().await;
    assert_eq!(shop.lines().await, direct.lines().await);
}

#[tokio::test]
async fn an_interrupted_import_goes_on_under_its_own_id() {
    let shop = Shop::new();
    let half: String = FILE.lines().take(3).map(|line| format!("{line}\n")).collect();
    shop.import(1, &half).await;
    let report = shop.import(1, FILE).await;
    assert_eq!(counts(&report), "4 rows: 4 new, 0 changed, 0 unchanged, 0 rejected, 0 skipped");
    shop.project().await;
    assert_eq!(shop.lines().await.len(), 4);
    shop.session.undo(import_id(1), now()).await.unwrap();
    shop.project().await;
    assert!(shop.lines().await.is_empty());
}

#[tokio::test]
async fn a_projector_killed_before_its_checkpoint_doubles_nothing() {
    let mut shop = Shop::new();
    shop.import(1, FILE).await;
    shop.project().await;
    let (lines, events) = (shop.lines().await, shop.rows(Zone::Raw, Table::Events, &["event_id"]).await);
    // Killed after the tables' commits and before the log's: the checkpoint still stands at the beginning.
    for partition in (0..shop.log.partition_count()).map(PartitionId) {
        shop.log.commit_checkpoint("projector", shop.merchant, partition, Offset(0)).await.unwrap();
    }
    // A table whose commit was the last before the kill, and one that the kill came before.
    let processed = shop.folder.path().join("lake").join(shop.merchant.to_string()).join("processed");
    std::fs::remove_dir_all(processed).unwrap();
    shop.restart_projector();
    shop.import(2, CORRECTED).await;
    shop.project().await;
    assert_eq!(shop.lines().await.len(), lines.len() + 1);
    assert_eq!(shop.rows(Zone::Processed, Table::OrderLines, &["order_id"]).await.len(), lines.len() + 2);
    assert!(shop.rows(Zone::Raw, Table::Events, &["event_id"]).await.len() > events.len());
    let mut ids = shop.rows(Zone::Raw, Table::Events, &["event_id"]).await;
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "an event stands twice in the raw table");
    let again = shop.project().await;
    assert_eq!(again.events, 0);
}

#[tokio::test]
async fn filling_the_curated_tables_anew_gives_the_same_rows() {
    let shop = Shop::new();
    shop.import(1, FILE).await;
    shop.import(2, CORRECTED).await;
    shop.project().await;
    let before = shop.lines().await;
    shop.projector.rebuild(shop.merchant).await.unwrap();
    assert_eq!(shop.lines().await, before);
}
