//! Whether what models see has stopped being what they learnt from: the distributions of their features, the state of their
//! data, and the errors of their forecasts. A finding asks for an early training or raises an alert.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use shelfiq_anomaly::{
    ColumnCounts, Direction, ErrorWatch, QualityChange, quality_drift, same_distribution, stability,
};
use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_store::model_accuracy::{self, AccuracyRow};
use shelfiq_store::{Author, watch_states};

use super::registry::tracked;
use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::facts::{ShopFacts, SkuFacts};
use crate::platform::{Platform, run_cpu};

/// Under this name the newest report is kept.
const STATE: &str = "drift";
const PART: &str = "drift watch";
/// Days that are "now".
const NOW_DAYS: usize = 28;
/// Days before them that are "before": what models have mostly learnt from.
const BEFORE_DAYS: usize = 168;
/// Skus with both below which distributions are not compared.
const SKUS_MIN: usize = 20;
/// Probability under which two samples are not of one distribution, and the least distance that matters.
const KS_P_MAX: f64 = 0.001;
const KS_DISTANCE_MIN: f64 = 0.2;
/// Origins of forecasts from which their usual error can be told.
const ORIGINS_MIN: usize = 14;

/// What was looked at in the newest run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DriftReport {
    /// Last day of data that was looked at; `None` before the first run.
    pub data_until: Option<NaiveDate>,
    /// One line a feature and statistic, drifted ones first.
    pub lines: Vec<DriftLine>,
}

/// One feature in one statistic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftLine {
    /// Which feature, for example `price`.
    pub feature: DriftFeature,
    /// Which statistic.
    pub statistic: DriftStatistic,
    /// Its value; `None` where there is too little to compare.
    pub value: Option<f64>,
    /// From which value on it is drift.
    pub limit: f64,
    /// Since which last day of data it has drifted; `None` if it has not.
    pub since: Option<NaiveDate>,
    /// What follows from a drift.
    pub consequence: DriftConsequence,
    /// For a share: the one now and the one before.
    #[serde(default)]
    pub shares: Option<(f64, f64)>,
    /// The numbers in a sentence.
    pub sentence: String,
}

/// What models see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftFeature {
    /// Units a day of each Sku.
    Units,
    /// Our price of each Sku.
    Price,
    /// Our price over the cheapest rival's.
    RivalGap,
    /// Errors of the forecasts that serve.
    ForecastError,
    /// Days without a known price of ours.
    MissingPrice,
    /// Days without a known price of a rival, among Skus that have rivals.
    MissingRival,
    /// Days without a sale.
    DaysWithoutSale,
}

/// How it was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftStatistic {
    /// Population stability index.
    StabilityIndex,
    /// Largest distance between two cumulative distributions (Kolmogorov and Smirnov).
    Distance,
    /// Summed errors (Page and Hinkley), in usual errors.
    PageHinkley,
    /// Change of a share.
    ShareChange,
}

/// What follows from a drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftConsequence {
    /// What the models learn is written down at once instead of at the end of the week.
    Retrain,
    /// An alert: data are missing that models need, and learning from what is left does not mend that.
    Alert,
}

impl DriftFeature {
    /// The name as sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Price => "price",
            Self::RivalGap => "rival_gap",
            Self::ForecastError => "forecast_error",
            Self::MissingPrice => "missing_price",
            Self::MissingRival => "missing_rival",
            Self::DaysWithoutSale => "days_without_sale",
        }
    }
}

impl DriftStatistic {
    /// The name as sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StabilityIndex => "stability_index",
            Self::Distance => "distance",
            Self::PageHinkley => "page_hinkley",
            Self::ShareChange => "share_change",
        }
    }
}

impl DriftConsequence {
    /// The name as sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retrain => "retrain",
            Self::Alert => "alert",
        }
    }
}

impl DriftReport {
    /// Lines that have drifted.
    pub fn drifted(&self) -> impl Iterator<Item = &DriftLine> {
        self.lines.iter().filter(|line| line.since.is_some())
    }

    /// Whether something has drifted since the last day of data of a training that calls for another one.
    pub(crate) fn asks_for_training_since(&self, trained_until: NaiveDate) -> bool {
        let calls =
            |line: &DriftLine| line.consequence == DriftConsequence::Retrain && line.since > Some(trained_until);
        self.drifted().any(calls)
    }
}

/// The newest report.
///
/// # Errors
/// [`AppError::Access`].
pub async fn drift(platform: &Platform, actor: &Actor) -> Result<DriftReport, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    known(platform, merchant).await
}

/// Looks at every feature, and keeps the report.
pub(crate) async fn watch_drift(
    platform: &Platform,
    merchant: MerchantId,
    facts: &std::sync::Arc<ShopFacts>,
) -> Result<DriftReport, AppError> {
    let before = known(platform, merchant).await?;
    let serving = tracked(platform, merchant).await?.production.id;
    let accuracy = model_accuracy::since(&platform.store, merchant, NaiveDate::default()).await?;
    let looked = std::sync::Arc::clone(facts);
    let mut lines = run_cpu(move || look(&looked, &accuracy, serving)).await;
    let began = |line: &DriftLine| {
        let same = before.lines.iter().find(|one| (one.feature, one.statistic) == (line.feature, line.statistic));
        same.and_then(|one| one.since).filter(|since| *since <= facts.last_day)
    };
    for line in lines.iter_mut().filter(|line| line.since.is_some()) {
        line.since = began(line).or(line.since);
    }
    lines.sort_by_key(|line| (line.since.is_none(), line.feature));
    let report = DriftReport { data_until: Some(facts.last_day), lines };
    let tx = platform.begin(Author::system(PART)).await?;
    watch_states::put(&tx, merchant, STATE, serde_json::to_value(&report)?).await?;
    tx.commit().await?;
    Ok(report)
}

/// A report that this release cannot read counts as none: the next run makes one.
pub(crate) async fn known(platform: &Platform, merchant: MerchantId) -> Result<DriftReport, AppError> {
    let state = watch_states::get(&platform.store, merchant, STATE).await?;
    Ok(state.and_then(|state| serde_json::from_value(state).ok()).unwrap_or_default())
}

fn look(facts: &ShopFacts, accuracy: &[AccuracyRow], serving: ModelVersionId) -> Vec<DriftLine> {
    // Means over as many days have as much noise: one value a Sku and four weeks.
    let split = |value: fn(&SkuFacts, std::ops::Range<usize>) -> Option<f64>| -> (Vec<f64>, Vec<f64>) {
        let long = facts.skus.iter().filter(|sku| sku.units.len() >= NOW_DAYS + BEFORE_DAYS);
        let mut values = (Vec::new(), Vec::new());
        for sku in long {
            let (before, now) = windows(sku);
            let Some(now) = value(sku, now) else { continue };
            values.1.push(now);
            values.0.extend(before.step_by(NOW_DAYS).filter_map(|first| value(sku, first..first + NOW_DAYS)));
        }
        values
    };
    let last_day = facts.last_day;
    let (units, prices, gaps) = (split(mean_units), split(mean_price), split(mean_gap));
    vec![
        of_index(DriftFeature::Units, &units, last_day),
        of_index(DriftFeature::Price, &prices, last_day),
        of_distance(DriftFeature::RivalGap, &gaps, last_day),
        of_errors(accuracy, serving),
        of_share(DriftFeature::MissingPrice, facts, QualityChange::MoreMissing, |sku, range| {
            Some(sku.price[range].iter().map(|price| !price.is_finite()).collect())
        }),
        of_share(DriftFeature::MissingRival, facts, QualityChange::MoreMissing, |sku, range| {
            Some(sku.watched.rival_price.get(range)?.iter().map(|price| !price.is_finite()).collect())
        }),
        of_share(DriftFeature::DaysWithoutSale, facts, QualityChange::OtherZeros, |sku, range| {
            let lived = sku.units[range.clone()].iter().zip(&sku.was_out_of_stock[range]).filter(|(_, out)| !**out);
            Some(lived.map(|(units, _)| *units == 0.0).collect())
        }),
    ]
}

/// The days before and the days now, as places in a Sku's lists.
fn windows(sku: &SkuFacts) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let end = sku.units.len();
    let now = end - NOW_DAYS;
    (now - BEFORE_DAYS..now, now..end)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) =
        values.filter(|value| value.is_finite()).fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// Units a day with stock.
fn mean_units(sku: &SkuFacts, days: std::ops::Range<usize>) -> Option<f64> {
    let lived = sku.units[days.clone()].iter().zip(&sku.was_out_of_stock[days]);
    mean(lived.filter(|(_, out)| !**out).map(|(units, _)| *units))
}

fn mean_price(sku: &SkuFacts, days: std::ops::Range<usize>) -> Option<f64> {
    mean(sku.price[days].iter().copied())
}

/// Our price over the cheapest rival's, less one.
fn mean_gap(sku: &SkuFacts, days: std::ops::Range<usize>) -> Option<f64> {
    let rivals = sku.watched.rival_price.get(days.clone())?;
    mean(sku.price[days].iter().zip(rivals).map(|(own, rival)| own / rival - 1.0))
}

fn line(
    (feature, statistic): (DriftFeature, DriftStatistic),
    (value, limit): (Option<f64>, f64),
    since: Option<NaiveDate>,
    sentence: String,
) -> DriftLine {
    let consequence = match feature {
        DriftFeature::MissingPrice | DriftFeature::MissingRival => DriftConsequence::Alert,
        _ => DriftConsequence::Retrain,
    };
    DriftLine { feature, statistic, value, limit, since, consequence, shares: None, sentence }
}

const fn too_few(skus: usize) -> Option<usize> {
    if skus < SKUS_MIN { Some(skus) } else { None }
}

fn of_index(feature: DriftFeature, (before, now): &(Vec<f64>, Vec<f64>), last_day: NaiveDate) -> DriftLine {
    let of = (feature, DriftStatistic::StabilityIndex);
    let compared = too_few(now.len()).is_none().then(|| stability(before, now)).flatten();
    match compared {
        None => line(of, (None, 0.25), None, format!("{} products can be compared, {SKUS_MIN} are needed", now.len())),
        Some(found) => {
            let sentence = format!(
                "stability index {:.2} over {} products, drift above {:.2}",
                found.index,
                now.len(),
                found.limit
            );
            line(of, (Some(found.index), found.limit), found.is_drift().then_some(last_day), sentence)
        }
    }
}

fn of_distance(feature: DriftFeature, (before, now): &(Vec<f64>, Vec<f64>), last_day: NaiveDate) -> DriftLine {
    let of = (feature, DriftStatistic::Distance);
    let compared = too_few(now.len()).is_none().then(|| same_distribution(before, now)).flatten();
    match compared {
        None => line(
            of,
            (None, KS_DISTANCE_MIN),
            None,
            format!("{} products can be compared, {SKUS_MIN} are needed", now.len()),
        ),
        Some(found) => {
            let is_drift = found.p_value < KS_P_MAX && found.distance >= KS_DISTANCE_MIN;
            let sentence =
                format!("distance {:.2} over {} products (p = {:.4})", found.distance, now.len(), found.p_value);
            line(of, (Some(found.distance), KS_DISTANCE_MIN), is_drift.then_some(last_day), sentence)
        }
    }
}

/// Of each origin the mean error of the nearest days as a share of the absolute one, in its usual size over the origins
/// before; a mean that moved shows as a sum that grows.
fn of_errors(accuracy: &[AccuracyRow], serving: ModelVersionId) -> DriftLine {
    let of = (DriftFeature::ForecastError, DriftStatistic::PageHinkley);
    let mut by_origin: BTreeMap<NaiveDate, (f64, f64)> = BTreeMap::new();
    for row in accuracy.iter().filter(|row| row.model_version == serving && row.horizon_first_day == 1) {
        let sums = by_origin.entry(row.origin).or_default();
        // `signed` is forecast less actual; the watch takes actual less forecast.
        *sums = (sums.0 - row.sums.signed, sums.1 + row.sums.absolute);
    }
    let errors: Vec<(NaiveDate, f64)> =
        by_origin.into_iter().filter(|(_, sums)| sums.1 > 0.0).map(|(day, sums)| (day, sums.0 / sums.1)).collect();
    let limit = ErrorWatch::LIMIT;
    if errors.len() < ORIGINS_MIN {
        let sentence = format!("{} origins of forecasts are judged, {ORIGINS_MIN} are needed", errors.len());
        return line(of, (None, limit), None, sentence);
    }
    let usual = usual_size(&errors[..ORIGINS_MIN]);
    let mut watch = ErrorWatch::default();
    let mut rang: Option<(NaiveDate, Direction)> = None;
    for (day, error) in &errors {
        if let Some(side) = watch.observe(error / usual) {
            rang = Some((*day, side));
        }
    }
    let newest = errors[errors.len() - 1].0;
    // An alarm is answered by the training that follows it: after four weeks it is history.
    let since = rang.filter(|(day, _)| *day + Days::new(NOW_DAYS as u64) > newest);
    let sentence = match since {
        Some((day, Direction::Above)) => format!("more was sold than forecast, steadily, as of the forecasts of {day}"),
        Some((day, Direction::Below)) => format!("less was sold than forecast, steadily, as of the forecasts of {day}"),
        None => format!("errors of {} origins add up to {:.1}, drift above {limit:.0}", errors.len(), watch.sum()),
    };
    let value = if since.is_some() { limit } else { watch.sum() };
    line(of, (Some(value), limit), since.map(|(day, _)| day), sentence)
}

/// Root of the mean square.
fn usual_size(errors: &[(NaiveDate, f64)]) -> f64 {
    let squares: f64 = errors.iter().map(|(_, error)| error * error).sum();
    (squares / errors.len() as f64).sqrt().max(1e-3)
}

fn of_share(
    feature: DriftFeature,
    facts: &ShopFacts,
    change: QualityChange,
    hits: impl Fn(&SkuFacts, std::ops::Range<usize>) -> Option<Vec<bool>>,
) -> DriftLine {
    let (mut before, mut now) = (ColumnCounts::default(), ColumnCounts::default());
    for sku in facts.skus.iter().filter(|sku| sku.units.len() >= NOW_DAYS + BEFORE_DAYS) {
        let (earlier, newest) = windows(sku);
        // Offers are read for some months only: the days that are compared lie within them.
        let earlier = earlier.end.saturating_sub(2 * NOW_DAYS).max(earlier.start)..earlier.end;
        let (Some(was), Some(is)) = (hits(sku, earlier), hits(sku, newest)) else { continue };
        for (counts, hits) in [(&mut before, was), (&mut now, is)] {
            counts.rows += hits.len() as u64;
            let hit = hits.iter().filter(|hit| **hit).count() as u64;
            match change {
                QualityChange::OtherZeros => counts.zeros += hit,
                QualityChange::MoreMissing | QualityChange::NewCategories => counts.missing += hit,
            }
        }
    }
    let of = (feature, DriftStatistic::ShareChange);
    let share = |counts: &ColumnCounts| (counts.missing + counts.zeros) as f64 / counts.rows.max(1) as f64;
    if before.rows == 0 || now.rows == 0 {
        return line(of, (None, SHARE_CHANGE_MIN), None, "nothing of it is known over both windows".to_owned());
    }
    let is_drift = quality_drift(&before, &now).contains(&change);
    let sentence = format!("{:.1} % of days, {:.1} % before", 100.0 * share(&now), 100.0 * share(&before));
    let (now, before) = (share(&now), share(&before));
    let found = line(of, (Some(now - before), SHARE_CHANGE_MIN), is_drift.then_some(facts.last_day), sentence);
    DriftLine { shares: Some((now, before)), ..found }
}

/// Changes of a share by less are of no consequence; see [`quality_drift`].
const SHARE_CHANGE_MIN: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Daily, test_shop, test_sku};

    const DAYS: usize = NOW_DAYS + BEFORE_DAYS;

    fn shop(change: impl Fn(usize, &mut SkuFacts)) -> ShopFacts {
        let first_day: NaiveDate = "2026-01-01".parse().unwrap();
        let skus = (0..60).map(|number| {
            let units = (0..DAYS).map(|day| (number % 9 + 1 + (day * 7 + number * 3) % 3) as f64).collect();
            let mut sku = test_sku(&format!("S{number:02}"), "2026-01-01", units);
            sku.price.fill(5.0 + number as f64);
            sku.watched.rival_price = sku.price.iter().map(|price| price * (0.9 + number as f64 / 300.0)).collect();
            change(number, &mut sku);
            sku
        });
        let last_day = first_day + Days::new(DAYS as u64 - 1);
        ShopFacts {
            daily_net_revenue: Daily { first_day, values: vec![1.0; DAYS] },
            ..test_shop(last_day, skus.collect())
        }
    }

    fn drifted(facts: &ShopFacts) -> Vec<DriftFeature> {
        let lines = look(facts, &[], ModelVersionId::from_uuid(uuid::Uuid::nil()));
        assert_eq!(lines.len(), 7);
        lines.into_iter().filter(|line| line.since.is_some()).map(|line| line.feature).collect()
    }

    #[test]
    fn a_calm_shop_drifts_nowhere() {
        assert_eq!(drifted(&shop(|_, _| {})), []);
    }

    #[test]
    fn what_moved_is_named() {
        assert_eq!(
            drifted(&shop(|_, sku| sku.price[BEFORE_DAYS..].iter_mut().for_each(|price| *price *= 3.0))),
            [DriftFeature::Price, DriftFeature::RivalGap]
        );
        let stopped = shop(|number, sku| {
            if number % 2 == 0 {
                sku.units[BEFORE_DAYS..].fill(0.0);
            }
        });
        assert_eq!(drifted(&stopped), [DriftFeature::Units, DriftFeature::DaysWithoutSale]);
        let blind = shop(|number, sku| {
            if number % 3 == 0 {
                sku.watched.rival_price[BEFORE_DAYS..].fill(f64::NAN);
            }
        });
        assert_eq!(drifted(&blind), [DriftFeature::MissingRival]);
    }
}
