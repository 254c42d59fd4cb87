//! Orders: placed, cancelled, refunded. The three share one shape.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Channel, CountryCode, CurrencyCode, CustomerKey, OrderNumber, Quantity, Sku};

/// An order, or the part of it that one event speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Number as the shop writes it; a cancellation keeps its own number (`C536379`) where the shop gives it one.
    pub number: OrderNumber,
    /// When it was placed, cancelled or refunded, in UTC.
    pub ordered_at: DateTime<Utc>,
    /// Marketplace or shop system.
    pub channel: Channel,
    /// Name of the merchant's store on that channel.
    pub store: String,
    /// The customer as a key without meaning outside the merchant; absent when unknown.
    pub customer: Option<CustomerKey>,
    /// Country of the customer as an ISO code where the source gives one that can be told.
    pub country: Option<CountryCode>,
    /// Country as the source wrote it (`Unspecified`, `European Community`); shown when `country` is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_as_written: Option<String>,
    /// Currency of every line.
    pub currency: CurrencyCode,
    /// The lines, in source order.
    pub lines: Vec<OrderLine>,
}

/// One line of an order, as sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Number of the line within its order, from 1; the same on every reading of the same source.
    pub line: u32,
    /// What was sold.
    pub sku: Sku,
    /// Title as the source wrote it, if it did.
    pub title: Option<String>,
    /// Units; negative where they come back.
    pub quantity: Quantity,
    /// Price of one unit in major units, exact and possibly finer than the minor unit.
    #[serde(with = "rust_decimal::serde::str")]
    pub unit_price: Decimal,
    /// What the line is.
    pub kind: LineKind,
    /// Equal in every column to an earlier line of the same source: kept, marked, and left out of measures.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_duplicate: bool,
    /// File in which the line stood, if it came from a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_file: Option<String>,
    /// Row in that file, counted from 1 without the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_row: Option<u64>,
}

/// What an order line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Goods sold.
    Sale,
    /// A sale taken back before delivery.
    Cancellation,
    /// Goods or money given back after delivery.
    Return,
    /// A correction: stock write-offs, bad debt, discounts, give-aways at no price.
    Adjustment,
    /// What the marketplace or bank took.
    Fee,
    /// Postage and carriage charged to the customer.
    Postage,
    /// Anything else: samples, gift vouchers, charity.
    Other,
}

impl LineKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Sale, Self::Cancellation, Self::Return, Self::Adjustment, Self::Fee, Self::Postage, Self::Other];

    /// The name as stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Cancellation => "cancellation",
            Self::Return => "return",
            Self::Adjustment => "adjustment",
            Self::Fee => "fee",
            Self::Postage => "postage",
            Self::Other => "other",
        }
    }
}
