//! Names and flags of `shelfiq forecast measure`.

use clap::{Args, ValueEnum};

/// `shelfiq forecast measure`
#[derive(Debug, Args)]
pub(crate) struct ForecastMeasure {
    /// The measure
    #[arg(value_parser = shelfiq_measures::MeasureId::ALL.iter().map(|id| id.as_str()).collect::<Vec<_>>())]
    pub(crate) measure: String,
    /// Length of a period
    #[arg(long, value_enum, default_value_t = Period::Day)]
    pub(crate) by: Period,
    /// Periods ahead
    #[arg(long, short = 'H', default_value_t = 28)]
    pub(crate) horizon: usize,
    /// Only this category
    #[arg(long)]
    pub(crate) category: Option<String>,
    /// Only this store
    #[arg(long)]
    pub(crate) store: Option<String>,
    /// Only this channel
    #[arg(long)]
    pub(crate) channel: Option<String>,
    /// Only this country
    #[arg(long)]
    pub(crate) country: Option<String>,
}

/// Lengths of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Period {
    /// Calendar days of the shop
    Day,
    /// Monday to Sunday
    Week,
    /// Calendar months
    Month,
}
