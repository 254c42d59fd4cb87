//! A proposed action with everything that a merchant needs to judge it.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Quantity, Ratio, Sku, UnitPrice};

/// The kinds of advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecommendationKind {
    /// Set another price.
    Reprice,
    /// Try another price for a while to learn how demand answers.
    PriceTest,
    /// Order new stock.
    Restock,
    /// Turn stock that hardly sells into money.
    SlowMover,
}

impl RecommendationKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Restock, Self::Reprice, Self::SlowMover, Self::PriceTest];

    /// The name as stored and as used in filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reprice => "reprice",
            Self::PriceTest => "price_test",
            Self::Restock => "restock",
            Self::SlowMover => "slow_mover",
        }
    }
}

impl fmt::Display for RecommendationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What makes two proposals the same advice: at most one per key is open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecommendationKey {
    /// The kind of advice.
    pub kind: RecommendationKind,
    /// Whom it concerns.
    pub sku: Sku,
}

impl fmt::Display for RecommendationKey {
    /// `restock/MUG-1`: a stable text for a unique index.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.sku)
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Action {
    /// Set the price.
    SetPrice {
        /// The price now.
        from: UnitPrice,
        /// The price to set.
        to: Money,
    },
    /// Try a price, then go back and read the result.
    TestPrice {
        /// The price now.
        from: UnitPrice,
        /// The price to try.
        to: Money,
        /// For how many days.
        days: u32,
    },
    /// Order stock.
    Order {
        /// Units to order.
        quantity: Quantity,
        /// The last day on which an order still arrives in time, today or later.
        order_by: NaiveDate,
    },
    /// Mark the price down until the excess is sold.
    Markdown {
        /// The price now.
        from: UnitPrice,
        /// The price to set.
        to: Money,
    },
    /// Sell it together with another Sku.
    Bundle {
        /// The Sku to sell it with.
        with: Sku,
        /// The price that this Sku contributes to the bundle.
        price: Money,
    },
}

/// The expected effect of doing it, against not doing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Expected change of profit over the horizon.
    pub expected: Money,
    /// Lower end of the 80 % interval.
    pub lo: Money,
    /// Upper end of the 80 % interval.
    pub hi: Money,
    /// Days over which the effect is counted.
    pub horizon_days: u32,
    /// What it is compared with, in a clause: "against ordering a week later".
    pub against: String,
}

/// One fact that the advice rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is, for example "Demand until an order arrives".
    pub label: String,
    /// The figure.
    pub value: EvidenceValue,
    /// Where to see the rows, chart or model behind it.
    pub link: Link,
}

/// A figure with its unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "unit", content = "value")]
pub enum EvidenceValue {
    /// An amount of money.
    Money(Money),
    /// The price of one unit.
    Price(UnitPrice),
    /// Units of the Sku.
    Units(f64),
    /// Units of the Sku with an 80 % interval.
    UnitsRange {
        /// Expected value.
        expected: f64,
        /// Lower end.
        lo: f64,
        /// Upper end.
        hi: f64,
    },
    /// A number of days.
    Days(f64),
    /// A proportion.
    Ratio(Ratio),
    /// An elasticity with one standard deviation.
    Elasticity {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
    },
    /// A calendar day.
    Day(NaiveDate),
    /// A statement, for example an anomaly's sentence or a model's name.
    Text(String),
}

/// Where the evidence can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The Sku's order lines.
    OrderLines,
    /// The Sku's demand and forecast chart.
    Forecast,
    /// The Sku's stock history and cover.
    Stock,
    /// The Sku's price history.
    Prices,
    /// The Sku's demand curve and elasticity.
    PriceModel,
    /// The Sku's anomalies.
    Anomalies,
    /// The merchant's settings for advice.
    Policy,
}

/// One guard rail and how the advice stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardRail {
    /// Its name, for example `margin_floor`.
    pub name: String,
    /// The numbers, for example "margin 38.0 %, at least 5.0 %".
    pub detail: String,
}

/// A proposed action: reason, evidence, effect with an interval, and the guard rails it passed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// What makes it this advice.
    pub key: RecommendationKey,
    /// The Sku's name that a person reads.
    pub title: String,
    /// What to do.
    pub action: Action,
    /// Expected effect.
    pub impact: Impact,
    /// Probability that the realised impact is above zero.
    pub confidence: Ratio,
    /// From 0 (any time) to 1 (today): halves with every week until waiting does damage.
    pub urgency: Ratio,
    /// Expected impact × confidence × urgency: what the ranking goes by.
    pub priority: Money,
    /// What the merchant's strategy aims at, where that is not the impact: "matching the median of 3 rivals at 9.90".
    #[serde(default)]
    pub aim: Option<String>,
    /// One sentence with the numbers.
    pub reason: String,
    /// What it rests on, most telling first.
    pub evidence: Vec<Evidence>,
    /// Guard rails that it passed. Advice that fails one is withheld.
    pub guard_rails: Vec<GuardRail>,
    /// When it was computed.
    pub computed_at: DateTime<Utc>,
    /// When it expires unless a later run renews it.
    pub expires_at: DateTime<Utc>,
}
