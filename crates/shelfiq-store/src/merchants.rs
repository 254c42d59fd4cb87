//! Merchants: the tenants that own everything else.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{CurrencyCode, MerchantId, TimeZone};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::{installation, merchant as entity};
use crate::error::{Doing, Stored};
use crate::{Page, PageRequest, Read, StoreError, Transaction, audit};

/// One tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merchant {
    /// Its id.
    pub id: MerchantId,
    /// The name of the business.
    pub name: String,
    /// The currency of its totals.
    pub currency: CurrencyCode,
    /// Where its days begin.
    pub time_zone: TimeZone,
    /// Settings of the use cases, as they write them.
    pub settings: Value,
    /// Whether its shops are simulated.
    pub is_demo: bool,
    /// Counts the changes; starts at 1.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a new merchant starts with.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMerchant {
    /// Its id.
    pub id: MerchantId,
    /// The name of the business.
    pub name: String,
    /// The currency of its totals.
    pub currency: CurrencyCode,
    /// Where its days begin.
    pub time_zone: TimeZone,
    /// Settings of the use cases.
    pub settings: Value,
    /// Whether its shops are simulated.
    pub is_demo: bool,
}

/// What to change about a merchant; `None` leaves a value as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MerchantChange {
    /// The name of the business.
    pub name: Option<String>,
    /// The currency of its totals.
    pub currency: Option<CurrencyCode>,
    /// Where its days begin.
    pub time_zone: Option<TimeZone>,
    /// All settings of the use cases.
    pub settings: Option<Value>,
}

/// Adds a merchant.
///
/// # Errors
/// [`StoreError::Violated`] if the id is taken.
pub async fn insert(tx: &Transaction, new: NewMerchant) -> Result<Merchant, StoreError> {
    let merchant = Merchant {
        id: new.id,
        name: new.name,
        currency: new.currency,
        time_zone: new.time_zone,
        settings: new.settings,
        is_demo: new.is_demo,
        version: 1,
        created_at: tx.at(),
        updated_at: tx.at(),
    };
    let row = entity::Model {
        id: merchant.id.as_uuid(),
        name: merchant.name.clone(),
        currency: merchant.currency.to_string(),
        time_zone: merchant.time_zone.name().to_owned(),
        settings: merchant.settings.clone(),
        is_demo: merchant.is_demo,
        version: merchant.version,
        created_at: merchant.created_at,
        updated_at: merchant.updated_at,
        deleted_at: None,
    };
    entity::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("adding a merchant")?;
    audit::record(tx, merchant.id, Note::new("merchant", "created", merchant.id).after(&merchant)).await?;
    Ok(merchant)
}

/// Marks the installation as set up, with `merchant` as its first.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::SetUpOnce`] if that was done before: of two set-ups at the same
/// time one succeeds.
pub async fn finish_set_up(tx: &Transaction, merchant: MerchantId) -> Result<(), StoreError> {
    let row = installation::ActiveModel { id: Set(1), merchant_id: Set(merchant.as_uuid()), set_up_at: Set(tx.at()) };
    installation::Entity::insert(row).exec_without_returning(tx.connection()).await.doing("finishing the set-up")?;
    Ok(())
}

/// Whether the first-run set-up is over.
///
/// # Errors
/// A failure of the database.
pub async fn is_set_up(on: &impl Read) -> Result<bool, StoreError> {
    let row = installation::Entity::find_by_id(1).one(on.connection()).await.doing("looking for the set-up")?;
    Ok(row.is_some())
}

/// The merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId) -> Result<Merchant, StoreError> {
    row(on, merchant).await?.try_into()
}

/// Every merchant in order of creation: for the scheduler and the command line, never for a request.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page_of_all(on: &impl Read, request: &PageRequest) -> Result<Page<Merchant>, StoreError> {
    let mut query = entity::Entity::find().filter(entity::Column::DeletedAt.is_null());
    if let Some((id, _)) = request.after::<Uuid, Uuid>()? {
        query = query.filter(entity::Column::Id.gt(id));
    }
    let rows = query
        .order_by_asc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing merchants")?;
    Page::cut(rows, request, |row| (row.id, row.id)).try_map(Merchant::try_from)
}

/// Changes the merchant. `expected_version` is the version that the caller has seen; `None` overwrites any.
///
/// # Errors
/// [`StoreError::NotFound`] or [`StoreError::Stale`].
pub async fn update(
    tx: &Transaction,
    merchant: MerchantId,
    expected_version: Option<i32>,
    change: MerchantChange,
) -> Result<Merchant, StoreError> {
    lock(tx, merchant).await?;
    let before = get(tx, merchant).await?;
    crate::version::check("merchant", expected_version, before.version)?;
    let after = Merchant {
        name: change.name.unwrap_or_else(|| before.name.clone()),
        currency: change.currency.unwrap_or(before.currency),
        time_zone: change.time_zone.unwrap_or(before.time_zone),
        settings: change.settings.unwrap_or_else(|| before.settings.clone()),
        version: before.version + 1,
        updated_at: tx.at(),
        ..before.clone()
    };
    let row = entity::ActiveModel {
        id: Set(merchant.as_uuid()),
        name: Set(after.name.clone()),
        currency: Set(after.currency.to_string()),
        time_zone: Set(after.time_zone.name().to_owned()),
        settings: Set(after.settings.clone()),
        version: Set(after.version),
        updated_at: Set(after.updated_at),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("changing a merchant")?;
    audit::record(tx, merchant, Note::new("merchant", "updated", merchant).before(&before).after(&after)).await?;
    Ok(after)
}

/// Lets no other transaction pass that locks the same merchant, until this one ends.
pub(crate) async fn lock(tx: &Transaction, merchant: MerchantId) -> Result<(), StoreError> {
    entity::Entity::find_by_id(merchant.as_uuid())
        .lock_exclusive()
        .one(tx.connection())
        .await
        .doing("locking a merchant")?
        .map(|_| ())
        .ok_or_else(|| StoreError::not_found("merchant", merchant))
}

async fn row(on: &impl Read, merchant: MerchantId) -> Result<entity::Model, StoreError> {
    entity::Entity::find_by_id(merchant.as_uuid())
        .filter(entity::Column::DeletedAt.is_null())
        .one(on.connection())
        .await
        .doing("loading a merchant")?
        .ok_or_else(|| StoreError::not_found("merchant", merchant))
}

impl TryFrom<entity::Model> for Merchant {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: MerchantId::from_uuid(row.id),
            name: row.name,
            currency: row.currency.parse().stored_in("merchants.currency")?,
            time_zone: row.time_zone.parse().stored_in("merchants.time_zone")?,
            settings: row.settings,
            is_demo: row.is_demo,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
