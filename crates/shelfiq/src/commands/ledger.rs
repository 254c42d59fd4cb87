//! `shelfiq ledger`: what was decided, promised and measured.

use serde_json::json;
use shelfiq_app::ledger::{self, LedgerView, Query};
use shelfiq_core::Sku;

use super::desk;
use crate::cli::{Global, LedgerAction};
use crate::config::ShelfiqConfig;
use crate::print;

/// Carries out `shelfiq ledger …`.
///
/// # Errors
/// If the store fails, or there is no such entry.
pub(super) async fn run(action: LedgerAction, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    match action {
        LedgerAction::List { outcome, origin, sku, limit } => {
            let query = Query {
                outcomes: outcome.map(|word| word.parse()).transpose()?.into_iter().collect(),
                origins: origin.map(|word| word.parse()).transpose()?.into_iter().collect(),
                sku: sku.as_deref().map(Sku::new).transpose()?,
                limit,
                ..Query::default()
            };
            list(query, config, global).await
        }
        LedgerAction::Show { id } => show(&id, config, global).await,
        LedgerAction::Summary => summary(config, global).await,
    }
}

async fn list(query: Query, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let (page, total) = ledger::list(&platform, &actor, query).await?;
    if global.json {
        let lines: Vec<_> = page.rows.iter().map(|view| &view.line).collect();
        return print::json(&json!({ "total": total, "entries": lines }));
    }
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|view| {
            let line = &view.line;
            vec![
                line.decided_at.format("%Y-%m-%d").to_string(),
                line.origin.to_string(),
                line.sku.to_string(),
                line.decision.to_string(),
                print::or_dash(line.promised),
                line.outcome.to_string(),
                print::or_dash(line.effect),
                line.id.to_string(),
            ]
        })
        .collect();
    print::table(&["decided", "origin", "sku", "decision", "promised", "outcome", "brought", "id"], &rows)?;
    print::note(format!("{} of {total} decisions", page.rows.len()));
    Ok(())
}

async fn show(id: &str, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let (view, steps) = ledger::get(&platform, &actor, id.parse()?).await?;
    if global.json {
        return print::json(&json!({ "entry": view.line, "steps": steps }));
    }
    let LedgerView { line, proposal, measurement, back_test } = &view;
    print::line(format!("{}  {}", line.sku, line.title))?;
    let day = line.decided_at.format("%Y-%m-%d %H:%M UTC");
    print::line(format!("{} {day} by {}", line.decision, line.decided_by))?;
    if let Some(proposal) = proposal {
        let impact = &proposal.impact;
        print::line(format!("why:      {}", proposal.reason))?;
        print::line(format!(
            "promised: {} ({} to {}) over {} days, {}",
            impact.expected, impact.lo, impact.hi, impact.horizon_days, impact.against
        ))?;
    }
    if let Some(test) = back_test {
        print::line(format!("before:   {}", test.explanation))?;
    }
    print::line(format!("outcome:  {}", line.outcome))?;
    if let Some(known) = measurement {
        print::line(format!("  {}", known.explanation))?;
        if let Some(claim) = known.claim {
            print::line(format!(
                "  claimed {} + would have been {} = actual {}",
                claim.claimed, claim.counterfactual, claim.actual
            ))?;
        }
    }
    Ok(())
}

async fn summary(config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let sums = ledger::summary(&platform, &actor).await?;
    let books = &sums.reconciliation;
    if global.json {
        let origins: Vec<_> = sums
            .origins
            .iter()
            .map(|one| json!({ "origin": one.origin, "entries": one.entries, "promised": one.promised, "measured": one.measured }))
            .collect();
        let counts: Vec<_> = sums
            .counts
            .iter()
            .map(|one| json!({ "origin": one.origin, "decision": one.decision, "outcome": one.outcome, "entries": one.entries }))
            .collect();
        return print::json(&json!({
            "currency": sums.currency, "counts": counts, "origins": origins,
            "reconciliation": {
                "entries": books.entries, "skus": books.skus, "claimed": books.claimed, "counterfactual": books.counterfactual,
                "actual": books.actual, "booked": books.booked, "difference": books.difference,
            },
        }));
    }
    let rows: Vec<_> = sums
        .counts
        .iter()
        .map(|one| {
            vec![one.origin.to_string(), one.decision.to_string(), one.outcome.to_string(), one.entries.to_string()]
        })
        .collect();
    print::table(&["origin", "decision", "outcome", "entries"], &rows)?;
    for one in &sums.origins {
        print::line(format!(
            "{}: {} measured, promised {}, brought {}",
            one.origin, one.entries, one.promised, one.measured
        ))?;
    }
    print::line(format!(
        "claimed {} + would have been {} = actual {}; the books say {} (difference {})",
        books.claimed, books.counterfactual, books.actual, books.booked, books.difference
    ))
}
