//! Prices tried on purpose: proposed, started, read, stopped.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_app::run::{RunScope, run};
use shelfiq_store::members::Role;
use shelfiq_testkit::{Answer, TestApp};

use crate::small_shop::{FIRST_DAY, TODAY, after, code, go_to, live_until};

/// A shop whose prices never moved: nothing can be known of what another would bring.
async fn shop() -> TestApp {
    let app = TestApp::start_at(&format!("{TODAY}T12:00:00Z")).await;
    live_until(&app, FIRST_DAY, "2026-06-30", &[]).await;
    daily(&app).await;
    app
}

async fn daily(app: &TestApp) {
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
}

async fn call(app: &TestApp, method: Method, path: &str, body: Option<Value>) -> Answer {
    let token = app.token(Role::Manager).await;
    app.call(method, path, Some(&token), body).await
}

async fn start(app: &TestApp, body: Value) -> Answer {
    call(app, Method::POST, "/api/v1/price-tests", Some(body)).await
}

#[tokio::test]
async fn a_price_that_never_moved_is_offered_a_test_with_its_cost_and_its_lesson() {
    let app = shop().await;
    let proposals = call(&app, Method::GET, "/api/v1/price-tests/proposals?limit=3", None).await.expect(200);
    let items = proposals["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "{proposals}");
    let first = &items[0];
    assert_eq!(first["answer"], "run", "{first}");
    let plan = &first["plan"];
    assert!(plan["deviation_after"].as_f64().unwrap() < plan["deviation_now"].as_f64().unwrap(), "{plan}");
    assert!(plan["prices"].as_array().unwrap().len() >= 2 && plan["days"].as_u64().unwrap() <= 84, "{plan}");
    for key in ["expected", "low80", "high80"] {
        assert!(plan["cost"][key]["amount"].is_string(), "{plan}");
    }
}

#[tokio::test]
async fn a_started_test_says_which_price_to_ask_and_starting_it_again_starts_nothing() {
    let app = shop().await;
    let body = json!({ "sku": code(0) });
    let test = start(&app, body.clone()).await.expect(200);
    assert_eq!((&test["state"], &test["first_day"]), (&json!("running"), &json!(after(TODAY, 1))));
    assert_eq!(start(&app, body).await.expect(200)["id"], test["id"]);
    let other = start(&app, json!({ "sku": code(0), "days_max": 28 })).await;
    assert_eq!(other.status.as_u16(), 409, "{}", other.text);
    let schedule = test["schedule"].as_array().unwrap();
    assert_eq!(schedule.len() as u64, test["plan"]["days"].as_u64().unwrap(), "{test}");
    // The next morning says what to ask.
    go_to(&app, &after(TODAY, 1));
    let id = test["id"].as_str().unwrap();
    let today = call(&app, Method::GET, &format!("/api/v1/price-tests/{id}"), None).await.expect(200);
    assert_eq!(today["today"]["price"], schedule[0]["price"], "{today}");
    let proposals = call(&app, Method::GET, "/api/v1/price-tests/proposals?limit=24", None).await.expect(200);
    assert!(proposals["items"].as_array().unwrap().iter().all(|item| item["sku"] != code(0)), "it is being tested");
    let stop = format!("/api/v1/price-tests/{id}/stop");
    let stopped = call(&app, Method::POST, &stop, Some(json!({ "reason": "a fair" }))).await.expect(200);
    assert_eq!(stopped["end_reason"], "a fair");
    let again = call(&app, Method::POST, &stop, Some(json!({}))).await;
    assert_eq!(again.status.as_u16(), 409, "it is over: {}", again.text);
}

#[tokio::test]
async fn a_finished_test_makes_the_elasticity_known() {
    let app = shop().await;
    let test = start(&app, json!({ "sku": code(0) })).await.expect(200);
    let id = test["id"].as_str().unwrap();
    // The merchant asks what the schedule says; demand answers with an elasticity of −2.
    let schedule = test["schedule"].as_array().unwrap();
    let prices: Vec<(usize, String, f64)> = schedule
        .iter()
        .map(|day| {
            (0, day["day"].as_str().unwrap().to_owned(), day["price"]["amount"].as_str().unwrap().parse().unwrap())
        })
        .collect();
    let changes: Vec<(usize, &str, f64)> =
        prices.iter().map(|(sku, day, price)| (*sku, day.as_str(), *price)).collect();
    let last_day = test["last_day"].as_str().unwrap();
    let half = prices[prices.len() / 2].1.clone();
    go_to(&app, &after(&half, 1));
    live_until(&app, TODAY, &half, &changes).await;
    daily(&app).await;
    let half_way = call(&app, Method::GET, &format!("/api/v1/price-tests/{id}"), None).await.expect(200);
    assert!(half_way["reading"]["rounds_read"].as_u64().unwrap() > 0, "{half_way}");
    // No other advice moves a price under test.
    let advice = call(&app, Method::GET, &format!("/api/v1/recommendations?sku={}&state=all", code(0)), None).await;
    let moves = |one: &Value| one["kind"] == "reprice" && one["state"] == "open";
    assert!(!advice.expect(200)["items"].as_array().unwrap().iter().any(moves), "{}", advice.text);
    go_to(&app, &after(last_day, 1));
    live_until(&app, &after(&half, 1), last_day, &changes).await;
    daily(&app).await;
    let done = call(&app, Method::GET, &format!("/api/v1/price-tests/{id}"), None).await.expect(200);
    assert_eq!(done["state"], "finished", "{done}");
    let reading = &done["reading"];
    assert_eq!(reading["rounds_read"], reading["rounds_planned"], "{reading}");
    let belief = &reading["belief"];
    let (mean, deviation) = (belief["mean"].as_f64().unwrap(), belief["deviation"].as_f64().unwrap());
    assert!((mean + 2.0).abs() < 3.0 * deviation, "−2 in truth, believed {belief}");
    assert!(deviation < done["plan"]["deviation_now"].as_f64().unwrap() / 2.0, "{belief}");
    let product = call(&app, Method::GET, &format!("/api/v1/products/{}", code(0)), None).await.expect(200);
    let known = &product["price_model"];
    assert_eq!(known["identified"], true, "{known}");
    // What each tried price brought stands in the ledger, and agrees with the books to the cent.
    let ledger = call(&app, Method::GET, "/api/v1/ledger?origin=price_test", None).await.expect(200);
    let prices = test["plan"]["prices"].as_array().unwrap();
    let tried = prices.iter().filter(|price| price["amount"] != "10.00").count();
    assert_eq!(ledger["total"], tried, "one line for each price but the one before: {ledger}");
    for line in ledger["items"].as_array().unwrap() {
        assert_eq!((&line["outcome"], &line["decision"]), (&json!("measured"), &json!("done")), "{line}");
        assert_eq!(line["effect"]["method"], "switch_back", "{line}");
        let claim = &line["effect"]["claim"];
        let cents = |name: &str| claim[name]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
        assert_eq!(cents("claimed") + cents("counterfactual"), cents("actual"), "{claim}");
        let price = |end: &str| line["change"][end]["amount"].as_str().unwrap().parse::<f64>().unwrap();
        let is_dearer = price("to") > price("from");
        let units = line["effect"]["units"]["expected"].as_f64().unwrap();
        assert_eq!(units < 0.0, is_dearer, "a dearer price sells fewer units: {line}");
    }
    let summary = call(&app, Method::GET, "/api/v1/ledger/summary", None).await.expect(200);
    assert_eq!(summary["reconciliation"]["holds"], true, "{summary}");
    // Another run writes no second line.
    daily(&app).await;
    let again = call(&app, Method::GET, "/api/v1/ledger?origin=price_test", None).await.expect(200);
    assert_eq!(again["total"], tried);
}

#[tokio::test]
async fn a_test_that_pays_is_recommended_starts_when_accepted_and_stops_when_undone() {
    let app = shop().await;
    let list = call(&app, Method::GET, "/api/v1/recommendations?kind=price_test", None).await.expect(200);
    let first = &list["items"][0];
    assert_eq!(first["action"]["type"], "test_price", "{list}");
    let (id, sku) = (first["id"].as_str().unwrap(), first["sku"].as_str().unwrap());
    let step = |what: &str| {
        let path = format!("/api/v1/recommendations/{id}/{what}");
        let app = &app;
        async move { call(app, Method::POST, &path, None).await.expect(200) }
    };
    assert_eq!(step("accept").await["state"], "accepted");
    let running = call(&app, Method::GET, "/api/v1/price-tests?state=running", None).await.expect(200);
    assert_eq!(running["items"][0]["sku"], sku, "{running}");
    assert_eq!(step("undo").await["state"], "open");
    let stopped = call(&app, Method::GET, "/api/v1/price-tests?state=stopped", None).await.expect(200);
    assert_eq!(stopped["items"][0]["end_reason"], "the decision was taken back", "{stopped}");
}
