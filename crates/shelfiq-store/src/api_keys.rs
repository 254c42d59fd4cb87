//! API keys: how programs prove who they are.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use shelfiq_core::{ApiKeyId, MerchantId};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::api_key as entity;
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction, audit};

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// The first characters of the key, to tell keys apart.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Who made it.
    pub created_by: Author,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key about to be stored.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// The first characters of the key.
    pub prefix: String,
    /// The hash of the key.
    pub key_hash: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Stores a key.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::ApiKeyName`] if the name is taken.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewApiKey) -> Result<ApiKey, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        name: new.name,
        prefix: new.prefix,
        key_hash: new.key_hash,
        scopes: new.scopes.into(),
        created_by: tx.author().to_string(),
        created_at: tx.at(),
        last_used_at: None,
        expires_at: new.expires_at,
        deleted_at: None,
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("storing an API key")?;
    let key = ApiKey::try_from(row)?;
    audit::record(tx, merchant, Note::new("api_key", "created", key.id).after(&key)).await?;
    Ok(key)
}

/// The key with this hash and its merchant, unless it was revoked. Whoever holds the key proves by it which merchant is
/// meant.
///
/// # Errors
/// A failure of the database; an unknown key is `None`.
pub async fn by_hash(on: &impl Read, key_hash: &str) -> Result<Option<(MerchantId, ApiKey)>, StoreError> {
    entity::Entity::find()
        .filter(entity::Column::KeyHash.eq(key_hash))
        .filter(entity::Column::DeletedAt.is_null())
        .one(on.connection())
        .await
        .doing("looking up an API key")?
        .map(|row| Ok((MerchantId::from_uuid(row.merchant_id), row.try_into()?)))
        .transpose()
}

/// The merchant's keys, newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(on: &impl Read, merchant: MerchantId, request: &PageRequest) -> Result<Page<ApiKey>, StoreError> {
    let mut query = live(merchant);
    if let Some(place) = request.after::<At, Uuid>()? {
        query = query.filter(below((entity::Column::CreatedAt, entity::Column::Id), place));
    }
    let rows = query
        .order_by_desc(entity::Column::CreatedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing API keys")?;
    Page::cut(rows, request, |row| (At(row.created_at), row.id)).try_map(ApiKey::try_from)
}

/// Makes a key useless.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn revoke(tx: &Transaction, merchant: MerchantId, id: ApiKeyId) -> Result<(), StoreError> {
    let row = live(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(tx.connection())
        .await
        .doing("loading an API key")?
        .ok_or_else(|| StoreError::not_found("API key", id))?;
    let before = ApiKey::try_from(row)?;
    let row = entity::ActiveModel { id: Set(id.as_uuid()), deleted_at: Set(Some(tx.at())), ..Default::default() };
    entity::Entity::update(row).exec(tx.connection()).await.doing("revoking an API key")?;
    audit::record(tx, merchant, Note::new("api_key", "revoked", id).before(&before)).await
}

/// Notes that a key was used.
///
/// # Errors
/// A failure of the database.
pub async fn touch(tx: &Transaction, merchant: MerchantId, id: ApiKeyId) -> Result<(), StoreError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::LastUsedAt, sea_orm::sea_query::Expr::value(tx.at()))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .exec(tx.connection())
        .await
        .doing("noting the use of an API key")?;
    Ok(())
}

fn live(merchant: MerchantId) -> sea_orm::Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::DeletedAt.is_null())
}

impl TryFrom<entity::Model> for ApiKey {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApiKeyId::from_uuid(row.id),
            name: row.name,
            prefix: row.prefix,
            scopes: serde_json::from_value(row.scopes).stored_in("api_keys.scopes")?,
            created_by: row.created_by.parse().stored_in("api_keys.created_by")?,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        })
    }
}
