//! The prices of the whole shop together, and a stock that must be gone by a day.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

use crate::demo::demo_shop;

async fn ask(app: &TestApp, token: &str, path: &str, body: Value) -> Value {
    app.call(Method::POST, path, Some(token), Some(body)).await.expect(200)
}

fn amount(value: &Value) -> f64 {
    value["amount"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_plan_keeps_its_limits_and_is_taken_as_decisions_that_can_be_undone() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let free = ask(&app, &token, "/api/v1/prices/portfolio", json!({})).await;
    assert!(amount(&free["plan"]["margin"]) > amount(&free["today"]["margin"]), "{free}");
    let few = json!({ "limits": { "changes_max": 2, "price_index_max": 1.0 } });
    let plan = ask(&app, &token, "/api/v1/prices/portfolio", few).await;
    let changes = plan["changes"].as_array().unwrap();
    assert!(!changes.is_empty() && changes.len() <= 2, "{plan}");
    assert!(plan["plan"]["price_index"].as_f64().unwrap() <= 1.0 + 1e-9);
    assert!(amount(&plan["plan"]["margin"]) <= amount(&free["plan"]["margin"]));
    let counted = plan["products"].as_u64().unwrap() + plan["left_out"]["not_identified"].as_u64().unwrap();
    assert!(counted <= 60 && plan["products"].as_u64().unwrap() > 0, "{plan}");

    let mut prices: Vec<Value> =
        changes.iter().map(|one| json!({ "sku": one["sku"], "price": one["price"]["amount"] })).collect();
    prices.push(json!({ "sku": "NO-SUCH-SKU", "price": "9.99" }));
    let body = json!({ "prices": prices });
    let viewer = app.token(Role::Viewer).await;
    let path = "/api/v1/prices/portfolio/take";
    assert_eq!(app.call(Method::POST, path, Some(&viewer), Some(body.clone())).await.status.as_u16(), 403);
    let taken = ask(&app, &token, path, body.clone()).await;
    assert_eq!(taken["accepted"].as_array().unwrap().len(), changes.len(), "{taken}");
    assert_eq!(taken["refused"][0]["sku"], "NO-SUCH-SKU");
    let id = taken["accepted"][0].as_str().unwrap();
    let one = app.call(Method::GET, &format!("/api/v1/recommendations/{id}"), Some(&token), None).await.expect(200);
    assert_eq!(one["state"], "accepted");
    assert!(one["reason"].as_str().unwrap().contains("as part of the price plan"), "{one}");
    let line = app.call(Method::GET, &format!("/api/v1/ledger/{id}"), Some(&token), None).await.expect(200);
    assert_eq!(line["outcome"], "waiting");

    let again = ask(&app, &token, path, body).await;
    assert!(again["accepted"].as_array().unwrap().is_empty(), "what is on its way is not taken twice: {again}");
    let undo = format!("/api/v1/recommendations/{id}/undo");
    assert_eq!(app.call(Method::POST, &undo, Some(&token), None).await.expect(200)["state"], "open");
}

#[tokio::test]
async fn no_point_of_the_front_beats_another_and_each_has_a_plan() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    let front = ask(&app, &token, "/api/v1/prices/front", json!({ "levels": 3 })).await;
    let points = front["points"].as_array().unwrap();
    assert!(points.len() >= 3, "{front}");
    let figures =
        |point: &Value| [amount(&point["revenue"]), amount(&point["margin"]), -point["price_index"].as_f64().unwrap()];
    for one in points {
        for other in points {
            let (a, b) = (figures(one), figures(other));
            let beats = a.iter().zip(&b).all(|(a, b)| a > b);
            assert!(!beats, "{one} beats {other}");
        }
    }
    let last = &points[points.len() - 1];
    let limits = json!({
        "revenue_min": format!("{:.2}", amount(&last["revenue"]) * 0.9999),
        "price_index_max": last["price_index"].as_f64().unwrap() + 1e-4,
    });
    let plan = json!({ "objective": "margin", "limits": limits });
    let plan = ask(&app, &token, "/api/v1/prices/portfolio", plan).await;
    let (found, promised) = (amount(&plan["plan"]["margin"]), amount(&last["margin"]));
    assert!(found >= 0.995 * promised, "{found} of {promised}");
}

#[tokio::test]
async fn a_limit_out_of_reach_is_named_with_what_can_be_reached() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    for (body, field) in [
        (json!({ "limits": { "margin_min": "99999999" } }), "limits.margin_min"),
        (json!({ "limits": { "revenue_min": "much" } }), "limits.revenue_min"),
        (json!({ "gaps": [{ "lower": "A", "upper": "B", "least": 0.1 }] }), "gaps"),
    ] {
        let answer = app.call(Method::POST, "/api/v1/prices/portfolio", Some(&token), Some(body.clone())).await;
        assert_eq!(answer.status.as_u16(), 422, "{body}: {}", answer.text);
        assert!(answer.text.contains(field), "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_stock_is_sold_off_by_its_day() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    let list = app.call(Method::GET, "/api/v1/products?sort=-revenue&limit=1", Some(&token), None).await.expect(200);
    let product = &list["items"][0];
    let path = format!("/api/v1/products/{}/season", product["sku"].as_str().unwrap());
    let expected = product["forecast_units_28d"].as_f64().unwrap();
    let season = |units: f64| {
        let body = json!({ "until": "2026-07-28", "stock_units": units.round() as u32, "leftover_value": "0.50" });
        let (app, token, path) = (&app, &token, &path);
        async move { ask(app, token, path, body).await }
    };
    let scarce = season(expected * 0.3).await;
    let plenty = season(expected * 3.0).await;
    assert_eq!(scarce["days"].as_array().unwrap().len(), 28);
    let last = |season: &Value| season["days"][27]["price"].as_f64().unwrap();
    assert!(last(&scarce) > last(&plenty), "what is scarce stays dear: {} and {}", last(&scarce), last(&plenty));
    for season in [&scarce, &plenty] {
        let (sold, left) = (season["sold_units"].as_f64().unwrap(), season["left_units"].as_f64().unwrap());
        assert!((sold + left - season["stock_units"].as_f64().unwrap()).abs() < 0.5, "{sold} and {left}");
        assert!(amount(&season["value"]) >= amount(&season["best_fixed_value"]) * 0.98, "{season}");
    }
    let late = json!({ "until": "2027-12-31" });
    let answer = app.call(Method::POST, &path, Some(&token), Some(late)).await;
    assert!(answer.status.as_u16() == 422 && answer.text.contains("until"), "{}", answer.text);
}
