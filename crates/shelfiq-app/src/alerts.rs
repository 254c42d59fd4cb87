//! The alert inbox: listing alerts and what members do with them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use shelfiq_alerts::Case;
use shelfiq_core::{AlertId, MerchantId, Sku};
use shelfiq_store::alerts::{self as stored, Alert, AlertCount, AlertFilter, AlertState, AlertStep};
use shelfiq_store::anomaly_answers::AnomalyKey;
use shelfiq_store::{Cursor, Page, PageRequest, Transaction};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::live::LiveChange;
use crate::platform::Platform;

/// Longest time for which an alert can be put aside.
const SNOOZE_DAYS_MAX: i64 = 365;
/// Alerts of one Sku among which those of an anomaly are looked for.
const TOLD_MAX: u32 = 100;
const UNDO: &str = "undo";
/// Most alerts that one call decides on.
pub const BULK_MAX: usize = 500;

/// A stored alert with its case.
#[derive(Debug, Clone)]
pub struct AlertView {
    /// The stored row.
    pub row: Alert,
    /// The case with its finding.
    pub case: Case,
    /// The anomaly that it tells of, if it tells of one: what a member can call usual.
    pub anomaly: Option<AnomalyKey>,
    /// What happened at the same time, in words.
    pub coincides_with: Option<String>,
}

/// Where a stored case names the anomaly that it tells of.
pub(crate) const TOLD_ANOMALY: &str = "anomaly";
/// Where it names what happened at the same time.
pub(crate) const COINCIDES_WITH: &str = "coincides_with";
/// The step that closes an alert because its anomaly was none.
const NOT_UNUSUAL: &str = "not_unusual";

/// What a member can do with an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertDecision {
    /// Somebody looks after it.
    Acknowledge,
    /// Put aside until then.
    Snooze(DateTime<Utc>),
    /// It is over, whatever the rule says; it comes back if the condition still holds at a later evaluation.
    Resolve,
    /// Take the last decision back.
    Undo,
}

/// Which alerts to list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// In these states; all but pending ones if empty.
    pub states: Vec<AlertState>,
    /// Of these severities.
    pub severities: Vec<String>,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// For this Sku.
    pub sku: Option<Sku>,
    /// With these letters in title or Sku.
    pub search: Option<String>,
    /// Entries on the page.
    pub limit: u32,
    /// Cursor of the page.
    pub after: Option<String>,
}

/// States in which an alert waits for somebody.
pub const OPEN: [AlertState; 2] = [AlertState::Firing, AlertState::Acknowledged];

/// One page of alerts with the number on all pages: those that wait for somebody with most at stake first, any other
/// selection newest first.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn list(platform: &Platform, actor: &Actor, query: Query) -> Result<(Page<AlertView>, u64), AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let filter = AlertFilter {
        states: query.states,
        severities: query.severities,
        kinds: query.kinds,
        sku: query.sku,
        search: query.search,
    };
    let request = PageRequest::new(query.limit, query.after.map(Cursor::from_text));
    let waits = !filter.states.is_empty() && filter.states.iter().all(|state| OPEN.contains(state));
    let page = if waits {
        stored::page_by_stake(&platform.store, merchant, &filter, &request).await?
    } else {
        stored::page(&platform.store, merchant, &filter, &request).await?
    };
    let total = stored::count(&platform.store, merchant, &filter).await?;
    let rows = page.rows.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok((Page { rows, next: page.next }, total))
}

/// One alert.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, id: AlertId) -> Result<AlertView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    view(stored::get(&platform.store, merchant, id).await?)
}

/// How many alerts there are by state and severity.
///
/// # Errors
/// [`AppError::Access`].
pub async fn counts(platform: &Platform, actor: &Actor) -> Result<Vec<AlertCount>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(stored::counts(&platform.store, merchant).await?)
}

/// Takes a decision on an alert.
///
/// # Errors
/// [`AppError::Access`], or the alert does not exist, changed, or does not allow it.
pub async fn decide(
    platform: &Platform,
    actor: &Actor,
    id: AlertId,
    decision: AlertDecision,
    expected_version: Option<i32>,
) -> Result<AlertView, AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    let tx = platform.begin(actor.author()).await?;
    let row = stored::get(&tx, merchant, id).await?;
    let step = match decision {
        AlertDecision::Undo => {
            let last = stored::last_decision(&tx, merchant, id)
                .await?
                .filter(|last| last.step != UNDO && last.to == row.state);
            let last = last.ok_or_else(|| AppError::Conflict("there is no decision to undo".to_owned()))?;
            AlertStep {
                step: UNDO.to_owned(),
                state: last.from,
                payload: last.payload_before,
                snoozed_until: last.from_snoozed_until,
            }
        }
        decision => forward(&row, decision, tx.at())?,
    };
    let decided = stored::decide(&tx, merchant, id, expected_version, step).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::AlertsChanged {});
    view(decided)
}

/// Takes one decision on many alerts; what fails does not hold up the rest.
///
/// # Errors
/// [`AppError::Access`], or more than [`BULK_MAX`] ids.
pub async fn decide_all(
    platform: &Platform,
    actor: &Actor,
    ids: &[AlertId],
    decision: AlertDecision,
) -> Result<(Vec<AlertId>, Vec<(AlertId, AppError)>), AppError> {
    actor.authorize(Permission::Decide)?;
    if ids.len() > BULK_MAX {
        return Err(AppError::invalid("ids", format!("at most {BULK_MAX} at a time, {} were given", ids.len())));
    }
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for id in ids {
        match decide(platform, actor, *id, decision, None).await {
            Ok(_) => done.push(*id),
            Err(error) => failed.push((*id, error)),
        }
    }
    Ok((done, failed))
}

/// Open alerts of a merchant, those with most at stake first.
pub(crate) async fn open(
    platform: &Platform,
    merchant: MerchantId,
    sku: Option<Sku>,
    limit: u32,
) -> Result<Vec<AlertView>, AppError> {
    let filter = AlertFilter { states: OPEN.to_vec(), sku, ..AlertFilter::default() };
    let page = stored::page_by_stake(&platform.store, merchant, &filter, &PageRequest::first(limit)).await?;
    page.rows.into_iter().map(view).collect()
}

fn forward(row: &Alert, decision: AlertDecision, now: DateTime<Utc>) -> Result<AlertStep, AppError> {
    let (step, state, snoozed_until) = match decision {
        AlertDecision::Acknowledge => ("acknowledge", AlertState::Acknowledged, None),
        AlertDecision::Resolve => ("resolve", AlertState::Resolved, None),
        AlertDecision::Snooze(until) if until <= now => {
            return Err(AppError::invalid("until", "this moment has passed: choose a later one"));
        }
        AlertDecision::Snooze(until) if until - now > TimeDelta::days(SNOOZE_DAYS_MAX) => {
            return Err(AppError::invalid("until", "a year is the longest"));
        }
        AlertDecision::Snooze(until) => ("snooze", AlertState::Snoozed, Some(until)),
        AlertDecision::Undo => return Err(AppError::Conflict("there is no decision to undo".to_owned())),
    };
    if matches!(row.state, AlertState::Resolved | AlertState::Pending) {
        return Err(AppError::Conflict(format!("cannot {step} an alert that is {}", row.state)));
    }
    Ok(AlertStep { step: step.to_owned(), state, payload: row.payload.clone(), snoozed_until })
}

/// Closes the open alerts that tell of an anomaly which was none.
pub(crate) async fn close_told(tx: &Transaction, merchant: MerchantId, key: &AnomalyKey) -> Result<(), AppError> {
    for row in telling(tx, merchant, key, &OPEN).await? {
        let payload = row.payload.clone();
        let (step, state) = (NOT_UNUSUAL.to_owned(), AlertState::Resolved);
        let step = AlertStep { step, state, payload, snoozed_until: None };
        stored::decide(tx, merchant, row.id, Some(row.version), step).await?;
    }
    Ok(())
}

/// Opens again what [`close_told`] closed and nobody touched since.
pub(crate) async fn open_told(tx: &Transaction, merchant: MerchantId, key: &AnomalyKey) -> Result<(), AppError> {
    for row in telling(tx, merchant, key, &[AlertState::Resolved]).await? {
        let last = stored::last_decision(tx, merchant, row.id).await?;
        let Some(last) = last.filter(|last| last.step == NOT_UNUSUAL && last.to == row.state) else { continue };
        let step = AlertStep {
            step: UNDO.to_owned(),
            state: last.from,
            payload: last.payload_before,
            snoozed_until: last.from_snoozed_until,
        };
        stored::decide(tx, merchant, row.id, Some(row.version), step).await?;
    }
    Ok(())
}

/// The newest alerts in these states that tell of an anomaly. A Sku has one live alert of a kind.
async fn telling(
    tx: &Transaction,
    merchant: MerchantId,
    key: &AnomalyKey,
    states: &[AlertState],
) -> Result<Vec<Alert>, AppError> {
    let filter = AlertFilter { states: states.to_vec(), sku: Some(key.sku.clone()), ..AlertFilter::default() };
    let page = stored::page(tx, merchant, &filter, &PageRequest::first(TOLD_MAX)).await?;
    Ok(page.rows.into_iter().filter(|row| told(row).as_ref() == Some(key)).collect())
}

fn told(row: &Alert) -> Option<AnomalyKey> {
    row.payload.get(TOLD_ANOMALY).and_then(|told| AnomalyKey::deserialize(told).ok())
}

fn view(row: Alert) -> Result<AlertView, AppError> {
    let case = serde_json::from_value(row.payload.clone())?;
    let anomaly = told(&row);
    let coincides_with = row.payload.get(COINCIDES_WITH).and_then(|text| text.as_str()).map(str::to_owned);
    Ok(AlertView { row, case, anomaly, coincides_with })
}
