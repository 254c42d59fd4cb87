//! `shelfiq products list`, `recommend list`, `alerts list`: what the web app shows.

use serde_json::json;
use shelfiq_app::{alerts as alert_cases, products as catalogue, recommendations as advice};
use shelfiq_store::PAGE_SIZE_MAX;
use shelfiq_store::recommendations::RecommendationState;

use super::desk;
use crate::cli::Global;
use crate::config::ShelfiqConfig;
use crate::print;

const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];

/// Lists products, best sellers first.
///
/// # Errors
/// If the tables cannot be read.
pub(super) async fn products(
    search: Option<String>,
    limit: u32,
    config: &ShelfiqConfig,
    global: &Global,
) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let query =
        catalogue::Query { search, descending: true, limit: usize::try_from(limit)?, ..catalogue::Query::default() };
    let page = catalogue::list(&platform, &actor, &query).await?;
    if global.json {
        let rows: Vec<_> = page.rows.iter().map(product_json).collect();
        return print::json(&json!({ "total": page.total, "products": rows }));
    }
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            vec![
                row.sku.to_string(),
                row.title.clone(),
                print::or_dash(row.price.map(|price| price.round_dp(2))),
                row.recent_units.to_string(),
                row.recent_revenue.round_dp(2).to_string(),
                print::number(row.expected_units, 0),
                print::or_dash(row.stock),
                row.open_recommendations.to_string(),
                row.open_alerts.to_string(),
                row.currency.to_string(),
            ]
        })
        .collect();
    print::table(
        &["sku", "title", "price", "units 30d", "revenue 30d", "expected 28d", "stock", "advice", "alerts", "currency"],
        &rows,
    )?;
    print::note(format!("{} of {} products", page.rows.len(), page.total));
    Ok(())
}

fn product_json(row: &catalogue::ProductSummary) -> serde_json::Value {
    json!({
        "sku": row.sku, "title": row.title, "category": row.category, "brand": row.brand, "currency": row.currency,
        "price": row.price, "unit_cost": row.unit_cost, "stock": row.stock,
        "units_30d": row.recent_units, "revenue_30d": row.recent_revenue, "revenue_30d_before": row.earlier_revenue,
        "forecast_units_28d": row.expected_units, "elasticity": row.elasticity, "rating": row.rating,
        "open_recommendations": row.open_recommendations, "open_alerts": row.open_alerts,
    })
}

/// Lists open recommendations, most valuable first.
///
/// # Errors
/// If the store fails.
pub(super) async fn recommendations(
    kind: Option<String>,
    limit: u32,
    config: &ShelfiqConfig,
    global: &Global,
) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let kinds = kind.map(|kind| serde_json::from_value(kind.into())).transpose()?.into_iter().collect();
    let query = advice::Query { states: vec![RecommendationState::Open], kinds, limit, ..advice::Query::default() };
    let (page, total) = advice::list(&platform, &actor, query).await?;
    if global.json {
        let rows: Vec<_> = page.rows.iter().map(|view| &view.row).collect();
        return print::json(&json!({ "total": total, "recommendations": rows }));
    }
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|view| {
            let row = &view.row;
            let confidence = format!("{:.0} %", 100.0 * row.confidence);
            vec![
                row.kind.clone(),
                row.sku.to_string(),
                row.title.clone(),
                row.impact.to_string(),
                confidence,
                row.id.to_string(),
            ]
        })
        .collect();
    print::table(&["kind", "sku", "what", "worth", "sure", "id"], &rows)?;
    print::note(format!("{} of {total} open recommendations", page.rows.len()));
    Ok(())
}

/// Lists open alerts, most urgent first.
///
/// # Errors
/// If the store fails.
pub(super) async fn alerts(limit: u32, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    // The store lists by what is at stake; all of one severity come before any of the next.
    let mut rows = Vec::new();
    let mut total = 0;
    for severity in SEVERITIES {
        let query = alert_cases::Query {
            states: alert_cases::OPEN.to_vec(),
            severities: vec![severity.to_owned()],
            limit: limit.min(PAGE_SIZE_MAX),
            ..alert_cases::Query::default()
        };
        let (page, count) = alert_cases::list(&platform, &actor, query).await?;
        rows.extend(page.rows.into_iter().map(|view| view.row));
        total += count;
    }
    rows.truncate(usize::try_from(limit)?);
    if global.json {
        return print::json(&json!({ "total": total, "alerts": rows }));
    }
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let opened = row.opened_at.format("%Y-%m-%d %H:%M").to_string();
            vec![
                row.severity.clone(),
                row.kind.clone(),
                print::or_dash(row.sku.as_ref()),
                row.title.clone(),
                print::or_dash(row.money_at_stake),
                opened,
            ]
        })
        .collect();
    print::table(&["severity", "kind", "sku", "what", "at stake", "since (UTC)"], &cells)?;
    print::note(format!("{} of {total} open alerts", rows.len()));
    Ok(())
}
