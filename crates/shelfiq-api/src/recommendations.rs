//! Recommendations: listing them and deciding on them.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shelfiq_app::recommendations::{self as app, RecommendationView};
use shelfiq_core::{RecommendationId, Sku, money_text};
use shelfiq_recommend::{
    Action, Decision, DismissReason, Evidence, EvidenceValue, GuardRail, Link, RecommendationKind,
};
use shelfiq_store::recommendations::RecommendationState;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::amount::MoneyBody;
use crate::caller::{Body, Caller, ExpectedVersion, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::PageBody;
use crate::state::ApiState;

/// Which recommendations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecommendationsQuery {
    /// `open` (default), `accepted`, `snoozed`, `dismissed`, `done`, `expired` or `all`
    state: Option<String>,
    /// `reprice`, `restock`, `slow_mover` or `price_test`
    kind: Option<String>,
    /// For this Sku
    sku: Option<String>,
    /// With these letters in title or Sku
    #[param(max_length = 200)]
    search: Option<String>,
    /// `priority` (default) or `newest`
    sort: Option<String>,
    /// Entries on the page, 1 to 200
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    after: Option<String>,
}

/// A proposed action.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendationBody {
    id: Uuid,
    kind: String,
    sku: String,
    /// What to do, in a few words.
    title: String,
    product_title: String,
    state: String,
    /// The effect in one sentence.
    sentence: String,
    /// Why, with the numbers.
    reason: String,
    /// What to do, with its figures and a `label`.
    #[schema(value_type = Object)]
    action: Map<String, Value>,
    /// Expected change of profit.
    impact: MoneyBody,
    impact_low80: MoneyBody,
    impact_high80: MoneyBody,
    horizon_days: u32,
    /// Probability that the realised impact is above zero.
    confidence: f64,
    /// 0 (any time) to 1 (today).
    urgency: f64,
    /// Impact × confidence × urgency: what the order goes by.
    priority: MoneyBody,
    evidence: Vec<EvidenceBody>,
    guard_rails: Vec<GuardRailBody>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    snoozed_until: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<String>,
    decision_reason: Option<String>,
    /// Counts the changes; goes into `If-Match`.
    version: i32,
}

/// One fact that an advice or an alert rests on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidenceBody {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) unit: Option<String>,
    /// Path in the web app.
    pub(crate) link: Option<String>,
}

/// A limit and how the advice stands to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GuardRailBody {
    name: String,
    passed: bool,
    text: String,
}

/// Why advice is turned down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DismissBody {
    /// `wrong_figures`, `against_strategy`, `already_done`, `too_small`, or the merchant's own words.
    #[schema(max_length = 500)]
    reason: String,
}

/// Until when something is put aside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnoozeBody {
    /// The day on which it comes back.
    pub(crate) until: NaiveDate,
}

/// One decision on many.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkBody {
    #[schema(max_items = 500)]
    pub(crate) ids: Vec<Uuid>,
    /// `accept`, `dismiss`, `snooze` or `undo`.
    pub(crate) action: String,
    #[serde(default)]
    pub(crate) reason: Option<String>,
    #[serde(default)]
    pub(crate) until: Option<NaiveDate>,
}

/// What became of a bulk decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkOutcomeBody {
    pub(crate) done: Vec<Uuid>,
    pub(crate) failed: Vec<BulkFailureBody>,
}

/// One that could not be decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkFailureBody {
    pub(crate) id: Uuid,
    pub(crate) detail: String,
}

impl From<RecommendationView> for RecommendationBody {
    fn from(view: RecommendationView) -> Self {
        let RecommendationView { row, proposal } = view;
        let (label, action) = action(&proposal.action);
        let impact = &proposal.impact;
        Self {
            id: row.id.as_uuid(),
            kind: row.kind,
            sku: row.sku.to_string(),
            sentence: format!(
                "{} expected over {} days, {}",
                signed(impact.expected),
                impact.horizon_days,
                impact.against
            ),
            title: label,
            product_title: proposal.title,
            state: row.state.to_string(),
            reason: proposal.reason,
            action,
            impact: impact.expected.into(),
            impact_low80: impact.lo.into(),
            impact_high80: impact.hi.into(),
            horizon_days: impact.horizon_days,
            confidence: proposal.confidence.to_f64(),
            urgency: proposal.urgency.to_f64(),
            priority: proposal.priority.into(),
            evidence: proposal.evidence.into_iter().map(|fact| EvidenceBody::of(fact, &row.sku)).collect(),
            guard_rails: proposal.guard_rails.into_iter().map(GuardRailBody::from).collect(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            expires_at: Some(row.expires_at),
            snoozed_until: row.snoozed_until,
            decided_at: row.decided_at,
            decided_by: row.decided_by.map(|author| author.to_string()),
            decision_reason: row.decision_reason,
            version: row.version,
        }
    }
}

impl EvidenceBody {
    /// A fact about `sku`.
    pub(crate) fn of(fact: Evidence, sku: &Sku) -> Self {
        let (value, unit) = evidence(&fact.value);
        Self { label: fact.label, value, unit, link: link(fact.link, sku) }
    }
}

impl From<GuardRail> for GuardRailBody {
    fn from(rail: GuardRail) -> Self {
        Self { name: rail.name, passed: true, text: rail.detail }
    }
}

fn signed(money: shelfiq_core::Money) -> String {
    if money.is_negative() { money_text(money) } else { format!("+{}", money_text(money)) }
}

/// What to do, in a few words and as figures.
pub(crate) fn action(action: &Action) -> (String, Map<String, Value>) {
    let label = match action {
        Action::SetPrice { from, to } => format!("Change the price from {} to {}", money_text(*from), money_text(*to)),
        Action::TestPrice { to, days, .. } => format!("Try {} for {days} days", money_text(*to)),
        Action::Order { quantity, order_by } => format!("Order {quantity} by {order_by}"),
        Action::Markdown { from, to } => format!("Mark down from {} to {}", money_text(*from), money_text(*to)),
        Action::Bundle { with, price } => format!("Bundle it with {with} at {}", money_text(*price)),
    };
    let mut fields = match serde_json::to_value(action) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    fields.insert("label".to_owned(), Value::String(label.clone()));
    (label, fields)
}

fn evidence(value: &EvidenceValue) -> (String, Option<String>) {
    let unit = |text: &str| Some(text.to_owned());
    match value {
        EvidenceValue::Money(money) => (money_text(*money), None),
        EvidenceValue::Price(price) => (money_text(*price), None),
        EvidenceValue::Units(units) => (format!("{units:.0}"), unit("units")),
        EvidenceValue::UnitsRange { expected, lo, hi } => (format!("{expected:.0} ({lo:.0}–{hi:.0})"), unit("units")),
        EvidenceValue::Days(days) => (format!("{days:.0}"), unit("days")),
        EvidenceValue::Ratio(ratio) => (format!("{:.1}", ratio.to_f64() * 100.0), unit("%")),
        EvidenceValue::Elasticity { mean, deviation } => (format!("{mean:.2} ± {deviation:.2}"), None),
        EvidenceValue::Day(day) => (day.to_string(), None),
        EvidenceValue::Text(text) => (text.clone(), None),
    }
}

fn link(link: Link, sku: &Sku) -> Option<String> {
    let part = match link {
        Link::OrderLines | Link::Forecast => "demand",
        Link::Stock => "stock",
        Link::Prices => "prices",
        Link::PriceModel => "elasticity",
        Link::Anomalies => "alerts",
        Link::Policy => return Some("/settings".to_owned()),
    };
    Some(format!("/products/{}#{part}", crate::products::encoded(sku.as_str())))
}

/// Lists recommendations, most valuable first.
#[utoipa::path(get, path = "/recommendations", tag = "recommendations", operation_id = "list_recommendations", params(RecommendationsQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<RecommendationBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<RecommendationsQuery>,
) -> Result<Json<PageBody<RecommendationBody>>, ApiError> {
    let states = match query.state.as_deref() {
        None => vec![RecommendationState::Open],
        Some("all") => Vec::new(),
        Some(word) => vec![
            word.parse().map_err(|error: shelfiq_store::UnknownWord| ApiError::invalid("state", error.to_string()))?,
        ],
    };
    let kinds = match query.kind.as_deref() {
        None => Vec::new(),
        Some(word) => vec![
            RecommendationKind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == word)
                .ok_or_else(|| ApiError::invalid("kind", "must be reprice, restock, slow_mover or price_test"))?,
        ],
    };
    let sku =
        query.sku.as_deref().map(Sku::new).transpose().map_err(|error| ApiError::invalid("sku", error.to_string()))?;
    let limit = query.limit.unwrap_or(50).clamp(1, crate::page::PAGE_SIZE_MAX);
    let request = app::Query {
        states,
        kinds,
        sku,
        search: query.search,
        newest_first: query.sort.as_deref() == Some("newest"),
        limit,
        after: query.after,
    };
    let (page, total) = app::list(&state.platform, &actor, request).await?;
    Ok(Json(PageBody::of(page, Some(total))))
}

/// One recommendation.
#[utoipa::path(get, path = "/recommendations/{id}", tag = "recommendations", operation_id = "get_recommendation", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = RecommendationBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<RecommendationBody>, ApiError> {
    Ok(Json(app::get(&state.platform, &actor, RecommendationId::from_uuid(id)).await?.into()))
}

/// Accepts: the action is to be carried out.
#[utoipa::path(post, path = "/recommendations/{id}/accept", tag = "recommendations", operation_id = "accept_recommendation", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = RecommendationBody), (status = "default", body = Problem)))]
pub(crate) async fn accept(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
) -> Result<Json<RecommendationBody>, ApiError> {
    decide(&state, &actor, id, Decision::Accept, version).await
}

/// Turns down, with a reason.
#[utoipa::path(post, path = "/recommendations/{id}/dismiss", tag = "recommendations", operation_id = "dismiss_recommendation", params(("id" = Uuid, Path)), request_body = DismissBody, security(("bearer" = [])),
    responses((status = 200, body = RecommendationBody), (status = "default", body = Problem)))]
pub(crate) async fn dismiss(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
    Body(body): Body<DismissBody>,
) -> Result<Json<RecommendationBody>, ApiError> {
    decide(&state, &actor, id, Decision::Dismiss { reason: dismiss_reason(&body.reason)? }, version).await
}

/// Puts aside until a day.
#[utoipa::path(post, path = "/recommendations/{id}/snooze", tag = "recommendations", operation_id = "snooze_recommendation", params(("id" = Uuid, Path)), request_body = SnoozeBody, security(("bearer" = [])),
    responses((status = 200, body = RecommendationBody), (status = "default", body = Problem)))]
pub(crate) async fn snooze(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
    Body(body): Body<SnoozeBody>,
) -> Result<Json<RecommendationBody>, ApiError> {
    decide(&state, &actor, id, Decision::Snooze { until: start_of(body.until) }, version).await
}

/// Takes the last decision back.
#[utoipa::path(post, path = "/recommendations/{id}/undo", tag = "recommendations", operation_id = "undo_recommendation", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = RecommendationBody), (status = "default", body = Problem)))]
pub(crate) async fn undo(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
) -> Result<Json<RecommendationBody>, ApiError> {
    decide(&state, &actor, id, Decision::Undo, version).await
}

/// Takes one decision on many; what fails does not hold up the rest.
#[utoipa::path(post, path = "/recommendations/bulk", tag = "recommendations", operation_id = "decide_recommendations", request_body = BulkBody, security(("bearer" = [])),
    responses((status = 200, body = BulkOutcomeBody), (status = "default", body = Problem)))]
pub(crate) async fn bulk(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<BulkBody>,
) -> Result<Json<BulkOutcomeBody>, ApiError> {
    let decision = match body.action.as_str() {
        "accept" => Decision::Accept,
        "undo" => Decision::Undo,
        "dismiss" => Decision::Dismiss { reason: dismiss_reason(body.reason.as_deref().unwrap_or_default())? },
        "snooze" => {
            Decision::Snooze { until: start_of(body.until.ok_or_else(|| ApiError::invalid("until", "name the day"))?) }
        }
        _ => return Err(ApiError::invalid("action", "must be accept, dismiss, snooze or undo")),
    };
    let ids: Vec<RecommendationId> = body.ids.into_iter().map(RecommendationId::from_uuid).collect();
    let outcome = app::decide_all(&state.platform, &actor, &ids, &decision).await?;
    Ok(Json(BulkOutcomeBody {
        done: outcome.done.into_iter().map(RecommendationId::as_uuid).collect(),
        failed: outcome
            .failed
            .into_iter()
            .map(|(id, error)| BulkFailureBody { id: id.as_uuid(), detail: error.to_string() })
            .collect(),
    }))
}

async fn decide(
    state: &ApiState,
    actor: &shelfiq_app::access::Actor,
    id: Uuid,
    decision: Decision,
    version: Option<i32>,
) -> Result<Json<RecommendationBody>, ApiError> {
    Ok(Json(app::decide(&state.platform, actor, RecommendationId::from_uuid(id), decision, version).await?.into()))
}

fn dismiss_reason(words: &str) -> Result<DismissReason, ApiError> {
    Ok(match words.trim() {
        "" => return Err(ApiError::invalid("reason", "say why: the models learn from it")),
        "wrong_figures" => DismissReason::WrongFigures,
        "against_strategy" => DismissReason::AgainstStrategy,
        "already_done" => DismissReason::AlreadyDone,
        "too_small" => DismissReason::TooSmall,
        other => DismissReason::Other(other.chars().take(500).collect()),
    })
}

pub(crate) fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
