//! What a measure was and what it is expected to be.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_app::demo;
use shelfiq_arena::{ArenaConfig, ShopSize};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

async fn shop() -> (TestApp, String) {
    let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
    let mut config = ArenaConfig::small(7, "2026-06-30".parse().unwrap());
    config.size = ShopSize::Custom { skus: 20, days: 400 };
    demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
    let token = app.token(Role::Viewer).await;
    (app, token)
}

async fn ask(app: &TestApp, token: &str, body: Value) -> Value {
    app.call(Method::POST, "/api/v1/measures/forecast", Some(token), Some(body)).await.expect(200)
}

#[tokio::test]
async fn every_measure_can_be_forecast_by_week_and_starts_where_the_whole_weeks_end() {
    let (app, token) = shop().await;
    let measures = app.call(Method::GET, "/api/v1/measures", Some(&token), None).await.expect(200);
    for measure in measures["items"].as_array().unwrap() {
        let id = &measure["id"];
        let answer = ask(&app, &token, json!({ "measure": id, "by": "week", "periods": 4 })).await;
        let steps = answer["steps"].as_array().unwrap();
        let observed = answer["past"].as_array().unwrap().iter().filter(|period| !period["value"].is_null()).count();
        assert_eq!(steps.len(), if observed > 0 { 4 } else { 0 }, "{id}: {answer}");
        // The last of the data is a Tuesday: its week is not over.
        assert_eq!(answer["past"].as_array().unwrap().last().unwrap()["from"], "2026-06-22", "{id}");
        for step in steps {
            let number = |key: &str| step[key].as_f64().unwrap();
            assert!(number("low95") <= number("low80") && number("high80") <= number("high95"), "{id}: {step}");
        }
    }
}

#[tokio::test]
async fn the_past_of_a_forecast_is_what_the_measure_itself_answers_to_the_cent() {
    let (app, token) = shop().await;
    let forecast = ask(&app, &token, json!({ "measure": "net_revenue", "by": "month", "periods": 2 })).await;
    let past = forecast["past"].as_array().unwrap();
    let first = past[0]["from"].as_str().unwrap();
    let body = json!({ "measures": ["net_revenue"], "from": first, "to": "2026-06-30", "by": "month" });
    let asked = app.call(Method::POST, "/api/v1/measures/query", Some(&token), Some(body)).await.expect(200);
    for (past, row) in past.iter().zip(asked["rows"].as_array().unwrap()) {
        assert_eq!(past["from"], row["key"]);
        assert_eq!(past["exact"], row["exact"]["net_revenue"]);
    }
    assert!(past.len() >= 12, "{forecast}");
}

#[tokio::test]
async fn a_part_of_the_shop_has_a_forecast_of_its_own_and_nonsense_is_refused() {
    let (app, token) = shop().await;
    let whole = ask(&app, &token, json!({ "measure": "units", "periods": 7 })).await;
    let product = app.call(Method::GET, "/api/v1/products", Some(&token), None).await.expect(200);
    let category = &product["items"][0]["category"];
    let part = ask(&app, &token, json!({ "measure": "units", "periods": 7, "only": { "category": category } })).await;
    let sum =
        |answer: &Value| answer["past"].as_array().unwrap().iter().filter_map(|p| p["value"].as_f64()).sum::<f64>();
    assert!(sum(&part) > 0.0 && sum(&part) < sum(&whole), "{} of {}", sum(&part), sum(&whole));
    for body in [
        json!({ "measure": "luck", "periods": 7 }),
        json!({ "measure": "units", "periods": 0 }),
        json!({ "measure": "units", "periods": 367 }),
        json!({ "measure": "units", "periods": 7, "only": { "colour": "red" } }),
    ] {
        let answer = app.call(Method::POST, "/api/v1/measures/forecast", Some(&token), Some(body.clone())).await;
        assert_eq!(answer.status.as_u16(), 422, "{body}");
    }
}

#[tokio::test]
async fn a_shop_without_sales_has_nothing_to_forecast_and_says_so() {
    let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
    let token = app.token(Role::Viewer).await;
    let answer = ask(&app, &token, json!({ "measure": "orders", "periods": 7 })).await;
    assert_eq!(answer["status"], "nothing_observed");
    assert_eq!(answer["steps"], json!([]));
}
