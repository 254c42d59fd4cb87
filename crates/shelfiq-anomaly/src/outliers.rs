//! Rows of a table that are unlike the others, and the columns that make them so.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::AnomalyError;
use crate::forest::Forest;

/// Fewest rows from which "unlike the others" means anything.
const ROWS_MIN: usize = 8;
/// A forest score this far above the middle, in widths of the upper half, is an outlier.
const REACH: f64 = 3.2;
/// Scores below this are never outliers, however alike the other rows are.
const SCORE_MIN: f64 = 0.55;
/// Values beyond a column's range that a table without outliers is allowed, on average.
const EXTREMES_EXPECTED: f64 = 0.2;
/// How fast tails usually fall: between an exponential's 1 and a normal distribution's 2 at the edge of what is seen.
const USUAL_FALL: f64 = 1.3;
/// Columns named in a reason.
const NAMED_MAX: usize = 3;

/// How a table is searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutlierConfig {
    /// Seed of the random splits. The same seed gives the same scores.
    pub seed: u64,
}

impl Default for OutlierConfig {
    fn default() -> Self {
        Self { seed: 1 }
    }
}

/// The judgement on one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlierVerdict {
    /// How strange the row is, from 0 to 1: below 0.5 like the others.
    pub score: f64,
    /// Whether it stands apart from the others.
    pub is_outlier: bool,
    /// The columns that make it so, with their usual range; empty if it is no outlier.
    pub reason: String,
}

/// Scores each row of a table of numeric columns. One verdict per row, in order.
///
/// An isolation forest finds rows that stand apart in any combination of columns; a value far beyond the tail of its own
/// column counts by itself, since one wild value among many usual ones is easily missed by random splits.
///
/// NaN means missing and counts as the column's median. Tables of fewer than eight rows have no outliers.
///
/// # Errors
/// [`AnomalyError`] if there is no column, columns differ in length, or a value is infinite.
pub fn find_outliers(
    columns: &[(String, Vec<f64>)],
    config: &OutlierConfig,
) -> Result<Vec<OutlierVerdict>, AnomalyError> {
    let rows = columns.first().ok_or(AnomalyError::NoColumns)?.1.len();
    for (name, values) in columns {
        if values.len() != rows {
            return Err(AnomalyError::RaggedColumns { column: name.clone(), found: values.len(), expected: rows });
        }
        if let Some(row) = values.iter().position(|value| value.is_infinite()) {
            return Err(AnomalyError::Infinite { row: row + 1, column: name.clone() });
        }
    }
    let usual: Vec<Usual> = columns.iter().map(|(_, values)| Usual::of(values)).collect();
    let filled: Vec<Vec<f64>> = columns
        .iter()
        .zip(&usual)
        .map(|((_, values), usual)| {
            values.iter().map(|value| if value.is_nan() { usual.middle } else { *value }).collect()
        })
        .collect();
    if rows < ROWS_MIN {
        return Ok(vec![OutlierVerdict { score: 0.5, is_outlier: false, reason: String::new() }; rows]);
    }

    let forest = Forest::grow(&filled, config.seed);
    let row_of = |row: usize| -> Vec<f64> { filled.iter().map(|column| column[row]).collect() };
    let scores = forest.scores(&filled);
    let threshold = threshold(&scores);
    let rarity = EXTREMES_EXPECTED / (rows * columns.len()) as f64;
    Ok((0..rows)
        .into_par_iter()
        .map(|row| {
            let values = row_of(row);
            let rarest = values.iter().zip(&usual).map(|(value, usual)| usual.probability(*value)).fold(1.0, f64::min);
            // Beyond the forest's threshold by as much as the value is beyond its column's.
            let extreme = if rarest < rarity { 1.0 - (1.0 - threshold) * rarity.ln() / rarest.ln() } else { 0.0 };
            let is_outlier = scores[row] > threshold || extreme > threshold;
            let reason =
                if is_outlier { explain(&values, scores[row], columns, &usual, &forest) } else { String::new() };
            OutlierVerdict { score: scores[row].max(extreme), is_outlier, reason }
        })
        .collect())
}

/// Where outliers begin: far above the middle, measured by the upper half of the scores.
fn threshold(scores: &[f64]) -> f64 {
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    (at(0.5) + REACH * (at(0.9) - at(0.5))).max(SCORE_MIN)
}

/// What is usual in one column.
struct Usual {
    lo: f64,
    middle: f64,
    hi: f64,
    above: Side,
    below: Side,
}

/// One side's tail beyond its outermost tenth: −ln p = a · distanceᵏ through the outermost tenth and twentieth, with k
/// half-way to the usual fall. Quantiles, because the tail to be judged may be full of outliers.
struct Side {
    tenth: f64,
    fall: f64,
}

impl Usual {
    fn of(values: &[f64]) -> Self {
        let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        known.sort_unstable_by(f64::total_cmp);
        let at =
            |share: f64| known.get(((known.len().max(1) - 1) as f64 * share).round() as usize).copied().unwrap_or(0.0);
        let (lo, middle, hi) = (at(0.05), at(0.5), at(0.95));
        let (above, below) =
            (Side::through(at(0.9) - middle, hi - middle), Side::through(middle - at(0.1), middle - lo));
        Self { lo, middle, hi, above, below }
    }

    /// The probability of a value at least as far out, 1 where it is not far.
    fn probability(&self, value: f64) -> f64 {
        self.above.probability(value - self.middle).min(self.below.probability(self.middle - value))
    }
}

impl Side {
    fn through(tenth: f64, twentieth: f64) -> Self {
        let fall = (20.0_f64.ln() / 10.0_f64.ln()).ln() / (twentieth / tenth).ln();
        Self { tenth, fall: f64::midpoint(if fall.is_finite() { fall.min(2.0) } else { 2.0 }, USUAL_FALL) }
    }

    /// A column that hardly varies has no measure of far.
    fn probability(&self, distance: f64) -> f64 {
        if self.tenth <= 0.0 || distance <= self.tenth {
            return 1.0;
        }
        (-10.0_f64.ln() * (distance / self.tenth).powf(self.fall)).exp().max(f64::MIN_POSITIVE)
    }
}

/// Names the columns without which the row would be less strange: each is set to its median in turn.
fn explain(row: &[f64], score: f64, columns: &[(String, Vec<f64>)], usual: &[Usual], forest: &Forest) -> String {
    let mut drops: Vec<(usize, f64)> = (0..row.len())
        .map(|column| {
            let mut mended = row.to_vec();
            mended[column] = usual[column].middle;
            // A value beyond its own column's tail is a reason by itself.
            let digits = -usual[column].probability(row[column]).log10();
            (column, score - forest.score(&mended) + 0.05 * (digits - 3.0).max(0.0))
        })
        .collect();
    drops.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let most = drops[0].1;
    let named: Vec<String> = drops
        .iter()
        .filter(|(_, drop)| *drop > 0.25 * most && *drop > 0.0)
        .take(NAMED_MAX)
        .map(|(column, _)| {
            let Usual { lo, hi, .. } = usual[*column];
            let (name, value) = (&columns[*column].0, row[*column]);
            if (lo..=hi).contains(&value) {
                format!("{name} is {}, unusual in this combination", short(value))
            } else {
                format!("{name} is {} (usually {}–{})", short(value), short(lo), short(hi))
            }
        })
        .collect();
    if named.is_empty() { "the combination of all columns is unusual".to_owned() } else { named.join("; ") }
}

/// A number with at most four significant digits.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = value.abs().log10().floor();
    if !(-4.0..12.0).contains(&digits) {
        return format!("{value:.3e}");
    }
    let decimals = (3.0 - digits).clamp(0.0, 8.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
