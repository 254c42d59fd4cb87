//! `shelfiq forecast show` and `shelfiq price show`: one Sku's models.

use rust_decimal::Decimal;
use serde_json::json;
use shelfiq_app::models;
use shelfiq_app::products::{self, AdviceKind, ForecastDay, ForecastPart, ProductDetail};
use shelfiq_core::Sku;
use shelfiq_pricing::ElasticityBelief;

use super::desk;
use crate::cli::Global;
use crate::config::ShelfiqConfig;
use crate::print;

/// Share of a price change by which a rival must follow it to be told of.
const RIVAL_FOLLOWS_MIN: f64 = 0.1;

async fn load(sku: &str, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<ProductDetail> {
    let (platform, actor) = desk(config, global).await?;
    Ok(products::get(&platform, &actor, &Sku::new(sku)?).await?)
}

/// Shows the forecast of a Sku, day by day: the stored one, or what it becomes at another price.
///
/// # Errors
/// If there is no such Sku, or its demand at that price cannot be told.
pub(super) async fn forecast(
    sku: &str,
    price: Option<Decimal>,
    config: &ShelfiqConfig,
    global: &Global,
) -> anyhow::Result<()> {
    if let Some(price) = price {
        return forecast_at(sku, price, config, global).await;
    }
    let product = load(sku, config, global).await?;
    let quality = product.record.forecast_quality.as_ref();
    if global.json {
        let days: Vec<_> = product.record.forecast.iter().map(day_json).collect();
        let part = |part: &ForecastPart| json!({ "cause": part.cause, "days": part.days, "units": part.units });
        let parts: Vec<_> = product.record.forecast_parts.iter().map(part).collect();
        let model = quality.map(|quality| {
            json!({ "name": quality.model, "is_ready": quality.is_ready, "demand_class": quality.demand_class, "mase": quality.mase, "wape": quality.wape })
        });
        return print::json(
            &json!({ "sku": sku, "title": product.summary.title, "model": model, "stock_out_day": product.stock_out_day, "parts": parts, "days": days }),
        );
    }
    print::line(format!("{sku}  {}", product.summary.title))?;
    let Some(quality) = quality else {
        return print::line("no forecast yet: `shelfiq run forecasts` makes it");
    };
    let ready = if quality.is_ready { "" } else { "; the history is short, do not act on it alone" };
    print::line(format!("model {}, {} demand{ready}", quality.model, quality.demand_class))?;
    if let Some(day) = product.stock_out_day {
        print::line(format!("stock is expected to run out on {day}"))?;
    }
    if let Some(parts) = parts_sentence(&product.record.forecast_parts) {
        print::line(parts)?;
    }
    day_table(&product.record.forecast)
}

async fn forecast_at(sku: &str, price: Decimal, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let served =
        models::forecast_now(&platform, &actor, &Sku::new(sku)?, models::FORECAST_DAYS_MAX, Some(price)).await?;
    if global.json {
        let asked = served.asked.map(
            |asked| json!({ "price": asked.price, "currency": asked.currency, "extrapolated": asked.extrapolated }),
        );
        let days: Vec<_> = served.days.iter().map(day_json).collect();
        return print::json(&json!({ "sku": sku, "model": served.model, "asked": asked, "days": days }));
    }
    if let Some(asked) = served.asked {
        let never = if asked.extrapolated { "; it was never asked, so this is a guess" } else { "" };
        print::line(format!("{sku} at {} {}{never}", asked.price, asked.currency))?;
    }
    day_table(&served.days)
}

fn day_json(day: &ForecastDay) -> serde_json::Value {
    json!({
        "day": day.day, "mean": day.mean, "median": day.median, "lo_80": day.interval_80.0, "hi_80": day.interval_80.1,
        "lo_95": day.interval_95.0, "hi_95": day.interval_95.1,
    })
}

fn day_table(days: &[ForecastDay]) -> anyhow::Result<()> {
    let row = |day: &ForecastDay| {
        let figures =
            [day.mean, day.median, day.interval_80.0, day.interval_80.1, day.interval_95.0, day.interval_95.1];
        std::iter::once(day.day.to_string()).chain(figures.map(|value| format!("{value:.1}"))).collect()
    };
    let rows: Vec<_> = days.iter().map(row).collect();
    print::table(&["day", "mean", "median", "lo 80", "hi 80", "lo 95", "hi 95"], &rows)
}

/// What the forecast is made of, in one line.
fn parts_sentence(parts: &[ForecastPart]) -> Option<String> {
    let (level, rest) = parts.split_first()?;
    let sum: f64 = parts.iter().map(|part| part.units).sum();
    let others = rest.iter().map(|part| format!(", {} {:+.1}", part.cause, part.units)).collect::<String>();
    Some(format!("the next {} days: {sum:.1} units = {} {:.1}{others}", level.days, level.cause, level.units))
}

/// Shows how demand for a Sku answers to its price, and what to do with the price.
///
/// # Errors
/// If there is no such Sku.
pub(super) async fn price(sku: &str, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let product = load(sku, config, global).await?;
    let summary = &product.summary;
    if global.json {
        let evidence = product.elasticity.as_ref().map(|view| {
            let curve: Vec<_> = view
                .curve
                .iter()
                .map(|point| json!({ "price": point.price, "units": point.quantity.expected, "lo": point.quantity.lo, "hi": point.quantity.hi, "extrapolated": point.extrapolated }))
                .collect();
            json!({
                "elasticity": view.elasticity, "lo_95": view.interval_95.0, "hi_95": view.interval_95.1, "identified": view.identified,
                "reason": view.reason, "observations": view.observations, "prices": view.prices, "support": view.support, "curve": curve,
                "effects": { "promotion": effect(view.effects.promotion), "rival_price": effect(view.effects.rival_price), "substitutes": effect(view.effects.substitutes), "rival_follows": effect(view.effects.rival_follows) },
                "advice": { "kind": word(view.advice.kind), "price": view.advice.price, "reason": view.advice.reason, "binding": view.advice.binding },
            })
        });
        return print::json(&json!({
            "sku": sku, "title": summary.title, "currency": summary.currency, "price": summary.price, "unit_cost": summary.unit_cost, "evidence": evidence,
        }));
    }
    print::line(format!("{sku}  {}", summary.title))?;
    let price = summary.price.map(|price| price.round_dp(2));
    let cost = summary.unit_cost.map(|cost| cost.round_dp(2));
    print::line(format!("price {} {}, unit cost {}", print::or_dash(price), summary.currency, print::or_dash(cost)))?;
    let Some(view) = &product.elasticity else {
        return print::line("no elasticity yet: `shelfiq run elasticities` estimates it");
    };
    let (lo, hi) = view.interval_95;
    print::line(format!(
        "elasticity {:.2} (95 % interval {lo:.2} to {hi:.2}), from {} periods with {} prices",
        view.elasticity, view.observations, view.prices
    ))?;
    print::line(format!("  {}", view.reason))?;
    if let Some((min, max)) = view.support {
        print::line(format!("  prices tried so far: {min:.2} to {max:.2}"))?;
    }
    if let Some(lift) = view.effects.promotion {
        let (lo, hi) = lift.interval_95();
        let share = |log: f64| 100.0 * log.exp_m1();
        print::line(format!(
            "  a promotion moves demand by {:+.0} % beyond its price ({:+.0} to {:+.0} %)",
            share(lift.mean),
            share(lo),
            share(hi)
        ))?;
    }
    if let Some(answer) = view.effects.rival_price {
        let (lo, hi) = answer.interval_95();
        print::line(format!("  a rival 1 % dearer moves it by {:+.1} % ({lo:+.1} to {hi:+.1} %)", answer.mean))?;
    }
    // Most products say nothing of it: only what is told apart from nothing is worth a line.
    if let Some(answer) = view.effects.substitutes.filter(|answer| answer.interval_95().0 > 0.0) {
        let (lo, hi) = answer.interval_95();
        print::line(format!(
            "  similar products 1 % dearer move it by {:+.1} % ({lo:+.1} to {hi:+.1} %)",
            answer.mean
        ))?;
    }
    // A rival that follows by less leaves the answer of buyers as it is.
    if let Some(follows) = view.effects.rival_follows.filter(|follows| follows.mean >= RIVAL_FOLLOWS_MIN) {
        let (lo, hi) = follows.interval_95();
        let percent = |share: f64| 100.0 * share;
        print::line(format!(
            "  the cheapest rival follows changes of it by {:.0} % ({:.0} to {:.0} %)",
            percent(follows.mean),
            percent(lo),
            percent(hi)
        ))?;
    }
    let advised = view.advice.price.map(|price| format!(" {}", price.round_dp(2))).unwrap_or_default();
    print::line(format!("advice: {}{advised}", word(view.advice.kind)))?;
    print::line(format!("  {}", view.advice.reason))
}

fn effect(belief: Option<ElasticityBelief>) -> serde_json::Value {
    belief.map_or(serde_json::Value::Null, |belief| json!({ "mean": belief.mean, "sd": belief.sd }))
}

const fn word(kind: AdviceKind) -> &'static str {
    match kind {
        AdviceKind::Reprice => "reprice",
        AdviceKind::Keep => "keep",
        AdviceKind::Test => "test",
        AdviceKind::Unknown => "unknown",
    }
}
