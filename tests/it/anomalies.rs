//! What members say about anomalies, and what follows from it.

use axum::http::Method;
use serde_json::{Value, json};
use shelfiq_app::run::{RunScope, run};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

use crate::demo::demo_shop;

/// An alert that tells of an anomaly.
async fn told_alert(app: &TestApp, token: &str) -> Value {
    let list = app.call(Method::GET, "/api/v1/alerts?limit=200", Some(token), None).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let told = items.iter().find(|alert| alert["anomaly"].is_object());
    told.unwrap_or_else(|| panic!("the demo's stories raise alerts that tell of anomalies: {list}")).clone()
}

fn path_of(anomaly: &Value) -> String {
    let text = |key: &str| anomaly[key].as_str().unwrap().to_owned();
    format!("/api/v1/products/{}/anomalies/{}/{}/answer", text("sku"), text("measure"), text("day"))
}

async fn anomalies(app: &TestApp, token: &str, sku: &str) -> Vec<Value> {
    let path = format!("/api/v1/products/{sku}/anomalies?days=400");
    let list = app.call(Method::GET, &path, Some(token), None).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_was_called_usual_is_told_no_more_until_that_is_taken_back() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let alert = told_alert(&app, &token).await;
    let (id, anomaly) = (alert["id"].as_str().unwrap(), &alert["anomaly"]);
    let (sku, day) = (anomaly["sku"].as_str().unwrap(), anomaly["day"].as_str().unwrap());
    let path = path_of(anomaly);
    let state = async || app.call(Method::GET, &format!("/api/v1/alerts/{id}"), Some(&token), None).await.expect(200);
    let put = async |body: Value| app.call(Method::PUT, &path, Some(&token), Some(body)).await;
    let body = json!({ "answer": "dismissed", "note": "the fair was in town" });

    let said = put(body.clone()).await.expect(200);
    assert_eq!((&said["standing"], &said["answer"]["note"]), (&json!("dismissed"), &json!("the fair was in town")));
    assert_eq!(put(body).await.expect(200), said, "the same answer twice changes nothing");
    assert_eq!(state().await["state"], "resolved", "an alert closes with what it told");

    run(&app.platform, app.merchant, RunScope::Alerts, &|_, _| {}).await.unwrap();
    let again = state().await;
    assert_eq!(again["state"], "resolved", "the next judgement tells it no more: {again}");
    let product = app.call(Method::GET, &format!("/api/v1/products/{sku}"), Some(&token), None).await.expect(200);
    let marks = product["demand"]["annotations"].as_array().unwrap();
    assert!(!marks.iter().any(|mark| mark["kind"] == "anomaly" && mark["day"] == day), "{marks:?}");

    let audit = app.call(Method::GET, "/api/v1/audit", Some(&token), None).await.expect(200);
    let lines = audit["items"].as_array().unwrap().iter().filter(|line| line["action"] == "anomaly.dismissed");
    assert_eq!(lines.count(), 1, "one line for one answer: {audit}");
    let answers = app.call(Method::GET, "/api/v1/anomalies/answers", Some(&token), None).await.expect(200);
    assert_eq!(answers["items"][0]["sku"], sku);
    let thresholds = app.call(Method::GET, "/api/v1/anomalies/thresholds", Some(&token), None).await.expect(200);
    assert_eq!(thresholds["items"][0]["dismissed"], 1);

    for _ in 0..2 {
        assert_eq!(app.call(Method::DELETE, &path, Some(&token), None).await.status.as_u16(), 204);
    }
    run(&app.platform, app.merchant, RunScope::Alerts, &|_, _| {}).await.unwrap();
    assert_eq!(state().await["state"], "firing");
    let seen = anomalies(&app, &token, sku).await;
    let back = seen.iter().find(|one| one["day"] == day && one["measure"] == anomaly["measure"]).unwrap();
    assert_eq!((&back["standing"], &back["answer"]), (&json!("told"), &Value::Null));
}

#[tokio::test]
async fn many_dismissals_quiet_what_is_no_stranger_than_they_were() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let products = app.call(Method::GET, "/api/v1/products?limit=60", Some(&token), None).await.expect(200);
    let mut spikes = Vec::new();
    for product in products["items"].as_array().unwrap() {
        let sku = product["sku"].as_str().unwrap();
        let seen = anomalies(&app, &token, sku).await;
        spikes.extend(seen.into_iter().filter(|one| one["measure"] == "units" && one["kind"] == "spike"));
    }
    assert!(spikes.len() > 8, "{} spikes", spikes.len());
    assert!(spikes.iter().all(|one| one["standing"] == "told"), "nothing was said yet");
    // The strangest ones last: they stay without an answer.
    spikes.sort_by(|a, b| b["p_value"].as_f64().unwrap().total_cmp(&a["p_value"].as_f64().unwrap()));
    for one in &spikes[..6] {
        let said = app.call(Method::PUT, &path_of(one), Some(&token), Some(json!({ "answer": "dismissed" }))).await;
        assert_eq!(said.expect(200)["standing"], "dismissed");
    }
    let thresholds = app.call(Method::GET, "/api/v1/anomalies/thresholds", Some(&token), None).await.expect(200);
    let rate = thresholds["items"][0]["rate"].as_f64().unwrap();
    assert!(rate < 0.2 * thresholds["items"][0]["promised_rate"].as_f64().unwrap(), "{thresholds}");
    for one in &spikes[6..] {
        let sku = one["sku"].as_str().unwrap();
        let seen = anomalies(&app, &token, sku).await;
        let now = seen.iter().find(|now| now["day"] == one["day"] && now["measure"] == "units").unwrap();
        let is_stranger = now["p_value"].as_f64().unwrap() < rate;
        assert_eq!(now["standing"] == "told", is_stranger, "{now} at {rate}");
    }
}

#[tokio::test]
async fn an_answer_to_nothing_is_refused_with_the_reason() {
    let app = demo_shop().await;
    let token = app.token(Role::Manager).await;
    let alert = told_alert(&app, &token).await;
    let sku = alert["anomaly"]["sku"].as_str().unwrap();
    let refused = async |path: &str, body: Value, status: u16| {
        let path = format!("/api/v1/products/{path}/answer");
        let answer = app.call(Method::PUT, &path, Some(&token), Some(body)).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
    };
    let dismissed = json!({ "answer": "dismissed" });
    refused("NO-SUCH-SKU/anomalies/units/2026-06-30", dismissed.clone(), 404).await;
    refused(&format!("{sku}/anomalies/units/2019-01-01"), dismissed.clone(), 404).await;
    refused(&format!("{sku}/anomalies/moods/2026-06-30"), dismissed.clone(), 422).await;
    refused(&format!("{sku}/anomalies/units/yesterday"), dismissed, 422).await;
    refused(&format!("{sku}/anomalies/units/2026-06-30"), json!({ "answer": "maybe" }), 422).await;
    let long = json!({ "answer": "dismissed", "note": "x".repeat(501) });
    refused(&format!("{sku}/anomalies/units/2026-06-30"), long, 422).await;
}
