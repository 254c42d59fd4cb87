//! A decision becomes a line of the ledger, in the transaction that takes it.

use shelfiq_core::{LedgerEntryId, MerchantId};
use shelfiq_recommend::{Action, Recommendation};
use shelfiq_store::Transaction;
use shelfiq_store::ledger::{self as stored, LedgerDecision, LedgerOrigin, LedgerOutcome, Measured, NewEntry};
use shelfiq_store::recommendations::{Recommendation as Row, RecommendationState};

use super::back_test::back_test;
use super::measurement::Measurement;
use crate::error::AppError;
use crate::recommendations::to_value;

/// Writes down what was just decided about `row`. Putting aside decides nothing; taking back what never reached the
/// ledger leaves no trace there.
pub(crate) async fn record_decision(tx: &Transaction, merchant: MerchantId, row: &Row) -> Result<(), AppError> {
    let id = LedgerEntryId::from_uuid(row.id.as_uuid());
    let known = stored::find(tx, merchant, id).await?;
    let decision = match row.state {
        RecommendationState::Snoozed | RecommendationState::Done => return Ok(()),
        RecommendationState::Open if known.is_none() => return Ok(()),
        RecommendationState::Open => LedgerDecision::Undone,
        // What was accepted and never carried out keeps its line: the measurement says so.
        RecommendationState::Expired if known.is_some_and(|line| line.decision == LedgerDecision::Accepted) => {
            return Ok(());
        }
        RecommendationState::Expired => LedgerDecision::Expired,
        RecommendationState::Accepted => LedgerDecision::Accepted,
        RecommendationState::Dismissed => LedgerDecision::Dismissed,
    };
    // A proposal of another release may not be readable; its decision counts all the same.
    let proposal: Option<Recommendation> = serde_json::from_value(row.payload.clone()).ok();
    let back_test = match &proposal {
        Some(proposal) => Some(to_value(&back_test(tx, merchant, proposal).await?)?),
        None => None,
    };
    let entry = NewEntry {
        id,
        key: None,
        origin: LedgerOrigin::Recommendation,
        kind: row.kind.clone(),
        sku: row.sku.clone(),
        title: row.title.clone(),
        decision,
        decided_at: tx.at(),
        decided_by: tx.author().clone(),
        reason: row.decision_reason.clone(),
        currency: row.impact.currency(),
        promised: Some(row.impact),
        promise: Some(row.payload.clone()),
        measured: Measured { back_test, ..at_once(decision, proposal.as_ref())? },
    };
    Ok(stored::record(tx, merchant, entry).await?)
}

/// What is known of a decision the moment it is taken.
fn at_once(decision: LedgerDecision, proposal: Option<&Recommendation>) -> Result<Measured, AppError> {
    let (outcome, explanation) = match decision {
        LedgerDecision::Accepted => (LedgerOutcome::Waiting, waiting_for(proposal)),
        LedgerDecision::Undone => (LedgerOutcome::NotDone, "The decision was taken back."),
        LedgerDecision::Expired => {
            (LedgerOutcome::NotDone, "Nobody decided in time, or newer data no longer supported it.")
        }
        LedgerDecision::Dismissed | LedgerDecision::Done | LedgerDecision::Own => {
            (LedgerOutcome::NotDone, "It was turned down, so there is no effect to measure.")
        }
    };
    Ok(Measured {
        outcome,
        applied_at: None,
        effect_minor: None,
        actual_minor: None,
        measurement: Some(to_value(&Measurement::only(explanation))?),
        back_test: None,
        is_settled: outcome != LedgerOutcome::Waiting,
    })
}

fn waiting_for(proposal: Option<&Recommendation>) -> &'static str {
    match proposal.map(|proposal| &proposal.action) {
        Some(Action::Order { .. }) => "Accepted; the order is under way.",
        Some(Action::Bundle { .. }) => "Accepted; the bundle is to be offered.",
        _ => "Accepted; the new price is not in the shop's data yet.",
    }
}
