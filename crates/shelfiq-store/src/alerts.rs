//! Alerts: opened cases of alert rules, where they stand, and what members did with them.
//!
//! What a case is and which steps are legal is not known here: the case is kept as it comes, beside the columns that
//! lists are filtered and sorted by.

mod decision;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{AlertId, AlertRuleId, CurrencyCode, MerchantId, Money, Sku};
use uuid::Uuid;

use crate::database::sealed::Connected;
use crate::database::to_the_microsecond;
use crate::entity::alert as entity;
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Page, PageRequest, Read, StoreError, Transaction};

pub use decision::{AlertDecision, AlertStep, decide, last_decision};

/// Rows in one statement: SQLite takes 32,766 parameters.
const ROWS_PER_INSERT: usize = 500;

/// The kind that says that input is late.
const LATE_INPUT: &str = "data_freshness";
/// Where alerts without a figure stand among the sums.
const STAKE_UNBOUNDED: i64 = i64::MAX;
const STAKE_UNKNOWN: i64 = -1;

text_enum! {
    /// Where an alert stands.
    AlertState = "alert state" {
        /// Not yet true for long enough; shown to nobody.
        Pending = "pending",
        /// Open, and nobody took it up.
        Firing = "firing",
        /// Open, and somebody took it up.
        Acknowledged = "acknowledged",
        /// Open, and put aside for a while.
        Snoozed = "snoozed",
        /// Over.
        Resolved = "resolved",
    }
}

/// One opened case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// The rule that opened it.
    pub rule: AlertRuleId,
    /// What makes it this case; one unresolved alert has it at a time.
    pub key: String,
    /// The kind of trouble.
    pub kind: String,
    /// Whom it concerns, unless it concerns a feed.
    pub sku: Option<Sku>,
    /// What lists and searches show.
    pub title: String,
    /// Where it stands.
    pub state: AlertState,
    /// How bad it is.
    pub severity: String,
    /// What is lost or at risk, where an honest figure exists.
    pub money_at_stake: Option<Money>,
    /// The whole case.
    pub payload: Value,
    /// Counts the changes; starts at 1.
    pub version: i32,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it comes back.
    pub snoozed_until: Option<DateTime<Utc>>,
}

/// A case as an evaluation leaves it.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertCase {
    /// Its id: a new one, or that of the case that moved.
    pub id: AlertId,
    /// The rule that opened it.
    pub rule: AlertRuleId,
    /// What makes it this case.
    pub key: String,
    /// The kind of trouble.
    pub kind: String,
    /// Whom it concerns, unless it concerns a feed.
    pub sku: Option<Sku>,
    /// What lists and searches show.
    pub title: String,
    /// Where it stands.
    pub state: AlertState,
    /// How bad it is.
    pub severity: String,
    /// What is lost or at risk.
    pub money_at_stake: Option<Money>,
    /// The whole case.
    pub payload: Value,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it comes back.
    pub snoozed_until: Option<DateTime<Utc>>,
}

/// Which alerts to list; `None` and empty lists narrow nothing. Pending ones are listed only if asked for by state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlertFilter {
    /// In one of these states.
    pub states: Vec<AlertState>,
    /// Of one of these severities.
    pub severities: Vec<String>,
    /// Of one of these kinds.
    pub kinds: Vec<String>,
    /// For this Sku.
    pub sku: Option<Sku>,
    /// With these letters in the title or the Sku.
    pub search: Option<String>,
}

/// How many alerts of a state and a severity there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertCount {
    /// The state.
    pub state: AlertState,
    /// The severity.
    pub severity: String,
    /// How many.
    pub alerts: u64,
}

/// Stores cases as an evaluation leaves them: new ones are added, known ids replaced.
///
/// # Errors
/// [`StoreError::Violated`] if a second unresolved case would have the same key.
pub async fn put_all(tx: &Transaction, merchant: MerchantId, cases: Vec<AlertCase>) -> Result<(), StoreError> {
    let replace = OnConflict::column(entity::Column::Id)
        .update_columns([
            entity::Column::RuleId,
            entity::Column::Title,
            entity::Column::State,
            entity::Column::Severity,
            entity::Column::AtStakeMinor,
            entity::Column::Currency,
            entity::Column::Payload,
            entity::Column::OpenedAt,
            entity::Column::UpdatedAt,
            entity::Column::ResolvedAt,
            entity::Column::SnoozedUntil,
        ])
        .value(entity::Column::Version, Expr::col((entity::Entity, entity::Column::Version)).add(1))
        // An id of another merchant is never overwritten.
        .action_and_where(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .to_owned();
    let mut cases = cases.into_iter().peekable();
    while cases.peek().is_some() {
        let rows: Vec<entity::ActiveModel> = cases
            .by_ref()
            .take(ROWS_PER_INSERT)
            .map(|case| row_of(merchant, case, tx.at()).into_active_model())
            .collect();
        entity::Entity::insert_many(rows)
            .on_conflict(replace.clone())
            .exec_without_returning(tx.connection())
            .await
            .doing("storing alerts")?;
    }
    Ok(())
}

/// Forgets a case that ended before anybody heard of it.
///
/// # Errors
/// [`StoreError::NotFound`] unless it is pending.
pub async fn drop_pending(tx: &Transaction, merchant: MerchantId, id: AlertId) -> Result<(), StoreError> {
    let dropped = entity::Entity::delete_many()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .filter(entity::Column::State.eq(AlertState::Pending.as_str()))
        .exec(tx.connection())
        .await
        .doing("dropping a pending alert")?;
    if dropped.rows_affected == 1 { Ok(()) } else { Err(StoreError::not_found("pending alert", id)) }
}

/// One alert of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: AlertId) -> Result<Alert, StoreError> {
    of(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading an alert")?
        .ok_or_else(|| StoreError::not_found("alert", id))?
        .try_into()
}

/// Alerts, most recently opened first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    filter: &AlertFilter,
    request: &PageRequest,
) -> Result<Page<Alert>, StoreError> {
    let mut query = filtered(merchant, filter);
    if let Some(place) = request.after::<At, Uuid>()? {
        query = query.filter(below((entity::Column::OpenedAt, entity::Column::Id), place));
    }
    let rows = query
        .order_by_desc(entity::Column::OpenedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing alerts")?;
    Page::cut(rows, request, |row| (At(row.opened_at), row.id)).try_map(Alert::try_from)
}

/// Alerts with most at stake first. Late input stands before all others: it casts doubt on every sum. Whatever else has no
/// figure comes last.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page_by_stake(
    on: &impl Read,
    merchant: MerchantId,
    filter: &AlertFilter,
    request: &PageRequest,
) -> Result<Page<Alert>, StoreError> {
    let stake = || {
        let no_figure = Expr::case(entity::Column::Kind.eq(LATE_INPUT), Expr::value(STAKE_UNBOUNDED));
        Expr::col(entity::Column::AtStakeMinor).if_null(no_figure.finally(Expr::value(STAKE_UNKNOWN)))
    };
    let mut query = filtered(merchant, filter);
    if let Some((minor, id)) = request.after::<i64, Uuid>()? {
        let same = Condition::all().add(stake().eq(minor)).add(entity::Column::Id.lt(id));
        query = query.filter(Condition::any().add(stake().lt(minor)).add(same));
    }
    let rows = query
        .order_by_desc(stake())
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing alerts by what is at stake")?;
    let no_figure = |row: &entity::Model| if row.kind == LATE_INPUT { STAKE_UNBOUNDED } else { STAKE_UNKNOWN };
    Page::cut(rows, request, |row| (row.at_stake_minor.unwrap_or_else(|| no_figure(row)), row.id))
        .try_map(Alert::try_from)
}

/// How many alerts the filter leaves.
///
/// # Errors
/// A failure of the database.
pub async fn count(on: &impl Read, merchant: MerchantId, filter: &AlertFilter) -> Result<u64, StoreError> {
    filtered(merchant, filter).count(on.connection()).await.doing("counting alerts")
}

/// How many alerts there are by state and severity; pending ones are left out.
///
/// # Errors
/// A failure of the database.
pub async fn counts(on: &impl Read, merchant: MerchantId) -> Result<Vec<AlertCount>, StoreError> {
    let rows: Vec<(String, String, i64)> = filtered(merchant, &AlertFilter::default())
        .select_only()
        .column(entity::Column::State)
        .column(entity::Column::Severity)
        .column_as(entity::Column::Id.count(), "alerts")
        .group_by(entity::Column::State)
        .group_by(entity::Column::Severity)
        .into_tuple()
        .all(on.connection())
        .await
        .doing("counting alerts")?;
    rows.into_iter()
        .map(|(state, severity, alerts)| {
            Ok(AlertCount {
                state: state.parse().stored_in("alerts.state")?,
                severity,
                alerts: u64::try_from(alerts).stored_in("count of alerts")?,
            })
        })
        .collect()
}

/// Every unresolved case, and those resolved at or after `resolved_since`, which may be reopened: what an evaluation
/// starts from.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page_of_cases(
    on: &impl Read,
    merchant: MerchantId,
    resolved_since: DateTime<Utc>,
    request: &PageRequest,
) -> Result<Page<Alert>, StoreError> {
    let mut query = of(merchant).filter(
        Condition::any()
            .add(entity::Column::State.ne(AlertState::Resolved.as_str()))
            .add(entity::Column::ResolvedAt.gte(resolved_since)),
    );
    if let Some((id, _)) = request.after::<Uuid, Uuid>()? {
        query = query.filter(entity::Column::Id.gt(id));
    }
    let rows = query
        .order_by_asc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing alert cases")?;
    Page::cut(rows, request, |row| (row.id, row.id)).try_map(Alert::try_from)
}

/// Snoozed alerts whose time came back fire again; returns how many.
///
/// # Errors
/// A failure of the database.
pub async fn wake_snoozed(tx: &Transaction, merchant: MerchantId) -> Result<u64, StoreError> {
    let woken = entity::Entity::update_many()
        .col_expr(entity::Column::State, Expr::value(AlertState::Firing.as_str()))
        .col_expr(entity::Column::SnoozedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(entity::Column::UpdatedAt, Expr::value(tx.at()))
        .col_expr(entity::Column::Version, Expr::col(entity::Column::Version).add(1))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::State.eq(AlertState::Snoozed.as_str()))
        .filter(entity::Column::SnoozedUntil.lte(tx.at()))
        .exec(tx.connection())
        .await
        .doing("waking snoozed alerts")?;
    Ok(woken.rows_affected)
}

fn of(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
}

fn filtered(merchant: MerchantId, filter: &AlertFilter) -> Select<entity::Entity> {
    let mut query = of(merchant);
    query = if filter.states.is_empty() {
        query.filter(entity::Column::State.ne(AlertState::Pending.as_str()))
    } else {
        query.filter(entity::Column::State.is_in(filter.states.iter().map(|state| state.as_str())))
    };
    if !filter.severities.is_empty() {
        query = query.filter(entity::Column::Severity.is_in(filter.severities.iter().map(String::as_str)));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(entity::Column::Kind.is_in(filter.kinds.iter().map(String::as_str)));
    }
    if let Some(sku) = &filter.sku {
        query = query.filter(entity::Column::Sku.eq(sku.as_str()));
    }
    if let Some(search) = &filter.search {
        query = query.filter(crate::search::any_contains([entity::Column::Title, entity::Column::Sku], search));
    }
    query
}

fn row_of(merchant: MerchantId, case: AlertCase, at: DateTime<Utc>) -> entity::Model {
    entity::Model {
        id: case.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        rule_id: case.rule.as_uuid(),
        dedupe_key: case.key,
        kind: case.kind,
        sku: case.sku.map(String::from),
        title: case.title,
        state: case.state.to_string(),
        severity: case.severity,
        at_stake_minor: case.money_at_stake.map(Money::minor),
        currency: case.money_at_stake.map(|money| money.currency().to_string()),
        payload: case.payload,
        version: 1,
        opened_at: to_the_microsecond(case.opened_at),
        updated_at: at,
        resolved_at: case.resolved_at.map(to_the_microsecond),
        snoozed_until: case.snoozed_until.map(to_the_microsecond),
    }
}

impl TryFrom<entity::Model> for Alert {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        let currency: Option<CurrencyCode> =
            row.currency.map(|code| code.parse().stored_in("alerts.currency")).transpose()?;
        Ok(Self {
            id: AlertId::from_uuid(row.id),
            rule: AlertRuleId::from_uuid(row.rule_id),
            key: row.dedupe_key,
            kind: row.kind,
            sku: row.sku.map(|sku| sku.parse().stored_in("alerts.sku")).transpose()?,
            title: row.title,
            state: row.state.parse().stored_in("alerts.state")?,
            severity: row.severity,
            money_at_stake: row
                .at_stake_minor
                .zip(currency)
                .map(|(minor, currency)| Money::from_minor(minor, currency)),
            payload: row.payload,
            version: row.version,
            opened_at: row.opened_at,
            updated_at: row.updated_at,
            resolved_at: row.resolved_at,
            snoozed_until: row.snoozed_until,
        })
    }
}
