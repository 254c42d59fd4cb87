//! Counts of units on hand.

use serde::{Deserialize, Serialize};
use shelfiq_core::{Quantity, Sku};

/// Units on hand at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockObserved {
    /// What was counted.
    pub sku: Sku,
    /// Store or warehouse.
    pub store: String,
    /// Units that can be sold.
    pub on_hand: Quantity,
    /// Units ordered from the supplier and not yet here; unknown when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_order: Option<Quantity>,
    /// Days from order to arrival at the supplier's last word; unknown when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time_days: Option<u32>,
}
