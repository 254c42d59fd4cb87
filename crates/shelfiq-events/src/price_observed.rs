//! Offers: a price and whether it could be bought, ours or a rival's.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Channel, CurrencyCode, Sku};

/// An offer at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceObserved {
    /// Our Sku that is offered, or that the rival's offer competes with.
    pub sku: Sku,
    /// Who offers it.
    pub seller: Seller,
    /// Where.
    pub channel: Channel,
    /// Name of our store, or of the place where the rival's offer was seen.
    pub store: String,
    /// Price of one unit in major units.
    #[serde(with = "rust_decimal::serde::str")]
    pub price: Decimal,
    /// Price before a reduction, where one is shown.
    #[serde(default, with = "rust_decimal::serde::str_option", skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Decimal>,
    /// Currency of both prices.
    pub currency: CurrencyCode,
    /// Whether the offer could be bought; unknown when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_stock: Option<bool>,
    /// Whether the price belongs to a promotion; unknown when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_promotion: Option<bool>,
}

/// Who makes an offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seller {
    /// The merchant.
    Own,
    /// A rival, by the name under which it sells.
    Rival(String),
}
