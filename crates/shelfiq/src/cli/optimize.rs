//! `shelfiq optimize`: names, flags and help texts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use shelfiq_core::Ratio;
use shelfiq_pricing::{Attribute, Direction, PriceEndings, RiskAttitude};

/// `shelfiq optimize`
#[derive(Debug, Args)]
#[command(after_long_help = COLUMNS)]
pub(crate) struct Optimize {
    /// Table with the columns unique_id, price, cost, elasticity, elasticity_sd, baseline_quantity, and limits; `-` is
    /// standard input
    pub(crate) file: PathBuf,
    /// File to write; its ending decides the format; `-` is CSV on standard output
    #[arg(long, default_value = "-")]
    pub(crate) out: PathBuf,
    /// What to make as large as possible; balanced is the mean of revenue and margin
    #[arg(long, value_parser = ["revenue", "margin", "balanced"], default_value = "margin")]
    pub(crate) objective: String,
    /// How a price is found
    #[arg(long, value_enum, default_value_t = Strategy::Earn)]
    pub(crate) strategy: Strategy,

    /// Change a price only if a gain is at least this likely, in per cent; 0 takes the best guess
    #[arg(long, value_name = "PERCENT", value_parser = probability, default_value = "0", help_heading = "How sure")]
    pub(crate) confidence: Ratio,
    /// What decides between prices: best-guess, neutral (the expected value), quantile=20 (what is reached in four cases of
    /// five) or worst=20 (the mean of the worst fifth)
    #[arg(long, value_parser = risk, default_value = "best-guess", help_heading = "How sure")]
    pub(crate) risk: Risk,
    /// Allow prices outside observed_min_price and observed_max_price
    #[arg(long, help_heading = "How sure")]
    pub(crate) untried: bool,

    /// Largest change from today's price, in per cent; without it, a row without limits moves by at most a tenth
    #[arg(long, value_name = "PERCENT", value_parser = share, help_heading = "Limits of every row")]
    pub(crate) max_change: Option<Ratio>,
    /// Smallest margin as per cent of the price, where a row has no min_margin
    #[arg(long, value_name = "PERCENT", value_parser = probability, help_heading = "Limits of every row")]
    pub(crate) min_margin: Option<Ratio>,
    /// Endings of new prices: any, charm (x.90, x.95, x.99, whole amounts), or the last two digits such as 49,99
    #[arg(long, default_value = "any", help_heading = "Limits of every row")]
    pub(crate) endings: Endings,
    /// Smallest reduction worth announcing, in per cent of lowest_price_30d
    #[arg(long, value_name = "PERCENT", value_parser = probability, default_value = "5", help_heading = "Limits of every row")]
    pub(crate) reduction_min: Ratio,

    /// Offers of rivals: unique_id, seller, price, and optionally available and attributes
    #[arg(long, value_name = "FILE", help_heading = "Rivals (strategies competitive and value)")]
    pub(crate) offers: Option<PathBuf>,
    /// A name under which we sell; its offers are no rival's. May be given several times
    #[arg(long, value_name = "NAME", help_heading = "Rivals (strategies competitive and value)")]
    pub(crate) own_seller: Vec<String>,
    /// Which of the rivals' prices counts
    #[arg(long, value_enum, default_value_t = ReferenceName::Median, help_heading = "Rivals (strategies competitive and value)")]
    pub(crate) reference: ReferenceName,
    /// Distance to the reference in per cent: 0 matches, -2 undercuts by 2 %
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "0", allow_hyphen_values = true, help_heading = "Rivals (strategies competitive and value)")]
    pub(crate) distance: Ratio,
    /// Most that the position may cost, in per cent of what the best price earns
    #[arg(long, value_name = "PERCENT", value_parser = probability, default_value = "10", help_heading = "Rivals (strategies competitive and value)")]
    pub(crate) sacrifice: Ratio,
    /// Columns of both files that tell what an offer is worth, each with + (more is better), - (less is better) or neither:
    /// rating+,weight-
    #[arg(long, value_delimiter = ',', value_parser = attribute, value_name = "COLUMNS", help_heading = "Rivals (strategies competitive and value)")]
    pub(crate) attributes: Vec<Attribute>,

    /// Least margin of all rows together
    #[arg(long, value_name = "AMOUNT", help_heading = "All rows together")]
    pub(crate) total_margin_min: Option<f64>,
    /// Least revenue of all rows together
    #[arg(long, value_name = "AMOUNT", help_heading = "All rows together")]
    pub(crate) total_revenue_min: Option<f64>,
    /// Least units of all rows together
    #[arg(long, value_name = "UNITS", help_heading = "All rows together")]
    pub(crate) total_units_min: Option<f64>,
    /// At most so many prices change
    #[arg(long, value_name = "COUNT", help_heading = "All rows together")]
    pub(crate) changes_max: Option<usize>,
    /// Lowest price index: today's prices are 100, each weighted by its revenue
    #[arg(long, value_name = "INDEX", help_heading = "All rows together")]
    pub(crate) price_index_min: Option<f64>,
    /// Highest price index
    #[arg(long, value_name = "INDEX", help_heading = "All rows together")]
    pub(crate) price_index_max: Option<f64>,
    /// Write what can be had together instead of one answer: every price of each point of the front between revenue, margin
    /// and low prices. POINTS levels of revenue and of the price index are tried
    #[arg(long, value_name = "POINTS", num_args = 0..=1, default_missing_value = "5", value_parser = clap::value_parser!(u16).range(2..=20), help_heading = "All rows together")]
    pub(crate) front: Option<u16>,
}

const COLUMNS: &str = "\
Optional columns of FILE, each a limit of its row; an empty cell is no limit:
  min_price, max_price        lowest and highest price
  min_margin                  smallest margin as a share of the price: 0.25 for 25 %
  rival_price                 the price stays within 20 % of it, or comes closer
  min_advertised_price        lowest price the manufacturer lets us advertise (MAP)
  lowest_price_30d            the next price is announced as a reduction of the lowest price of thirty days (EU Omnibus)
  frozen                      yes: the promotion calendar keeps the price as it is
  stock                       units that can be sold
  observed_min_price, observed_max_price
                              prices tried so far
  below, gap_min, gap_max     the unique_id of the row that must cost less than this one, and by which share at least
                              and at most: 0.1 for 10 % (all rows are then priced together)

Strategy season reads stock, days (left to sell it) and optionally leftover_value (of a unit that is left, 0 if not
given); baseline_quantity is then units a day. It writes tomorrow's price, and what is expected until the last day.";

/// How a price is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strategy {
    /// The price that earns most of the objective
    Earn,
    /// A place among the rivals (rival_price or --offers), as far as it costs little
    Competitive,
    /// What rating and features are worth by the prices of --offers
    Value,
    /// The course of prices that sells a stock by a date
    Season,
}

/// Which of the rivals' prices counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReferenceName {
    /// The cheapest
    Cheapest,
    /// The middle one
    Median,
}

/// [`RiskAttitude`] as a flag.
pub(crate) type Risk = RiskAttitude;
/// [`PriceEndings`] as a flag.
pub(crate) type Endings = PriceEndings;

pub(super) fn percent(text: &str) -> Result<Ratio, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    let number: Decimal = number.parse().map_err(|_| "write a number of per cent, such as 10 or 2.5".to_owned())?;
    Ok(Ratio::new(number / Decimal::ONE_HUNDRED))
}

fn share(text: &str) -> Result<Ratio, String> {
    let share = percent(text)?;
    if share > Ratio::ZERO { Ok(share) } else { Err("it must be above 0 per cent".to_owned()) }
}

fn probability(text: &str) -> Result<Ratio, String> {
    let share = percent(text)?;
    let fits = share >= Ratio::ZERO && share < Ratio::ONE;
    if fits { Ok(share) } else { Err("it must be at least 0 and below 100 per cent".to_owned()) }
}

fn risk(text: &str) -> Result<Risk, String> {
    let unclear = || "write best-guess, neutral, quantile=20 or worst=20".to_owned();
    let share = |text: &str| {
        let share = probability(text).map_err(|_| unclear())?.to_f64();
        if share > 0.0 { Ok(share) } else { Err(unclear()) }
    };
    match text.split_once('=') {
        None if text == "best-guess" => Ok(RiskAttitude::BestGuess),
        None if text == "neutral" => Ok(RiskAttitude::Neutral),
        Some(("quantile", percent)) => Ok(RiskAttitude::LowerQuantile(share(percent)?)),
        Some(("worst", percent)) => Ok(RiskAttitude::WorstShare(share(percent)?)),
        _ => Err(unclear()),
    }
}

fn attribute(text: &str) -> Result<Attribute, String> {
    let (name, direction) = match text.trim() {
        text if text.ends_with('+') => (&text[..text.len() - 1], Direction::MoreIsBetter),
        text if text.ends_with('-') => (&text[..text.len() - 1], Direction::LessIsBetter),
        text => (text, Direction::Either),
    };
    if name.is_empty() {
        return Err("write the names of columns, such as rating+,weight-".to_owned());
    }
    Ok(Attribute { name: name.to_owned(), direction })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_in_per_cent() {
        assert_eq!(percent("-2.5 %"), Ok(Ratio::new(Decimal::new(-25, 3))));
        assert_eq!(share("10"), Ok(Ratio::from_percent(10)));
        assert!(share("0").is_err() && probability("100").is_err() && percent("ten").is_err());
        assert_eq!(risk("worst=20"), Ok(RiskAttitude::WorstShare(0.2)));
        assert!(risk("worst").is_err() && risk("quantile=0").is_err() && risk("bold").is_err());
        assert_eq!(attribute("weight-").map(|one| one.direction), Ok(Direction::LessIsBetter));
        assert!(attribute("+").is_err());
    }
}
