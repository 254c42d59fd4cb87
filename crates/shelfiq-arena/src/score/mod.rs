//! The scorecard: the brains see the records of a shop, the arena knows the truth.
//!
//! Nothing the brains are given comes from the truth: prices, units sold, empty shelves, promotions and rivals' offers are
//! what the events tell. Skus are scored that had been on sale for at least
//! [`HISTORY_DAYS_MIN`] days when the horizon begins.

mod advice;
mod anomaly;
mod elasticity;
mod explanation;
mod forecast;
mod profit;
mod records;
mod table;
mod told;

use serde::Serialize;

pub use anomaly::{AnomalyScore, KindScore};
pub use elasticity::{EffectScore, ElasticityScore};
pub use explanation::ExplanationScore;
pub use forecast::ForecastScore;
pub use profit::{AdviceScore, ProfitScore};
pub use told::ToldScore;

use crate::config::{ArenaConfig, ArenaError, Market, Stories};
use crate::shop::Shop;
use records::Records;

/// Days on sale, before the horizon, from which a Sku is scored.
pub const HISTORY_DAYS_MIN: usize = 120;
/// Days that are held out: the horizon of forecasts and of accepted prices.
pub const HORIZON_DAYS: usize = 28;

/// How well the brains did in one shop. Equal configurations give equal scorecards, byte for byte.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scorecard {
    /// The shop. Market and stories are those of the scorecard, whatever was asked for.
    pub config: ArenaConfig,
    /// Skus scored.
    pub scored_skus: usize,
    /// Elasticities where prices move on their own.
    pub elasticity: ElasticityScore,
    /// Elasticities of the same shoppers where most prices follow season, demand or promotions.
    pub elasticity_confounded: ElasticityScore,
    /// Forecasts of [`HORIZON_DAYS`] days from three origins: the last possible, and one and two quarters before.
    pub forecast: ForecastScore,
    /// Alarms over all days.
    pub anomaly: AnomalyScore,
    /// What accepting price recommendations [`HORIZON_DAYS`] days ago would have earned.
    pub profit: ProfitScore,
}

/// Watches the shop that `config` describes (without stories) for anomalies, and nothing else: a part of [`score`] that
/// takes a small share of its time.
///
/// # Errors
/// [`ArenaError`] if the shop cannot be drawn or the detector refuses its records.
pub fn score_anomalies(config: &ArenaConfig) -> Result<AnomalyScore, ArenaError> {
    let config = ArenaConfig { market: Market::Experimenting, stories: Stories::None, ..config.clone() };
    let shop = Shop::new(config)?;
    anomaly::score(&shop, &Records::of(&shop))
}

/// Elasticities in both markets, and what accepting price advice would have earned: the part of a [`Scorecard`] that prices
/// decide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PriceScore {
    /// Elasticities where prices move on their own.
    pub elasticity: ElasticityScore,
    /// Elasticities of the same shoppers where most prices follow season, demand or promotions.
    pub elasticity_confounded: ElasticityScore,
    /// What accepting price recommendations [`HORIZON_DAYS`] days ago would have earned.
    pub profit: ProfitScore,
}

/// Judges elasticities and price advice in the shop that `config` describes (without stories), and nothing else.
///
/// # Errors
/// [`ArenaError`] if the shop cannot be drawn or a brain refuses its records.
pub fn score_prices(config: &ArenaConfig) -> Result<PriceScore, ArenaError> {
    let config = ArenaConfig { market: Market::Experimenting, stories: Stories::None, ..config.clone() };
    let shop = Shop::new(config.clone())?;
    let records = Records::of(&shop);
    let twin = Shop::new(ArenaConfig { market: Market::Confounded, ..config })?;
    Ok(PriceScore {
        elasticity: elasticity::score(&shop, &records),
        elasticity_confounded: elasticity::score(&twin, &Records::of(&twin)),
        profit: profit::score(&shop, &records)?,
    })
}

/// Runs the brains on the shop that `config` describes (without stories) and on its confounded twin.
///
/// # Errors
/// [`ArenaError`] if the shop cannot be drawn or a brain refuses its records.
pub fn score(config: &ArenaConfig) -> Result<Scorecard, ArenaError> {
    let config = ArenaConfig { market: Market::Experimenting, stories: Stories::None, ..config.clone() };
    let shop = Shop::new(config.clone())?;
    let records = Records::of(&shop);
    let twin = Shop::new(ArenaConfig { market: Market::Confounded, ..config.clone() })?;
    let twin_records = Records::of(&twin);
    Ok(Scorecard {
        config,
        scored_skus: records.skus.len(),
        elasticity: elasticity::score(&shop, &records),
        elasticity_confounded: elasticity::score(&twin, &twin_records),
        forecast: forecast::score(&records)?,
        anomaly: anomaly::score(&shop, &records)?,
        profit: profit::score(&shop, &records)?,
    })
}
