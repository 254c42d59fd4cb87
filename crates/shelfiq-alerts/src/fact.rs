//! What a rule can look at: one typed fact per concern, prepared by the caller from measures and models.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Quantity, Ratio, Sku, UnitPrice};

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "name")]
pub enum Subject {
    /// One thing we count, price and stock.
    Sku(Sku),
    /// A stream of input, for example `orders` or `etsy/stock`.
    Feed(String),
    /// The Skus with a kind of trouble that is too small for an alert of its own, told together.
    Rest,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sku(sku) => sku.fmt(f),
            Self::Feed(feed) => f.write_str(feed),
            Self::Rest => f.write_str("(the rest)"),
        }
    }
}

/// One fact about one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// Whom it is about.
    pub subject: Subject,
    /// The name a person reads, for example the product's title. Empty if unknown.
    pub title: String,
    /// What the subject sold in the last four weeks, in the shop's currency: how much depends on it. `None` for feeds.
    pub turnover: Option<Money>,
    /// What is known.
    pub fact: Fact,
}

/// The concerns that rules know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Fact {
    /// Our own price against its usual band.
    Price(PriceFact),
    /// Units sold against what was expected.
    Demand(DemandFact),
    /// Stock against demand and lead time.
    Stock(StockFact),
    /// How late a feed is.
    Feed(FeedFact),
    /// Price against cost.
    Margin(MarginFact),
    /// Price against the cheapest rival.
    Rival(RivalFact),
    /// Rating now against before.
    Rating(RatingFact),
    /// How far forecasts were off.
    Forecast(ForecastFact),
    /// How often values are missing.
    Quality(QualityFact),
    /// What else is watched, against its own past.
    Watched(WatchedFact),
}

/// Our own price as the anomaly detector judged it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceFact {
    /// The price now.
    pub price: UnitPrice,
    /// The price that was expected.
    pub expected: UnitPrice,
    /// Lower end of the expected band.
    pub lo: UnitPrice,
    /// Upper end of the expected band.
    pub hi: UnitPrice,
    /// The detector's score: 0 usual, 0.5 its threshold, towards 1 ever stranger.
    pub score: Ratio,
    /// When the price took this value.
    pub since: DateTime<Utc>,
    /// Units expected per day at the expected price; `None` if no forecast is known.
    pub daily_demand_units: Option<f64>,
}

/// Units sold in a window of whole days against the forecast made before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandFact {
    /// First day of the window.
    pub first_day: NaiveDate,
    /// Days in the window.
    pub days: u32,
    /// Days before the window, from the Sku's first one on, on which the shop sold anything: what the expectation was
    /// learnt from.
    pub history_days: u32,
    /// Units sold.
    pub actual_units: f64,
    /// Units expected.
    pub expected_units: f64,
    /// Lower end of the expected band.
    pub lo_units: f64,
    /// Upper end of the expected band.
    pub hi_units: f64,
    /// What one unit earns after cost; falls back to its price where cost is unknown.
    pub unit_value: UnitPrice,
    /// Whether the Sku was out of stock in the window: sales then say nothing about demand.
    pub was_out_of_stock: bool,
    /// Change of our own price against the weeks before: −0.2 for 20 % cheaper. `None` if unknown.
    pub price_change: Option<Ratio>,
    /// Whether a promotion ran.
    pub had_promotion: bool,
}

/// Stock on hand and on the way against demand over the lead time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockFact {
    /// Units that can be sold now.
    pub on_hand: Quantity,
    /// Units ordered that arrive within the lead time.
    pub on_order: Quantity,
    /// Expected units per day over the lead time.
    pub daily_demand_units: f64,
    /// Demand per day that is exceeded on one stretch out of ten: the cautious view.
    pub daily_demand_hi_units: f64,
    /// Days from ordering to selling.
    pub lead_time_days: u32,
    /// What one unit earns after cost; falls back to its price where cost is unknown.
    pub unit_value: UnitPrice,
    /// When the stock was counted.
    pub observed_at: DateTime<Utc>,
}

/// How long ago a feed last brought anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedFact {
    /// Event time of the newest row.
    pub newest_at: DateTime<Utc>,
    /// How often rows usually come, in hours (for example the 95 % quantile of past gaps).
    pub usual_gap_hours: f64,
    /// Why the last attempt failed, in a sentence. `None` if it did not.
    pub last_error: Option<String>,
}

/// Our price against what one unit costs, fees included where they are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarginFact {
    /// The price now.
    pub price: UnitPrice,
    /// What one unit costs, fees included.
    pub unit_cost: UnitPrice,
    /// When the margin fell below the threshold, as far as known.
    pub since: DateTime<Utc>,
    /// Units expected per day.
    pub daily_demand_units: f64,
    /// The price before the last change, `None` if it never changed.
    pub previous_price: Option<UnitPrice>,
    /// The cost before the last change, `None` if it never changed.
    pub previous_unit_cost: Option<UnitPrice>,
}

/// Our price against the cheapest rival's offer that can be bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RivalFact {
    /// Our price now.
    pub price: UnitPrice,
    /// The rival's price, shipping included where known.
    pub rival_price: UnitPrice,
    /// The rival's name.
    pub rival: String,
    /// When the rival's offer was seen.
    pub observed_at: DateTime<Utc>,
    /// When the rival went below us.
    pub since: DateTime<Utc>,
    /// Units expected per day.
    pub daily_demand_units: f64,
    /// Elasticity of our demand to the rival's price (a positive number). `None` if it is not identified: no money is
    /// then put at stake.
    pub cross_elasticity: Option<f64>,
    /// What one of our units earns after cost; falls back to its price where cost is unknown.
    pub unit_value: UnitPrice,
}

/// Average rating of the last days against the days before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RatingFact {
    /// Mean rating in the recent window, in stars (1–5).
    pub recent_stars: f64,
    /// Reviews in the recent window.
    pub recent_count: u32,
    /// Mean rating before it, in stars.
    pub earlier_stars: f64,
    /// Reviews before it.
    pub earlier_count: u32,
    /// Standard deviation of single ratings, in stars; 1.0 is usual.
    pub deviation_stars: f64,
    /// First day of the recent window.
    pub since: DateTime<Utc>,
    /// What the recent bad reviews speak of most, for example `sizing`. `None` if unknown.
    pub top_complaint: Option<String>,
}

/// Forecasts of the last weeks against what happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastFact {
    /// Pairs of a forecast and an outcome: one Sku on one day each.
    pub outcomes: u32,
    /// Share of outcomes inside the 80 % interval.
    pub coverage_80: Ratio,
    /// One less the ratio of absolute errors to those of repeating last week: 0.2 for a fifth better.
    pub advantage: Ratio,
    /// When the first of the forecasts was made.
    pub since: DateTime<Utc>,
}

/// How often values are missing now, against the weeks before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityFact {
    /// Which values, in the plural: `Rivals’ prices`.
    pub what: String,
    /// Share of days without one now.
    pub missing_share: Ratio,
    /// The same before.
    pub missing_share_before: Ratio,
    /// Whether chance does not explain the change.
    pub is_beyond_chance: bool,
    /// Since when, as far as known.
    pub since: DateTime<Utc>,
}

/// What is watched beside demand and our own price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchedSeries {
    /// The cheapest rival's price.
    RivalPrice,
    /// Visits of the product's page.
    Traffic,
    /// Reviews, or bad ones, that came on a day.
    Reviews,
    /// Units that a count of the stock found missing.
    MissingStock,
}

/// A watched series as the anomaly detector judged it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WatchedFact {
    /// Which one.
    pub series: WatchedSeries,
    /// What is unusual about its last days; `None` while nothing is.
    pub unusual: Option<UnusualValue>,
    /// Units expected per day.
    pub daily_demand_units: f64,
    /// What one unit is worth: its cost where units are missing, else what it earns after cost. `None` if unknown.
    pub unit_value: Option<UnitPrice>,
}

/// A value of a watched series outside its band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnusualValue {
    /// The day of the value.
    pub day: NaiveDate,
    /// The value: a price in the shop's currency, or a count.
    pub actual: f64,
    /// What was expected before it came, in the same unit.
    pub expected: f64,
    /// The detector's score: 0 usual, 0.5 its threshold, towards 1 ever stranger.
    pub score: Ratio,
    /// One sentence with the numbers.
    pub sentence: String,
}

/// Money lost over some days at so much a unit; `None` where it does not fit.
pub(crate) fn money_over(unit_value: UnitPrice, units: f64) -> Option<Money> {
    use rust_decimal::Decimal;
    use shelfiq_core::Rounding;

    let units = Decimal::from_f64_retain(units)?.round_dp(6);
    let exact = unit_value.amount().checked_mul(units)?;
    Money::from_major(exact, unit_value.currency(), Rounding::HalfEven).ok()
}
