//! What members do with alerts, and what is needed to take it back.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::Value;
use shelfiq_core::{AlertId, MerchantId};

use super::{Alert, AlertState, get};
use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::database::to_the_microsecond;
use crate::entity::{alert as entity, alert_decision as ledger};
use crate::error::{Doing, Stored};
use crate::{Author, Read, StoreError, Transaction, audit, version};

/// A step that a member takes, already judged to be legal.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertStep {
    /// The step in the infinitive: acknowledge, snooze, resolve, undo.
    pub step: String,
    /// Where the alert stands then.
    pub state: AlertState,
    /// The whole case then.
    pub payload: Value,
    /// When it comes back, if snoozed.
    pub snoozed_until: Option<DateTime<Utc>>,
}

/// What a member did with an alert, with what is needed to take it back.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertDecision {
    /// Number in order of writing.
    pub number: i64,
    /// What was done.
    pub step: String,
    /// Where the alert stood.
    pub from: AlertState,
    /// Where it stands then.
    pub to: AlertState,
    /// When it would have come back before.
    pub from_snoozed_until: Option<DateTime<Utc>>,
    /// The whole case before.
    pub payload_before: Value,
    /// Who did it.
    pub author: Author,
    /// When.
    pub at: DateTime<Utc>,
}

/// Takes a member's step, writes it down for undoing, and into the audit log. `expected_version` is the version that
/// the caller judged; `None` overwrites any.
///
/// # Errors
/// [`StoreError::NotFound`] or [`StoreError::Stale`].
pub async fn decide(
    tx: &Transaction,
    merchant: MerchantId,
    id: AlertId,
    expected_version: Option<i32>,
    step: AlertStep,
) -> Result<Alert, StoreError> {
    let before = get(tx, merchant, id).await?;
    version::check("alert", expected_version, before.version)?;
    let resolved_at = (step.state == AlertState::Resolved).then(|| before.resolved_at.unwrap_or(tx.at()));
    let row = entity::ActiveModel {
        state: Set(step.state.to_string()),
        payload: Set(step.payload),
        snoozed_until: Set(step.snoozed_until.map(to_the_microsecond)),
        resolved_at: Set(resolved_at),
        updated_at: Set(tx.at()),
        version: Set(before.version + 1),
        ..Default::default()
    };
    let decided = entity::Entity::update_many()
        .set(row)
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .filter(entity::Column::Version.eq(before.version))
        .exec(tx.connection())
        .await
        .doing("deciding about an alert")?;
    let after = get(tx, merchant, id).await?;
    if decided.rows_affected != 1 {
        version::check("alert", Some(before.version), after.version)?;
    }
    let line = ledger::ActiveModel {
        merchant_id: Set(merchant.as_uuid()),
        alert_id: Set(id.as_uuid()),
        step: Set(step.step),
        from_state: Set(before.state.to_string()),
        to_state: Set(after.state.to_string()),
        from_snoozed_until: Set(before.snoozed_until),
        payload_before: Set(before.payload.clone()),
        author: Set(tx.author().to_string()),
        at: Set(tx.at()),
        ..Default::default()
    };
    ledger::Entity::insert(line).exec_without_returning(tx.connection()).await.doing("noting a decision")?;
    let note = Note::new("alert", after.state.as_str(), id).before(&before).after(&after);
    audit::record(tx, merchant, note).await?;
    Ok(after)
}

/// What a member last did with the alert: what "undo" takes back.
///
/// # Errors
/// A failure of the database.
pub async fn last_decision(
    on: &impl Read,
    merchant: MerchantId,
    id: AlertId,
) -> Result<Option<AlertDecision>, StoreError> {
    ledger::Entity::find()
        .filter(ledger::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(ledger::Column::AlertId.eq(id.as_uuid()))
        .order_by_desc(ledger::Column::Id)
        .one(on.connection())
        .await
        .doing("looking for the last decision")?
        .map(AlertDecision::try_from)
        .transpose()
}

impl TryFrom<ledger::Model> for AlertDecision {
    type Error = StoreError;

    fn try_from(row: ledger::Model) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.id,
            step: row.step,
            from: row.from_state.parse().stored_in("alert_decisions.from_state")?,
            to: row.to_state.parse().stored_in("alert_decisions.to_state")?,
            from_snoozed_until: row.from_snoozed_until,
            payload_before: row.payload_before,
            author: row.author.parse().stored_in("alert_decisions.author")?,
            at: row.at,
        })
    }
}
