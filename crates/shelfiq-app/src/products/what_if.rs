//! What another price would bring: the same demand model and guard rails as the recommendations.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, MerchantId, Sku};
use shelfiq_pricing::{
    ElasticityBelief, Gain, OptimizeOptions, Outcome, PriceAdvice, PriceProblem, PriceSupport, PricingError,
    evaluate as bring, gain, optimize,
};
use shelfiq_query::SqlRequest;

use crate::brains::demand::EFFECT_DAYS;
use crate::brains::price::{Baseline, Belief, problem};
use crate::error::AppError;
use crate::facts::{self, ShopFacts};
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
pub(super) struct Desk {
    pub(super) facts: ShopFacts,
    pub(super) policy: ShopPolicy,
    pub(super) elasticity: Option<StoredElasticity>,
    pub(super) problem: Option<PriceProblem>,
}

/// An elasticity as the latest run stored it.
#[derive(Debug, Clone)]
pub(super) struct StoredElasticity {
    pub(super) belief: ElasticityBelief,
    pub(super) lo_95: f64,
    pub(super) hi_95: f64,
    pub(super) identified: bool,
    pub(super) reason: String,
    pub(super) support: Option<PriceSupport>,
    pub(super) observations: i64,
    pub(super) prices: i64,
}

impl Desk {
    /// Reads what is needed to judge one Sku's price; `None` if nothing was ever sold.
    pub(super) async fn load(platform: &Platform, merchant: MerchantId, sku: &Sku) -> Result<Option<Self>, AppError> {
        let policy = ShopPolicy::load(platform, merchant).await?;
        let today = policy.shop.time_zone.day_of(platform.clock.now());
        let Some(facts) = facts::load(&platform.query, &policy.shop, today, Some(sku)).await? else { return Ok(None) };
        let elasticity = stored_elasticity(platform, merchant, sku).await?;
        let baseline = baseline(platform, merchant, sku, facts.last_day).await?;
        let problem =
            facts.skus.first().zip(elasticity.as_ref()).zip(baseline).and_then(|((sku, elasticity), baseline)| {
                let belief = Belief { elasticity: elasticity.belief, support: elasticity.support };
                problem(&facts, sku, baseline, belief, &policy.settings, policy.limits.get(sku.sku.as_str()))
            });
        Ok(Some(Self { facts, policy, elasticity, problem }))
    }

    /// What the optimiser says.
    pub(super) fn advice(&self) -> Option<Result<PriceAdvice, PricingError>> {
        self.problem.as_ref().map(|problem| optimize(problem, &OptimizeOptions::default()))
    }
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
    let desk = Desk::load(platform, merchant, sku).await?.filter(|desk| !desk.facts.skus.is_empty());
    let desk = desk.ok_or_else(|| AppError::not_found("product", sku))?;
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

fn quoted(sku: &Sku) -> String {
    sku.as_str().replace('\'', "''")
}

async fn stored_elasticity(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
) -> Result<Option<StoredElasticity>, AppError> {
    let query = format!("select * from elasticities where sku = '{}'", quoted(sku));
    let answer = platform.query.sql(merchant, SqlRequest { query, ..SqlRequest::default() }).await?;
    if answer.rows() == 0 {
        return Ok(None);
    }
    let number = |column: &str| Ok::<_, AppError>(answer.numbers(column)?.first().copied().flatten());
    let support = number("support_low")?.zip(number("support_high")?).map(|(min, max)| PriceSupport { min, max });
    Ok(Some(StoredElasticity {
        belief: ElasticityBelief {
            mean: number("elasticity")?.unwrap_or(-1.0),
            sd: number("deviation")?.unwrap_or(1.0),
        },
        lo_95: number("lo_95")?.unwrap_or(f64::NEG_INFINITY),
        hi_95: number("hi_95")?.unwrap_or(f64::INFINITY),
        identified: answer.flags("identified")?.first().copied().flatten().unwrap_or(false),
        reason: answer.texts("reason")?.into_iter().next().flatten().unwrap_or_default(),
        support,
        observations: answer.counts("observations")?.first().copied().flatten().unwrap_or(0),
        prices: answer.counts("prices")?.first().copied().flatten().unwrap_or(0),
    }))
}

/// Units expected over the effect horizon, as the latest run stored them.
async fn baseline(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    last_day: NaiveDate,
) -> Result<Option<Baseline>, AppError> {
    let day = last_day + chrono::Days::new(EFFECT_DAYS as u64);
    let query = format!(
        "select sum_mean, sum_hi_80 from forecasts where measure = 'units' and sku = '{}' and day = date '{day}'",
        quoted(sku)
    );
    let answer = platform.query.sql(merchant, SqlRequest { query, ..SqlRequest::default() }).await?;
    let first = |values: Vec<Option<f64>>| values.first().copied().flatten();
    let (units, units_hi_80) = (first(answer.numbers("sum_mean")?), first(answer.numbers("sum_hi_80")?));
    Ok(units.zip(units_hi_80).map(|(units, units_hi_80)| Baseline { units, units_hi_80 }))
}
