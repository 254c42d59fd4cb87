//! What a measure is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Formula, MeasureError, catalog};

macro_rules! measure_ids {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A measure of the catalogue, by its name in requests, SQL and docs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum MeasureId {
            $($(#[$doc])* $variant,)*
        }

        impl MeasureId {
            /// Every measure, in the order in which they are listed to people.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in requests and docs, for example `net_revenue`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

measure_ids! {
    /// Sum over sale lines.
    GrossRevenue = "gross_revenue",
    /// Gross revenue less refunds.
    NetRevenue = "net_revenue",
    /// Orders with at least one sale line.
    Orders = "orders",
    /// Units on sale lines.
    Units = "units",
    /// Gross revenue per order.
    AverageOrderValue = "average_order_value",
    /// What was given back on cancellation and return lines.
    Refunds = "refunds",
    /// Refunds as a proportion of gross revenue.
    RefundRate = "refund_rate",
    /// Orders with at least one cancellation line.
    Cancellations = "cancellations",
    /// Customers who bought.
    ActiveCustomers = "active_customers",
    /// Customers who bought for the first time.
    NewCustomers = "new_customers",
    /// Customers who bought and had bought before.
    ReturningCustomers = "returning_customers",
    /// Net revenue less cost of goods, where the cost is known.
    Margin = "margin",
    /// Margin as a proportion of the net revenue whose cost is known.
    MarginRate = "margin_rate",
    /// Share of the goods on offer that was sold.
    SellThrough = "sell_through",
    /// Days for which the stock lasts at the pace of the period.
    StockCover = "stock_cover",
}

impl MeasureId {
    /// The definition.
    #[must_use]
    pub fn measure(self) -> &'static Measure {
        catalog::measure(self)
    }
}

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MeasureId {
    type Err = MeasureError;

    fn from_str(text: &str) -> Result<Self, MeasureError> {
        Self::ALL
            .iter()
            .copied()
            .find(|id| id.as_str() == text)
            .ok_or_else(|| MeasureError::UnknownMeasure { name: text.to_owned() })
    }
}

/// The definition of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its id.
    pub id: MeasureId,
    /// What people call it.
    pub title: &'static str,
    /// Unit of its values.
    pub unit: Unit,
    /// The rows it is computed from.
    pub grain: &'static str,
    /// What it means, in one or two sentences.
    pub definition: &'static str,
    /// How it is computed.
    pub formula: Formula,
    /// Whether values of parts add up to the value of the whole.
    pub additivity: Additivity,
    /// Which state of knowledge a value reflects.
    pub as_of: &'static str,
    /// Whether more is better.
    pub direction: Direction,
}

/// Unit of a measure's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Major units of a currency, one value per currency.
    Money,
    /// Whole things.
    Count,
    /// A proportion: 0.25 means 25 %.
    Ratio,
    /// Days.
    Days,
}

/// Whether values of parts add up to the value of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Additivity {
    /// Over every dimension.
    Full,
    /// Over stores and days, but not over Skus: one order holds several.
    NotOverSkus,
    /// Over no dimension: customers come back, ratios do not add.
    None,
}

/// Whether more is better: what decides the colour of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Depends.
    Neutral,
}
