//! The alert inbox: listing alerts and what members do with them.

use chrono::{DateTime, TimeDelta, Utc};
use shelfiq_alerts::Case;
use shelfiq_core::{AlertId, MerchantId, Sku};
use shelfiq_store::alerts::{self as stored, Alert, AlertCount, AlertFilter, AlertState, AlertStep};
use shelfiq_store::{Cursor, Page, PageRequest};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::live::LiveChange;
use crate::platform::Platform;

/// Longest time for which an alert can be put aside.
const SNOOZE_DAYS_MAX: i64 = 365;
/// Most alerts that one call decides on.
pub const BULK_MAX: usize = 500;

/// A stored alert with its case.
#[derive(Debug, Clone)]
pub struct AlertView {
    /// The stored row.
    pub row: Alert,
    /// The case with its finding.
    pub case: Case,
}

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
                .filter(|last| last.step != "undo" && last.to == row.state);
            let last = last.ok_or_else(|| AppError::Conflict("there is no decision to undo".to_owned()))?;
            AlertStep {
                step: "undo".to_owned(),
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

fn view(row: Alert) -> Result<AlertView, AppError> {
    let case = serde_json::from_value(row.payload.clone())?;
    Ok(AlertView { row, case })
}
