//! What is unusual: daily and weekly demand and our own price, each judged by its own past.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use rayon::prelude::*;
use shelfiq_anomaly::{Cadence, Detector, DetectorConfig, Verdict, Wording};
use shelfiq_core::{CurrencyCode, UnitPrice, money_range_text, money_text};
use shelfiq_recommend::AnomalySignal;

use crate::brains::price::money_of;
use crate::facts::{Daily, ShopFacts, SkuFacts};

/// Days in which an anomaly is news.
const NEWS_DAYS: usize = 3;
/// Days in which an anomaly is worth a mark on a chart and a line of evidence.
const RECENT_DAYS: usize = 30;
const WEEK_DAYS: usize = 7;
const DAILY: Cadence = Cadence::Seconds(86_400);
const WEEKLY: Cadence = Cadence::Seconds(7 * 86_400);
/// Prices have no season of their own.
const STEPS: Cadence = Cadence::Steps(1);
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What is unusual about one Sku.
#[derive(Debug, Clone, Default)]
pub(crate) struct SkuVerdicts {
    /// The newest demand window with its expectation.
    pub(crate) demand: Option<DemandVerdict>,
    /// The present price against the past, while it is new.
    pub(crate) price: Option<PriceVerdict>,
    /// Unusual days of the last weeks, oldest first, then the present price if it is unusual.
    pub(crate) recent: Vec<RecentAnomaly>,
}

/// Units in a window of days against what was expected before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DemandVerdict {
    pub(crate) first_day: NaiveDate,
    pub(crate) days: u32,
    pub(crate) actual: f64,
    pub(crate) expected: f64,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
}

/// A new price against the prices before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PriceVerdict {
    pub(crate) expected: f64,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) score: f64,
}

/// An unusual day.
#[derive(Debug, Clone)]
pub(crate) struct RecentAnomaly {
    /// `units` or `price`.
    pub(crate) measure: &'static str,
    pub(crate) day: NaiveDate,
    pub(crate) sentence: String,
}

/// Judges every Sku, by code.
pub(crate) fn judge(facts: &ShopFacts) -> HashMap<String, SkuVerdicts> {
    facts.skus.par_iter().map(|sku| (sku.sku.as_str().to_owned(), judge_sku(sku, facts.currency))).collect()
}

/// The recent anomalies of every Sku as evidence for recommendations.
pub(crate) fn signals(
    facts: &ShopFacts,
    verdicts: &HashMap<String, SkuVerdicts>,
) -> HashMap<String, Vec<AnomalySignal>> {
    let signal = |anomaly: &RecentAnomaly| AnomalySignal {
        measure: anomaly.measure.to_owned(),
        sentence: anomaly.sentence.clone(),
        observed_at: anomaly.day.and_time(chrono::NaiveTime::MIN).and_utc().min(facts.newest_order_at),
    };
    verdicts
        .iter()
        .filter(|(_, verdicts)| !verdicts.recent.is_empty())
        .map(|(code, verdicts)| (code.clone(), verdicts.recent.iter().map(signal).collect()))
        .collect()
}

/// The days of a daily list of units that are unusual, oldest first, no older than `days` days.
pub(crate) fn unusual_days(daily: &Daily<f64>, after_value: &str, days: usize) -> Vec<RecentAnomaly> {
    told(daily, &judge_daily(daily), after_value, days)
}

fn judge_sku(sku: &SkuFacts, currency: CurrencyCode) -> SkuVerdicts {
    let daily = sku.daily_units();
    let verdicts = judge_daily(&daily);
    let mut recent = told(&daily, &verdicts, "sold", RECENT_DAYS);
    let price = new_price(sku);
    recent.extend(price.and_then(|price| unusual_price(sku, price, currency)));
    SkuVerdicts { demand: newest_unusual_day(&daily, &verdicts).or_else(|| newest_week(&daily)), price, recent }
}

/// One verdict per day, each from the days before it.
fn judge_daily(daily: &Daily<f64>) -> Vec<Verdict> {
    watch(&daily.values, DAILY)
}

fn watch(values: &[f64], cadence: Cadence) -> Vec<Verdict> {
    let Ok(mut detector) = Detector::new(&DetectorConfig::default(), cadence) else { return Vec::new() };
    values.iter().zip(0_i64..).map(|(value, position)| detector.observe(position, *value)).collect()
}

/// The unusual ones of the last days, in words.
fn told(daily: &Daily<f64>, verdicts: &[Verdict], after_value: &str, days: usize) -> Vec<RecentAnomaly> {
    let skipped = verdicts.len().saturating_sub(days);
    daily
        .iter()
        .zip(verdicts)
        .skip(skipped)
        .filter(|(_, verdict)| verdict.is_anomaly())
        .map(|((day, value), verdict)| {
            let wording = Wording {
                after_value,
                when: &day.to_string(),
                season: Some(WEEKDAYS[day.weekday().num_days_from_monday() as usize]),
                decimals: 0,
            };
            RecentAnomaly { measure: "units", day, sentence: wording.sentence(*value, verdict) }
        })
        .collect()
}

fn newest_unusual_day(daily: &Daily<f64>, verdicts: &[Verdict]) -> Option<DemandVerdict> {
    daily
        .iter()
        .zip(verdicts)
        .rev()
        .take(NEWS_DAYS)
        .find(|(_, verdict)| verdict.is_anomaly())
        .and_then(|((day, value), verdict)| window(day, 1, *value, verdict))
}

/// A price that must be reviewed before advice builds on it.
fn unusual_price(sku: &SkuFacts, price: PriceVerdict, currency: CurrencyCode) -> Option<RecentAnomaly> {
    let (now, day) = (sku.price_now?, sku.price_since?.date_naive());
    let expected = match (money_of(price.lo, currency), money_of(price.hi, currency)) {
        (Some(lo), Some(hi)) => format!("; {} expected", money_range_text(lo, hi)),
        _ => String::new(),
    };
    let sentence = format!("{} since {day}{expected}", money_text(UnitPrice::new(now, currency)));
    Some(RecentAnomaly { measure: "price", day, sentence })
}

/// The last seven days against the weeks before: slow sellers show on weeks what no day can show.
fn newest_week(daily: &Daily<f64>) -> Option<DemandVerdict> {
    let skipped = daily.values.len() % WEEK_DAYS;
    let weeks: Vec<f64> = daily.values[skipped..].chunks_exact(WEEK_DAYS).map(|week| week.iter().sum()).collect();
    let verdicts = watch(&weeks, WEEKLY);
    let first_day = daily.first_day + Days::new((daily.values.len() - WEEK_DAYS.min(daily.values.len())) as u64);
    window(first_day, WEEK_DAYS as u32, *weeks.last()?, verdicts.last()?)
}

fn window(first_day: NaiveDate, days: u32, actual: f64, verdict: &Verdict) -> Option<DemandVerdict> {
    let band = verdict.band?;
    Some(DemandVerdict { first_day, days, actual, expected: band.expected, lo: band.lo, hi: band.hi })
}

/// A price that changed within the last days, judged by the prices before it.
fn new_price(sku: &SkuFacts) -> Option<PriceVerdict> {
    let known: Vec<f64> = sku.price.iter().copied().filter(|price| price.is_finite()).collect();
    let newest = *known.last()?;
    let is_new = known.iter().rev().take(NEWS_DAYS + 1).any(|price| (price / newest - 1.0).abs() > 1e-9);
    if !is_new {
        return None;
    }
    let verdicts = watch(&known, STEPS);
    verdicts.iter().rev().take(NEWS_DAYS).find(|verdict| verdict.is_anomaly()).and_then(|verdict| {
        let band = verdict.band?;
        Some(PriceVerdict { expected: band.expected, lo: band.lo, hi: band.hi, score: verdict.score })
    })
}
