//! What holidays and selling events do to demand, learnt from what all series of a panel did around them.
//!
//! Every day near a holiday has an effect of its own, the same every year (Taylor & Letham, The American Statistician 72,
//! 2018, section 3.3): the share by which demand differs from what is usual on that weekday in the weeks around. A
//! holiday comes once or twice in a history, and whatever else happened that day would pass for its effect. So the
//! effects of a holiday are shrunk together by what the same days would seem to be worth at other times of the year
//! (James and Stein's estimator, with those placebos for the noise): a holiday that does nothing is given nothing. Each
//! series departs from the common effect as far as series are found to differ and its own past says so.
//!
//! Models see histories without these effects; the effects of coming days are put back after. They are no models of
//! their own to be weighed, since past origins tell next to nothing of days that come once a year.

mod almanac;
mod common;
mod sway;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use shelfiq_core::HolidayCountry;

use self::almanac::Mark;
pub(crate) use self::almanac::marks;
use self::common::{Common, Witness};
use self::sway::Effect;
pub(crate) use self::sway::Sway;
use crate::calendar::Calendar;
use crate::history::History;
use crate::options::ForecastOptions;
use crate::pupil::Pupil;
use crate::series::Series;

/// What was known of occasions at several moments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Occasions {
    /// Names of the holidays spoken of, since occasions are numbered.
    names: Vec<String>,
    /// Whose periods moments are counted in.
    clock: Option<Calendar>,
    /// Moments and what was known then, earliest first, the present last.
    lessons: Vec<(i64, Common)>,
}

/// A series beside the calendar, as far as it depends on the series alone.
#[derive(Debug, Clone)]
pub(crate) struct Marked {
    /// One per period of the history, then of the horizon.
    marks: Vec<Option<Mark>>,
    /// What each period of the history would be without occasions, by the same weekday of the weeks around.
    usual: Vec<f64>,
    /// Variance of an ordinary period over its mean.
    dispersion: f64,
}

impl Marked {
    /// `None` where no countries are given, no period is marked, or values can be below zero: then nobody knows what a
    /// share of them is.
    pub(crate) fn of(series: &Series, history: &History, options: &ForecastOptions) -> Option<Self> {
        if options.holidays.is_empty() || !history.is_nonnegative {
            return None;
        }
        let length = history.values.len();
        let first = series.values().len() - length;
        let marks = marks(series.calendar(), &options.holidays, first, length + options.horizon);
        marks.iter().any(Option::is_some).then(|| {
            let is_ordinary: Vec<bool> =
                marks.iter().zip(&history.seen).map(|(mark, seen)| mark.is_none() && *seen).collect();
            let usual = usual(&history.values, &is_ordinary, series.calendar().week_periods());
            let ordinary = || is_ordinary.iter().zip(history.values.iter().zip(&usual)).filter(|(is, _)| **is);
            let square: f64 = ordinary().map(|(_, (value, usual))| (value - usual).powi(2)).sum();
            let sum: f64 = ordinary().map(|(_, (_, usual))| usual).sum();
            let dispersion = if square > 0.0 && sum > 0.0 { square / sum } else { f64::INFINITY };
            Self { marks, usual, dispersion }
        })
    }

    /// How much a period of the history was above usual, and how much it tells: both in units of its noise.
    fn deviation(&self, history: &History, t: usize) -> (f64, f64) {
        if !history.seen[t] {
            return (0.0, 0.0);
        }
        ((history.values[t] - self.usual[t]) / self.dispersion, self.usual[t] / self.dispersion)
    }
}

/// Ordinary periods on each side from which the usual value of a period is taken, and weeks in which they may lie.
const AROUND: (usize, usize) = (3, 6);

/// What each period would be by ordinary ones at the same place of the weeks around.
fn usual(values: &[f64], is_ordinary: &[bool], week: usize) -> Vec<f64> {
    let at = |t: usize| {
        let ordinary = |t: &usize| *t < values.len() && is_ordinary[*t];
        let before = (1..=AROUND.1).map_while(|k| t.checked_sub(k * week)).filter(ordinary).take(AROUND.0);
        let after = (1..=AROUND.1).map(|k| t + k * week).filter(ordinary).take(AROUND.0);
        let (sum, count) = before.chain(after).fold((0.0, 0_u32), |(sum, count), t| (sum + values[t], count + 1));
        if count == 0 { values[t] } else { sum / f64::from(count) }
    };
    (0..values.len()).map(at).collect()
}

impl Occasions {
    /// What pupils, each with its series, tell of the holidays of the countries asked for.
    pub(crate) fn learn(pupils: &[(&Series, &Pupil)], countries: &[HolidayCountry]) -> Self {
        let marked: Vec<(&Series, &Pupil, &Marked)> =
            pupils.iter().filter_map(|(series, pupil)| Some((*series, *pupil, pupil.marked.as_ref()?))).collect();
        let Some(clock) = Calendar::earliest(marked.iter().map(|(series, ..)| series.calendar())) else {
            return Self::default();
        };
        let members: Vec<_> = marked.iter().map(|(series, pupil, _)| pupil.member(series, &clock)).collect();
        let mut moments = crate::global::past_moments(&members);
        moments.push(members.iter().map(|member| member.moment(member.history.values.len())).max().unwrap_or(0));
        let witnesses: Vec<Witness<'_>> = members
            .iter()
            .zip(&marked)
            .map(|(member, (_, pupil, marked))| Witness { begins: member.begins, history: &pupil.history, marked })
            .collect();
        let week = clock.week_periods();
        let lessons = moments.into_par_iter().map(|now| (now, Common::of(&witnesses, now, week))).collect();
        Self { names: names(countries), clock: Some(clock), lessons }
    }

    /// What occasions do to one series, seen from its origins and from the present.
    pub(crate) fn sway(&self, series: &Series, pupil: &Pupil) -> Option<Sway> {
        let marked = pupil.marked.as_ref()?;
        let member = pupil.member(series, self.clock.as_ref()?);
        let ends = pupil.origins.iter().map(|origin| origin.end).chain([pupil.history.values.len()]);
        let known = |end: usize| (end, self.known_at(member.moment(end)));
        Some(Sway::new(&pupil.history, marked, ends.map(known)))
    }

    /// What was known at the moment `now`.
    fn known_at(&self, now: i64) -> Option<&Common> {
        self.lessons.iter().rev().find(|(moment, _)| *moment <= now).map(|(_, common)| common)
    }

    /// The history of a pupil without what occasions do to the average series, as it was known at the moment `now`.
    pub(crate) fn calm(&self, pupil: &Pupil, now: i64) -> Vec<f64> {
        let values = &pupil.history.values;
        let Some((marked, common)) = pupil.marked.as_ref().zip(self.known_at(now)) else { return values.clone() };
        let calm = |((value, usual), mark): ((&f64, &f64), &Option<Mark>)| {
            mark.map_or(*value, |mark| {
                let (mean, _) = common.effect(mark.occasion);
                Effect::new(mark, mean).taken_from(*value, *usual, pupil.history.class.is_sparse())
            })
        };
        values.iter().zip(&marked.usual).zip(&marked.marks).map(calm).collect()
    }

    /// Whether what was stored speaks of the holidays that this version knows.
    pub(crate) fn is_whole(&self, countries: &[HolidayCountry]) -> bool {
        self.lessons.is_empty() || self.names == names(countries)
    }
}

fn names(countries: &[HolidayCountry]) -> Vec<String> {
    countries.iter().flat_map(|country| almanac::names(*country)).map(|name| (*name).to_owned()).collect()
}
