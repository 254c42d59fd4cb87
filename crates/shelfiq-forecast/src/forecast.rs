//! From what models expect to forecasts: steps, intervals, sums.

use rayon::prelude::*;

use crate::counts::Scatter;
use crate::demand_class::DemandClass;
use crate::experience::{Experience, Picked};
use crate::group::Group;
use crate::options::{ForecastOptions, Level};
use crate::outcome::{Cumulative, Forecast, Interval, Skill, Status, Step};
use crate::series::Series;
use crate::trial::UNTIMED;
use crate::tried::Tried;

/// Forecasts one series on its own.
///
/// Never fails: a short history gives a wide forecast that says so, an empty one gives no steps.
#[must_use]
pub fn forecast(series: &Series, options: &ForecastOptions) -> Forecast {
    forecast_all(std::slice::from_ref(series), options).pop().unwrap_or_else(|| nothing(series))
}

/// Forecasts many series, in input order. Series of the same season and kind of demand learn from each other which
/// models to trust and how far forecasts miss, so the result for a series depends on the others; it does not depend
/// on the number of threads.
///
/// The same as to [`learn`](crate::learn) from all of them and then [forecast](Experience::forecast) them, but no series
/// is looked at twice.
#[must_use]
pub fn forecast_all(series: &[Series], options: &ForecastOptions) -> Vec<Forecast> {
    let (experience, known) = Experience::learn(series, options, Picked::Few, UNTIMED);
    let pairs = series.par_iter().zip(known.into_par_iter());
    pairs.map(|(series, known)| experience.forecast_known(series, known)).collect()
}

/// The forecast of a series of which nothing was observed.
pub(crate) fn nothing(series: &Series) -> Forecast {
    Forecast {
        id: series.id().to_owned(),
        status: Status::NothingObserved,
        class: DemandClass::New,
        season_periods: 1,
        model: "none".to_owned(),
        members: Vec::new(),
        skill: None,
        steps: Vec::new(),
        holiday_factors: Vec::new(),
        yearly_factors: Vec::new(),
    }
}

/// What is to come, and what says how far it may be off.
pub(crate) struct Outlook<'a> {
    pub(crate) is_nonnegative: bool,
    /// For sparse demand and small counts.
    pub(crate) scatter: Option<&'a Scatter>,
    /// Size of a first-step error of single periods, and of sums.
    pub(crate) scales: (f64, f64),
    /// How large errors are at each step for the time of the year.
    pub(crate) sizes: &'a [f64],
    pub(crate) group: &'a Group,
    pub(crate) mean: &'a [f64],
    pub(crate) median: &'a [f64],
}

impl Outlook<'_> {
    pub(crate) fn steps(&self, series: &Series, levels: &[Level]) -> Vec<Step> {
        let calendar = series.calendar();
        let first = series.values().len();
        let mut sum = 0.0;
        let step = |(step, mean): (usize, &f64)| {
            sum += mean;
            let (median, intervals) = self.spread(step, levels);
            let cumulative = Cumulative { mean: sum, intervals: self.cumulative(step, sum, levels) };
            Step { stamp: calendar.stamp(first + step), mean: *mean, median, intervals, cumulative }
        };
        self.mean.iter().enumerate().map(step).collect()
    }

    /// Median and intervals of one step.
    pub(crate) fn spread(&self, step: usize, levels: &[Level]) -> (f64, Vec<Interval>) {
        let mean = self.mean[step];
        let (median, ends): (f64, Vec<(f64, f64)>) = match self.scatter {
            Some(scatter) => {
                let calibration = &self.group.calibration;
                let ends = (0..levels.len()).map(|level| scatter.interval(mean, calibration.share(step, level)));
                (scatter.quantile(mean, 0.5), ends.collect())
            }
            None => {
                let ends = (0..levels.len()).map(|level| {
                    let scale = self.scales.0 * self.sizes[step];
                    let (below, above) = self.group.single.reach_of(scale, step, level);
                    (self.floor(mean - below), mean + above)
                });
                (self.median[step], ends.collect())
            }
        };
        (median, nested(levels, ends, median))
    }

    fn cumulative(&self, step: usize, mean: f64, levels: &[Level]) -> Vec<Interval> {
        let size = self.sizes[..=step].iter().sum::<f64>() / (step as f64 + 1.0);
        let ends = (0..levels.len()).map(|level| {
            let (below, above) = self.group.cumulative.reach_of(self.scales.1 * size, step, level);
            (self.floor(mean - below), mean + above)
        });
        nested(levels, ends.collect(), mean)
    }

    fn floor(&self, value: f64) -> f64 {
        if self.is_nonnegative { value.max(0.0) } else { value }
    }
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

/// How well the ensemble did at past origins.
pub(crate) fn skill(tried: &Tried<'_>) -> Option<Skill> {
    let trial = tried.trial;
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
