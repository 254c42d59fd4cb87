//! A table pinned to one version: the file list of a Delta snapshot, scanned with the stock Parquet source.
//!
//! Delta's own scan node cannot be shipped to other machines and does more than our tables need: they have no deletion
//! vectors, no column mapping and no partitions, and the lake refuses tables that have.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Statistics;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use shelfiq_lake::Snapshot;

use crate::statistics::{file_statistics, table_statistics};

/// One version of a lake table.
#[derive(Debug)]
pub(crate) struct PinnedTable {
    schema: SchemaRef,
    files: Vec<PartitionedFile>,
    statistics: Statistics,
}

impl PinnedTable {
    /// Pins a snapshot.
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        let folder = snapshot.url.path().trim_start_matches('/');
        let files: Vec<PartitionedFile> = snapshot
            .files
            .iter()
            .map(|file| {
                PartitionedFile::new(format!("{folder}{}", file.path), file.size_bytes)
                    .with_statistics(Arc::new(file_statistics(&snapshot.schema, file)))
            })
            .collect();
        let statistics = table_statistics(&snapshot.schema, &files);
        Self { schema: Arc::clone(&snapshot.schema), files, statistics }
    }
}

#[async_trait]
impl TableProvider for PinnedTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // The Parquet source prunes row groups and pages by its own physical pushdown; rows are filtered above it.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(self.statistics.clone())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if self.files.is_empty() {
            let schema = match projection {
                Some(columns) => Arc::new(self.schema.project(columns)?),
                None => Arc::clone(&self.schema),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let source = ParquetSource::new(Arc::clone(&self.schema))
            .with_table_parquet_options(state.default_table_options().parquet.clone())
            .with_pushdown_filters(false);
        let groups = FileGroup::new(self.files.clone()).split_files(state.config().target_partitions());
        let scan = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(self.statistics.clone())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}
