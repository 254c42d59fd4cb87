//! Unit costs.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, Sku};

/// What one unit costs the merchant from an instant on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostObserved {
    /// Whose cost.
    pub sku: Sku,
    /// Cost of one unit in major units, landed, without sales tax.
    #[serde(with = "rust_decimal::serde::str")]
    pub unit_cost: Decimal,
    /// Its currency.
    pub currency: CurrencyCode,
}
