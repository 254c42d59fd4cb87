//! Alert rules: the conditions that open alerts, kept as they come.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{AlertRuleId, MerchantId};

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::alert_rule as entity;
use crate::error::Doing;
use crate::{Read, StoreError, Transaction, audit, version};

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertRule {
    /// Its id.
    pub id: AlertRuleId,
    /// Its name, unique within the merchant.
    pub name: String,
    /// The kind of trouble it looks for.
    pub kind: String,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// The whole rule.
    pub definition: Value,
    /// Counts the changes; starts at 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A rule about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlertRule {
    /// Its id.
    pub id: AlertRuleId,
    /// Its name.
    pub name: String,
    /// The kind of trouble it looks for.
    pub kind: String,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// The whole rule.
    pub definition: Value,
}

/// Stores a rule.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::AlertRuleName`] if the name is taken.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewAlertRule) -> Result<AlertRule, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        name: new.name,
        kind: new.kind,
        enabled: new.enabled,
        definition: new.definition,
        version: 1,
        created_at: tx.at(),
        updated_at: tx.at(),
        deleted_at: None,
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("storing an alert rule")?;
    let rule = AlertRule::from(row);
    audit::record(tx, merchant, Note::new("alert_rule", "created", rule.id).after(&rule)).await?;
    Ok(rule)
}

/// The merchant's rules by name; at most 500.
///
/// # Errors
/// A failure of the database.
pub async fn all(on: &impl Read, merchant: MerchantId) -> Result<Vec<AlertRule>, StoreError> {
    let rows = live(merchant)
        .order_by_asc(entity::Column::Name)
        .order_by_asc(entity::Column::Id)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing alert rules")?;
    Ok(rows.into_iter().map(AlertRule::from).collect())
}

/// The kinds of all rules that the merchant has or ever had: what was deleted on purpose is not lacking.
///
/// # Errors
/// A failure of the database.
pub async fn kinds_ever(on: &impl Read, merchant: MerchantId) -> Result<Vec<String>, StoreError> {
    entity::Entity::find()
        .select_only()
        .column(entity::Column::Kind)
        .distinct()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .into_tuple()
        .all(on.connection())
        .await
        .doing("listing kinds of alert rules")
}

/// One rule of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: AlertRuleId) -> Result<AlertRule, StoreError> {
    live(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading an alert rule")?
        .map(AlertRule::from)
        .ok_or_else(|| StoreError::not_found("alert rule", id))
}

/// Replaces a rule by `new`, which has its id. `expected_version` is the version that the caller has seen.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Stale`], or [`StoreError::Violated`] if the name is taken.
pub async fn update(
    tx: &Transaction,
    merchant: MerchantId,
    expected_version: Option<i32>,
    new: NewAlertRule,
) -> Result<AlertRule, StoreError> {
    let before = get(tx, merchant, new.id).await?;
    version::check("alert rule", expected_version, before.version)?;
    let row = entity::ActiveModel {
        name: Set(new.name),
        kind: Set(new.kind),
        enabled: Set(new.enabled),
        definition: Set(new.definition),
        version: Set(before.version + 1),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    let updated = entity::Entity::update_many()
        .set(row)
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(new.id.as_uuid()))
        .filter(entity::Column::Version.eq(before.version))
        .exec(tx.connection())
        .await
        .doing("changing an alert rule")?;
    let after = get(tx, merchant, new.id).await?;
    if updated.rows_affected != 1 {
        version::check("alert rule", Some(before.version), after.version)?;
    }
    audit::record(tx, merchant, Note::new("alert_rule", "updated", new.id).before(&before).after(&after)).await?;
    Ok(after)
}

/// Takes a rule out of use.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn remove(tx: &Transaction, merchant: MerchantId, id: AlertRuleId) -> Result<(), StoreError> {
    let before = get(tx, merchant, id).await?;
    let row = entity::ActiveModel { id: Set(id.as_uuid()), deleted_at: Set(Some(tx.at())), ..Default::default() };
    entity::Entity::update(row).exec(tx.connection()).await.doing("removing an alert rule")?;
    audit::record(tx, merchant, Note::new("alert_rule", "removed", id).before(&before)).await
}

fn live(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::DeletedAt.is_null())
}

impl From<entity::Model> for AlertRule {
    fn from(row: entity::Model) -> Self {
        Self {
            id: AlertRuleId::from_uuid(row.id),
            name: row.name,
            kind: row.kind,
            enabled: row.enabled,
            definition: row.definition,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
