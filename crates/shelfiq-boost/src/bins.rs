//! Columns of numbers as columns of bytes.

use rayon::prelude::*;

use crate::dice::Dice;

/// Columns that lie side by side.
pub(crate) const LANES: usize = 4;
/// Values looked at, per column, to find where bins end.
const SAMPLE: usize = 100_000;

/// Where the bins of a column end: a value lies in the first bin whose end it does not exceed, or in the last.
#[derive(Debug, Clone)]
pub(crate) struct Ends(Vec<f64>);

impl Ends {
    /// Ends between the distinct values where they are few, else so that bins hold equally many values.
    fn of(values: &[f64], chosen: Option<&[u32]>, bins_max: usize) -> Self {
        let known = |value: &f64| !value.is_nan();
        let mut sorted: Vec<f64> = match chosen {
            Some(rows) => rows.iter().map(|row| values[*row as usize]).filter(known).collect(),
            None => values.iter().copied().filter(known).collect(),
        };
        // Positive and negative zero are one value.
        sorted.iter_mut().for_each(|value| *value += 0.0);
        sorted.sort_unstable_by(f64::total_cmp);
        let mut distinct: Vec<(f64, usize)> = Vec::new();
        for value in &sorted {
            match distinct.last_mut() {
                Some((last, count)) if last == value => *count += 1,
                _ => distinct.push((*value, 1)),
            }
        }
        let mut ends = Vec::new();
        let (mut open_rows, mut in_bin) = (sorted.len(), 0);
        for (index, pair) in distinct.windows(2).enumerate() {
            in_bin += pair[0].1;
            let open_bins = bins_max - ends.len();
            let few = distinct.len() - index <= open_bins;
            // A value that fills a bin alone does not share it.
            let fair = open_rows.div_ceil(open_bins);
            if open_bins > 1 && (few || in_bin >= fair || pair[1].1 >= fair) {
                ends.push(between(pair[0].0, pair[1].0));
                open_rows -= in_bin;
                in_bin = 0;
            }
        }
        Self(ends)
    }

    /// Number of bins, which is also the byte of missing values.
    pub(crate) fn bins(&self) -> usize {
        self.0.len() + 1
    }

    /// The largest value of a bin.
    pub(crate) fn end(&self, bin: usize) -> f64 {
        // Every number is in some bin; a finite bound can be stored everywhere.
        self.0.get(bin).copied().unwrap_or(f64::MAX)
    }

    fn bin(&self, value: f64) -> u8 {
        if value.is_nan() { self.bins() as u8 } else { self.0.partition_point(|end| *end < value) as u8 }
    }
}

/// A number at or above `low` and below `high`, half way if possible.
fn between(low: f64, high: f64) -> f64 {
    let middle = f64::midpoint(low, high);
    if middle < high { middle } else { low }
}

/// A table in bins.
#[derive(Debug)]
pub(crate) struct Binned {
    pub(crate) rows: usize,
    /// One per column.
    pub(crate) ends: Vec<Ends>,
    /// Four columns each, row after row.
    pub(crate) groups: Vec<Vec<[u8; LANES]>>,
}

impl Binned {
    pub(crate) fn new(columns: &[&[f64]], rows: usize, bins_max: usize, seed: u64) -> Self {
        let chosen = (rows > SAMPLE).then(|| Dice::new(seed, u64::MAX).choose(rows, SAMPLE));
        let ends: Vec<Ends> = columns.par_iter().map(|column| Ends::of(column, chosen.as_deref(), bins_max)).collect();
        let group = |first: usize| {
            let mut group = vec![[0; LANES]; rows];
            for (lane, (column, ends)) in columns.iter().zip(&ends).skip(first).take(LANES).enumerate() {
                group.iter_mut().zip(*column).for_each(|(bytes, value)| bytes[lane] = ends.bin(*value));
            }
            group
        };
        let firsts: Vec<usize> = (0..columns.len()).step_by(LANES).collect();
        let groups = firsts.into_par_iter().map(group).collect();
        Self { rows, ends, groups }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_get_a_bin_each_and_missing_ones_the_last() {
        let ends = Ends::of(&[3.0, 1.0, f64::NAN, 2.0, 1.0, -0.0, 0.0], None, 255);
        assert_eq!(ends.0, [0.5, 1.5, 2.5]);
        let bins = [-7.0, -0.0, 0.6, 2.0, 99.0, f64::NAN].map(|value| ends.bin(value));
        assert_eq!(bins, [0, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn many_values_share_bins_evenly_and_a_frequent_one_keeps_its_own() {
        let values: Vec<f64> = (0..1000).map(|i| if i < 400 { 500.5 } else { f64::from(i) }).collect();
        let ends = Ends::of(&values, None, 16);
        assert_eq!(ends.bins(), 16);
        let mut counts = [0; 17];
        values.iter().for_each(|value| counts[usize::from(ends.bin(*value))] += 1);
        assert_eq!(counts[usize::from(ends.bin(500.5))], 400, "{counts:?}");
        let others: Vec<i32> = counts.iter().copied().filter(|count| ![0, 400].contains(count)).collect();
        assert!(others.len() == 15 && others.iter().all(|count| (30..=70).contains(count)), "{counts:?}");
    }
}
