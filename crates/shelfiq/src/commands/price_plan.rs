//! `shelfiq price plan`: the prices of the whole shop together.

use serde_json::json;
use shelfiq_app::price_plan::{
    self as plans, FrontRequest, FrontView, PlanRequest, PlanTotals, PlanView, PlannedPrice, Taken,
};
use shelfiq_pricing::PortfolioLimits;
use shelfiq_tabular::{OutputColumn, OutputValues, write_table};

use super::desk;
use crate::cli::{Global, PricePlan};
use crate::config::ShelfiqConfig;
use crate::print;

/// Finds a plan and prints it, writes it to a file, or takes it; or prints the front.
///
/// # Errors
/// If a limit is out of reach, which is named with what can be reached, or nothing can be planned.
pub(super) async fn run(asked: PricePlan, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let limits = PortfolioLimits {
        margin_min: asked.margin_min,
        revenue_min: asked.revenue_min,
        units_min: asked.units_min,
        changes_max: asked.changes_max,
        price_index_min: asked.index_min.map(|index| index / 100.0),
        price_index_max: asked.index_max.map(|index| index / 100.0),
    };
    if asked.front {
        let request = FrontRequest { limits, category: asked.category, levels: None };
        return show_front(&plans::front(&platform, &actor, request).await?, global);
    }
    let request =
        PlanRequest { objective: asked.objective.map(Into::into), limits, category: asked.category, gaps: Vec::new() };
    let plan = plans::plan(&platform, &actor, request).await?;
    if let Some(out) = &asked.out {
        write_table(out, &columns(&plan))?;
    }
    let taken = if asked.take && !plan.changes.is_empty() {
        let planned = |change: &plans::PlanChange| PlannedPrice { sku: change.sku.clone(), price: change.price };
        let prices = plan.changes.iter().take(plans::PRICES_MAX).map(planned).collect();
        Some(plans::take(&platform, &actor, prices).await?)
    } else {
        None
    };
    show_plan(&plan, taken.as_ref(), global)
}

fn show_plan(plan: &PlanView, taken: Option<&Taken>, global: &Global) -> anyhow::Result<()> {
    if global.json {
        let changes: Vec<_> = plan
            .changes
            .iter()
            .map(|change| {
                json!({
                    "sku": change.sku, "title": change.title, "price_now": change.price_now, "price": change.price,
                    "units_now": change.units_now, "units": change.units, "gain": change.gain, "untried": change.is_untried,
                    "reason": change.reason,
                })
            })
            .collect();
        let taken = taken.map(|taken| {
            let refused: Vec<_> =
                taken.refused.iter().map(|one| json!({ "sku": one.sku, "reason": one.reason })).collect();
            json!({ "accepted": taken.accepted, "refused": refused })
        });
        return print::json(&json!({
            "currency": plan.currency, "horizon_days": plan.horizon_days, "products": plan.products,
            "today": totals(&plan.today), "plan": totals(&plan.plan), "binding": plan.binding, "gap_share": plan.gap_share,
            "changes": changes, "taken": taken,
        }));
    }
    print::line(format!("{} products, {} days, {}", plan.products, plan.horizon_days, plan.currency))?;
    print::table(&TOTALS, &[row("today", &plan.today), row("the plan", &plan.plan)])?;
    let rows: Vec<_> = plan
        .changes
        .iter()
        .map(|change| {
            vec![
                change.sku.to_string(),
                change.title.clone(),
                change.price_now.to_string(),
                change.price.to_string(),
                format!("{:.1}", change.units_now),
                format!("{:.1}", change.units),
                format!("{:+.2}", change.gain.amount.expected),
                format!("{:.0} %", 100.0 * change.gain.probability_positive),
            ]
        })
        .collect();
    print::table(&["sku", "title", "now", "then", "units now", "units then", "gain", "likely"], &rows)?;
    for limit in &plan.binding {
        print::line(format!("held by {limit}"))?;
    }
    left_out(&plan.left_out);
    if let Some(taken) = taken {
        print::line(format!("{} prices taken", taken.accepted.len()))?;
        for one in &taken.refused {
            print::line(format!("not taken: {}  {}", one.sku, one.reason))?;
        }
    }
    Ok(())
}

fn show_front(front: &FrontView, global: &Global) -> anyhow::Result<()> {
    if global.json {
        let points: Vec<_> = front.points.iter().map(|point| totals(&point.totals)).collect();
        return print::json(&json!({
            "currency": front.currency, "horizon_days": front.horizon_days, "products": front.products,
            "today": totals(&front.today), "points": points,
        }));
    }
    print::line(format!("{} products, {} days, {}", front.products, front.horizon_days, front.currency))?;
    let points = front.points.iter().enumerate().map(|(place, point)| row(&(place + 1).to_string(), &point.totals));
    let rows: Vec<_> = std::iter::once(row("today", &front.today)).chain(points).collect();
    print::table(&TOTALS, &rows)?;
    left_out(&front.left_out);
    print::note("the plan of a point: `price plan --objective margin --revenue-min REVENUE --index-max INDEX`");
    Ok(())
}

const TOTALS: [&str; 6] = ["", "revenue", "margin", "units", "price index", "changes"];

fn row(name: &str, totals: &PlanTotals) -> Vec<String> {
    vec![
        name.to_owned(),
        format!("{:.2}", totals.revenue),
        format!("{:.2}", totals.margin),
        format!("{:.1}", totals.units),
        format!("{:.1}", 100.0 * totals.price_index),
        totals.changes.to_string(),
    ]
}

fn totals(totals: &PlanTotals) -> serde_json::Value {
    json!({
        "revenue": totals.revenue, "margin": totals.margin, "units": totals.units, "price_index": totals.price_index,
        "changes": totals.changes,
    })
}

fn left_out(out: &plans::LeftOut) {
    let reasons = [
        (out.not_identified, "the data do not tell what their price does"),
        (out.no_forecast, "without a forecast"),
        (out.no_cost, "without a cost"),
        (out.under_test, "under test"),
        (out.no_legal_price, "whose limits leave no price"),
        (out.too_many, "of less revenue than those that can be planned at once"),
    ];
    let told: Vec<String> =
        reasons.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
    if !told.is_empty() {
        print::note(format!("left as they are: {}", told.join(", ")));
    }
}

fn columns(plan: &PlanView) -> Vec<OutputColumn> {
    let changes = || plan.changes.iter();
    vec![
        OutputColumn::new("sku", OutputValues::Text(changes().map(|one| Some(one.sku.to_string())).collect())),
        OutputColumn::new("title", OutputValues::Text(changes().map(|one| Some(one.title.clone())).collect())),
        OutputColumn::new("price_now", OutputValues::Decimal(changes().map(|one| Some(one.price_now)).collect())),
        OutputColumn::new("price", OutputValues::Decimal(changes().map(|one| Some(one.price)).collect())),
        OutputColumn::new("units_now", OutputValues::Number(changes().map(|one| Some(one.units_now)).collect())),
        OutputColumn::new("units", OutputValues::Number(changes().map(|one| Some(one.units)).collect())),
        OutputColumn::new("gain", OutputValues::Number(changes().map(|one| Some(one.gain.amount.expected)).collect())),
        OutputColumn::new("reason", OutputValues::Text(changes().map(|one| Some(one.reason.clone())).collect())),
    ]
}
