//! Memory for queries, and turns in which they use it.

use std::sync::Arc;

use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Memory that one kind of work shares.
///
/// The pool is split evenly between all operators that hold any of it, so the more queries run at once the less each
/// has. Turns keep their number, and with it the share of each, within bounds.
pub(crate) struct Room {
    runtime: Arc<RuntimeEnv>,
    turns: Semaphore,
}

impl Room {
    /// A room of `bytes` for `at_once` queries.
    pub(crate) fn new(bytes: usize, at_once: usize) -> Result<Self, DataFusionError> {
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(bytes))).build_arc()?;
        Ok(Self { runtime, turns: Semaphore::new(at_once) })
    }

    pub(crate) fn runtime(&self) -> Arc<RuntimeEnv> {
        Arc::clone(&self.runtime)
    }

    /// Waits for a turn, which lasts as long as its permit is held. Turns are given in the order of asking.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Nobody closes the semaphore; without it a query would merely run unbounded.
        self.turns.acquire().await.ok()
    }
}
