//! The decision ledger: what was decided, what it promised, and what it brought.
//!
//! A line is written in the transaction that takes the decision. The daily run then sees in the shop's data whether a
//! price really changed, and once four weeks have passed it measures the effect beside products that nothing happened
//! to. The merchant's own price changes are measured the same way, so that a promise can be held against experience. A
//! price test needs no such products, its prices took turns at random: it gets its lines when it is over.

mod back_test;
pub(crate) mod books;
mod change;
mod daily;
pub(crate) mod effect;
mod measurement;
mod progress;
mod record;
mod summary;
mod tested;

use shelfiq_core::{LedgerEntryId, RecommendationId, Sku};
use shelfiq_recommend::{Recommendation, RecommendationKind};
use shelfiq_store::ledger::{self as stored, Entry, LedgerDecision, LedgerFilter, LedgerOrigin, LedgerOutcome};
use shelfiq_store::recommendations::{self, LedgerEntry as Step};
use shelfiq_store::{Cursor, Page, PageRequest};

pub(crate) use daily::measure_all;
pub use measurement::{BackTest, Basis, Claim, Measurement, PriceChange};
pub(crate) use record::record_decision;
pub use summary::{Count, OriginTotals, Reconciliation, Summary, summary};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;

/// A line of the ledger with everything that was written in it.
#[derive(Debug, Clone)]
pub struct LedgerView {
    /// The stored line.
    pub line: Entry,
    /// What was proposed; `None` for the merchant's own changes, and for proposals of a release that is not understood.
    pub proposal: Option<Recommendation>,
    /// What is known of its effect.
    pub measurement: Option<Measurement>,
    /// What the same kind of move brought before.
    pub back_test: Option<BackTest>,
}

impl From<Entry> for LedgerView {
    fn from(line: Entry) -> Self {
        let read = |value: &Option<serde_json::Value>| value.clone();
        Self {
            proposal: read(&line.promise).and_then(|value| serde_json::from_value(value).ok()),
            measurement: read(&line.measurement).and_then(|value| serde_json::from_value(value).ok()),
            back_test: read(&line.back_test).and_then(|value| serde_json::from_value(value).ok()),
            line,
        }
    }
}

/// Which lines to list; empty lists narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Where they come from.
    pub origins: Vec<LedgerOrigin>,
    /// What was decided.
    pub decisions: Vec<LedgerDecision>,
    /// What came of it.
    pub outcomes: Vec<LedgerOutcome>,
    /// Of these kinds.
    pub kinds: Vec<RecommendationKind>,
    /// For this Sku.
    pub sku: Option<Sku>,
    /// With these letters in title or Sku.
    pub search: Option<String>,
    /// Entries on the page.
    pub limit: u32,
    /// Cursor of the page.
    pub after: Option<String>,
}

/// One page of the ledger, newest decision first, with the number on all pages.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn list(platform: &Platform, actor: &Actor, query: Query) -> Result<(Page<LedgerView>, u64), AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let filter = LedgerFilter {
        origins: query.origins,
        decisions: query.decisions,
        outcomes: query.outcomes,
        kinds: query.kinds.iter().map(ToString::to_string).collect(),
        sku: query.sku,
        search: query.search,
    };
    let request = PageRequest::new(query.limit, query.after.map(Cursor::from_text));
    let page = stored::page(&platform.store, merchant, &filter, &request).await?;
    let total = stored::count(&platform.store, merchant, &filter).await?;
    Ok((page.map(LedgerView::from), total))
}

/// One line, with the steps that led to it, oldest first; the merchant's own changes have none.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, id: LedgerEntryId) -> Result<(LedgerView, Vec<Step>), AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let line = stored::get(&platform.store, merchant, id).await?;
    let id = RecommendationId::from_uuid(line.id.as_uuid());
    let steps = recommendations::ledger(&platform.store, merchant, id).await?;
    Ok((line.into(), steps))
}
