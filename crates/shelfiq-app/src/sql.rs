//! Read-only SQL over the merchant's tables, decisions included.

use shelfiq_core::MerchantId;
pub use shelfiq_lake::AsOf;
pub use shelfiq_query::CellFormat;
use shelfiq_query::{Answer, ExtraTable, SqlRequest};
use shelfiq_store::alerts::{self, Alert, AlertFilter};
use shelfiq_store::recommendations::{self, Recommendation, RecommendationFilter, RecommendationOrder};
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::models;
use crate::platform::Platform;

/// Decisions beyond this number are left out of the SQL tables: they are lists for people, not facts for analysis.
const DECISIONS_MAX: usize = 10_000;
const QUERY_CHARS_MAX: usize = 100_000;

/// Answers one SELECT. `rows_max` cuts the answer; `None` gives all rows.
///
/// # Errors
/// [`AppError::Access`], or the query is not valid, not read-only, or exceeds its bounds.
pub async fn ask(
    platform: &Platform,
    actor: &Actor,
    query: &str,
    as_of: AsOf,
    rows_max: Option<usize>,
) -> Result<Answer, AppError> {
    let merchant = actor.authorize(Permission::QueryLake)?;
    if query.len() > QUERY_CHARS_MAX {
        return Err(AppError::invalid("query", format!("at most {QUERY_CHARS_MAX} characters")));
    }
    let extra = extra_tables(platform, merchant, query).await?;
    let request = SqlRequest { query: query.to_owned(), as_of, rows_max, extra };
    Ok(platform.query.sql(merchant, request).await?)
}

/// The tables that live in the operational store. They are read only for queries that name them or look at the schema.
async fn extra_tables(
    platform: &Platform,
    merchant: MerchantId,
    query: &str,
) -> Result<Vec<(String, ExtraTable)>, AppError> {
    let lower = query.to_lowercase();
    let mentions = |table: &str| lower.contains(table);
    let schema = ["information_schema", "show", "describe"].into_iter().any(mentions);
    let recommendations =
        if mentions("recommendations") { all_recommendations(platform, merchant).await? } else { Vec::new() };
    let alerts = if mentions("alerts") { all_alerts(platform, merchant).await? } else { Vec::new() };
    let mut tables = Vec::new();
    if schema || mentions("recommendations") {
        tables.push(("recommendations".to_owned(), recommendation_table(&recommendations)));
    }
    if schema || mentions("alerts") {
        tables.push(("alerts".to_owned(), alert_table(&alerts)));
    }
    if schema || mentions("model_versions") {
        tables.push(("model_versions".to_owned(), models::version_table(platform, merchant).await?));
    }
    if schema || mentions("model_accuracy") {
        tables.push(("model_accuracy".to_owned(), models::accuracy_table(platform, merchant).await?));
    }
    Ok(tables)
}

async fn all_recommendations(platform: &Platform, merchant: MerchantId) -> Result<Vec<Recommendation>, AppError> {
    let mut rows = Vec::new();
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    while rows.len() < DECISIONS_MAX {
        let page = recommendations::page(
            &platform.store,
            merchant,
            &RecommendationFilter::default(),
            RecommendationOrder::Newest,
            &request,
        )
        .await?;
        rows.extend(page.rows);
        let Some(next) = page.next else { break };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
    Ok(rows)
}

async fn all_alerts(platform: &Platform, merchant: MerchantId) -> Result<Vec<Alert>, AppError> {
    let mut rows = Vec::new();
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    while rows.len() < DECISIONS_MAX {
        let page = alerts::page(&platform.store, merchant, &AlertFilter::default(), &request).await?;
        rows.extend(page.rows);
        let Some(next) = page.next else { break };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
    Ok(rows)
}

fn recommendation_table(rows: &[Recommendation]) -> ExtraTable {
    ExtraTable::default()
        .text("id", rows.iter().map(|row| Some(row.id.to_string())))
        .text("kind", rows.iter().map(|row| Some(&row.kind)))
        .text("sku", rows.iter().map(|row| Some(row.sku.as_str())))
        .text("title", rows.iter().map(|row| Some(&row.title)))
        .text("state", rows.iter().map(|row| Some(row.state.as_str())))
        .amount("priority", rows.iter().map(|row| Some(row.priority.to_major())))
        .amount("impact", rows.iter().map(|row| Some(row.impact.to_major())))
        .text("currency", rows.iter().map(|row| Some(row.impact.currency().to_string())))
        .number("confidence", rows.iter().map(|row| Some(row.confidence)))
        .instant("created_at", rows.iter().map(|row| Some(row.created_at)))
        .instant("decided_at", rows.iter().map(|row| row.decided_at))
        .text("decision_reason", rows.iter().map(|row| row.decision_reason.as_ref()))
}

fn alert_table(rows: &[Alert]) -> ExtraTable {
    ExtraTable::default()
        .text("id", rows.iter().map(|row| Some(row.id.to_string())))
        .text("kind", rows.iter().map(|row| Some(&row.kind)))
        .text("sku", rows.iter().map(|row| row.sku.as_ref().map(shelfiq_core::Sku::as_str)))
        .text("title", rows.iter().map(|row| Some(&row.title)))
        .text("state", rows.iter().map(|row| Some(row.state.as_str())))
        .text("severity", rows.iter().map(|row| Some(&row.severity)))
        .amount("money_at_stake", rows.iter().map(|row| row.money_at_stake.map(shelfiq_core::Money::to_major)))
        .text("currency", rows.iter().map(|row| row.money_at_stake.map(|money| money.currency().to_string())))
        .instant("opened_at", rows.iter().map(|row| Some(row.opened_at)))
        .instant("resolved_at", rows.iter().map(|row| row.resolved_at))
}
