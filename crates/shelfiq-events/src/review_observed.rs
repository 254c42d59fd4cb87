//! Customers' reviews.

use serde::{Deserialize, Serialize};
use shelfiq_core::{Channel, CustomerKey, Sku};

/// A review as it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewObserved {
    /// The channel's id of the review, or a key made from its content.
    pub review: String,
    /// What was reviewed; absent for a review of the whole shop.
    pub sku: Option<Sku>,
    /// Where.
    pub channel: Channel,
    /// Name of our store on that channel.
    pub store: String,
    /// Stars, 1 to 5.
    pub rating: u8,
    /// Headline, may be empty.
    pub title: String,
    /// Text, may be empty.
    pub text: String,
    /// Who wrote it, as a key without meaning outside the merchant.
    pub customer: Option<CustomerKey>,
}
