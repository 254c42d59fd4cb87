//! The forecast that needs no model: each day as the same weekday of the last week. It answers when the model cannot, and
//! every model is measured against it.

use chrono::Days;
use shelfiq_forecast::{Cumulative, DemandClass, Forecast, Interval, Level, Member, Stamp, Status, Step};

use crate::facts::SkuFacts;

/// Name of the model in results.
pub(crate) const SEASONAL_NAIVE: &str = "seasonal_naive";

const WEEK_DAYS: usize = 7;
/// Days back over which it is counted how far such forecasts miss.
const LOOK_BACK_DAYS: usize = 182;
/// Past origins that must have been seen before the spread of their misses says anything.
const ORIGINS_MIN: usize = 10;

/// Continues the last seven days for `horizon_days`; a day on which stock was out is taken from the week before. Intervals
/// are quantiles of what the same rule missed from the origins of the last half year.
pub(crate) fn seasonal_naive(sku: &SkuFacts, horizon_days: usize, levels: &[Level]) -> Forecast {
    let units = demand(sku);
    let class = DemandClass::of(&units);
    let empty = units.len() < WEEK_DAYS;
    let status = match units.len() {
        0 => Status::NothingObserved,
        seen if seen < 2 * WEEK_DAYS => Status::ShortHistory { observed: seen, needed: 2 * WEEK_DAYS },
        _ => Status::Ready,
    };
    let expected = |origin: usize, step: usize| {
        if origin < WEEK_DAYS { mean(&units) } else { units[origin - WEEK_DAYS + step % WEEK_DAYS] }
    };
    let misses = if empty { Misses::none(horizon_days) } else { Misses::of(&units, horizon_days, expected) };
    let last_day = sku.first_day + Days::new(units.len().saturating_sub(1) as u64);
    let mut sum = 0.0;
    let steps = (0..if units.is_empty() { 0 } else { horizon_days }).map(|step| {
        let value = expected(units.len(), step);
        sum += value;
        Step {
            stamp: Stamp::Date(last_day + Days::new(step as u64 + 1)),
            mean: value,
            median: value,
            intervals: intervals(&misses.single[step], value, levels),
            cumulative: Cumulative { mean: sum, intervals: intervals(&misses.cumulative[step], sum, levels) },
        }
    });
    Forecast {
        id: sku.sku.as_str().to_owned(),
        status,
        class,
        season_periods: WEEK_DAYS,
        model: SEASONAL_NAIVE.to_owned(),
        members: vec![Member { model: SEASONAL_NAIVE.to_owned(), weight: 1.0 }],
        skill: None,
        steps: steps.collect(),
        holiday_factors: Vec::new(),
        yearly_factors: Vec::new(),
    }
}

/// Mean absolute change from one week to the next over the days before `end`: the yardstick of scaled errors. `None` if
/// nothing ever changed, or too little is known.
pub(crate) fn weekly_change(sku: &SkuFacts, end: usize) -> Option<f64> {
    let units = &sku.units[..end.min(sku.units.len())];
    let changes = units.iter().skip(WEEK_DAYS).zip(units).map(|(now, before)| (now - before).abs());
    let (sum, count) = changes.fold((0.0, 0_u32), |(sum, count), change| (sum + change, count + 1));
    (sum > 0.0).then(|| sum / f64::from(count))
}

/// Units per day, where days without stock are taken from the week before.
fn demand(sku: &SkuFacts) -> Vec<f64> {
    let mut units = sku.units.clone();
    for day in WEEK_DAYS..units.len() {
        if sku.was_out_of_stock[day] {
            units[day] = units[day].max(units[day - WEEK_DAYS]);
        }
    }
    units
}

/// By step ahead, what the rule missed from past origins, in order of size.
struct Misses {
    single: Vec<Vec<f64>>,
    cumulative: Vec<Vec<f64>>,
}

impl Misses {
    fn none(horizon_days: usize) -> Self {
        Self { single: vec![Vec::new(); horizon_days], cumulative: vec![Vec::new(); horizon_days] }
    }

    fn of(units: &[f64], horizon_days: usize, expected: impl Fn(usize, usize) -> f64) -> Self {
        let mut misses = Self::none(horizon_days);
        for origin in units.len().saturating_sub(LOOK_BACK_DAYS).max(WEEK_DAYS)..units.len() {
            let mut sum = 0.0;
            for step in 0..horizon_days.min(units.len() - origin) {
                let miss = units[origin + step] - expected(origin, step);
                sum += miss;
                misses.single[step].push(miss);
                misses.cumulative[step].push(sum);
            }
        }
        // Far ahead there are few origins: the steps before speak for those that nobody has seen.
        for side in [&mut misses.single, &mut misses.cumulative] {
            for step in 0..side.len() {
                if side[step].len() < ORIGINS_MIN && step > 0 {
                    side[step] = side[step - 1].clone();
                } else {
                    side[step].sort_by(f64::total_cmp);
                }
            }
        }
        misses
    }
}

/// Ranges around `centre` that never fall below zero and always hold it.
fn intervals(misses: &[f64], centre: f64, levels: &[Level]) -> Vec<Interval> {
    let range = |level: &Level| {
        let tail = (1.0 - level.share()) / 2.0;
        let (lo, hi) = match misses {
            // Nothing is known: from nothing to three times as much.
            [] => (-centre, 2.0 * centre.max(1.0)),
            seen => (quantile(seen, tail), quantile(seen, 1.0 - tail)),
        };
        Interval { level: *level, lo: (centre + lo.min(0.0)).max(0.0), hi: centre + hi.max(0.0) }
    };
    levels.iter().map(range).collect()
}

/// The value below which the share `at` of sorted values lies; between two values it is interpolated.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let place = at * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::test_sku;
    use rand::{Rng, SeedableRng};

    #[test]
    fn next_week_is_as_the_last_and_a_day_without_stock_as_the_week_before() {
        let mut sku = test_sku("A", "2026-06-01", (0..21).map(|day| f64::from(day % 7)).collect());
        sku.units[16] = 0.0;
        sku.was_out_of_stock[16] = true;
        let forecast = seasonal_naive(&sku, 9, &[Level::EIGHTY]);
        let means: Vec<f64> = forecast.steps.iter().map(|step| step.mean).collect();
        assert_eq!(means, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.0, 1.0]);
        assert_eq!(forecast.steps[0].stamp.to_string(), "2026-06-22");
        assert!((forecast.steps[8].cumulative.mean - 22.0).abs() < 1e-9);
    }

    #[test]
    fn its_intervals_hold_as_many_days_as_they_say() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
        let noise: Vec<f64> = (0..400).map(|_| f64::from(rng.random_range(0..100_u32))).collect();
        let mut inside = 0;
        for end in 300..340 {
            let sku = test_sku("A", "2025-01-01", noise[..end].to_vec());
            let forecast = seasonal_naive(&sku, 28, &[Level::EIGHTY]);
            let held = |(step, units): (&Step, &f64)| (step.intervals[0].lo..=step.intervals[0].hi).contains(units);
            inside += forecast.steps.iter().zip(&noise[end..]).filter(|pair| held(*pair)).count();
        }
        let share = inside as f64 / (40.0 * 28.0);
        assert!((0.74..=0.86).contains(&share), "{share}");
    }

    #[test]
    fn a_sku_of_a_day_gets_a_wide_answer_and_one_of_no_day_none() {
        let forecast = seasonal_naive(&test_sku("A", "2026-06-01", vec![4.0]), 3, &[Level::EIGHTY]);
        assert_eq!((forecast.steps.len(), forecast.steps[2].mean), (3, 4.0));
        assert!(forecast.steps[0].intervals[0].hi > 4.0);
        assert!(matches!(forecast.status, Status::ShortHistory { .. }));
        assert!(seasonal_naive(&test_sku("A", "2026-06-01", Vec::new()), 3, &[]).steps.is_empty());
    }
}
