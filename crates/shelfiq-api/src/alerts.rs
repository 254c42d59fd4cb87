//! The alert inbox.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_alerts::{Action, AlertKind, Member, Severity, Subject};
use shelfiq_app::alerts::{self as app, AlertDecision, AlertView};
use shelfiq_core::{AlertId, Sku, money_text};
use shelfiq_store::alerts::AlertState;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::amount::MoneyBody;
use crate::anomalies::AnomalyKeyBody;
use crate::caller::{Body, Caller, ExpectedVersion, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::PageBody;
use crate::recommendations::{BulkBody, BulkFailureBody, BulkOutcomeBody, EvidenceBody, SnoozeBody, start_of};
use crate::state::ApiState;

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AlertsQuery {
    /// `open` (default), `snoozed`, `resolved` or `all`
    state: Option<String>,
    /// `info`, `warning` or `critical`
    severity: Option<String>,
    /// Kind of trouble, such as `stock_out_risk`
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

/// One opened case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertBody {
    id: Uuid,
    kind: String,
    /// `info`, `warning` or `critical`.
    severity: &'static str,
    /// `firing`, `acknowledged`, `snoozed` or `resolved`.
    state: String,
    sku: Option<String>,
    product_title: Option<String>,
    /// The kind in words.
    title: String,
    /// What was found, with the numbers.
    sentence: String,
    /// The most likely cause, if the facts show one.
    cause: Option<String>,
    /// What to do.
    action: Option<AlertActionBody>,
    money_at_stake: Option<MoneyBody>,
    opened_at: DateTime<Utc>,
    /// When the trouble began, as far as known.
    since: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    snoozed_until: Option<DateTime<Utc>>,
    evidence: Vec<EvidenceBody>,
    /// The anomaly that it tells of, if it tells of one: what can be called usual.
    anomaly: Option<AnomalyKeyBody>,
    /// What happened at the same time as that anomaly, such as `price cut of 12 % the day before`.
    coincides_with: Option<String>,
    /// Counts the changes; goes into `If-Match`.
    version: i32,
}

/// The button beside an alert.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertActionBody {
    label: String,
    /// Path in the web app.
    link: String,
}

/// How many alerts there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertCountsBody {
    open: u64,
    snoozed: u64,
    /// Open ones by severity.
    by_severity: SeverityCountsBody,
}

/// Open alerts by severity.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct SeverityCountsBody {
    info: u64,
    warning: u64,
    critical: u64,
}

/// Four internal severities become the three that people tell apart at a glance.
const fn shown(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "info",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "critical",
    }
}

/// The stored severities behind a shown one.
fn stored(severity: &str) -> Result<Vec<String>, ApiError> {
    let names: &[&str] = match severity {
        "info" => &["low"],
        "warning" => &["medium"],
        "critical" => &["high", "critical"],
        _ => return Err(ApiError::invalid("severity", "must be info, warning or critical")),
    };
    Ok(names.iter().map(|name| (*name).to_owned()).collect())
}

impl From<AlertView> for AlertBody {
    fn from(view: AlertView) -> Self {
        let AlertView { row, case, anomaly, coincides_with } = view;
        let page = row.sku.as_ref().map(|sku| format!("/products/{}", crate::products::encoded(sku.as_str())));
        let link = match (case.finding.action, page.as_deref()) {
            (Action::RefreshFeed, _) => "/imports".to_owned(),
            (Action::ReviewModel, _) => "/models".to_owned(),
            (_, None) => "/products".to_owned(),
            (Action::ReviewPrice, Some(page)) => format!("{page}#prices"),
            (Action::Restock | Action::CountStock, Some(page)) => format!("{page}#stock"),
            (Action::ReadReviews, Some(page)) => format!("{page}#reviews"),
            (Action::ReviewDemand, Some(page)) => format!("{page}#demand"),
        };
        let product = page.into_iter().map(|link| EvidenceBody {
            label: "Product".to_owned(),
            value: case.title.clone(),
            unit: None,
            link: Some(link),
        });
        let evidence = product.chain(case.finding.members.iter().map(member));
        Self {
            id: row.id.as_uuid(),
            kind: row.kind,
            severity: shown(case.finding.severity),
            state: row.state.to_string(),
            product_title: row.sku.is_some().then(|| case.title.clone()),
            sku: row.sku.map(|sku| sku.to_string()),
            title: case.key.kind.title().to_owned(),
            sentence: case.finding.sentence,
            cause: case.finding.cause.clause(),
            action: Some(AlertActionBody { label: case.finding.action.label().to_owned(), link }),
            money_at_stake: case.finding.money_at_stake.map(Into::into),
            opened_at: row.opened_at,
            since: case.finding.since,
            resolved_at: row.resolved_at,
            snoozed_until: row.snoozed_until,
            evidence: evidence.collect(),
            anomaly: anomaly.map(Into::into),
            coincides_with,
            version: row.version,
        }
    }
}

/// One product of an alert for the rest.
fn member(member: &Member) -> EvidenceBody {
    let link = match &member.subject {
        Subject::Sku(sku) => Some(format!("/products/{}", crate::products::encoded(sku.as_str()))),
        Subject::Feed(_) | Subject::Rest => None,
    };
    // Two products may have one title.
    let label = if member.title.is_empty() {
        member.subject.to_string()
    } else {
        format!("{} ({})", member.title, member.subject)
    };
    let value = member.money_at_stake.map_or_else(|| "no figure".to_owned(), money_text);
    EvidenceBody { label, value, unit: None, link }
}

/// Lists alerts: open ones with most at stake first, others newest first.
#[utoipa::path(get, path = "/alerts", tag = "alerts", operation_id = "list_alerts", params(AlertsQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<AlertBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<AlertsQuery>,
) -> Result<Json<PageBody<AlertBody>>, ApiError> {
    let states = match query.state.as_deref() {
        None | Some("open") => app::OPEN.to_vec(),
        Some("all") => Vec::new(),
        Some("pending") => return Err(ApiError::invalid("state", "must be open, snoozed, resolved or all")),
        Some(word) => vec![word.parse::<AlertState>().map_err(|error| ApiError::invalid("state", error.to_string()))?],
    };
    let kinds = match &query.kind {
        None => Vec::new(),
        Some(kind) if AlertKind::ALL.iter().any(|known| known.to_string() == *kind) => vec![kind.clone()],
        Some(_) => {
            let names: Vec<String> = AlertKind::ALL.iter().map(ToString::to_string).collect();
            return Err(ApiError::invalid("kind", format!("must be one of {}", names.join(", "))));
        }
    };
    let severities = query.severity.as_deref().map(stored).transpose()?.unwrap_or_default();
    let sku =
        query.sku.as_deref().map(Sku::new).transpose().map_err(|error| ApiError::invalid("sku", error.to_string()))?;
    let limit = query.limit.unwrap_or(50).clamp(1, crate::page::PAGE_SIZE_MAX);
    let request = app::Query { states, severities, kinds, sku, search: query.search, limit, after: query.after };
    let (page, total) = app::list(&state.platform, &actor, request).await?;
    Ok(Json(PageBody::of(page, Some(total))))
}

/// How many alerts there are.
#[utoipa::path(get, path = "/alerts/counts", tag = "alerts", operation_id = "count_alerts", security(("bearer" = [])),
    responses((status = 200, body = AlertCountsBody), (status = "default", body = Problem)))]
pub(crate) async fn counts(
    State(state): State<ApiState>,
    Caller(actor): Caller,
) -> Result<Json<AlertCountsBody>, ApiError> {
    let mut counts = AlertCountsBody { open: 0, snoozed: 0, by_severity: SeverityCountsBody::default() };
    for count in app::counts(&state.platform, &actor).await? {
        match count.state {
            AlertState::Firing | AlertState::Acknowledged => {
                counts.open += count.alerts;
                match count.severity.as_str() {
                    "low" => counts.by_severity.info += count.alerts,
                    "medium" => counts.by_severity.warning += count.alerts,
                    _ => counts.by_severity.critical += count.alerts,
                }
            }
            AlertState::Snoozed => counts.snoozed += count.alerts,
            AlertState::Pending | AlertState::Resolved => {}
        }
    }
    Ok(Json(counts))
}

/// One alert.
#[utoipa::path(get, path = "/alerts/{id}", tag = "alerts", operation_id = "get_alert", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = AlertBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<Json<AlertBody>, ApiError> {
    Ok(Json(app::get(&state.platform, &actor, AlertId::from_uuid(id)).await?.into()))
}

/// Somebody looks after it.
#[utoipa::path(post, path = "/alerts/{id}/acknowledge", tag = "alerts", operation_id = "acknowledge_alert", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = AlertBody), (status = "default", body = Problem)))]
pub(crate) async fn acknowledge(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
) -> Result<Json<AlertBody>, ApiError> {
    decide(&state, &actor, id, AlertDecision::Acknowledge, version).await
}

/// Puts aside until a day.
#[utoipa::path(post, path = "/alerts/{id}/snooze", tag = "alerts", operation_id = "snooze_alert", params(("id" = Uuid, Path)), request_body = SnoozeBody, security(("bearer" = [])),
    responses((status = 200, body = AlertBody), (status = "default", body = Problem)))]
pub(crate) async fn snooze(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
    Body(body): Body<SnoozeBody>,
) -> Result<Json<AlertBody>, ApiError> {
    decide(&state, &actor, id, AlertDecision::Snooze(start_of(body.until)), version).await
}

/// Closes it by hand.
#[utoipa::path(post, path = "/alerts/{id}/resolve", tag = "alerts", operation_id = "resolve_alert", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = AlertBody), (status = "default", body = Problem)))]
pub(crate) async fn resolve(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
) -> Result<Json<AlertBody>, ApiError> {
    decide(&state, &actor, id, AlertDecision::Resolve, version).await
}

/// Takes the last decision back.
#[utoipa::path(post, path = "/alerts/{id}/undo", tag = "alerts", operation_id = "undo_alert", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 200, body = AlertBody), (status = "default", body = Problem)))]
pub(crate) async fn undo(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(id): Place<Uuid>,
) -> Result<Json<AlertBody>, ApiError> {
    decide(&state, &actor, id, AlertDecision::Undo, version).await
}

/// Takes one decision on many; what fails does not hold up the rest.
#[utoipa::path(post, path = "/alerts/bulk", tag = "alerts", operation_id = "decide_alerts", request_body = BulkBody, security(("bearer" = [])),
    responses((status = 200, body = BulkOutcomeBody), (status = "default", body = Problem)))]
pub(crate) async fn bulk(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<BulkBody>,
) -> Result<Json<BulkOutcomeBody>, ApiError> {
    let decision = match body.action.as_str() {
        "acknowledge" => AlertDecision::Acknowledge,
        "resolve" => AlertDecision::Resolve,
        "undo" => AlertDecision::Undo,
        "snooze" => {
            AlertDecision::Snooze(start_of(body.until.ok_or_else(|| ApiError::invalid("until", "name the day"))?))
        }
        _ => return Err(ApiError::invalid("action", "must be acknowledge, resolve, snooze or undo")),
    };
    let ids: Vec<AlertId> = body.ids.into_iter().map(AlertId::from_uuid).collect();
    let (done, failed) = app::decide_all(&state.platform, &actor, &ids, decision).await?;
    Ok(Json(BulkOutcomeBody {
        done: done.into_iter().map(AlertId::as_uuid).collect(),
        failed: failed
            .into_iter()
            .map(|(id, error)| BulkFailureBody { id: id.as_uuid(), detail: error.to_string() })
            .collect(),
    }))
}

async fn decide(
    state: &ApiState,
    actor: &shelfiq_app::access::Actor,
    id: Uuid,
    decision: AlertDecision,
    version: Option<i32>,
) -> Result<Json<AlertBody>, ApiError> {
    Ok(Json(app::decide(&state.platform, actor, AlertId::from_uuid(id), decision, version).await?.into()))
}
