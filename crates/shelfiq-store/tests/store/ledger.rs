//! The decision ledger and price tests.

use serde_json::json;
use shelfiq_core::{CurrencyCode, LedgerEntryId, Money, PriceTestId, Sku};
use shelfiq_store::ledger::{self, LedgerDecision, LedgerFilter, LedgerOrigin, LedgerOutcome, Measured, NewEntry};
use shelfiq_store::price_tests::{self, NewPriceTest, PriceTestFilter, PriceTestState};
use shelfiq_store::{Author, Constraint, PageRequest, StoreError};

use crate::harness::{at, next_uuid, on_both};

fn waiting() -> Measured {
    Measured {
        outcome: LedgerOutcome::Waiting,
        applied_at: None,
        effect_minor: None,
        actual_minor: None,
        measurement: None,
        back_test: None,
        is_settled: false,
    }
}

fn entry(sku: &str, second: i64) -> NewEntry {
    NewEntry {
        id: LedgerEntryId::from_uuid(next_uuid()),
        key: None,
        origin: LedgerOrigin::Recommendation,
        kind: "reprice".to_owned(),
        sku: Sku::new(sku).unwrap(),
        title: format!("The {sku}"),
        decision: LedgerDecision::Accepted,
        decided_at: at(second),
        decided_by: Author::system("test"),
        reason: None,
        currency: CurrencyCode::GBP,
        promised: Some(Money::from_minor(1_000, CurrencyCode::GBP)),
        promise: Some(json!({ "why": "margin" })),
        measured: waiting(),
    }
}

on_both! {
    async fn pages_come_newest_first_and_miss_nothing(shop: Shop) {
        let tx = shop.begin(1).await;
        for n in 0..7 {
            ledger::record(&tx, shop.merchant, entry("MUG", n / 2)).await.unwrap();
        }
        ledger::record(&tx, shop.rival, entry("MUG", 9)).await.unwrap();
        tx.commit().await.unwrap();
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(3));
        loop {
            let page = ledger::page(&shop.store, shop.merchant, &LedgerFilter::default(), &request).await.unwrap();
            seen.extend(page.rows);
            let Some(next) = page.next else { break };
            request = PageRequest::new(3, Some(next));
        }
        assert_eq!(seen.len(), 7);
        assert!(seen.windows(2).all(|pair| pair[0].decided_at >= pair[1].decided_at));
        let none = LedgerFilter { outcomes: vec![LedgerOutcome::Measured], ..LedgerFilter::default() };
        assert_eq!(ledger::count(&shop.store, shop.merchant, &none).await.unwrap(), 0);
    }

    async fn a_newer_decision_replaces_the_line_and_its_measurement(shop: Shop) {
        let tx = shop.begin(1).await;
        let first = entry("MUG", 1);
        let id = first.id;
        ledger::record(&tx, shop.merchant, first.clone()).await.unwrap();
        let measured = Measured {
            outcome: LedgerOutcome::Measured,
            effect_minor: Some(250),
            actual_minor: Some(900),
            measurement: Some(json!({ "days": 28 })),
            is_settled: true,
            ..waiting()
        };
        ledger::measured(&tx, shop.merchant, id, measured).await.unwrap();
        assert!(matches!(
            ledger::measured(&tx, shop.rival, id, waiting()).await,
            Err(StoreError::NotFound { .. })
        ));
        let sums = ledger::summary(&tx, shop.merchant, &LedgerFilter::default()).await.unwrap();
        assert_eq!((sums.len(), sums[0].entries, sums[0].effect.minor(), sums[0].actual.minor()), (1, 1, 250, 900));
        assert!(ledger::page_of_unsettled(&tx, shop.merchant, &PageRequest::default()).await.unwrap().rows.is_empty());
        let undone = NewEntry { decision: LedgerDecision::Undone, decided_at: at(5), ..first };
        ledger::record(&tx, shop.merchant, undone.clone()).await.unwrap();
        let line = ledger::get(&tx, shop.merchant, id).await.unwrap();
        assert_eq!((line.decision, line.outcome), (LedgerDecision::Undone, LedgerOutcome::Waiting));
        assert_eq!((line.effect, line.measurement), (None, None));
        // Another merchant's id never reaches the line.
        ledger::record(&tx, shop.rival, NewEntry { title: "stolen".to_owned(), ..undone }).await.ok();
        assert_eq!(ledger::get(&tx, shop.merchant, id).await.unwrap().title, "The MUG");
    }

    async fn a_change_found_twice_has_one_line(shop: Shop) {
        let tx = shop.begin(1).await;
        let found = |second| NewEntry { key: Some("own_price_change/MUG/2026-05-01".to_owned()), ..entry("MUG", second) };
        ledger::record_new(&tx, shop.merchant, vec![found(1), entry("CUP", 1)]).await.unwrap();
        ledger::record_new(&tx, shop.merchant, vec![found(2)]).await.unwrap();
        ledger::record_new(&tx, shop.rival, vec![found(3)]).await.unwrap();
        assert_eq!(ledger::count(&tx, shop.merchant, &LedgerFilter::default()).await.unwrap(), 2);
        assert_eq!(ledger::count(&tx, shop.rival, &LedgerFilter::default()).await.unwrap(), 1);
    }

    async fn a_sku_has_one_running_price_test(shop: Shop) {
        let new = |sku: &str| NewPriceTest {
            id: PriceTestId::from_uuid(next_uuid()),
            sku: Sku::new(sku).unwrap(),
            title: sku.to_owned(),
            plan: json!({ "days": 28 }),
        };
        let tx = shop.begin(1).await;
        let first = price_tests::insert(&tx, shop.merchant, new("MUG")).await.unwrap();
        price_tests::insert(&tx, shop.rival, new("MUG")).await.unwrap();
        tx.commit().await.unwrap();
        let tx = shop.begin(2).await;
        let second = price_tests::insert(&tx, shop.merchant, new("MUG")).await.unwrap_err();
        assert!(matches!(second, StoreError::Violated(Constraint::RunningPriceTest)), "{second:?}");
        drop(tx);
        let tx = shop.begin(3).await;
        price_tests::read(&tx, shop.merchant, first.id, json!({ "days_read": 4 })).await.unwrap();
        let end = |version| price_tests::end(&tx, shop.merchant, first.id, version, PriceTestState::Stopped, "enough");
        assert!(matches!(end(Some(1)).await, Err(StoreError::Stale { current: 2, .. })));
        assert_eq!(end(Some(2)).await.unwrap().state, PriceTestState::Stopped);
        assert!(matches!(end(None).await, Err(StoreError::WrongState { .. })), "it has ended already");
        price_tests::insert(&tx, shop.merchant, new("MUG")).await.expect("the next test may begin");
        let running = PriceTestFilter { states: vec![PriceTestState::Running], sku: None };
        assert_eq!(price_tests::count(&tx, shop.merchant, &running).await.unwrap(), 1);
        assert!(matches!(price_tests::get(&tx, shop.rival, first.id).await, Err(StoreError::NotFound { .. })));
    }
}
