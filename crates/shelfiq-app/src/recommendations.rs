//! The merchant's recommendations: listing them and deciding on them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shelfiq_core::{MerchantId, RecommendationId, Sku};
use shelfiq_recommend::{Decision, Lifecycle, Recommendation, RecommendationKind, State};
use shelfiq_store::recommendations::{
    self as stored, RecommendationFilter, RecommendationOrder, RecommendationState, Settlement,
};
use shelfiq_store::{Cursor, Page, PageRequest};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::ledger;
use crate::live::LiveChange;
use crate::platform::Platform;
use crate::price_tests;
use crate::run::ShopPolicy;

/// Most recommendations that one call decides on.
pub const BULK_MAX: usize = 500;

/// A stored recommendation with what it proposes.
#[derive(Debug, Clone)]
pub struct RecommendationView {
    /// The stored row.
    pub row: stored::Recommendation,
    /// What it proposes.
    pub proposal: Recommendation,
}

/// Which recommendations to list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// In these states; all if empty.
    pub states: Vec<RecommendationState>,
    /// Of these kinds; all if empty.
    pub kinds: Vec<RecommendationKind>,
    /// For this Sku.
    pub sku: Option<Sku>,
    /// With these letters in title or Sku.
    pub search: Option<String>,
    /// Newest first instead of most valuable first.
    pub newest_first: bool,
    /// Entries on the page.
    pub limit: u32,
    /// Cursor of the page.
    pub after: Option<String>,
}

/// One page of recommendations, with the number on all pages.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn list(
    platform: &Platform,
    actor: &Actor,
    query: Query,
) -> Result<(Page<RecommendationView>, u64), AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let filter = RecommendationFilter {
        states: query.states,
        kinds: query.kinds.iter().map(ToString::to_string).collect(),
        sku: query.sku,
        search: query.search,
    };
    let order = if query.newest_first { RecommendationOrder::Newest } else { RecommendationOrder::Priority };
    let request = PageRequest::new(query.limit, query.after.map(Cursor::from_text));
    let page = stored::page(&platform.store, merchant, &filter, order, &request).await?;
    let total = stored::count(&platform.store, merchant, &filter).await?;
    let rows = page.rows.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok((Page { rows, next: page.next }, total))
}

/// One recommendation.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, id: RecommendationId) -> Result<RecommendationView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    view(stored::get(&platform.store, merchant, id).await?)
}

/// Takes a decision, or takes the last one back. `expected_version` guards against deciding on something that changed.
///
/// # Errors
/// [`AppError::Access`], or the recommendation does not exist, changed, or does not allow it.
pub async fn decide(
    platform: &Platform,
    actor: &Actor,
    id: RecommendationId,
    decision: Decision,
    expected_version: Option<i32>,
) -> Result<RecommendationView, AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    let policy = ShopPolicy::load(platform, merchant).await?.settings.policy;
    if decision == Decision::Accept {
        start_test(platform, actor, merchant, id).await?;
    }
    let tx = platform.begin(actor.author()).await?;
    let row = stored::get(&tx, merchant, id).await?;
    if decision == Decision::Undo && row.state == RecommendationState::Accepted && proposes_test(&row) {
        price_tests::stop_of(&tx, merchant, &row.sku, "the decision was taken back").await?;
    }
    let lifecycle: Lifecycle = serde_json::from_value(row.lifecycle.clone())?;
    let (step, reason) = (decision.to_string(), reason_of(&decision));
    let next = lifecycle.decide(decision, &policy, tx.at())?;
    let (state, snoozed_until) = state_of(next.state());
    let settlement = Settlement { step, state, lifecycle: to_value(&next)?, snoozed_until, reason };
    let settled = stored::settle(&tx, merchant, id, expected_version, settlement).await?;
    ledger::record_decision(&tx, merchant, &settled).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::RecommendationsChanged {});
    view(settled)
}

/// Whoever accepts a proposed test wants it to run. A recommendation that is not open is left to the decision to refuse.
async fn start_test(
    platform: &Platform,
    actor: &Actor,
    merchant: MerchantId,
    id: RecommendationId,
) -> Result<(), AppError> {
    let row = stored::get(&platform.store, merchant, id).await?;
    if proposes_test(&row) && matches!(row.state, RecommendationState::Open | RecommendationState::Snoozed) {
        price_tests::start(platform, actor, price_tests::StartRequest::of(row.sku)).await?;
    }
    Ok(())
}

fn proposes_test(row: &stored::Recommendation) -> bool {
    row.kind == RecommendationKind::PriceTest.as_str()
}

/// What became of one entry of a bulk decision.
#[derive(Debug)]
pub struct BulkOutcome {
    /// Decided.
    pub done: Vec<RecommendationId>,
    /// Not decided, each with its reason.
    pub failed: Vec<(RecommendationId, AppError)>,
}

/// Takes one decision on many; what fails does not hold up the rest.
///
/// # Errors
/// [`AppError::Access`], or more than [`BULK_MAX`] ids.
pub async fn decide_all(
    platform: &Platform,
    actor: &Actor,
    ids: &[RecommendationId],
    decision: &Decision,
) -> Result<BulkOutcome, AppError> {
    actor.authorize(Permission::Decide)?;
    if ids.len() > BULK_MAX {
        return Err(AppError::invalid("ids", format!("at most {BULK_MAX} at a time, {} were given", ids.len())));
    }
    let mut outcome = BulkOutcome { done: Vec::new(), failed: Vec::new() };
    for id in ids {
        match decide(platform, actor, *id, decision.clone(), None).await {
            Ok(_) => outcome.done.push(*id),
            Err(error) => outcome.failed.push((*id, error)),
        }
    }
    Ok(outcome)
}

/// Open recommendations of a merchant, most valuable first.
pub(crate) async fn open(
    platform: &Platform,
    merchant: MerchantId,
    sku: Option<Sku>,
    limit: u32,
) -> Result<Vec<RecommendationView>, AppError> {
    let filter =
        RecommendationFilter { states: vec![RecommendationState::Open], sku, ..RecommendationFilter::default() };
    let page =
        stored::page(&platform.store, merchant, &filter, RecommendationOrder::Priority, &PageRequest::first(limit))
            .await?;
    page.rows.into_iter().map(view).collect()
}

/// The stored form of a state.
pub(crate) fn state_of(state: &State) -> (RecommendationState, Option<DateTime<Utc>>) {
    match state {
        State::Open => (RecommendationState::Open, None),
        State::Accepted => (RecommendationState::Accepted, None),
        State::Snoozed { until } => (RecommendationState::Snoozed, Some(*until)),
        State::Dismissed { .. } => (RecommendationState::Dismissed, None),
        State::Expired => (RecommendationState::Expired, None),
        State::Done => (RecommendationState::Done, None),
    }
}

/// A value as JSON for the store.
pub(crate) fn to_value<T: Serialize>(value: &T) -> Result<serde_json::Value, AppError> {
    Ok(serde_json::to_value(value)?)
}

fn view(row: stored::Recommendation) -> Result<RecommendationView, AppError> {
    let proposal = serde_json::from_value(row.payload.clone())?;
    Ok(RecommendationView { row, proposal })
}

fn reason_of(decision: &Decision) -> Option<String> {
    use shelfiq_recommend::DismissReason;
    let Decision::Dismiss { reason } = decision else { return None };
    Some(match reason {
        DismissReason::WrongFigures => "the figures are wrong".to_owned(),
        DismissReason::AgainstStrategy => "against our strategy".to_owned(),
        DismissReason::AlreadyDone => "done already".to_owned(),
        DismissReason::TooSmall => "too small".to_owned(),
        DismissReason::Other(words) => words.clone(),
    })
}
