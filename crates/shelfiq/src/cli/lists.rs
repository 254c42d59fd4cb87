//! `shelfiq products`, `recommend` and `alerts`: what the web app shows as lists.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ProductsAction {
    /// List products, best sellers first
    List {
        /// Only titles and codes that contain this
        #[arg(long)]
        search: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecommendAction {
    /// List open recommendations, most valuable first
    List {
        /// Only one kind
        #[arg(long, value_parser = ["reprice", "restock", "slow_mover", "price_test"])]
        kind: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlertsAction {
    /// List open alerts, most urgent first
    List {
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}
