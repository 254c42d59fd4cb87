//! Idempotency keys: a call that is repeated with its key gets the answer of the first and changes nothing.
//!
//! [`begin`] is called before the work in a transaction of its own, [`complete`] after it. A key whose caller vanished
//! in between is free again once it expires.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use shelfiq_core::MerchantId;

use crate::database::sealed::Connected;
use crate::entity::idempotency_key as entity;
use crate::error::{Doing, Stored};
use crate::{StoreError, Transaction};

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nobody used it: do the work, then [`complete`] it.
    Fresh,
    /// The same call was answered: give this answer again.
    Answered(Answer),
    /// The same call is being worked on.
    InProgress,
    /// The key came with another call before.
    OtherRequest,
}

/// Claims `key` for `lifetime`. `caller` is whoever authenticated (keys of two callers never meet), `request_hash` the
/// hash of method, path and body.
///
/// # Errors
/// A failure of the database.
pub async fn begin(
    tx: &Transaction,
    merchant: MerchantId,
    caller: &str,
    key: &str,
    request_hash: &str,
    lifetime: TimeDelta,
) -> Result<Begun, StoreError> {
    entity::Entity::delete_many()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Caller.eq(caller))
        .filter(entity::Column::Key.eq(key))
        .filter(entity::Column::ExpiresAt.lte(tx.at()))
        .exec(tx.connection())
        .await
        .doing("freeing an expired idempotency key")?;
    let row = entity::ActiveModel {
        merchant_id: Set(merchant.as_uuid()),
        caller: Set(caller.to_owned()),
        key: Set(key.to_owned()),
        request_hash: Set(request_hash.to_owned()),
        answer_status: Set(None),
        answer_body: Set(None),
        created_at: Set(tx.at()),
        expires_at: Set(tx.at() + lifetime),
    };
    let inserted = entity::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([entity::Column::MerchantId, entity::Column::Caller, entity::Column::Key])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.connection())
        .await
        .doing("claiming an idempotency key")?;
    if inserted == 1 {
        return Ok(Begun::Fresh);
    }
    let found = entity::Entity::find_by_id((merchant.as_uuid(), caller.to_owned(), key.to_owned()))
        .one(tx.connection())
        .await
        .doing("loading an idempotency key")?
        .ok_or_else(|| StoreError::not_found("idempotency key", key))?;
    if found.request_hash != request_hash {
        return Ok(Begun::OtherRequest);
    }
    match (found.answer_status, found.answer_body) {
        (Some(status), Some(body)) => {
            let status = u16::try_from(status).stored_in("idempotency_keys.answer_status")?;
            Ok(Begun::Answered(Answer { status, body }))
        }
        _ => Ok(Begun::InProgress),
    }
}

/// Keeps the answer for repetitions of the call.
///
/// # Errors
/// A failure of the database.
pub async fn complete(
    tx: &Transaction,
    merchant: MerchantId,
    caller: &str,
    key: &str,
    answer: &Answer,
) -> Result<(), StoreError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::AnswerStatus, Expr::value(i32::from(answer.status)))
        .col_expr(entity::Column::AnswerBody, Expr::value(answer.body.as_str()))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Caller.eq(caller))
        .filter(entity::Column::Key.eq(key))
        .exec(tx.connection())
        .await
        .doing("keeping an answer")?;
    Ok(())
}

/// Frees a key whose work failed in a way that a repetition may mend.
///
/// # Errors
/// A failure of the database.
pub async fn release(tx: &Transaction, merchant: MerchantId, caller: &str, key: &str) -> Result<(), StoreError> {
    entity::Entity::delete_many()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Caller.eq(caller))
        .filter(entity::Column::Key.eq(key))
        .filter(entity::Column::AnswerStatus.is_null())
        .exec(tx.connection())
        .await
        .doing("freeing an idempotency key")?;
    Ok(())
}

/// Forgets keys that expired before `cutoff`, of all merchants; returns how many.
///
/// # Errors
/// A failure of the database.
pub async fn forget_expired(tx: &Transaction, cutoff: DateTime<Utc>) -> Result<u64, StoreError> {
    let forgotten = entity::Entity::delete_many()
        .filter(entity::Column::ExpiresAt.lt(cutoff))
        .exec(tx.connection())
        .await
        .doing("forgetting idempotency keys")?;
    Ok(forgotten.rows_affected)
}
