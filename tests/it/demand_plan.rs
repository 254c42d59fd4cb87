//! What will sell, in numbers that add up.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_store::members::Role;

use crate::demo::demo_shop;

fn cents(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

#[tokio::test]
async fn products_add_up_to_categories_and_these_to_the_shop() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    let get = async |path: &str| app.call(Method::GET, path, Some(&token), None).await.expect(200);
    let plan = get("/api/v1/demand-plan?days=28").await;
    let lines: Vec<&Value> = plan["categories"].as_array().unwrap().iter().map(|one| &one["line"]).collect();
    assert!(lines.len() > 3, "{plan}");
    let sum = |field: &str| lines.iter().map(|line| line[field].as_i64().unwrap()).sum::<i64>();
    for field in ["products", "units", "units_before"] {
        assert_eq!(plan["whole"][field], json!(sum(field)), "{field}");
    }
    assert_eq!(cents(&plan["whole"]["revenue"]), lines.iter().map(|line| cents(&line["revenue"])).sum::<i64>());

    // Stores add up as well; which of their products will sell there nobody knows.
    let stores = plan["stores"].as_array().unwrap();
    assert!(stores.len() > 1, "{plan}");
    for field in ["units", "units_before"] {
        let sum: i64 = stores.iter().map(|store| store["line"][field].as_i64().unwrap()).sum();
        assert_eq!(plan["whole"][field], json!(sum), "{field}");
    }
    assert!(stores.iter().all(|store| store["line"]["revenue"].is_null()), "{plan}");

    // What the list of products expects of a category is what the plan says of it, to the rounding.
    let first = &plan["categories"][0];
    let category = first["category"].as_str().unwrap();
    let encoded: String = category.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let products = get(&format!("/api/v1/products?limit=200&category={encoded}")).await["items"].clone();
    let units: f64 = products.as_array().unwrap().iter().filter_map(|row| row["forecast_units_28d"].as_f64()).sum();
    assert!((units - first["line"]["units"].as_f64().unwrap()).abs() <= 0.5, "{units} {first}");
}

#[tokio::test]
async fn the_parts_of_a_forecast_add_up_to_it() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    let get = async |path: &str| app.call(Method::GET, path, Some(&token), None).await.expect(200);
    let best = get("/api/v1/products?sort=-revenue&limit=5").await["items"].clone();
    for row in best.as_array().unwrap() {
        let product = get(&format!("/api/v1/products/{}", row["sku"].as_str().unwrap())).await;
        let parts = product["demand"]["parts"].as_array().unwrap();
        let causes: Vec<&str> = parts.iter().map(|part| part["cause"].as_str().unwrap()).collect();
        assert_eq!(causes[..3], ["level", "trend", "season"], "{causes:?}");
        assert!(causes.contains(&"price"), "{causes:?}");
        let sum: f64 = parts.iter().map(|part| part["units"].as_f64().unwrap()).sum();
        assert!((sum - row["forecast_units_28d"].as_f64().unwrap()).abs() < 1e-6, "{sum} {row}");
    }
}

#[tokio::test]
async fn a_plan_beyond_the_forecast_is_refused() {
    let app = demo_shop().await;
    let token = app.token(Role::Viewer).await;
    let answer = app.call(Method::GET, "/api/v1/demand-plan?days=57", Some(&token), None).await;
    let problem = answer.expect(422);
    assert!(problem.to_string().contains("from 1 to 56"), "{problem}");
}
