//! What the models know about one Sku, as plain values.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, Money, Quantity, Ratio, Sku, UnitPrice};

/// Everything that advice about one Sku can rest on. All money is in `currency`; a signal in another currency counts as
/// unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkuSignals {
    /// The Sku.
    pub sku: Sku,
    /// The name that a person reads.
    pub title: String,
    /// The currency in which the Sku is sold.
    pub currency: CurrencyCode,
    /// Our price now, `None` if unknown.
    pub price: Option<UnitPrice>,
    /// The lowest price that merchant, brand and calendar allow now: the present one where prices stand still. `None` if
    /// nothing limits it.
    pub lowest_price: Option<UnitPrice>,
    /// What one unit costs, `None` if unknown.
    pub unit_cost: Option<UnitPrice>,
    /// Stock and replenishment, `None` if nobody counts it.
    pub stock: Option<StockSignal>,
    /// Demand ahead.
    pub demand: DemandSignal,
    /// How demand answers to price, `None` if no model has looked.
    pub elasticity: Option<ElasticitySignal>,
    /// What the price model advises.
    pub pricing: PricingSignal,
    /// Anomalies that are open now.
    pub anomalies: Vec<AnomalySignal>,
    /// First day on which the Sku was sold or stocked; young Skus are no slow movers. `None` if unknown.
    pub first_seen: Option<NaiveDate>,
    /// The Sku most often bought together with this one.
    pub companion: Option<Companion>,
}

/// Stock on hand, on the way, and how it is replenished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockSignal {
    /// Units that can be sold now.
    pub on_hand: Quantity,
    /// Units ordered and not yet here.
    pub on_order: Quantity,
    /// Days from ordering to selling.
    pub lead_time_days: u32,
    /// Standard deviation of the lead time, in days; 0 where it is a promise or unknown.
    pub lead_time_deviation_days: f64,
    /// Units come in multiples of this; 1 if single units can be ordered.
    pub pack_size: Quantity,
    /// Least quantity of an order.
    pub min_order: Quantity,
    /// When the stock was counted.
    pub observed_at: DateTime<Utc>,
}

/// Demand ahead, or why there is no forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum DemandSignal {
    /// A forecast.
    Forecast(DemandOutlook),
    /// No forecast, and why, for example "9 days of sales, 14 are needed".
    NotEnoughData {
        /// Why, in a clause.
        reason: String,
    },
}

/// A daily demand forecast. Each list has one entry per day, the first for `first_day`; the cumulative ones may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandOutlook {
    /// The first day ahead.
    pub first_day: NaiveDate,
    /// Conditional mean of each day, in units.
    pub mean_units: Vec<f64>,
    /// Lower end of each day's 80 % interval, in units.
    pub lo80_units: Vec<f64>,
    /// Upper end of each day's 80 % interval, in units.
    pub hi80_units: Vec<f64>,
    /// Lower end of the 80 % interval of the units from the first day through each day. Sums are surer than their parts,
    /// and only the forecaster knows by how much.
    pub cumulative_lo80_units: Vec<f64>,
    /// Upper end of that interval.
    pub cumulative_hi80_units: Vec<f64>,
    /// The model's name, for the evidence.
    pub model: String,
}

/// Posterior of the own-price elasticity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ElasticitySignal {
    /// Mean; −2 means that a price lower by 1 % sells about 2 % more.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// Whether this Sku's own sales tell it. If not, mean and deviation are those of its peers.
    pub identified: bool,
}

/// What the price model advises, or why it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum PricingSignal {
    /// A better price.
    Advice(PriceAdvice),
    /// The present price is as good as any that the model can defend.
    PriceIsRight {
        /// Why, in a clause.
        reason: String,
    },
    /// The sales do not tell how demand answers to price.
    NotIdentified {
        /// Why, in a clause, for example "the price never changed".
        reason: String,
        /// The cheapest safe test that would settle it, `None` if there is none.
        test: Option<PriceTestPlan>,
    },
    /// Too few sales or prices.
    NotEnoughData {
        /// Why, in a clause.
        reason: String,
    },
}

/// A price that the model can defend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceAdvice {
    /// The price to set.
    pub price: Money,
    /// Gain in profit against keeping the present price, over `horizon_days`.
    pub gain: GainRange,
    /// Days over which the gain is counted.
    pub horizon_days: u32,
    /// Posterior probability that the gain is above zero.
    pub probability_of_gain: Ratio,
    /// Expected units over the horizon at the present price.
    pub units_now: f64,
    /// Expected units over the horizon at the advised price.
    pub units_then: f64,
    /// Guard rails that the optimiser checked.
    pub guard_rails: Vec<GuardRailCheck>,
    /// The guard rail that keeps the price from going further, `None` if none does.
    pub binding_constraint: Option<String>,
    /// Whether the price lies outside the prices that were ever tried.
    pub is_outside_support: bool,
    /// How the shop prices, for the evidence: "Highest margin".
    pub strategy: String,
    /// What the gain is counted in, for sentences: "profit".
    pub gain_in: String,
    /// What the strategy aims at where it is not the gain: "matching the median of 3 rivals at 9.90". Such advice is given
    /// whatever the gain; the gain then says what the position costs.
    pub aim: Option<String>,
    /// The model's name, for the evidence.
    pub model: String,
}

/// A safe price test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceTestPlan {
    /// The price to try.
    pub price: Money,
    /// For how many days.
    pub days: u32,
    /// What the test is expected to cost (profit forgone while it runs).
    pub expected_cost: Money,
    /// Expected gain from pricing with the answer, net of the cost of the test. `None` if the model gives none.
    pub gain: Option<GainRange>,
    /// Days over which the gain is counted.
    pub horizon_days: u32,
}

/// An amount with its 80 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GainRange {
    /// Expected value.
    pub expected: Money,
    /// Exceeded with a probability of 90 %.
    pub lo: Money,
    /// Exceeded with a probability of 10 %.
    pub hi: Money,
}

/// One guard rail as the optimiser checked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardRailCheck {
    /// Its name, for example `margin_floor`.
    pub name: String,
    /// Whether the advice keeps it.
    pub passed: bool,
    /// The numbers, for example "margin 38 %, at least 20 %".
    pub detail: String,
}

/// An anomaly that is open now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnomalySignal {
    /// The measure in which it was seen, for example `price` or `units`.
    pub measure: String,
    /// The detector's sentence.
    pub sentence: String,
    /// When it was seen.
    pub observed_at: DateTime<Utc>,
}

/// A Sku that is often bought together with another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Companion {
    /// Its code.
    pub sku: Sku,
    /// Its name.
    pub title: String,
    /// Orders that held both.
    pub joint_orders: u32,
}
