//! Schedules: jobs that come back every day at a time of the merchant's clock.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use shelfiq_core::MerchantId;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::database::to_the_microsecond;
use crate::entity::schedule as entity;
use crate::error::Doing;
use crate::{Read, StoreError, Transaction, audit};

/// One job kind of one merchant, once a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// Whose.
    pub merchant: MerchantId,
    /// The kind of job to enqueue.
    pub kind: String,
    /// Minutes after midnight on the merchant's clock, 0 to 1439.
    pub minute_of_day: i32,
    /// When it is due next.
    pub next_run_at: DateTime<Utc>,
    /// When it was last due.
    pub last_run_at: Option<DateTime<Utc>>,
    /// Whether it is on.
    pub enabled: bool,
}

/// Adds a schedule, or replaces the one for the same kind.
///
/// # Errors
/// [`StoreError::Violated`] if there is no such merchant.
pub async fn put(tx: &Transaction, schedule: Schedule) -> Result<(), StoreError> {
    let row = entity::Model {
        merchant_id: schedule.merchant.as_uuid(),
        kind: schedule.kind.clone(),
        minute_of_day: schedule.minute_of_day.clamp(0, 24 * 60 - 1),
        next_run_at: to_the_microsecond(schedule.next_run_at),
        last_run_at: schedule.last_run_at,
        enabled: schedule.enabled,
    };
    let replace = sea_orm::sea_query::OnConflict::columns([entity::Column::MerchantId, entity::Column::Kind])
        .update_columns([entity::Column::MinuteOfDay, entity::Column::NextRunAt, entity::Column::Enabled])
        .to_owned();
    entity::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx.connection())
        .await
        .doing("setting a schedule")?;
    audit::record(tx, schedule.merchant, Note::new("schedule", "set", &schedule.kind).after(&schedule)).await
}

/// Schedules that are due at `now`, of all merchants, the longest overdue first; at most 500.
///
/// # Errors
/// A failure of the database.
pub async fn due(on: &impl Read, now: DateTime<Utc>) -> Result<Vec<Schedule>, StoreError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::Enabled.eq(true))
        .filter(entity::Column::NextRunAt.lte(now))
        .order_by_asc(entity::Column::NextRunAt)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing due schedules")?;
    Ok(rows.into_iter().map(Schedule::from).collect())
}

/// The merchant's schedules by kind.
///
/// # Errors
/// A failure of the database.
pub async fn all(on: &impl Read, merchant: MerchantId) -> Result<Vec<Schedule>, StoreError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .order_by_asc(entity::Column::Kind)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing schedules")?;
    Ok(rows.into_iter().map(Schedule::from).collect())
}

/// Moves a due schedule on to `next_run_at`, in the transaction that enqueues its job. `false` if another scheduler
/// did so first: enqueue nothing then.
///
/// # Errors
/// A failure of the database.
pub async fn advance(tx: &Transaction, due: &Schedule, next_run_at: DateTime<Utc>) -> Result<bool, StoreError> {
    let moved = entity::Entity::update_many()
        .col_expr(entity::Column::NextRunAt, Expr::value(to_the_microsecond(next_run_at)))
        .col_expr(entity::Column::LastRunAt, Expr::value(tx.at()))
        .filter(entity::Column::MerchantId.eq(due.merchant.as_uuid()))
        .filter(entity::Column::Kind.eq(due.kind.as_str()))
        .filter(entity::Column::NextRunAt.eq(due.next_run_at))
        .exec(tx.connection())
        .await
        .doing("moving a schedule on")?;
    Ok(moved.rows_affected == 1)
}

impl From<entity::Model> for Schedule {
    fn from(row: entity::Model) -> Self {
        Self {
            merchant: MerchantId::from_uuid(row.merchant_id),
            kind: row.kind,
            minute_of_day: row.minute_of_day,
            next_run_at: row.next_run_at,
            last_run_at: row.last_run_at,
            enabled: row.enabled,
        }
    }
}
