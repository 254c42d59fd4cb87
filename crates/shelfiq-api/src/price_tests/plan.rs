//! Proposed tests on the wire.

use serde::Serialize;
use shelfiq_app::price_tests::Proposal;
use shelfiq_experiment::{Blocks, CostEstimate, PriceTestPlan, TestProposal};
use shelfiq_pricing::ElasticityBelief;
use utoipa::ToSchema;

use crate::amount::MoneyBody;
use crate::ledger::effect::word;
use crate::products::price_body;

/// A test that could be run for one product, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalBody {
    sku: String,
    product_title: String,
    /// Why the data do not tell the elasticity.
    why: String,
    /// What is believed without a test.
    elasticity: BeliefBody,
    /// `run`, `already_sure` or `out_of_reach`.
    answer: String,
    /// The answer in a sentence or three.
    reason: String,
    /// The test; where none reaches the target, the one that comes closest.
    plan: Option<PlanBody>,
}

/// A belief about an elasticity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BeliefBody {
    mean: f64,
    /// Standard deviation.
    deviation: f64,
}

/// Prices, length, cost and worth of a test.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanBody {
    /// Price asked today.
    price_now: MoneyBody,
    /// The prices that take turns, ascending.
    prices: Vec<MoneyBody>,
    /// Farthest test price from today's, as a share of it.
    price_move: f64,
    days: u32,
    rounds: u32,
    round_days: u32,
    /// How long a price holds before the next takes its turn: `half_weeks` or `weeks`.
    blocks: String,
    /// Days of the longest block.
    block_days: u32,
    /// `switch_back` or `split`.
    layout: String,
    /// Days after a change of price that are not counted.
    washout_days: u32,
    cost: CostBody,
    /// Standard deviation of the elasticity now.
    deviation_now: f64,
    /// The same expected after the test.
    deviation_after: f64,
    value: ValueBody,
    /// The better price is expected to earn more than the test costs at its worst.
    pays: bool,
    /// The plan in two or three sentences.
    summary: String,
}

/// What a test costs against asking today's price all along, with an 80 % interval; negative where it earns more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostBody {
    expected: MoneyBody,
    low80: MoneyBody,
    high80: MoneyBody,
}

/// What knowing better is worth.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValueBody {
    /// Probability that another price is recommended afterwards.
    probability_price_changes: f64,
    expected_gain: MoneyBody,
    horizon_days: u32,
}

impl From<Proposal> for ProposalBody {
    fn from(proposal: Proposal) -> Self {
        let (answer, reason, plan) = match &proposal.answer {
            TestProposal::Run { plan } => ("run", plan.summary.clone(), Some(plan)),
            TestProposal::AlreadySure { reason } => ("already_sure", reason.clone(), None),
            TestProposal::OutOfReach { closest, reason } => ("out_of_reach", reason.clone(), closest.as_ref()),
        };
        Self {
            answer: answer.to_owned(),
            reason,
            plan: plan.map(|plan| PlanBody::from(&**plan)),
            sku: proposal.sku.to_string(),
            product_title: proposal.title,
            why: proposal.why,
            elasticity: proposal.elasticity.into(),
        }
    }
}

impl From<ElasticityBelief> for BeliefBody {
    fn from(belief: ElasticityBelief) -> Self {
        Self { mean: belief.mean, deviation: belief.sd }
    }
}

impl From<&CostEstimate> for CostBody {
    fn from(cost: &CostEstimate) -> Self {
        Self { expected: cost.expected.into(), low80: cost.lo.into(), high80: cost.hi.into() }
    }
}

impl From<&PriceTestPlan> for PlanBody {
    fn from(plan: &PriceTestPlan) -> Self {
        let currency = plan.question.currency;
        let (blocks, block_days) = match plan.blocks {
            Blocks::HalfWeeks => ("half_weeks", 4),
            Blocks::Weeks(weeks) => ("weeks", 7 * weeks),
        };
        Self {
            price_now: price_body(plan.question.current_price, currency),
            prices: plan.prices.iter().map(|price| price_body(*price, currency)).collect(),
            price_move: plan.price_move().to_f64(),
            days: plan.days(),
            rounds: plan.rounds,
            round_days: plan.round_days,
            blocks: blocks.to_owned(),
            block_days,
            layout: word(&plan.layout),
            washout_days: plan.washout_days,
            cost: (&plan.cost).into(),
            deviation_now: plan.question.elasticity.sd,
            deviation_after: plan.expected_sd,
            value: ValueBody {
                probability_price_changes: plan.value.probability_price_changes,
                expected_gain: plan.value.expected_gain.into(),
                horizon_days: plan.value.horizon_days,
            },
            pays: plan.pays(),
            summary: plan.summary.clone(),
        }
    }
}
