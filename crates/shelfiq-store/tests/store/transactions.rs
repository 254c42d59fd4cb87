//! Transactions, audit rows, migrations.

use shelfiq_store::merchants::{self, MerchantChange};
use shelfiq_store::{Author, Database, PageRequest, StoreError, audit};

use crate::harness::{at, on_both};

on_both! {
    async fn a_change_and_its_audit_row_land_together_or_not_at_all(shop: Shop) {
        let rename = |name: &str| MerchantChange { name: Some(name.to_owned()), ..MerchantChange::default() };
        let tx = shop.begin(5).await;
        merchants::update(&tx, shop.merchant, None, rename("Never")).await.unwrap();
        drop(tx);
        let tx = shop.begin(6).await;
        merchants::update(&tx, shop.merchant, Some(1), rename("Elm")).await.unwrap();
        tx.commit().await.unwrap();

        let log = audit::page(&shop.store, shop.merchant, &PageRequest::default()).await.unwrap().rows;
        let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["merchant.updated", "merchant.created"]);
        assert_eq!(log[0].before.as_ref().unwrap()["name"], "Alder & Co");
        assert_eq!(log[0].after.as_ref().unwrap()["name"], "Elm");
        assert_eq!((&log[0].author, log[0].at), (&Author::system("test"), at(6)));
        assert_eq!(log[0].subject, format!("merchant:{}", shop.merchant));
    }

    async fn a_change_of_an_old_version_is_refused(shop: Shop) {
        let tx = shop.begin(1).await;
        merchants::update(&tx, shop.merchant, Some(1), MerchantChange::default()).await.unwrap();
        let error = merchants::update(&tx, shop.merchant, Some(1), MerchantChange::default()).await.unwrap_err();
        assert!(matches!(error, StoreError::Stale { expected: 1, current: 2, .. }), "{error}");
    }

    async fn a_transaction_sees_its_own_changes_and_others_do_not(shop: Shop) {
        let tx = shop.begin(1).await;
        let change = MerchantChange { name: Some("Elm".to_owned()), ..MerchantChange::default() };
        merchants::update(&tx, shop.merchant, None, change).await.unwrap();
        assert_eq!(merchants::get(&tx, shop.merchant).await.unwrap().name, "Elm");
        assert_eq!(merchants::get(&shop.store, shop.merchant).await.unwrap().name, "Alder & Co");
    }

    async fn opening_an_up_to_date_store_changes_nothing(shop: Shop) {
        let again = Database::open(&shop.config).await.unwrap();
        again.ping().await.unwrap();
        assert_eq!(merchants::get(&again, shop.merchant).await.unwrap().name, "Alder & Co");
    }

    async fn of_two_set_ups_one_succeeds(shop: Shop) {
        assert!(!merchants::is_set_up(&shop.store).await.unwrap());
        let tx = shop.begin(1).await;
        merchants::finish_set_up(&tx, shop.merchant).await.unwrap();
        tx.commit().await.unwrap();
        let tx = shop.begin(2).await;
        let error = merchants::finish_set_up(&tx, shop.rival).await.unwrap_err();
        assert_eq!(error.to_string(), "this installation is set up already: sign in instead");
        assert!(merchants::is_set_up(&shop.store).await.unwrap());
    }

    async fn pages_hold_every_row_once(shop: Shop) {
        let tx = shop.begin(1).await;
        for number in 0..23 {
            let note = audit::Note::new("counter", "set", number);
            audit::record(&tx, shop.merchant, note).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(7));
        loop {
            let page = audit::page(&shop.store, shop.merchant, &request).await.unwrap();
            assert!(page.rows.len() <= 7);
            seen.extend(page.rows.into_iter().map(|entry| entry.subject));
            let Some(next) = page.next else { break };
            request = PageRequest::new(7, Some(next));
            let tx = shop.begin(2).await;
            audit::record(&tx, shop.merchant, audit::Note::new("late", "added", 0)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let counters = seen.iter().filter(|subject| subject.starts_with("counter:")).count();
        assert_eq!((counters, seen.len()), (23, 24), "newer rows do not shift older pages");
    }
}

#[tokio::test]
async fn a_foreign_address_is_named_without_its_password() {
    let config = shelfiq_store::StoreConfig::at("mysql://root:hunter2@localhost/shop");
    let error = Database::open(&config).await.unwrap_err().to_string();
    assert!(error.contains("localhost") && !error.contains("hunter2"), "{error}");
}
