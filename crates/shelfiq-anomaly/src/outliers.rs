//! Rows of a table that are unlike the others, and the columns that make them so.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::AnomalyError;
use crate::distinct::Distinct;
use crate::forest::Forest;
use crate::usual::Usual;

/// Fewest rows from which "unlike the others" means anything.
const ROWS_MIN: usize = 8;
/// A forest score this far above the middle, in widths of the upper half, is an outlier.
const REACH: f64 = 3.2;
/// Scores below this are never outliers, however alike the other rows are.
const SCORE_MIN: f64 = 0.55;
/// Values beyond a column's range that a table without outliers is allowed, on average.
const EXTREMES_EXPECTED: f64 = 0.2;
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
/// As [`OutlierModel::fit`] on the table, and every row of it judged.
///
/// # Errors
/// [`AnomalyError`] if there is no column, columns differ in length, or a value is infinite.
pub fn find_outliers(
    columns: &[(String, Vec<f64>)],
    config: &OutlierConfig,
) -> Result<Vec<OutlierVerdict>, AnomalyError> {
    let (model, rows) = OutlierModel::learn(columns, config)?;
    // Equal rows have equal verdicts; tables of codes, hours and quantities are full of them.
    let values_of =
        |place: usize| -> Vec<f64> { rows.filled.iter().map(|column| column[rows.firsts[place]]).collect() };
    let mut verdicts: Vec<OutlierVerdict> = rows
        .scores
        .par_iter()
        .enumerate()
        .map(|(place, score)| model.verdict_without_reason(&values_of(place), *score))
        .collect();
    let outliers: Vec<usize> = (0..verdicts.len()).filter(|place| verdicts[*place].is_outlier).collect();
    let outlying: Vec<Vec<f64>> = outliers.iter().map(|place| values_of(*place)).collect();
    for ((place, values), mended) in
        outliers.iter().zip(&outlying).zip(model.mended_scores(&outlying).chunks_exact(columns.len()))
    {
        verdicts[*place].reason = model.explain(values, rows.scores[*place], mended);
    }
    Ok(rows.places.into_iter().map(|place| verdicts[place as usize].clone()).collect())
}

/// What is usual in a table, for judging rows one by one.
///
/// An isolation forest finds rows that stand apart in any combination of columns; a value far beyond the tail of its own
/// column counts by itself, since one wild value among many usual ones is easily missed by random splits.
///
/// NaN means missing and counts as the column's median. A table of fewer than eight rows makes no row an outlier.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlierModel {
    names: Vec<String>,
    usual: Vec<Usual>,
    /// `None` if the table was too small.
    forest: Option<Forest>,
    /// Forest scores above are outliers.
    threshold: f64,
    /// Values rarer than this in their own column are.
    rarity: f64,
}

/// The rows that a model was fitted to.
struct Learnt {
    filled: Vec<Vec<f64>>,
    /// The first of each set of equal rows, its forest score, and for each row the number of its set.
    firsts: Vec<usize>,
    scores: Vec<f64>,
    places: Vec<u32>,
}

impl OutlierModel {
    /// Learns what is usual in a table of numeric columns.
    ///
    /// # Errors
    /// [`AnomalyError`] if there is no column, columns differ in length, or a value is infinite.
    pub fn fit(columns: &[(String, Vec<f64>)], config: &OutlierConfig) -> Result<Self, AnomalyError> {
        Self::learn(columns, config).map(|(model, _)| model)
    }

    /// Judges one row: its values in the order of the columns, NaN where one is missing.
    ///
    /// # Errors
    /// [`AnomalyError::RaggedColumns`] if the number of values is not that of the columns, [`AnomalyError::Infinite`] if
    /// one is infinite.
    pub fn judge(&self, row: &[f64]) -> Result<OutlierVerdict, AnomalyError> {
        if row.len() != self.names.len() {
            let column = "row".to_owned();
            return Err(AnomalyError::RaggedColumns { column, found: row.len(), expected: self.names.len() });
        }
        if let Some(place) = row.iter().position(|value| value.is_infinite()) {
            return Err(AnomalyError::Infinite { row: 1, column: self.names[place].clone() });
        }
        let filled: Vec<f64> = row.iter().zip(&self.usual).map(|(value, usual)| usual.fill(*value)).collect();
        let score = self.forest.as_ref().map_or(0.5, |forest| forest.score(&filled));
        Ok(self.verdict(&filled, score))
    }

    fn learn(columns: &[(String, Vec<f64>)], config: &OutlierConfig) -> Result<(Self, Learnt), AnomalyError> {
        let rows = check(columns)?;
        let usual: Vec<Usual> = columns.par_iter().map(|(_, values)| Usual::of(values)).collect();
        let fill = |((_, values), usual): (&(String, Vec<f64>), &Usual)| -> Vec<f64> {
            values.iter().map(|value| usual.fill(*value)).collect()
        };
        let filled: Vec<Vec<f64>> = columns.iter().zip(&usual).map(fill).collect();
        let forest = (rows >= ROWS_MIN).then(|| Forest::grow(&filled, config.seed));
        let Distinct { firsts, counts, places } = Distinct::of(&filled);
        let scores = forest.as_ref().map_or_else(
            || vec![0.5; firsts.len()],
            |forest| forest.scores(firsts.len(), filled.len(), |row, column| filled[column][firsts[row]]),
        );
        let model = Self {
            names: columns.iter().map(|(name, _)| name.clone()).collect(),
            usual,
            forest,
            threshold: threshold(&scores, &counts),
            rarity: EXTREMES_EXPECTED / (rows * columns.len()) as f64,
        };
        Ok((model, Learnt { filled, firsts, scores, places }))
    }

    /// The verdict on a row without gaps that the forest gave this score.
    fn verdict(&self, row: &[f64], score: f64) -> OutlierVerdict {
        let verdict = self.verdict_without_reason(row, score);
        if !verdict.is_outlier {
            return verdict;
        }
        let reason = self.explain(row, score, &self.mended_scores(&[row.to_vec()]));
        OutlierVerdict { reason, ..verdict }
    }

    fn verdict_without_reason(&self, row: &[f64], score: f64) -> OutlierVerdict {
        let rarest = row.iter().zip(&self.usual).map(|(value, usual)| usual.probability(*value)).fold(1.0, f64::min);
        let (threshold, rarity) = (self.threshold, self.rarity);
        // Beyond the forest's threshold by as much as the value is beyond its column's.
        let extreme = if rarest < rarity { 1.0 - (1.0 - threshold) * rarity.ln() / rarest.ln() } else { 0.0 };
        let is_outlier = self.forest.is_some() && (score > threshold || extreme > threshold);
        let score = if self.forest.is_some() { score.max(extreme) } else { score };
        OutlierVerdict { score, is_outlier, reason: String::new() }
    }

    /// For each row and each of its columns the score of the row with that value set to the column's median.
    fn mended_scores(&self, rows: &[Vec<f64>]) -> Vec<f64> {
        let width = self.usual.len();
        let Some(forest) = &self.forest else { return Vec::new() };
        forest.scores(rows.len() * width, width, |place, column| {
            if place % width == column { self.usual[column].middle } else { rows[place / width][column] }
        })
    }

    /// Names the columns without which the row would be less strange; `mended` are the scores without each.
    fn explain(&self, row: &[f64], score: f64, mended: &[f64]) -> String {
        let usual = &self.usual;
        let mut drops: Vec<(usize, f64)> = (0..row.len())
            .map(|column| {
                // A value beyond its own column's tail is a reason by itself.
                let digits = -usual[column].probability(row[column]).log10();
                (column, score - mended[column] + 0.05 * (digits - 3.0).max(0.0))
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
                let (name, value) = (&self.names[*column], row[*column]);
                if (lo..=hi).contains(&value) {
                    format!("{name} is {}, unusual in this combination", short(value))
                } else {
                    format!("{name} is {} (usually {}–{})", short(value), short(lo), short(hi))
                }
            })
            .collect();
        if named.is_empty() { "the combination of all columns is unusual".to_owned() } else { named.join("; ") }
    }
}

fn check(columns: &[(String, Vec<f64>)]) -> Result<usize, AnomalyError> {
    let rows = columns.first().ok_or(AnomalyError::NoColumns)?.1.len();
    for (name, values) in columns {
        if values.len() != rows {
            return Err(AnomalyError::RaggedColumns { column: name.clone(), found: values.len(), expected: rows });
        }
        if let Some(row) = values.iter().position(|value| value.is_infinite()) {
            return Err(AnomalyError::Infinite { row: row + 1, column: name.clone() });
        }
    }
    Ok(rows)
}

/// Where outliers begin: far above the middle, measured by the upper half of the scores. Each score counts as often as
/// its row stands in the table.
fn threshold(scores: &[f64], counts: &[u32]) -> f64 {
    let mut sorted: Vec<(f64, u32)> = scores.iter().copied().zip(counts.iter().copied()).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let rows: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let at = |share: f64| {
        let place = (rows.max(1) - 1) as f64 * share;
        let mut passed = 0_u64;
        let found = sorted.iter().find(|(_, count)| {
            passed += u64::from(*count);
            passed as f64 > place.round()
        });
        found.map_or(0.5, |(score, _)| *score)
    };
    (at(0.5) + REACH * (at(0.9) - at(0.5))).max(SCORE_MIN)
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
