//! Saved views: named filters and columns of a page, shared by the members of a merchant.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use serde::Serialize;
use shelfiq_core::{MerchantId, SavedViewId};

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::saved_view as entity;
use crate::error::{Doing, Stored};
use crate::{Author, Read, StoreError, Transaction, audit};

/// One view.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// The page it belongs to, for example `products`.
    pub area: String,
    /// Its name, unique within the merchant and the area.
    pub name: String,
    /// The query part of the page's address.
    pub query: String,
    /// Who saved it.
    pub created_by: Author,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A view about to be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSavedView {
    /// Its id.
    pub id: SavedViewId,
    /// The page it belongs to.
    pub area: String,
    /// Its name.
    pub name: String,
    /// The query part of the page's address.
    pub query: String,
}

/// Saves a view.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::SavedViewName`] if the name is taken.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewSavedView) -> Result<SavedView, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        area: new.area,
        name: new.name,
        query: new.query,
        created_by: tx.author().to_string(),
        created_at: tx.at(),
        deleted_at: None,
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("saving a view")?;
    let view = SavedView::try_from(row)?;
    audit::record(tx, merchant, Note::new("saved_view", "created", view.id).after(&view)).await?;
    Ok(view)
}

/// The merchant's views of one area by name; at most 500.
///
/// # Errors
/// A failure of the database.
pub async fn all(on: &impl Read, merchant: MerchantId, area: &str) -> Result<Vec<SavedView>, StoreError> {
    let rows = live(merchant)
        .filter(entity::Column::Area.eq(area))
        .order_by_asc(entity::Column::Name)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing saved views")?;
    rows.into_iter().map(SavedView::try_from).collect()
}

/// Takes a view away.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn remove(tx: &Transaction, merchant: MerchantId, id: SavedViewId) -> Result<(), StoreError> {
    let row = live(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(tx.connection())
        .await
        .doing("loading a saved view")?
        .ok_or_else(|| StoreError::not_found("saved view", id))?;
    let before = SavedView::try_from(row)?;
    let row = entity::ActiveModel { id: Set(id.as_uuid()), deleted_at: Set(Some(tx.at())), ..Default::default() };
    entity::Entity::update(row).exec(tx.connection()).await.doing("removing a saved view")?;
    audit::record(tx, merchant, Note::new("saved_view", "removed", id).before(&before)).await
}

fn live(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::DeletedAt.is_null())
}

impl TryFrom<entity::Model> for SavedView {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: SavedViewId::from_uuid(row.id),
            area: row.area,
            name: row.name,
            query: row.query,
            created_by: row.created_by.parse().stored_in("saved_views.created_by")?,
            created_at: row.created_at,
        })
    }
}
