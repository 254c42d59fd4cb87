//! What another price would bring: the same demand model and guard rails as the recommendations.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, MerchantId, Sku};
use shelfiq_pricing::{Gain, OptimizeOptions, Outcome, evaluate as bring, gain};

use super::desk::Desk;
use crate::brains::demand::EFFECT_DAYS;
use crate::error::AppError;
use crate::platform::Platform;

/// What one price would bring.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// Days over which everything is counted.
    pub horizon_days: u32,
    /// Currency of the amounts.
    pub currency: CurrencyCode,
    /// Units, revenue and margin at the price, with 80 % intervals, and the guard rails it breaks.
    pub outcome: Outcome,
    /// Against keeping the present price.
    pub gain: Gain,
}

pub(super) async fn evaluate(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    price: Decimal,
) -> Result<WhatIf, AppError> {
    let desk = Desk::load(platform, merchant, sku).await?;
    let problem = desk.priced(sku, price)?;
    let options = OptimizeOptions::default();
    Ok(WhatIf {
        horizon_days: EFFECT_DAYS as u32,
        currency: desk.currency(),
        outcome: bring(problem, price, &options)?,
        gain: gain(problem, price, &options)?,
    })
}
