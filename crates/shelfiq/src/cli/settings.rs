//! `shelfiq settings`: names, flags and help texts.

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use shelfiq_core::Ratio;
use shelfiq_pricing::{Objective, PriceEndings};

use super::optimize::{ReferenceName, percent};

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsAction {
    /// Show every setting of the shop
    Show,
    /// Change how prices are found; what is not given stays as it is
    Pricing(Box<PricingSettings>),
}

/// `shelfiq settings pricing`
#[derive(Debug, Args)]
pub(crate) struct PricingSettings {
    /// What a price should make as large as possible
    #[arg(long, value_enum)]
    pub(crate) objective: Option<ObjectiveName>,
    /// How a price is found
    #[arg(long, value_enum)]
    pub(crate) strategy: Option<ShopStrategyName>,
    /// Whose price counts among the rivals, for the strategy compete
    #[arg(long, value_enum)]
    pub(crate) reference: Option<ReferenceName>,
    /// Distance to it in per cent: 0 matches, -2 undercuts by 2 %
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    pub(crate) distance: Option<Ratio>,
    /// Most that the position may cost, in per cent of what the best price earns
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) sacrifice: Option<Ratio>,
    /// A name under which the shop itself sells; several times for several, an empty one for none
    #[arg(long, value_name = "NAME")]
    pub(crate) own_seller: Vec<String>,
    /// How doubt about demand weighs
    #[arg(long, value_enum)]
    pub(crate) risk: Option<RiskName>,
    /// Change a price only if a gain is at least this likely, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) confidence: Option<Ratio>,
    /// Largest change of a price in a day, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) max_change: Option<Ratio>,
    /// Least margin in per cent of the price
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_hyphen_values = true)]
    pub(crate) min_margin: Option<Ratio>,
    /// Endings of new prices: any, charm, or the last two digits such as 49,99
    #[arg(long)]
    pub(crate) endings: Option<PriceEndings>,
    /// How far below the cheapest rival a price may go, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) rival_below: Option<Ratio>,
    /// How far above the cheapest rival a price may go, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) rival_above: Option<Ratio>,
    /// Whether a price may be cut where the cut may not be announced as a reduction (EU Omnibus)
    #[arg(long, value_enum)]
    pub(crate) reductions: Option<ReductionRuleName>,
    /// Smallest reduction worth announcing, in per cent of the lowest price of thirty days
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) reduction_min: Option<Ratio>,
    /// Days on which no price changes: FROM..TO=NAME, such as 2026-11-27..2026-11-30=Black Friday. May be given several
    /// times and replaces what was set
    #[arg(long, value_name = "DAYS", value_parser = frozen)]
    pub(crate) frozen: Vec<(NaiveDate, NaiveDate, String)>,
    /// Let prices change on every day again
    #[arg(long, conflicts_with = "frozen")]
    pub(crate) no_frozen: bool,
}

/// What a price should make as large as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ObjectiveName {
    /// Price times units
    Revenue,
    /// Price less cost, times units
    Margin,
    /// The mean of both
    Balanced,
}

impl From<ObjectiveName> for Objective {
    fn from(name: ObjectiveName) -> Self {
        match name {
            ObjectiveName::Revenue => Self::Revenue,
            ObjectiveName::Margin => Self::Margin,
            ObjectiveName::Balanced => Self::Balanced,
        }
    }
}

/// How a price is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShopStrategyName {
    /// The price that earns most of the objective
    Earn,
    /// A place among the rivals, as far as it costs little
    Compete,
}

/// How doubt about demand weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RiskName {
    /// The expected gain decides
    Neutral,
    /// What is reached in four cases of five decides
    Careful,
    /// The mean of the worst fifth of all cases decides
    VeryCareful,
}

/// Whether a price may be cut without announcing the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReductionRuleName {
    /// It may
    Any,
    /// Only where the cut may be announced
    OnlyAnnounceable,
}

fn frozen(text: &str) -> Result<(NaiveDate, NaiveDate, String), String> {
    let unclear = || "write FROM..TO=NAME, such as 2026-11-27..2026-11-30=Black Friday".to_owned();
    let (days, name) = text.split_once('=').unwrap_or((text, ""));
    let (from, to) = days.split_once("..").ok_or_else(unclear)?;
    let day = |text: &str| text.trim().parse().map_err(|_| unclear());
    Ok((day(from)?, day(to)?, name.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_days_are_read_with_and_without_a_name() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let read = (day("2026-11-27"), day("2026-11-30"), "Black Friday".to_owned());
        assert_eq!(frozen("2026-11-27..2026-11-30=Black Friday"), Ok(read));
        assert!(frozen("2026-11-27..2026-11-30").is_ok_and(|(_, _, name)| name.is_empty()));
        assert!(frozen("2026-11-27").is_err() && frozen("a..b=c").is_err());
    }
}
