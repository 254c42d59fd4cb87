//! The distribution of sparse or small counts: what this series sold in single periods, scaled to the expected
//! value, with levels calibrated on past origins of similar series.

use serde::{Deserialize, Serialize};

use crate::options::Level;
use crate::season::Adjusted;
use crate::spread::conformal_quantile;

/// Periods of the recent past that show how demand scatters.
const RECENT: usize = 182;

/// How the demand of one period scatters around its expectation of one.
#[derive(Debug, Clone)]
pub(crate) struct Scatter {
    /// Values over their mean, ascending. Never empty.
    ratios: Vec<f64>,
    /// Whether outcomes are whole numbers.
    is_whole: bool,
    /// Smallest sale seen.
    smallest: f64,
}

impl Scatter {
    /// What the history without season shows.
    pub(crate) fn new(adjusted: &Adjusted, is_whole: bool) -> Self {
        let values = &adjusted.values;
        let recent = &values[values.len().saturating_sub(RECENT)..];
        let smallest = values.iter().copied().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
        let smallest = if is_whole {
            1.0
        } else if smallest.is_finite() {
            smallest
        } else {
            0.0
        };
        let mean = recent.iter().sum::<f64>() / recent.len().max(1) as f64;
        let mut ratios: Vec<f64> =
            if mean > 0.0 { recent.iter().map(|value| value / mean).collect() } else { vec![1.0] };
        ratios.sort_by(f64::total_cmp);
        Self { ratios, is_whole, smallest }
    }

    /// The value that a share of outcomes does not exceed. Shares above one reach beyond what was ever seen, in
    /// proportion.
    pub(crate) fn quantile(&self, mean: f64, share: f64) -> f64 {
        let rank = (share * self.ratios.len() as f64).ceil() as usize;
        let ratio = self.ratios[rank.clamp(1, self.ratios.len()) - 1];
        let value = self.outcome(mean, ratio);
        match share > 1.0 {
            // A trace more, so that rounding in the share does not lose the very value it was made for.
            true if self.is_whole => (self.most(mean) * share + 1e-9).floor(),
            true => self.most(mean) * share,
            false => value,
        }
    }

    /// The interval that should hold a share of outcomes: from zero where zero alone is likelier than either tail,
    /// else with equal tails.
    pub(crate) fn interval(&self, mean: f64, share: f64) -> (f64, f64) {
        if self.below(mean, 0.0, true) >= (1.0 - share) / 2.0 {
            (0.0, self.quantile(mean, share))
        } else {
            (
                self.quantile(mean, (1.0 - share) / 2.0),
                self.quantile(mean, if share > 1.0 { share } else { (1.0 + share) / 2.0 }),
            )
        }
    }

    /// The smallest share whose interval holds `value`.
    pub(crate) fn share_needed(&self, mean: f64, value: f64) -> f64 {
        if value > self.most(mean) {
            return value / self.most(mean).max(f64::MIN_POSITIVE);
        }
        let (below, at_or_below) = (self.below(mean, value, false), self.below(mean, value, true));
        let from_zero = 1.0 - 2.0 * self.below(mean, 0.0, true);
        let two_sided = (2.0 * below - 1.0).max(1.0 - 2.0 * at_or_below);
        if two_sided < from_zero { two_sided.max(0.0) } else { below.max(from_zero).max(0.0) }
    }

    fn most(&self, mean: f64) -> f64 {
        self.outcome(mean, self.ratios[self.ratios.len() - 1]).max(self.smallest)
    }

    fn below(&self, mean: f64, value: f64, inclusive: bool) -> f64 {
        let count = self.ratios.partition_point(|ratio| {
            let outcome = self.outcome(mean, *ratio);
            if inclusive { outcome <= value } else { outcome < value }
        });
        count as f64 / self.ratios.len() as f64
    }

    fn outcome(&self, mean: f64, ratio: f64) -> f64 {
        self.whole(mean * ratio)
    }

    fn whole(&self, value: f64) -> f64 {
        if self.is_whole { value.round() } else { value }
    }
}

/// What to ask of scatters so that their intervals hold as often as the levels asked for say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    /// A row per step, never none; one share per level.
    #[serde(with = "crate::exact")]
    by_step: Vec<Vec<f64>>,
}

/// Outcomes wanted behind a calibrated level.
const OUTCOMES_MIN: usize = 300;
/// Outcomes that the nominal level counts for.
const NOMINAL_COUNT: f64 = 100.0;

impl Calibration {
    /// From the shares that past outcomes needed, each with its step: by their quantiles a nominal level becomes one
    /// that holds.
    pub(crate) fn new(needed: impl Iterator<Item = (usize, f64)>, levels: &[Level]) -> Self {
        let mut by_step: Vec<Vec<f64>> = Vec::new();
        for (step, share) in needed {
            by_step.resize(by_step.len().max(step + 1), Vec::new());
            by_step[step].push(share);
        }
        // Steps with few outcomes share theirs with all.
        if by_step.iter().any(|step| step.len() < OUTCOMES_MIN) {
            let mut all = by_step.concat();
            all.sort_by(f64::total_cmp);
            let row = shares(&all, levels);
            return Self { by_step: vec![row; by_step.len()] };
        }
        let row = |outcomes: &mut Vec<f64>| {
            outcomes.sort_by(f64::total_cmp);
            shares(outcomes, levels)
        };
        let by_step: Vec<Vec<f64>> = by_step.iter_mut().map(row).collect();
        Self { by_step: if by_step.is_empty() { vec![shares(&[], levels)] } else { by_step } }
    }

    /// The share to ask of a scatter so that its interval holds as often as the `level`-th level says.
    pub(crate) fn share(&self, step: usize, level: usize) -> f64 {
        self.by_step[step.min(self.by_step.len() - 1)][level]
    }

    /// Whether it can answer for so many levels, at every step.
    pub(crate) fn is_whole(&self, levels: usize) -> bool {
        !self.by_step.is_empty() && self.by_step.iter().all(|step| step.len() == levels)
    }
}

/// The share that each level needs where outcomes needed these, in ascending order.
fn shares(outcomes: &[f64], levels: &[Level]) -> Vec<f64> {
    let count = outcomes.len() as f64;
    let share = |level: &Level| {
        let found = conformal_quantile(outcomes, level.share());
        (count * found + NOMINAL_COUNT * level.share()) / (count + NOMINAL_COUNT)
    };
    levels.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::season::Seasons;

    fn scatter(values: &[f64]) -> Scatter {
        Scatter::new(&Adjusted::new(values, Seasons::NONE), true)
    }

    #[test]
    fn an_interval_holds_exactly_the_values_whose_needed_share_is_smaller() {
        for values in [vec![0., 0., 0., 1., 0., 2., 0., 5., 0., 0.], vec![1., 2., 3., 4., 5., 6., 7., 8., 9., 10.]] {
            let scatter = scatter(&values);
            for share in [0.15, 0.35, 0.55, 0.65, 0.75, 0.85, 0.95, 1.35] {
                for value in 0..14 {
                    let value = f64::from(value);
                    let (lo, hi) = scatter.interval(3.0, share);
                    let holds = lo <= value && value <= hi;
                    assert_eq!(
                        holds,
                        scatter.share_needed(3.0, value) <= share,
                        "{values:?} {share} {value} {lo} {hi}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_median_of_rare_sales_is_zero() {
        assert_eq!(scatter(&[0., 0., 0., 1., 0., 2.]).quantile(0.5, 0.5), 0.0);
    }
}
