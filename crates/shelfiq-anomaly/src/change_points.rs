//! Change points: where a whole series, looked at in retrospect, starts to behave otherwise.

use crate::stabilise::median;

/// What may change at a change point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// The level; the spread is the same throughout and read from neighbouring values.
    Level,
    /// Level or spread.
    LevelOrSpread,
}

/// Fewest values between two change points that say something about a spread.
const SEGMENT_MIN_SPREAD: usize = 5;

/// The positions at which new segments begin, ascending; empty if nothing changes.
///
/// The segmentation with the least sum of costs (−2 log likelihood of normal values) plus `penalty` for each change
/// point; the exact optimum, found in about linear time (PELT: Killick, Fearnhead and Eckley, Optimal detection of
/// changepoints with a linear computational cost, JASA 2012). A `penalty` of `None` takes 3 · ln n for each parameter
/// that changes, stricter than BIC because real noise is heavier than normal. NaN takes the value before it.
#[must_use]
pub fn change_points(values: &[f64], change: Change, penalty: Option<f64>) -> Vec<usize> {
    let sums = Sums::of(values, change);
    let count = values.len();
    let parameters = if change == Change::Level { 1.0 } else { 2.0 };
    let penalty = penalty.unwrap_or(3.0 * parameters * (count.max(2) as f64).ln());
    let least = sums.segment_min();
    // Least cost of the values before each position, and where the last segment of that begins.
    let mut best = vec![f64::INFINITY; count + 1];
    let mut start = vec![0; count + 1];
    best[0] = -penalty;
    // Where a last segment may begin, and the last end for which that can still be best.
    let mut candidates = vec![(0, usize::MAX)];
    for end in least..=count {
        let (mut from_best, mut cost_best) = (0, f64::INFINITY);
        for (from, _) in candidates.iter().filter(|(from, _)| end - from >= least) {
            let cost = best[*from] + sums.cost(*from, end) + penalty;
            if cost < cost_best {
                (from_best, cost_best) = (*from, cost);
            }
        }
        (best[end], start[end]) = (cost_best, from_best);
        // A start that is worse even without a penalty is never the best again, as soon as a segment fits in behind `end`.
        for (from, last) in candidates.iter_mut().filter(|(from, _)| end - from >= least) {
            if best[*from] + sums.cost(*from, end) > cost_best {
                *last = (*last).min(end + least - 1);
            }
        }
        candidates.retain(|(_, last)| *last > end);
        if end + 1 >= 2 * least {
            candidates.push((end + 1 - least, usize::MAX));
        }
    }
    let mut found = Vec::new();
    let mut end = count;
    while end > 0 && start[end] > 0 {
        end = start[end];
        found.push(end);
    }
    found.reverse();
    found
}

/// Running sums, from which the cost of any segment takes constant time.
struct Sums {
    change: Change,
    first: Vec<f64>,
    second: Vec<f64>,
    /// Least variance of a segment.
    floor: f64,
}

impl Sums {
    fn of(values: &[f64], change: Change) -> Self {
        let mut last = values.iter().copied().find(|value| value.is_finite()).unwrap_or(0.0);
        let mut filled: Vec<f64> = Vec::with_capacity(values.len());
        for value in values {
            last = if value.is_finite() { *value } else { last };
            filled.push(last);
        }
        let middle = median(&mut filled.clone());
        // Differences of neighbours know nothing of the level: their median tells the noise, their mean what is left
        // where most of them are nothing.
        let mut steps: Vec<f64> = filled.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let mean = steps.iter().sum::<f64>() / steps.len().max(1) as f64;
        let noise = (median(&mut steps) / 0.954).max(0.25 * mean).max(f64::MIN_POSITIVE);
        let scaled = filled.iter().map(|value| ((value - middle) / noise).clamp(-1e6, 1e6));
        let (mut first, mut second) = (vec![0.0], vec![0.0]);
        let (mut sum, mut squares) = (0.0, 0.0);
        for value in scaled {
            sum += value;
            squares += value * value;
            first.push(sum);
            second.push(squares);
        }
        Self { change, first, second, floor: 0.01 }
    }

    const fn segment_min(&self) -> usize {
        match self.change {
            Change::Level => 1,
            Change::LevelOrSpread => SEGMENT_MIN_SPREAD,
        }
    }

    fn cost(&self, from: usize, end: usize) -> f64 {
        let count = (end - from) as f64;
        let sum = self.first[end] - self.first[from];
        let squares = (self.second[end] - self.second[from] - sum * sum / count).max(0.0);
        match self.change {
            Change::Level => squares,
            Change::LevelOrSpread => count * ((squares / count).max(self.floor).ln() + 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All segmentations, in quadratic time.
    fn optimum(values: &[f64], change: Change, penalty: f64) -> f64 {
        let sums = Sums::of(values, change);
        let mut best = vec![f64::INFINITY; values.len() + 1];
        best[0] = -penalty;
        for end in sums.segment_min()..=values.len() {
            best[end] = (0..=end - sums.segment_min())
                .map(|from| best[from] + sums.cost(from, end) + penalty)
                .fold(f64::INFINITY, f64::min);
        }
        best[values.len()]
    }

    fn cost_of(values: &[f64], change: Change, penalty: f64, found: &[usize]) -> f64 {
        let sums = Sums::of(values, change);
        let edges = [&[0], found, &[values.len()]].concat();
        edges.windows(2).map(|edge| sums.cost(edge[0], edge[1])).sum::<f64>() + penalty * found.len() as f64
    }

    #[test]
    fn pruning_never_misses_the_optimum() {
        let mut state = 5_u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5
        };
        for case in 0..60 {
            let values: Vec<f64> = (0..80).map(|at| noise() + f64::from(at / (10 + case)) * noise().signum()).collect();
            for (change, penalty) in [(Change::Level, 4.0), (Change::Level, 0.5), (Change::LevelOrSpread, 6.0)] {
                let found = change_points(&values, change, Some(penalty));
                let (ours, best) = (cost_of(&values, change, penalty, &found), optimum(&values, change, penalty));
                assert!((ours - best).abs() < 1e-6, "case {case} {change:?}: {ours} {best}");
            }
        }
    }
}
