//! Pages of lists: a bounded number of entries and the cursor of the next page.

use serde::{Deserialize, Serialize};
use shelfiq_store::{Cursor, Page, PageRequest};
use utoipa::{IntoParams, ToSchema};

/// Most entries a page may hold.
pub(crate) const PAGE_SIZE_MAX: u32 = 200;
const PAGE_SIZE_DEFAULT: u32 = 50;

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Entries on the page, 1 to 200; 50 if not given
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
    /// Where the page begins: `next` of the page before
    #[param(max_length = 512)]
    pub(crate) after: Option<String>,
}

impl PageQuery {
    /// The number of entries asked for, within the bounds.
    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(PAGE_SIZE_DEFAULT).clamp(1, PAGE_SIZE_MAX)
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageBody<T> {
    /// The entries, in the order asked for.
    pub(crate) items: Vec<T>,
    /// Cursor of the next page; null on the last one.
    pub(crate) next: Option<String>,
    /// Entries on all pages, where counting is cheap.
    pub(crate) total: Option<u64>,
}

impl PageQuery {
    /// The page as the store takes it.
    pub(crate) fn request(&self) -> PageRequest {
        PageRequest::new(self.limit(), self.after.clone().map(Cursor::from_text))
    }
}

impl<T> PageBody<T> {
    /// A page of the store, entry by entry.
    pub(crate) fn of<R: Into<T>>(page: Page<R>, total: Option<u64>) -> Self {
        Self {
            items: page.rows.into_iter().map(Into::into).collect(),
            next: page.next.map(|cursor| cursor.as_str().to_owned()),
            total,
        }
    }
}
