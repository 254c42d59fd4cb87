//! From data to advice, and what the merchant does with it.

use axum::http::Method;
use serde_json::json;
use shelfiq_app::run::{RunScope, run};
use shelfiq_store::members::Role;

use crate::demo::demo_shop;

#[tokio::test]
async fn a_shop_with_a_year_of_sales_gets_forecasts_elasticities_advice_and_alerts() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let overview = app.call(Method::GET, "/api/v1/overview", Some(&token), None).await.expect(200);
    assert_eq!(overview["freshness"]["state"], "fresh");
    assert_eq!(overview["revenue"]["history"].as_array().unwrap().len(), 28);
    assert_eq!(overview["revenue"]["forecast"].as_array().unwrap().len(), 28);
    assert!(overview["kpis"].as_array().unwrap().iter().all(|card| card["value"].is_number()), "{}", overview["kpis"]);
    let list = app.call(Method::GET, "/api/v1/recommendations", Some(&token), None).await.expect(200);
    let first = &list["items"][0];
    for key in ["reason", "sentence", "evidence", "guard_rails", "impact", "confidence"] {
        assert!(!first[key].is_null(), "{key} of {first}");
    }
    let sku = first["sku"].as_str().unwrap();
    let product = app.call(Method::GET, &format!("/api/v1/products/{sku}"), Some(&token), None).await.expect(200);
    assert_eq!(product["demand"]["forecast"].as_array().unwrap().len(), 56);
}

#[tokio::test]
async fn a_decision_can_be_taken_back_and_stands_in_the_audit_log() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let list = app.call(Method::GET, "/api/v1/recommendations", Some(&token), None).await.expect(200);
    let (id, total) = (list["items"][0]["id"].as_str().unwrap().to_owned(), list["total"].as_u64().unwrap());
    let step = |what: &str, body| {
        let path = format!("/api/v1/recommendations/{id}/{what}");
        let (app, token) = (&app, &token);
        async move { app.call(Method::POST, &path, Some(token), body).await }
    };
    assert_eq!(step("accept", None).await.expect(200)["state"], "accepted");
    assert_eq!(step("accept", None).await.status.as_u16(), 409, "accepting twice contradicts the state");
    assert_eq!(step("undo", None).await.expect(200)["state"], "open");
    assert_eq!(step("dismiss", Some(json!({ "reason": "" }))).await.status.as_u16(), 422, "a dismissal needs a reason");
    assert_eq!(
        step("dismiss", Some(json!({ "reason": "not this season" }))).await.expect(200)["decision_reason"],
        "not this season"
    );
    // A new run on the same data brings nothing back that was turned down.
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    let again = app.call(Method::GET, "/api/v1/recommendations", Some(&token), None).await.expect(200);
    assert_eq!(again["total"].as_u64().unwrap(), total - 1);
    let audit = app.call(Method::GET, "/api/v1/audit", Some(&token), None).await.expect(200);
    assert!(
        audit["items"].as_array().unwrap().iter().any(|entry| entry["action"].as_str().unwrap().contains("dismiss")),
        "{audit}"
    );
}

#[tokio::test]
async fn an_alert_can_be_snoozed_and_woken_by_undo() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let list = app.call(Method::GET, "/api/v1/alerts", Some(&token), None).await.expect(200);
    let id = list["items"][0]["id"].as_str().expect("the demo's stories raise alerts").to_owned();
    let snoozed = app
        .call(
            Method::POST,
            &format!("/api/v1/alerts/{id}/snooze"),
            Some(&token),
            Some(json!({ "until": "2026-07-10" })),
        )
        .await;
    assert_eq!(snoozed.expect(200)["state"], "snoozed");
    let undone = app.call(Method::POST, &format!("/api/v1/alerts/{id}/undo"), Some(&token), None).await;
    assert_eq!(undone.expect(200)["state"], "firing");
}

#[tokio::test]
async fn what_if_at_the_present_price_changes_nothing() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    let list = app.call(Method::GET, "/api/v1/products?sort=-revenue&limit=1", Some(&token), None).await.expect(200);
    let product = &list["items"][0];
    let (sku, price) = (product["sku"].as_str().unwrap(), product["price"]["amount"].as_str().unwrap());
    let answer = app
        .call(Method::POST, &format!("/api/v1/products/{sku}/what-if"), Some(&token), Some(json!({ "price": price })))
        .await
        .expect(200);
    assert_eq!(answer["gain"]["amount"], "0.00");
    let units = answer["units"].as_f64().unwrap();
    let expected = product["forecast_units_28d"].as_f64().unwrap();
    assert!((units / expected - 1.0).abs() < 0.05, "{units} against {expected}");
}
