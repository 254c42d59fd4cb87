//! What is left where alerts keep their share of false discoveries over the whole shop.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use shelfiq_anomaly::{Cadence, Detector, DetectorConfig, Direction, FALSE_SHARE_DEFAULT, Verdict, discovery_level};

use super::anomaly::{Cause, days_with_causes, is_visible};
use super::records::{Records, SkuRecords};
use crate::anomaly::PlantedKind;
use crate::config::ArenaError;
use crate::shop::Shop;

/// Planted spikes and drops of demand as alert rules see them: on a single day, or in the week that ends with it. Told is
/// what keeps the share of false discoveries that a shop is promised, among the days and among the weeks of all Skus.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ToldScore {
    /// Spikes and drops that are plain to see.
    pub visible: usize,
    /// Those that a day or a week shows.
    pub seen: usize,
    /// Those that are told.
    pub told: usize,
    /// Stretches of alarms, for each Sku and year, that begin on days on which nothing happened: seen.
    pub false_episodes_seen_per_sku_year: f64,
    /// Those that are told.
    pub false_episodes_told_per_sku_year: f64,
}

const WEEK_DAYS: usize = 7;
/// Days after an anomaly in which it is found in time.
const DELAY_DAYS: i64 = 2;

impl ToldScore {
    pub(super) fn of(shop: &Shop, records: &Records, days: &[Vec<Verdict>]) -> Result<Self, ArenaError> {
        let weeks: Vec<Vec<Option<Verdict>>> = records.skus.iter().map(weeks_of).collect::<Result<_, _>>()?;
        let by_day = levels(records, days, |verdict| Some(*verdict));
        let by_week = levels(records, &weeks, |verdict| *verdict);
        let mut score = Self {
            visible: 0,
            seen: 0,
            told: 0,
            false_episodes_seen_per_sku_year: 0.0,
            false_episodes_told_per_sku_year: 0.0,
        };
        let mut sku_years = 0.0;
        for ((sku, days), weeks) in records.skus.iter().zip(days).zip(&weeks) {
            let series = Alarms { sku, days, weeks };
            let (seen, told) = (series.sides(None), series.sides(Some((&by_day, &by_week))));
            let truth = &shop.truths()[sku.sku_index as usize];
            for anomaly in &truth.anomalies {
                let side = match anomaly.kind {
                    PlantedKind::DemandSpike => Direction::Above,
                    PlantedKind::DemandDrop => Direction::Below,
                    _ => continue,
                };
                if !is_visible(anomaly, sku, truth.demand.count_size) {
                    continue;
                }
                let range = anomaly.first_day..=anomaly.last_day + TimeDelta::days(DELAY_DAYS);
                let is_among = |alarms: &[Option<Direction>]| {
                    sku.truth.iter().zip(alarms).any(|(day, alarm)| range.contains(&day.day) && *alarm == Some(side))
                };
                score.visible += 1;
                score.seen += usize::from(is_among(&seen));
                score.told += usize::from(is_among(&told));
            }
            let causes = days_with_causes(sku, &truth.anomalies);
            score.false_episodes_seen_per_sku_year += false_episodes(&seen, &causes);
            score.false_episodes_told_per_sku_year += false_episodes(&told, &causes);
            sku_years += days.len() as f64 / 365.25;
        }
        score.false_episodes_seen_per_sku_year /= sku_years;
        score.false_episodes_told_per_sku_year /= sku_years;
        Ok(score)
    }
}

/// The verdict on the seven days that end with each day, from the weeks before them; `None` until the first is whole.
fn weeks_of(sku: &SkuRecords) -> Result<Vec<Option<Verdict>>, ArenaError> {
    let mut verdicts = vec![None; sku.sold_units.len()];
    for phase in 0..WEEK_DAYS.min(sku.sold_units.len()) {
        let mut detector = Detector::new(&DetectorConfig::default(), Cadence::Seconds(7 * 86_400))
            .map_err(|source| ArenaError::Detect { source })?;
        for (place, week) in (0_i64..).zip(sku.sold_units[phase..].chunks_exact(WEEK_DAYS)) {
            let last = phase + WEEK_DAYS * place as usize + WEEK_DAYS - 1;
            verdicts[last] = Some(detector.observe(place, week.iter().sum()));
        }
    }
    Ok(verdicts)
}

/// The largest p-value that each day may tell.
type Levels = HashMap<NaiveDate, f64>;

fn levels<T>(records: &Records, verdicts: &[Vec<T>], verdict: impl Fn(&T) -> Option<Verdict>) -> Levels {
    let mut by_day: HashMap<NaiveDate, Vec<f64>> = HashMap::new();
    for (sku, verdicts) in records.skus.iter().zip(verdicts) {
        for (day, one) in sku.truth.iter().zip(verdicts) {
            if let Some(judged) = verdict(one).filter(|judged| judged.band.is_some()) {
                by_day.entry(day.day).or_default().push(judged.p_value);
            }
        }
    }
    by_day.into_iter().map(|(day, p_values)| (day, discovery_level(&p_values, FALSE_SHARE_DEFAULT))).collect()
}

/// One Sku's verdicts.
struct Alarms<'a> {
    sku: &'a SkuRecords,
    days: &'a [Verdict],
    weeks: &'a [Option<Verdict>],
}

impl Alarms<'_> {
    /// On which side each day or its week alarms, if it does and is told.
    fn sides(&self, levels: Option<(&Levels, &Levels)>) -> Vec<Option<Direction>> {
        (0..self.days.len()).map(|day| self.side(day, levels)).collect()
    }

    fn side(&self, at: usize, levels: Option<(&Levels, &Levels)>) -> Option<Direction> {
        let day = self.sku.truth[at].day;
        let is_told = |verdict: &Verdict, levels: Option<&Levels>| {
            levels.is_none_or(|levels| levels.get(&day).is_some_and(|level| verdict.p_value <= *level))
        };
        let single = Some(self.days[at])
            .filter(|verdict| verdict.is_anomaly() && is_told(verdict, levels.map(|(days, _)| days)))
            .and_then(|verdict| side_of(self.sku.sold_units[at], &verdict));
        let week = || {
            let verdict = self.weeks[at].filter(|verdict| is_told(verdict, levels.map(|(_, weeks)| weeks)))?;
            let sum: f64 = self.sku.sold_units[at + 1 - WEEK_DAYS..=at].iter().sum();
            let band = verdict.band?;
            // As alert rules look at weeks: outside the band, whether or not the detector rings once more.
            (verdict.is_anomaly() || sum < band.lo || sum > band.hi).then(|| side_of(sum, &verdict))?
        };
        single.or_else(week)
    }
}

fn side_of(value: f64, verdict: &Verdict) -> Option<Direction> {
    let by_band = verdict.band.map(|band| if value > band.expected { Direction::Above } else { Direction::Below });
    verdict.direction.or(by_band)
}

/// Stretches of alarms that begin on days without a cause.
fn false_episodes(alarms: &[Option<Direction>], causes: &[Cause]) -> f64 {
    let begins = |day: usize| alarms[day].is_some() && (day == 0 || alarms[day - 1].is_none());
    (0..alarms.len()).filter(|day| begins(*day) && causes[*day] == Cause::None).count() as f64
}
