//! The configuration: flags over environment over file over defaults; the only place that reads any of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use config::{File, FileFormat};
use serde::{Deserialize, Serialize};

use crate::cli::Global;

/// Every setting of the binary.
///
/// Since 0.1. Unknown keys are errors.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ShelfiqConfig {
    /// Folder that holds everything.
    pub(crate) data_dir: PathBuf,
    /// Operational database; a SQLite file in the data directory when empty.
    pub(crate) database_url: String,
    /// Filter of log lines, such as `info` or `shelfiq_pipeline=debug`.
    pub(crate) log_filter: String,
    /// Form of log lines.
    pub(crate) log_format: LogFormat,
    /// Calls a minute that one member or API key may make.
    pub(crate) rate_limit_per_minute: u32,
    /// Largest file that can be uploaded, in bytes.
    pub(crate) upload_bytes_max: u64,
    /// Whether refresh cookies are sent over HTTPS only. Switch on behind a TLS proxy.
    pub(crate) secure_cookies: bool,
    /// MLflow server that is told about trainings of models, such as `http://localhost:5000`; nobody is told when empty.
    /// User and password may stand in it.
    pub(crate) mlflow_tracking_uri: String,
    /// Experiment of that server into which runs go.
    pub(crate) mlflow_experiment: String,
}

/// Forms of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for ShelfiqConfig {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("shelfiq-data"),
            database_url: String::new(),
            log_filter: "warn,shelfiq=info".to_owned(),
            log_format: LogFormat::Text,
            rate_limit_per_minute: 1_000,
            upload_bytes_max: 2 << 30,
            secure_cookies: false,
            mlflow_tracking_uri: String::new(),
            mlflow_experiment: "shelfiq".to_owned(),
        }
    }
}

const FILE_NAME: &str = "shelfiq.toml";
const PREFIX: &str = "SHELFIQ";

impl ShelfiqConfig {
    /// Reads file, environment and flags.
    ///
    /// # Errors
    /// Names the file and the key that cannot be understood.
    pub(crate) fn load(global: &Global) -> anyhow::Result<Self> {
        let mut builder = config::Config::builder();
        let file = global.config.clone().or_else(|| Some(PathBuf::from(FILE_NAME)).filter(|file| file.exists()));
        if let Some(file) = &file {
            if !file.exists() {
                bail!("there is no configuration file `{}`", file.display());
            }
            builder = builder.add_source(File::from(file.as_path()).format(FileFormat::Toml));
        }
        for key in keys()? {
            let name = format!("{PREFIX}_{}", key.to_uppercase());
            if let Some(value) = environment(&name) {
                builder = builder.set_override(&key, value)?;
            }
        }
        let mut config: Self = builder.build()?.try_deserialize().with_context(|| match &file {
            Some(file) => format!("the configuration in `{}` or in {PREFIX}_… variables is not valid", file.display()),
            None => format!("the configuration in {PREFIX}_… variables is not valid"),
        })?;
        if let Some(folder) = &global.data_dir {
            config.data_dir.clone_from(folder);
        }
        Ok(config)
    }

    /// Address of the operational database.
    pub(crate) fn database_address(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite://{}?mode=rwc", self.data_dir.join("shelfiq.db").display())
        } else {
            self.database_url.clone()
        }
    }

    /// Every key with its value and where it came from: `flag`, `environment`, `file` or `default`.
    pub(crate) fn origins(&self, global: &Global) -> anyhow::Result<Vec<(String, String, &'static str)>> {
        let values = toml::Table::try_from(self)?;
        let path = global.config.clone().unwrap_or_else(|| PathBuf::from(FILE_NAME));
        let written = read_table(&path);
        let origin = |key: &str| match key {
            "data_dir" if global.data_dir.is_some() => "flag",
            _ if environment(&format!("{PREFIX}_{}", key.to_uppercase())).is_some() => "environment",
            _ if written.contains_key(key) => "file",
            _ => "default",
        };
        Ok(values.iter().map(|(key, value)| (key.clone(), masked(key, value), origin(key))).collect())
    }
}

/// A password inside a database address is not for eyes.
fn masked(key: &str, value: &toml::Value) -> String {
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (key, shown.split_once("://"), shown.rsplit_once('@')) {
        ("database_url" | "mlflow_tracking_uri", Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => shown,
    }
}

fn keys() -> anyhow::Result<Vec<String>> {
    Ok(toml::Table::try_from(ShelfiqConfig::default())?.keys().cloned().collect())
}

fn read_table(path: &Path) -> toml::Table {
    std::fs::read_to_string(path).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "the binary's configuration is the one place that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
