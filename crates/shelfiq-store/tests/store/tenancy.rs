//! No merchant reaches the rows of another, whichever id it names.

use serde_json::json;
use shelfiq_core::{
    AlertId, AlertRuleId, ApiKeyId, Channel, CurrencyCode, ImportId, JobId, Money, RecommendationId, SavedViewId,
    SessionId, Sku, StoreId,
};
use shelfiq_store::alert_rules::NewAlertRule;
use shelfiq_store::alerts::{AlertCase, AlertFilter, AlertState, AlertStep};
use shelfiq_store::api_keys::NewApiKey;
use shelfiq_store::imports::NewImport;
use shelfiq_store::jobs::NewJob;
use shelfiq_store::members::Role;
use shelfiq_store::recommendations::{
    Figures, NewRecommendation, RecommendationFilter, RecommendationOrder, RecommendationState, Settlement,
};
use shelfiq_store::saved_views::NewSavedView;
use shelfiq_store::sessions::{NewSession, Revocation};
use shelfiq_store::stores::NewStore;
use shelfiq_store::{
    PageRequest, StoreError, alert_rules, alerts, api_keys, audit, imports, jobs, members, recommendations,
    saved_views, sessions, stores,
};

use crate::harness::{Shop, at, next_uuid, on_both};

/// One row of each noun, owned by the first merchant.
struct Rows {
    member: shelfiq_core::MemberId,
    session: SessionId,
    key: ApiKeyId,
    store: StoreId,
    import: ImportId,
    job: JobId,
    rule: AlertRuleId,
    alert: AlertCase,
    recommendation: RecommendationId,
    view: SavedViewId,
}

async fn fill(shop: &Shop) -> Rows {
    let member = shop.member("ann", Role::Owner).await.id;
    let rows = Rows {
        member,
        session: SessionId::from_uuid(next_uuid()),
        key: ApiKeyId::from_uuid(next_uuid()),
        store: StoreId::from_uuid(next_uuid()),
        import: ImportId::from_uuid(next_uuid()),
        job: JobId::from_uuid(next_uuid()),
        rule: AlertRuleId::from_uuid(next_uuid()),
        alert: AlertCase {
            id: AlertId::from_uuid(next_uuid()),
            rule: AlertRuleId::from_uuid(next_uuid()),
            key: "stock/MUG".to_owned(),
            kind: "stock".to_owned(),
            sku: None,
            title: "MUG".to_owned(),
            state: AlertState::Firing,
            severity: "high".to_owned(),
            money_at_stake: None,
            payload: json!({}),
            opened_at: at(1),
            resolved_at: None,
            snoozed_until: None,
        },
        recommendation: RecommendationId::from_uuid(next_uuid()),
        view: SavedViewId::from_uuid(next_uuid()),
    };
    let rows = Rows { alert: AlertCase { rule: rows.rule, ..rows.alert.clone() }, ..rows };
    let mine = shop.merchant;
    let tx = shop.begin(2).await;
    let (client, token_hash) = ("test".to_owned(), "token".to_owned());
    let session = NewSession { id: rows.session, member, client, expires_at: at(1000), token_hash };
    sessions::insert(&tx, mine, session).await.unwrap();
    let (name, prefix, key_hash) = ("till".to_owned(), "sk_".to_owned(), "hash".to_owned());
    let key = NewApiKey { id: rows.key, name, prefix, key_hash, scopes: vec![], expires_at: None };
    api_keys::insert(&tx, mine, key).await.unwrap();
    let store = NewStore { id: rows.store, name: "Main".to_owned(), channel: Channel::Direct, currency: None };
    stores::insert(&tx, mine, store).await.unwrap();
    let import = NewImport { id: rows.import, store: None, kind: None, files: json!([]), mapping: None };
    imports::insert(&tx, mine, import).await.unwrap();
    let job = NewJob {
        id: rows.job,
        kind: "daily".to_owned(),
        payload: json!({}),
        dedupe_key: None,
        priority: 0,
        run_at: at(0),
        attempts_max: 1,
    };
    jobs::enqueue(&tx, mine, job).await.unwrap();
    let (name, kind) = ("Stock".to_owned(), "stock".to_owned());
    let rule = NewAlertRule { id: rows.rule, name, kind, enabled: true, definition: json!({}) };
    alert_rules::insert(&tx, mine, rule).await.unwrap();
    alerts::put_all(&tx, mine, vec![rows.alert.clone()]).await.unwrap();
    let proposal = NewRecommendation {
        id: rows.recommendation,
        key: "restock/MUG".to_owned(),
        kind: "restock".to_owned(),
        sku: Sku::new("MUG").unwrap(),
        figures: figures(),
        lifecycle: json!([]),
    };
    recommendations::insert_all(&tx, mine, vec![proposal]).await.unwrap();
    let (area, name, query) = ("products".to_owned(), "Low".to_owned(), "a=b".to_owned());
    saved_views::insert(&tx, mine, NewSavedView { id: rows.view, area, name, query }).await.unwrap();
    tx.commit().await.unwrap();
    rows
}

fn figures() -> Figures {
    Figures {
        title: "Order mugs".to_owned(),
        priority: Money::from_minor(1, CurrencyCode::GBP),
        impact: Money::from_minor(1, CurrencyCode::GBP),
        confidence: 1.0,
        payload: json!({}),
        expires_at: at(1000),
    }
}

fn is_hidden<T>(what: &str, outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound { .. })), "{what} of another merchant is reachable");
}

on_both! {
    async fn rows_of_another_merchant_cannot_be_read(shop: Shop) {
        let rows = fill(&shop).await;
        let (store, rival, page) = (&shop.store, shop.rival, PageRequest::default());
        is_hidden("member", members::get(store, rival, rows.member).await);
        is_hidden("session", sessions::get(store, rival, rows.session).await);
        is_hidden("store", stores::get(store, rival, rows.store).await);
        is_hidden("import", imports::get(store, rival, rows.import).await);
        is_hidden("job", jobs::get(store, rival, rows.job).await);
        is_hidden("rule", alert_rules::get(store, rival, rows.rule).await);
        is_hidden("alert", alerts::get(store, rival, rows.alert.id).await);
        is_hidden("recommendation", recommendations::get(store, rival, rows.recommendation).await);
        assert!(members::page(store, rival, &page).await.unwrap().rows.is_empty());
        assert!(sessions::page(store, rival, rows.member, at(3), &page).await.unwrap().rows.is_empty());
        assert!(api_keys::page(store, rival, &page).await.unwrap().rows.is_empty());
        assert!(stores::all(store, rival).await.unwrap().is_empty());
        assert!(imports::page(store, rival, &page).await.unwrap().rows.is_empty());
        assert!(jobs::page(store, rival, None, &page).await.unwrap().rows.is_empty());
        assert!(alert_rules::all(store, rival).await.unwrap().is_empty());
        assert!(alerts::page(store, rival, &AlertFilter::default(), &page).await.unwrap().rows.is_empty());
        assert!(alerts::page_of_cases(store, rival, at(0), &page).await.unwrap().rows.is_empty());
        assert!(alerts::counts(store, rival).await.unwrap().is_empty());
        assert!(alerts::last_decision(store, rival, rows.alert.id).await.unwrap().is_none());
        let (all, order) = (RecommendationFilter::default(), RecommendationOrder::Newest);
        assert!(recommendations::page(store, rival, &all, order, &page).await.unwrap().rows.is_empty());
        assert!(recommendations::page_of_newest(store, rival, &page).await.unwrap().rows.is_empty());
        assert!(recommendations::ledger(store, rival, rows.recommendation).await.unwrap().is_empty());
        assert!(saved_views::all(store, rival, "products").await.unwrap().is_empty());
        let log = audit::page(store, rival, &page).await.unwrap().rows;
        assert_eq!(log.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["merchant.created"]);
    }

    async fn rows_of_another_merchant_cannot_be_changed(shop: Shop) {
        let rows = fill(&shop).await;
        let rival = shop.rival;
        let tx = shop.begin(3).await;
        is_hidden("member", members::change_role(&tx, rival, rows.member, Role::Viewer).await);
        is_hidden("member", members::remove(&tx, rival, rows.member).await);
        is_hidden("member", members::set_password_hash(&tx, rival, rows.member, "x").await);
        is_hidden("session", sessions::revoke(&tx, rival, rows.session, Revocation::Ended).await);
        is_hidden("session", sessions::switch(&tx, rival, rows.session, rival).await);
        is_hidden("key", api_keys::revoke(&tx, rival, rows.key).await);
        is_hidden("store", stores::remove(&tx, rival, rows.store).await);
        is_hidden("import", imports::start(&tx, rival, rows.import).await);
        is_hidden("rule", alert_rules::remove(&tx, rival, rows.rule).await);
        let step = AlertStep {
            step: "resolve".to_owned(),
            state: AlertState::Resolved,
            payload: json!({}),
            snoozed_until: None,
        };
        is_hidden("alert", alerts::decide(&tx, rival, rows.alert.id, None, step).await);
        is_hidden("recommendation", recommendations::renew(&tx, rival, rows.recommendation, figures()).await);
        let accept = Settlement {
            step: "accept".to_owned(),
            state: RecommendationState::Accepted,
            lifecycle: json!([]),
            snoozed_until: None,
            reason: None,
        };
        is_hidden("recommendation", recommendations::settle(&tx, rival, rows.recommendation, None, accept).await);
        is_hidden("view", saved_views::remove(&tx, rival, rows.view).await);
        assert_eq!(sessions::revoke_all(&tx, rival, rows.member, None, Revocation::Ended).await.unwrap(), 0);

        let stolen = AlertCase { title: "stolen".to_owned(), ..rows.alert.clone() };
        alerts::put_all(&tx, rival, vec![stolen]).await.unwrap();
        let alert = alerts::get(&tx, shop.merchant, rows.alert.id).await.unwrap();
        assert_eq!((alert.title.as_str(), alert.version), ("MUG", 1), "an upsert overwrote another merchant's alert");
    }
}
