//! What watching models remembers between runs: one small JSON value by name, derived from data and rebuilt by the next
//! run. Nobody decides about it, so it leaves no audit rows.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::Value;
use shelfiq_core::MerchantId;

use crate::database::sealed::Connected;
use crate::entity::watch_state as entity;
use crate::error::Doing;
use crate::{Read, StoreError, Transaction};

/// The state of this name; `None` before its first run.
///
/// # Errors
/// A failure of the database.
pub async fn get(on: &impl Read, merchant: MerchantId, name: &str) -> Result<Option<Value>, StoreError> {
    let row = entity::Entity::find_by_id((merchant.as_uuid(), name.to_owned()))
        .one(on.connection())
        .await
        .doing("loading a watch's state")?;
    Ok(row.map(|row| row.state))
}

/// Keeps `state` in place of what was there.
///
/// # Errors
/// A failure of the database.
pub async fn put(tx: &Transaction, merchant: MerchantId, name: &str, state: Value) -> Result<(), StoreError> {
    let row = entity::Model { merchant_id: merchant.as_uuid(), name: name.to_owned(), state, updated_at: tx.at() };
    let replace = OnConflict::columns([entity::Column::MerchantId, entity::Column::Name])
        .update_columns([entity::Column::State, entity::Column::UpdatedAt])
        .to_owned();
    entity::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx.connection())
        .await
        .doing("keeping a watch's state")?;
    Ok(())
}
