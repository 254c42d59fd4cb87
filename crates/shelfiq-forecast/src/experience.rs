//! What a set of series has taught: everything that the forecast of one series takes from others.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::admission::earns_its_place;
use crate::calendar::Calendar;
use crate::calendar_effects::CalendarKnowledge;
use crate::drivers::{Drivers, Effects, Precedent};
use crate::ensemble::Verdicts;
use crate::fitted::Fitted;
use crate::forecast::nothing;
use crate::global::{Lessons, Member};
use crate::group::{ByGroup, Group, GroupKey, group_keys};
use crate::occasions::Occasions;
use crate::options::ForecastOptions;
use crate::outcome::Forecast;
use crate::pupil::Pupil;
use crate::series::Series;
use crate::trial::{Ahead, Method, Stopwatch, Trial, UNTIMED};
use crate::tried::{Tried, Voice};
use crate::yearly::YearlySeason;

/// Series that teach at most, evenly picked: more would cost time and memory and change little.
const PUPILS_MAX: usize = 4096;
/// Series at most that say which models to trust, for each kind of demand, evenly picked.
const SPEAKERS_MAX: usize = 500;
/// Series at most that say how far forecasts miss, for each group, evenly picked.
const WITNESSES_MAX: usize = 1000;

/// What a set of series has taught about models, regressors and errors: everything that the forecast of one series takes
/// from others. Made by [`learn`].
///
/// With it, series are forecast in any number of parts, in any order and on any machine of one kind, and the answers are
/// those of [`forecast_all`](crate::forecast_all) over all of them, bit for bit. It is a value of its own, a few
/// megabytes at most whatever the number of series; it can be stored with serde, and what is read back answers the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Experience {
    options: ForecastOptions,
    /// The methods there were, since verdicts list shares by their places.
    methods: Vec<Method>,
    /// Whose periods moments are counted in; none where nothing was observed.
    clock: Option<Calendar>,
    occasions: Occasions,
    yearly: YearlySeason,
    precedent: Precedent,
    lessons: Lessons,
    verdicts: ByGroup<Verdicts>,
    groups: ByGroup<Group>,
    /// For kinds and groups that nobody belonged to.
    stranger: (Verdicts, Group),
}

/// Learns from series what forecasts of them, and of others like them, need to know: see [`Experience`]. Of more than
/// 4,096 series so many teach, evenly picked.
///
/// This is the one step that must see all series at once. It costs about as much as forecasting as many as teach; the
/// rest, [`Experience::fit`] and [`Experience::forecast`], is done for each series on its own.
#[must_use]
pub fn learn(series: &[Series], options: &ForecastOptions) -> Experience {
    Experience::learn(series, options, Picked::Few, UNTIMED).0
}

/// Learns from series and fits each of them: the same as [`learn`] and then [`Experience::fit`] in one process, but no
/// series is looked at twice.
#[must_use]
pub fn train(series: &[Series], options: &ForecastOptions) -> (Experience, Vec<Fitted>) {
    let (experience, known) = Experience::learn(series, options, Picked::Few, UNTIMED);
    let pairs = series.par_iter().zip(known.into_par_iter());
    let fits = pairs.map(|(series, known)| experience.fit_known(series, known)).collect();
    (experience, fits)
}

/// Whose models are tried in order to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picked {
    /// As many as it takes.
    Few,
    /// Everybody: for who wants all trials anyway.
    All,
}

/// A series that teaches.
pub(crate) struct Known {
    pub(crate) pupil: Pupil,
    /// Its trial, if it was wanted.
    pub(crate) trial: Option<Trial>,
}

impl Experience {
    /// What was learnt, and what is known of each series already: nothing of those that did not teach and of those of
    /// which nothing was observed.
    pub(crate) fn learn(
        series: &[Series],
        options: &ForecastOptions,
        picked: Picked,
        stopwatch: Stopwatch<'_>,
    ) -> (Self, Vec<Option<Known>>) {
        let teaches = |index: usize| picked == Picked::All || teaches(index, series.len());
        let mut known: Vec<Option<Known>> = series
            .par_iter()
            .enumerate()
            .map(|(index, series)| {
                let pupil = teaches(index).then(|| Pupil::new(series, options)).flatten()?;
                Some(Known { pupil, trial: None })
            })
            .collect();
        let told: Vec<(&Series, &Pupil)> =
            series.iter().zip(&known).filter_map(|(series, known)| Some((series, &known.as_ref()?.pupil))).collect();
        let occasions = Occasions::learn(&told, &options.holidays);
        let yearly = YearlySeason::learn(&told, &occasions, options);
        let taught = CalendarKnowledge { occasions: &occasions, yearly: &yearly };
        known.par_iter_mut().zip(series).for_each(|(known, series)| {
            if let Some(known) = known {
                known.pupil.becalm(series, taught, options);
            }
        });
        let present: Vec<usize> = (0..series.len()).filter(|index| known[*index].is_some()).collect();
        let pupils: Vec<&Pupil> = known.iter().flatten().map(|known| &known.pupil).collect();
        let precedent = precedent(&pupils);
        let clock = present.first().map(|first| *series[*first].calendar());
        let members: Vec<Member<'_>> = present
            .iter()
            .zip(&pupils)
            .filter_map(|(index, pupil)| Some(pupil.member(&series[*index], clock.as_ref()?)))
            .collect();
        let (mut lessons, durations) = Lessons::learn(&members, options.horizon, stopwatch);
        let keys = group_keys(&pupils.iter().map(|pupil| GroupKey::of(&pupil.history)).collect::<Vec<_>>());
        let (of_kind, of_group) = picked_by_kind_and_group(&pupils, &keys);
        let wanted: BTreeSet<usize> = of_kind.values().chain(of_group.values()).flatten().copied().collect();
        let is_wanted = |place: &usize| picked == Picked::All || wanted.contains(place);
        let trials: Vec<Option<Trial>> = (0..pupils.len())
            .into_par_iter()
            .map(|place| {
                let mut trial =
                    is_wanted(&place).then(|| pupils[place].trial(&precedent, options.horizon, stopwatch))?;
                trial.candidates.extend(lessons.candidates(&members[place], &durations));
                Some(trial)
            })
            .collect();
        let probation = lessons.on_probation();
        let mut admitted: BTreeSet<Method> = BTreeSet::new();
        let verdicts = of_kind.into_iter().map(|(kind, places)| {
            let speakers: Vec<&Trial> = places.iter().filter_map(|place| trials[*place].as_ref()).collect();
            let fails = |method: &Method| !earns_its_place(&speakers, *method);
            let barred: Vec<Method> = probation.iter().copied().filter(fails).collect();
            admitted.extend(probation.iter().filter(|method| !barred.contains(method)));
            (kind, Verdicts::of(&speakers, &barred))
        });
        let verdicts: BTreeMap<GroupKey, Verdicts> = verdicts.collect();
        // Whom nobody listens to need not be asked. (Who wants all trials has them.)
        for method in probation.iter().filter(|method| !admitted.contains(method)) {
            if let Method::Global(learner) = method {
                lessons.forget(*learner);
            }
        }
        let tried: Vec<Tried> = of_group
            .values()
            .flatten()
            .collect::<Vec<_>>()
            .into_par_iter()
            .filter_map(|place| {
                let (pupil, trial, key) = (pupils[*place], trials[*place].as_ref()?, keys[*place]);
                Some(Tried::new(pupil, trial, &verdicts[&key.kind()], key))
            })
            .collect();
        let voices: Vec<(&Tried, &Voice)> = tried.iter().map(|tried| (tried, &tried.ensemble)).collect();
        let groups = ByGroup::<Group>::new(&voices, &options.levels);
        let experience = Self {
            options: options.clone(),
            methods: Method::all().collect(),
            clock,
            occasions,
            yearly,
            precedent,
            lessons,
            verdicts: ByGroup(verdicts),
            groups,
            stranger: (Verdicts::of(&[], &probation), Group::unborn(&options.levels)),
        };
        for (index, trial) in present.into_iter().zip(trials) {
            if let Some(known) = &mut known[index] {
                known.trial = trial;
            }
        }
        (experience, known)
    }

    /// The options under which it was learnt and under which it forecasts.
    #[must_use]
    pub const fn options(&self) -> &ForecastOptions {
        &self.options
    }

    /// Tries and weighs the models of each series, in input order: the expensive part of a forecast. It depends on the
    /// series and on this experience, not on the other series.
    #[must_use]
    pub fn fit(&self, series: &[Series]) -> Vec<Fitted> {
        series.par_iter().map(|series| self.fit_known(series, None)).collect()
    }

    fn fit_known(&self, series: &Series, known: Option<Known>) -> Fitted {
        match self.trial_of(series, known) {
            Some((pupil, trial)) => Fitted::new(self, series, &self.weighed(&pupil, &trial)),
            None => Fitted::of_nothing(self, series),
        }
    }

    /// Forecasts series, in input order. The result for a series does not depend on the other ones given: whether all are
    /// forecast at once or each alone, it is that of [`forecast_all`](crate::forecast_all) over the series that were
    /// learnt from.
    ///
    /// Series that were not learnt from are forecast with what the others have in common.
    #[must_use]
    pub fn forecast(&self, series: &[Series]) -> Vec<Forecast> {
        series.par_iter().map(|series| self.forecast_known(series, None)).collect()
    }

    /// Forecasts one series by models that were weighed before: the same answer as [`Experience::forecast`] if its history
    /// is the one that was fitted, for a small part of the work. The history may have grown since: the models continue
    /// what is known now, with the weights and the spread of then.
    ///
    /// A fit that is of no use any more is made anew, which costs what [`Experience::forecast`] costs: that of another
    /// series, of a history that has grown by more than a horizon or become shorter, or whose models have no answer now.
    #[must_use]
    pub fn forecast_fitted(&self, fitted: &Fitted, series: &Series) -> Forecast {
        self.forecast_grid(fitted, std::slice::from_ref(series)).pop().unwrap_or_else(|| nothing(series))
    }

    /// Forecasts one series under several futures, in their order: series of the same past whose regressors come
    /// differently, such as those of [`Series::with_coming`]. The answers are those of
    /// [`forecast_fitted`](Self::forecast_fitted) for each, but whatever does not depend on coming regressors is done
    /// once: a grid of prices costs little more than one forecast.
    ///
    /// # Panics
    /// If the series have different pasts.
    #[must_use]
    pub fn forecast_grid(&self, fitted: &Fitted, futures: &[Series]) -> Vec<Forecast> {
        let Some((first, rest)) = futures.split_first() else { return Vec::new() };
        assert!(rest.iter().all(|future| future.has_past_of(first)), "futures of one series have one past");
        let told = fitted.forecasts(self, futures).unwrap_or_else(|| vec![None; futures.len()]);
        let anew =
            |(told, future): (Option<Forecast>, &Series)| told.unwrap_or_else(|| self.forecast_known(future, None));
        told.into_iter().zip(futures).map(anew).collect()
    }

    /// The forecast of a series of which something may be known.
    pub(crate) fn forecast_known(&self, series: &Series, known: Option<Known>) -> Forecast {
        let Some((pupil, trial)) = self.trial_of(series, known) else { return nothing(series) };
        let tried = self.weighed(&pupil, &trial);
        let Voice { mean, median, .. } = &tried.ensemble;
        let fitted = Fitted::new(self, series, &tried);
        fitted.teller(self, &pupil).map_or_else(|| nothing(series), |teller| teller.tell(series, (mean, median)))
    }

    /// A series, of which something may be known, with its models tried; `None` if nothing was observed.
    fn trial_of(&self, series: &Series, known: Option<Known>) -> Option<(Pupil, Trial)> {
        match known {
            Some(Known { pupil, trial: Some(trial) }) => Some((pupil, trial)),
            Some(Known { pupil, trial: None }) => Some(self.tried(series, pupil)),
            None => {
                let mut pupil = Pupil::new(series, &self.options)?;
                self.becalm(series, &mut pupil);
                Some(self.tried(series, pupil))
            }
        }
    }

    /// Takes the effects of the calendar out of what is learnt from.
    pub(crate) fn becalm(&self, series: &Series, pupil: &mut Pupil) {
        let taught = CalendarKnowledge { occasions: &self.occasions, yearly: &self.yearly };
        pupil.becalm(series, taught, &self.options);
    }

    fn tried(&self, series: &Series, pupil: Pupil) -> (Pupil, Trial) {
        let mut trial = pupil.trial(&self.precedent, self.options.horizon, UNTIMED);
        if let Some(clock) = &self.clock {
            trial.candidates.extend(self.lessons.candidates(&pupil.member(series, clock), &[]));
        }
        (pupil, trial)
    }

    /// The models of a series weighed.
    pub(crate) fn weighed<'a>(&self, pupil: &'a Pupil, trial: &'a Trial) -> Tried<'a> {
        let key = self.key(pupil);
        let verdicts = self.verdicts.0.get(&key.kind()).unwrap_or(&self.stranger.0);
        Tried::new(pupil, trial, verdicts, key)
    }

    /// What models of one series, with their parameters, expect now.
    pub(crate) fn ahead<'p>(&self, pupil: &'p Pupil, methods: &[(Method, &[f64])]) -> Ahead<'p> {
        crate::trial::ahead(pupil, &self.precedent, methods, self.options.horizon)
    }

    /// What a learner expects of a series now.
    pub(crate) fn ahead_of_all(&self, learner: usize, series: &Series, pupil: &Pupil) -> Option<Vec<f64>> {
        self.lessons.ahead(learner, &pupil.member(series, self.clock.as_ref()?))
    }

    fn key(&self, pupil: &Pupil) -> GroupKey {
        let own = GroupKey::of(&pupil.history);
        if self.groups.0.contains_key(&own) { own } else { own.rest() }
    }

    /// What its group knows.
    pub(crate) fn group(&self, key: &GroupKey) -> &Group {
        self.groups.0.get(key).unwrap_or(&self.stranger.1)
    }

    /// The moment at which a series ends, in periods of a clock that all share.
    pub(crate) fn moment(&self, series: &Series) -> i64 {
        let begins = self.clock.and_then(|clock| clock.index_of(series.calendar().start())).unwrap_or(0);
        begins + series.values().len() as i64
    }
}

/// Whether the series at this place is among those that teach.
const fn teaches(index: usize, count: usize) -> bool {
    // The first of each of so many equal stretches.
    count <= PUPILS_MAX || index == 0 || index * PUPILS_MAX / count > (index - 1) * PUPILS_MAX / count
}

/// Places of those who say which models to trust, for each kind of demand, and how far forecasts miss, for each group.
fn picked_by_kind_and_group(pupils: &[&Pupil], keys: &[GroupKey]) -> (Places, Places) {
    let (mut of_kind, mut of_group) = (Places::new(), Places::new());
    for (place, (pupil, key)) in pupils.iter().zip(keys).enumerate() {
        of_group.entry(*key).or_default().push(place);
        let speakers = of_kind.entry(key.kind()).or_default();
        if !pupil.origins.is_empty() {
            speakers.push(place);
        }
    }
    of_kind.values_mut().for_each(|places| *places = evenly(places, SPEAKERS_MAX));
    of_group.values_mut().for_each(|places| *places = evenly(places, WITNESSES_MAX));
    (of_kind, of_group)
}

type Places = BTreeMap<GroupKey, Vec<usize>>;

/// At most so many of them, evenly picked.
fn evenly(places: &[usize], count: usize) -> Vec<usize> {
    places.iter().copied().step_by(places.len().div_ceil(count).max(1)).collect()
}

/// What regressors do to these series, from each series' own effects.
///
/// Whole histories speak here, so at past origins the common effect knows a little of what came after. Ten series or
/// more share it, and back-tests cut the series before, so they are free of it.
fn precedent(pupils: &[&Pupil]) -> Precedent {
    let fitted: Vec<(&Drivers, Effects)> = pupils.par_iter().filter_map(|pupil| pupil.effects()).collect();
    Precedent::of(&fitted)
}

/// An experience as it is stored, not yet trusted.
#[derive(Deserialize)]
struct Stored {
    options: ForecastOptions,
    methods: Vec<Method>,
    clock: Option<Calendar>,
    #[serde(default)]
    occasions: Occasions,
    #[serde(default)]
    yearly: YearlySeason,
    precedent: Precedent,
    lessons: Lessons,
    verdicts: ByGroup<Verdicts>,
    groups: ByGroup<Group>,
    stranger: (Verdicts, Group),
}

/// Why a stored experience is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unusable {
    #[error("what was learnt knows other forecasting methods than this version has: learn again")]
    OtherMethods,
    #[error("what was learnt knows other holidays than this version has: learn again")]
    OtherHolidays,
    #[error("what was learnt is damaged: {0}; learn again")]
    Damaged(&'static str),
}

impl TryFrom<Stored> for Experience {
    type Error = Unusable;

    fn try_from(stored: Stored) -> Result<Self, Unusable> {
        let Stored { options, methods, clock, occasions, yearly, precedent, lessons, verdicts, groups, stranger } =
            stored;
        if !methods.iter().copied().eq(Method::all()) {
            return Err(Unusable::OtherMethods);
        }
        if !verdicts.0.values().chain([&stranger.0]).all(|verdicts| verdicts.is_whole(methods.len())) {
            return Err(Unusable::Damaged("shares of methods are missing"));
        }
        if !groups.0.values().chain([&stranger.1]).all(|group| group.is_whole(options.levels.len())) {
            return Err(Unusable::Damaged("intervals of a group are missing"));
        }
        if !occasions.is_whole(&options.holidays) {
            return Err(Unusable::OtherHolidays);
        }
        if !yearly.is_whole() {
            return Err(Unusable::Damaged("waves of the year are missing"));
        }
        if !lessons.is_whole() {
            return Err(Unusable::Damaged("a learner does not fit"));
        }
        Ok(Self { options, methods, clock, occasions, yearly, precedent, lessons, verdicts, groups, stranger })
    }
}
