//! Stores: a merchant's presences on channels.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use shelfiq_core::{Channel, CurrencyCode, MerchantId, StoreId};

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::store as entity;
use crate::error::{Doing, Stored};
use crate::{Read, StoreError, Transaction, audit};

/// One presence on one channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its name, unique within the merchant.
    pub name: String,
    /// The marketplace or shop system.
    pub channel: Channel,
    /// The currency of its prices, if it has one of its own.
    pub currency: Option<CurrencyCode>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// A store about to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewStore {
    /// Its id.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// The marketplace or shop system.
    pub channel: Channel,
    /// The currency of its prices, if it has one of its own.
    pub currency: Option<CurrencyCode>,
}

/// Adds a store.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::StoreName`] if the name is taken.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewStore) -> Result<Store, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        name: new.name.trim().to_owned(),
        channel: new.channel.to_string(),
        currency: new.currency.map(|currency| currency.to_string()),
        created_at: tx.at(),
        updated_at: tx.at(),
        deleted_at: None,
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("adding a store")?;
    let store = Store::try_from(row)?;
    audit::record(tx, merchant, Note::new("store", "added", store.id).after(&store)).await?;
    Ok(store)
}

/// The merchant's stores by name; at most 500.
///
/// # Errors
/// A failure of the database.
pub async fn all(on: &impl Read, merchant: MerchantId) -> Result<Vec<Store>, StoreError> {
    let rows = live(merchant)
        .order_by_asc(entity::Column::Name)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing stores")?;
    rows.into_iter().map(Store::try_from).collect()
}

/// One store of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: StoreId) -> Result<Store, StoreError> {
    live(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a store")?
        .ok_or_else(|| StoreError::not_found("store", id))?
        .try_into()
}

/// The store with this name, if there is one.
///
/// # Errors
/// A failure of the database.
pub async fn by_name(on: &impl Read, merchant: MerchantId, name: &str) -> Result<Option<Store>, StoreError> {
    live(merchant)
        .filter(entity::Column::Name.eq(name.trim()))
        .one(on.connection())
        .await
        .doing("looking up a store")?
        .map(Store::try_from)
        .transpose()
}

/// Takes a store out of use. What was imported from it stays.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn remove(tx: &Transaction, merchant: MerchantId, id: StoreId) -> Result<(), StoreError> {
    let before = get(tx, merchant, id).await?;
    let row = entity::ActiveModel { id: Set(id.as_uuid()), deleted_at: Set(Some(tx.at())), ..Default::default() };
    entity::Entity::update(row).exec(tx.connection()).await.doing("removing a store")?;
    audit::record(tx, merchant, Note::new("store", "removed", id).before(&before)).await
}

fn live(merchant: MerchantId) -> sea_orm::Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::DeletedAt.is_null())
}

impl TryFrom<entity::Model> for Store {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: StoreId::from_uuid(row.id),
            name: row.name,
            channel: row.channel.parse().stored_in("stores.channel")?,
            currency: row.currency.map(|code| code.parse().stored_in("stores.currency")).transpose()?,
            created_at: row.created_at,
        })
    }
}
