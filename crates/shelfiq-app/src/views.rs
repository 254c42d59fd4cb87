//! Saved views: a name for a set of filters and columns.

use shelfiq_core::SavedViewId;
use shelfiq_store::saved_views::{self as stored, NewSavedView, SavedView};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;

const NAME_CHARS_MAX: usize = 80;
const QUERY_CHARS_MAX: usize = 4_000;
/// Parts of the web app that have views.
const AREAS: [&str; 3] = ["products", "recommendations", "alerts"];

/// The views of one area.
///
/// # Errors
/// [`AppError::Access`].
pub async fn list(platform: &Platform, actor: &Actor, area: &str) -> Result<Vec<SavedView>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(stored::all(&platform.store, merchant, area).await?)
}

/// Saves a view under a name that is not yet taken.
///
/// # Errors
/// [`AppError::Access`], or the name or area is not allowed.
pub async fn save(
    platform: &Platform,
    actor: &Actor,
    area: &str,
    name: &str,
    query: &str,
) -> Result<SavedView, AppError> {
    let merchant = actor.authorize(Permission::SaveViews)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(AppError::invalid("name", format!("give a name of 1 to {NAME_CHARS_MAX} characters")));
    }
    if !AREAS.contains(&area) {
        return Err(AppError::invalid("area", format!("must be one of {}", AREAS.join(", "))));
    }
    if query.chars().count() > QUERY_CHARS_MAX {
        return Err(AppError::invalid("query", format!("at most {QUERY_CHARS_MAX} characters")));
    }
    let tx = platform.begin(actor.author()).await?;
    let id = SavedViewId::from_uuid(platform.randomness.next_uuid(tx.at()));
    let new = NewSavedView { id, area: area.to_owned(), name: name.to_owned(), query: query.to_owned() };
    let saved = stored::insert(&tx, merchant, new).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Deletes a view.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn delete(platform: &Platform, actor: &Actor, id: SavedViewId) -> Result<(), AppError> {
    let merchant = actor.authorize(Permission::SaveViews)?;
    let tx = platform.begin(actor.author()).await?;
    stored::remove(&tx, merchant, id).await?;
    Ok(tx.commit().await?)
}
