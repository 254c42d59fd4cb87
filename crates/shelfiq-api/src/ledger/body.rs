//! A line of the ledger on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use shelfiq_app::ledger::{BackTest, LedgerView, Measurement};
use shelfiq_core::CurrencyCode;
use shelfiq_recommend::Recommendation;
use shelfiq_store::recommendations::LedgerEntry as Step;
use utoipa::ToSchema;
use uuid::Uuid;

use super::effect::{ChangeBody, EffectBody};
use crate::amount::MoneyBody;
use crate::recommendations::{EvidenceBody, GuardRailBody, action};

/// One decision: what it promised, and what it brought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerEntryBody {
    /// The same as the recommendation's, where one is behind it.
    id: Uuid,
    /// `recommendation`, `own_price_change` (found in the shop's data, not advised) or `price_test`.
    origin: String,
    kind: String,
    sku: String,
    product_title: String,
    /// What was to be done, or what the merchant did, in a few words.
    title: String,
    /// `accepted`, `dismissed`, `undone`, `expired`, `done` or `own`.
    decision: String,
    decided_at: DateTime<Utc>,
    /// `member:<id>`, `api_key:<id>` or `system:<part>`.
    decided_by: String,
    /// Why, if somebody said.
    reason: Option<String>,
    /// What was promised; null for the merchant's own changes.
    promised: Option<PromiseBody>,
    back_test: Option<BackTestBody>,
    /// `waiting`, `not_applied`, `too_early`, `measured`, `not_measurable` or `not_done`.
    outcome: String,
    /// The outcome in a sentence.
    explanation: Option<String>,
    /// The price as it really changed.
    change: Option<ChangeBody>,
    /// Start of the first day at the new price.
    applied_at: Option<DateTime<Utc>>,
    /// What it brought, once it is measured.
    effect: Option<EffectBody>,
    /// Nothing of this will change any more.
    is_settled: bool,
    updated_at: DateTime<Utc>,
}

/// The effect as it was promised.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromiseBody {
    /// Expected change of profit.
    expected: MoneyBody,
    low80: MoneyBody,
    high80: MoneyBody,
    horizon_days: u32,
    /// What it is compared with, in a clause.
    against: String,
    /// Probability that the realised effect is above zero.
    confidence: f64,
    /// What was to be done, with its figures and a `label`.
    #[schema(value_type = Object)]
    action: Map<String, Value>,
}

/// What the same kind of move brought before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BackTestBody {
    /// The answer in a sentence; also why there is none.
    explanation: String,
    /// Whether the past tells.
    is_possible: bool,
    /// The ledger entry of the earlier move.
    entry: Option<Uuid>,
    change: Option<ChangeBody>,
    effect: Option<EffectBody>,
}

/// One decision in full.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerEntryDetailBody {
    #[serde(flatten)]
    entry: LedgerEntryBody,
    /// Why it was advised, with the numbers, as they stood when it was decided.
    why: Option<String>,
    evidence: Vec<EvidenceBody>,
    guard_rails: Vec<GuardRailBody>,
    /// Every step, oldest first.
    steps: Vec<LedgerStepBody>,
}

/// One step of a decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerStepBody {
    step: String,
    from: String,
    to: String,
    reason: Option<String>,
    author: String,
    at: DateTime<Utc>,
}

impl From<LedgerView> for LedgerEntryBody {
    fn from(view: LedgerView) -> Self {
        let LedgerView { line, proposal, measurement, back_test } = view;
        let currency = line.currency;
        let title = title(proposal.as_ref(), measurement.as_ref(), currency);
        Self {
            id: line.id.as_uuid(),
            origin: line.origin.to_string(),
            kind: line.kind,
            sku: line.sku.to_string(),
            product_title: line.title,
            title,
            decision: line.decision.to_string(),
            decided_at: line.decided_at,
            decided_by: line.decided_by.to_string(),
            reason: line.reason,
            promised: proposal.as_ref().map(PromiseBody::of),
            back_test: back_test.map(|test| BackTestBody::of(test, currency)),
            outcome: line.outcome.to_string(),
            explanation: measurement.as_ref().map(|known| known.explanation.clone()),
            change: measurement.as_ref().and_then(|known| known.change).map(|change| ChangeBody::of(change, currency)),
            applied_at: line.applied_at,
            effect: measurement.and_then(|known| Some(EffectBody::of(&known.effect?, known.claim))),
            is_settled: line.is_settled,
            updated_at: line.updated_at,
        }
    }
}

impl LedgerEntryDetailBody {
    pub(super) fn of(view: LedgerView, steps: Vec<Step>) -> Self {
        let proposal = view.proposal.clone();
        let sku = view.line.sku.clone();
        let (why, evidence, rails) = proposal.map_or_else(
            || (None, Vec::new(), Vec::new()),
            |proposal| (Some(proposal.reason), proposal.evidence, proposal.guard_rails),
        );
        Self {
            entry: view.into(),
            why,
            evidence: evidence.into_iter().map(|fact| EvidenceBody::of(fact, &sku)).collect(),
            guard_rails: rails.into_iter().map(GuardRailBody::from).collect(),
            steps: steps
                .into_iter()
                .map(|step| LedgerStepBody {
                    step: step.step,
                    from: step.from.to_string(),
                    to: step.to.to_string(),
                    reason: step.reason,
                    author: step.author.to_string(),
                    at: step.at,
                })
                .collect(),
        }
    }
}

impl PromiseBody {
    fn of(proposal: &Recommendation) -> Self {
        let impact = &proposal.impact;
        Self {
            expected: impact.expected.into(),
            low80: impact.lo.into(),
            high80: impact.hi.into(),
            horizon_days: impact.horizon_days,
            against: impact.against.clone(),
            confidence: proposal.confidence.to_f64(),
            action: action(&proposal.action).1,
        }
    }
}

impl BackTestBody {
    fn of(test: BackTest, currency: CurrencyCode) -> Self {
        Self {
            explanation: test.explanation,
            is_possible: test.effect.is_some(),
            entry: test.entry.map(|id| id.as_uuid()),
            change: test.change.map(|change| ChangeBody::of(change, currency)),
            effect: test.effect.as_ref().map(|effect| EffectBody::of(effect, None)),
        }
    }
}

fn title(proposal: Option<&Recommendation>, measurement: Option<&Measurement>, currency: CurrencyCode) -> String {
    match (proposal, measurement.and_then(|known| known.change)) {
        (Some(proposal), _) => action(&proposal.action).0,
        (None, Some(change)) => ChangeBody::label(change, currency),
        (None, None) => "Decision".to_owned(),
    }
}
