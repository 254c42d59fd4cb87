//! One search over products, for the command palette.

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;
use crate::products::index;

/// Hits that are shown.
const HITS_MAX: usize = 12;

/// A product that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Code of the Sku.
    pub sku: String,
    /// Title.
    pub title: String,
    /// Category, if known.
    pub category: Option<String>,
}

/// Products with all the words in title, code, category or brand; best sellers first.
///
/// # Errors
/// [`AppError::Access`], or the tables cannot be read.
pub async fn search(platform: &Platform, actor: &Actor, words: &str) -> Result<Vec<Hit>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    if words.trim().is_empty() {
        return Ok(Vec::new());
    }
    let index = index::load(platform, merchant).await?;
    let hit = |row: &crate::products::ProductSummary| Hit {
        sku: row.sku.to_string(),
        title: row.title.clone(),
        category: row.category.clone(),
    };
    Ok(index.search(words, HITS_MAX).into_iter().map(hit).collect())
}
