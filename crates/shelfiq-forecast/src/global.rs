//! Learners that see all series of a panel together, while the models of `model.rs` see one.
//!
//! A learner is taught at a few moments, each time with nothing but what was known then, and asked for the same paths
//! as every other model: one per series from each past origin, and one from the present. From there on it is a
//! candidate like others: it joins the ensemble of a series only where similar series show that it pays.
//!
//! To add a learner: a file in `global/` with a [`GlobalLearner`], a kind of [`Learnt`], and a line in [`LEARNERS`].

mod columns;
mod lstm;
mod profile;
mod trees;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Stamp};
use crate::calendar_effects::CalendarEffects;
use crate::history::History;
use crate::series::Series;
use crate::trial::{Bounds, Candidate, Method, Origin, Stopwatch};

/// A way to learn from many series at once. The same arguments give the same answer on any number of threads; chance
/// comes from a fixed seed.
pub(crate) trait GlobalLearner: Sync {
    /// Its name in results.
    fn name(&self) -> &'static str;

    /// Its mean absolute error over the mean of all models' on one series, as usual: what is believed before the
    /// series at hand have spoken. One is a learner that is as good as the average model.
    fn typical_loss(&self) -> f64;

    /// Whether it takes part only where it is shown to pay, rather than where nothing speaks against it.
    fn must_earn_its_place(&self) -> bool {
        false
    }

    /// Learns from what happened before `now`, for forecasts of up to `horizon` periods. `None` if that cannot pay:
    /// few series, few periods, nothing in common.
    ///
    /// `before` is what it knew at an earlier moment, of the same members: it may go on from there.
    ///
    /// Of each member only the values of periods before `now` may be looked at, see [`Member::known_at`]. Regressors
    /// may be looked at up to `horizon` periods further, if they are known as far ahead of the present as well.
    fn learn(&self, members: &[Member<'_>], now: i64, horizon: usize, before: Option<&Learnt>) -> Option<Learnt>;
}

/// What a learner knows at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Learnt {
    Trees(trees::Taught),
    Lstm(lstm::Trained),
}

/// Who can be asked for a path.
pub(crate) trait Answers {
    /// The expected values of the `steps` periods that follow the first `end` ones of a member's history; these may be
    /// looked at, the rest not. `None` if it finds no answer for this series.
    ///
    /// The member need not be one of those learnt from, and `end` may lie beyond the moment of learning.
    fn forecast(&self, member: &Member<'_>, end: usize, steps: usize) -> Option<Vec<f64>>;
}

impl Answers for Learnt {
    fn forecast(&self, member: &Member<'_>, end: usize, steps: usize) -> Option<Vec<f64>> {
        match self {
            Self::Trees(trees) => trees.forecast(member, end, steps),
            Self::Lstm(net) => net.forecast(member, end, steps),
        }
    }
}

/// Every learner, in the order of results.
pub(crate) static LEARNERS: &[&dyn GlobalLearner] = &[&trees::Trees, &lstm::Lstm];

/// A series among others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) series: &'a Series,
    pub(crate) history: &'a History,
    /// The moments from which paths are wanted, besides the present.
    pub(crate) origins: &'a [Origin],
    /// The moment at which the history begins, in periods of a clock that all members share.
    pub(crate) begins: i64,
    /// What the calendar does to it: the history is without these effects.
    pub(crate) effects: Option<&'a CalendarEffects>,
}

impl<'a> Member<'a> {
    /// `clock` is the calendar of any series of the panel.
    pub(crate) fn new(series: &'a Series, history: &'a History, origins: &'a [Origin], clock: &Calendar) -> Self {
        let start = clock.index_of(series.calendar().start()).unwrap_or(0);
        let left_out = series.values().len() - history.values.len();
        Self { series, history, origins, begins: start + left_out as i64, effects: None }
    }

    /// Periods of the history before `now`.
    pub(crate) fn known_at(&self, now: i64) -> usize {
        usize::try_from(now - self.begins).unwrap_or(0).min(self.history.values.len())
    }

    /// Place in the series (and so in its regressors) of period `t` of the history.
    pub(crate) fn place(&self, t: usize) -> usize {
        self.series.values().len() - self.history.values.len() + t
    }

    /// The moment at which the first `end` periods are over.
    pub(crate) fn moment(&self, end: usize) -> i64 {
        self.begins + end as i64
    }
}

/// Whether its periods are dates. Numbered steps of unlike things have no time in common, and without regressors
/// nothing else either.
fn has_calendar(member: &Member<'_>) -> bool {
    !matches!(member.series.calendar().start(), Stamp::Step(_))
}

/// The paths from each origin, and that from the present.
type Paths = (Vec<Vec<f64>>, Vec<f64>);

/// What all learners know, at several moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lessons {
    horizon: usize,
    /// One list per learner: moments and what was known then, earliest first, the present last.
    taught: Vec<Vec<(i64, Option<Learnt>)>>,
}

impl Lessons {
    /// What the members teach, for forecasts from all their origins and from the present; and each member's equal share
    /// of the time that each learner took.
    pub(crate) fn learn(members: &[Member<'_>], horizon: usize, stopwatch: Stopwatch<'_>) -> (Self, Vec<Duration>) {
        let mut lessons = Self { horizon, taught: vec![Vec::new(); LEARNERS.len()] };
        let mut durations = vec![Duration::ZERO; LEARNERS.len()];
        if members.len() < 2 || horizon == 0 {
            return (lessons, durations);
        }
        let present = members.iter().map(|member| member.moment(member.history.values.len())).max().unwrap_or(0);
        let mut moments = past_moments(members);
        moments.push(present);
        for ((learner, taught), duration) in LEARNERS.iter().zip(&mut lessons.taught).zip(&mut durations) {
            let before = stopwatch();
            for now in &moments {
                let before = taught.last().and_then(|(_, learnt)| learnt.as_ref());
                let learnt = learner.learn(members, *now, horizon, before);
                taught.push((*now, learnt));
            }
            let share = u32::try_from(members.len()).unwrap_or(u32::MAX);
            *duration = stopwatch().saturating_sub(before) / share;
        }
        (lessons, durations)
    }

    /// The answers of all learners for one series, which took these times.
    pub(crate) fn candidates(&self, member: &Member<'_>, durations: &[Duration]) -> Vec<Candidate> {
        let candidate = |(index, taught): (usize, &Vec<(i64, Option<Learnt>)>)| {
            let (tried, ahead) = ask(taught, member, self.horizon)?;
            let duration = durations.get(index).copied().unwrap_or_default();
            Some(Candidate { method: Method::Global(index), tried, ahead, tuned: Vec::new(), duration })
        };
        self.taught.iter().enumerate().filter_map(candidate).collect()
    }

    /// Forgets what a learner knows that nobody listens to.
    pub(crate) fn forget(&mut self, learner: usize) {
        self.taught[learner].clear();
    }

    /// What one learner expects of a series now.
    pub(crate) fn ahead(&self, learner: usize, member: &Member<'_>) -> Option<Vec<f64>> {
        path(&self.taught.get(learner)?.last()?.1, member, member.history.values.len(), self.horizon)
    }

    /// The learners that know something and must earn their place.
    pub(crate) fn on_probation(&self) -> Vec<Method> {
        let is_new = |index: &usize| !self.taught[*index].is_empty() && LEARNERS[*index].must_earn_its_place();
        (0..LEARNERS.len()).filter(is_new).map(Method::Global).collect()
    }

    /// Whether what each learner knows is of its own kind and in order.
    pub(crate) fn is_whole(&self) -> bool {
        let learnt = || self.taught.iter().flatten().filter_map(|(_, learnt)| learnt.as_ref());
        self.taught.len() == LEARNERS.len()
            && learnt().all(|learnt| match learnt {
                Learnt::Trees(trees) => trees.is_whole(),
                Learnt::Lstm(net) => net.is_whole(),
            })
    }
}

/// Moments in the past at which learning serves the origins of nearly all members, earliest first: of the last
/// origins of all members, of those before them and so on, an early one. Where all series end together these are
/// the origins themselves.
pub(crate) fn past_moments(members: &[Member<'_>]) -> Vec<i64> {
    let deepest = members.iter().map(|member| member.origins.len()).max().unwrap_or(0);
    let of_rank = |rank: usize| {
        let ends = members.iter().filter_map(|member| Some((member, member.origins.iter().rev().nth(rank)?)));
        let mut moments: Vec<i64> = ends.map(|(member, origin)| member.moment(origin.end)).collect();
        moments.sort_unstable();
        moments[moments.len() / 10]
    };
    let mut moments: Vec<i64> = (0..deepest).map(of_rank).collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// The paths from each origin and from the present; `None` unless there is an answer everywhere. An origin is asked
/// of the latest lesson that knows nothing from after it, the present of the last.
fn ask<L: Answers>(lessons: &[(i64, Option<L>)], member: &Member<'_>, horizon: usize) -> Option<Paths> {
    let present = lessons.last()?;
    let tried = member.origins.iter().map(|origin| {
        let moment = member.moment(origin.end);
        let lesson = lessons.iter().rev().find(|(now, _)| *now <= moment)?;
        path(&lesson.1, member, origin.end, origin.actual.len())
    });
    let tried = tried.collect::<Option<Vec<_>>>()?;
    Some((tried, path(&present.1, member, member.history.values.len(), horizon)?))
}

/// The path of the `steps` periods after the first `end` ones, inside the bounds of a sane forecast.
fn path<L: Answers>(learnt: &Option<L>, member: &Member<'_>, end: usize, steps: usize) -> Option<Vec<f64>> {
    let path = learnt.as_ref()?.forecast(member, end, steps)?;
    let mut path = Bounds::of(&member.history.values[..end], member.history).apply(path)?;
    if let Some(effects) = member.effects {
        effects.restore(end, &mut path);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Frequency;
    use crate::options::{ForecastOptions, Season};
    use crate::series::Regressor;

    const KNOWN: usize = 80;
    const HORIZON: usize = 6;

    fn wave(sku: usize, t: usize) -> f64 {
        10.0 + sku as f64 + 4.0 * ((t * (sku % 5 + 1)) as f64).sin() + ((t * 7919 + sku * 104_729) % 13) as f64 / 4.0
    }

    fn panel(value: impl Fn(usize, usize) -> f64) -> Vec<(Series, History)> {
        let one = |sku: usize| {
            let values: Vec<f64> = (0..KNOWN + 20).map(|t| value(sku, t)).collect();
            let price = (0..KNOWN + 20 + HORIZON).map(|t| 5.0 + ((t + sku) % 4) as f64).collect();
            let calendar = Calendar::new(Stamp::parse("2023-01-01").unwrap(), Frequency::WEEK);
            let series = Series::new(format!("s{sku}"), calendar, values).unwrap();
            let series = series.with_regressor(Regressor { name: "price".to_owned(), values: price }).unwrap();
            // Which season a series has is asked of all of it.
            let options = ForecastOptions { season: Season::Periods(4), ..ForecastOptions::for_demand(HORIZON) };
            let history = History::new(&series, &options).unwrap();
            (series, history)
        };
        (0..24).map(one).collect()
    }

    fn members(panel: &[(Series, History)]) -> Vec<Member<'_>> {
        panel.iter().map(|(series, history)| Member::new(series, history, &[], series.calendar())).collect()
    }

    #[test]
    fn no_learner_knows_anything_from_after_its_moment() {
        let (truth, rewritten) = (panel(wave), panel(|sku, t| if t < KNOWN { wave(sku, t) } else { 900.0 }));
        for learner in LEARNERS {
            let paths = |panel: &[(Series, History)]| -> Vec<Option<Vec<f64>>> {
                let members = members(panel);
                let learnt = learner.learn(&members, KNOWN as i64, HORIZON, None).expect("enough to learn from");
                members.iter().map(|member| learnt.forecast(member, KNOWN, HORIZON)).collect()
            };
            assert_eq!(paths(&truth), paths(&rewritten), "{}", learner.name());
        }
    }

    #[test]
    fn an_origin_is_asked_of_the_latest_lesson_that_does_not_know_it() {
        struct Says(f64);
        impl Answers for Says {
            fn forecast(&self, _: &Member<'_>, _: usize, steps: usize) -> Option<Vec<f64>> {
                Some(vec![self.0; steps])
            }
        }
        let panel = panel(wave);
        let origin = |end| Origin { end, actual: vec![0.0; 2] };
        let origins = [origin(50), origin(63), origin(70)];
        let member = Member { origins: &origins, ..members(&panel)[0] };
        let lesson = |now: i64, says: f64| (now, Some(Says(says)));
        let lessons = [lesson(50, 11.0), lesson(60, 12.0), lesson(71, 13.0), lesson(100, 14.0)];
        let (tried, ahead) = ask(&lessons, &member, 3).unwrap();
        assert_eq!((tried, ahead), (vec![vec![11.0; 2], vec![12.0; 2], vec![12.0; 2]], vec![14.0; 3]));
        assert_eq!(ask(&lessons[1..], &member, 3), None, "nothing was learnt before its first origin");
    }

    #[test]
    fn series_that_end_together_are_learnt_at_their_origins() {
        let panel = panel(wave);
        let origins = [80, 90].map(|end| Origin { end, actual: Vec::new() });
        let members: Vec<Member<'_>> =
            members(&panel).into_iter().map(|member| Member { origins: &origins, ..member }).collect();
        assert_eq!(past_moments(&members), [80, 90]);
    }
}
