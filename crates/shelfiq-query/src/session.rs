//! One merchant's tables as a SQL session, with bounds on time, memory and rows.

use std::sync::Arc;
use std::time::Duration;

use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use futures::future::try_join_all;
use shelfiq_core::MerchantId;
use shelfiq_lake::{AsOf, Lake, Snapshot, Table, Zone};
use tokio::time::timeout;

use crate::answer::Answer;
use crate::guard::refuse_effects;
use crate::measure::{self, MeasureCache};
use crate::pinned::PinnedTable;
use crate::room::Room;
use crate::{ExtraTable, QueryError};

/// Bounds of a query.
#[derive(Debug, Clone)]
pub struct QueryConfig {
    /// Longest time a query may take.
    pub timeout: Duration,
    /// Memory that all questions together may use before they spill to disk, in bytes.
    pub memory_bytes: usize,
    /// Questions that are answered at once; more wait for their turn, within their time.
    pub at_once: usize,
    /// Memory for recomputing derived tables, in bytes: it is set aside, so that no crowd of questions can keep new
    /// rows from being counted.
    pub derive_bytes: usize,
    /// Threads that one query uses.
    pub partitions: usize,
}

impl Default for QueryConfig {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            memory_bytes: 1 << 30,
            at_once: 8,
            derive_bytes: 512 << 20,
            partitions: 2,
        }
    }
}

/// A question in SQL.
#[derive(Debug, Clone, Default)]
pub struct SqlRequest {
    /// One SELECT (or EXPLAIN, SHOW TABLES, DESCRIBE).
    pub query: String,
    /// Which versions of the tables answer it.
    pub as_of: AsOf,
    /// Rows after which the answer is cut; `None` for all.
    pub rows_max: Option<usize>,
    /// Tables beside those of the lake, by name.
    pub extra: Vec<(String, ExtraTable)>,
}

/// Answers questions about merchants' tables. Cheap to clone.
#[derive(Clone)]
pub struct QueryEngine {
    lake: Lake,
    config: QueryConfig,
    questions: Arc<Room>,
    derivations: Arc<Room>,
    measure_cache: MeasureCache,
}

impl QueryEngine {
    /// An engine over `lake`.
    ///
    /// # Errors
    /// [`QueryError::Engine`] if no folder for spilling can be made.
    pub fn new(lake: Lake, config: QueryConfig) -> Result<Self, QueryError> {
        let room = |bytes, at_once| {
            let room = Room::new(bytes, at_once);
            room.map(Arc::new).map_err(|source| QueryError::Engine { source: Box::new(source) })
        };
        let questions = room(config.memory_bytes, config.at_once)?;
        let derivations = room(config.derive_bytes, 1)?;
        Ok(Self { lake, config, questions, derivations, measure_cache: measure::empty_cache() })
    }

    /// The lake that is asked.
    #[must_use]
    pub const fn lake(&self) -> &Lake {
        &self.lake
    }

    /// The version of every curated table: equal versions give equal answers.
    ///
    /// # Errors
    /// [`QueryError::Lake`] if a table cannot be read.
    pub async fn versions(&self, merchant: MerchantId) -> Result<Vec<(Table, Option<u64>)>, QueryError> {
        let snapshots = self.pin(merchant, &curated(), AsOf::Now).await?;
        Ok(snapshots.iter().map(|snapshot| (snapshot.table, snapshot.version)).collect())
    }

    /// Answers a question from one merchant's curated tables and nothing else.
    ///
    /// # Errors
    /// [`QueryError`] says whether the question, a bound or the engine is at fault.
    pub async fn sql(&self, merchant: MerchantId, request: SqlRequest) -> Result<Answer, QueryError> {
        let seconds = self.config.timeout.as_secs();
        timeout(self.config.timeout, self.run(merchant, request)).await.map_err(|_| QueryError::TimedOut { seconds })?
    }

    /// Longest time a query may take.
    pub(crate) const fn timeout(&self) -> Duration {
        self.config.timeout
    }

    pub(crate) const fn measure_cache(&self) -> &MeasureCache {
        &self.measure_cache
    }

    /// One version of each table, in the order asked for.
    pub(crate) async fn pin(
        &self,
        merchant: MerchantId,
        tables: &[Table],
        as_of: AsOf,
    ) -> Result<Vec<Snapshot>, QueryError> {
        let pin = |table: &Table| self.lake.snapshot(merchant, Zone::Curated, *table, as_of);
        Ok(try_join_all(tables.iter().map(pin)).await?)
    }

    /// A session for questions that sees these tables and no others.
    pub(crate) fn session(
        &self,
        snapshots: &[Snapshot],
        extra: &[(String, ExtraTable)],
    ) -> Result<SessionContext, QueryError> {
        self.session_in(&self.questions, snapshots, extra)
    }

    /// A session for recomputing a table from these.
    pub(crate) fn derive_session(&self, snapshots: &[Snapshot]) -> Result<SessionContext, QueryError> {
        self.session_in(&self.derivations, snapshots, &[])
    }

    /// Where derived tables are recomputed.
    pub(crate) fn derivations(&self) -> &Room {
        &self.derivations
    }

    fn session_in(
        &self,
        room: &Room,
        snapshots: &[Snapshot],
        extra: &[(String, ExtraTable)],
    ) -> Result<SessionContext, QueryError> {
        let config = SessionConfig::new()
            .with_information_schema(true)
            .with_target_partitions(self.config.partitions)
            .with_default_catalog_and_schema("shelfiq", "public")
            .set_bool("datafusion.sql_parser.enable_ident_normalization", true);
        let context = SessionContext::new_with_config_rt(config, room.runtime());
        let engine = |source| QueryError::Engine { source: Box::new(source) };
        for snapshot in snapshots {
            context.register_table(snapshot.table.name(), Arc::new(PinnedTable::new(snapshot))).map_err(engine)?;
        }
        for (name, table) in extra {
            context.register_table(name.as_str(), table.provider()?).map_err(engine)?;
        }
        Ok(context)
    }

    async fn run(&self, merchant: MerchantId, request: SqlRequest) -> Result<Answer, QueryError> {
        let snapshots = self.pin(merchant, &curated(), request.as_of).await?;
        let context = self.session(&snapshots, &request.extra)?;
        self.select(&context, &request.query, request.rows_max).await
    }

    /// Runs one SELECT, cut after `rows_max` rows.
    pub(crate) async fn select(
        &self,
        context: &SessionContext,
        query: &str,
        rows_max: Option<usize>,
    ) -> Result<Answer, QueryError> {
        let megabytes = self.config.memory_bytes >> 20;
        let engine = |error| QueryError::of_engine(error, megabytes);
        let plan = context.state().create_logical_plan(query).await.map_err(engine)?;
        refuse_effects(&plan)?;
        let _turn = self.questions.turn().await;
        let frame = context.execute_logical_plan(plan).await.map_err(engine)?;
        let mut stream = frame.execute_stream().await.map_err(engine)?;
        let schema = stream.schema();
        let rows_max = rows_max.unwrap_or(usize::MAX);
        let (mut batches, mut rows, mut is_cut) = (Vec::new(), 0, false);
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(engine)?;
            let room = rows_max - rows;
            is_cut = batch.num_rows() > room;
            rows += batch.num_rows().min(room);
            batches.push(batch.slice(0, batch.num_rows().min(room)));
            if is_cut {
                break;
            }
        }
        Ok(Answer::new(schema, batches, is_cut))
    }
}

/// Every table that a merchant sees.
pub(crate) fn curated() -> Vec<Table> {
    Table::ALL.iter().copied().filter(|table| *table != Table::Events).collect()
}
