//! Series side by side: each is tried alone, then groups of similar ones pool what they learnt.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::counts::{Calibration, Scatter};
use crate::demand_class::DemandClass;
use crate::drivers::{Drivers, Effects, Precedent};
use crate::ensemble::{Experience, combine, weights};
use crate::global::{self, Member};
use crate::history::History;
use crate::options::ForecastOptions;
use crate::season::Adjusted;
use crate::series::Series;
use crate::spread::{ErrorPool, PastErrors, Reach};
use crate::trial::{Candidate, Origin, Stopwatch, Trial};

/// Whole numbers whose mean is below this are forecast as counts, with whole ends of intervals.
const COUNTS_BELOW: f64 = 20.0;

/// Everything known about a set of series before their intervals are drawn.
pub(crate) struct Panel {
    /// One per series; `None` where nothing was observed.
    pub(crate) tried: Vec<Option<Tried>>,
    pub(crate) groups: Groups,
}

/// What each group of similar series knows about its errors.
pub(crate) struct Groups(BTreeMap<GroupKey, Group>);

/// One series with its models tried and weighed.
pub(crate) struct Tried {
    key: GroupKey,
    pub(crate) history: History,
    pub(crate) trial: Trial,
    /// One per candidate, for the mean.
    pub(crate) weights: Vec<f64>,
    pub(crate) ensemble: Voice,
    /// For sparse demand and small counts.
    pub(crate) scatter: Option<Scatter>,
}

/// What the ensemble, or a single model, expects of a series, and how far it was off at past origins.
pub(crate) struct Voice {
    /// Conditional means ahead.
    pub(crate) mean: Vec<f64>,
    /// What makes absolute errors ahead least.
    pub(crate) median: Vec<f64>,
    /// Conditional means at each past origin.
    tried: Vec<Vec<f64>>,
    /// How far those were off, brought to the present level of the series.
    pub(crate) errors: PastErrors,
    pub(crate) cumulative_errors: PastErrors,
}

/// What similar series know together.
pub(crate) struct Group {
    pub(crate) single: ErrorPool,
    pub(crate) cumulative: ErrorPool,
    pub(crate) calibration: Calibration,
}

/// Series are similar if they share the season and the kind of demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct GroupKey {
    season: usize,
    is_sparse: bool,
    is_count: bool,
    /// Absent in the group of those whose own class has too few series.
    class: Option<DemandClass>,
}

/// Series that a class needs for a group of its own.
const CLASS_MIN: usize = 20;

impl Panel {
    pub(crate) fn new(series: &[Series], options: &ForecastOptions, stopwatch: Stopwatch<'_>) -> Self {
        let histories: Vec<Option<(History, Option<Drivers>)>> = series
            .par_iter()
            .map(|series| {
                let history = History::new(series, options)?;
                let drivers = Drivers::of(series, &history, options.horizon);
                Some((history, drivers))
            })
            .collect();
        let precedent = precedent(&histories);
        let mut trials: Vec<Option<(History, Trial)>> = histories
            .into_par_iter()
            .map(|found| {
                let (history, drivers) = found?;
                let drivers = drivers.as_ref().map(|drivers| (drivers, &precedent));
                let trial = Trial::run(&history, drivers, options.horizon, stopwatch);
                Some((history, trial))
            })
            .collect();
        let taught = global::candidates(&members(series, &trials), options.horizon, stopwatch);
        for (candidates, (_, trial)) in taught.into_iter().zip(trials.iter_mut().flatten()) {
            trial.candidates.extend(candidates);
        }
        let keys = group_keys(&trials);
        // Which models to trust is learnt from all classes together, how far they miss from each class alone.
        let mut kinds: BTreeMap<GroupKey, Vec<&Trial>> = BTreeMap::new();
        for (found, key) in trials.iter().zip(&keys) {
            if let (Some((_, trial)), Some(key)) = (found, key) {
                kinds.entry(key.kind()).or_default().push(trial);
            }
        }
        let experiences: BTreeMap<GroupKey, Experience> =
            kinds.into_iter().map(|(kind, trials)| (kind, Experience::of(&trials))).collect();
        let tried: Vec<Option<Tried>> = trials
            .into_par_iter()
            .zip(keys)
            .map(|(found, key)| {
                let (history, trial) = found?;
                let key = key?;
                Some(Tried::new(history, trial, &experiences[&key.kind()], key))
            })
            .collect();
        let voices: Vec<(&Tried, &Voice)> = tried.iter().flatten().map(|tried| (tried, &tried.ensemble)).collect();
        let groups = Groups::new(&voices);
        Self { tried, groups }
    }
}

impl Groups {
    pub(crate) fn new(voices: &[(&Tried, &Voice)]) -> Self {
        let mut members: BTreeMap<GroupKey, Vec<(&Tried, &Voice)>> = BTreeMap::new();
        for (tried, voice) in voices {
            members.entry(tried.key).or_default().push((*tried, *voice));
        }
        Self(members.into_par_iter().map(|(key, members)| (key, Group::new(&members))).collect())
    }

    /// The group of a series that was among those given.
    pub(crate) fn of(&self, tried: &Tried) -> &Group {
        &self.0[&tried.key]
    }
}

/// What regressors do to these series, from each series' own effects.
///
/// Whole histories speak here, so at past origins the common effect knows a little of what came after. Ten series or
/// more share it, and back-tests cut the series before, so they are free of it.
fn precedent(histories: &[Option<(History, Option<Drivers>)>]) -> Precedent {
    let fitted: Vec<(&Drivers, Effects)> = histories
        .par_iter()
        .filter_map(|found| {
            let (history, drivers) = found.as_ref()?;
            let drivers = drivers.as_ref()?;
            Some((drivers, drivers.fit(&history.values, history.seasons, &Precedent::default())))
        })
        .collect();
    Precedent::of(&fitted)
}

/// The series that have a history, as global learners see them.
fn members<'a>(series: &'a [Series], trials: &'a [Option<(History, Trial)>]) -> Vec<Member<'a>> {
    let found = || series.iter().zip(trials).filter_map(|(series, found)| Some((series, found.as_ref()?)));
    let Some(clock) = found().map(|(series, _)| *series.calendar()).next() else { return Vec::new() };
    found().map(|(series, (history, trial))| Member::new(series, history, &trial.origins, &clock)).collect()
}

/// The group of each series. Classes with too few series share one.
fn group_keys(trials: &[Option<(History, Trial)>]) -> Vec<Option<GroupKey>> {
    let own = |found: &Option<(History, Trial)>| found.as_ref().map(|(history, _)| GroupKey::of(history));
    let mut sizes: BTreeMap<GroupKey, usize> = BTreeMap::new();
    trials.iter().filter_map(own).for_each(|key| *sizes.entry(key).or_default() += 1);
    trials
        .iter()
        .map(|found| own(found).map(|key| if sizes[&key] < CLASS_MIN { GroupKey { class: None, ..key } } else { key }))
        .collect()
}

impl GroupKey {
    fn of(history: &History) -> Self {
        let mean = history.values.iter().sum::<f64>() / history.values.len().max(1) as f64;
        let is_sparse = history.class.is_sparse();
        let is_count = history.is_nonnegative && (is_sparse || history.is_whole && mean < COUNTS_BELOW);
        Self { season: history.seasons.main, is_sparse, is_count, class: Some(history.class) }
    }

    /// The same without class.
    const fn kind(self) -> Self {
        Self { class: None, is_count: false, ..self }
    }
}

impl Tried {
    fn new(history: History, trial: Trial, experience: &Experience, key: GroupKey) -> Self {
        let Experience { absolute, squared } = experience;
        let combined = |weights: &[f64], path: &dyn Fn(&Candidate) -> &Vec<f64>| {
            combine(weights, trial.candidates.iter().map(path))
        };
        let tried = (0..trial.origins.len())
            .map(|index| combined(&weights(&trial, squared, Some(index)), &|candidate| &candidate.tried[index]))
            .collect();
        let for_mean = weights(&trial, squared, None);
        let for_median = weights(&trial, absolute, None);
        let ahead = |weights: &[f64]| combined(weights, &|candidate| &candidate.ahead);
        let ensemble = Voice::new(&history, &trial, tried, ahead(&for_mean), ahead(&for_median));
        // A distribution of one's own takes some history.
        let scatter = (key.is_count && !trial.origins.is_empty())
            .then(|| Scatter::new(&Adjusted::new(&history.values, history.seasons), history.is_whole));
        Self { key, history, trial, weights: for_mean, ensemble, scatter }
    }

    /// A single candidate, as if it were alone.
    pub(crate) fn voice_of(&self, candidate: &Candidate) -> Voice {
        let ahead = candidate.ahead.clone();
        Voice::new(&self.history, &self.trial, candidate.tried.clone(), ahead.clone(), ahead)
    }

    /// The share of its own distribution that each past outcome needed: step and share.
    fn shares_needed(&self, voice: &Voice) -> Vec<(usize, f64)> {
        if self.scatter.is_none() {
            return Vec::new();
        }
        let mut needed = Vec::new();
        for (origin, expected) in self.trial.origins.iter().zip(&voice.tried) {
            // Only what was known at the origin.
            let known = Adjusted::new(&self.history.values[..origin.end], self.history.seasons);
            let scatter = Scatter::new(&known, self.history.is_whole);
            for (step, (actual, expected)) in origin.actual.iter().zip(expected).enumerate() {
                if !actual.is_nan() {
                    needed.push((step, scatter.share_needed(*expected, *actual)));
                }
            }
        }
        needed
    }
}

impl Voice {
    fn new(history: &History, trial: &Trial, tried: Vec<Vec<f64>>, mean: Vec<f64>, median: Vec<f64>) -> Self {
        let missed = |(origin, expected): (&Origin, &Vec<f64>)| {
            let growth = history.growth_since(origin.end);
            origin.actual.iter().zip(expected).map(|(actual, expected)| (actual - expected) * growth).collect()
        };
        let by_origin = trial.origins.iter().zip(&tried).map(missed).collect();
        let errors = PastErrors { by_origin, yardstick: trial.yardstick };
        Self { mean, median, tried, cumulative_errors: errors.cumulative(), errors }
    }
}

impl Group {
    fn new(members: &[(&Tried, &Voice)]) -> Self {
        let singles: Vec<&PastErrors> = members.iter().map(|(_, voice)| &voice.errors).collect();
        let sums: Vec<&PastErrors> = members.iter().map(|(_, voice)| &voice.cumulative_errors).collect();
        let mut calibration = Calibration::default();
        let needed: Vec<Vec<(usize, f64)>> =
            members.par_iter().map(|(tried, voice)| tried.shares_needed(voice)).collect();
        needed.into_iter().flatten().for_each(|(step, share)| calibration.add(step, share));
        calibration.finish();
        Self {
            single: ErrorPool::new(&singles, Reach::Single),
            cumulative: ErrorPool::new(&sums, Reach::Cumulative),
            calibration,
        }
    }
}
