//! Tests for the morning list: where the data cannot judge a price and finding out is expected to pay.

use std::collections::HashMap;

use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use shelfiq_core::{CurrencyCode, Money, Rounding};
use shelfiq_experiment::{PriceTestPlan, TestLimits, TestProposal, propose_price_test};
use shelfiq_recommend::{GainRange, PriceTestPlan as Offer};

use super::learn::Tests;
use super::propose::{CANDIDATES, target_sd};
use super::question::question_of;
use crate::brains::price::{PriceAnswer, PriceBoard};

/// The tests worth a card, by Sku code. Looked at are the Skus that sell most among those that the data do not tell and that
/// are not under test.
pub(crate) fn offers(
    board: &PriceBoard<'_>,
    answers: &HashMap<String, PriceAnswer>,
    tests: &Tests,
) -> HashMap<String, Offer> {
    let rows = board.rows();
    let mut candidates: Vec<_> = board
        .facts
        .skus
        .iter()
        .filter(|sku| rows.get(sku.sku.as_str()).is_some_and(|row| !row.identified()) && !tests.is_running(&sku.sku))
        .filter_map(|sku| Some((sku, &answers.get(sku.sku.as_str())?.problem)))
        .collect();
    let revenue = |demand: &shelfiq_pricing::DemandModel| demand.baseline_price * demand.baseline_quantity;
    candidates.sort_by(|one, other| revenue(&other.1.demand).total_cmp(&revenue(&one.1.demand)));
    candidates.truncate(CANDIDATES);
    let currency = board.facts.currency;
    let offered = candidates.into_par_iter().filter_map(|(sku, problem)| {
        let question = question_of(sku, problem, currency);
        let limits = TestLimits { target_sd: target_sd(question.elasticity), ..TestLimits::default() };
        let Ok(TestProposal::Run { plan }) = propose_price_test(&question, &limits) else { return None };
        Some((sku.sku.as_str().to_owned(), offer(&plan, currency).filter(|_| plan.pays())?))
    });
    offered.collect()
}

/// The plan as the recommender takes it: the gain is what the better price earns less what the test costs.
fn offer(plan: &PriceTestPlan, currency: CurrencyCode) -> Option<Offer> {
    let today = plan.question.current_price;
    let tried = plan.prices.iter().copied().max_by_key(|price| (*price - today).abs())?;
    let net = plan.value.expected_gain.minus(plan.cost.expected).ok()?;
    // If the test says to change the price, the gain is this; if it does not, only its cost remains.
    let if_changed = plan.value.expected_gain.to_major() / probability(plan.value.probability_price_changes)?;
    Some(Offer {
        price: Money::from_major(tried, currency, Rounding::HalfEven).ok()?,
        days: plan.days(),
        expected_cost: plan.cost.expected,
        gain: Some(GainRange {
            expected: net,
            lo: Money::zero(currency).minus(plan.cost.hi).ok()?,
            hi: Money::from_major(if_changed, currency, Rounding::HalfEven).ok()?.minus(plan.cost.lo).ok()?,
        }),
        horizon_days: plan.value.horizon_days,
    })
}

/// A probability as an exact share; `None` if nothing would change.
fn probability(share: f64) -> Option<Decimal> {
    Decimal::from_f64(share).filter(|share| *share > Decimal::ZERO)
}
