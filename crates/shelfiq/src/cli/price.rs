//! `shelfiq price`: names, flags and help texts.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use rust_decimal::Decimal;

use super::settings::ObjectiveName;

#[derive(Debug, Subcommand)]
pub(crate) enum PriceAction {
    /// Show elasticity, support and advice
    Show {
        /// Sku code
        sku: String,
    },
    /// Simulate what another plan would bring, beside the plan as it stands
    Simulate(Simulate),
    /// Find the best prices of the whole shop under shared limits, or show what can be had together (--front)
    Plan(Box<PricePlan>),
    /// Find the course of prices that sells a stock by a day
    Season(SeasonPlan),
    /// Try prices on purpose, to learn how demand answers
    Tests {
        #[command(subcommand)]
        action: PriceTestsAction,
    },
}

/// `shelfiq price plan`
#[derive(Debug, Args)]
pub(crate) struct PricePlan {
    /// What to make as large as possible; the shop's own objective if not given
    #[arg(long, value_enum)]
    pub(crate) objective: Option<ObjectiveName>,
    /// Only products of this category
    #[arg(long)]
    pub(crate) category: Option<String>,
    /// Least margin of all products together over the next 28 days
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) margin_min: Option<f64>,
    /// Least revenue of all products together
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) revenue_min: Option<f64>,
    /// Least units of all products together
    #[arg(long, value_name = "UNITS")]
    pub(crate) units_min: Option<f64>,
    /// At most so many prices change
    #[arg(long, value_name = "COUNT")]
    pub(crate) changes_max: Option<usize>,
    /// Lowest price index: today's prices are 100, each weighted by its revenue
    #[arg(long, value_name = "INDEX")]
    pub(crate) index_min: Option<f64>,
    /// Highest price index
    #[arg(long, value_name = "INDEX")]
    pub(crate) index_max: Option<f64>,
    /// Show the front between revenue, margin and low prices instead of one plan
    #[arg(long)]
    pub(crate) front: bool,
    /// Accept the plan's prices: each becomes an accepted recommendation that can be undone
    #[arg(long, conflicts_with = "front")]
    pub(crate) take: bool,
    /// Write the changes to this file as well; its ending decides the format
    #[arg(long, value_name = "FILE", conflicts_with = "front")]
    pub(crate) out: Option<PathBuf>,
}

/// `shelfiq price season`
#[derive(Debug, Args)]
pub(crate) struct SeasonPlan {
    /// Sku code
    pub(crate) sku: String,
    /// Last day on which it is sold
    #[arg(long, value_name = "DAY")]
    pub(crate) until: NaiveDate,
    /// Units to sell; the stock as last counted if not given
    #[arg(long, value_name = "UNITS")]
    pub(crate) stock: Option<u32>,
    /// What a unit is worth that is left; below zero if getting rid of it costs something
    #[arg(long, value_name = "AMOUNT", default_value = "0", allow_hyphen_values = true)]
    pub(crate) leftover: Decimal,
}

/// `shelfiq price simulate`: what is not given stays as it is
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Sku code
    pub(crate) sku: String,
    /// Our price on every day
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) price: Option<Decimal>,
    /// Units on hand before the first day
    #[arg(long, value_name = "UNITS")]
    pub(crate) stock: Option<u32>,
    /// Units that arrive on a day, in place of what is on order; may be given several times
    #[arg(long, value_name = "DAY=UNITS", value_parser = delivery)]
    pub(crate) delivery: Vec<(NaiveDate, u32)>,
    /// Cost of one unit
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) cost: Option<Decimal>,
    /// What the cheapest rival asks
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) rival_price: Option<Decimal>,
    /// First day of a promotion
    #[arg(long, value_name = "DAY", requires = "promotion_to")]
    pub(crate) promotion_from: Option<NaiveDate>,
    /// Last day of a promotion
    #[arg(long, value_name = "DAY", requires = "promotion_from")]
    pub(crate) promotion_to: Option<NaiveDate>,
    /// Days that are looked at; 28 if not given
    #[arg(long, value_name = "DAYS")]
    pub(crate) horizon: Option<u32>,
}

fn delivery(text: &str) -> Result<(NaiveDate, u32), String> {
    let unclear = || "write DAY=UNITS, such as 2026-07-14=40".to_owned();
    let (day, units) = text.split_once('=').ok_or_else(unclear)?;
    Ok((day.parse().map_err(|_| unclear())?, units.parse().map_err(|_| unclear())?))
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
