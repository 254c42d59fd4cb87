//! Answers to anomalies, and what watches remember.

use serde_json::json;
use shelfiq_core::Sku;
use shelfiq_store::anomaly_answers::{self, AnomalyKey, AnomalyMeasure, AnomalyWord, NewAnomalyAnswer};
use shelfiq_store::{PageRequest, audit, watch_states};

use crate::harness::on_both;

fn key(day: &str) -> AnomalyKey {
    AnomalyKey { sku: Sku::new("MUG").unwrap(), measure: AnomalyMeasure::Units, day: day.parse().unwrap() }
}

fn new(day: &str, word: AnomalyWord) -> NewAnomalyAnswer {
    NewAnomalyAnswer { key: key(day), kind: "spike".to_owned(), word, note: None }
}

on_both! {
    async fn an_anomaly_has_one_answer_and_every_change_is_audited(shop: Shop) {
        let tx = shop.begin(1).await;
        let first = anomaly_answers::put(&tx, shop.merchant, new("2026-03-04", AnomalyWord::Dismissed)).await.unwrap();
        let same = anomaly_answers::put(&tx, shop.merchant, new("2026-03-04", AnomalyWord::Dismissed)).await.unwrap();
        assert_eq!(first, same);
        anomaly_answers::put(&tx, shop.merchant, new("2026-03-05", AnomalyWord::Dismissed)).await.unwrap();
        let other = anomaly_answers::put(&tx, shop.merchant, new("2026-03-04", AnomalyWord::Confirmed)).await.unwrap();
        assert_eq!((other.number, other.word), (first.number, AnomalyWord::Confirmed));
        assert_eq!(anomaly_answers::remove(&tx, shop.merchant, &key("2026-03-04")).await.unwrap(), Some(other));
        assert_eq!(anomaly_answers::remove(&tx, shop.merchant, &key("2026-03-04")).await.unwrap(), None);
        tx.commit().await.unwrap();
        let left = anomaly_answers::page(&shop.store, shop.merchant, &PageRequest::first(10)).await.unwrap().rows;
        assert_eq!(left.iter().map(|row| row.key.clone()).collect::<Vec<_>>(), [key("2026-03-05")]);
        let foreign = anomaly_answers::page(&shop.store, shop.rival, &PageRequest::first(10)).await.unwrap().rows;
        assert!(foreign.is_empty(), "another merchant's answers: {foreign:?}");
        let log = audit::page(&shop.store, shop.merchant, &PageRequest::first(4)).await.unwrap().rows;
        let actions: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
        let expected = ["anomaly.answer_withdrawn", "anomaly.confirmed", "anomaly.dismissed", "anomaly.dismissed"];
        assert_eq!(actions, expected);
        assert_eq!(log[0].subject, "anomaly:MUG/units/2026-03-04");
    }

    async fn a_watch_remembers_its_newest_state(shop: Shop) {
        let tx = shop.begin(1).await;
        for round in 1..=2 {
            watch_states::put(&tx, shop.merchant, "drift", json!({ "round": round })).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(watch_states::get(&shop.store, shop.merchant, "drift").await.unwrap(), Some(json!({ "round": 2 })));
        assert_eq!(watch_states::get(&shop.store, shop.rival, "drift").await.unwrap(), None);
    }
}
