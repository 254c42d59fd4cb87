//! Tells an MLflow tracking server about trainings, where one is configured: parameters, figures and the artefact of each
//! become a run (MLflow REST API 2.0).

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

/// How long the server may take for one call.
const CALL_MAX: Duration = Duration::from_secs(10);
/// Name under which an artefact stands in its run.
const ARTEFACT_FILE: &str = "learned.json";
/// Characters of a parameter that every server takes.
const PARAMETER_CHARS_MAX: usize = 500;

/// A tracking server and the experiment into which runs go.
#[derive(Debug, Clone)]
pub struct Tracking {
    client: Client,
    server: Url,
    experiment: String,
}

/// A training as the server shall see it.
#[derive(Debug, Clone)]
pub struct TrackedRun {
    /// Name of the run.
    pub name: String,
    /// When the training was.
    pub at: DateTime<Utc>,
    /// What was chosen.
    pub parameters: Vec<(String, String)>,
    /// What came of it; values that are not finite are left out.
    pub metrics: Vec<(String, f64)>,
    /// What it is about.
    pub tags: Vec<(String, String)>,
    /// What was learned, as JSON.
    pub artefact: Vec<u8>,
}

/// A server that could not be told.
#[derive(Debug, thiserror::Error)]
pub enum TrackingError {
    /// Not an address.
    #[error("`{0}` is not the address of an MLflow server: use http://host:5000")]
    Address(String),
    /// The server did not answer.
    #[error("the MLflow server did not answer while {doing}")]
    Call {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// The server said no.
    #[error("the MLflow server refused {doing} ({status}): {detail}")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// HTTP status.
        status: u16,
        /// Its words.
        detail: String,
    },
    /// The answer lacks something.
    #[error("the MLflow server's answer to {doing} has no `{lacks}`")]
    Answer {
        /// What was being done.
        doing: &'static str,
        /// What is not there.
        lacks: &'static str,
    },
}

impl Tracking {
    /// The server at `address`; user and password may stand in it. Nothing is sent yet.
    ///
    /// # Errors
    /// [`TrackingError::Address`].
    pub fn new(address: &str, experiment: &str) -> Result<Self, TrackingError> {
        let wrong = || TrackingError::Address(address.to_owned());
        let server =
            Url::parse(address).ok().filter(|url| ["http", "https"].contains(&url.scheme())).ok_or_else(wrong)?;
        let client = Client::builder().timeout(CALL_MAX).build().map_err(|_| wrong())?;
        Ok(Self { client, server, experiment: experiment.to_owned() })
    }

    /// Writes one training down as a finished run; answers with the server's id of it.
    ///
    /// # Errors
    /// [`TrackingError`] says which call failed. A run that was begun then stands there as running.
    pub async fn log(&self, run: &TrackedRun) -> Result<String, TrackingError> {
        let experiment = self.experiment().await?;
        let pairs = |pairs: &[(String, String)]| -> Vec<Value> {
            let short = |value: &str| value.chars().take(PARAMETER_CHARS_MAX).collect::<String>();
            pairs.iter().map(|(key, value)| json!({ "key": key, "value": short(value) })).collect()
        };
        let at = run.at.timestamp_millis();
        let body = json!({
            "experiment_id": experiment, "run_name": run.name, "start_time": at, "tags": pairs(&run.tags),
        });
        let begun = self.call(Method::POST, "runs/create", &body, "a new run").await?;
        let info = |key: &'static str| {
            let found = begun.pointer(&format!("/run/info/{key}")).and_then(Value::as_str);
            found.ok_or(TrackingError::Answer { doing: "a new run", lacks: key })
        };
        let id = info("run_id")?;
        let metrics: Vec<Value> = run
            .metrics
            .iter()
            .filter(|(_, value)| value.is_finite())
            .map(|(key, value)| json!({ "key": key, "value": value, "timestamp": at, "step": 0 }))
            .collect();
        let batch = json!({ "run_id": id, "metrics": metrics, "params": pairs(&run.parameters) });
        self.call(Method::POST, "runs/log-batch", &batch, "figures").await?;
        self.send_artefact(info("artifact_uri")?, &run.artefact).await?;
        let end = json!({ "run_id": id, "status": "FINISHED", "end_time": at });
        self.call(Method::POST, "runs/update", &end, "the end of a run").await?;
        Ok(id.to_owned())
    }

    /// Id of the experiment, which is made on first use.
    async fn experiment(&self) -> Result<String, TrackingError> {
        const DOING: &str = "an experiment";
        let id = |answer: &Value, place: &str| answer.pointer(place).and_then(Value::as_str).map(str::to_owned);
        let path = format!("experiments/get-by-name?experiment_name={}", percent_encoded(&self.experiment));
        match self.call(Method::GET, &path, &Value::Null, DOING).await {
            Ok(answer) => id(&answer, "/experiment/experiment_id"),
            Err(TrackingError::Refused { status: 404, .. }) => {
                let body = json!({ "name": self.experiment });
                id(&self.call(Method::POST, "experiments/create", &body, DOING).await?, "/experiment_id")
            }
            Err(error) => return Err(error),
        }
        .ok_or(TrackingError::Answer { doing: DOING, lacks: "experiment_id" })
    }

    /// Artefacts go through the server if it serves them, else nowhere: a folder or bucket of its own is not ours to write.
    async fn send_artefact(&self, artifact_uri: &str, content: &[u8]) -> Result<(), TrackingError> {
        const DOING: &str = "an artefact";
        let Some(place) = artifact_uri.strip_prefix("mlflow-artifacts:") else { return Ok(()) };
        // `mlflow-artifacts:/path` or `mlflow-artifacts://host/path`.
        let place = place.strip_prefix("//").map_or(place, |rest| rest.split_once('/').map_or("", |(_, path)| path));
        let path = format!("mlflow-artifacts/artifacts/{}/{ARTEFACT_FILE}", place.trim_matches('/'));
        let request = self.client.request(Method::PUT, self.address(&path)).body(content.to_vec());
        self.answer(request, DOING).await?;
        Ok(())
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        doing: &'static str,
    ) -> Result<Value, TrackingError> {
        let request = self.client.request(method, self.address(&format!("mlflow/{path}")));
        let request = match body {
            Value::Null => request,
            body => request.header("content-type", "application/json").body(body.to_string()),
        };
        let text = self.answer(request, doing).await?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn answer(&self, request: reqwest::RequestBuilder, doing: &'static str) -> Result<String, TrackingError> {
        let failed = |source| TrackingError::Call { doing, source };
        let answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        let text = answer.text().await.map_err(failed)?;
        if status.is_success() {
            return Ok(text);
        }
        let detail = text.chars().take(PARAMETER_CHARS_MAX).collect();
        Err(TrackingError::Refused { doing, status: status.as_u16(), detail })
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/2.0/{path}", self.server.as_str().trim_end_matches('/'))
    }
}

/// A text as it may stand in the query part of an address.
fn percent_encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_http_is_refused() {
        assert!(Tracking::new("localhost:5000", "shop").is_err());
        assert!(Tracking::new("file:///tmp/runs", "shop").is_err());
        assert!(Tracking::new("http://localhost:5000", "shop").is_ok());
    }

    #[test]
    fn a_name_with_blanks_and_umlauts_stands_in_an_address() {
        assert_eq!(percent_encoded("Übersee & Co"), "%C3%9Cbersee%20%26%20Co");
    }
}
