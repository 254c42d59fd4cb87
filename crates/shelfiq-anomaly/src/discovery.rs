//! Many p-values at once: which of them to tell, when each Sku is asked every day.
//!
//! A rate of false alarms per series becomes hundreds of alarms a day over thousands of series. These functions bound
//! the share of false ones among what is told instead.

/// Share of what is told over a whole shop that may be false, if nobody says otherwise. In the arena it halves the false alarms
/// of days and weeks and tells nine in ten of what those show (docs/reference/anomalies.md has other shares): small counts
/// cannot have small probabilities, so a stricter share costs the drops of slow sellers.
pub const FALSE_SHARE_DEFAULT: f64 = 0.2;

/// Which of a day's p-values may be told so that at most the share `rate` of them is false, on average.
///
/// One answer per p-value, in order: those up to [`discovery_level`]. NaN is never told.
#[must_use]
pub fn discoveries(p_values: &[f64], rate: f64) -> Vec<bool> {
    let level = discovery_level(p_values, rate);
    p_values.iter().map(|p| *p <= level).collect()
}

/// The largest of a day's p-values that may be told so that at most the share `rate` of what is told is false, on average;
/// −∞ if none may be. One number tells the whole day: what was decided then can be looked up for each series later.
///
/// Holds where p-values are independent or rise together (Benjamini and Hochberg, Controlling the false discovery rate,
/// JRSS B 1995; Benjamini and Yekutieli 2001). NaN is left out.
#[must_use]
pub fn discovery_level(p_values: &[f64], rate: f64) -> f64 {
    let count = p_values.iter().filter(|p| !p.is_nan()).count() as f64;
    // No level lies above the rate, so that most need not be put in order.
    let mut sorted: Vec<f64> = p_values.iter().copied().filter(|p| *p <= rate).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let largest = sorted.iter().enumerate().rev().find(|(below, p)| **p <= rate * (below + 1) as f64 / count);
    largest.map_or(f64::NEG_INFINITY, |(_, p)| *p)
}

/// The share of calm scores at least as large as each score, the score itself counted among them: never below the
/// probability of so large a score where calm scores and this one are exchangeable, whatever their distribution.
///
/// `calm` are scores of values on which nothing happened, in any order; larger is stranger (Bates, Candès, Lei, Romano and
/// Sesia, Testing for outliers with conformal p-values, Annals of Statistics 2023).
#[must_use]
pub fn conformal_p_values(calm: &[f64], scores: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = calm.iter().copied().filter(|score| !score.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = sorted.len();
    let rank = |score: &f64| count - sorted.partition_point(|known| known < score);
    scores
        .iter()
        .map(|score| if score.is_nan() { 1.0 } else { (rank(score) + 1) as f64 / (count + 1) as f64 })
        .collect()
}
