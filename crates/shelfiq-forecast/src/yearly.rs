//! The season of the year that all series of a panel share: demand that swells and ebbs with the date, year after year.
//!
//! One series of days rarely has the years it would take to tell a yearly season from everything else; the panel has one
//! season in common, and its sum is far less noisy. The weekly index of the panel is taken apart into a trend
//! that may wander, waves of the year and noise; how much of it is season is weighed by marginal likelihood, so that a
//! panel that shows none is given none, and a year that was seen once counts for less than one that came again. Groups of
//! a category (the candles, the garden) depart from the panel as far as their own index says so.
//!
//! Holidays come first: the index is without their effects, so that nothing counts twice. Models see histories divided by
//! the factor of the day, and what they expect is multiplied back.

mod index;
mod waves;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::index::{Course, Teacher, index};
use self::waves::{Curve, Point, SLOTS, fit, slot};
use crate::calendar::Calendar;
use crate::occasions::Occasions;
use crate::options::{ForecastOptions, Season};
use crate::pupil::Pupil;
use crate::series::Series;

/// Years of the panel below which nothing of the coming weeks was seen besides a trend.
const YEARS_MIN: f64 = 1.25;
/// Series of which a group consists at least.
const GROUP_MIN: usize = 5;
/// Groups of a category at most: more are labels of single products rather than kinds of them.
const GROUPS_MAX: usize = 200;
/// Factors lie in this range.
const FACTOR: (f64, f64) = (0.2, 5.0);

/// What was known of the season of the year at several moments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct YearlySeason {
    /// Whose periods moments are counted in; none where there is nothing to know.
    clock: Option<Calendar>,
    /// Moments and what was known then, earliest first, the present last.
    lessons: Vec<(i64, Known)>,
}

/// The season of the panel at one moment, and how groups of one category depart from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Known {
    common: Curve,
    /// The category whose values differ, if any does.
    category: Option<String>,
    groups: BTreeMap<String, Curve>,
}

/// The factors of one series, as they were known at several ends of its history.
#[derive(Debug, Clone)]
pub(crate) struct YearlyFactors {
    /// The day of the year of each period of the history, then of the horizon.
    slots: Vec<usize>,
    /// Ends, and the factor of each day of the year as it was known there; nothing where nothing was.
    known: Vec<(usize, Vec<f64>)>,
}

impl YearlySeason {
    /// What pupils, each with its series, tell of the year. Who wants no season at all is given none.
    pub(crate) fn learn(pupils: &[(&Series, &Pupil)], occasions: &Occasions, options: &ForecastOptions) -> Self {
        let Some(frequency) = pupils.first().map(|(series, _)| series.calendar().frequency()) else {
            return Self::default();
        };
        let Some(year) = frequency.year_periods().filter(|_| options.season != Season::Periods(1)) else {
            return Self::default();
        };
        let counts = |(series, pupil): &&(&Series, &Pupil)| {
            pupil.history.is_nonnegative && series.calendar().frequency() == frequency
        };
        let counted: Vec<(&Series, &Pupil)> = pupils.iter().filter(counts).copied().collect();
        let Some(clock) = Calendar::earliest(counted.iter().map(|(series, _)| series.calendar())) else {
            return Self::default();
        };
        let members: Vec<_> = counted.iter().map(|(series, pupil)| pupil.member(series, &clock)).collect();
        let first = members.iter().map(|member| member.begins).min().unwrap_or(0);
        let present = members.iter().map(|member| member.moment(member.history.values.len())).max().unwrap_or(0);
        let mut moments = crate::global::past_moments(&members);
        moments.push(present);
        moments.retain(|now| (now - first) as f64 >= YEARS_MIN * year as f64);
        if moments.is_empty() {
            return Self::default();
        }
        let teachers: Vec<Teacher<'_>> = members
            .iter()
            .zip(&counted)
            .map(|(member, (series, pupil))| Teacher { begins: member.begins, pupil, categories: series.categories() })
            .collect();
        let lesson = |now: i64| (now, Known::of(&teachers, occasions, &clock, now));
        let lessons: Vec<(i64, Known)> = moments.into_par_iter().map(lesson).collect();
        Self { clock: Some(clock), lessons }
    }

    /// The factors of one series, seen from its origins and from the present; `None` where nothing is known of it.
    pub(crate) fn factors(&self, series: &Series, pupil: &Pupil, horizon: usize) -> Option<YearlyFactors> {
        let calendar = series.calendar();
        let is_like = |clock: &&Calendar| clock.frequency() == calendar.frequency();
        let clock = self.clock.as_ref().filter(is_like).filter(|_| pupil.history.is_nonnegative)?;
        let member = pupil.member(series, clock);
        let length = pupil.history.values.len();
        let ends = pupil.origins.iter().map(|origin| origin.end).chain([length]);
        let known: Vec<(usize, Vec<f64>)> = ends
            .filter_map(|end| {
                let now = member.moment(end);
                let (_, known) = self.lessons.iter().rev().find(|(moment, _)| *moment <= now)?;
                Some((end, known.factors(series)?))
            })
            .collect();
        let slots = || (0..length + horizon).map(|t| slot(calendar, member.place(t))).collect::<Option<Vec<_>>>();
        (!known.is_empty()).then(slots).flatten().map(|slots| YearlyFactors { slots, known })
    }

    /// Whether what was stored can be used.
    pub(crate) fn is_whole(&self) -> bool {
        self.lessons.iter().all(|(_, known)| known.common.is_whole() && known.groups.values().all(Curve::is_whole))
    }
}

impl Known {
    /// What was known at the moment `now`.
    fn of(teachers: &[Teacher<'_>], occasions: &Occasions, clock: &Calendar, now: i64) -> Self {
        let courses: Vec<Course> = teachers.iter().map(|teacher| teacher.course(occasions, clock, now)).collect();
        let all: Vec<&Course> = courses.iter().collect();
        let Some((common, _)) = fit(&points(&index(&all), clock, now, &Curve::default())) else {
            return Self::default();
        };
        let names: BTreeSet<&String> = teachers.iter().flat_map(|teacher| teacher.categories.keys()).collect();
        let departures = names.into_iter().map(|category| {
            let mut groups: BTreeMap<&String, Vec<&Course>> = BTreeMap::new();
            for (teacher, course) in teachers.iter().zip(&courses) {
                if let Some(value) = teacher.categories.get(category) {
                    groups.entry(value).or_default().push(course);
                }
            }
            let (odds, curves) = departures(&groups, |courses| fit(&points(&index(courses), clock, now, &common)));
            (odds, category, curves)
        });
        // Of several categories the one that tells most; the first of equal ones.
        let best = departures.filter(|(odds, ..)| *odds > 0.0).reduce(|a, b| if b.0 > a.0 { b } else { a });
        let (category, groups) = best.map_or((None, BTreeMap::new()), |(_, name, groups)| (Some(name.clone()), groups));
        Self { common, category, groups }
    }

    /// The factor of each day of the year for a series; `None` where it is one on all.
    fn factors(&self, series: &Series) -> Option<Vec<f64>> {
        let value = self.category.as_ref().and_then(|category| series.categories().get(category));
        let own = value.and_then(|value| self.groups.get(value));
        let factor = |slot: usize| {
            let log = self.common.log_factor(slot) + own.map_or(0.0, |own| own.log_factor(slot));
            log.exp().clamp(FACTOR.0, FACTOR.1)
        };
        let factors: Vec<f64> = (0..SLOTS).map(factor).collect();
        factors.iter().any(|factor| *factor != 1.0).then_some(factors)
    }
}

/// How groups depart from the panel, and the logarithm of the odds that any does.
fn departures(
    groups: &BTreeMap<&String, Vec<&Course>>,
    fit: impl Fn(&[&Course]) -> Option<(Curve, f64)>,
) -> (f64, BTreeMap<String, Curve>) {
    if !(2..=GROUPS_MAX).contains(&groups.len()) {
        return (0.0, BTreeMap::new());
    }
    let mut sum = 0.0;
    let mut curves = BTreeMap::new();
    for (value, courses) in groups.iter().filter(|(_, courses)| courses.len() >= GROUP_MIN) {
        if let Some((curve, odds)) = fit(courses) {
            sum += odds.max(0.0);
            curves.insert((*value).clone(), curve);
        }
    }
    (sum, curves)
}

/// An index by weeks from the last back as points of time, less what is `known` of the season.
fn points(index: &[Option<(f64, f64)>], clock: &Calendar, now: i64, known: &Curve) -> Vec<Point> {
    let week = clock.week_periods() as i64;
    let years = week as f64 / clock.frequency().year_periods().unwrap_or(1) as f64;
    let point = |(weeks_ago, found): (usize, &Option<(f64, f64)>)| {
        let (value, tells) = (*found)?;
        let middle = usize::try_from(now - weeks_ago as i64 * week - (week + 1) / 2).ok()?;
        let slot = slot(clock, middle)?;
        Some(Point { years: -(weeks_ago as f64) * years, slot, value: value - known.log_factor(slot), tells })
    };
    index.iter().enumerate().filter_map(point).collect()
}

impl YearlyFactors {
    /// The first `values.len()` values without the season, as far as it was known then.
    pub(crate) fn clean(&self, mut values: Vec<f64>) -> Vec<f64> {
        if let Some(factors) = self.at(values.len()) {
            values.iter_mut().zip(&self.slots).for_each(|(value, slot)| *value /= factors[*slot]);
        }
        values
    }

    /// The opposite for a path from there.
    pub(crate) fn restore(&self, end: usize, path: &mut [f64]) {
        if let Some(factors) = self.at(end) {
            path.iter_mut().zip(&self.slots[end..]).for_each(|(value, slot)| *value *= factors[*slot]);
        }
    }

    /// Mean factor of the `periods` before the end of a history.
    pub(crate) fn of_late(&self, end: usize, periods: usize) -> f64 {
        let late = &self.slots[end.saturating_sub(periods)..end];
        let sum = |factors: &[f64]| late.iter().map(|slot| factors[*slot]).sum::<f64>();
        self.at(end).filter(|_| !late.is_empty()).map_or(1.0, |factors| sum(factors) / late.len() as f64)
    }

    fn at(&self, end: usize) -> Option<&[f64]> {
        self.known.iter().find(|(known, _)| *known == end).map(|(_, factors)| factors.as_slice())
    }
}
