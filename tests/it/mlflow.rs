//! Trainings on a real MLflow server, where there is one: `SHELFIQ_TEST_MLFLOW` names its program, else `mlflow` is looked for.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use shelfiq_app::models::{TrackedRun, Tracking, TrackingError};
use shelfiq_testkit::TestApp;

/// A server of our own on a free port; it ends with the value.
struct Server {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Server {
    /// Starts the server and waits until it answers; `None` where it is not installed.
    async fn start() -> Option<Self> {
        let program = PathBuf::from(std::env::var("SHELFIQ_TEST_MLFLOW").unwrap_or_else(|_| "mlflow".to_owned()));
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(program)
            .args(["server", "--host", "127.0.0.1", "--workers", "1", "--port", &port.to_string()])
            .arg("--backend-store-uri")
            .arg(format!("sqlite:///{}", folder.path().join("mlflow.db").display()))
            .arg("--artifacts-destination")
            .arg(folder.path().join("artefacts"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let server = Self { process, port, _folder: folder };
        let mut looks = tokio::time::interval(Duration::from_millis(250));
        for _ in 0..480 {
            looks.tick().await;
            if server.ask("GET", "/health", "").is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return Some(server);
            }
        }
        panic!("the MLflow server did not answer within two minutes");
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The whole answer to a call, head and body.
    fn ask(&self, method: &str, path: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned())
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.ask(method, path, &body.to_string()).expect("the server answers");
        let (start, end) = (answer.find('{').expect("JSON"), answer.rfind('}').expect("JSON"));
        serde_json::from_str(&answer[start..=end]).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}

#[tokio::test]
async fn a_training_becomes_a_run_with_its_parameters_figures_and_artefact() {
    let Some(server) = Server::start().await else {
        eprintln!("SKIPPED: install `mlflow` (PyPI) or set SHELFIQ_TEST_MLFLOW to its program");
        return;
    };
    let tracking = Tracking::new(&server.address(), "Übersee & Co").unwrap();
    let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
    let platform = app.platform.clone().with_tracking(tracking);
    let mut config = shelfiq_arena::ArenaConfig::small(11, "2026-06-30".parse().unwrap());
    config.size = shelfiq_arena::ShopSize::Custom { skus: 10, days: 200 };
    shelfiq_app::demo::fill(&platform, app.merchant, config, &|_, _| {}).await.unwrap();
    let scope = shelfiq_app::run::RunScope::Forecasts;
    for _ in 0..2 {
        shelfiq_app::run::run(&platform, app.merchant, scope, &|_, _| {}).await.unwrap();
    }
    let found = server.json(
        "GET",
        "/api/2.0/mlflow/experiments/get-by-name?experiment_name=%C3%9Cbersee%20%26%20Co",
        &Value::Null,
    );
    let experiment = found["experiment"]["experiment_id"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned();
    let runs = server.json("POST", "/api/2.0/mlflow/runs/search", &json!({ "experiment_ids": [experiment] }));
    let runs = runs["runs"].as_array().unwrap().clone();
    assert_eq!(runs.len(), 2, "one for what serves, one for the baseline; the second run learned nothing new");
    let run = runs.iter().find(|run| pair(run, "params", "model") == "ensemble").expect("a run of the ensemble");
    assert_eq!(run["info"]["status"], "FINISHED");
    assert_eq!(pair(run, "params", "method"), "ensemble");
    assert_eq!(pair(run, "tags", "shelfiq.data_until"), "2026-06-30");
    let wape = run["data"]["metrics"].as_array().unwrap().iter().find(|one| one["key"] == "wape").unwrap();
    assert!(wape["value"].as_f64().unwrap() > 0.0);
    let id = run["info"]["run_id"].as_str().unwrap();
    let path = format!("/api/2.0/mlflow-artifacts/artifacts/{experiment}/{id}/artifacts/learned.json");
    let artefact = server.json("GET", &path, &Value::Null);
    assert_eq!(artefact["model"], "ensemble");
    assert!(artefact["learned"].as_object().is_some_and(|classes| !classes.is_empty()), "{artefact}");
}

fn pair(run: &Value, list: &str, key: &str) -> String {
    let pairs = run["data"][list].as_array().cloned().unwrap_or_default();
    let found = pairs.iter().find(|pair| pair["key"] == key);
    found.and_then(|pair| pair["value"].as_str()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_server_that_is_away_is_said_to_be_and_stops_no_run() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let tracking = Tracking::new(&format!("http://127.0.0.1:{port}"), "shop").unwrap();
    let at = "2026-07-01T12:00:00Z".parse().unwrap();
    let run = TrackedRun {
        name: "r".into(),
        at,
        parameters: Vec::new(),
        metrics: Vec::new(),
        tags: Vec::new(),
        artefact: Vec::new(),
    };
    assert!(matches!(tracking.log(&run).await, Err(TrackingError::Call { .. })));
    let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
    let platform = app.platform.clone().with_tracking(tracking);
    let mut config = shelfiq_arena::ArenaConfig::small(11, "2026-06-30".parse().unwrap());
    config.size = shelfiq_arena::ShopSize::Custom { skus: 4, days: 120 };
    shelfiq_app::demo::fill(&platform, app.merchant, config, &|_, _| {}).await.unwrap();
    let scope = shelfiq_app::run::RunScope::Forecasts;
    let report = shelfiq_app::run::run(&platform, app.merchant, scope, &|_, _| {}).await.unwrap();
    assert!(report.forecasts_ready > 0);
}
