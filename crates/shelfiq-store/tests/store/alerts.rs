//! Alerts, their decisions, and alert rules.

use serde_json::json;
use shelfiq_core::{AlertId, AlertRuleId, CurrencyCode, Money, Sku};
use shelfiq_store::alert_rules::{self, NewAlertRule};
use shelfiq_store::alerts::{self, AlertCase, AlertFilter, AlertState, AlertStep};
use shelfiq_store::members::Role;
use shelfiq_store::{Constraint, PageRequest, StoreError};

use crate::harness::{Shop, at, next_uuid, on_both};

async fn rule(shop: &Shop) -> AlertRuleId {
    let tx = shop.begin(1).await;
    let id = AlertRuleId::from_uuid(next_uuid());
    let new = NewAlertRule {
        id,
        name: "Stock-outs".to_owned(),
        kind: "stock_out_risk".to_owned(),
        enabled: true,
        definition: json!({}),
    };
    alert_rules::insert(&tx, shop.merchant, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn case(rule: AlertRuleId, sku: &str, state: AlertState, severity: &str, second: i64) -> AlertCase {
    AlertCase {
        id: AlertId::from_uuid(next_uuid()),
        rule,
        key: format!("stock_out_risk/{sku}"),
        kind: "stock_out_risk".to_owned(),
        sku: Some(Sku::new(sku).unwrap()),
        title: format!("{sku} runs out"),
        state,
        severity: severity.to_owned(),
        money_at_stake: Some(Money::from_minor(1234, CurrencyCode::GBP)),
        payload: json!({ "left": 6 }),
        opened_at: at(second),
        resolved_at: None,
        snoozed_until: None,
    }
}

async fn put(shop: &Shop, cases: Vec<AlertCase>) {
    let tx = shop.begin(20).await;
    alerts::put_all(&tx, shop.merchant, cases).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_case_moves_on_under_its_id(shop: Shop) {
        let rule = rule(&shop).await;
        let mug = case(rule, "MUG", AlertState::Firing, "high", 10);
        put(&shop, vec![mug.clone()]).await;
        let over = AlertCase { state: AlertState::Resolved, resolved_at: Some(at(30)), ..mug.clone() };
        put(&shop, vec![over]).await;
        let stored = alerts::get(&shop.store, shop.merchant, mug.id).await.unwrap();
        assert_eq!((stored.state, stored.version, stored.resolved_at), (AlertState::Resolved, 2, Some(at(30))));
        put(&shop, vec![case(rule, "MUG", AlertState::Firing, "high", 40)]).await;
        let cases = alerts::page_of_cases(&shop.store, shop.merchant, at(31), &PageRequest::default()).await.unwrap();
        assert_eq!(cases.rows.len(), 1, "what was resolved long ago is not reopened");
    }

    async fn most_at_stake_comes_first_on_every_page(shop: Shop) {
        let rule = rule(&shop).await;
        let worth = |sku: &str, minor: Option<i64>| AlertCase {
            money_at_stake: minor.map(|minor| Money::from_minor(minor, CurrencyCode::GBP)),
            ..case(rule, sku, AlertState::Firing, "high", 10)
        };
        let feed = AlertCase {
            sku: None,
            key: "data_freshness/orders".to_owned(),
            kind: "data_freshness".to_owned(),
            ..worth("FEED", None)
        };
        let rest = AlertCase { sku: None, key: "rival_undercut/(the rest)".to_owned(), ..worth("REST", None) };
        let products = [worth("A", Some(5)), worth("B", None), worth("C", Some(700)), worth("D", Some(5))];
        put(&shop, products.into_iter().chain([feed, rest]).collect()).await;
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(1));
        loop {
            let page = alerts::page_by_stake(&shop.store, shop.merchant, &AlertFilter::default(), &request).await.unwrap();
            seen.extend(page.rows.into_iter().map(|row| row.sku.map_or(row.key, String::from)));
            match page.next {
                Some(next) => request = PageRequest::new(1, Some(next)),
                None => break,
            }
        }
        // Equal sums stand in the order of their ids, which chance gives.
        seen[2..4].sort();
        seen[4..].sort();
        assert_eq!(seen, ["data_freshness/orders", "C", "A", "D", "B", "rival_undercut/(the rest)"]);
    }

    async fn one_case_is_open_per_key(shop: Shop) {
        let rule = rule(&shop).await;
        put(&shop, vec![case(rule, "MUG", AlertState::Firing, "high", 10)]).await;
        let tx = shop.begin(21).await;
        let second = case(rule, "MUG", AlertState::Firing, "high", 11);
        let error = alerts::put_all(&tx, shop.merchant, vec![second]).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(_)), "{error:?}");
    }

    async fn a_decision_keeps_what_undoing_needs(shop: Shop) {
        let rule = rule(&shop).await;
        let ann = shop.member("ann", Role::Manager).await;
        let mug = case(rule, "MUG", AlertState::Firing, "high", 10);
        put(&shop, vec![mug.clone()]).await;
        let tx = shop.begin_as(ann.id, 50).await;
        let snooze = AlertStep {
            step: "snooze".to_owned(),
            state: AlertState::Snoozed,
            payload: json!({ "left": 5 }),
            snoozed_until: Some(at(100)),
        };
        let snoozed = alerts::decide(&tx, shop.merchant, mug.id, Some(1), snooze.clone()).await.unwrap();
        assert_eq!((snoozed.state, snoozed.snoozed_until), (AlertState::Snoozed, Some(at(100))));
        let stale = alerts::decide(&tx, shop.merchant, mug.id, Some(1), snooze).await.unwrap_err();
        assert!(matches!(stale, StoreError::Stale { .. }));
        tx.commit().await.unwrap();
        let last = alerts::last_decision(&shop.store, shop.merchant, mug.id).await.unwrap().unwrap();
        assert_eq!(
            (last.step.as_str(), last.from, last.payload_before),
            ("snooze", AlertState::Firing, json!({ "left": 6 }))
        );

        let tx = shop.begin(99).await;
        assert_eq!(alerts::wake_snoozed(&tx, shop.merchant).await.unwrap(), 0);
        drop(tx);
        let tx = shop.begin(100).await;
        assert_eq!(alerts::wake_snoozed(&tx, shop.merchant).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(alerts::get(&shop.store, shop.merchant, mug.id).await.unwrap().state, AlertState::Firing);
    }

    async fn pending_cases_are_hidden_counted_nowhere_and_dropped_quietly(shop: Shop) {
        let rule = rule(&shop).await;
        let pending = case(rule, "CUP", AlertState::Pending, "low", 10);
        put(
            &shop,
            vec![
                pending.clone(),
                case(rule, "MUG", AlertState::Firing, "high", 11),
                case(rule, "POT", AlertState::Firing, "high", 12),
                case(rule, "PAN", AlertState::Acknowledged, "low", 13),
            ],
        )
        .await;
        let listed =
            alerts::page(&shop.store, shop.merchant, &AlertFilter::default(), &PageRequest::default()).await.unwrap();
        let titles: Vec<&str> = listed.rows.iter().map(|alert| alert.title.as_str()).collect();
        assert_eq!(titles, ["PAN runs out", "POT runs out", "MUG runs out"]);
        let mut counts = alerts::counts(&shop.store, shop.merchant).await.unwrap();
        counts.sort_by_key(|count| count.alerts);
        assert_eq!(
            counts.iter().map(|count| (count.state, count.alerts)).collect::<Vec<_>>(),
            [(AlertState::Acknowledged, 1), (AlertState::Firing, 2)]
        );
        let high =
            AlertFilter { severities: vec!["high".to_owned()], search: Some("pot".to_owned()), ..Default::default() };
        assert_eq!(alerts::count(&shop.store, shop.merchant, &high).await.unwrap(), 1);

        let tx = shop.begin(30).await;
        alerts::drop_pending(&tx, shop.merchant, pending.id).await.unwrap();
        let error = alerts::drop_pending(&tx, shop.merchant, listed.rows[0].id).await.unwrap_err();
        assert!(matches!(error, StoreError::NotFound { .. }), "an open alert is never dropped");
    }

    async fn a_rule_is_changed_and_removed(shop: Shop) {
        let id = rule(&shop).await;
        let tx = shop.begin(2).await;
        let changed = NewAlertRule {
            id,
            name: "Low stock".to_owned(),
            kind: "stock_out_risk".to_owned(),
            enabled: false,
            definition: json!({ "days": 3 }),
        };
        let after = alert_rules::update(&tx, shop.merchant, Some(1), changed.clone()).await.unwrap();
        assert_eq!((after.version, after.enabled), (2, false));
        let twin = NewAlertRule { id: AlertRuleId::from_uuid(next_uuid()), ..changed };
        let error = alert_rules::insert(&tx, shop.merchant, twin).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(Constraint::AlertRuleName)), "{error:?}");
        drop(tx);
        let tx = shop.begin(3).await;
        alert_rules::remove(&tx, shop.merchant, id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(alert_rules::all(&shop.store, shop.merchant).await.unwrap().is_empty());
    }
}
