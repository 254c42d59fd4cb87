//! What another price would bring: the same demand model and guard rails as the recommendations.

use std::sync::Arc;

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, MerchantId, Sku};
use shelfiq_pricing::{
    Gain, OptimizeOptions, Outcome, PriceAdvice, PriceProblem, PricingError, evaluate as bring, gain, optimize,
};

use super::record::ProductRecord;
use crate::brains::demand::EFFECT_DAYS;
use crate::brains::price::{Belief, problem};
use crate::brains::signals::lead_time_days;
use crate::error::AppError;
use crate::facts::SkuFacts;
use crate::platform::Platform;
use crate::run::ShopPolicy;

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

/// A Sku's price problem with what it was made from.
pub(crate) struct Desk {
    pub(crate) record: Arc<ProductRecord>,
    pub(crate) problem: Option<PriceProblem>,
    policy: ShopPolicy,
}

impl Desk {
    /// Reads what is needed to judge one Sku's price.
    pub(crate) async fn load(platform: &Platform, merchant: MerchantId, sku: &Sku) -> Result<Self, AppError> {
        let policy = ShopPolicy::load(platform, merchant).await?;
        let today = policy.shop.time_zone.day_of(platform.clock.now());
        let record = ProductRecord::load(platform, &policy.shop, today, sku).await?;
        let problem = price_problem(&record, &policy);
        Ok(Self { record, problem, policy })
    }

    /// The shop's currency.
    pub(crate) const fn currency(&self) -> CurrencyCode {
        self.policy.shop.currency
    }

    /// The Sku's name that a person reads; `None` if it was never sold or stocked.
    pub(crate) fn title(&self) -> Option<&str> {
        self.record.sku().map(|sku| sku.title.as_str())
    }

    /// Days from ordering to selling.
    pub(crate) fn lead_time_days(&self) -> u32 {
        let limits = |sku: &SkuFacts| self.policy.limits.get(sku.sku.as_str());
        let known = self.record.sku().map(|sku| lead_time_days(sku, &self.policy.settings, limits(sku)));
        known.unwrap_or(self.policy.settings.default_lead_time_days)
    }

    /// What the optimiser says.
    pub(super) fn advice(&self) -> Option<Result<PriceAdvice, PricingError>> {
        self.problem.as_ref().map(|problem| optimize(problem, &OptimizeOptions::default()))
    }
}

fn price_problem(record: &ProductRecord, policy: &ShopPolicy) -> Option<PriceProblem> {
    let sku = record.sku()?;
    let elasticity = record.elasticity.as_ref()?;
    let belief = Belief { elasticity: elasticity.belief, support: elasticity.support };
    let limits = policy.limits.get(sku.sku.as_str());
    problem(record.facts.as_ref()?, sku, record.baseline?, belief, &policy.settings, limits)
}

pub(super) async fn evaluate(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    price: Decimal,
) -> Result<WhatIf, AppError> {
    if price <= Decimal::ZERO {
        return Err(AppError::invalid("price", "must be above zero"));
    }
    let desk = Desk::load(platform, merchant, sku).await?;
    if desk.record.sku().is_none() {
        return Err(AppError::not_found("product", sku));
    }
    let Some(problem) = desk.problem else {
        return Err(AppError::Conflict(
            "there is no demand forecast and price to start from yet: import sales and run the daily job".to_owned(),
        ));
    };
    let options = OptimizeOptions::default();
    Ok(WhatIf {
        horizon_days: EFFECT_DAYS as u32,
        currency: desk.policy.shop.currency,
        outcome: bring(&problem, price, &options)?,
        gain: gain(&problem, price, &options)?,
    })
}
