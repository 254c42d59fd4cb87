//! `shelfiq price season`: selling a stock off by a day.

use serde_json::json;
use shelfiq_app::season::{self, SeasonRequest, SeasonView};
use shelfiq_core::Sku;

use super::desk;
use crate::cli::{Global, SeasonPlan};
use crate::config::ShelfiqConfig;
use crate::print;

/// Finds the course of prices and prints it.
///
/// # Errors
/// If there is no such Sku, nothing is known of its price or demand, or its limits leave no price.
pub(super) async fn run(asked: SeasonPlan, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let request = SeasonRequest { until: asked.until, stock_units: asked.stock, leftover_value: asked.leftover };
    let view = season::plan(&platform, &actor, &Sku::new(&asked.sku)?, request).await?;
    if global.json { print::json(&document(&view)) } else { table(&view) }
}

fn table(view: &SeasonView) -> anyhow::Result<()> {
    let left = view.days.last().map_or(0.0, |day| day.left_units);
    let sold: f64 = view.days.iter().map(|day| day.units).sum();
    print::line(format!("{}  {}", view.sku, view.title))?;
    let held = view.binding.map(|constraint| format!(", held by {constraint}")).unwrap_or_default();
    print::line(format!("ask {} instead of {} {}{held}", view.price, view.price_now, view.currency))?;
    print::line(format!(
        "about {sold:.1} of {} units sell, {left:.1} are left; nothing is left in {:.0} of 100 cases",
        view.stock_units,
        100.0 * view.sell_out_probability
    ))?;
    print::line(format!(
        "that brings {:.2}, {:.2} with what is left; one price all along ({}) would bring {:.2}",
        view.revenue, view.value, view.best_fixed.0, view.best_fixed.1
    ))?;
    let rows: Vec<_> = view
        .days
        .iter()
        .map(|day| {
            let stands = if day.is_frozen { "stands still" } else { "" };
            vec![
                day.day.to_string(),
                format!("{:.2}", day.mean_price),
                format!("{:.1}", day.units),
                format!("{:.1}", day.left_units),
                stands.to_owned(),
            ]
        })
        .collect();
    print::table(&["day", "price", "sells", "left", ""], &rows)?;
    print::note("prices after the first day are means: fewer units left than expected raise them, more lower them");
    Ok(())
}

fn document(view: &SeasonView) -> serde_json::Value {
    let days: Vec<_> = view
        .days
        .iter()
        .map(|day| {
            json!({
                "day": day.day, "price": day.mean_price, "units": day.units, "left_units": day.left_units,
                "is_frozen": day.is_frozen,
            })
        })
        .collect();
    json!({
        "sku": view.sku, "title": view.title, "currency": view.currency, "price_now": view.price_now, "price": view.price,
        "binding": view.binding.map(shelfiq_pricing::Constraint::code), "stock_units": view.stock_units,
        "revenue": view.revenue, "value": view.value, "best_fixed_price": view.best_fixed.0,
        "best_fixed_value": view.best_fixed.1, "sell_out_probability": view.sell_out_probability, "days": days,
    })
}
