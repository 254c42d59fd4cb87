//! Trend: whether a series rises or falls throughout, whatever the shape of its noise.

use serde::{Deserialize, Serialize};

use crate::stabilise::median;

/// A monotone trend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// Rising pairs minus falling pairs, over all pairs: from −1 to 1.
    pub tau: f64,
    /// Probability of so many pairs to one side, to either side, if there is no trend.
    pub p_value: f64,
    /// Median of the slopes between all pairs: change per position, in the unit of the series.
    pub slope: f64,
}

/// Fewest values from which a trend is judged.
const VALUES_MIN: usize = 8;
/// Values beyond this are thinned evenly: the test looks at all pairs.
const VALUES_MAX: usize = 2_000;

/// The test of Mann and Kendall with correction for ties and for values that resemble their neighbours, and Sen's slope.
///
/// Neighbours that resemble each other make chance look like a trend: the variance is widened by the autocorrelation of
/// the ranks of what the trend leaves over (Hamed and Rao, A modified Mann–Kendall trend test for autocorrelated data, J.
/// Hydrology 1998). NaN is left out; `None` below eight values. Take out seasons first.
#[must_use]
pub fn trend(values: &[f64]) -> Option<Trend> {
    let known: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .map(|(at, value)| (at as f64, *value))
        .collect();
    let known: Vec<(f64, f64)> = known.iter().copied().step_by(known.len().div_ceil(VALUES_MAX).max(1)).collect();
    let count = known.len() as f64;
    if known.len() < VALUES_MIN {
        return None;
    }
    let mut balance = 0.0_f64;
    let mut slopes = Vec::with_capacity(known.len() * (known.len() - 1) / 2);
    for (index, (at, value)) in known.iter().enumerate() {
        for (later, other) in &known[index + 1..] {
            let rise = other - value;
            balance += if rise > 0.0 {
                1.0
            } else if rise < 0.0 {
                -1.0
            } else {
                0.0
            };
            slopes.push(rise / (later - at));
        }
    }
    let pairs = slopes.len() as f64;
    let slope = median(&mut slopes);
    let variance = (spread(count) - ties(&known).into_iter().map(spread).sum::<f64>()) / 18.0;
    if variance <= 0.0 {
        return Some(Trend { tau: 0.0, p_value: 1.0, slope: 0.0 });
    }
    let left: Vec<f64> = known.iter().map(|(at, value)| value - slope * at).collect();
    let deviation = (variance * widening(&ranks(&left))).sqrt();
    let z = (balance.abs() - 1.0).max(0.0) / deviation;
    Some(Trend { tau: balance / pairs, p_value: normal_two_sided(z), slope })
}

fn spread(count: f64) -> f64 {
    count * (count - 1.0) * (2.0 * count + 5.0)
}

/// Sizes of the groups of equal values.
fn ties(known: &[(f64, f64)]) -> Vec<f64> {
    let mut sorted: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|group| group.len() as f64).collect()
}

/// By how much significant autocorrelations of the ranks widen the variance; never below one.
fn widening(ranks: &[f64]) -> f64 {
    let count = ranks.len() as f64;
    let mean = ranks.iter().sum::<f64>() / count;
    let power: f64 = ranks.iter().map(|rank| (rank - mean).powi(2)).sum();
    if power <= 0.0 {
        return 1.0;
    }
    let lags = ranks.len() / 4;
    let sum: f64 = (1..=lags)
        .map(|lag| {
            let product: f64 = ranks.iter().zip(&ranks[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
            let correlation = product / power;
            // Less is what chance shows.
            if correlation.abs() < 1.96 / count.sqrt() {
                return 0.0;
            }
            let left = count - lag as f64;
            left * (left - 1.0) * (left - 2.0) * correlation
        })
        .sum();
    (1.0 + 2.0 * sum / (count * (count - 1.0) * (count - 2.0))).max(1.0)
}

/// Ranks from 1 on; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut passed = 0;
    for group in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = passed as f64 + f64::midpoint(1.0, group.len() as f64);
        group.iter().for_each(|row| ranks[*row] = rank);
        passed += group.len();
    }
    ranks
}

/// Probability of a standard normal value at least `z` away from zero (Abramowitz and Stegun 7.1.26, within 1.5 · 10⁻⁷).
fn normal_two_sided(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series =
        t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    (series * (-x * x).exp()).clamp(0.0, 1.0)
}
