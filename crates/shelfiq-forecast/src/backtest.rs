//! Every model and the ensemble, tried on the past as if each origin were today.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use shelfiq_core::Clock;

use crate::experience::{Experience, Picked};
use crate::forecast::Outlook;
use crate::group::{ByGroup, Group};
use crate::metrics::{Errors, Tally};
use crate::options::{ForecastOptions, Level, Missing};
use crate::series::Series;
use crate::trial::{Candidate, Method, OBSERVED_MIN, seasonal_change};
use crate::tried::{Tried, Voice};

/// How to try models on the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestOptions {
    /// What each trial forecasts. Levels are set to 80 and 95 %, since those are what is scored.
    pub forecast: ForecastOptions,
    /// Number of origins; the last one leaves exactly one horizon of observations, each earlier one another horizon.
    /// Series too short for all of them use as many as they can.
    pub windows: usize,
}

/// What a back-test found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// One row per series and model: series in input order, `ensemble` first, then the models in the order of the
    /// registry. Series too short for a single origin have no row.
    pub scores: Vec<Score>,
    /// One row per model, `ensemble` first: means over the series that have the figure.
    pub summary: Vec<ModelSummary>,
}

/// Errors of one model on one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The series.
    pub id: String,
    /// The model.
    pub model: String,
    /// Its errors over all origins.
    pub errors: Errors,
    /// Time spent on trying, fitting and forecasting; the ensemble's is that of all its candidates.
    pub duration: Duration,
}

/// Errors of one model over all series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// The model.
    pub model: String,
    /// Series on which it was tried.
    pub series: usize,
    /// Mean errors; `wape` and `bias` are taken over all series together.
    pub errors: Errors,
    /// Total time spent, added over threads.
    pub duration: Duration,
}

/// Name of the weighted ensemble among models.
const ENSEMBLE: &str = "ensemble";
/// Series that are tried at once. Bounds memory; larger inputs are tried shard by shard, in input order.
const SHARD: usize = 4096;
const LEVELS: [Level; 2] = [Level::EIGHTY, Level::NINETY_FIVE];

/// Forecasts every series from several moments of its past, knowing only what was known then, and scores the
/// ensemble and every model that suits the series. Figures depend on the input alone; `clock` serves nothing but the
/// durations.
#[must_use]
pub fn backtest(series: &[Series], options: &BacktestOptions, clock: &dyn Clock) -> Backtest {
    let mut tallies: BTreeMap<Place, Found> = BTreeMap::new();
    for (shard, series) in series.chunks(SHARD).enumerate() {
        for window in 1..=options.windows {
            for ((index, model), found) in one_window(series, options, window, clock) {
                let place = (shard * SHARD + index, model);
                tallies.entry(place).or_default().add(&found);
            }
        }
    }
    let name = |method: &Option<Method>| method.map_or_else(|| ENSEMBLE.to_owned(), Method::name);
    let scores = tallies.iter().map(|((index, model), found)| Score {
        id: series[*index].id().to_owned(),
        model: name(model),
        errors: found.tally.errors(),
        duration: found.duration,
    });
    let mut by_model: BTreeMap<Option<Method>, Vec<&Found>> = BTreeMap::new();
    tallies.iter().for_each(|((_, model), found)| by_model.entry(*model).or_default().push(found));
    let summary = by_model.iter().map(|(model, found)| ModelSummary {
        model: name(model),
        series: found.len(),
        errors: Errors::mean(found.iter().map(|found| &found.tally)),
        duration: found.iter().map(|found| found.duration).sum(),
    });
    Backtest { scores: scores.collect(), summary: summary.collect() }
}

#[derive(Debug, Clone, Default)]
struct Found {
    tally: Tally,
    duration: Duration,
}

impl Found {
    fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.duration += other.duration;
    }
}

/// Series, and method (`None` is the ensemble).
type Place = (usize, Option<Method>);

/// Scores at the origin `window` horizons before the end.
fn one_window(series: &[Series], options: &BacktestOptions, window: usize, clock: &dyn Clock) -> Vec<(Place, Found)> {
    let horizon = options.forecast.horizon;
    let known: Vec<Series> = series
        .iter()
        .map(|series| {
            let end = series.values().len().checked_sub(window * horizon).filter(|end| *end >= OBSERVED_MIN);
            series.until(end.unwrap_or(0))
        })
        .collect();
    let begun = clock.now();
    let stopwatch = || (clock.now() - begun).max(TimeDelta::zero()).to_std().unwrap_or_default();
    let forecast = ForecastOptions { levels: LEVELS.to_vec(), ..options.forecast.clone() };
    let (experience, learnt) = Experience::learn(&known, &forecast, Picked::All, &stopwatch);
    let tried: Vec<(usize, Tried<'_>)> = learnt
        .par_iter()
        .enumerate()
        .filter_map(|(index, known)| {
            let known = known.as_ref()?;
            Some((index, experience.weighed(&known.pupil, known.trial.as_ref()?)))
        })
        .collect();
    let actual = |index: usize| actual(&series[index], known[index].values().len(), &forecast);
    let mut found: Vec<(Place, Found)> = tried
        .par_iter()
        .map(|(index, tried)| {
            let duration = tried.trial.candidates.iter().map(|candidate| candidate.duration).sum();
            let tally = tally(tried, &tried.ensemble, experience.group(&tried.key), &actual(*index));
            ((*index, None), Found { tally, duration })
        })
        .collect();
    for method in Method::all() {
        let alone: Vec<(usize, &Tried<'_>, &Candidate, Voice)> = tried
            .iter()
            .filter_map(|(index, tried)| {
                let candidate = tried.trial.candidates.iter().find(|candidate| candidate.method == method)?;
                Some((*index, tried, candidate, tried.voice_of(candidate)))
            })
            .collect();
        let voices: Vec<(&Tried<'_>, &Voice)> = alone.iter().map(|(_, tried, _, voice)| (*tried, voice)).collect();
        let groups = ByGroup::<Group>::new(&voices, &LEVELS);
        found.par_extend(alone.par_iter().filter_map(|(index, tried, candidate, voice)| {
            let tally = tally(tried, voice, groups.0.get(&tried.key)?, &actual(*index));
            Some(((*index, Some(method)), Found { tally, duration: candidate.duration }))
        }));
    }
    found
}

/// What happened after `end`; `NaN` where it was not seen.
fn actual(series: &Series, end: usize, options: &ForecastOptions) -> Vec<f64> {
    let ahead = end..(end + options.horizon).min(series.values().len());
    let seen = |t: usize| match series.values()[t] {
        _ if series.censored()[t] => f64::NAN,
        value if value.is_nan() && options.missing == Missing::Zero => 0.0,
        value => value,
    };
    ahead.map(seen).collect()
}

fn tally(tried: &Tried<'_>, voice: &Voice, group: &Group, actual: &[f64]) -> Tally {
    let history = &tried.pupil.history;
    let values = &history.values;
    let seasonal = seasonal_change(values, history.seasons.main);
    let changes = values.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f64>();
    let one_step = (changes / (values.len().max(2) - 1) as f64).sqrt();
    let scatter = tried.scatter();
    let outlook = Outlook {
        is_nonnegative: history.is_nonnegative,
        scatter: scatter.as_ref(),
        scales: (group.single.scale_of(&voice.errors), group.cumulative.scale_of(&voice.cumulative_errors)),
        sizes: &tried.pupil.error_sizes(values.len(), voice.mean.len()),
        group,
        mean: &voice.mean,
        median: &voice.median,
    };
    let mut tally = Tally::default();
    for (step, actual) in actual.iter().enumerate().filter(|(_, actual)| !actual.is_nan()) {
        let (median, intervals) = outlook.spread(step, &LEVELS);
        tally.judge(*actual, voice.mean[step], median, [&intervals[0], &intervals[1]], seasonal, one_step);
    }
    tally
}
