//! Starting a test: the plan is made anew from today's data and kept with its schedule.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, PriceTestId, Ratio, Sku};
use shelfiq_experiment::{TestLimits, TestProposal, schedule_price_test};
use shelfiq_store::PageRequest;
use shelfiq_store::price_tests::{self as stored, NewPriceTest, PriceTestFilter, PriceTestState};

use super::propose::propose;
use super::view::{PriceTestView, StoredPlan, today};
use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::live::LiveChange;
use crate::platform::Platform;
use crate::recommendations::to_value;

/// Farthest ahead that a test may begin.
const STARTS_WITHIN_DAYS: u64 = 60;

/// What to test, and within which limits; an absent limit takes its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartRequest {
    /// Whose price.
    pub sku: Sku,
    /// The first day; tomorrow if absent.
    #[serde(default)]
    pub first_day: Option<NaiveDate>,
    /// Longest the test may take.
    #[serde(default)]
    pub days_max: Option<u32>,
    /// Farthest a test price may lie from today's, as a share of it.
    #[serde(default)]
    pub price_move_max: Option<Ratio>,
    /// Most the test may cost.
    #[serde(default)]
    pub cost_max: Option<Money>,
}

impl StartRequest {
    /// The usual test of this Sku, from tomorrow.
    pub(crate) const fn of(sku: Sku) -> Self {
        Self { sku, first_day: None, days_max: None, price_move_max: None, cost_max: None }
    }

    /// The limits for the proposal.
    pub(super) fn limits(&self) -> TestLimits {
        let usual = TestLimits::default();
        TestLimits {
            days_max: self.days_max.unwrap_or(usual.days_max),
            price_move_max: self.price_move_max.unwrap_or(usual.price_move_max),
            cost_max: self.cost_max,
            ..usual
        }
    }
}

/// Starts the cheapest test that answers the question. Starting the same test twice starts one.
///
/// # Errors
/// [`AppError::Access`]; [`AppError::Conflict`] if another test runs for the Sku or no test would answer, with the reason.
pub async fn start(platform: &Platform, actor: &Actor, request: StartRequest) -> Result<PriceTestView, AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    let now = today(platform, merchant).await?;
    let tomorrow = now + Days::new(1);
    let first_day = request.first_day.unwrap_or(tomorrow);
    if first_day < tomorrow || first_day > now + Days::new(STARTS_WITHIN_DAYS) {
        let message = format!("must lie between {tomorrow} and {STARTS_WITHIN_DAYS} days from now");
        return Err(AppError::invalid("first_day", message));
    }
    let running = PriceTestFilter { states: vec![PriceTestState::Running], sku: Some(request.sku.clone()) };
    let running = stored::page(&platform.store, merchant, &running, &PageRequest::first(1)).await?;
    if let Some(row) = running.rows.into_iter().next() {
        let view = PriceTestView::of(row, now)?;
        return if view.plan.request == request {
            Ok(view)
        } else {
            Err(AppError::Conflict("a price test of this product is running already: stop it first".to_owned()))
        };
    }
    let proposal = propose(platform, merchant, &request.sku, request.limits()).await?;
    let plan = match proposal.answer {
        TestProposal::Run { plan } => *plan,
        TestProposal::AlreadySure { reason } | TestProposal::OutOfReach { reason, .. } => {
            return Err(AppError::Conflict(reason));
        }
    };
    let tx = platform.begin(actor.author()).await?;
    let id = platform.randomness.next_uuid(tx.at());
    // The order of the prices is drawn with the test's own id: nobody can pick it.
    let schedule = schedule_price_test(&plan, first_day, &[], id.as_u64_pair().1)?;
    let new = NewPriceTest {
        id: PriceTestId::from_uuid(id),
        sku: request.sku.clone(),
        title: proposal.title,
        plan: to_value(&StoredPlan { request, plan, schedule })?,
    };
    let row = stored::insert(&tx, merchant, new).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::RecommendationsChanged {});
    PriceTestView::of(row, now)
}
