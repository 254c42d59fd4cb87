//! Listings: what a Sku looks like on a channel.

use serde::{Deserialize, Serialize};
use shelfiq_core::{Channel, Sku};

/// A listing as it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListingObserved {
    /// What is listed.
    pub sku: Sku,
    /// Where.
    pub channel: Channel,
    /// Name of our store on that channel.
    pub store: String,
    /// The channel's id of the listing, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing: Option<String>,
    /// Family of variants to which the Sku belongs, for example a Shopify handle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Title as shown.
    pub title: String,
    /// Category, from the top, joined by ` > `.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Brand or maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Tags or keywords.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Description as plain text or HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// GTIN, UPC or EAN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// Address of the first image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Whether it can be found and bought.
    pub status: ListingStatus,
}

/// Whether a listing can be found and bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListingStatus {
    /// Can be found and bought.
    Active,
    /// Not yet published.
    Draft,
    /// Withdrawn, expired or blocked.
    Inactive,
}
