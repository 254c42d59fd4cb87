//! A shop in a temporary folder: log, lake, imports.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use shelfiq_core::{CurrencyCode, ImportId, MerchantId};
use shelfiq_lake::{AsOf, Lake, Table, Zone};
use shelfiq_log::{EmbeddedLog, EventLog, LogConfig};
use shelfiq_pipeline::{
    CustomerSalt, ImportOptions, ImportReport, ImportSession, PipelineError, Preview, Projected, Projector,
};
use shelfiq_tabular::{Columns, Hints, Limits};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) struct Shop {
    pub(crate) folder: TempDir,
    pub(crate) merchant: MerchantId,
    pub(crate) lake: Lake,
    pub(crate) session: ImportSession,
    pub(crate) projector: Projector,
    pub(crate) log: Arc<dyn EventLog>,
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

pub(crate) fn options() -> ImportOptions {
    ImportOptions {
        kind: None,
        mapping: None,
        store: "main".to_owned(),
        currency: Some(CurrencyCode::GBP),
        date_order: None,
        decimal_mark: None,
        time_zone: "Europe/London".parse().unwrap(),
        received_at: now(),
        customer_salt: CustomerSalt::new([7; 32]),
        hints: Hints::default(),
        limits: Limits::default(),
    }
}

pub(crate) fn import_id(number: u128) -> ImportId {
    ImportId::from_uuid(Uuid::from_u128(number))
}

impl Shop {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let merchant = MerchantId::from_uuid(Uuid::from_u128(1));
        let log: Arc<dyn EventLog> =
            Arc::new(EmbeddedLog::open(&folder.path().join("log"), LogConfig::default()).unwrap());
        let lake = Lake::open(&folder.path().join("lake")).unwrap();
        let session = ImportSession::new(merchant, Arc::clone(&log), folder.path().join("imports"));
        let projector = Projector::new(Arc::clone(&log), lake.clone());
        Self { folder, merchant, lake, session, projector, log }
    }

    /// The shop as a process finds it that starts now: nothing remembered but what is on disk.
    pub(crate) fn restart_projector(&mut self) {
        self.lake = Lake::open(&self.folder.path().join("lake")).unwrap();
        self.projector = Projector::new(Arc::clone(&self.log), self.lake.clone());
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) async fn preview(&self, content: &str) -> Preview {
        let path = self.file("preview.csv", content);
        self.session.preview(&path, &options()).await.unwrap()
    }

    pub(crate) async fn import(&self, number: u128, content: &str) -> ImportReport {
        self.try_import(number, content, &options()).await.unwrap()
    }

    pub(crate) async fn try_import(
        &self,
        number: u128,
        content: &str,
        options: &ImportOptions,
    ) -> Result<ImportReport, PipelineError> {
        let path = self.file("file.csv", content);
        self.session.run(import_id(number), &[path], options, &mut |_| {}).await
    }

    pub(crate) async fn project(&self) -> Projected {
        self.projector.catch_up(self.merchant).await.unwrap()
    }

    /// Rows of a curated table, sorted: these columns joined by blanks.
    pub(crate) async fn curated(&self, table: Table, columns: &[&str]) -> Vec<String> {
        self.rows(Zone::Curated, table, columns).await
    }

    pub(crate) async fn rows(&self, zone: Zone, table: Table, columns: &[&str]) -> Vec<String> {
        let snapshot = self.lake.snapshot(self.merchant, zone, table, AsOf::Now).await.unwrap();
        let mut rows = Vec::new();
        for file in &snapshot.files {
            let path = snapshot.url.join(&file.path).unwrap().to_file_path().unwrap();
            let read = Columns::read(&path, &Hints::default(), &Limits::default()).unwrap();
            let texts: Vec<_> = columns.iter().map(|column| read.texts(column).unwrap()).collect();
            for row in 0..read.row_count() {
                let cells: Vec<&str> = texts.iter().map(|column| column[row].as_deref().unwrap_or("-")).collect();
                rows.push(cells.join(" "));
            }
        }
        rows.sort();
        rows
    }

    pub(crate) async fn lines(&self) -> Vec<String> {
        self.curated(
            Table::OrderLines,
            &["order_id", "line", "sku", "quantity", "unit_price", "currency", "kind", "ordered_at"],
        )
        .await
    }
}

/// Counts of a report in one line.
pub(crate) fn counts(report: &ImportReport) -> String {
    let ImportReport { rows, new, changed, unchanged, rejected, skipped, .. } = report;
    format!("{rows} rows: {new} new, {changed} changed, {unchanged} unchanged, {rejected} rejected, {skipped} skipped")
}
