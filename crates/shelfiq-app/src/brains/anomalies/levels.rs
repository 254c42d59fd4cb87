//! How demand moved in retrospect: where its level changed, and whether it rises or falls since.

use chrono::{Days, NaiveDate};
use shelfiq_anomaly::{Change, change_points, trend};

use crate::facts::SkuFacts;

const WEEK_DAYS: usize = 7;
/// Weeks between two changes, and from the ends: one strange week is an anomaly, not a level.
const WEEKS_MIN: usize = 4;
/// Least change of the level, as a share of the larger one, that anybody should hear of.
const SHARE_MIN: f64 = 0.3;
/// Weeks over which a trend is looked for.
const TREND_WEEKS: usize = 26;
/// Probability under which a trend is no chance.
const TREND_P_MAX: f64 = 0.01;

/// A lasting change of how much a Sku sells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelShift {
    /// First day of the first week at the new level.
    pub since: NaiveDate,
    /// Units a day before, back to the change before it.
    pub before: f64,
    /// Units a day since, up to the next change.
    pub after: f64,
}

/// A steady rise or fall since the last change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DemandTrend {
    /// First day that was looked at.
    pub since: NaiveDate,
    /// Change of units a day from one week to the next.
    pub daily_units_per_week: f64,
    /// Probability of as much where nothing moves.
    pub p_value: f64,
}

/// The changes of level of a Sku's demand, oldest first. Weeks are looked at, so that weekdays do not count, on a scale on
/// which large and small counts are equally noisy; days without stock tell nothing.
pub(crate) fn level_shifts(sku: &SkuFacts) -> Vec<LevelShift> {
    let weeks = Weeks::of(sku);
    let scaled: Vec<f64> = weeks.daily_units.iter().map(|units| (units * WEEK_DAYS as f64 + 0.375).sqrt()).collect();
    let mut edges = vec![0];
    for at in change_points(&scaled, Change::Level, None) {
        if at - edges[edges.len() - 1] >= WEEKS_MIN && scaled.len() - at >= WEEKS_MIN {
            edges.push(at);
        }
    }
    edges.push(scaled.len());
    let shift = |edge: &[usize]| {
        let (before, after) = (weeks.mean(edge[0], edge[1])?, weeks.mean(edge[1], edge[2])?);
        let is_large = (after - before).abs() >= SHARE_MIN * before.max(after);
        is_large.then(|| LevelShift { since: weeks.day(edge[1]), before, after })
    };
    edges.windows(3).filter_map(shift).collect()
}

/// Whether a Sku's demand rises or falls steadily since its last change of level; `None` if chance explains it.
pub(crate) fn trend_of(sku: &SkuFacts, shifts: &[LevelShift]) -> Option<DemandTrend> {
    let weeks = Weeks::of(sku);
    let last = shifts.last().map_or(weeks.first_day, |shift| shift.since);
    let since = usize::try_from((last - weeks.first_day).num_days()).ok()? / WEEK_DAYS;
    let from = since.max(weeks.daily_units.len().saturating_sub(TREND_WEEKS));
    let found = trend(&weeks.daily_units[from..]).filter(|found| found.p_value < TREND_P_MAX && found.slope != 0.0)?;
    Some(DemandTrend { since: weeks.day(from), daily_units_per_week: found.slope, p_value: found.p_value })
}

/// Whole weeks up to the last day of data.
struct Weeks {
    first_day: NaiveDate,
    /// Mean units a day with stock; NaN where there was none all week.
    daily_units: Vec<f64>,
}

impl Weeks {
    fn of(sku: &SkuFacts) -> Self {
        let skipped = sku.units.len() % WEEK_DAYS;
        let weeks =
            sku.units[skipped..].chunks_exact(WEEK_DAYS).zip(sku.was_out_of_stock[skipped..].chunks_exact(WEEK_DAYS));
        let mean = |(units, out): (&[f64], &[bool])| {
            let sold: Vec<f64> = units.iter().zip(out).filter(|(_, out)| !**out).map(|(units, _)| *units).collect();
            sold.iter().sum::<f64>() / sold.len() as f64
        };
        Self { first_day: sku.first_day + Days::new(skipped as u64), daily_units: weeks.map(mean).collect() }
    }

    fn day(&self, week: usize) -> NaiveDate {
        self.first_day + Days::new((WEEK_DAYS * week) as u64)
    }

    fn mean(&self, from: usize, to: usize) -> Option<f64> {
        let known: Vec<f64> = self.daily_units[from..to].iter().copied().filter(|units| units.is_finite()).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::test_sku;

    /// Units with the luck of the day.
    fn sold(level: impl Fn(usize) -> f64, days: usize) -> Vec<f64> {
        let luck = |day: usize| ((day * 2_654_435_761) % 1_000) as f64 / 500.0 - 1.0;
        (0..days).map(|day| (level(day) + 2.0 * luck(day)).max(0.0).round()).collect()
    }

    #[test]
    fn a_lasting_change_is_told_with_both_levels_and_its_first_week() {
        let sku = test_sku("MUG", "2026-01-05", sold(|day| if day < 84 { 4.0 } else { 9.0 }, 140));
        let [shift] = level_shifts(&sku)[..] else { panic!("{:?}", level_shifts(&sku)) };
        assert_eq!(shift.since, "2026-03-30".parse::<NaiveDate>().unwrap());
        assert!((shift.before - 4.0).abs() < 0.5 && (shift.after - 9.0).abs() < 0.5, "{shift:?}");
        assert_eq!(trend_of(&sku, &[shift]), None);
    }

    #[test]
    fn a_calm_product_has_neither_shift_nor_trend_and_an_empty_shelf_makes_none() {
        let mut sku = test_sku("MUG", "2026-01-05", sold(|_| 6.0, 140));
        assert_eq!((level_shifts(&sku), trend_of(&sku, &[])), (vec![], None));
        sku.units[70..105].fill(0.0);
        sku.was_out_of_stock[70..105].fill(true);
        assert_eq!(level_shifts(&sku), []);
    }

    #[test]
    fn a_steady_rise_is_a_trend() {
        let sku = test_sku("MUG", "2026-01-05", sold(|day| 6.0 + day as f64 / 50.0, 140));
        let found = trend_of(&sku, &[]).unwrap();
        assert!((0.08..0.2).contains(&found.daily_units_per_week), "{found:?}");
    }
}
