//! Log lines on standard error.

use tracing_subscriber::EnvFilter;

use crate::cli::Global;
use crate::config::{LogFormat, ShelfiqConfig};

/// Starts writing log lines. Called once, by `main`. A command that answers and ends (`is_service` is false) says nothing
/// beside its answer unless something is wrong.
pub(crate) fn start(global: &Global, config: &ShelfiqConfig, is_service: bool) {
    let filter = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (false, 0) if is_service => config.log_filter.as_str(),
        (false, 0) => "warn",
        (false, 1) => "info,shelfiq=debug",
        (false, _) => "debug",
    };
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().init(),
    }
}
