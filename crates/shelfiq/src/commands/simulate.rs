//! `shelfiq price simulate`: what another plan would bring.

use serde_json::json;
use shelfiq_app::simulation::{Scenario, SimulationView, simulate};
use shelfiq_core::Sku;
use shelfiq_pricing::{PlanOutcome, Spread};

use super::desk;
use crate::cli::{Global, Simulate};
use crate::config::ShelfiqConfig;
use crate::print;

/// Simulates and prints both plans side by side.
///
/// # Errors
/// If there is no such Sku, or nothing is known of its price or demand.
pub(super) async fn run(asked: Simulate, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let sku = Sku::new(&asked.sku)?;
    let scenario = Scenario {
        price: asked.price,
        promotion: asked.promotion_from.zip(asked.promotion_to),
        stock_units: asked.stock,
        deliveries: (!asked.delivery.is_empty()).then_some(asked.delivery),
        unit_cost: asked.cost,
        rival_price: asked.rival_price,
        horizon_days: asked.horizon,
    };
    let view = simulate(&platform, &actor, &sku, scenario).await?;
    if global.json { print::json(&document(&view)) } else { table(&view) }
}

fn table(view: &SimulationView) -> anyhow::Result<()> {
    let (before, after) = (&view.simulation.baseline, &view.simulation.scenario);
    let change = &view.simulation.difference;
    let last_day = view.day(view.baseline.days.len().saturating_sub(1));
    print::line(format!("{}  {}", view.sku, view.title))?;
    print::line(format!("{} to {last_day}, {}, 80 % intervals", view.first_day, view.currency))?;
    let row = |name: &str, before: Spread, after: Spread, change: Spread| {
        vec![name.to_owned(), text(before), text(after), text(change)]
    };
    let mut rows = vec![row("units", before.units, after.units, change.units)];
    rows.push(row("revenue", before.revenue, after.revenue, change.revenue));
    if let (Some(before), Some(after), Some(change)) = (before.margin, after.margin, change.margin) {
        rows.push(row("margin", before, after, change));
    }
    let runs_out = |outcome: &PlanOutcome| {
        let day = outcome.stock_out.likely_day.map(|day| format!(", likely by {}", view.day(day))).unwrap_or_default();
        format!("{:.0} %{day}", 100.0 * outcome.stock_out.probability)
    };
    rows.push(vec!["runs out".to_owned(), runs_out(before), runs_out(after), String::new()]);
    print::table(&["", "as it stands", "the plan", "change"], &rows)?;
    print::line(format!("better in {:.0} % of the futures", 100.0 * change.probability_better))?;
    for caution in view.cautions() {
        print::line(format!("careful: {}", caution.message))?;
    }
    for violation in &view.violations {
        print::line(format!("breaks a guard rail: {}", violation.constraint))?;
    }
    Ok(())
}

fn text(spread: Spread) -> String {
    format!("{:.1} ({:.1} to {:.1})", spread.mean, spread.lo, spread.hi)
}

/// Everything but the single futures.
fn document(view: &SimulationView) -> serde_json::Value {
    let outcome = |outcome: &PlanOutcome| {
        json!({
            "units": outcome.units, "lost_units": outcome.lost_units, "revenue": outcome.revenue, "margin": outcome.margin,
            "stock_out": {
                "probability": outcome.stock_out.probability, "by_day": outcome.stock_out.by_day,
                "likely_day": outcome.stock_out.likely_day.map(|day| view.day(day)),
            },
        })
    };
    let found = &view.simulation;
    json!({
        "sku": view.sku, "title": view.title, "currency": view.currency, "first_day": view.first_day,
        "horizon_days": view.baseline.days.len(), "seed": format!("{:016x}", view.seed), "draws": found.baseline.futures.len(),
        "baseline": outcome(&found.baseline), "scenario": outcome(&found.scenario), "difference": found.difference,
        "warnings": found.warnings, "violations": view.violations.iter().map(|one| one.constraint.code()).collect::<Vec<_>>(),
    })
}
