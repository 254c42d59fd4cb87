//! `shelfiq anomalies`: names, flags and help texts.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `shelfiq anomalies`
#[derive(Debug, Args)]
pub(crate) struct Anomalies {
    #[command(subcommand)]
    pub(crate) action: Option<AnomaliesAction>,
    /// Table with the columns unique_id, ds, y
    #[arg(required = true, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Periods in a season; detected if not given
    #[arg(long)]
    pub(crate) season: Option<usize>,
    /// File to write; its ending decides the format; `-` is CSV on standard output
    #[arg(long, default_value = "-")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AnomaliesAction {
    /// Show what is unusual about a product
    Show {
        /// Sku code
        sku: String,
        /// In the last so many days of data
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=400))]
        days: u32,
    },
    /// Say that something was not unusual: it is not told again, and its like must be stranger to be told
    Dismiss(Anomaly),
    /// Say that something was unusual indeed
    Confirm(Anomaly),
    /// Take an answer back
    Withdraw(Anomaly),
    /// List what was said about anomalies, and how strange one must be since
    Feedback {
        /// At most so many answers
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}

/// Which anomaly, as `anomalies show` lists them.
#[derive(Debug, Args)]
pub(crate) struct Anomaly {
    /// Sku code
    pub(crate) sku: String,
    /// The day, such as 2026-03-04
    pub(crate) day: String,
    /// In what it was seen: units, weekly_units, price, rival_price, reviews, complaints, missing_stock or traffic
    #[arg(long, default_value = "units")]
    pub(crate) measure: String,
    /// Why
    #[arg(long)]
    pub(crate) note: Option<String>,
}
