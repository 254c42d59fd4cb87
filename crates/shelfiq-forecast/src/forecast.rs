//! From series to forecasts: try every model, weigh them, and measure how far the result may be off.

use rayon::prelude::*;

use crate::demand_class::DemandClass;
use crate::options::{ForecastOptions, Level};
use crate::outcome::{Cumulative, Forecast, Interval, Member, Skill, Status, Step};
use crate::panel::{Group, Panel, Tried, Voice};
use crate::series::Series;
use crate::trial::{OBSERVED_MIN, UNTIMED};

/// Series that learn from each other at once. Bounds memory; larger inputs are forecast shard by shard, in input
/// order.
pub(crate) const SHARD: usize = 4096;

/// Forecasts one series on its own.
///
/// Never fails: a short history gives a wide forecast that says so, an empty one gives no steps.
#[must_use]
pub fn forecast(series: &Series, options: &ForecastOptions) -> Forecast {
    let panel = Panel::new(std::slice::from_ref(series), options, UNTIMED);
    one(series, options, panel.tried.first().and_then(Option::as_ref), &panel)
}

/// Forecasts many series, in input order. Series of the same season and kind of demand learn from each other which
/// models to trust and how far forecasts miss, so the result for a series depends on the others; it does not depend
/// on the number of threads.
#[must_use]
pub fn forecast_all(series: &[Series], options: &ForecastOptions) -> Vec<Forecast> {
    let shard = |shard: &[Series]| -> Vec<Forecast> {
        let panel = Panel::new(shard, options, UNTIMED);
        shard.par_iter().zip(&panel.tried).map(|(series, tried)| one(series, options, tried.as_ref(), &panel)).collect()
    };
    series.chunks(SHARD).flat_map(shard).collect()
}

fn one(series: &Series, options: &ForecastOptions, tried: Option<&Tried>, panel: &Panel) -> Forecast {
    let Some(tried) = tried else {
        return Forecast {
            id: series.id().to_owned(),
            status: Status::NothingObserved,
            class: DemandClass::New,
            season_periods: 1,
            model: "none".to_owned(),
            members: Vec::new(),
            skill: None,
            steps: Vec::new(),
        };
    };
    let history = &tried.history;
    let observed = history.observed();
    let status = if tried.trial.origins.is_empty() {
        Status::ShortHistory { observed, needed: OBSERVED_MIN }
    } else {
        Status::Ready
    };
    let mut members: Vec<Member> = tried
        .trial
        .candidates
        .iter()
        .zip(&tried.weights)
        .filter(|(_, weight)| **weight > 0.0)
        .map(|(candidate, weight)| Member { model: candidate.method.name(), weight: *weight })
        .collect();
    members.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let model = match members.as_slice() {
        [only] => only.model.clone(),
        _ => "ensemble".to_owned(),
    };
    let group = panel.groups.of(tried);
    let voice = &tried.ensemble;
    let calendar = series.calendar();
    let first = series.values().len();
    let mut sum = 0.0;
    let steps = voice.mean.iter().enumerate().map(|(step, mean)| {
        sum += mean;
        let (median, intervals) = spread(tried, voice, group, step, &options.levels);
        let cumulative = Cumulative { mean: sum, intervals: cumulative(tried, voice, group, step, sum, options) };
        Step { stamp: calendar.stamp(first + step), mean: *mean, median, intervals, cumulative }
    });
    Forecast {
        id: series.id().to_owned(),
        status,
        class: history.class,
        season_periods: history.seasons.main,
        model,
        members,
        skill: skill(tried),
        steps: steps.collect(),
    }
}

/// Median and intervals of one step.
pub(crate) fn spread(
    tried: &Tried,
    voice: &Voice,
    group: &Group,
    step: usize,
    levels: &[Level],
) -> (f64, Vec<Interval>) {
    let mean = voice.mean[step];
    let (median, ends): (f64, Vec<(f64, f64)>) = match &tried.scatter {
        Some(scatter) => {
            let ends = levels.iter().map(|level| scatter.interval(mean, group.calibration.share(step, *level)));
            (scatter.quantile(mean, 0.5), ends.collect())
        }
        None => {
            let ends = levels.iter().map(|level| {
                let (below, above) = group.single.reach_of(&voice.errors, step, *level);
                (floor(tried, mean - below), mean + above)
            });
            (voice.median[step], ends.collect())
        }
    };
    (median, nested(levels, ends, median))
}

fn cumulative(
    tried: &Tried,
    voice: &Voice,
    group: &Group,
    step: usize,
    mean: f64,
    options: &ForecastOptions,
) -> Vec<Interval> {
    let ends = options.levels.iter().map(|level| {
        let (below, above) = group.cumulative.reach_of(&voice.cumulative_errors, step, *level);
        (floor(tried, mean - below), mean + above)
    });
    nested(&options.levels, ends.collect(), mean)
}

fn floor(tried: &Tried, value: f64) -> f64 {
    if tried.history.is_nonnegative { value.max(0.0) } else { value }
}

/// Intervals that hold the `centre` and those of smaller levels.
fn nested(levels: &[Level], ends: Vec<(f64, f64)>, centre: f64) -> Vec<Interval> {
    let mut intervals: Vec<Interval> =
        levels.iter().zip(ends).map(|(level, (lo, hi))| Interval { level: *level, lo, hi }).collect();
    let mut order: Vec<usize> = (0..intervals.len()).collect();
    order.sort_by(|a, b| f64::from(levels[*a]).total_cmp(&f64::from(levels[*b])));
    let (mut lo, mut hi) = (centre, centre);
    for index in order {
        (lo, hi) = (lo.min(intervals[index].lo), hi.max(intervals[index].hi));
        (intervals[index].lo, intervals[index].hi) = (lo, hi);
    }
    intervals
}

fn skill(tried: &Tried) -> Option<Skill> {
    let trial = &tried.trial;
    let baseline = &trial.candidates[trial.baseline_index()?];
    let (mut own, mut naive, mut total, mut count) = (0.0, 0.0, 0.0, 0_u32);
    for ((origin, errors), path) in trial.origins.iter().zip(&tried.ensemble.errors.by_origin).zip(&baseline.tried) {
        for ((actual, error), expected) in origin.actual.iter().zip(errors).zip(path) {
            if !actual.is_nan() {
                own += error.abs();
                naive += (actual - expected).abs();
                total += actual.abs();
                count += 1;
            }
        }
    }
    (count > 0).then(|| Skill {
        mase: own / f64::from(count) / trial.yardstick,
        wape: (total > 0.0).then(|| own / total),
        over_seasonal_naive: if naive > 0.0 { 1.0 - own / naive } else { 0.0 },
        origins: trial.origins.len(),
    })
}
