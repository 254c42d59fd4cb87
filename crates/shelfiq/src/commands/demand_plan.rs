//! `shelfiq forecast plan`: what the shop will sell.

use serde_json::{Value, json};
use shelfiq_app::demand_plan::{self, DemandLine};
use shelfiq_core::money_text;

use super::desk;
use crate::cli::Global;
use crate::config::ShelfiqConfig;
use crate::print;

/// Prints a line per category and one for all, then one per store if there are several.
///
/// # Errors
/// If there is no shop, the days are out of bounds, or the tables cannot be read.
pub(super) async fn show(days: usize, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let Some(plan) = demand_plan::plan(&platform, &actor, days).await? else {
        if global.json {
            return print::json(&Value::Null);
        }
        return print::line("no forecast yet: `shelfiq run forecasts` makes it");
    };
    if global.json {
        let categories: Vec<_> = plan
            .categories
            .iter()
            .map(|one| json!({ "category": one.category, "demand": document(&one.line) }))
            .collect();
        let stores: Vec<_> =
            plan.stores.iter().map(|one| json!({ "store": one.store, "demand": document(&one.line) })).collect();
        return print::json(&json!({
            "currency": plan.currency, "from": plan.days.first(), "to": plan.days.last(), "made_at": plan.made_at,
            "whole": document(&plan.whole), "categories": categories,
            "stores": stores,
        }));
    }
    print::line(format!("expected from {} to {}, beside the {days} days before", plan.days.first(), plan.days.last()))?;
    let categories =
        plan.categories.iter().map(|one| (one.category.as_deref().unwrap_or("without category"), &one.line));
    let rows: Vec<_> = categories.chain([("all", &plan.whole)]).map(|(name, line)| row(name, line)).collect();
    print::table(&["category", "products", "sold", "units", "lo 80", "hi 80", "revenue"], &rows)?;
    if plan.stores.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<_> = plan.stores.iter().map(|one| row(&one.store, &one.line)).collect();
    rows.iter_mut().for_each(|row| row.truncate(STORE_COLUMNS.len()));
    print::line("")?;
    print::table(&STORE_COLUMNS, &rows)
}

const STORE_COLUMNS: [&str; 6] = ["store", "products", "sold", "units", "lo 80", "hi 80"];

fn row(name: &str, line: &DemandLine) -> Vec<String> {
    let (lo, hi) = line.units_80;
    let figures = [line.skus, line.units_before, line.units].map(|figure| figure.to_string());
    let [products, sold, units] = figures;
    let revenue = line.revenue.map(money_text).unwrap_or_default();
    vec![name.to_owned(), products, sold, units, format!("{lo:.0}"), format!("{hi:.0}"), revenue]
}

fn document(line: &DemandLine) -> Value {
    json!({
        "products": line.skus, "units": line.units, "lo_80": line.units_80.0, "hi_80": line.units_80.1,
        "units_before": line.units_before, "revenue": line.revenue.map(|revenue| revenue.to_major()), "is_ready": line.is_ready,
    })
}
