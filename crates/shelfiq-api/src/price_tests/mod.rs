//! Price tests: proposals, running tests, and what they say.

mod plan;
mod reading;
mod test;

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_app::price_tests as app;
use shelfiq_core::{Money, PriceTestId, Ratio, Sku};
use shelfiq_store::UnknownWord;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::plan::ProposalBody;
use self::test::{PriceTestBody, PriceTestDetailBody};
use crate::amount::MoneyBody;
use crate::caller::{Body, Caller, ExpectedVersion, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PAGE_SIZE_MAX, PageBody};
use crate::state::ApiState;

/// Proposals that are shown if the caller names no number.
const PROPOSALS_DEFAULT: usize = 10;
const REASON_DEFAULT: &str = "stopped by hand";

/// Which tests.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PriceTestsQuery {
    /// `running`, `finished` or `stopped`; all if not given
    state: Option<String>,
    /// Of this Sku
    sku: Option<String>,
    /// Entries on the page, 1 to 200
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    after: Option<String>,
}

/// How many proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProposalsQuery {
    /// At most so many, 1 to 24; 10 if not given
    #[param(minimum = 1, maximum = 24)]
    limit: Option<usize>,
}

/// Proposed tests, the most worthwhile first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalsBody {
    items: Vec<ProposalBody>,
}

/// A test to start. Prices and length follow from today's data: the cheapest test within the limits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartBody {
    sku: String,
    /// Tomorrow if not given.
    #[serde(default)]
    first_day: Option<NaiveDate>,
    /// Longest the test may take; 84 if not given.
    #[serde(default)]
    #[schema(minimum = 7, maximum = 365)]
    days_max: Option<u32>,
    /// Farthest a test price may lie from today's, as a share of it: 0.15 if not given.
    #[serde(default)]
    #[schema(minimum = 0.01, maximum = 0.5)]
    price_move_max: Option<f64>,
    /// Most the test may cost at the upper end of its interval; no limit if not given.
    #[serde(default)]
    cost_max: Option<MoneyBody>,
}

/// Why a test is stopped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopBody {
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Proposes tests for the prices that the data cannot judge, the most worthwhile first.
#[utoipa::path(get, path = "/price-tests/proposals", tag = "price tests", operation_id = "propose_price_tests", params(ProposalsQuery), security(("bearer" = [])),
    responses((status = 200, body = ProposalsBody), (status = "default", body = Problem)))]
pub(crate) async fn propose(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<ProposalsQuery>,
) -> Result<Json<ProposalsBody>, ApiError> {
    let proposals =
        app::proposals(&state.platform, &actor, query.limit.unwrap_or(PROPOSALS_DEFAULT).max(1), None).await?;
    Ok(Json(ProposalsBody { items: proposals.into_iter().map(ProposalBody::from).collect() }))
}

/// Lists price tests, newest first.
#[utoipa::path(get, path = "/price-tests", tag = "price tests", operation_id = "list_price_tests", params(PriceTestsQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<PriceTestBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<PriceTestsQuery>,
) -> Result<Json<PageBody<PriceTestBody>>, ApiError> {
    let states = query.state.as_deref().map(str::parse).transpose();
    let states = states.map_err(|error: UnknownWord| ApiError::invalid("state", error.to_string()))?;
    let request = app::Query {
        states: states.into_iter().collect(),
        sku: query.sku.as_deref().map(sku_of).transpose()?,
        limit: query.limit.unwrap_or(50).clamp(1, PAGE_SIZE_MAX),
        after: query.after,
    };
    let (page, total) = app::list(&state.platform, &actor, request).await?;
    Ok(Json(PageBody::of(page, Some(total))))
}

/// Starts a test. Starting the same one again answers with the one that runs.
#[utoipa::path(post, path = "/price-tests", tag = "price tests", operation_id = "start_price_test", request_body = StartBody, security(("bearer" = [])),
    responses((status = 200, body = PriceTestDetailBody), (status = "default", body = Problem)))]
pub(crate) async fn start(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<StartBody>,
) -> Result<Json<PriceTestDetailBody>, ApiError> {
    let request = app::StartRequest {
        sku: sku_of(&body.sku)?,
        first_day: body.first_day,
        days_max: body.days_max,
        price_move_max: body.price_move_max.map(move_max).transpose()?,
        cost_max: body.cost_max.map(money).transpose()?,
    };
    Ok(Json(app::start(&state.platform, &actor, request).await?.into()))
}

/// One test: its schedule, what it says so far, and whether it may stop.
#[utoipa::path(get, path = "/price-tests/{id}", tag = "price tests", operation_id = "get_price_test", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = PriceTestDetailBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<PriceTestDetailBody>, ApiError> {
    Ok(Json(app::get(&state.platform, &actor, PriceTestId::from_uuid(id)).await?.into()))
}

/// Stops a running test. What it has read stays.
#[utoipa::path(post, path = "/price-tests/{id}/stop", tag = "price tests", operation_id = "stop_price_test", params(("id" = Uuid, Path)), request_body = StopBody, security(("bearer" = [])),
    responses((status = 200, body = PriceTestDetailBody), (status = "default", body = Problem)))]
pub(crate) async fn stop(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
    Body(body): Body<StopBody>,
) -> Result<Json<PriceTestDetailBody>, ApiError> {
    let reason: String = body.reason.as_deref().unwrap_or(REASON_DEFAULT).trim().chars().take(500).collect();
    Ok(Json(app::stop(&state.platform, &actor, PriceTestId::from_uuid(id), version, &reason).await?.into()))
}

fn sku_of(text: &str) -> Result<Sku, ApiError> {
    Sku::new(text).map_err(|error| ApiError::invalid("sku", error.to_string()))
}

fn move_max(share: f64) -> Result<Ratio, ApiError> {
    let share = Decimal::from_f64_retain(share).filter(|_| (0.01..=0.5).contains(&share));
    Ok(Ratio::new(
        share.ok_or_else(|| ApiError::invalid("price_move_max", "must lie between 0.01 and 0.5"))?.round_dp(4),
    ))
}

fn money(body: MoneyBody) -> Result<Money, ApiError> {
    let invalid =
        || ApiError::invalid("cost_max", "must be an amount such as {\"amount\": \"50.00\", \"currency\": \"GBP\"}");
    serde_json::from_value(serde_json::json!({ "amount": body.amount, "currency": body.currency }))
        .map_err(|_| invalid())
}
