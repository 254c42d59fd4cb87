//! Price tests: proposals for prices that the data cannot judge, running tests, and what they say.
//!
//! ShelfIQ sets no prices: a running test says which price to ask on which day, and the daily run reads from the shop's
//! data what was really asked and sold.

mod daily;
mod learn;
mod offer;
mod propose;
mod question;
mod start;
mod view;

use shelfiq_core::{MerchantId, PriceTestId, Sku};
use shelfiq_store::price_tests::{self as stored, PriceTestFilter, PriceTestState};
use shelfiq_store::{Cursor, Page, PageRequest, Transaction};

pub(crate) use daily::{ended, read_all, test_days};
pub(crate) use learn::{Tests, hold_prices};
pub(crate) use offer::offers;
pub use propose::{Proposal, proposals};
pub use start::{StartRequest, start};
pub use view::{PriceTestView, StoredPlan, Today};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::live::LiveChange;
use crate::platform::Platform;

/// Which tests to list; empty lists narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// In these states.
    pub states: Vec<PriceTestState>,
    /// Of this Sku.
    pub sku: Option<Sku>,
    /// Entries on the page.
    pub limit: u32,
    /// Cursor of the page.
    pub after: Option<String>,
}

/// One page of tests, newest first, with the number on all pages.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn list(platform: &Platform, actor: &Actor, query: Query) -> Result<(Page<PriceTestView>, u64), AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let filter = PriceTestFilter { states: query.states, sku: query.sku };
    let request = PageRequest::new(query.limit, query.after.map(Cursor::from_text));
    let page = stored::page(&platform.store, merchant, &filter, &request).await?;
    let total = stored::count(&platform.store, merchant, &filter).await?;
    let today = view::today(platform, merchant).await?;
    Ok((page.try_map(|row| PriceTestView::of(row, today))?, total))
}

/// One test.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, id: PriceTestId) -> Result<PriceTestView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let row = stored::get(&platform.store, merchant, id).await?;
    PriceTestView::of(row, view::today(platform, merchant).await?)
}

/// Ends the test that runs for a Sku, if one does.
pub(crate) async fn stop_of(tx: &Transaction, merchant: MerchantId, sku: &Sku, reason: &str) -> Result<(), AppError> {
    let running = PriceTestFilter { states: vec![PriceTestState::Running], sku: Some(sku.clone()) };
    for test in stored::page(tx, merchant, &running, &PageRequest::first(1)).await?.rows {
        stored::end(tx, merchant, test.id, None, PriceTestState::Stopped, reason).await?;
    }
    Ok(())
}

/// Ends a running test early. What it has read stays.
///
/// # Errors
/// [`AppError::Access`], or there is none, or it is over, or it changed since `expected_version`.
pub async fn stop(
    platform: &Platform,
    actor: &Actor,
    id: PriceTestId,
    expected_version: Option<i32>,
    reason: &str,
) -> Result<PriceTestView, AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    let tx = platform.begin(actor.author()).await?;
    let row = stored::end(&tx, merchant, id, expected_version, PriceTestState::Stopped, reason).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::RecommendationsChanged {});
    PriceTestView::of(row, view::today(platform, merchant).await?)
}
