//! `shelfiq ledger`: names, flags and help texts.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerAction {
    /// List decisions, newest first, with what they promised and what they brought
    List {
        /// Only what came of it: waiting, not_applied, too_early, measured, not_measurable or not_done
        #[arg(long)]
        outcome: Option<String>,
        /// Only where it comes from: recommendation, own_price_change or price_test
        #[arg(long)]
        origin: Option<String>,
        /// Only one Sku
        #[arg(long)]
        sku: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Show one decision in full
    Show {
        /// The entry's id, as printed by `ledger list --json`
        id: String,
    },
    /// Sum up what was promised and measured, beside the books
    Summary,
}
