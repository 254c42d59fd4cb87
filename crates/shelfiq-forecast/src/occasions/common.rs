//! What occasions do to all series together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Marked;
use super::almanac::{HolidayId, Mark, Occasion};
use crate::history::History;

/// Weeks by which the days of a holiday are moved to see what they seem to be worth at other times of the year.
const PLACEBO_WEEKS: std::ops::RangeInclusive<i64> = 2..=26;
/// Placebos below which nothing is known of the noise.
const PLACEBOS_MIN: usize = 8;
/// Placebos' weight: what is not twice as much as chance shows is taken for chance.
const PLACEBO_WEIGHT: f64 = 2.0;
/// Series below which nothing is known of how they differ.
const SERIES_MIN: usize = 10;
/// Information of a series on an occasion, in squared shares, below which it says nothing on how series differ.
const INFORMATION_MIN: f64 = 0.25;

/// A series that tells.
pub(super) struct Witness<'a> {
    /// The moment at which its history begins.
    pub(super) begins: i64,
    pub(super) history: &'a History,
    pub(super) marked: &'a Marked,
}

/// Effects of occasions on the average series, as shares of what is usual, and how series differ in them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Common {
    /// In order.
    occasions: Vec<Occasion>,
    /// Mean and variance between series, of each.
    #[serde(with = "crate::exact")]
    effects: Vec<(f64, f64)>,
}

/// Deviations of the panel by period, in units of noise, and what they tell.
struct Panel {
    first: i64,
    deviations: Vec<(f64, f64)>,
    marks: Vec<Option<Mark>>,
}

impl Common {
    /// What was known at the moment `now`.
    pub(super) fn of(witnesses: &[Witness<'_>], now: i64, week: usize) -> Self {
        let panel = Panel::of(witnesses, now);
        let mut holidays: BTreeMap<HolidayId, Vec<(i64, Mark)>> = BTreeMap::new();
        for (t, mark) in panel.marks.iter().enumerate() {
            if let Some(mark) = mark {
                holidays.entry(mark.occasion.holiday).or_default().push((t as i64, *mark));
            }
        }
        let mut effects: BTreeMap<Occasion, f64> = BTreeMap::new();
        for days in holidays.values() {
            effects.extend(panel.effects(days, week));
        }
        let spreads = spreads(witnesses, now, &effects);
        let spread = |occasion: &Occasion| spreads.get(&occasion.holiday).copied().unwrap_or(0.0);
        Self {
            effects: effects.iter().map(|(occasion, mean)| (*mean, spread(occasion))).collect(),
            occasions: effects.into_keys().collect(),
        }
    }

    /// Mean effect of an occasion and the variance of it between series.
    pub(super) fn effect(&self, occasion: Occasion) -> (f64, f64) {
        self.occasions.binary_search(&occasion).map_or((0.0, 0.0), |place| self.effects[place])
    }
}

impl Panel {
    fn of(witnesses: &[Witness<'_>], now: i64) -> Self {
        let first = witnesses.iter().map(|witness| witness.begins).min().unwrap_or(0);
        let length = usize::try_from(now - first).unwrap_or(0);
        let mut panel = Self { first, deviations: vec![(0.0, 0.0); length], marks: vec![None; length] };
        for witness in witnesses {
            let from = (witness.begins - panel.first) as usize;
            for t in 0..witness.history.values.len().min(length.saturating_sub(from)) {
                let (above, tells) = witness.marked.deviation(witness.history, t);
                let sum = &mut panel.deviations[from + t];
                *sum = (sum.0 + above, sum.1 + tells);
                panel.marks[from + t] = witness.marked.marks[t];
            }
        }
        panel
    }

    /// The effects of the days of one holiday, shrunk.
    fn effects(&self, days: &[(i64, Mark)], week: usize) -> Vec<(Occasion, f64)> {
        let found = self.sums(days, 0, |_| true);
        let size = size(&found);
        let weeks = PLACEBO_WEEKS.flat_map(|weeks| [-weeks, weeks]);
        let placebos: Vec<f64> = weeks
            .filter_map(|weeks| {
                let moved = self.sums(days, weeks * week as i64, |mark| mark.is_none());
                // Days that are missing there would have shown as much as the others.
                (2 * moved.len() >= found.len()).then(|| size_of_all(&moved, found.len()))
            })
            .collect();
        let chance = placebos.iter().sum::<f64>() / placebos.len().max(1) as f64;
        let kept = if placebos.len() < PLACEBOS_MIN || size <= 0.0 {
            0.0
        } else {
            (1.0 - PLACEBO_WEIGHT * chance / size).max(0.0)
        };
        found.into_iter().map(|(occasion, (above, tells))| (occasion, kept * above / tells)).collect()
    }

    /// What the days tell when moved by so many periods, where they fall on periods that `counts`; without occasions of
    /// which nothing is told.
    fn sums(
        &self,
        days: &[(i64, Mark)],
        moved: i64,
        counts: impl Fn(&Option<Mark>) -> bool,
    ) -> BTreeMap<Occasion, (f64, f64)> {
        let mut sums: BTreeMap<Occasion, (f64, f64)> = BTreeMap::new();
        for (t, mark) in days {
            let Ok(t) = usize::try_from(t + moved) else { continue };
            let Some((above, tells)) = self.deviations.get(t).filter(|_| counts(&self.marks[t])) else { continue };
            let sum = sums.entry(mark.occasion).or_default();
            *sum = (sum.0 + mark.share * above, sum.1 + mark.share.powi(2) * tells);
        }
        sums.retain(|_, (_, tells)| *tells > 0.0);
        sums
    }
}

/// Squared effects in units of the noise of single series.
fn size(found: &BTreeMap<Occasion, (f64, f64)>) -> f64 {
    found.values().map(|(above, tells)| above * above / tells).sum()
}

fn size_of_all(found: &BTreeMap<Occasion, (f64, f64)>, count: usize) -> f64 {
    if found.is_empty() { 0.0 } else { size(found) * count as f64 / found.len() as f64 }
}

/// How much series differ in the effects of each holiday: variance beyond chance, where it is beyond doubt.
fn spreads(witnesses: &[Witness<'_>], now: i64, effects: &BTreeMap<Occasion, f64>) -> BTreeMap<HolidayId, f64> {
    if witnesses.len() < SERIES_MIN {
        return BTreeMap::new();
    }
    // Sum of squares beyond chance, sum of their squares, information.
    let mut sums: BTreeMap<HolidayId, (f64, f64, f64)> = BTreeMap::new();
    for witness in witnesses {
        let end = usize::try_from(now - witness.begins).unwrap_or(0).min(witness.history.values.len());
        for (occasion, (above, tells)) in own(witness.marked, witness.history, end) {
            let Some(mean) = effects.get(&occasion).filter(|_| tells >= INFORMATION_MIN) else { continue };
            let beyond = (above - mean * tells).powi(2) / tells - 1.0;
            let sum = sums.entry(occasion.holiday).or_default();
            *sum = (sum.0 + beyond, sum.1 + beyond * beyond, sum.2 + tells);
        }
    }
    let is_sure = |sum: &(f64, f64, f64)| sum.0 > 2.0 * sum.1.sqrt();
    sums.into_iter().filter(|(_, sum)| is_sure(sum)).map(|(holiday, sum)| (holiday, sum.0 / sum.2)).collect()
}

/// What the first `end` periods of one series tell of each occasion.
pub(super) fn own(marked: &Marked, history: &History, end: usize) -> BTreeMap<Occasion, (f64, f64)> {
    let mut sums: BTreeMap<Occasion, (f64, f64)> = BTreeMap::new();
    for (t, mark) in marked.marks[..end].iter().enumerate() {
        let Some(Mark { occasion, share }) = mark else { continue };
        let (above, tells) = marked.deviation(history, t);
        let sum = sums.entry(*occasion).or_default();
        *sum = (sum.0 + share * above, sum.1 + share.powi(2) * tells);
    }
    sums
}
