//! One merchant's tables, each held at one version: what is asked together is answered from the same state.

use datafusion::prelude::SessionContext;
use shelfiq_core::MerchantId;
use shelfiq_lake::{AsOf, Snapshot, Table};
use tokio::time::timeout;

use crate::session::curated;
use crate::{Answer, QueryEngine, QueryError};

/// A merchant's tables as they were when the view was opened.
///
/// Opening one reads the log of every table; the questions after it read data alone. They may be asked at the same time.
pub struct View {
    engine: QueryEngine,
    merchant: MerchantId,
    snapshots: Vec<Snapshot>,
    context: SessionContext,
}

impl QueryEngine {
    /// Opens a view of the merchant's present tables.
    ///
    /// # Errors
    /// [`QueryError::Lake`] if a table cannot be read.
    pub async fn view(&self, merchant: MerchantId) -> Result<View, QueryError> {
        self.view_of(merchant, &curated()).await
    }

    /// A view of some tables.
    pub(crate) async fn view_of(&self, merchant: MerchantId, tables: &[Table]) -> Result<View, QueryError> {
        let snapshots = self.pin(merchant, tables, AsOf::Now).await?;
        let context = self.session(&snapshots, &[])?;
        Ok(View { engine: self.clone(), merchant, snapshots, context })
    }
}

impl View {
    /// All rows of one SELECT.
    ///
    /// # Errors
    /// [`QueryError`] says whether the question, a bound or the engine is at fault.
    pub async fn sql(&self, query: &str) -> Result<Answer, QueryError> {
        let longest = self.engine.timeout();
        let seconds = longest.as_secs();
        let answer = self.engine.select(&self.context, query, None);
        timeout(longest, answer).await.map_err(|_| QueryError::TimedOut { seconds })?
    }

    /// Whose tables they are.
    #[must_use]
    pub const fn merchant(&self) -> MerchantId {
        self.merchant
    }

    pub(crate) const fn engine(&self) -> &QueryEngine {
        &self.engine
    }

    pub(crate) fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }
}
