//! From a decision to what it brought.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_app::run::{RunScope, run};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;
use uuid::Uuid;

use crate::demo::demo_shop;
use crate::small_shop::{FIRST_DAY, TODAY, advise, after, code, go_to, live_until};

async fn get(app: &TestApp, path: &str) -> Value {
    let token = app.token(Role::Manager).await;
    app.call(Method::GET, path, Some(&token), None).await.expect(200)
}

async fn decide(app: &TestApp, id: Uuid, step: &str, body: Option<Value>) {
    let token = app.token(Role::Manager).await;
    let path = format!("/api/v1/recommendations/{id}/{step}");
    let _ = app.call(Method::POST, &path, Some(&token), body).await.expect(200);
}

async fn entry(app: &TestApp, id: Uuid) -> Value {
    get(app, &format!("/api/v1/ledger/{id}")).await
}

async fn daily(app: &TestApp) {
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
}

fn pence(amount: &Value) -> i64 {
    amount["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

/// A shop with half a year behind it, at noon of [`TODAY`].
async fn shop() -> TestApp {
    let app = TestApp::start_at(&format!("{TODAY}T12:00:00Z")).await;
    live_until(&app, FIRST_DAY, "2026-06-30", &[]).await;
    app
}

#[tokio::test]
async fn an_accepted_price_is_seen_measured_and_agrees_with_the_books_to_the_cent() {
    let app = shop().await;
    let id = advise(&app, 0, "9.00").await;
    decide(&app, id, "accept", None).await;
    let promised = entry(&app, id).await;
    assert_eq!((&promised["decision"], &promised["outcome"]), (&json!("accepted"), &json!("waiting")));
    assert_eq!(promised["promised"]["expected"]["amount"], "40.00");
    assert_eq!(promised["back_test"]["is_possible"], false, "{}", promised["back_test"]);
    // The price goes down two days later; after a week it is too early, after four it is measured.
    let changes = [(0, "2026-07-03", 9.0)];
    go_to(&app, &after(TODAY, 9));
    live_until(&app, TODAY, &after(TODAY, 8), &changes).await;
    daily(&app).await;
    let early = entry(&app, id).await;
    assert_eq!(early["outcome"], "too_early", "{early}");
    assert_eq!(early["change"]["day"], "2026-07-03");
    assert_eq!(early["change"]["to"]["amount"], "9.00");
    go_to(&app, &after(TODAY, 36));
    live_until(&app, &after(TODAY, 9), &after(TODAY, 35), &changes).await;
    daily(&app).await;
    let measured = entry(&app, id).await;
    assert_eq!(measured["outcome"], "measured", "{measured}");
    assert_eq!(measured["is_settled"], true);
    let effect = &measured["effect"];
    assert_eq!(effect["method"], "peers");
    assert!(!effect["weaknesses"].as_array().unwrap().is_empty(), "an unrandomised comparison says so");
    // Demand answers with an elasticity of −2: 9.00 instead of 10.00 sells 23 % more.
    let units = &effect["units"];
    let truth = 28.0 * 10.0 * (0.9_f64.powf(-2.0) - 1.0);
    let (low, high) = (units["low95"].as_f64().unwrap(), units["high95"].as_f64().unwrap());
    assert!(low <= truth && truth <= high, "{truth:.1} units more in truth, measured {units}");
    assert!(low > 0.0, "such an effect is told apart from nothing: {units}");
    let claim = &effect["claim"];
    assert_eq!(pence(&claim["claimed"]) + pence(&claim["counterfactual"]), pence(&claim["actual"]));
    // The books: margin of this product on the measured days, by the measure that the rest of ShelfIQ uses.
    let token = app.token(Role::Manager).await;
    let asked = json!({
        "measures": ["margin"], "from": effect["first_day"], "to": effect["last_day"], "sku": code(0),
    });
    let books = app.call(Method::POST, "/api/v1/measures/query", Some(&token), Some(asked)).await;
    let booked = books.expect(200)["rows"][0]["values"]["margin"].as_f64().unwrap();
    assert_eq!((100.0 * booked).round() as i64, pence(&claim["actual"]), "{} against {claim}", books.text);
    let summary = get(&app, "/api/v1/ledger/summary").await;
    assert_eq!(summary["reconciliation"]["holds"], true, "{summary}");
    assert_eq!(summary["reconciliation"]["booked"], claim["actual"]);
    // What was carried out is done: the next advice for this price may come.
    assert_eq!(get(&app, &format!("/api/v1/recommendations/{id}")).await["state"], "done");
}

#[tokio::test]
async fn what_is_accepted_and_never_applied_is_said_to_be_so() {
    let app = shop().await;
    let id = advise(&app, 1, "11.00").await;
    decide(&app, id, "accept", None).await;
    go_to(&app, &after(TODAY, 21));
    live_until(&app, TODAY, &after(TODAY, 20), &[]).await;
    daily(&app).await;
    let line = entry(&app, id).await;
    assert_eq!((&line["outcome"], &line["effect"]), (&json!("not_applied"), &Value::Null), "{line}");
    assert_eq!(get(&app, &format!("/api/v1/recommendations/{id}")).await["state"], "expired");
    let listed = get(&app, "/api/v1/ledger?outcome=not_applied").await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &json!(id)));
}

#[tokio::test]
async fn every_decision_has_one_line_with_its_last_word_and_all_its_steps() {
    let app = shop().await;
    let id = advise(&app, 2, "9.50").await;
    assert_eq!(get(&app, "/api/v1/ledger").await["total"], 0, "nothing was decided yet");
    decide(&app, id, "accept", None).await;
    decide(&app, id, "undo", None).await;
    assert_eq!(entry(&app, id).await["decision"], "undone");
    decide(&app, id, "dismiss", Some(json!({ "reason": "not this season" }))).await;
    let line = entry(&app, id).await;
    assert_eq!((&line["decision"], &line["reason"]), (&json!("dismissed"), &json!("not this season")));
    assert_eq!(line["outcome"], "not_done");
    let steps: Vec<&str> =
        line["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["accept", "undo", "dismiss"]);
    assert_eq!(get(&app, "/api/v1/ledger").await["total"], 1);
}

#[tokio::test]
async fn an_own_price_change_is_measured_and_stands_beside_later_advice() {
    let app = TestApp::start_at(&format!("{TODAY}T12:00:00Z")).await;
    live_until(&app, FIRST_DAY, "2026-06-30", &[(3, "2026-05-20", 11.0)]).await;
    daily(&app).await;
    let own = get(&app, "/api/v1/ledger?origin=own_price_change").await;
    assert_eq!(own["total"], 1, "{own}");
    let line = &own["items"][0];
    assert_eq!((&line["sku"], &line["outcome"]), (&json!(code(3)), &json!("measured")), "{line}");
    assert_eq!((&line["promised"], &line["decision"]), (&Value::Null, &json!("own")));
    daily(&app).await;
    assert_eq!(get(&app, "/api/v1/ledger?origin=own_price_change").await["total"], 1, "found once");
    // Where the run itself advises nothing for this price, the advice is put in by hand.
    let path = format!("/api/v1/recommendations?sku={}&kind=reprice", code(3));
    let own_advice = get(&app, &path).await["items"][0]["id"].as_str().map(|id| id.parse().unwrap());
    let id = match own_advice {
        Some(id) => id,
        None => advise(&app, 3, "11.50").await,
    };
    decide(&app, id, "accept", None).await;
    let test = &entry(&app, id).await["back_test"];
    assert_eq!((&test["is_possible"], &test["entry"]), (&json!(true), &line["id"]), "{test}");
}

#[tokio::test]
async fn a_demo_shop_shows_its_own_price_changes_on_day_one() {
    let app = demo_shop().await;
    let own = get(&app, "/api/v1/ledger?origin=own_price_change&outcome=measured&limit=200").await;
    assert!(own["total"].as_u64().unwrap() > 0, "{own}");
    let summary = get(&app, "/api/v1/ledger/summary").await;
    assert_eq!(summary["reconciliation"]["holds"], true, "{summary}");
    assert_eq!(summary["reconciliation"]["entries"], own["total"]);
    let sum: i64 = own["items"].as_array().unwrap().iter().map(|line| pence(&line["effect"]["claim"]["claimed"])).sum();
    assert_eq!(sum, pence(&summary["reconciliation"]["claimed"]));
}
