//! `shelfiq anomalies show | dismiss | confirm | withdraw | feedback`: what is unusual about a product, and what is said
//! about it.

use serde_json::{Value, json};
use shelfiq_app::Platform;
use shelfiq_app::access::Actor;
use shelfiq_app::anomalies::{self, AnomalyKey, AnomalyView, AnomalyWord, Direction, LevelShift, Standing};
use shelfiq_core::Sku;

use super::desk;
use crate::cli::{AnomaliesAction, Anomaly, Global};
use crate::config::ShelfiqConfig;
use crate::print;

/// Carries out one of the commands.
///
/// # Errors
/// If there is no such product or anomaly.
pub(super) async fn run(action: AnomaliesAction, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    match action {
        AnomaliesAction::Show { sku, days } => show(&platform, &actor, &sku, days, global).await,
        AnomaliesAction::Dismiss(asked) => answer(&platform, &actor, asked, AnomalyWord::Dismissed, global).await,
        AnomaliesAction::Confirm(asked) => answer(&platform, &actor, asked, AnomalyWord::Confirmed, global).await,
        AnomaliesAction::Withdraw(asked) => {
            let key = key_of(&asked)?;
            anomalies::withdraw(&platform, &actor, &key).await?;
            if global.json {
                return print::json(&json!({ "withdrawn": key }));
            }
            print::line(format!("nothing is said about {} of {} on {} any more", key.measure, key.sku, key.day))
        }
        AnomaliesAction::Feedback { limit } => feedback(&platform, &actor, limit, global).await,
    }
}

async fn show(platform: &Platform, actor: &Actor, sku: &str, days: u32, global: &Global) -> anyhow::Result<()> {
    let seen = anomalies::of_product(platform, actor, &Sku::new(sku)?, days).await?;
    if global.json {
        let rows: Vec<Value> = seen.anomalies.iter().map(as_json).collect();
        let shift = |one: &LevelShift| json!({ "since": one.since, "before": one.before, "after": one.after });
        let shifts: Vec<Value> = seen.level_shifts.iter().map(shift).collect();
        let trend = seen.trend.map(|trend| {
            json!({ "since": trend.since, "daily_units_per_week": trend.daily_units_per_week, "p_value": trend.p_value })
        });
        return print::json(
            &json!({ "sku": sku, "days": days, "anomalies": rows, "level_shifts": shifts, "trend": trend }),
        );
    }
    let rows: Vec<Vec<String>> = seen
        .anomalies
        .iter()
        .map(|view| {
            let causes: Vec<&str> = view.coincidences.iter().map(|one| one.text.as_str()).collect();
            vec![
                view.key.day.to_string(),
                view.key.measure.to_string(),
                view.kind.as_str().to_owned(),
                word(view.standing).to_owned(),
                view.sentence.clone(),
                print::or_dash((!causes.is_empty()).then(|| causes.join(", "))),
            ]
        })
        .collect();
    print::table(&["day", "measure", "kind", "standing", "what", "coincides with"], &rows)?;
    for shift in &seen.level_shifts {
        print::line(format!("level shift since {}: {:.1} → {:.1} a day", shift.since, shift.before, shift.after))?;
    }
    if let Some(trend) = seen.trend {
        print::line(format!(
            "trend since {}: {:+.2} a day from week to week",
            trend.since, trend.daily_units_per_week
        ))?;
    }
    print::note(format!("{} in the last {days} days of data", rows.len()));
    Ok(())
}

async fn answer(
    platform: &Platform,
    actor: &Actor,
    asked: Anomaly,
    said: AnomalyWord,
    global: &Global,
) -> anyhow::Result<()> {
    let key = key_of(&asked)?;
    let view = anomalies::answer(platform, actor, &key, said, asked.note).await?;
    if global.json {
        return print::json(&as_json(&view));
    }
    print::line(format!("{}: {said}", view.sentence))
}

async fn feedback(platform: &Platform, actor: &Actor, limit: u32, global: &Global) -> anyhow::Result<()> {
    let page = anomalies::answers(platform, actor, limit, None).await?;
    let thresholds = anomalies::thresholds(platform, actor).await?;
    if global.json {
        let thresholds: Vec<Value> = thresholds
            .iter()
            .map(|one| {
                json!({
                    "measure": one.measure, "kind": one.kind, "confirmed": one.confirmed, "dismissed": one.dismissed,
                    "promised_rate": one.promised_rate, "rate": one.rate,
                })
            })
            .collect();
        return print::json(&json!({ "answers": page.rows, "thresholds": thresholds }));
    }
    let answers: Vec<Vec<String>> = page
        .rows
        .iter()
        .map(|row| {
            vec![
                row.key.sku.to_string(),
                row.key.measure.to_string(),
                row.key.day.to_string(),
                row.kind.clone(),
                row.word.to_string(),
                print::or_dash(row.note.as_ref()),
            ]
        })
        .collect();
    print::table(&["sku", "measure", "day", "kind", "answer", "note"], &answers)?;
    let rows: Vec<Vec<String>> = thresholds
        .iter()
        .map(|one| {
            vec![
                one.measure.to_string(),
                one.kind.as_str().to_owned(),
                one.confirmed.to_string(),
                one.dismissed.to_string(),
                format!("{:.2} %", 100.0 * one.promised_rate),
                format!("{:.2} %", 100.0 * one.rate),
            ]
        })
        .collect();
    print::table(&["measure", "kind", "confirmed", "dismissed", "alarms promised", "alarms now"], &rows)
}

fn key_of(asked: &Anomaly) -> anyhow::Result<AnomalyKey> {
    let (measure, day) = (asked.measure.parse()?, anomalies::day_of(&asked.day)?);
    Ok(AnomalyKey { sku: Sku::new(&asked.sku)?, measure, day })
}

fn as_json(view: &AnomalyView) -> Value {
    let direction = view.direction.map(|direction| match direction {
        Direction::Above => "above",
        Direction::Below => "below",
    });
    let expected = view.expected.map(|(value, low, high)| json!({ "value": value, "low": low, "high": high }));
    json!({
        "sku": view.key.sku, "measure": view.key.measure, "day": view.key.day, "days": view.days, "kind": view.kind,
        "direction": direction, "actual": view.actual, "expected": expected, "p_value": view.p_value,
        "sentence": view.sentence, "standing": word(view.standing), "answer": view.answer,
        "coincides_with": view.coincidences.iter().map(|one| json!({ "kind": one.kind, "text": one.text, "since": one.since, "share": one.share })).collect::<Vec<_>>(),
    })
}

const fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Told => "told",
        Standing::Dismissed => "dismissed",
        Standing::Quieted => "quieted",
    }
}
