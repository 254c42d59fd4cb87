//! Price advice on the eve of the horizon, made the way the product makes it: forecast, elasticity, optimiser, recommender.

use chrono::NaiveTime;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Money, Ratio, Rounding, UnitPrice};
use shelfiq_pricing::{
    Action, DemandModel, ElasticityRow, GuardRails, Objective, OptimizeOptions, PriceProblem, optimize_all,
};
use shelfiq_recommend::{
    Advice, DemandSignal, ElasticitySignal, GainRange, Policy, PriceAdvice, PricingSignal, Recommendation,
    RecommendationKind, SkuSignals, advise,
};

use super::forecast::forecast;
use super::records::{Records, SkuRecords};
use super::{HORIZON_DAYS, elasticity};
use crate::catalogue::to_major;
use crate::config::ArenaError;
use crate::shop::Shop;
use crate::simulate::SkuDay;

/// A recommended price.
pub(super) struct AdvisedPrice {
    pub(super) price: Money,
    /// Stated probability that it gains.
    pub(super) confidence: f64,
    /// Stated gain over the horizon, minor units.
    pub(super) gain_minor: i64,
}

/// One answer per Sku of the records; `None` where no other price is recommended.
pub(super) fn advised_prices(shop: &Shop, records: &Records) -> Result<Vec<Option<AdvisedPrice>>, ArenaError> {
    let skus: Vec<&SkuRecords> = records.skus.iter().collect();
    let forecasts = forecast(&skus, HORIZON_DAYS, |sku, _| (price_major(sku.eve(HORIZON_DAYS)), 0.0))?;
    let report = elasticity::estimate(shop, records, HORIZON_DAYS);
    let problems: Vec<PriceProblem> = records
        .skus
        .iter()
        .zip(forecasts.iter().zip(&report.rows))
        .map(|(sku, (forecast, row))| {
            let units = forecast.steps.iter().map(|step| step.mean).sum();
            problem(sku.eve(HORIZON_DAYS), units, row, shop.config().currency)
        })
        .collect();
    let advice = optimize_all(&problems, &OptimizeOptions::default());
    Ok(records
        .skus
        .iter()
        .zip(problems.iter().zip(&advice).zip(&report.rows))
        .map(|(sku, ((problem, advice), row))| {
            let advice = advice.as_ref().ok()?;
            recommended(&signals(shop, sku, problem, pricing(advice, row, shop.config().currency)?, row), sku)
        })
        .collect())
}

/// The price without a promotion, in major units.
fn price_major(day: &SkuDay) -> f64 {
    to_major(day.regular_price.minor(), day.regular_price.currency())
}

fn problem(today: &SkuDay, units: f64, row: &ElasticityRow, currency: CurrencyCode) -> PriceProblem {
    PriceProblem {
        current_price: today.regular_price.to_major(),
        unit_cost: Some(today.unit_cost.to_major()),
        demand: DemandModel {
            baseline_price: price_major(today),
            baseline_quantity: units,
            baseline_log_sd: 0.0,
            elasticity: row.belief,
            rival_reaction: row.rival_reaction,
            support: row.support,
        },
        stock_units: None,
        guard_rails: GuardRails { currency_exponent: currency.exponent(), ..GuardRails::default() },
        objective: Objective::Margin,
    }
}

/// The optimiser's answer as the recommender takes it; `None` where the price is to be kept.
fn pricing(
    advice: &shelfiq_pricing::PriceAdvice,
    row: &ElasticityRow,
    currency: CurrencyCode,
) -> Option<PricingSignal> {
    if !row.identified() {
        return Some(PricingSignal::NotIdentified { reason: row.reason.clone(), test: None });
    }
    if matches!(advice.action, Action::Keep(_)) {
        return None;
    }
    let booked = |amount: Decimal| Money::from_major(amount, currency, Rounding::HalfEven).ok();
    let money = |amount: f64| booked(Decimal::from_f64_retain(amount)?);
    Some(PricingSignal::Advice(PriceAdvice {
        price: booked(advice.recommended.price)?,
        gain: GainRange {
            expected: money(advice.gain.amount.expected)?,
            lo: money(advice.gain.amount.lo)?,
            hi: money(advice.gain.amount.hi)?,
        },
        horizon_days: HORIZON_DAYS as u32,
        probability_of_gain: Ratio::new(Decimal::from_f64_retain(advice.gain.probability_positive)?.round_dp(6)),
        units_now: advice.current.quantity.expected,
        units_then: advice.recommended.quantity.expected,
        guard_rails: Vec::new(),
        binding_constraint: None,
        is_outside_support: advice.recommended.extrapolated,
        strategy: "Highest margin".to_owned(),
        gain_in: "profit".to_owned(),
        aim: None,
        model: "constant elasticity".to_owned(),
    }))
}

fn signals(
    shop: &Shop,
    sku: &SkuRecords,
    problem: &PriceProblem,
    pricing: PricingSignal,
    row: &ElasticityRow,
) -> SkuSignals {
    let entry = &shop.catalogue()[sku.sku_index as usize];
    let currency = shop.config().currency;
    SkuSignals {
        sku: entry.sku.clone(),
        title: entry.title.clone(),
        currency,
        price: Some(UnitPrice::new(problem.current_price, currency)),
        lowest_price: None,
        unit_cost: problem.unit_cost.map(|cost| UnitPrice::new(cost, currency)),
        stock: None,
        demand: DemandSignal::NotEnoughData { reason: "only the price is in question here".to_owned() },
        elasticity: Some(ElasticitySignal {
            mean: row.belief.mean,
            deviation: row.belief.sd,
            identified: row.identified(),
        }),
        pricing,
        anomalies: Vec::new(),
        first_seen: Some(sku.first_day),
        companion: None,
    }
}

fn recommended(signals: &SkuSignals, sku: &SkuRecords) -> Option<AdvisedPrice> {
    let now = sku.eve(HORIZON_DAYS).day.and_time(NaiveTime::MIN).and_utc();
    let is_reprice = |recommendation: &Recommendation| recommendation.key.kind == RecommendationKind::Reprice;
    let recommendation = advise(signals, &Policy::default(), now).into_iter().find_map(|advice| match advice {
        Advice::Give(recommendation) if is_reprice(&recommendation) => Some(recommendation),
        _ => None,
    })?;
    match recommendation.action {
        shelfiq_recommend::Action::SetPrice { to, .. } => Some(AdvisedPrice {
            price: to,
            confidence: recommendation.confidence.to_f64(),
            gain_minor: recommendation.impact.expected.minor(),
        }),
        _ => None,
    }
}
