//! Tables computed from others: orders, customers, products and the roll-ups that make measures quick.
//!
//! Each is one SELECT over the curated tables, run in full whenever a table it reads has changed. The commit stores
//! which versions it was computed from, so that nobody takes a stale roll-up for the truth.

use futures::StreamExt;
use shelfiq_core::{MerchantId, TimeZone};
use shelfiq_lake::{AsOf, Snapshot, Table, Zone};

use crate::{QueryEngine, QueryError, costs};

/// A table computed from others.
struct Derivation {
    table: Table,
    sources: &'static [Table],
    /// `{day}` stands for the calendar day of `ordered_at` in the merchant's zone, `{cost_spans}` and `{cost_join}` for
    /// what finds the cost of a line.
    sql: &'static str,
}

/// What the roll-ups are computed from.
pub(crate) const ROLL_UP_SOURCES: [Table; 2] = [Table::OrderLines, Table::Costs];

/// In the order of their dependence.
const DERIVATIONS: [Derivation; 5] = [
    Derivation { table: Table::OrderDays, sources: &ROLL_UP_SOURCES, sql: include_str!("derive/order_days.sql") },
    Derivation { table: Table::DailySales, sources: &ROLL_UP_SOURCES, sql: include_str!("derive/daily_sales.sql") },
    Derivation { table: Table::Orders, sources: &[Table::OrderDays], sql: include_str!("derive/orders.sql") },
    Derivation { table: Table::Customers, sources: &[Table::OrderDays], sql: include_str!("derive/customers.sql") },
    Derivation {
        table: Table::Products,
        sources: &[Table::OrderLines, Table::Listings, Table::Prices, Table::Costs, Table::Stock],
        sql: include_str!("derive/products.sql"),
    },
];

impl QueryEngine {
    /// Recomputes the derived tables whose sources have changed: `orders`, `customers`, `products`, `daily_sales` and
    /// `order_days`. Days are those of `zone`. Running it twice changes nothing.
    ///
    /// # Errors
    /// [`QueryError::Lake`] if tables cannot be read or written, [`QueryError::Engine`] if a computation fails.
    pub async fn refresh_derived(&self, merchant: MerchantId, zone: TimeZone) -> Result<(), QueryError> {
        for derivation in &DERIVATIONS {
            self.refresh(merchant, zone, derivation).await?;
        }
        Ok(())
    }

    async fn refresh(&self, merchant: MerchantId, zone: TimeZone, derivation: &Derivation) -> Result<(), QueryError> {
        let sources = self.pin(merchant, derivation.sources, AsOf::Now).await?;
        if self.is_fresh_now(merchant, zone, derivation.table, &sources).await? {
            return Ok(());
        }
        // The sources are pinned again under the lock: of two refreshes at once the later must not see older rows.
        let mut writer = self.lake().writer(merchant, Zone::Curated, derivation.table).await?;
        let sources = self.pin(merchant, derivation.sources, AsOf::Now).await?;
        if self.is_fresh_now(merchant, zone, derivation.table, &sources).await? {
            return Ok(());
        }
        let context = self.derive_session(&sources)?;
        let _turn = self.derivations().turn().await;
        let sql = derivation
            .sql
            .replace("{day}", &day_in(zone))
            .replace("{cost_spans}", costs::SPANS)
            .replace("{cost_join}", costs::JOIN);
        let engine = |source| QueryError::Engine { source: Box::new(source) };
        let mut rows = context.sql(&sql).await.map_err(engine)?.execute_stream().await.map_err(engine)?;
        writer.delete_all();
        while let Some(batch) = rows.next().await {
            writer.write(&batch.map_err(engine)?).await?;
        }
        for source in &sources {
            writer.progress(&provenance(source.table), version_mark(source));
        }
        writer.progress(ZONE, zone_mark(zone));
        writer.commit().await?;
        Ok(())
    }

    /// Whether the derived table was computed from exactly these versions of its sources at its present version.
    async fn is_fresh_now(
        &self,
        merchant: MerchantId,
        zone: TimeZone,
        table: Table,
        sources: &[Snapshot],
    ) -> Result<bool, QueryError> {
        let derived = self.lake().snapshot(merchant, Zone::Curated, table, AsOf::Now).await?;
        is_fresh(&derived, zone, sources).await
    }
}

/// Whether a derived table was computed from exactly these versions of its sources, with the days of `zone`.
pub(crate) async fn is_fresh(derived: &Snapshot, zone: TimeZone, sources: &[Snapshot]) -> Result<bool, QueryError> {
    if derived.progress(ZONE).await? != Some(zone_mark(zone)) {
        return Ok(false);
    }
    for source in sources {
        if derived.progress(&provenance(source.table)).await? != Some(version_mark(source)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// SQL for the calendar day of `ordered_at` in `zone`.
pub(crate) fn day_in(zone: TimeZone) -> String {
    if zone == TimeZone::UTC {
        return "CAST(ordered_at AS DATE)".to_owned();
    }
    format!(r#"CAST(to_local_time(arrow_cast(ordered_at, 'Timestamp(Microsecond, Some("{}"))')) AS DATE)"#, zone.name())
}

/// Under which name a derived table stores whose days it follows.
const ZONE: &str = "time zone";

/// A number that stands for a zone: FNV-1a of its name, since the log of a table stores numbers alone.
fn zone_mark(zone: TimeZone) -> u64 {
    let hash = zone
        .name()
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    // The log's numbers are signed.
    hash >> 1
}

/// Under which name a derived table stores the version of a source.
fn provenance(source: Table) -> String {
    format!("derived from {source}")
}

/// Versions count from 0; a table that was never written has none.
fn version_mark(source: &Snapshot) -> u64 {
    source.version.map_or(0, |version| version + 1)
}
