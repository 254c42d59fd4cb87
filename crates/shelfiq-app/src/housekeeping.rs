//! Housekeeping at night: forgets what nobody can use any more, and keeps the lake's tables few-filed and small.
//!
//! Nothing visible changes: expired sessions and keys answer nobody, done jobs of the last month stay listed, and tables
//! hold the same rows before and after. Running it twice does nothing the second time.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shelfiq_core::MerchantId;
use shelfiq_lake::{Table, Zone};
use shelfiq_store::{Author, idempotency, jobs, merchants, sessions};

use crate::error::AppError;
use crate::models;
use crate::platform::Platform;

/// Sessions with their refresh tokens are kept so long after they expired, so that a member can still see where somebody
/// was signed in.
const SESSIONS_KEPT: TimeDelta = TimeDelta::days(30);
/// Done jobs are listed for so long. Jobs that were given up stay until somebody has looked.
const DONE_JOBS_KEPT: TimeDelta = TimeDelta::days(30);
/// Files that a table no longer uses are kept for so long. A query pins its files for a minute at most, so no reader can
/// hold one; until then questions `as of` an earlier day find their files, and after it the log of a Delta table forgets
/// its versions as well.
const FILES_KEPT: TimeDelta = TimeDelta::days(30);

const ZONES: [Zone; 3] = [Zone::Raw, Zone::Processed, Zone::Curated];

/// What housekeeping did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HousekeepingReport {
    /// Expired sessions that were forgotten, each with its refresh tokens.
    pub sessions_forgotten: u64,
    /// Expired idempotency keys that were forgotten.
    pub idempotency_keys_forgotten: u64,
    /// Done jobs that were forgotten.
    pub jobs_forgotten: u64,
    /// Small files of tables that were merged into larger ones.
    pub files_merged: usize,
    /// The larger files.
    pub files_written: usize,
    /// Unused files that were deleted.
    pub files_deleted: usize,
    /// Artefacts of replaced trainings of models that were deleted.
    #[serde(default)]
    pub artefacts_forgotten: usize,
}

/// Keeps house for one merchant's tables and for the store, which all merchants share. `progress` hears the share done
/// and the stage.
///
/// # Errors
/// [`AppError`] if a store fails; what was done by then stays done.
pub async fn keep_house(
    platform: &Platform,
    merchant: MerchantId,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<HousekeepingReport, AppError> {
    progress(0.02, "forgetting what expired");
    let mut report = forget(platform).await?;
    let tables: Vec<(Zone, Table)> =
        ZONES.into_iter().flat_map(|zone| Table::ALL.iter().map(move |table| (zone, *table))).collect();
    let count = tables.len() as f64;
    for (index, (zone, table)) in tables.into_iter().enumerate() {
        progress(0.05 + 0.75 * index as f64 / count, "merging small files");
        let merged = platform.lake.compact(merchant, zone, table).await?;
        report.files_merged += merged.files_before;
        report.files_written += merged.files_after;
        let deleted = platform.lake.vacuum(merchant, zone, table, FILES_KEPT).await?;
        report.files_deleted += deleted.files_deleted;
    }
    report.artefacts_forgotten = models::forget_artefacts(platform, merchant).await?;
    progress(0.80, "bringing roll-ups up to date");
    // Roll-ups name the versions that they were computed from; merged tables have new ones.
    let zone = merchants::get(&platform.store, merchant).await?.time_zone;
    platform.query.refresh_derived(merchant, zone).await?;
    progress(1.0, "done");
    Ok(report)
}

async fn forget(platform: &Platform) -> Result<HousekeepingReport, AppError> {
    let tx = platform.begin(Author::system("housekeeping")).await?;
    let now = tx.at();
    let report = HousekeepingReport {
        sessions_forgotten: sessions::forget_ended(&tx, now - SESSIONS_KEPT).await?,
        idempotency_keys_forgotten: idempotency::forget_expired(&tx, now).await?,
        jobs_forgotten: jobs::forget_done(&tx, now - DONE_JOBS_KEPT).await?,
        ..HousekeepingReport::default()
    };
    tx.commit().await?;
    Ok(report)
}
