//! Recommendations and their ledger.

use serde_json::json;
use shelfiq_core::{CurrencyCode, Money, RecommendationId, Sku};
use shelfiq_store::members::Role;
use shelfiq_store::recommendations::{
    self, Figures, NewRecommendation, RecommendationFilter, RecommendationOrder, RecommendationState, Settlement,
};
use shelfiq_store::{Author, PageRequest, StoreError};

use crate::harness::{Shop, at, next_uuid, on_both};

fn figures(priority_minor: i64) -> Figures {
    Figures {
        title: "Raise the price of the 100% wool mug".to_owned(),
        priority: Money::from_minor(priority_minor, CurrencyCode::GBP),
        impact: Money::from_minor(priority_minor * 2, CurrencyCode::GBP),
        confidence: 0.8,
        payload: json!({ "action": "reprice" }),
        expires_at: at(10_000),
    }
}

fn proposal(sku: &str, priority_minor: i64) -> NewRecommendation {
    NewRecommendation {
        id: RecommendationId::from_uuid(next_uuid()),
        key: format!("reprice/{sku}"),
        kind: "reprice".to_owned(),
        sku: Sku::new(sku).unwrap(),
        figures: figures(priority_minor),
        lifecycle: json!([{ "state": "open" }]),
    }
}

fn step(step: &str, state: RecommendationState) -> Settlement {
    Settlement { step: step.to_owned(), state, lifecycle: json!([{}, {}]), snoozed_until: None, reason: None }
}

async fn propose(shop: &Shop, proposals: Vec<NewRecommendation>) {
    let tx = shop.begin(1).await;
    recommendations::insert_all(&tx, shop.merchant, proposals).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn the_list_is_ranked_and_pages_break_ties(shop: Shop) {
        propose(&shop, (0..20).map(|n| proposal(&format!("S{n}"), i64::from(n / 4))).collect()).await;
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(3));
        loop {
            let page = recommendations::page(
                &shop.store,
                shop.merchant,
                &RecommendationFilter::default(),
                RecommendationOrder::Priority,
                &request,
            )
            .await
            .unwrap();
            seen.extend(page.rows);
            let Some(next) = page.next else { break };
            request = PageRequest::new(3, Some(next));
        }
        assert_eq!(seen.len(), 20);
        assert!(seen.windows(2).all(|pair| pair[0].priority.minor() >= pair[1].priority.minor()));
        assert_eq!(
            recommendations::count(&shop.store, shop.merchant, &RecommendationFilter::default()).await.unwrap(),
            20
        );
    }

    async fn a_key_has_one_live_recommendation(shop: Shop) {
        propose(&shop, vec![proposal("MUG", 5)]).await;
        let tx = shop.begin(2).await;
        let error = recommendations::insert_all(&tx, shop.merchant, vec![proposal("MUG", 6)]).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(_)), "{error:?}");
        drop(tx);
        let tx = shop.begin(3).await;
        recommendations::insert_all(&tx, shop.rival, vec![proposal("MUG", 6)]).await.expect("rivals have their own");
    }

    async fn a_decision_is_in_the_ledger_with_its_author_and_reason(shop: Shop) {
        let ann = shop.member("ann", Role::Owner).await;
        let mug = proposal("MUG", 5);
        let id = mug.id;
        propose(&shop, vec![mug]).await;
        let tx = shop.begin_as(ann.id, 10).await;
        let dismiss =
            Settlement { reason: Some("too small".to_owned()), ..step("dismiss", RecommendationState::Dismissed) };
        let dismissed = recommendations::settle(&tx, shop.merchant, id, Some(1), dismiss).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((dismissed.version, dismissed.decided_at), (2, Some(at(10))));
        assert_eq!(dismissed.decided_by, Some(Author::Member(ann.id)));
        let tx = shop.begin_as(ann.id, 11).await;
        recommendations::settle(&tx, shop.merchant, id, Some(2), step("undo", RecommendationState::Open))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let ledger = recommendations::ledger(&shop.store, shop.merchant, id).await.unwrap();
        let steps: Vec<_> = ledger.iter().map(|entry| (entry.step.as_str(), entry.from, entry.to)).collect();
        assert_eq!(
            steps,
            [
                ("dismiss", RecommendationState::Open, RecommendationState::Dismissed),
                ("undo", RecommendationState::Dismissed, RecommendationState::Open),
            ]
        );
        assert_eq!(ledger[0].reason.as_deref(), Some("too small"));
    }

    async fn a_decision_about_an_old_version_is_refused(shop: Shop) {
        let mug = proposal("MUG", 5);
        let id = mug.id;
        propose(&shop, vec![mug]).await;
        let tx = shop.begin(2).await;
        recommendations::renew(&tx, shop.merchant, id, figures(9)).await.unwrap();
        let error =
            recommendations::settle(&tx, shop.merchant, id, Some(1), step("accept", RecommendationState::Accepted));
        assert!(matches!(error.await.unwrap_err(), StoreError::Stale { expected: 1, current: 2, .. }));
        let renewed = recommendations::get(&tx, shop.merchant, id).await.unwrap();
        assert_eq!((renewed.priority.minor(), renewed.state), (9, RecommendationState::Open));
    }

    async fn only_the_newest_of_a_key_meets_the_next_run(shop: Shop) {
        let old = proposal("MUG", 5);
        let id = old.id;
        propose(&shop, vec![old, proposal("CUP", 1)]).await;
        let tx = shop.begin(2).await;
        recommendations::settle(&tx, shop.merchant, id, None, step("expire", RecommendationState::Expired))
            .await
            .unwrap();
        let new = proposal("MUG", 7);
        let newer = new.id;
        recommendations::insert_all(&tx, shop.merchant, vec![new]).await.unwrap();
        tx.commit().await.unwrap();
        let newest =
            recommendations::page_of_newest(&shop.store, shop.merchant, &PageRequest::default()).await.unwrap();
        assert_eq!(newest.rows.len(), 2);
        assert!(newest.rows.iter().any(|row| row.id == newer));
    }

    async fn lists_are_narrowed_by_state_kind_sku_and_letters(shop: Shop) {
        propose(&shop, vec![proposal("MUG-1", 5), proposal("CUP_1", 4)]).await;
        let count = async |filter: RecommendationFilter| {
            recommendations::count(&shop.store, shop.merchant, &filter).await.unwrap()
        };
        let search = |text: &str| RecommendationFilter { search: Some(text.to_owned()), ..Default::default() };
        assert_eq!(count(search("WOOL")).await, 2);
        assert_eq!(count(search("100%")).await, 2);
        assert_eq!(count(search("0%w")).await, 0, "a percent sign stands for itself");
        assert_eq!(count(search("p_1")).await, 1, "an underscore stands for itself");
        assert_eq!(
            count(RecommendationFilter { sku: Some(Sku::new("CUP_1").unwrap()), ..Default::default() }).await,
            1
        );
        assert_eq!(
            count(RecommendationFilter { states: vec![RecommendationState::Snoozed], ..Default::default() }).await,
            0
        );
        assert_eq!(count(RecommendationFilter { kinds: vec!["reprice".to_owned()], ..Default::default() }).await, 2);
    }
}
