//! What use cases stand on: the stores, the engine, clock and chance, and what everybody must hear.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use moka::future::Cache;
use shelfiq_core::{Clock, MerchantId, Randomness};
use shelfiq_lake::Lake;
use shelfiq_log::EventLog;
use shelfiq_pipeline::Projector;
use shelfiq_query::QueryEngine;
use shelfiq_store::{Author, Database, StoreError, Transaction};

use crate::live::{LiveChange, LiveHub};
use crate::models::{Tracking, TrainedDemand};
use crate::products::{ProductIndex, ProductRecord, RecordKey};

/// Everything that use cases stand on. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Operational data.
    pub store: Database,
    /// Events.
    pub log: Arc<dyn EventLog>,
    /// From events to tables.
    pub projector: Projector,
    /// Tables.
    pub lake: Lake,
    /// Questions about the tables.
    pub query: QueryEngine,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids and secrets.
    pub randomness: Arc<dyn Randomness>,
    /// Folder with uploaded files and rejects.
    pub files: PathBuf,
    /// Folder with what models learned.
    pub(crate) artefacts: PathBuf,
    /// Who is told about trainings of models.
    pub(crate) tracking: Option<Arc<Tracking>>,
    /// Skus from which a training is divided, and of each part.
    pub(crate) part_skus: usize,
    pub(crate) live: LiveHub,
    generations: Arc<Mutex<HashMap<MerchantId, u64>>>,
    /// Product lists by merchant and generation.
    pub(crate) product_indexes: Cache<(MerchantId, u64), Arc<ProductIndex>>,
    /// Products in full.
    pub(crate) product_records: Cache<RecordKey, Arc<ProductRecord>>,
    /// Demand models by the hash of their artefact.
    pub(crate) trained_models: Cache<String, Arc<TrainedDemand>>,
}

/// Product lists kept in memory: one each for the merchants that were looked at last.
const PRODUCT_INDEXES_MAX: u64 = 16;
/// Products kept in full, about 100 kB each.
const PRODUCT_RECORDS_MAX: u64 = 500;
/// Demand models kept in memory, some megabytes each.
const TRAINED_MODELS_MAX: u64 = 8;

/// Skus of a part of a training: some seconds of work.
const PART_SKUS: usize = 500;

/// What [`Platform::new`] puts together.
pub struct PlatformParts {
    /// Operational data.
    pub store: Database,
    /// Events.
    pub log: Arc<dyn EventLog>,
    /// Questions about the tables; brings the lake along.
    pub query: QueryEngine,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub randomness: Arc<dyn Randomness>,
    /// Folder with uploaded files and rejects.
    pub files: PathBuf,
    /// Folder with what models learned.
    pub artefacts: PathBuf,
}

impl Platform {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: PlatformParts) -> Self {
        let PlatformParts { store, log, query, clock, randomness, files, artefacts } = parts;
        let lake = query.lake().clone();
        let projector = Projector::new(Arc::clone(&log), lake.clone());
        Self {
            store,
            log,
            projector,
            lake,
            query,
            clock,
            randomness,
            files,
            artefacts,
            tracking: None,
            part_skus: PART_SKUS,
            live: LiveHub::default(),
            generations: Arc::default(),
            product_indexes: Cache::new(PRODUCT_INDEXES_MAX),
            product_records: Cache::new(PRODUCT_RECORDS_MAX),
            trained_models: Cache::new(TRAINED_MODELS_MAX),
        }
    }

    /// The platform with a server that is told about trainings of models.
    #[must_use]
    pub fn with_tracking(self, tracking: Tracking) -> Self {
        Self { tracking: Some(Arc::new(tracking)), ..self }
    }

    /// The platform with trainings divided into parts of so many Skus.
    #[must_use]
    pub fn with_part_skus(self, part_skus: usize) -> Self {
        Self { part_skus, ..self }
    }

    /// What just happened, for whoever watches.
    #[must_use]
    pub const fn live(&self) -> &LiveHub {
        &self.live
    }

    /// A transaction of `author` at this instant.
    pub(crate) async fn begin(&self, author: Author) -> Result<Transaction, StoreError> {
        self.store.begin(author, self.clock.now()).await
    }

    /// Folder of one merchant's uploaded files.
    pub(crate) fn files_of(&self, merchant: MerchantId) -> PathBuf {
        Path::new(&self.files).join(merchant.to_string())
    }

    /// How often the merchant's tables changed since the process began: answers of one generation may be cached.
    pub(crate) fn generation(&self, merchant: MerchantId) -> u64 {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner).get(&merchant).copied().unwrap_or(0)
    }

    /// Says that the merchant's tables changed.
    pub(crate) fn data_changed(&self, merchant: MerchantId) {
        *self.generations.lock().unwrap_or_else(PoisonError::into_inner).entry(merchant).or_default() += 1;
        self.live.publish(merchant, LiveChange::DataChanged {});
    }
}

/// Runs heavy computing off the runtime's threads.
pub(crate) async fn run_cpu<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
