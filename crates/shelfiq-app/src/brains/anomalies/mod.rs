//! What is unusual: daily and weekly demand and our own price, each judged by its own past.
//!
//! Judging has two halves. `watch` puts every series through the detector; what it says depends on data alone. `discretion`
//! decides what of it a merchant is told: not what was called usual, nor what resembles it too much.

mod discretion;
mod watch;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use shelfiq_anomaly::Verdict;
use shelfiq_core::CurrencyCode;
use shelfiq_recommend::AnomalySignal;
use shelfiq_store::anomaly_answers::AnomalyMeasure;

use crate::facts::{ShopFacts, SkuFacts};
pub(crate) use discretion::{Discretion, Standing};
use watch::Watch;
pub(crate) use watch::{false_alarm_rate, unusual};

/// Days in which an anomaly is news.
const NEWS_DAYS: usize = 3;
/// Days in which an anomaly is worth a mark on a chart and a line of evidence.
const RECENT_DAYS: usize = 30;

/// What is unusual about one Sku, as far as the merchant is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct SkuVerdicts {
    /// The newest demand window with its expectation.
    pub(crate) demand: Option<DemandVerdict>,
    /// The present price against the past, while it is new.
    pub(crate) price: Option<PriceVerdict>,
    /// Unusual days of the last weeks, oldest first, then the present price if it is unusual.
    pub(crate) recent: Vec<Unusual>,
}

/// Units in a window of days against what was expected before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DemandVerdict {
    /// Units of a day, or of a week.
    pub(crate) measure: AnomalyMeasure,
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
    pub(crate) day: NaiveDate,
    pub(crate) expected: f64,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) score: f64,
}

/// A value outside its band.
#[derive(Debug, Clone)]
pub(crate) struct Unusual {
    pub(crate) measure: AnomalyMeasure,
    /// The day; the first one of a week.
    pub(crate) day: NaiveDate,
    /// Days that the value covers.
    pub(crate) days: u32,
    pub(crate) actual: f64,
    /// Always with a kind.
    pub(crate) verdict: Verdict,
    pub(crate) sentence: String,
}

/// Judges every Sku, by code.
pub(crate) fn judge(facts: &ShopFacts, discretion: &Discretion) -> HashMap<String, SkuVerdicts> {
    let verdicts = |sku: &SkuFacts| (sku.sku.as_str().to_owned(), judge_sku(sku, facts.currency, discretion));
    facts.skus.par_iter().map(verdicts).collect()
}

/// The recent anomalies of every Sku as evidence for recommendations.
pub(crate) fn signals(
    facts: &ShopFacts,
    verdicts: &HashMap<String, SkuVerdicts>,
) -> HashMap<String, Vec<AnomalySignal>> {
    let signal = |unusual: &Unusual| AnomalySignal {
        measure: unusual.measure.to_string(),
        sentence: unusual.sentence.clone(),
        observed_at: unusual.day.and_time(chrono::NaiveTime::MIN).and_utc().min(facts.newest_order_at),
    };
    verdicts
        .iter()
        .filter(|(_, verdicts)| !verdicts.recent.is_empty())
        .map(|(code, verdicts)| (code.clone(), verdicts.recent.iter().map(signal).collect()))
        .collect()
}

/// What the merchant is told of one Sku.
fn judge_sku(sku: &SkuFacts, currency: CurrencyCode, discretion: &Discretion) -> SkuVerdicts {
    let code = sku.sku.as_str();
    let since = |days: usize| sku.last_day() - Days::new(days as u64 - 1);
    let is_told = |unusual: &Unusual| discretion.standing(code, unusual) == Standing::Told;
    let watch = Watch::of(sku);
    let mut recent = watch.days();
    recent.retain(|unusual| unusual.day >= since(RECENT_DAYS) && is_told(unusual));
    let newest_day = recent.last().filter(|unusual| unusual.day >= since(NEWS_DAYS));
    let demand = newest_day.and_then(of_day).or_else(|| watch.newest_week(discretion));
    // A price that holds no more needs no review.
    let is_present = |unusual: &Unusual| sku.price.last().is_some_and(|now| (now / unusual.actual - 1.0).abs() < 1e-9);
    let price = watch::prices(sku, currency)
        .pop()
        .filter(|unusual| unusual.day >= since(NEWS_DAYS) && is_present(unusual) && is_told(unusual));
    let verdict = price.as_ref().and_then(|unusual| {
        let (band, score) = (unusual.verdict.band?, unusual.verdict.score);
        Some(PriceVerdict { day: unusual.day, expected: band.expected, lo: band.lo, hi: band.hi, score })
    });
    recent.extend(price);
    SkuVerdicts { demand, price: verdict, recent }
}

fn of_day(unusual: &Unusual) -> Option<DemandVerdict> {
    let band = unusual.verdict.band?;
    Some(DemandVerdict {
        measure: unusual.measure,
        first_day: unusual.day,
        days: unusual.days,
        actual: unusual.actual,
        expected: band.expected,
        lo: band.lo,
        hi: band.hi,
    })
}
