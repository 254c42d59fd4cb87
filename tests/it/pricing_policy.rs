//! How the shop prices: a setting that the advice obeys.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_app::run::{RunScope, run};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

use crate::demo::demo_shop;

async fn policy(app: &TestApp, token: &str) -> Value {
    app.call(Method::GET, "/api/v1/merchant", Some(token), None).await.expect(200)["pricing"].clone()
}

async fn set(app: &TestApp, token: &str, changes: Value) -> shelfiq_testkit::Answer {
    let mut pricing = policy(app, token).await;
    for (name, value) in changes.as_object().unwrap() {
        pricing[name] = value.clone();
    }
    app.call(Method::PATCH, "/api/v1/merchant", Some(token), Some(json!({ "pricing": pricing }))).await
}

/// Open price advice after another run.
async fn advice(app: &TestApp, token: &str) -> Vec<Value> {
    run(&app.platform, app.merchant, RunScope::Recommendations, &|_, _| {}).await.unwrap();
    let path = "/api/v1/recommendations?kind=reprice&limit=200";
    let list = app.call(Method::GET, path, Some(token), None).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

fn strategy(advice: &Value) -> String {
    let facts = advice["evidence"].as_array().unwrap();
    let fact = facts.iter().find(|fact| fact["label"] == "Pricing strategy").unwrap_or_else(|| panic!("{advice}"));
    fact["value"].to_string()
}

#[tokio::test]
async fn every_price_says_which_strategy_found_it_and_frozen_days_find_none() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    assert_eq!(policy(&app, &token).await["strategy"], "earn");
    let earned = advice(&app, &token).await;
    assert!(earned.iter().all(|one| strategy(one).contains("Highest")), "{earned:?}");

    let compete = json!({ "strategy": "compete", "reference": "cheapest", "distance": -0.02, "sacrifice_max": 0.3 });
    drop(set(&app, &token, compete).await.expect(200));
    let placed = advice(&app, &token).await;
    let told: Vec<String> = placed.iter().map(strategy).collect();
    assert!(placed.len() >= earned.len(), "a place among the rivals is wanted whatever it brings");
    assert!(told.iter().any(|words| words.contains("2.0 % below the cheapest rival")), "{told:?}");

    let frozen = json!({ "frozen": [{ "from": "2026-06-01", "to": "2026-07-31", "name": "Summer sale" }] });
    drop(set(&app, &token, frozen).await.expect(200));
    assert!(advice(&app, &token).await.is_empty(), "no price moves while the calendar stands still");

    let audit = app.call(Method::GET, "/api/v1/audit?limit=100", Some(&token), None).await.expect(200);
    assert!(audit["items"].to_string().contains("Summer sale") || audit["items"].to_string().contains("merchant"));
}

#[tokio::test]
async fn a_policy_that_cannot_be_is_refused_by_its_field() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    for (changes, field) in [
        (json!({ "confidence": 0.2 }), "pricing.confidence"),
        (json!({ "distance": -0.9 }), "pricing.distance"),
        (json!({ "price_endings": "9" }), "pricing.price_endings"),
        (json!({ "rival_band_above": 3.0 }), "pricing.rival_band_above"),
        (json!({ "frozen": [{ "from": "2026-07-02", "to": "2026-07-01", "name": "" }] }), "pricing.frozen"),
        (json!({ "strategy": "guess" }), "strategy"),
    ] {
        let answer = set(&app, &token, changes.clone()).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{changes}: {}", answer.text);
        assert!(answer.text.contains(field), "{changes}: {}", answer.text);
    }
    assert_eq!(policy(&app, &token).await["confidence"], 0.8, "what was refused changed nothing");
}

#[tokio::test]
async fn the_brands_lowest_advertised_price_is_a_limit_of_its_product() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let list = app.call(Method::GET, "/api/v1/products?sort=-revenue&limit=1", Some(&token), None).await.expect(200);
    let product = &list["items"][0];
    let path = format!("/api/v1/products/{}", product["sku"].as_str().unwrap());
    let now: f64 = product["price"]["amount"].as_str().unwrap().parse().unwrap();
    let limit = json!({ "min_advertised_price": format!("{now:.2}") });
    let settings = format!("{path}/settings");
    let stored = app.call(Method::PATCH, &settings, Some(&token), Some(limit)).await.expect(200);
    assert_eq!(stored["min_advertised_price"]["amount"], format!("{now:.2}"));
    let cheaper = json!({ "price": format!("{:.2}", now * 0.95) });
    let answer = app.call(Method::POST, &format!("{path}/simulate"), Some(&token), Some(cheaper)).await.expect(200);
    let rules: Vec<&str> =
        answer["violations"].as_array().unwrap().iter().filter_map(|one| one["rule"].as_str()).collect();
    assert!(rules.contains(&"min_advertised_price"), "{answer}");
}
