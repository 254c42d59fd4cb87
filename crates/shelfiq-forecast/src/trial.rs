//! Every suitable model, tried on rolling origins inside a history and then on all of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::drivers::{Drivers, Effects, Precedent};
use crate::global::LEARNERS;
use crate::history::History;
use crate::model::{BASELINE, Forecaster, Path, REGISTRY, Start, Training};
use crate::pupil::Pupil;

/// Origins tried at most.
const ORIGINS_MAX: usize = 4;
/// Observed periods below which no model is tried.
pub(crate) const OBSERVED_MIN: usize = 6;

/// What a trial found.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    /// The origins, earliest first. Empty if the history is too short.
    pub(crate) origins: Vec<Origin>,
    /// The models that answered at every origin and at the end.
    pub(crate) candidates: Vec<Candidate>,
    /// Mean absolute seasonal difference of the history before the first origin, or of all of it where that stood still:
    /// the yardstick of all errors. Above zero.
    pub(crate) yardstick: f64,
}

/// A moment in the past from which models looked ahead.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Periods known.
    pub(crate) end: usize,
    /// What happened then; `NaN` where it was not seen.
    pub(crate) actual: Vec<f64>,
}

/// A way to forecast a series, by its place in the registry that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) enum Method {
    /// A model that sees this series only.
    Alone(usize),
    /// Such a model, with the effects of known regressors taken out before and put back after.
    Driven(usize),
    /// A learner that sees all series of the panel.
    Global(usize),
}

impl Method {
    /// What can be tried on one series without knowing others: the models alone, then on top of regressors.
    fn local() -> impl Iterator<Item = Self> {
        let places = 0..REGISTRY.len();
        places.clone().map(Self::Alone).chain(places.map(Self::Driven))
    }

    /// All methods.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::local().chain((0..LEARNERS.len()).map(Self::Global))
    }

    /// Place among [`Method::all`].
    pub(crate) fn place(self) -> usize {
        match self {
            Self::Alone(model) => model,
            Self::Driven(model) => REGISTRY.len() + model,
            Self::Global(learner) => 2 * REGISTRY.len() + learner,
        }
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Alone(model) => REGISTRY[model].name().to_owned(),
            Self::Driven(model) => format!("{} + regressors", REGISTRY[model].name()),
            Self::Global(learner) => LEARNERS[learner].name().to_owned(),
        }
    }

    /// Mean absolute error over the mean of all models', as usual for such series.
    pub(crate) fn typical_loss(self) -> f64 {
        match self {
            Self::Alone(model) | Self::Driven(model) => REGISTRY[model].typical_loss(),
            Self::Global(learner) => LEARNERS[learner].typical_loss(),
        }
    }

    /// Whether every series is tried with it if it suits: the company in which all are judged.
    pub(crate) const fn is_alone(self) -> bool {
        matches!(self, Self::Alone(_))
    }

    fn is_baseline(self) -> bool {
        match self {
            Self::Alone(model) | Self::Driven(model) => REGISTRY[model].name() == BASELINE.name(),
            Self::Global(_) => false,
        }
    }
}

/// A name that no method has, or none any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no forecasting method named `{0}`: learn again with this version")]
pub(crate) struct UnknownMethod(String);

impl TryFrom<String> for Method {
    type Error = UnknownMethod;
    fn try_from(name: String) -> Result<Self, UnknownMethod> {
        Self::all().find(|method| method.name() == name).ok_or(UnknownMethod(name))
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.name()
    }
}

/// A model's answers.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) method: Method,
    /// What it expected at each origin.
    pub(crate) tried: Vec<Vec<f64>>,
    /// What it expects now.
    pub(crate) ahead: Vec<f64>,
    /// The parameters with which it does.
    pub(crate) tuned: Vec<f64>,
    /// Time spent.
    pub(crate) duration: Duration,
}

/// Tells the time passed since some moment. Only back-tests care; forecasts pass [`UNTIMED`].
pub(crate) type Stopwatch<'a> = &'a (dyn Fn() -> Duration + Sync);

/// For who does not want to know.
pub(crate) const UNTIMED: Stopwatch<'static> = &|| Duration::ZERO;

impl Trial {
    /// Tries all models that suit the history of a pupil from its origins; those that suit are tried on top of its
    /// regressors as well.
    pub(crate) fn run(pupil: &Pupil, precedent: &Precedent, horizon: usize, stopwatch: Stopwatch<'_>) -> Self {
        let (history, origins) = (&pupil.history, pupil.origins.clone());
        let values = &history.values;
        let plain = views(pupil, None);
        let plain = Room::new(pupil, &plain, None);
        let drivers = pupil.drivers.as_ref();
        let driven = drivers.map(|drivers| views(pupil, Some((drivers, precedent))));
        let driven = driven.as_ref().map(|views| Room::new(pupil, views, drivers));
        let candidate = |method: Method| {
            let (room, model) = room_of(method, &plain, driven.as_ref())?;
            let before = stopwatch();
            let (tried, Path { mean: ahead, tuned }) = room.ask(REGISTRY[model], &origins, horizon)?;
            Some(Candidate { method, tried, ahead, tuned, duration: stopwatch().saturating_sub(before) })
        };
        let candidates = Method::local().filter_map(candidate).collect();
        let known = &values[..origins.first().map_or(values.len(), |origin| origin.end)];
        // A history that stood still until the first origin has no scale of its own there: errors over next to nothing
        // would be infinite.
        let change = [known, values].map(|values| seasonal_change(values, history.seasons.main));
        let yardstick = change.into_iter().find(|change| *change > 0.0).unwrap_or(f64::MIN_POSITIVE);
        Self { origins, candidates, yardstick }
    }

    /// Place of the baseline among the candidates.
    pub(crate) fn baseline_index(&self) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.method.is_baseline())
    }
}

/// What models of one series expect now, before the effects of what is to come are put back.
pub(crate) struct Ahead<'a> {
    pupil: &'a Pupil,
    effects: Option<Effects>,
    /// In the order of methods; `None` for one that has no answer.
    paths: Vec<Option<(Method, Vec<f64>)>>,
}

impl Ahead<'_> {
    /// What the methods expect of the pupil's series if these are its regressors, in their order. They differ from the
    /// pupil's own in coming values only.
    pub(crate) fn under(&self, drivers: Option<&Drivers>) -> Vec<Option<Vec<f64>>> {
        let end = self.pupil.history.values.len();
        let path = |(method, path): &(Method, Vec<f64>)| {
            let drivers = drivers.filter(|_| matches!(method, Method::Driven(_)));
            put_back(self.pupil, drivers.zip(self.effects.as_ref()), end, path.clone())
        };
        self.paths.iter().map(|found| found.as_ref().and_then(path)).collect()
    }
}

/// A path from the first `end` periods with the effects of coming regressors and of the calendar, inside the bounds of a sane
/// forecast; `None` if it is not finite.
fn put_back(pupil: &Pupil, drivers: Option<(&Drivers, &Effects)>, end: usize, mut path: Vec<f64>) -> Option<Vec<f64>> {
    if let Some((drivers, effects)) = drivers {
        let restore = |(step, value): (usize, &mut f64)| *value = drivers.restore(effects, end + step, *value);
        path.iter_mut().enumerate().for_each(restore);
    }
    let mut path = Bounds::of(&pupil.history.values[..end], &pupil.history).apply(path)?;
    if let Some(effects) = pupil.calendar_effects() {
        effects.restore(end, &mut path);
    }
    Some(path)
}

/// What these models of one series expect now with these parameters: if a trial chose them, the same as there.
///
/// The pupil has no origins: nothing is tried.
pub(crate) fn ahead<'a>(
    pupil: &'a Pupil,
    precedent: &Precedent,
    methods: &[(Method, &[f64])],
    horizon: usize,
) -> Ahead<'a> {
    assert!(pupil.origins.is_empty(), "the last view is that of the present");
    let wants = |is_wanted: fn(&Method) -> bool| methods.iter().any(|(method, _)| is_wanted(method));
    let plain = if wants(|method| method.is_alone()) { views(pupil, None) } else { Vec::new() };
    let plain = Room::new(pupil, &plain, None);
    let drivers = pupil.drivers.as_ref().filter(|_| wants(|method| matches!(method, Method::Driven(_))));
    let driven = drivers.map(|drivers| views(pupil, Some((drivers, precedent))));
    let driven = driven.as_ref().map(|views| Room::new(pupil, views, drivers));
    let ask = |(method, tuned): &(Method, &[f64])| {
        let (room, model) = room_of(*method, &plain, driven.as_ref())?;
        let training = room.trainings.last()?;
        let suits = REGISTRY[model].suits(training);
        let path = suits.then(|| REGISTRY[model].forecast(training, horizon, Start::Kept(tuned)))??;
        Some((*method, path.mean))
    };
    let paths = methods.iter().map(ask).collect();
    let effects = driven.and_then(|room| room.views.last()?.effects.clone());
    Ahead { pupil, effects, paths }
}

/// Where a model of one series is asked, and its place in the registry.
fn room_of<'r, 'a>(method: Method, plain: &'r Room<'a>, driven: Option<&'r Room<'a>>) -> Option<(&'r Room<'a>, usize)> {
    match method {
        Method::Alone(model) => Some((plain, model)),
        Method::Driven(model) => Some((driven?, model)),
        Method::Global(_) => None,
    }
}

/// What was known at one moment, and the effects of regressors as they were known then.
struct View {
    /// The history, without these effects.
    values: Vec<f64>,
    effects: Option<Effects>,
}

/// One view per origin, then that of the present, without the effects of the calendar.
fn views(pupil: &Pupil, drivers: Option<(&Drivers, &Precedent)>) -> Vec<View> {
    let history = &pupil.history;
    let view = |end: usize| {
        let values = &history.values[..end];
        let values = pupil.calendar_effects().map_or_else(|| values.to_vec(), |effects| effects.clean(values));
        let Some((drivers, precedent)) = drivers else { return View { values, effects: None } };
        let effects = drivers.fit(&values, history.seasons, precedent);
        let clean = |(t, value): (usize, &f64)| drivers.clean(&effects, t, *value);
        View { values: values.iter().enumerate().map(clean).collect(), effects: Some(effects) }
    };
    pupil.origins.iter().map(|origin| origin.end).chain([history.values.len()]).map(view).collect()
}

/// Where models are asked.
struct Room<'a> {
    pupil: &'a Pupil,
    drivers: Option<&'a Drivers>,
    views: &'a [View],
    trainings: Vec<Training<'a>>,
}

impl<'a> Room<'a> {
    fn new(pupil: &'a Pupil, views: &'a [View], drivers: Option<&'a Drivers>) -> Self {
        let history = &pupil.history;
        let training = |view: &'a View| Training::new(&view.values, history.seasons, history.class.is_sparse());
        Self { pupil, drivers, views, trainings: views.iter().map(training).collect() }
    }

    /// What a model expected at each origin, and what it expects now; `None` unless it has an answer everywhere.
    fn ask(&self, model: &dyn Forecaster, origins: &[Origin], horizon: usize) -> Option<(Vec<Vec<f64>>, Path)> {
        if !self.trainings.iter().all(|training| model.suits(training)) {
            return None;
        }
        let mut known: Option<Vec<f64>> = None;
        let mut answers = Vec::with_capacity(origins.len());
        let (present, past) = self
            .trainings
            .split_last()
            .zip(self.views.split_last())
            .map(|(training, view)| ((training.0, view.0), training.1.iter().zip(view.1)))?;
        for ((training, view), origin) in past.zip(origins) {
            let start = known.as_deref().map_or(Start::Anew, Start::Near);
            let path = self.path(model, training, view, origin.actual.len(), start)?;
            known = Some(path.tuned).filter(|tuned| !tuned.is_empty());
            answers.push(path.mean);
        }
        Some((answers, self.path(model, present.0, present.1, horizon, Start::Anew)?))
    }

    /// What a model expects from one view.
    fn path(
        &self,
        model: &dyn Forecaster,
        training: &Training<'_>,
        view: &View,
        steps: usize,
        start: Start<'_>,
    ) -> Option<Path> {
        let Path { mean, tuned } = model.forecast(training, steps, start)?;
        let mean = put_back(self.pupil, self.drivers.zip(view.effects.as_ref()), view.values.len(), mean)?;
        Some(Path { mean, tuned })
    }
}

/// The moments from which models are tried, earliest first; none if the history is too short.
pub(crate) fn origins_of(history: &History, horizon: usize) -> Vec<Origin> {
    let values = &history.values;
    let tried_horizon = horizon.min(values.len() / 3).max(1);
    let ends = if history.observed() < OBSERVED_MIN { Vec::new() } else { ends(history, tried_horizon) };
    let origin = |end: usize| {
        let ahead = end..(end + tried_horizon).min(values.len());
        Origin { end, actual: ahead.map(|t| if history.seen[t] { values[t] } else { f64::NAN }).collect() }
    };
    ends.into_iter().map(origin).collect()
}

/// Origins as far apart as half the history allows, at most one horizon; the last leaves exactly one horizon of
/// observations.
fn ends(history: &History, horizon: usize) -> Vec<usize> {
    let length = history.values.len();
    let two_seasons = 2 * history.seasons.main + 2;
    let needed = if length > two_seasons + horizon { two_seasons.max(OBSERVED_MIN - 2) } else { OBSERVED_MIN - 2 };
    let Some(last) = length.checked_sub(horizon).filter(|last| *last >= needed.min(4)) else { return Vec::new() };
    let room = last.saturating_sub(needed.max(length / 2).min(last));
    let stride = (room / (ORIGINS_MAX - 1)).clamp(horizon.div_ceil(3), horizon);
    let mut ends: Vec<usize> =
        (0..ORIGINS_MAX).map_while(|k| last.checked_sub(k * stride)).filter(|end| *end >= needed.min(last)).collect();
    ends.reverse();
    ends
}

/// Mean absolute difference between values one season apart; of neighbours where the history is shorter than that or
/// repeats itself.
pub(crate) fn seasonal_change(values: &[f64], period: usize) -> f64 {
    let mean_change = |gap: usize| {
        let changes = values.len().checked_sub(gap).filter(|count| *count > 0)?;
        Some(values[gap..].iter().zip(values).map(|(now, then)| (now - then).abs()).sum::<f64>() / changes as f64)
    };
    let spread = || {
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        values.iter().map(|value| value.abs().max((value - mean).abs())).sum::<f64>() / values.len().max(1) as f64
    };
    let positive = |change: &f64| *change > 0.0;
    mean_change(period).filter(positive).or_else(|| mean_change(1).filter(positive)).unwrap_or_else(spread)
}

/// The range in which any sane forecast lies.
pub(crate) struct Bounds {
    lo: f64,
    hi: f64,
}

impl Bounds {
    /// As a history shows it of which `values` are known.
    pub(crate) fn of(values: &[f64], history: &History) -> Self {
        let recent = &values[values.len().saturating_sub(3 * history.seasons.main.max(20))..];
        let hi = recent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let lo = recent.iter().copied().fold(f64::INFINITY, f64::min);
        let reach = 3.0 * (hi - lo);
        if history.class.is_sparse() {
            // The expected value of a sparse series cannot exceed what it ever reached.
            return Self { lo: 0.0, hi };
        }
        Self { lo: if history.is_nonnegative { 0.0 } else { lo - reach }, hi: hi + reach }
    }

    /// The path inside the bounds; `None` if it is not finite.
    pub(crate) fn apply(&self, mut path: Vec<f64>) -> Option<Vec<f64>> {
        path.iter_mut().for_each(|value| *value = value.clamp(self.lo, self.hi));
        path.iter().all(|value| value.is_finite()).then_some(path)
    }
}
