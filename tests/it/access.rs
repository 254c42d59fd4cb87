//! Every endpoint of the document, called by every role and by nobody: a route without a row fails the test.

use axum::http::Method;
use serde_json::Value;
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

/// Least role of each call; `-` for calls that need nobody.
const TABLE: &str = "
    get    /health                                 -
    get    /ready                                  -
    get    /metrics                                -
    get    /api/v1/setup                           -
    post   /api/v1/setup                           -
    post   /api/v1/auth/sign-in                    -
    post   /api/v1/auth/refresh                    cookie
    post   /api/v1/auth/sign-out                   -
    post   /api/v1/auth/switch                     viewer
    post   /api/v1/auth/password                   viewer
    get    /api/v1/me                              viewer
    get    /api/v1/members                         viewer
    post   /api/v1/members                         owner
    patch  /api/v1/members/{id}                    owner
    delete /api/v1/members/{id}                    owner
    get    /api/v1/api-keys                        owner
    post   /api/v1/api-keys                        owner
    delete /api/v1/api-keys/{id}                   owner
    get    /api/v1/audit                           manager
    get    /api/v1/merchant                        viewer
    patch  /api/v1/merchant                        manager
    get    /api/v1/overview                        viewer
    get    /api/v1/measures                        viewer
    post   /api/v1/measures/query                  viewer
    post   /api/v1/measures/forecast               viewer
    get    /api/v1/demand-plan                     viewer
    get    /api/v1/products                        viewer
    get    /api/v1/products/{sku}                  viewer
    post   /api/v1/products/{sku}/what-if          viewer
    post   /api/v1/products/{sku}/simulate         viewer
    post   /api/v1/products/{sku}/season           viewer
    post   /api/v1/prices/portfolio                viewer
    post   /api/v1/prices/front                    viewer
    post   /api/v1/prices/portfolio/take           manager
    get    /api/v1/products/{sku}/settings         viewer
    patch  /api/v1/products/{sku}/settings         manager
    get    /api/v1/products/{sku}/anomalies        viewer
    put    /api/v1/products/{sku}/anomalies/{measure}/{day}/answer manager
    delete /api/v1/products/{sku}/anomalies/{measure}/{day}/answer manager
    get    /api/v1/anomalies/answers               viewer
    get    /api/v1/anomalies/thresholds            viewer
    get    /api/v1/products/{sku}/forecast         viewer
    get    /api/v1/products/{sku}/accuracy         viewer
    get    /api/v1/models                          viewer
    get    /api/v1/models/accuracy                 viewer
    get    /api/v1/models/drift                    viewer
    get    /api/v1/models/versions                 viewer
    get    /api/v1/models/versions/{id}            viewer
    get    /api/v1/models/versions/{id}/artefact   viewer
    post   /api/v1/models/versions/{id}/promote    manager
    post   /api/v1/models/versions/{id}/rollback   manager
    get    /api/v1/recommendations                 viewer
    post   /api/v1/recommendations/bulk            manager
    get    /api/v1/recommendations/{id}            viewer
    post   /api/v1/recommendations/{id}/accept     manager
    post   /api/v1/recommendations/{id}/dismiss    manager
    post   /api/v1/recommendations/{id}/snooze     manager
    post   /api/v1/recommendations/{id}/undo       manager
    get    /api/v1/ledger                          viewer
    get    /api/v1/ledger/summary                  viewer
    get    /api/v1/ledger/{id}                     viewer
    get    /api/v1/price-tests                     viewer
    post   /api/v1/price-tests                     manager
    get    /api/v1/price-tests/proposals           viewer
    get    /api/v1/price-tests/{id}                viewer
    post   /api/v1/price-tests/{id}/stop           manager
    get    /api/v1/alerts                          viewer
    get    /api/v1/alerts/counts                   viewer
    post   /api/v1/alerts/bulk                     manager
    get    /api/v1/alerts/{id}                     viewer
    post   /api/v1/alerts/{id}/acknowledge         manager
    post   /api/v1/alerts/{id}/snooze              manager
    post   /api/v1/alerts/{id}/resolve             manager
    post   /api/v1/alerts/{id}/undo                manager
    get    /api/v1/imports                         viewer
    post   /api/v1/imports                         manager
    post   /api/v1/imports/preview                 manager
    post   /api/v1/imports/uploads                 manager
    get    /api/v1/imports/{id}                    viewer
    post   /api/v1/imports/{id}/undo               manager
    get    /api/v1/imports/{id}/rejects            viewer
    get    /api/v1/jobs                            viewer
    post   /api/v1/jobs                            manager
    get    /api/v1/jobs/{id}                       viewer
    get    /api/v1/views                           viewer
    post   /api/v1/views                           analyst
    delete /api/v1/views/{id}                      analyst
    get    /api/v1/search                          viewer
    post   /api/v1/sql                             analyst
";

struct Row {
    method: Method,
    path: &'static str,
    least: &'static str,
}

fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [method, path, least] = words[..] else { panic!("not a row: {line}") };
        Row { method: method.to_uppercase().parse().unwrap(), path, least }
    };
    TABLE.lines().filter(|line| !line.trim().is_empty()).map(row).collect()
}

#[tokio::test]
async fn every_endpoint_has_a_row_in_the_access_table() {
    let document = serde_json::to_value(shelfiq_api::openapi()).unwrap();
    let mut documented = Vec::new();
    for (path, calls) in document["paths"].as_object().unwrap() {
        for method in calls
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "post", "patch", "put", "delete"].contains(&key.as_str()))
        {
            documented.push(format!("{method} {path}"));
        }
    }
    let mut listed: Vec<String> =
        rows().iter().map(|row| format!("{} {}", row.method.as_str().to_lowercase(), row.path)).collect();
    documented.sort();
    listed.sort();
    assert_eq!(documented, listed, "the document (left) and the access table (right) must name the same calls");
}

#[tokio::test]
async fn nobody_gets_in_without_credentials() {
    let app = TestApp::start().await;
    for row in rows().iter().filter(|row| row.least != "-") {
        let answer = app.call(row.method.clone(), &concrete(row.path), None, body_of(row)).await;
        assert_eq!(answer.status.as_u16(), 401, "{} {}: {}", row.method, row.path, answer.text);
    }
}

#[tokio::test]
async fn each_role_may_do_what_its_row_says_and_nothing_more() {
    let app = TestApp::start().await;
    let ladder = [Role::Viewer, Role::Analyst, Role::Manager, Role::Owner];
    for (rank, role) in ladder.into_iter().enumerate() {
        let token = app.token(role).await;
        for row in rows() {
            let Some(least) = ladder.iter().position(|role| role.as_str() == row.least) else { continue };
            // Ends the caller's own sign-in: tried elsewhere.
            if row.path == "/api/v1/auth/password" {
                continue;
            }
            let answer = app.call(row.method.clone(), &concrete(row.path), Some(&token), body_of(&row)).await;
            let status = answer.status.as_u16();
            if rank < least {
                assert_eq!(status, 403, "{role} must not {} {}: {}", row.method, row.path, answer.text);
            } else {
                assert!(
                    ![401, 403].contains(&status) && status < 500,
                    "{role} may {} {}: {status} {}",
                    row.method,
                    row.path,
                    answer.text
                );
            }
        }
    }
}

/// A path with ids that name nothing: whoever may pass is told "not found", never "forbidden".
fn concrete(path: &str) -> String {
    let path = path.replace("{id}", "0190c7a8-1c1e-7c3b-9f2e-3f1d5b1f9a10").replace("{sku}", "NO-SUCH-SKU");
    let path = path.replace("{measure}", "units").replace("{day}", "2026-03-04");
    match path.as_str() {
        "/api/v1/views" => format!("{path}?area=products"),
        "/api/v1/search" => format!("{path}?q=mug"),
        _ => path,
    }
}

/// A body that passes the first look, so that the answer is about permission.
fn body_of(row: &Row) -> Option<Value> {
    let text = match (row.method.as_str(), row.path) {
        ("POST", "/api/v1/auth/switch") => r#"{"merchant":"0190c7a8-1c1e-7c3b-9f2e-3f1d5b1f9a10"}"#,
        ("POST", "/api/v1/auth/password") => r#"{"current":"x","new":"y"}"#,
        ("POST", "/api/v1/members") => r#"{"name":"New","email":"no address","role":"viewer","password":"x"}"#,
        ("PATCH", "/api/v1/members/{id}") => r#"{"role":"viewer"}"#,
        ("POST", "/api/v1/api-keys") => r#"{"name":"key","scopes":[]}"#,
        ("PATCH", _) => "{}",
        ("PUT", _) => r#"{"answer":"dismissed"}"#,
        ("POST", "/api/v1/measures/query") => r#"{"measures":["orders"],"from":"2026-01-01","to":"2026-01-31"}"#,
        ("POST", "/api/v1/products/{sku}/what-if") => r#"{"price":"9.99"}"#,
        ("POST", "/api/v1/products/{sku}/simulate") => "{}",
        ("POST", "/api/v1/products/{sku}/season") => r#"{"until":"2026-12-31"}"#,
        ("POST", "/api/v1/prices/portfolio" | "/api/v1/prices/front") => "{}",
        ("POST", "/api/v1/prices/portfolio/take") => r#"{"prices":[{"sku":"A","price":"9.99"}]}"#,
        ("POST", "/api/v1/recommendations/bulk") => r#"{"ids":[],"action":"accept"}"#,
        ("POST", "/api/v1/alerts/bulk") => r#"{"ids":[],"action":"resolve"}"#,
        ("POST", path) if path.starts_with("/api/v1/models/") => "{}",
        ("POST", path) if path.ends_with("/dismiss") => r#"{"reason":"too_small"}"#,
        ("POST", path) if path.ends_with("/snooze") => r#"{"until":"2026-12-01"}"#,
        ("POST", "/api/v1/imports" | "/api/v1/imports/preview") => {
            r#"{"upload_id":"0190c7a8-1c1e-7c3b-9f2e-3f1d5b1f9a10"}"#
        }
        ("POST", "/api/v1/price-tests") => r#"{"sku":"NO-SUCH-SKU"}"#,
        ("POST", "/api/v1/price-tests/{id}/stop") => "{}",
        ("POST", "/api/v1/jobs") => r#"{"kind":"forecasts"}"#,
        ("POST", "/api/v1/views") => r#"{"area":"nowhere","name":"x","query":""}"#,
        ("POST", "/api/v1/sql") => r#"{"query":"select 1"}"#,
        _ => return None,
    };
    Some(serde_json::from_str(text).unwrap())
}
