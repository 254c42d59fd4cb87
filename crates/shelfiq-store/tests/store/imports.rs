//! Stores, imports, column mappings.

use serde_json::json;
use shelfiq_core::{Channel, ImportId, StoreId};
use shelfiq_store::imports::{self, ImportCounts, ImportOutcome, ImportStatus, NewImport};
use shelfiq_store::stores::{self, NewStore};
use shelfiq_store::{Constraint, PageRequest, StoreError, column_mappings};

use crate::harness::{Shop, at, next_uuid, on_both};

fn new_import(store: Option<StoreId>) -> NewImport {
    NewImport {
        id: ImportId::from_uuid(next_uuid()),
        store,
        kind: None,
        files: json!([{ "file": "orders.csv" }]),
        mapping: None,
    }
}

async fn running(shop: &Shop) -> ImportId {
    let tx = shop.begin(1).await;
    let import = imports::insert(&tx, shop.merchant, new_import(None)).await.unwrap();
    imports::start(&tx, shop.merchant, import.id).await.unwrap();
    tx.commit().await.unwrap();
    import.id
}

fn outcome() -> ImportOutcome {
    ImportOutcome {
        kind: Some("orders".to_owned()),
        files: json!([{ "file": "orders.csv", "rows": 3 }]),
        counts: ImportCounts { rows: 3, new: 2, changed: 0, unchanged: 0, rejected: 1 },
        totals: Some(json!({ "net": "9747747.934" })),
        mapping: None,
        rejects_file: Some("rejects.csv".to_owned()),
    }
}

on_both! {
    async fn an_import_runs_finishes_and_is_undone(shop: Shop) {
        let id = running(&shop).await;
        let tx = shop.begin(2).await;
        imports::set_progress(&tx, shop.merchant, id, 0.5, "reading").await.unwrap();
        let finished = imports::finish(&tx, shop.merchant, id, outcome()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((finished.status, finished.counts.new, finished.progress), (ImportStatus::Finished, 2, 1.0));
        assert_eq!(imports::last_finished_at(&shop.store, shop.merchant).await.unwrap(), Some(at(2)));

        let tx = shop.begin(3).await;
        imports::begin_undo(&tx, shop.merchant, id).await.unwrap();
        let undone = imports::finish_undo(&tx, shop.merchant, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((undone.status, undone.undone_at), (ImportStatus::Undone, Some(at(3))));
    }

    async fn steps_out_of_order_are_refused(shop: Shop) {
        let id = running(&shop).await;
        let tx = shop.begin(2).await;
        let error = imports::begin_undo(&tx, shop.merchant, id).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot undo this import: it is running");
        imports::fail(&tx, shop.merchant, id, "row 7 is broken").await.unwrap();
        let error = imports::finish(&tx, shop.merchant, id, outcome()).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongState { .. }));
        tx.commit().await.unwrap();
        let failed = imports::get(&shop.store, shop.merchant, id).await.unwrap();
        assert_eq!(failed.error.as_deref(), Some("row 7 is broken"));
    }

    async fn a_failed_undo_leaves_the_import_finished(shop: Shop) {
        let id = running(&shop).await;
        let tx = shop.begin(2).await;
        imports::finish(&tx, shop.merchant, id, outcome()).await.unwrap();
        imports::begin_undo(&tx, shop.merchant, id).await.unwrap();
        let failed = imports::fail(&tx, shop.merchant, id, "the disk is full").await.unwrap();
        assert_eq!(failed.status, ImportStatus::Finished);
        imports::begin_undo(&tx, shop.merchant, id).await.expect("it can be asked for again");
    }

    async fn an_import_names_a_store_that_exists(shop: Shop) {
        let tx = shop.begin(1).await;
        let nowhere = new_import(Some(StoreId::from_uuid(next_uuid())));
        let error = imports::insert(&tx, shop.merchant, nowhere).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(Constraint::Reference)), "{error:?}");
    }

    async fn store_names_are_unique_while_they_are_used(shop: Shop) {
        let new = |name: &str| NewStore {
            id: StoreId::from_uuid(next_uuid()),
            name: name.to_owned(),
            channel: Channel::Etsy,
            currency: None,
        };
        let tx = shop.begin(1).await;
        let first = stores::insert(&tx, shop.merchant, new("Main")).await.unwrap();
        stores::insert(&tx, shop.rival, new("Main")).await.expect("another merchant's names are its own");
        stores::remove(&tx, shop.merchant, first.id).await.unwrap();
        let second = stores::insert(&tx, shop.merchant, new(" Main ")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stores::by_name(&shop.store, shop.merchant, "Main").await.unwrap(), Some(second));
        let tx = shop.begin(2).await;
        let error = stores::insert(&tx, shop.merchant, new("Main")).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(Constraint::StoreName)), "{error:?}");
    }

    async fn a_mapping_is_remembered_by_its_header(shop: Shop) {
        let tx = shop.begin(1).await;
        column_mappings::remember(&tx, shop.merchant, "abc", json!({ "sku": "Code" })).await.unwrap();
        column_mappings::remember(&tx, shop.merchant, "abc", json!({ "sku": "Item" })).await.unwrap();
        tx.commit().await.unwrap();
        let recall = async |merchant, hash| column_mappings::recall(&shop.store, merchant, hash).await.unwrap();
        assert_eq!(recall(shop.merchant, "abc").await, Some(json!({ "sku": "Item" })));
        assert_eq!(recall(shop.merchant, "abd").await, None);
        assert_eq!(recall(shop.rival, "abc").await, None);
    }

    async fn imports_are_listed_newest_first(shop: Shop) {
        for second in 1..=5 {
            let tx = shop.begin(second).await;
            imports::insert(&tx, shop.merchant, new_import(None)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let first = imports::page(&shop.store, shop.merchant, &PageRequest::first(3)).await.unwrap();
        let rest = imports::page(&shop.store, shop.merchant, &PageRequest::new(3, first.next)).await.unwrap();
        let seconds: Vec<_> =
            first.rows.iter().chain(&rest.rows).map(|import| (import.created_at - at(0)).num_seconds()).collect();
        assert_eq!((seconds, rest.next), (vec![5, 4, 3, 2, 1], None));
    }
}
