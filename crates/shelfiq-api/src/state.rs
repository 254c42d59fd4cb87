//! What handlers share.

use std::sync::Arc;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use shelfiq_app::identity::Identity;
use shelfiq_app::{AppError, Platform};

use crate::rate_limit::RateLimiter;

/// Settings of the HTTP face.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Calls a minute that one caller may make.
    pub rate_limit_per_minute: u32,
    /// Largest file that can be uploaded, in bytes.
    pub upload_bytes_max: u64,
    /// Whether refresh cookies are sent over HTTPS only.
    pub secure_cookies: bool,
    /// The login of a demo shop, shown on the sign-in page.
    pub demo: Option<DemoLogin>,
}

/// The login of a demo shop.
#[derive(Debug, Clone)]
pub struct DemoLogin {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self { rate_limit_per_minute: 1_000, upload_bytes_max: 2 << 30, secure_cookies: false, demo: None }
    }
}

/// Renders telemetry.
#[derive(Clone)]
pub struct Telemetry(PrometheusHandle);

impl Telemetry {
    /// Starts counting. The first call in a process installs the recorder; later ones only render.
    #[must_use]
    pub fn start() -> Self {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // A second installation, as in tests with several servers, fails and changes nothing.
        drop(metrics::set_global_recorder(recorder));
        Self(handle)
    }

    pub(crate) fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) platform: Platform,
    pub(crate) identity: Identity,
    pub(crate) config: Arc<ApiConfig>,
    pub(crate) telemetry: Telemetry,
    pub(crate) limiter: RateLimiter,
}

impl ApiState {
    /// Puts the parts together.
    #[must_use]
    pub fn new(platform: Platform, identity: Identity, config: ApiConfig, telemetry: Telemetry) -> Self {
        let limiter = RateLimiter::new(config.rate_limit_per_minute);
        Self { platform, identity, config: Arc::new(config), telemetry, limiter }
    }

    /// Whether the stores answer.
    pub(crate) async fn check(&self) -> Result<(), AppError> {
        Ok(self.platform.store.ping().await?)
    }
}
