//! Figures from outside the shop.

use serde::{Deserialize, Serialize};
use shelfiq_core::CountryCode;

/// One value of an outside series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignalObserved {
    /// Which series, for example `consumer_price_index`.
    pub name: String,
    /// Country to which it belongs; absent where it belongs to none.
    pub country: Option<CountryCode>,
    /// The value.
    pub value: f64,
    /// Unit of the value, for example `index 1982-84 = 100`.
    pub unit: String,
}
