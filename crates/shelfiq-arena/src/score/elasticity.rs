//! Do elasticity intervals hold the truth, and does the brain say so when it cannot know?

use chrono::NaiveDate;
use serde::Serialize;
use shelfiq_pricing::{
    Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, ElasticityBelief, ElasticityOptions,
    ElasticityReport, TimeAxis, estimate_elasticities,
};

use super::records::{Records, SkuRecords};
use crate::catalogue::to_major;
use crate::demand::DemandTruth;
use crate::shop::Shop;

/// Elasticities against the truth. Shares are between 0 and 1 and NaN over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ElasticityScore {
    /// Skus estimated.
    pub skus: usize,
    /// Share of all 95 % intervals that hold the truth.
    pub coverage_95: f64,
    /// The same over Skus reported as identified.
    pub coverage_95_identified: f64,
    /// Share of Skus reported as identified.
    pub identified: f64,
    /// Among Skus whose records cannot tell (the price never moved, or only with promotions): share not identified.
    pub unidentifiable_recognised: f64,
    /// Number of those Skus.
    pub unidentifiable_skus: usize,
    /// Mean absolute error of the point estimate where identified.
    pub error_identified: f64,
    /// Mean absolute error of taking the average of the truth for every identified Sku: what pooling alone could reach.
    pub error_of_average: f64,
    /// Mean width of the 95 % intervals where identified.
    pub width_95_identified: f64,
    /// Estimated minus true elasticity, averaged over identified Skus: below zero exaggerates.
    pub bias_identified: f64,
    /// What a promotion does beyond the lower price, as the log of its factor.
    pub promotion: EffectScore,
    /// How demand answers to the cheapest rival's price.
    pub rival: EffectScore,
}

/// Effects of something other than the own price against the truth. NaN over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EffectScore {
    /// Skus of which the effect is told.
    pub skus: usize,
    /// Share of their 95 % intervals that hold the truth.
    pub coverage_95: f64,
    /// Mean absolute error.
    pub error: f64,
    /// Mean absolute error of taking the effect for nothing.
    pub error_of_none: f64,
}

pub(super) fn score(shop: &Shop, records: &Records) -> ElasticityScore {
    let report = estimate(shop, records, 0);
    let truths: Vec<f64> =
        records.skus.iter().map(|sku| shop.truths()[sku.sku_index as usize].demand.elasticity).collect();
    let can_know: Vec<bool> =
        records.skus.iter().map(|sku| shop.truths()[sku.sku_index as usize].regime.can_identify()).collect();
    let all: Vec<usize> = (0..truths.len()).collect();
    let identified: Vec<usize> = all.iter().copied().filter(|&row| report.rows[row].identified()).collect();
    let unknowable: Vec<usize> = all.iter().copied().filter(|&row| !can_know[row]).collect();
    let holds = |row: usize| (report.rows[row].lo_95..=report.rows[row].hi_95).contains(&truths[row]);
    let error = |row: usize| report.rows[row].belief.mean - truths[row];
    let average = mean(&identified, |row| truths[row]);
    ElasticityScore {
        skus: all.len(),
        coverage_95: share(&all, holds),
        coverage_95_identified: share(&identified, holds),
        identified: identified.len() as f64 / all.len() as f64,
        unidentifiable_recognised: share(&unknowable, |row| !report.rows[row].identified()),
        unidentifiable_skus: unknowable.len(),
        error_identified: mean(&identified, |row| error(row).abs()),
        error_of_average: mean(&identified, |row| (average - truths[row]).abs()),
        width_95_identified: mean(&identified, |row| report.rows[row].hi_95 - report.rows[row].lo_95),
        bias_identified: mean(&identified, error),
        promotion: effect(shop, records, &report, PROMOTION, |truth| truth.promotion_effect),
        rival: effect(shop, records, &report, RIVAL_PRICE, |truth| truth.rival_elasticity),
    }
}

/// Places among the controls.
const PROMOTION: usize = 0;
const RIVAL_PRICE: usize = 1;

fn effect(
    shop: &Shop,
    records: &Records,
    report: &ElasticityReport,
    control: usize,
    truth_of: impl Fn(&DemandTruth) -> f64,
) -> EffectScore {
    let told: Vec<(ElasticityBelief, f64)> = records
        .skus
        .iter()
        .zip(&report.rows)
        .filter_map(|(sku, row)| {
            let truth = truth_of(&shop.truths()[sku.sku_index as usize].demand);
            Some((row.control_effects[control]?, truth))
        })
        .collect();
    let average = |of: fn(&(ElasticityBelief, f64)) -> f64| told.iter().map(of).sum::<f64>() / told.len() as f64;
    EffectScore {
        skus: told.len(),
        coverage_95: average(|(belief, truth)| {
            let (lo, hi) = belief.interval_95();
            f64::from(u8::from((lo..=hi).contains(truth)))
        }),
        error: average(|(belief, truth)| (belief.mean - truth).abs()),
        error_of_none: average(|(_, truth)| truth.abs()),
    }
}

/// Estimates all elasticities from the records without their last `held_out` days; one row per Sku of the records.
pub(super) fn estimate(shop: &Shop, records: &Records, held_out: usize) -> ElasticityReport {
    let control = |name: &str, scale| Control { name: name.to_owned(), scale };
    let panel = DemandPanel {
        time: TimeAxis::CalendarDays,
        group_names: vec!["category".to_owned()],
        controls: vec![control("promotion", ControlScale::AsGiven), control("rival_price", ControlScale::RivalPrice)],
        series: records.skus.iter().map(|sku| series(shop, sku, held_out)).collect(),
    };
    estimate_elasticities(&panel, &ElasticityOptions::default())
}

fn series(shop: &Shop, sku: &SkuRecords, held_out: usize) -> DemandSeries {
    let entry = &shop.catalogue()[sku.sku_index as usize];
    let known = sku.known_days(held_out);
    let first_day = (sku.first_day - NaiveDate::default()).num_days() as i32;
    DemandSeries {
        id: entry.sku.to_string(),
        groups: vec![entry.category.title().to_owned()],
        observations: (0..known)
            .map(|day| DemandObservation {
                day: first_day + day as i32,
                price: sku.price[day],
                quantity: sku.sold_units[day],
                censored: sku.censored[day],
            })
            .collect(),
        controls: vec![sku.promotion[..known].to_vec(), sku.rival_price[..known].to_vec()],
        unit_cost: sku.truth[..known].last().map(|day| to_major(day.unit_cost.minor(), shop.config().currency)),
    }
}

fn mean(rows: &[usize], value: impl Fn(usize) -> f64) -> f64 {
    rows.iter().map(|&row| value(row)).sum::<f64>() / rows.len() as f64
}

fn share(rows: &[usize], test: impl Fn(usize) -> bool) -> f64 {
    mean(rows, |row| f64::from(u8::from(test(row))))
}
