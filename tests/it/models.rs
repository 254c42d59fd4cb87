//! How far forecasts were off, which version serves, and that neither surprises anybody.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use shelfiq_app::demo;
use shelfiq_app::run::{RunScope, run};
use shelfiq_arena::{ArenaConfig, ShopSize};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

/// A shop with 30 Skus and half a year of sales that has run once.
async fn shop() -> TestApp {
    let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
    let mut config = ArenaConfig::small(11, "2026-06-30".parse().unwrap());
    config.size = ShopSize::Custom { skus: 30, days: 240 };
    demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
    run(&app.platform, app.merchant, RunScope::Forecasts, &|_, _| {}).await.unwrap();
    app
}

async fn get(app: &TestApp, path: &str) -> Value {
    let token = app.token(Role::Viewer).await;
    app.call(Method::GET, path, Some(&token), None).await.expect(200)
}

async fn post(app: &TestApp, path: &str, body: Value) -> shelfiq_testkit::Answer {
    let token = app.token(Role::Manager).await;
    app.call(Method::POST, path, Some(&token), Some(body)).await
}

/// Id of the version with this recipe.
async fn version(app: &TestApp, model: &str) -> String {
    let versions = get(app, "/api/v1/models/versions").await;
    let found = versions["items"].as_array().unwrap().iter().find(|one| one["model"] == model);
    found.unwrap_or_else(|| panic!("no version of {model}: {versions}"))["id"].as_str().unwrap().to_owned()
}

async fn stage(app: &TestApp, model: &str) -> String {
    let id = version(app, model).await;
    get(app, &format!("/api/v1/models/versions/{id}")).await["stage"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_shop_that_has_just_imported_its_history_sees_how_its_model_would_have_done() {
    let app = shop().await;
    let board = get(&app, "/api/v1/models").await;
    let row = |model: &str, class: Value| {
        let rows = board["rows"].as_array().unwrap();
        rows.iter().find(|row| row["model"] == model && row["demand_class"] == class).cloned()
    };
    let all = row("ensemble", Value::Null).expect("the model in production has a row");
    assert_eq!((&all["live_share"], &all["stage"]), (&json!(0.0), &json!("production")), "{all}");
    let figures = &all["figures"];
    assert!(figures["days"].as_i64().unwrap() > 1_000, "{figures}");
    assert!(figures["coverage_80"].as_f64().unwrap() > 0.5, "{figures}");
    assert_eq!(figures["calibration"].as_array().unwrap().len(), 4);
    assert!(all["over_baseline"].as_f64().unwrap() > 0.0, "it beats last week: {all}");
    let baseline = row("seasonal_naive", Value::Null).expect("the baseline has a row");
    assert!(baseline["over_baseline"].as_f64().unwrap().abs() < 1e-9, "{baseline}");
    assert!(!board["members"].as_array().unwrap().is_empty());
    let id = version(&app, "ensemble").await;
    let learned = get(&app, &format!("/api/v1/models/versions/{id}/artefact")).await;
    assert_eq!((&learned["model"], &learned["data_until"]), (&json!("ensemble"), &json!("2026-06-30")), "{learned}");
    let query = "select sum(absolute) / sum(actual) as wape from model_accuracy a join model_versions v on a.version = v.id where v.model = 'ensemble'";
    let token = app.token(Role::Analyst).await;
    let answer = app.call(Method::POST, "/api/v1/sql", Some(&token), Some(json!({ "query": query }))).await.expect(200);
    let wape = answer["rows"][0][0].as_f64().unwrap();
    assert!((wape - figures["wape"].as_f64().unwrap()).abs() < 1e-9, "{wape} against {figures}");
    let course = get(&app, "/api/v1/models/accuracy").await;
    let points = course["points"].as_array().unwrap();
    assert_eq!(points.iter().map(|point| point["basis"].as_str().unwrap()).collect::<Vec<_>>(), ["replayed"; 3]);
    assert_eq!(course["horizons"].as_array().unwrap().len(), 4);
    assert_eq!(course["total"]["days"], figures["days"]);
}

#[tokio::test]
async fn the_run_of_a_later_day_judges_what_was_foreseen_live_and_a_second_run_changes_nothing() {
    let app = TestApp::start_at("2026-06-16T12:00:00Z").await;
    let mut config = ArenaConfig::small(11, "2026-06-30".parse().unwrap());
    config.size = ShopSize::Custom { skus: 12, days: 200 };
    // The days after the clock's are in the tables already; a run looks at none that is not over.
    demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
    let daily = || run(&app.platform, app.merchant, RunScope::Forecasts, &|_, _| {});
    daily().await.unwrap();
    app.clock.advance(TimeDelta::days(7));
    let report = daily().await.unwrap();
    assert_eq!(report.origins_judged, 4, "three replayed and one live");
    let live = get(&app, "/api/v1/models/accuracy?basis=live").await;
    assert_eq!(live["points"][0]["origin"], "2026-06-15", "{live}");
    assert!(live["total"]["days"].as_i64().unwrap() > 30);
    let before = get(&app, "/api/v1/models").await["rows"].clone();
    daily().await.unwrap();
    assert_eq!(get(&app, "/api/v1/models").await["rows"], before);
}

#[tokio::test]
async fn training_in_parts_over_the_queue_finds_what_one_process_finds() {
    let trained = async |part_skus: usize| {
        let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
        let mut config = ArenaConfig::small(11, "2026-06-30".parse().unwrap());
        config.size = ShopSize::Custom { skus: 15, days: 150 };
        demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
        let platform = app.platform.clone().with_part_skus(part_skus);
        run(&platform, app.merchant, RunScope::Forecasts, &|_, _| {}).await.unwrap();
        let id = version(&app, "ensemble").await;
        let hash = get(&app, &format!("/api/v1/models/versions/{id}")).await["artefact_hash"].clone();
        let jobs = get(&app, "/api/v1/jobs").await;
        let parts = jobs["items"].as_array().unwrap().iter().filter(|job| job["kind"] == "fit_models");
        (hash, parts.map(|job| job["status"].clone()).collect::<Vec<_>>())
    };
    let (whole, none) = trained(500).await;
    let (in_parts, parts) = trained(4).await;
    assert_eq!((none.len(), parts), (0, vec![json!("done"); 4]));
    assert!(whole.is_string() && whole == in_parts, "{whole} {in_parts}: the same bits have the same name");
}

#[tokio::test]
async fn a_trained_model_continues_new_days_and_is_trained_again_after_a_week() {
    let app = TestApp::start_at("2026-06-16T12:00:00Z").await;
    let mut config = ArenaConfig::small(11, "2026-06-30".parse().unwrap());
    config.size = ShopSize::Custom { skus: 12, days: 200 };
    demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
    let mut seen = Vec::new();
    for days in [0, 1, 6] {
        app.clock.advance(TimeDelta::days(days));
        run(&app.platform, app.merchant, RunScope::Forecasts, &|_, _| {}).await.unwrap();
        let id = version(&app, "ensemble").await;
        let known = get(&app, &format!("/api/v1/models/versions/{id}")).await;
        let plan = get(&app, "/api/v1/demand-plan?days=7").await;
        seen.push((known["data_until"].clone(), known["artefact_hash"].clone(), plan["days"]["from"].clone()));
    }
    assert_eq!((&seen[0].0, &seen[0].2), (&json!("2026-06-15"), &json!("2026-06-16")));
    assert_eq!((&seen[1].0, &seen[1].2), (&json!("2026-06-15"), &json!("2026-06-17")), "forecast anew, not trained");
    assert_eq!(seen[0].1, seen[1].1);
    assert_eq!((&seen[2].0, &seen[2].2), (&json!("2026-06-22"), &json!("2026-06-23")));
    assert_ne!(seen[1].1, seen[2].1);

    // Asked for one Sku, the model says what the run stored.
    let sku = get(&app, "/api/v1/products?sort=-revenue&limit=1").await["items"][0]["sku"].as_str().unwrap().to_owned();
    let product = get(&app, &format!("/api/v1/products/{sku}")).await;
    let served = get(&app, &format!("/api/v1/products/{sku}/forecast?horizon_days=14")).await;
    assert_eq!(served["is_fallback"], json!(false), "{served}");
    assert_eq!(served["days"][13]["mean"], product["demand"]["forecast"][13]["mean"]);
}

#[tokio::test]
async fn a_sku_shows_each_day_as_it_was_expected_and_as_it_was() {
    let app = shop().await;
    let list = get(&app, "/api/v1/products?sort=-revenue&limit=1").await;
    let sku = list["items"][0]["sku"].as_str().unwrap();
    let found = get(&app, &format!("/api/v1/products/{sku}/accuracy")).await;
    let days = found["days"].as_array().unwrap();
    assert_eq!(days.len(), 84, "every day since the oldest replayed origin");
    assert!(days.iter().all(|day| day["origin"].as_str() < day["day"].as_str()));
    assert_eq!(found["versions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_promoted_serves_from_the_next_run_on_and_a_rollback_brings_back_what_served_before() {
    let app = shop().await;
    let id = version(&app, "seasonal_naive").await;
    let promoted = post(&app, &format!("/api/v1/models/versions/{id}/promote"), json!({ "note": "holidays" })).await;
    assert_eq!(promoted.expect(200)["stage"], "production");
    assert_eq!(stage(&app, "ensemble").await, "archived");
    run(&app.platform, app.merchant, RunScope::Forecasts, &|_, _| {}).await.unwrap();
    let list = get(&app, "/api/v1/products?sort=-revenue&limit=1").await;
    let sku = list["items"][0]["sku"].as_str().unwrap();
    let served = get(&app, &format!("/api/v1/products/{sku}/forecast?horizon_days=7")).await;
    assert_eq!((&served["model"], &served["is_fallback"]), (&json!("seasonal_naive"), &json!(false)), "{served}");
    assert_eq!(served["days"].as_array().unwrap().len(), 7);
    let back = post(&app, &format!("/api/v1/models/versions/{id}/rollback"), json!({})).await.expect(200);
    assert_eq!((&back["model"], &back["stage"]), (&json!("ensemble"), &json!("production")));
    assert_eq!(stage(&app, "seasonal_naive").await, "archived");
    let again = post(&app, &format!("/api/v1/models/versions/{id}/rollback"), json!({})).await;
    assert_eq!(again.status.as_u16(), 409, "{}", again.text);
    let versions = get(&app, "/api/v1/models/versions").await;
    assert_eq!(versions["items"].as_array().unwrap().len(), 4, "nothing was registered twice: {versions}");
    let jobs = get(&app, "/api/v1/jobs").await;
    assert_eq!(jobs["items"][0]["kind"], "daily", "the run that makes it serve is enqueued");
    let token = app.token(Role::Manager).await;
    let audit = app.call(Method::GET, "/api/v1/audit", Some(&token), None).await.expect(200);
    let actions: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert!(actions.contains(&json!("model_version.production")) && actions.contains(&json!("model_version.archived")));
}

#[tokio::test]
async fn a_version_on_trial_is_computed_beside_production_and_a_canary_serves_its_share() {
    let app = shop().await;
    let id = version(&app, "seasonal_naive").await;
    let promote = format!("/api/v1/models/versions/{id}/promote");
    assert_eq!(post(&app, &promote, json!({ "stage": "shadow" })).await.expect(200)["stage"], "shadow");
    let other = version(&app, "ensemble_one_year").await;
    let second = post(&app, &format!("/api/v1/models/versions/{other}/promote"), json!({ "stage": "shadow" })).await;
    assert_eq!(second.status.as_u16(), 409, "one trial at a time: {}", second.text);
    let too_much = post(&app, &promote, json!({ "stage": "canary", "canary_share": 0.9 })).await;
    assert_eq!(too_much.status.as_u16(), 422, "{}", too_much.text);
    let canary = post(&app, &promote, json!({ "stage": "canary", "canary_share": 0.5 })).await.expect(200);
    assert_eq!((&canary["stage"], &canary["canary_share"]), (&json!("canary"), &json!(0.5)));
    run(&app.platform, app.merchant, RunScope::Forecasts, &|_, _| {}).await.unwrap();
    let query = "select model = 'seasonal_naive' as tried, count(distinct sku) as skus from forecasts where measure = 'units' group by 1 order by 1";
    let token = app.token(Role::Analyst).await;
    let answer = app.call(Method::POST, "/api/v1/sql", Some(&token), Some(json!({ "query": query }))).await.expect(200);
    let skus: Vec<i64> = answer["rows"].as_array().unwrap().iter().map(|row| row[1].as_i64().unwrap()).collect();
    assert!(skus.len() == 2 && skus.iter().all(|count| *count >= 5), "about half each: {answer}");
    let ended = post(&app, &format!("/api/v1/models/versions/{id}/rollback"), json!({})).await.expect(200);
    assert_eq!(ended["stage"], "candidate");
}

#[tokio::test]
async fn a_trial_that_is_worse_beyond_doubt_ends_by_itself_and_says_why() {
    let app = TestApp::start_at("2026-06-01T12:00:00Z").await;
    let mut config = ArenaConfig::small(11, "2026-06-30".parse().unwrap());
    config.size = ShopSize::Custom { skus: 25, days: 240 };
    demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
    let daily = || run(&app.platform, app.merchant, RunScope::Forecasts, &|_, _| {});
    daily().await.unwrap();
    let id = version(&app, "seasonal_naive").await;
    let promote = format!("/api/v1/models/versions/{id}/promote");
    assert_eq!(post(&app, &promote, json!({ "stage": "shadow" })).await.status.as_u16(), 200);
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(daily().await.unwrap().model_rolled_back, None, "a few days say nothing");
    let canary = post(&app, &promote, json!({ "stage": "canary", "canary_share": 0.5 })).await;
    assert_eq!(canary.expect(200)["stage"], "canary");
    app.clock.advance(TimeDelta::days(26));
    let reason = daily().await.unwrap().model_rolled_back.expect("repeating last week misses by far more");
    assert!(reason.contains("its scaled loss was"), "{reason}");
    let ended = get(&app, &format!("/api/v1/models/versions/{id}")).await;
    assert_eq!((&ended["stage"], &ended["note"]), (&json!("candidate"), &json!(reason)));
    assert_eq!(ended["metrics"]["contest"]["standing"], "roll_back");
    let query = "select count(*) from forecasts where model = 'seasonal_naive'";
    let token = app.token(Role::Analyst).await;
    let answer = app.call(Method::POST, "/api/v1/sql", Some(&token), Some(json!({ "query": query }))).await.expect(200);
    assert_eq!(answer["rows"][0][0], 0, "the run that ends the trial serves nobody its forecasts");
}

#[tokio::test]
async fn elasticities_and_anomalies_stand_in_the_registry_with_what_they_learned() {
    let app = shop().await;
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    for (kind, figure) in [("elasticity", "skus_identified"), ("anomaly", "skus_unusual")] {
        let versions = get(&app, &format!("/api/v1/models/versions?kind={kind}")).await;
        let one = &versions["items"][0];
        assert_eq!((&one["stage"], &one["data_until"]), (&json!("production"), &json!("2026-06-30")), "{versions}");
        assert!(one["metrics"][figure].is_u64(), "{versions}");
        assert_eq!(one["artefact_hash"].as_str().unwrap().len(), 64);
    }
}

#[tokio::test]
async fn what_somebody_changed_meanwhile_is_not_overwritten() {
    let app = shop().await;
    let id = version(&app, "ensemble_one_year").await;
    let token = app.token(Role::Manager).await;
    let request = axum::http::Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1/models/versions/{id}/promote"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("if-match", "\"99\"")
        .body("{}".into())
        .unwrap();
    assert_eq!(app.send(request).await.status.as_u16(), 412);
    assert_eq!(stage(&app, "ensemble_one_year").await, "candidate");
}

#[tokio::test]
async fn a_shop_of_an_earlier_release_gets_the_rule_about_forecasts_and_one_that_was_deleted_stays_away() {
    use shelfiq_store::{Author, alert_rules};
    let app = shop().await;
    let kinds = async || {
        run(&app.platform, app.merchant, RunScope::Alerts, &|_, _| {}).await.unwrap();
        let rules = alert_rules::all(&app.platform.store, app.merchant).await.unwrap();
        rules.into_iter().map(|rule| rule.kind).collect::<Vec<_>>()
    };
    let all = kinds().await;
    assert!(all.contains(&"forecast_quality".to_owned()) && all.contains(&"rating_drop".to_owned()), "{all:?}");
    let rules = alert_rules::all(&app.platform.store, app.merchant).await.unwrap();
    let rule = rules.iter().find(|rule| rule.kind == "rating_drop").unwrap();
    let tx = app.platform.store.begin(Author::system("test"), "2026-07-01T12:00:00Z".parse().unwrap()).await.unwrap();
    alert_rules::remove(&tx, app.merchant, rule.id).await.unwrap();
    tx.commit().await.unwrap();
    let left = kinds().await;
    assert!(!left.contains(&"rating_drop".to_owned()) && left.len() == all.len() - 1, "{left:?}");
}

#[tokio::test]
async fn every_run_compares_what_models_see_with_what_they_learnt_from() {
    let app = shop().await;
    let token = app.token(Role::Viewer).await;
    let report = app.call(Method::GET, "/api/v1/models/drift", Some(&token), None).await.expect(200);
    assert_eq!(report["data_until"], "2026-06-30");
    let items = report["items"].as_array().unwrap();
    let features: Vec<&str> = items.iter().map(|line| line["feature"].as_str().unwrap()).collect();
    for feature in ["units", "price", "rival_gap", "forecast_error", "missing_price", "missing_rival"] {
        assert_eq!(features.iter().filter(|one| **one == feature).count(), 1, "{features:?}");
    }
    for line in items {
        assert!(line["sentence"].is_string() && line["limit"].is_number(), "{line}");
        assert!(line["since"].is_null() || !line["value"].is_null(), "a drift has its figure: {line}");
    }
}
