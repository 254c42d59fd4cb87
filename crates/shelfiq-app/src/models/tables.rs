//! The registry and the accuracies as tables for SQL.

use chrono::NaiveDate;
use shelfiq_core::MerchantId;
use shelfiq_query::ExtraTable;
use shelfiq_store::model_accuracy::{self, AccuracyRow, ErrorSums};
use shelfiq_store::model_versions::{self, ModelKind, ModelVersion};
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest};

use crate::error::AppError;
use crate::platform::Platform;

/// Versions of each kind that the table shows: the newest.
const VERSIONS_MAX: u32 = PAGE_SIZE_MAX;

/// `model_versions`: the newest versions of every kind.
pub(crate) async fn version_table(platform: &Platform, merchant: MerchantId) -> Result<ExtraTable, AppError> {
    let mut rows: Vec<ModelVersion> = Vec::new();
    for kind in ModelKind::ALL {
        let request = PageRequest::first(VERSIONS_MAX);
        rows.extend(model_versions::page(&platform.store, merchant, *kind, &request).await?.rows);
    }
    Ok(ExtraTable::default()
        .text("id", rows.iter().map(|row| Some(row.id.to_string())))
        .text("kind", rows.iter().map(|row| Some(row.kind.as_str())))
        .count("number", rows.iter().map(|row| Some(i64::from(row.number))))
        .text("model", rows.iter().map(|row| Some(&row.model)))
        .text("stage", rows.iter().map(|row| Some(row.stage.as_str())))
        .instant("stage_since", rows.iter().map(|row| Some(row.stage_since)))
        .number("canary_share", rows.iter().map(|row| row.canary_share))
        .text("code_version", rows.iter().map(|row| Some(&row.code_version)))
        .text("artefact_hash", rows.iter().map(|row| row.artefact_hash.as_ref()))
        .text("data_until", rows.iter().map(|row| row.data_until.map(|day| day.to_string())))
        .instant("trained_at", rows.iter().map(|row| Some(row.trained_at)))
        .text("note", rows.iter().map(|row| row.note.as_ref())))
}

/// `model_accuracy`: sums of errors per version, origin, kind of demand and distance. Figures of any group are quotients of
/// sums: `sum(absolute) / sum(actual)` is its WAPE.
pub(crate) async fn accuracy_table(platform: &Platform, merchant: MerchantId) -> Result<ExtraTable, AppError> {
    let rows = model_accuracy::since(&platform.store, merchant, NaiveDate::default()).await?;
    let text = |pick: fn(&AccuracyRow) -> String| rows.iter().map(move |row| Some(pick(row))).collect::<Vec<_>>();
    let sum = |pick: fn(&ErrorSums) -> f64| rows.iter().map(move |row| Some(pick(&row.sums))).collect::<Vec<_>>();
    let count = |pick: fn(&ErrorSums) -> i64| rows.iter().map(move |row| Some(pick(&row.sums))).collect::<Vec<_>>();
    Ok(ExtraTable::default()
        .text("version", text(|row| row.model_version.to_string()).into_iter())
        .text("origin", text(|row| row.origin.to_string()).into_iter())
        .text("basis", text(|row| row.basis.to_string()).into_iter())
        .text("demand_class", text(|row| row.demand_class.clone()).into_iter())
        .count("horizon_first_day", rows.iter().map(|row| Some(i64::from(row.horizon_first_day))))
        .count("skus", count(|sums| sums.skus).into_iter())
        .count("days", count(|sums| sums.days).into_iter())
        .number("actual", sum(|sums| sums.actual).into_iter())
        .number("absolute", sum(|sums| sums.absolute).into_iter())
        .number("signed", sum(|sums| sums.signed).into_iter())
        .number("scaled", sum(|sums| sums.scaled).into_iter())
        .count("scaled_days", count(|sums| sums.scaled_days).into_iter())
        .number("pinball", sum(|sums| sums.pinball).into_iter())
        .count("inside_50", count(|sums| sums.inside_50).into_iter())
        .count("inside_80", count(|sums| sums.inside_80).into_iter())
        .count("inside_90", count(|sums| sums.inside_90).into_iter())
        .count("inside_95", count(|sums| sums.inside_95).into_iter())
        .instant("judged_at", rows.iter().map(|row| Some(row.judged_at))))
}
