//! Calls that may come twice: the first answer is kept and given again.

use chrono::TimeDelta;
use shelfiq_store::idempotency::{self as stored, Answer};

use crate::access::Actor;
use crate::error::AppError;
use crate::platform::Platform;

/// How long an answer is kept.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// What to do with a call that carries a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nobody used the key: do the work.
    First,
    /// Give this answer again.
    Replay {
        /// HTTP status.
        status: u16,
        /// Body.
        body: String,
    },
}

/// Claims a key for one call of a caller.
///
/// # Errors
/// [`AppError::Conflict`] if the first call still runs or the key came with another call.
pub async fn begin(platform: &Platform, actor: &Actor, key: &str, request_hash: &str) -> Result<Begun, AppError> {
    let tx = platform.begin(actor.author()).await?;
    let begun = stored::begin(&tx, actor.merchant(), &actor.author().to_string(), key, request_hash, LIFETIME).await?;
    tx.commit().await?;
    match begun {
        stored::Begun::Fresh => Ok(Begun::First),
        stored::Begun::Answered(Answer { status, body }) => Ok(Begun::Replay { status, body }),
        stored::Begun::InProgress => {
            Err(AppError::Conflict("the first call with this Idempotency-Key is still running".to_owned()))
        }
        stored::Begun::OtherRequest => {
            Err(AppError::Conflict("this Idempotency-Key was used for another call: take a new one".to_owned()))
        }
    }
}

/// Keeps the answer of the first call.
///
/// # Errors
/// [`AppError::Store`].
pub async fn complete(platform: &Platform, actor: &Actor, key: &str, status: u16, body: &str) -> Result<(), AppError> {
    let tx = platform.begin(actor.author()).await?;
    let answer = Answer { status, body: body.to_owned() };
    stored::complete(&tx, actor.merchant(), &actor.author().to_string(), key, &answer).await?;
    Ok(tx.commit().await?)
}

/// Frees a key whose call failed on our side.
///
/// # Errors
/// [`AppError::Store`].
pub async fn release(platform: &Platform, actor: &Actor, key: &str) -> Result<(), AppError> {
    let tx = platform.begin(actor.author()).await?;
    stored::release(&tx, actor.merchant(), &actor.author().to_string(), key).await?;
    Ok(tx.commit().await?)
}
