//! One Sku's price on the desk: what is known of it, and what its price may be.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, MerchantId, Sku};
use shelfiq_pricing::{PriceAdvice, PriceProblem, PricingError};

use super::record::ProductRecord;
use crate::brains::price::{Belief, problem};
use crate::brains::signals::lead_time_days;
use crate::brains::strategy::Standing;
use crate::error::AppError;
use crate::facts::SkuFacts;
use crate::platform::Platform;
use crate::run::ShopPolicy;

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

    /// The price problem of `sku`, to ask what `price` would do.
    ///
    /// # Errors
    /// The price is not above zero, there is no such product, or its demand or price is not known yet.
    pub(super) fn priced(&self, sku: &Sku, price: Decimal) -> Result<&PriceProblem, AppError> {
        if price <= Decimal::ZERO {
            return Err(AppError::invalid("price", "must be above zero"));
        }
        if self.record.sku().is_none() {
            return Err(AppError::not_found("product", sku));
        }
        self.problem.as_ref().ok_or_else(|| {
            AppError::Conflict(
                "there is no demand forecast and price to start from yet: import sales and run the daily job"
                    .to_owned(),
            )
        })
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

    /// Whether the shop's calendar keeps the price as it is on `day`.
    pub(crate) fn is_frozen_on(&self, day: NaiveDate) -> bool {
        self.policy.settings.pricing.frozen_on(day).is_some()
    }

    /// What the shop's strategy says about the price.
    pub(super) fn advice(&self) -> Option<Result<PriceAdvice, PricingError>> {
        let (facts, sku) = (self.record.facts.as_ref()?, self.record.sku()?);
        let standing = Standing::of(facts, sku, &self.policy.settings);
        Some(standing.advise(self.problem.as_ref()?, &self.policy.settings.pricing))
    }
}

fn price_problem(record: &ProductRecord, policy: &ShopPolicy) -> Option<PriceProblem> {
    let sku = record.sku()?;
    let elasticity = record.elasticity.as_ref()?;
    let rival_reaction = record.demand_effects.rival_reaction();
    let belief = Belief { elasticity: elasticity.belief, rival_reaction, support: elasticity.support };
    let limits = policy.limits.get(sku.sku.as_str());
    problem(record.facts.as_ref()?, sku, record.baseline?, belief, &policy.settings, limits)
}
