//! The decision ledger: what was decided, promised and measured.

mod body;
pub(crate) mod effect;
pub(crate) mod summary;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shelfiq_app::ledger as app;
use shelfiq_core::{LedgerEntryId, Sku};
use shelfiq_recommend::RecommendationKind;
use shelfiq_store::UnknownWord;
use utoipa::IntoParams;
use uuid::Uuid;

pub(crate) use body::{LedgerEntryBody, LedgerEntryDetailBody};

use crate::caller::{Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PAGE_SIZE_MAX, PageBody};
use crate::state::ApiState;

/// Which lines of the ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuery {
    /// `recommendation`, `own_price_change` or `price_test`
    origin: Option<String>,
    /// `accepted`, `dismissed`, `undone`, `expired`, `done` or `own`
    decision: Option<String>,
    /// `waiting`, `not_applied`, `too_early`, `measured`, `not_measurable` or `not_done`
    outcome: Option<String>,
    /// `reprice`, `restock`, `slow_mover` or `price_test`
    kind: Option<String>,
    /// For this Sku
    sku: Option<String>,
    /// With these letters in title or Sku
    #[param(max_length = 200)]
    search: Option<String>,
    /// Entries on the page, 1 to 200
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    after: Option<String>,
}

/// Lists the decision ledger, newest decision first.
#[utoipa::path(get, path = "/ledger", tag = "ledger", operation_id = "list_ledger", params(LedgerQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<LedgerEntryBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<LedgerQuery>,
) -> Result<Json<PageBody<LedgerEntryBody>>, ApiError> {
    let kind = |word: &str| {
        RecommendationKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| ApiError::invalid("kind", "must be reprice, restock, slow_mover or price_test"))
    };
    let request = app::Query {
        origins: word(query.origin.as_deref(), "origin")?,
        decisions: word(query.decision.as_deref(), "decision")?,
        outcomes: word(query.outcome.as_deref(), "outcome")?,
        kinds: query.kind.as_deref().map(kind).transpose()?.into_iter().collect(),
        sku: query
            .sku
            .as_deref()
            .map(Sku::new)
            .transpose()
            .map_err(|error| ApiError::invalid("sku", error.to_string()))?,
        search: query.search,
        limit: query.limit.unwrap_or(50).clamp(1, PAGE_SIZE_MAX),
        after: query.after,
    };
    let (page, total) = app::list(&state.platform, &actor, request).await?;
    Ok(Json(PageBody::of(page, Some(total))))
}

/// One line of the ledger, with the proposal as it stood and the steps that were taken.
#[utoipa::path(get, path = "/ledger/{id}", tag = "ledger", operation_id = "get_ledger_entry", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = LedgerEntryDetailBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<LedgerEntryDetailBody>, ApiError> {
    let (view, steps) = app::get(&state.platform, &actor, LedgerEntryId::from_uuid(id)).await?;
    Ok(Json(LedgerEntryDetailBody::of(view, steps)))
}

/// A filter of one word, or of none.
fn word<T: std::str::FromStr<Err = UnknownWord>>(word: Option<&str>, field: &'static str) -> Result<Vec<T>, ApiError> {
    let parsed =
        word.map(str::parse).transpose().map_err(|error: UnknownWord| ApiError::invalid(field, error.to_string()))?;
    Ok(parsed.into_iter().collect())
}
