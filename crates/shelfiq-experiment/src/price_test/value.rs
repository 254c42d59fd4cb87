//! What knowing the elasticity better is worth: preposterior analysis.
//!
//! Source: H. Raiffa and R. Schlaifer, *Applied Statistical Decision Theory* (1961), chapter 5: before the test the mean of
//! the belief after it is normal around today's mean with variance `sd_before² − sd_after²`.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use shelfiq_pricing::{
    DemandModel, ElasticityBelief, OptimizeOptions, PriceProblem, PriceSupport, PricingError, optimize,
};

use crate::amount::{money, to_f64};
use crate::distributions::normal_middles;
use crate::error::ExperimentError;
use crate::price_test::outlook::shortfall_per_day;
use crate::price_test::{PriceTestQuestion, TestValue};

/// Equally probable outcomes of the test that are looked at, in standard deviations.
static OUTCOMES: LazyLock<Vec<f64>> = LazyLock::new(|| normal_middles(40));

/// Value of going from `before` to a standard deviation of `sd_after` by asking `prices`.
///
/// The price recommended without the test is `before` on the prices tried so far; with it, the prices of the test count as
/// tried too.
pub(crate) fn value_of_learning(
    question: &PriceTestQuestion,
    prices: &[Decimal],
    before: ElasticityBelief,
    sd_after: f64,
    horizon_days: u32,
) -> Result<TestValue, ExperimentError> {
    let kept = recommended(question, before, question.support)?;
    let support = widened(question, prices);
    let spread = (before.sd * before.sd - sd_after * sd_after).max(0.0).sqrt();
    let (mut changed, mut gain) = (0.0, 0.0);
    for z in OUTCOMES.iter() {
        let after = ElasticityBelief { mean: before.mean + spread * z, sd: sd_after };
        let price = recommended(question, after, support)?;
        if price != kept {
            changed += 1.0;
            let elasticity = after.mean.min(0.0);
            gain += shortfall_per_day(question, kept, elasticity) - shortfall_per_day(question, price, elasticity);
        }
    }
    let outcomes = OUTCOMES.len() as f64;
    // A careful recommendation may give up some expectation for certainty; the test itself never destroys value.
    let expected = (gain / outcomes * f64::from(horizon_days)).max(0.0);
    Ok(TestValue {
        probability_price_changes: changed / outcomes,
        expected_gain: money(expected, question.currency)?,
        horizon_days,
    })
}

fn recommended(
    question: &PriceTestQuestion,
    elasticity: ElasticityBelief,
    support: Option<PriceSupport>,
) -> Result<Decimal, PricingError> {
    let problem = PriceProblem {
        current_price: question.current_price,
        unit_cost: question.unit_cost,
        demand: DemandModel {
            baseline_price: to_f64(question.current_price),
            baseline_quantity: question.units_per_day(),
            baseline_log_sd: 0.0,
            elasticity,
            rival_reaction: None,
            support,
        },
        stock_units: None,
        guard_rails: question.guard_rails.clone(),
        objective: question.objective,
    };
    Ok(optimize(&problem, &OptimizeOptions::default())?.recommended.price)
}

/// The prices tried so far and those of the test; unknown stays unknown, and then no price counts as never tried.
pub(crate) fn widened(question: &PriceTestQuestion, prices: &[Decimal]) -> Option<PriceSupport> {
    let support = question.support?;
    Some(
        prices
            .iter()
            .map(|&price| to_f64(price))
            .fold(support, |support, price| PriceSupport { min: support.min.min(price), max: support.max.max(price) }),
    )
}
