//! `shelfiq models`: names, flags and help texts.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsAction {
    /// Compare the versions of the demand model
    List,
    /// Show how far the forecasts of a version were off, by origin and distance
    Accuracy {
        /// Number of a version; the one in production if not given
        #[arg(long, value_name = "NUMBER")]
        version: Option<i32>,
        /// Only one kind of demand: smooth, erratic, intermittent, lumpy or new
        #[arg(long)]
        class: Option<String>,
        /// Origins of the last so many weeks of data
        #[arg(long, default_value_t = 26)]
        weeks: u32,
    },
    /// Show whether what models see has stopped being what they learnt from
    Drift,
    /// Take a version to a later stage
    Promote {
        /// Number of the version
        number: i32,
        /// How far
        #[arg(long, value_parser = ["shadow", "canary", "production"], default_value = "production")]
        stage: String,
        /// With `canary`: share of the Skus that it serves
        #[arg(long)]
        share: Option<f64>,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Take a version back: end its trial, or let what it replaced serve again
    Rollback {
        /// Number of the version
        number: i32,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
}
