//! What another plan would bring.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

use crate::demo::demo_shop;

/// The product that sells most, and a token to ask with.
async fn best_seller(app: &TestApp) -> (String, Value) {
    let token = app.token(Role::Viewer).await;
    let list = app.call(Method::GET, "/api/v1/products?sort=-revenue&limit=1", Some(&token), None).await.expect(200);
    (token, list["items"][0].clone())
}

async fn ask(app: &TestApp, token: &str, product: &Value, scenario: Value) -> String {
    let path = format!("/api/v1/products/{}/simulate", product["sku"].as_str().unwrap());
    let answer = app.call(Method::POST, &path, Some(token), Some(scenario)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.text
}

#[tokio::test]
async fn a_plan_that_changes_nothing_is_the_baseline_to_the_byte() {
    let app = demo_shop().await;
    let (token, product) = best_seller(&app).await;
    let same = json!({ "price": product["price"]["amount"] });
    let answer: Value = serde_json::from_str(&ask(&app, &token, &product, same).await).unwrap();
    assert_eq!(answer["baseline"], answer["scenario"]);
    assert_eq!(answer["difference"]["units"], json!({ "mean": 0.0, "median": 0.0, "low80": 0.0, "high80": 0.0 }));
    assert_eq!(answer["difference"]["revenue"]["mean"]["amount"], "0.00");
    assert_eq!(answer["warnings"], json!([]));
    // What is expected without a limit of stock is what the forecast says.
    let free = json!({ "stock_units": 1_000_000 });
    let answer: Value = serde_json::from_str(&ask(&app, &token, &product, free).await).unwrap();
    let (units, expected) =
        (answer["scenario"]["units"]["mean"].as_f64().unwrap(), product["forecast_units_28d"].as_f64().unwrap());
    assert!((units / expected - 1.0).abs() < 0.1, "{units} simulated, {expected} forecast");
}

#[tokio::test]
async fn the_same_question_gets_the_same_bytes_and_a_dearer_price_sells_fewer_units() {
    let app = demo_shop().await;
    let (token, product) = best_seller(&app).await;
    let price: f64 = product["price"]["amount"].as_str().unwrap().parse().unwrap();
    let dearer = json!({ "price": format!("{:.2}", price * 1.6), "stock_units": 1_000_000 });
    let first = ask(&app, &token, &product, dearer.clone()).await;
    assert_eq!(first, ask(&app, &token, &product, dearer).await);
    let answer: Value = serde_json::from_str(&first).unwrap();
    let units = |plan: &str| answer[plan]["units"]["mean"].as_f64().unwrap();
    assert!(units("scenario") < units("baseline"), "{answer}");
    assert_eq!(answer["warnings"][0]["code"], "never_tried", "a price 60 % up was never asked");
}

#[tokio::test]
async fn an_empty_shelf_sells_nothing_until_the_delivery() {
    let app = demo_shop().await;
    let (token, product) = best_seller(&app).await;
    let empty = json!({ "stock_units": 0, "deliveries": [], "horizon_days": 14 });
    let answer: Value = serde_json::from_str(&ask(&app, &token, &product, empty).await).unwrap();
    assert_eq!(answer["scenario"]["units"]["high80"], 0.0);
    let first_day = answer["first_day"].as_str().unwrap();
    let delivered = json!({ "stock_units": 0, "deliveries": [{ "day": first_day, "units": 3 }], "horizon_days": 14 });
    let answer: Value = serde_json::from_str(&ask(&app, &token, &product, delivered).await).unwrap();
    let sold = answer["scenario"]["units"]["mean"].as_f64().unwrap();
    assert!(sold > 0.0 && sold <= 3.0, "three units arrive, {sold} are sold");
    assert!(answer["scenario"]["stock_out"]["probability"].as_f64().unwrap() > 0.5);
}

#[tokio::test]
async fn a_scenario_that_cannot_be_is_refused_by_its_field() {
    let app = demo_shop().await;
    let (token, product) = best_seller(&app).await;
    let path = format!("/api/v1/products/{}/simulate", product["sku"].as_str().unwrap());
    for (scenario, field) in [
        (json!({ "price": "0" }), "price"),
        (json!({ "price": "much" }), "price"),
        (json!({ "horizon_days": 57 }), "horizon_days"),
        (json!({ "deliveries": [{ "day": "2020-01-01", "units": 1 }] }), "deliveries"),
        (json!({ "promotion": { "first_day": "2026-07-09", "last_day": "2026-07-08" } }), "promotion"),
    ] {
        let answer = app.call(Method::POST, &path, Some(&token), Some(scenario.clone())).await;
        assert_eq!(answer.status.as_u16(), 422, "{scenario}: {}", answer.text);
        assert!(answer.text.contains(field), "{scenario}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_forecast_at_another_price_adds_up_to_what_what_if_says_of_it() {
    let app = demo_shop().await;
    let (token, product) = best_seller(&app).await;
    let path = format!("/api/v1/products/{}", product["sku"].as_str().unwrap());
    let forecast = async |price: &str| {
        let question = format!("{path}/forecast?horizon_days=28{price}");
        app.call(Method::GET, &question, Some(&token), None).await
    };
    let number = |value: &Value| value.as_f64().unwrap();
    let units = |answer: &Value| answer["days"].as_array().unwrap().iter().map(|day| number(&day["mean"])).sum::<f64>();
    let now: f64 = product["price"]["amount"].as_str().unwrap().parse().unwrap();
    let present = forecast("").await.expect(200);
    assert_eq!(present["asked"], Value::Null);
    let kept = forecast(&format!("&price={now:.2}")).await.expect(200);
    assert_eq!(kept["days"], present["days"], "the present price is what the forecast takes for granted");

    let dearer = format!("{:.2}", now * 1.6);
    let asked = forecast(&format!("&price={dearer}")).await.expect(200);
    let body = json!({ "price": dearer });
    let what_if = app.call(Method::POST, &format!("{path}/what-if"), Some(&token), Some(body)).await.expect(200);
    assert!((units(&asked) / number(&what_if["units"]) - 1.0).abs() < 1e-6, "{} {what_if}", units(&asked));
    assert!(units(&asked) < units(&present));
    assert_eq!((&asked["asked"]["price"]["amount"], &asked["asked"]["extrapolated"]), (&json!(dearer), &json!(true)));
    // Less is sold and less is known: relative to its mean each day's interval is wider.
    let width = |day: &Value| (number(&day["high80"]) - number(&day["low80"])) / number(&day["mean"]);
    assert!(width(&asked["days"][0]) > width(&present["days"][0]), "{} {}", asked["days"][0], present["days"][0]);
    for price in ["0", "-1", "cheap"] {
        let refused = forecast(&format!("&price={price}")).await;
        assert_eq!(refused.status.as_u16(), 422, "{price}: {}", refused.text);
    }
}
