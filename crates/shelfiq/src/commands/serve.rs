//! `shelfiq serve`

use anyhow::Context;
use shelfiq_api::{ApiConfig, ApiState, Telemetry};
use tokio::net::TcpListener;

use crate::cli::{Role, Serve};
use crate::config::ShelfiqConfig;
use crate::{platform, print, roles};

/// Serves until the process is told to stop.
///
/// # Errors
/// If the address is taken or the data directory cannot be opened.
pub(super) async fn run(asked: &Serve, config: &ShelfiqConfig) -> anyhow::Result<()> {
    let platform = platform::open(config).await?;
    let api = if asked.roles.contains(&Role::Api) {
        let listener =
            TcpListener::bind(asked.listen).await.with_context(|| format!("failed to listen on {}", asked.listen))?;
        let identity = platform::identity(config, &platform)?;
        let fresh = identity.needs_set_up().await?;
        let address = listener.local_addr()?;
        print::line(format!("ShelfIQ listens on http://{address}"))?;
        if fresh {
            print::line("open it in a browser to set up your shop")?;
        }
        Some((listener, ApiState::new(platform.clone(), identity, api_config(config), Telemetry::start())))
    } else {
        None
    };
    roles::run(&asked.roles, platform, api).await
}

/// The part of the configuration that the API takes.
pub(super) fn api_config(config: &ShelfiqConfig) -> ApiConfig {
    ApiConfig {
        rate_limit_per_minute: config.rate_limit_per_minute,
        upload_bytes_max: config.upload_bytes_max,
        secure_cookies: config.secure_cookies,
        demo: None,
    }
}
