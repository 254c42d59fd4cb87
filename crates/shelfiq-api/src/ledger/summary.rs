//! The ledger in sums.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shelfiq_app::ledger::{self as app, Reconciliation, Summary};
use utoipa::ToSchema;

use crate::amount::MoneyBody;
use crate::caller::Caller;
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// Promised beside measured, and the claims beside the books.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerSummaryBody {
    counts: Vec<LedgerCountBody>,
    /// Measured entries by origin.
    origins: Vec<OriginTotalsBody>,
    reconciliation: ReconciliationBody,
}

/// Entries that share origin, decision and outcome.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerCountBody {
    origin: String,
    decision: String,
    outcome: String,
    entries: u64,
    promised: MoneyBody,
}

/// Measured entries of one origin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OriginTotalsBody {
    origin: String,
    entries: u64,
    /// Zero for the merchant's own changes: they promise nothing.
    promised: MoneyBody,
    measured: MoneyBody,
}

/// `claimed + counterfactual = actual`, and `actual = booked` unless orders came in after the measurement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReconciliationBody {
    entries: u64,
    skus: usize,
    claimed: MoneyBody,
    counterfactual: MoneyBody,
    actual: MoneyBody,
    /// What the books hold now for the same products and days.
    booked: MoneyBody,
    /// Booked less actual.
    difference: MoneyBody,
    /// Claimed plus counterfactual is actual, and the books agree, to the cent.
    holds: bool,
}

/// Sums the ledger up: promised, measured, and the same beside the books.
#[utoipa::path(get, path = "/ledger/summary", tag = "ledger", operation_id = "sum_up_ledger", security(("bearer" = [])),
    responses((status = 200, body = LedgerSummaryBody), (status = "default", body = Problem)))]
pub(crate) async fn sum_up(
    State(state): State<ApiState>,
    Caller(actor): Caller,
) -> Result<Json<LedgerSummaryBody>, ApiError> {
    Ok(Json(app::summary(&state.platform, &actor).await?.into()))
}

impl From<Summary> for LedgerSummaryBody {
    fn from(summary: Summary) -> Self {
        let counts = summary.counts.into_iter().map(|count| LedgerCountBody {
            origin: count.origin.to_string(),
            decision: count.decision.to_string(),
            outcome: count.outcome.to_string(),
            entries: count.entries,
            promised: count.promised.into(),
        });
        let origins = summary.origins.into_iter().map(|totals| OriginTotalsBody {
            origin: totals.origin.to_string(),
            entries: totals.entries,
            promised: totals.promised.into(),
            measured: totals.measured.into(),
        });
        Self { counts: counts.collect(), origins: origins.collect(), reconciliation: summary.reconciliation.into() }
    }
}

impl From<Reconciliation> for ReconciliationBody {
    fn from(sums: Reconciliation) -> Self {
        let adds_up = sums.claimed.plus(sums.counterfactual).is_ok_and(|sum| sum == sums.actual);
        Self {
            entries: sums.entries,
            skus: sums.skus,
            claimed: sums.claimed.into(),
            counterfactual: sums.counterfactual.into(),
            actual: sums.actual.into(),
            booked: sums.booked.into(),
            difference: sums.difference.into(),
            holds: adds_up && sums.difference.minor() == 0,
        }
    }
}
