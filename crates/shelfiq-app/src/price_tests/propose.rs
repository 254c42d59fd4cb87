//! Which prices are worth a test: the Skus that the data cannot judge, by what knowing better is worth.

use std::cmp::Reverse;

use futures::future::try_join_all;
use shelfiq_core::{MerchantId, Money, Sku};
use shelfiq_experiment::{PriceTestPlan, TestLimits, TestProposal, propose_price_test};
use shelfiq_pricing::ElasticityBelief;
use shelfiq_store::price_tests::{self as stored, PriceTestFilter, PriceTestState};
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest};

use super::question::question;
use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::{Platform, run_cpu};
use crate::products::Desk;

/// Skus that are looked at, those that sell most first: a test of what hardly sells never ends.
pub(super) const CANDIDATES: usize = 12;

/// A test that could be run.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Whose price.
    pub sku: Sku,
    /// The Sku's name that a person reads.
    pub title: String,
    /// Why the data do not tell.
    pub why: String,
    /// What is believed about its elasticity without a test.
    pub elasticity: ElasticityBelief,
    /// The test, or why there is none.
    pub answer: TestProposal,
}

impl Proposal {
    /// The test that can be run.
    #[must_use]
    pub fn plan(&self) -> Option<&PriceTestPlan> {
        match &self.answer {
            TestProposal::Run { plan } => Some(plan),
            TestProposal::AlreadySure { .. } | TestProposal::OutOfReach { .. } => None,
        }
    }

    /// What the test is expected to bring less what it costs, in minor units.
    fn worth_minor(&self) -> i64 {
        self.plan().map_or(i64::MIN, |plan| plan.value.expected_gain.minor().saturating_sub(plan.cost.expected.minor()))
    }
}

/// An elasticity known to ±0.6 tells a shop that sells ten units a day which way its price should go; sharper answers
/// take longer than a season.
const TARGET_DEVIATION: f64 = 0.6;
/// Where similar products tell as much already, a test is worth running if it halves what is left open (the variance).
const TARGET_SHARE: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// How sure a test should make an elasticity that is believed so far.
pub(super) fn target_sd(elasticity: ElasticityBelief) -> f64 {
    TARGET_DEVIATION.min(TARGET_SHARE * elasticity.sd)
}

/// Tests of the Skus whose elasticity the data do not tell, the most worthwhile first; at most `limit`. Skus that no test
/// would settle come last, with the reason.
///
/// # Errors
/// [`AppError::Access`], or a store fails.
pub async fn proposals(
    platform: &Platform,
    actor: &Actor,
    limit: usize,
    cost_max: Option<Money>,
) -> Result<Vec<Proposal>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let candidates = candidates(platform, merchant).await?;
    let limits = TestLimits { cost_max, ..TestLimits::default() };
    let asked = candidates.iter().map(|sku| propose(platform, merchant, sku, limits.clone()));
    let answers = try_join_all(asked.map(|asked| async {
        match asked.await {
            Ok(proposal) => Ok(Some(proposal)),
            // No price or no forecast yet: nothing to propose.
            Err(AppError::Conflict(_) | AppError::NotFound { .. } | AppError::Experiment(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }))
    .await?;
    let mut proposals: Vec<Proposal> = answers.into_iter().flatten().collect();
    proposals.sort_by(|one, other| {
        Reverse(one.worth_minor()).cmp(&Reverse(other.worth_minor())).then_with(|| one.sku.cmp(&other.sku))
    });
    proposals.truncate(limit);
    Ok(proposals)
}

/// The test that would settle the elasticity of one Sku.
///
/// # Errors
/// [`AppError::NotFound`] without such a Sku; [`AppError::Conflict`] where its price, demand or elasticity is unknown.
pub(super) async fn propose(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    limits: TestLimits,
) -> Result<Proposal, AppError> {
    let desk = Desk::load(platform, merchant, sku).await?;
    let title = desk.title().ok_or_else(|| AppError::not_found("product", sku))?.to_owned();
    let (question, why) = question(&desk).ok_or_else(|| {
        AppError::Conflict(
            "there is no price, demand forecast or elasticity to start from yet: import sales and run the daily job"
                .to_owned(),
        )
    })?;
    let elasticity = question.elasticity;
    let limits = TestLimits { target_sd: target_sd(elasticity), ..limits };
    let answer = run_cpu(move || propose_price_test(&question, &limits)).await?;
    Ok(Proposal { sku: sku.clone(), title, why, elasticity, answer })
}

/// Skus that are not identified and not being tested, by the revenue expected of them.
async fn candidates(platform: &Platform, merchant: MerchantId) -> Result<Vec<Sku>, AppError> {
    let running = PriceTestFilter { states: vec![PriceTestState::Running], sku: None };
    let running = stored::page(&platform.store, merchant, &running, &PageRequest::first(PAGE_SIZE_MAX)).await?;
    let view = platform.query.view(merchant).await?;
    let known = view
        .sql(&format!(
            "select e.sku from elasticities e join products p on p.sku = e.sku \
             join (select sku, max(sum_mean) as units from forecasts where measure = 'units' and status = 'ready' group by sku) f on f.sku = e.sku \
             where not e.identified and p.price > 0 and f.units > 0 order by f.units * cast(p.price as double) desc, e.sku limit {}",
            CANDIDATES + running.rows.len()
        ))
        .await?;
    let is_free = |sku: &Sku| running.rows.iter().all(|test| test.sku != *sku);
    let skus = known.texts("sku")?.into_iter().flatten().filter_map(|code| Sku::new(&code).ok());
    Ok(skus.filter(is_free).take(CANDIDATES).collect())
}
