//! What a merchant can set: how advice is given, and limits per Sku.

mod pricing;

pub use pricing::{FrozenDays, PricingPolicy, PricingStrategy, ReductionRule, RiskChoice};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;
use shelfiq_pricing::PriceEndings;
use shelfiq_recommend::Policy;

/// A merchant's settings. Stored as JSON with the merchant; absent keys take their defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopSettings {
    /// Days from ordering to selling where neither the stock file nor the Sku says otherwise.
    pub default_lead_time_days: u32,
    /// Endings of recommended prices.
    pub price_endings: PriceEndings,
    /// How far below the cheapest rival a recommended price may go.
    pub rival_band_below: Ratio,
    /// How far above the cheapest rival a recommended price may go.
    pub rival_band_above: Ratio,
    /// How prices are found.
    pub pricing: PricingPolicy,
    /// Of the unusual days and prices that become alerts, over all Skus, the share that may be false.
    pub anomaly_false_share: Ratio,
    /// Thresholds and limits of advice.
    pub policy: Policy,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            default_lead_time_days: 14,
            price_endings: PriceEndings::Charm,
            rival_band_below: Ratio::from_percent(15),
            rival_band_above: Ratio::from_percent(25),
            pricing: PricingPolicy::default(),
            anomaly_false_share: Ratio::new(
                Decimal::from_f64_retain(shelfiq_anomaly::FALSE_SHARE_DEFAULT).unwrap_or_default().round_dp(4),
            ),
            policy: Policy::default(),
        }
    }
}

/// A merchant's limits for one Sku.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SkuLimits {
    /// Days from ordering to selling.
    pub lead_time_days: Option<u32>,
    /// Lowest price in major units.
    pub min_price: Option<Decimal>,
    /// Highest price in major units.
    pub max_price: Option<Decimal>,
    /// Least margin as a share of the price.
    pub min_margin: Option<Ratio>,
    /// Lowest price in major units that the brand lets the shop advertise (MAP).
    pub min_advertised_price: Option<Decimal>,
}

impl From<shelfiq_store::sku_settings::SkuSettings> for SkuLimits {
    fn from(row: shelfiq_store::sku_settings::SkuSettings) -> Self {
        Self {
            lead_time_days: row.lead_time_days,
            min_price: row.min_price.map(shelfiq_core::UnitPrice::amount),
            max_price: row.max_price.map(shelfiq_core::UnitPrice::amount),
            min_margin: row.min_margin.and_then(Decimal::from_f64_retain).map(|margin| Ratio::new(margin.round_dp(4))),
            min_advertised_price: row.minimum_advertised_price.map(shelfiq_core::UnitPrice::amount),
        }
    }
}
