//! What occasions do to one series.

use std::collections::BTreeMap;

use super::Marked;
use super::almanac::{Mark, Occasion};
use super::common::{Common, own};
use crate::history::History;

/// Effects lie in this range: nothing sells, or eight times as much as usual.
const EFFECT: (f64, f64) = (-1.0, 7.0);
/// Share of the usual that is left of a sparse series at least when its history is freed of an effect.
const LEFT_MIN: f64 = 0.25;

/// The share by which an occasion moves one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Effect(f64);

impl Effect {
    /// That of an occasion of such an effect on a period that has this mark.
    pub(super) fn new(mark: Mark, effect: f64) -> Self {
        Self((mark.share * effect).clamp(EFFECT.0, EFFECT.1))
    }

    /// A value without it, where this is `usual`.
    pub(super) fn taken_from(self, value: f64, usual: f64, is_sparse: bool) -> f64 {
        if self.0 >= 0.0 {
            value / (1.0 + self.0)
        } else if is_sparse {
            // Days without a sale stay what they are.
            value / (1.0 + self.0).max(LEFT_MIN)
        } else {
            // What was lost is added: of a closed day nothing can be made by a factor.
            value - self.0 * usual
        }
    }

    /// A value with it.
    fn put_on(self, value: f64) -> f64 {
        value * (1.0 + self.0)
    }
}

/// What occasions do to one series, as it was known at several ends of its history.
#[derive(Debug, Clone)]
pub(crate) struct Sway {
    /// Ends, and the periods whose values are moved from there, up to the horizon.
    known: Vec<(usize, Vec<(usize, Effect)>)>,
    /// The usual value of each period of the history.
    usual: Vec<f64>,
    is_sparse: bool,
}

impl Sway {
    /// `known` gives what all series had told at each end; `None` where nobody knew anything.
    pub(super) fn new<'c>(
        history: &History,
        marked: &Marked,
        known: impl Iterator<Item = (usize, Option<&'c Common>)>,
    ) -> Self {
        let moved = |(end, common): (usize, Option<&Common>)| {
            let Some(common) = common else { return (end, Vec::new()) };
            let own = own(marked, history, end);
            let mut effects: BTreeMap<Occasion, f64> = BTreeMap::new();
            let marks = marked.marks.iter().enumerate();
            let moved = marks.filter_map(|(t, mark)| {
                let mark = (*mark)?;
                let effect = *effects.entry(mark.occasion).or_insert_with(|| {
                    let (mean, variance) = common.effect(mark.occasion);
                    let (above, tells) = own.get(&mark.occasion).copied().unwrap_or_default();
                    if variance > 0.0 { (above + mean / variance) / (tells + 1.0 / variance) } else { mean }
                });
                (effect != 0.0).then(|| (t, Effect::new(mark, effect)))
            });
            (end, moved.collect())
        };
        Self { known: known.map(moved).collect(), usual: marked.usual.clone(), is_sparse: history.class.is_sparse() }
    }

    /// The first `values.len()` values as they would have been without occasions, as far as was known then.
    pub(crate) fn clean(&self, values: &[f64]) -> Vec<f64> {
        let mut calm = values.to_vec();
        for (t, effect) in self.at(values.len()).iter().take_while(|(t, _)| *t < values.len()) {
            calm[*t] = effect.taken_from(values[*t], self.usual[*t], self.is_sparse);
        }
        calm
    }

    /// The opposite for a path from there.
    pub(crate) fn restore(&self, end: usize, path: &mut [f64]) {
        for (t, effect) in self.at(end) {
            if let Some(value) = t.checked_sub(end).and_then(|step| path.get_mut(step)) {
                *value = effect.put_on(*value);
            }
        }
    }

    fn at(&self, end: usize) -> &[(usize, Effect)] {
        self.known.iter().find(|(known, _)| *known == end).map_or(&[], |(_, moved)| moved)
    }
}
