//! Problems, entity tags, idempotency keys, rate-limit headers, cursors.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::json;
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

#[tokio::test]
async fn an_error_is_a_problem_that_names_the_field_and_the_request() {
    let app = TestApp::start().await;
    let token = app.token(Role::Owner).await;
    let answer = app.call(Method::GET, "/api/v1/products?sort=beauty", Some(&token), None).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem = answer.expect(422);
    assert_eq!(problem["errors"][0]["field"], "sort");
    assert_eq!(problem["request_id"], answer.headers["x-request-id"].to_str().unwrap());
}

#[tokio::test]
async fn an_unknown_api_path_is_a_problem_and_not_the_web_app() {
    let app = TestApp::start().await;
    let answer = app.call(Method::GET, "/api/v1/nothing", None, None).await;
    assert_eq!(answer.expect(404)["code"], "no_route");
}

#[tokio::test]
async fn a_client_that_has_the_answer_gets_304() {
    let app = TestApp::start().await;
    let token = app.token(Role::Viewer).await;
    let first = app.call(Method::GET, "/api/v1/measures", Some(&token), None).await;
    let tag = first.headers[header::ETAG].clone();
    let request = Request::get("/api/v1/measures")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::IF_NONE_MATCH, tag)
        .body(Body::empty())
        .unwrap();
    let second = app.send(request).await;
    assert_eq!((second.status.as_u16(), second.text.as_str()), (304, ""));
}

#[tokio::test]
async fn a_repeated_post_with_its_key_acts_once() {
    let app = TestApp::start().await;
    let token = app.token(Role::Owner).await;
    let send = |key: &'static str, name: &'static str| {
        let body = json!({ "area": "products", "name": name, "query": "?sort=title" });
        let request = Request::post("/api/v1/views")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .unwrap();
        app.send(request)
    };
    let first = send("one", "By title").await.expect(201);
    let again = send("one", "By title").await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.expect(201), first);
    assert_eq!(send("one", "Something else").await.status.as_u16(), 409);
    let views = app.call(Method::GET, "/api/v1/views?area=products", Some(&token), None).await.expect(200);
    assert_eq!(views["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_answer_says_how_many_calls_are_left() {
    let app = TestApp::start().await;
    let answer = app.call(Method::GET, "/api/v1/setup", None, None).await;
    let number = |name: &str| answer.headers[name].to_str().unwrap().parse::<u64>().unwrap();
    assert!(number("x-ratelimit-remaining") < number("x-ratelimit-limit"));
}

#[tokio::test]
async fn browsers_are_told_to_trust_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let answer = app.call(Method::GET, "/api/v1/setup", None, None).await;
    assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn days_that_no_shop_has_are_refused_and_not_counted_one_by_one() {
    let app = TestApp::start().await;
    let token = app.token(Role::Viewer).await;
    for days in ["from=0007-11-11", "from=1970-01-01&to=2026-01-01", "from=0001-01-01&to=0001-02-01"] {
        let problem = app.call(Method::GET, &format!("/api/v1/overview?{days}"), Some(&token), None).await.expect(422);
        assert_eq!(problem["errors"][0]["field"], "from", "{days}");
    }
}
