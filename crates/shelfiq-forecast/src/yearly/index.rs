//! The index of a panel: how much all series together sold in each week, as a share of what they sell on average.

use std::collections::BTreeMap;

use crate::calendar::Calendar;
use crate::occasions::Occasions;
use crate::pupil::Pupil;

/// Rounds in which levels, noise and index are found in turn.
const ROUNDS: usize = 6;
/// Dispersion of a series over its level at least: one that keeps to the index by chance must not drown the others.
const DISPERSION_MIN: f64 = 1e-3;
/// Index below which the shop was closed rather than calm.
const CLOSED_BELOW: f64 = 0.05;

/// A series that tells.
pub(super) struct Teacher<'a> {
    /// The moment at which its history begins.
    pub(super) begins: i64,
    pub(super) pupil: &'a Pupil,
    pub(super) categories: &'a BTreeMap<String, String>,
}

/// What one series sold in whole weeks, without the effects of holidays, from the last week back; nothing in weeks that
/// its history does not hold.
pub(super) type Course = Vec<Option<f64>>;

impl Teacher<'_> {
    /// The weeks before the moment `now`.
    pub(super) fn course(&self, occasions: &Occasions, clock: &Calendar, now: i64) -> Course {
        let week = clock.week_periods();
        let calm = occasions.calm(self.pupil, now);
        let end = usize::try_from(now - self.begins).unwrap_or(0);
        let whole = |weeks_ago: usize| {
            let to = end - weeks_ago * week;
            calm.get(to - week..to).map(|values| values.iter().sum())
        };
        (0..end / week).map(whole).collect()
    }
}

/// Logarithm of the index of each week from the last back, and how much stands behind it in units of its noise: the
/// inverse of the variance that the series' own chances leave. `None` for weeks of which nothing is known.
///
/// Sales of a series are its level times the index, and vary in proportion to both (quasi-Poisson); series count by what
/// they tell, so that one with moods of its own counts for little.
pub(super) fn index(courses: &[&Course]) -> Vec<Option<(f64, f64)>> {
    let weeks = courses.iter().map(|course| course.len()).max().unwrap_or(0);
    let mut index = vec![1.0; weeks];
    let mut tells = vec![0.0; weeks];
    for _ in 0..ROUNDS {
        let mut sold = vec![0.0; weeks];
        tells.fill(0.0);
        for course in courses {
            let Some((level, dispersion)) = level_and_dispersion(course, &index) else { continue };
            for (week, found) in course.iter().enumerate() {
                if let Some(found) = found {
                    sold[week] += found / dispersion;
                    tells[week] += level / dispersion;
                }
            }
        }
        for (index, (sold, tells)) in index.iter_mut().zip(sold.iter().zip(&tells)) {
            *index = if *tells > 0.0 { sold / tells } else { 0.0 };
        }
    }
    let found = |(index, tells): (&f64, &f64)| (*index > CLOSED_BELOW).then(|| (index.ln(), index * tells));
    index.iter().zip(&tells).map(found).collect()
}

/// Level of a series on an index, and its variance over its mean; `None` if it tells nothing.
fn level_and_dispersion(course: &Course, index: &[f64]) -> Option<(f64, f64)> {
    let known = || course.iter().zip(index).filter_map(|(sold, index)| Some(((*sold)?, *index)));
    let (sold, share, count) =
        known().fold((0.0, 0.0, 0_u32), |(sum, share, count), (sold, index)| (sum + sold, share + index, count + 1));
    if count < 2 || sold <= 0.0 || share <= 0.0 {
        return None;
    }
    let level = sold / share;
    let square: f64 = known()
        .filter(|(_, index)| *index > 0.0)
        .map(|(sold, index)| (sold - level * index).powi(2) / (level * index))
        .sum();
    Some((level, (square / f64::from(count - 1)).max(DISPERSION_MIN * level)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(weeks: impl Iterator<Item = f64>) -> Course {
        weeks.map(Some).collect()
    }

    #[test]
    fn the_index_is_what_series_share_whatever_their_levels() {
        let share = |week: usize| 1.0 + 0.5 * (week as f64 / 4.0).sin();
        let courses: Vec<Course> =
            [2.0, 30.0, 500.0].iter().map(|level| course((0..40).map(|week| level * share(week)))).collect();
        let found = index(&courses.iter().collect::<Vec<_>>());
        for week in 1..40 {
            let ratio = found[week].unwrap().0 - found[0].unwrap().0;
            assert!((ratio - (share(week) / share(0)).ln()).abs() < 1e-9, "{week}");
        }
    }

    #[test]
    fn series_that_come_later_do_not_look_like_growth() {
        let old = course((0..40).map(|_| 10.0));
        let mut new = course((0..40).map(|_| 200.0));
        new[15..].fill(None);
        assert!(index(&[&old, &new]).iter().all(|found| found.unwrap().0.abs() < 1e-9));
    }

    #[test]
    fn one_series_with_moods_of_its_own_is_outvoted() {
        let calm: Vec<Course> = (0..6).map(|_| course((0..40).map(|week| 10.0 + f64::from(week % 2)))).collect();
        let moody = course((0..40).map(|week| if week < 5 { 900.0 } else { 10.0 }));
        let found = index(&calm.iter().chain([&moody]).collect::<Vec<_>>());
        let late = found[0].unwrap().0 - found[20].unwrap().0;
        assert!(late < 0.1, "{late}");
    }

    #[test]
    fn a_week_in_which_the_shop_was_closed_is_unknown() {
        let courses = [3.0, 8.0].map(|level| course((0..20).map(|week| if week == 7 { 0.0 } else { level })));
        let found = index(&courses.iter().collect::<Vec<_>>());
        assert!(found[7].is_none() && found[8].is_some());
    }
}
