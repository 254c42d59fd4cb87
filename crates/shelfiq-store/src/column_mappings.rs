//! Column mappings: what the columns of a file meant the last time a file with the same header came.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::Value;
use shelfiq_core::MerchantId;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::column_mapping as entity;
use crate::error::Doing;
use crate::{Read, StoreError, Transaction, audit};

/// Remembers the mapping for files whose header has this hash, in place of an earlier one.
///
/// # Errors
/// A failure of the database.
pub async fn remember(
    tx: &Transaction,
    merchant: MerchantId,
    header_hash: &str,
    mapping: Value,
) -> Result<(), StoreError> {
    let before = recall(tx, merchant, header_hash).await?;
    if before.as_ref() == Some(&mapping) {
        return Ok(());
    }
    let row = entity::Model {
        merchant_id: merchant.as_uuid(),
        header_hash: header_hash.to_owned(),
        mapping: mapping.clone(),
        updated_at: tx.at(),
    };
    let replace = OnConflict::columns([entity::Column::MerchantId, entity::Column::HeaderHash])
        .update_columns([entity::Column::Mapping, entity::Column::UpdatedAt])
        .to_owned();
    entity::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx.connection())
        .await
        .doing("remembering a column mapping")?;
    let note = Note::new("column_mapping", "remembered", header_hash).after(&mapping);
    audit::record(tx, merchant, if let Some(before) = &before { note.before(before) } else { note }).await
}

/// The mapping for files whose header has this hash, if one is known.
///
/// # Errors
/// A failure of the database.
pub async fn recall(on: &impl Read, merchant: MerchantId, header_hash: &str) -> Result<Option<Value>, StoreError> {
    let row = entity::Entity::find_by_id((merchant.as_uuid(), header_hash.to_owned()))
        .one(on.connection())
        .await
        .doing("recalling a column mapping")?;
    Ok(row.map(|row| row.mapping))
}
