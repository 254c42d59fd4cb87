//! Are planted anomalies found, and how often does the detector cry wolf?

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde::Serialize;
use shelfiq_anomaly::{DetectorConfig, Direction, Series, Stamps, Verdict, detect_all};
use shelfiq_core::Sku;

use super::explanation::ExplanationScore;
use super::records::{Records, SkuRecords};
use super::told::ToldScore;
use crate::anomaly::{PlantedAnomaly, PlantedKind};
use crate::config::ArenaError;
use crate::noise::negative_binomial_share;
use crate::shop::Shop;

/// Anomalies against the truth. Shares are between 0 and 1 and NaN over nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnomalyScore {
    /// Share of the anomalies that are plain to see which were found, over all kinds.
    pub recall: f64,
    /// By kind.
    pub kinds: Vec<KindScore>,
    /// Alarms on units sold, for each Sku and year, on days on which nothing happened.
    pub false_alarms_per_sku_year: f64,
    /// Alarms on units sold, for each Sku and year, on days of a promotion, a moved price, an empty shelf, or shortly after one:
    /// true changes with a cause that the records show.
    pub explained_alarms_per_sku_year: f64,
    /// What alert rules make of the units: single days and weeks, over all Skus.
    pub told: ToldScore,
    /// Whether the causes that are named are the true ones.
    pub explanations: ExplanationScore,
}

/// One kind of planted anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KindScore {
    /// The kind.
    pub kind: PlantedKind,
    /// Planted in Skus that are scored.
    pub planted: usize,
    /// Planted and plain to see: an observer who knows the shoppers would find the records less likely than one in ten
    /// thousand. A viral post about something with three units on the shelf leaves nothing to see.
    pub visible: usize,
    /// Plain to see and found on the right side, from the first day to two days after the last.
    pub found: usize,
}

/// Days after a cause in which its echo is no false alarm: a detector that learnt the new level meets the old one.
const ECHO_DAYS: usize = 21;
/// A price change from which an alarm has a cause.
const PRICE_MOVE: f64 = 0.04;

pub(super) fn score(shop: &Shop, records: &Records) -> Result<AnomalyScore, ArenaError> {
    let units = watch(records, |sku| sku.sold_units.clone())?;
    let prices = watch(records, |sku| sku.price.clone())?;
    let discrepancies = watch(records, |sku| sku.stock_discrepancy.clone())?;
    let complaints = complaints_by_day(shop);
    let complaints = watch(records, |sku| {
        let code = &shop.catalogue()[sku.sku_index as usize].sku;
        sku.truth.iter().map(|day| complaints.get(&(code, day.day)).copied().unwrap_or(0.0)).collect()
    })?;

    let kinds = [
        (PlantedKind::PriceTypo, &prices),
        (PlantedKind::DemandSpike, &units),
        (PlantedKind::DemandDrop, &units),
        (PlantedKind::ReviewSurge, &complaints),
        (PlantedKind::StockCountError, &discrepancies),
    ]
    .map(|(kind, verdicts)| {
        let mut score = KindScore { kind, planted: 0, visible: 0, found: 0 };
        for (sku, verdicts) in records.skus.iter().zip(verdicts) {
            let truth = &shop.truths()[sku.sku_index as usize];
            for anomaly in truth.anomalies.iter().filter(|anomaly| anomaly.kind == kind) {
                let is_visible = is_visible(anomaly, sku, truth.demand.count_size);
                score.planted += 1;
                score.visible += usize::from(is_visible);
                score.found += usize::from(is_visible && is_found(anomaly, sku, verdicts));
            }
        }
        score
    });
    let (found, visible): (usize, usize) =
        kinds.iter().fold((0, 0), |(found, visible), kind| (found + kind.found, visible + kind.visible));
    let (mut false_alarms, mut explained, mut days) = (0_usize, 0_usize, 0_usize);
    for (sku, verdicts) in records.skus.iter().zip(&units) {
        let causes = days_with_causes(sku, &shop.truths()[sku.sku_index as usize].anomalies);
        days += verdicts.len();
        for (verdict, has_cause) in verdicts.iter().zip(causes) {
            match has_cause {
                _ if !verdict.is_anomaly() => {}
                Cause::None => false_alarms += 1,
                Cause::Recorded => explained += 1,
                Cause::Planted => {}
            }
        }
    }
    let explanations = records.skus.iter().zip(&units).map(|(sku, verdicts)| {
        let mut score = ExplanationScore::default();
        let place = sku.sku_index as usize;
        score.add(sku, &shop.catalogue()[place], &shop.truths()[place], verdicts);
        score
    });
    let explanations = explanations.fold(ExplanationScore::default(), ExplanationScore::plus);
    let sku_years = days as f64 / 365.25;
    Ok(AnomalyScore {
        recall: found as f64 / visible as f64,
        kinds: kinds.to_vec(),
        false_alarms_per_sku_year: false_alarms as f64 / sku_years,
        explained_alarms_per_sku_year: explained as f64 / sku_years,
        told: ToldScore::of(shop, records, &units)?,
        explanations,
    })
}

fn watch(records: &Records, values: impl Fn(&SkuRecords) -> Vec<f64>) -> Result<Vec<Vec<Verdict>>, ArenaError> {
    let series: Vec<Series> = records
        .skus
        .iter()
        .map(|sku| Series {
            id: sku.sku_index.to_string(),
            stamps: Stamps::Times(sku.truth.iter().map(|day| day.day.and_time(NaiveTime::MIN)).collect()),
            values: values(sku),
        })
        .collect();
    detect_all(&series, &DetectorConfig::default()).map_err(|source| ArenaError::Detect { source })
}

/// Reviews with one or two stars, by Sku and day.
fn complaints_by_day(shop: &Shop) -> HashMap<(&Sku, NaiveDate), f64> {
    let mut complaints = HashMap::new();
    for recorded in shop.recorded_days() {
        for truth in recorded.reviews.iter().filter(|review| review.rating <= 2) {
            let sku = &shop.catalogue()[truth.sku_index as usize].sku;
            *complaints.entry((sku, recorded.day)).or_insert(0.0) += 1.0;
        }
    }
    complaints
}

fn is_found(anomaly: &PlantedAnomaly, sku: &SkuRecords, verdicts: &[Verdict]) -> bool {
    const DELAY_DAYS: i64 = 2;
    let side = match anomaly.kind {
        PlantedKind::DemandSpike | PlantedKind::ReviewSurge => Some(Direction::Above),
        PlantedKind::DemandDrop => Some(Direction::Below),
        PlantedKind::PriceTypo | PlantedKind::StockCountError => None,
    };
    let days = anomaly.first_day..=anomaly.last_day + TimeDelta::days(DELAY_DAYS);
    sku.truth.iter().zip(verdicts).filter(|(day, _)| days.contains(&day.day)).any(|(_, verdict)| {
        verdict.is_anomaly() && side.is_none_or(|side| verdict.direction.is_none_or(|seen| seen == side))
    })
}

/// Whether someone who knows how shoppers behave would see the anomaly in the records.
pub(super) fn is_visible(anomaly: &PlantedAnomaly, sku: &SkuRecords, count_size: f64) -> bool {
    const PLAIN: f64 = 1e-4;
    let days: Vec<(f64, u32)> = sku
        .truth
        .iter()
        .filter(|day| anomaly.covers(day.day))
        .map(|day| (day.expected_units * (-anomaly.demand_effect(day.day)).exp(), day.sold_units))
        .collect();
    match anomaly.kind {
        PlantedKind::DemandSpike => days
            .iter()
            .any(|&(usual, sold)| sold > 0 && 1.0 - negative_binomial_share(sold - 1, usual, count_size) < PLAIN),
        PlantedKind::DemandDrop => {
            let (usual, sold) = days.iter().fold((0.0, 0), |(usual, sold), day| (usual + day.0, sold + day.1));
            negative_binomial_share(sold, usual, count_size * days.len() as f64) < PLAIN
        }
        PlantedKind::PriceTypo | PlantedKind::ReviewSurge | PlantedKind::StockCountError => !days.is_empty(),
    }
}

/// Why an alarm on a day may be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    None,
    /// The records show it.
    Recorded,
    /// The arena planted it.
    Planted,
}

pub(super) fn days_with_causes(sku: &SkuRecords, planted: &[PlantedAnomaly]) -> Vec<Cause> {
    let mut causes = vec![Cause::None; sku.truth.len()];
    let mut mark = |day: usize, cause: Cause| {
        let end = (day + ECHO_DAYS).min(causes.len());
        // What was planted outweighs what is recorded: a spike that empties the shelf is still a spike.
        causes[day..end].iter_mut().filter(|known| **known != Cause::Planted).for_each(|known| *known = cause);
    };
    for day in 0..sku.truth.len() {
        let price_moved = day > 0 && (sku.price[day] / sku.price[day - 1]).ln().abs() > PRICE_MOVE;
        if sku.promotion[day] > 0.0 || price_moved || sku.censored[day] {
            mark(day, Cause::Recorded);
        }
    }
    for (day, truth) in sku.truth.iter().enumerate() {
        if planted.iter().any(|anomaly| anomaly.covers(truth.day)) {
            mark(day, Cause::Planted);
        }
    }
    causes
}
