//! `shelfiq price`: names, flags and help texts.

use chrono::NaiveDate;
use clap::Subcommand;
use rust_decimal::Decimal;

#[derive(Debug, Subcommand)]
pub(crate) enum PriceAction {
    /// Show elasticity, support and advice
    Show {
        /// Sku code
        sku: String,
    },
    /// Try prices on purpose, to learn how demand answers
    Tests {
        #[command(subcommand)]
        action: PriceTestsAction,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PriceTestsAction {
    /// List price tests, newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Propose tests for the prices that the data cannot judge
    Propose {
        /// At most so many
        #[arg(long, default_value_t = 10)]
        limit: usize,
    },
    /// Show a test: its schedule, what it says so far, and whether it may stop
    Show {
        /// The test's id
        id: String,
    },
    /// Start the cheapest test that would tell
    Start {
        /// Sku code
        sku: String,
        /// First day; tomorrow if not given
        #[arg(long, value_name = "DAY")]
        first_day: Option<NaiveDate>,
        /// Longest the test may take
        #[arg(long, value_name = "DAYS")]
        days_max: Option<u32>,
        /// Most the test may cost, in the shop's currency
        #[arg(long, value_name = "AMOUNT")]
        cost_max: Option<Decimal>,
    },
    /// Stop a running test
    Stop {
        /// The test's id
        id: String,
        /// Why
        #[arg(long, default_value = "stopped by hand")]
        reason: String,
    },
}
