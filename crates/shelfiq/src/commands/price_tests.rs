//! `shelfiq price tests`: prices tried on purpose.

use serde_json::json;
use shelfiq_app::price_tests::{self as tests, PriceTestView, Query, StartRequest};
use shelfiq_core::{Money, Rounding, Sku};

use super::desk;
use crate::cli::{Global, PriceTestsAction};
use crate::config::ShelfiqConfig;
use crate::print;

/// Carries out `shelfiq price tests …`.
///
/// # Errors
/// If the store fails, there is no such test, or no test would tell.
pub(super) async fn run(action: PriceTestsAction, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    match action {
        PriceTestsAction::List { limit } => {
            let (page, total) = tests::list(&platform, &actor, Query { limit, ..Query::default() }).await?;
            if global.json {
                let rows: Vec<_> = page.rows.iter().map(|view| &view.row).collect();
                return print::json(&json!({ "total": total, "price_tests": rows }));
            }
            let rows: Vec<_> = page.rows.iter().map(row).collect();
            print::table(&["sku", "state", "from", "to", "rounds", "ask today", "so far", "id"], &rows)?;
            print::note(format!("{} of {total} price tests", page.rows.len()));
            Ok(())
        }
        PriceTestsAction::Propose { limit } => {
            let proposals = tests::proposals(&platform, &actor, limit, None).await?;
            if global.json {
                let rows: Vec<_> = proposals
                    .iter()
                    .map(|one| json!({ "sku": one.sku, "title": one.title, "why": one.why, "elasticity": one.elasticity, "proposal": one.answer }))
                    .collect();
                return print::json(&json!({ "proposals": rows }));
            }
            let rows: Vec<_> = proposals
                .iter()
                .map(|one| {
                    let plan = one.plan();
                    let prices =
                        plan.map(|plan| plan.prices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / "));
                    vec![
                        one.sku.to_string(),
                        one.title.clone(),
                        print::or_dash(prices),
                        print::or_dash(plan.map(|plan| plan.days())),
                        print::or_dash(plan.map(|plan| plan.cost.expected)),
                        print::or_dash(plan.map(|plan| plan.value.expected_gain)),
                        format!("{:.2}", one.elasticity.sd),
                        print::number(plan.map(|plan| plan.expected_sd), 2),
                    ]
                })
                .collect();
            print::table(&["sku", "title", "prices", "days", "costs", "worth", "sd now", "sd after"], &rows)
        }
        PriceTestsAction::Show { id } => show(&tests::get(&platform, &actor, id.parse()?).await?, global),
        PriceTestsAction::Start { sku, first_day, days_max, cost_max } => {
            let currency = shelfiq_app::shops::get(&platform, &actor).await?.merchant.currency;
            let cost_max =
                cost_max.map(|amount| Money::from_major(amount, currency, Rounding::HalfEven)).transpose()?;
            let request = StartRequest { sku: Sku::new(&sku)?, first_day, days_max, price_move_max: None, cost_max };
            show(&tests::start(&platform, &actor, request).await?, global)
        }
        PriceTestsAction::Stop { id, reason } => {
            show(&tests::stop(&platform, &actor, id.parse()?, None, &reason).await?, global)
        }
    }
}

fn show(view: &PriceTestView, global: &Global) -> anyhow::Result<()> {
    if global.json {
        return print::json(&view.row);
    }
    print::line(format!("{}  {}  {}", view.row.sku, view.row.title, view.row.state))?;
    print::line(format!("  {}", view.plan.plan.summary))?;
    if let Some(reading) = &view.reading {
        print::line(format!("so far: {}", reading.summary))?;
    }
    let rows: Vec<_> = view
        .plan
        .schedule
        .days
        .iter()
        .filter_map(|day| {
            let price = day.groups.first()?;
            Some(vec![day.day.to_string(), (day.round + 1).to_string(), price.price.to_string(), word(&price.role)])
        })
        .collect();
    print::table(&["day", "round", "price", "counts"], &rows)
}

fn row(view: &PriceTestView) -> Vec<String> {
    let days = view.plan.days();
    let rounds = view.reading.as_ref().map(|reading| format!("{} of {}", reading.rounds_read, reading.rounds_planned));
    vec![
        view.row.sku.to_string(),
        view.row.state.to_string(),
        print::or_dash(days.map(|(first, _)| first)),
        print::or_dash(days.map(|(_, last)| last)),
        print::or_dash(rounds),
        print::or_dash(view.today.map(|today| today.price)),
        print::or_dash(view.reading.as_ref().map(|reading| &reading.summary)),
        view.row.id.to_string(),
    ]
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
