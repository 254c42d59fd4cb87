//! The application under test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shelfiq_api::{ApiConfig, ApiState, Telemetry, router};
use shelfiq_app::access::Actor;
use shelfiq_app::identity::{
    Identity, IdentityConfig, IdentityParts, MemberRequest, PasswordCost, Secret, SetUp, SigningKeys,
};
use shelfiq_app::{Platform, PlatformParts, jobs};
use shelfiq_core::{CurrencyCode, ManualClock, MerchantId, SeededRandomness};
use shelfiq_lake::Lake;
use shelfiq_log::{EmbeddedLog, LogConfig};
use shelfiq_query::{QueryConfig, QueryEngine};
use shelfiq_store::members::Role;
use shelfiq_store::{Database, StoreConfig};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::Answer;

/// Password of every member in tests.
pub const PASSWORD: &str = "a quiet harbour at dawn 42";
const OWNER: &str = "owner@example.org";

/// A whole ShelfIQ with one merchant and its owner.
pub struct TestApp {
    /// Everything that use cases stand on.
    pub platform: Platform,
    /// Who is who.
    pub identity: Identity,
    /// The clock that all parts read.
    pub clock: Arc<ManualClock>,
    /// The merchant.
    pub merchant: MerchantId,
    router: Router,
    folder: TempDir,
}

impl TestApp {
    /// A fresh installation, set up at noon of 1 July 2026.
    pub async fn start() -> Self {
        Self::start_at("2026-07-01T12:00:00Z").await
    }

    /// A fresh installation, set up at `instant`.
    ///
    /// # Panics
    /// If a store does not open: the test cannot go on.
    pub async fn start_at(instant: &str) -> Self {
        let folder = TempDir::new().expect("the system has a temporary folder");
        let clock = Arc::new(ManualClock::new(instant.parse::<DateTime<Utc>>().expect("an instant")));
        let randomness = Arc::new(SeededRandomness::new(42));
        let place = |name: &str| folder.path().join(name);
        let store = Database::open(&StoreConfig::sqlite(&place("shelfiq.db"))).await.expect("SQLite opens");
        let log = EmbeddedLog::open(&place("log"), LogConfig::default()).expect("the log opens");
        let lake = Lake::open(&place("lake")).expect("the lake opens");
        let query = QueryEngine::new(lake, QueryConfig::default()).expect("the engine starts");
        let platform = Platform::new(PlatformParts {
            store: store.clone(),
            log: Arc::new(log),
            query,
            clock: clock.clone(),
            randomness: randomness.clone(),
            files: place("imports"),
            artefacts: place("models"),
        });
        let identity = Identity::new(IdentityParts {
            store,
            clock: clock.clone(),
            randomness,
            keys: SigningKeys::load_or_create(&place("keys")).expect("keys can be made"),
            config: IdentityConfig { password_cost: PasswordCost::TEST, ..IdentityConfig::default() },
        })
        .expect("the settings are valid");
        let set_up = SetUp {
            merchant_name: "Test shop".to_owned(),
            currency: CurrencyCode::GBP,
            time_zone: "Europe/London".parse().expect("a zone"),
            is_demo: false,
            owner_name: "Olive Owner".to_owned(),
            email: OWNER.to_owned(),
            password: Secret::new(PASSWORD),
        };
        let merchant = identity.set_up(set_up).await.expect("a fresh installation can be set up").id;
        let config = ApiConfig { rate_limit_per_minute: 100_000, ..ApiConfig::default() };
        let router = router(ApiState::new(platform.clone(), identity.clone(), config, Telemetry::start()));
        Self { platform, identity, clock, merchant, router, folder }
    }

    /// ShelfIQ itself as the caller of use cases.
    #[must_use]
    pub fn system(&self) -> Actor {
        Actor::system(self.merchant, "test")
    }

    /// A folder for the test's own files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the test's folder.
    ///
    /// # Panics
    /// If the disk is full.
    #[must_use]
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("the temporary folder can be written");
        path
    }

    /// The access token of a member with this role; the member is made on first use.
    ///
    /// # Panics
    /// If signing in fails.
    pub async fn token(&self, role: Role) -> String {
        let email = if role == Role::Owner { OWNER.to_owned() } else { format!("{role}@example.org") };
        if role != Role::Owner {
            let request = MemberRequest {
                name: format!("{role} of the shop"),
                email: email.clone(),
                role,
                password: Secret::new(PASSWORD),
            };
            // The second time the member is there already.
            drop(self.identity.add_member(&self.system(), request).await);
        }
        let answer = self
            .call(Method::POST, "/api/v1/auth/sign-in", None, Some(json!({ "email": email, "password": PASSWORD })))
            .await;
        answer.expect(200)["access_token"].as_str().expect("a token").to_owned()
    }

    /// Calls the API.
    ///
    /// # Panics
    /// If the request cannot be built.
    pub async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).expect("tests build valid requests")).await
    }

    /// Sends a request as it is.
    ///
    /// # Panics
    /// Never: the router answers everything.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router answers everything");
        Answer::read(response).await
    }

    /// Carries out every job that is due.
    ///
    /// # Panics
    /// If the queue cannot be read.
    pub async fn work(&self) {
        while jobs::work_once(&self.platform).await.expect("the queue can be read") {}
    }
}
