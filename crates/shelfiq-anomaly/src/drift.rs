//! Drift: whether what a model sees has stopped being what it learnt from.

use serde::{Deserialize, Serialize};

use crate::Direction;

/// Bins of equal shares in which distributions are compared.
const BINS: usize = 10;
/// A population stability index from which a shift is large (Siddiqi, Credit risk scorecards, 2006).
const INDEX_LARGE: f64 = 0.25;
/// Standard normal quantile of one in a thousand.
const QUANTILE: f64 = 3.09;

/// How far a distribution has moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// Population stability index: 0 if nothing moved.
    pub index: f64,
    /// The index that calls for a retraining: the customary 0.25, or what chance alone reaches once in a thousand
    /// samples of this size, if that is more.
    pub limit: f64,
}

impl Stability {
    /// Whether the shift calls for a retraining.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        self.index > self.limit
    }
}

/// Compares the distribution of a feature now with the one a model was trained on. `None` where one of them is empty.
///
/// Bins are tenths of `before`; values that repeat share a bin. NaN is left out: missing values are a matter of
/// [`quality_drift`]. Under no drift the index times n·m/(n+m) follows a χ² distribution (Yurdakul, Statistical properties
/// of population stability index, 2018).
#[must_use]
pub fn stability(before: &[f64], now: &[f64]) -> Option<Stability> {
    let (before, now) = (sorted(before), sorted(now));
    if before.is_empty() || now.is_empty() {
        return None;
    }
    let mut edges: Vec<f64> = (1..BINS).map(|bin| before[bin * before.len() / BINS]).collect();
    edges.dedup();
    // The first value of a bin is its edge, so that a value of which there are many has a bin to itself.
    let share = |values: &[f64], bin: usize| {
        let below = |edge: f64| values.partition_point(|value| *value < edge);
        let start = if bin == 0 { 0 } else { below(edges[bin - 1]) };
        let end = edges.get(bin).map_or(values.len(), |edge| below(*edge));
        // Half a value in every bin keeps the logarithm finite.
        ((end - start) as f64 + 0.5) / (values.len() as f64 + 0.5 * (edges.len() + 1) as f64)
    };
    let index = (0..=edges.len())
        .map(|bin| {
            let (before, now) = (share(&before, bin), share(&now, bin));
            (now - before) * (now / before).ln()
        })
        .sum();
    let freedom = edges.len().max(1) as f64;
    // Wilson and Hilferty's approximation of the χ² quantile.
    let part = 2.0 / (9.0 * freedom);
    let chance = freedom * (1.0 - part + QUANTILE * part.sqrt()).powi(3);
    let limit = chance * (1.0 / before.len() as f64 + 1.0 / now.len() as f64);
    Some(Stability { index, limit: limit.max(INDEX_LARGE) })
}

/// Whether two samples may come from one distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SampleTest {
    /// Largest distance between the two cumulative distributions, from 0 to 1.
    pub distance: f64,
    /// Probability of a distance at least as large if they do; too large rather than too small where values repeat.
    pub p_value: f64,
}

/// The two-sample test of Kolmogorov and Smirnov, with Stephens' correction for small samples (JASA 1974). NaN is left
/// out; `None` where a sample is empty.
#[must_use]
pub fn same_distribution(one: &[f64], other: &[f64]) -> Option<SampleTest> {
    let (one, other) = (sorted(one), sorted(other));
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let share = |values: &[f64], at: f64| values.partition_point(|value| *value <= at) as f64 / values.len() as f64;
    let distance = one.iter().chain(&other).map(|at| (share(&one, *at) - share(&other, *at)).abs()).fold(0.0, f64::max);
    let size = (one.len() as f64 * other.len() as f64 / (one.len() + other.len()) as f64).sqrt();
    let reach = (size + 0.12 + 0.11 / size) * distance;
    let term = |index: i32| {
        let sign = if index % 2 == 1 { 1.0 } else { -1.0 };
        2.0 * sign * (-2.0 * (f64::from(index) * reach).powi(2)).exp()
    };
    // The alternating series converges slowly below, where the answer is one.
    let p_value = if reach < 0.3 { 1.0 } else { (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0) };
    Some(SampleTest { distance, p_value })
}

/// Watches the errors of forecasts, in units of their usual size, for a mean that moved.
///
/// The test of Page and Hinkley: errors beyond a tolerance add up, and an alarm rings when the sum has risen by the limit
/// above its least value (Page, Continuous inspection schemes, Biometrika 1954). The state can be stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorWatch {
    tolerance: f64,
    limit: f64,
    above: f64,
    below: f64,
}

/// Errors of this many usual sizes count as this many: one wild day is no drift.
const ERROR_MAX: f64 = 3.0;

impl Default for ErrorWatch {
    /// Finds a shift by one usual error within about three weeks; on independent errors without a shift it rings about
    /// once in ten thousand values.
    fn default() -> Self {
        Self::new(0.3, Self::LIMIT)
    }
}

impl ErrorWatch {
    /// The limit of the usual watch, in units of the usual error.
    pub const LIMIT: f64 = 14.0;

    /// `tolerance` and `limit` in units of the usual error.
    #[must_use]
    pub const fn new(tolerance: f64, limit: f64) -> Self {
        Self { tolerance, limit, above: 0.0, below: 0.0 }
    }

    /// How far errors have added up to one side since the last alarm, in units of the usual error.
    #[must_use]
    pub const fn sum(&self) -> f64 {
        self.above.max(self.below)
    }

    /// Takes in an error (actual minus forecast, over its usual size; NaN is skipped). Says once to which side actuals
    /// have moved, then starts over.
    pub fn observe(&mut self, error: f64) -> Option<Direction> {
        if error.is_nan() {
            return None;
        }
        let error = error.clamp(-ERROR_MAX, ERROR_MAX);
        self.above = (self.above + error - self.tolerance).max(0.0);
        self.below = (self.below - error - self.tolerance).max(0.0);
        let side = match (self.above > self.limit, self.below > self.limit) {
            (true, _) => Direction::Above,
            (_, true) => Direction::Below,
            _ => return None,
        };
        (self.above, self.below) = (0.0, 0.0);
        Some(side)
    }
}

/// What can be wrong with a column, counted over its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnCounts {
    /// Rows.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// Rows whose value is zero.
    pub zeros: u64,
    /// Rows whose category was not known when the counts before were taken; 0 in those.
    pub new_categories: u64,
}

/// What about a column's data has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityChange {
    /// More values are missing.
    MoreMissing,
    /// The share of zeros has changed.
    OtherZeros,
    /// Categories came that were not known.
    NewCategories,
}

/// Fewest rows from which a share is compared.
const ROWS_MIN: u64 = 30;
/// Changes of a share by less than this are of no consequence, however sure.
const SHARE_CHANGE_MIN: f64 = 0.05;

/// What about a column's data has changed beyond chance (two proportions, one in a thousand) and beyond five per cent of
/// its rows. Empty if nothing has, or there are too few rows to say.
#[must_use]
pub fn quality_drift(before: &ColumnCounts, now: &ColumnCounts) -> Vec<QualityChange> {
    let change =
        |count: fn(&ColumnCounts) -> u64| change_of_share((count(before), before.rows), (count(now), now.rows));
    let mut changes = Vec::new();
    if change(|counts| counts.missing) > SHARE_CHANGE_MIN {
        changes.push(QualityChange::MoreMissing);
    }
    if change(|counts| counts.zeros).abs() > SHARE_CHANGE_MIN {
        changes.push(QualityChange::OtherZeros);
    }
    if change(|counts| counts.new_categories) > SHARE_CHANGE_MIN {
        changes.push(QualityChange::NewCategories);
    }
    changes
}

/// By how much a share has changed; 0 where chance explains it.
fn change_of_share(before: (u64, u64), now: (u64, u64)) -> f64 {
    let ((hits, rows), (hits_now, rows_now)) = (before, now);
    if rows.min(rows_now) < ROWS_MIN {
        return 0.0;
    }
    let (rows, rows_now) = (rows as f64, rows_now as f64);
    let change = hits_now as f64 / rows_now - hits as f64 / rows;
    // One more hit and one more miss, so that a share of nothing is not taken for certain.
    let pooled = (hits as f64 + hits_now as f64 + 1.0) / (rows + rows_now + 2.0);
    let deviation = (pooled * (1.0 - pooled) * (1.0 / rows + 1.0 / rows_now)).sqrt();
    if change.abs() > QUANTILE * deviation { change } else { 0.0 }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
