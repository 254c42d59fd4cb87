//! Many p-values at once: which of them to tell, when each Sku is asked every day.
//!
//! A rate of false alarms per series becomes hundreds of alarms a day over thousands of series. These functions bound
//! the share of false ones among what is told instead.

use serde::{Deserialize, Serialize};

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
    let mut sorted: Vec<f64> = p_values.iter().copied().filter(|p| !p.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = sorted.len() as f64;
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

/// Decides on p-values one by one, so that at any time at most the share `rate` of what was told is false, on average.
///
/// Every discovery earns level for later ones, so that a stream of true alarms never runs dry (LORD++: Ramdas, Yang,
/// Wainwright and Jordan, Online control of the false discovery rate with decaying memory, NeurIPS 2017). The state can be
/// stored and taken up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OnlineDiscovery {
    rate: f64,
    /// P-values seen.
    asked: u64,
    /// Numbers of the p-values that were told, the oldest first.
    told: Vec<u64>,
}

/// Discoveries whose level has not yet faded are remembered; older ones add less than a thousandth of the rate.
const TOLD_MAX: usize = 2_000;
/// Makes the spending sequence sum to one (Javanmard and Montanari, Annals of Statistics 2018).
const SPENDING: f64 = 0.077_208_38;

impl OnlineDiscovery {
    /// A stream of which at most the share `rate`, between 0 and 1, of discoveries is false.
    #[must_use]
    pub const fn new(rate: f64) -> Self {
        Self { rate: rate.clamp(0.0, 1.0), asked: 0, told: Vec::new() }
    }

    /// The level that the next p-value will be compared with.
    #[must_use]
    pub fn level(&self) -> f64 {
        let now = self.asked + 1;
        let first_wealth = 0.5 * self.rate;
        let first = self.told.first().map_or(0.0, |told| (self.rate - first_wealth) * spending(now - told));
        let later: f64 = self.told.iter().skip(1).map(|told| self.rate * spending(now - told)).sum();
        spending(now) * first_wealth + first + later
    }

    /// Whether a p-value may be told.
    pub fn decide(&mut self, p_value: f64) -> bool {
        let is_told = p_value <= self.level();
        self.asked += 1;
        if is_told {
            self.told.push(self.asked);
            if self.told.len() > TOLD_MAX {
                // The first one has a share of its own, and what it still adds is next to nothing.
                self.told.remove(1);
            }
        }
        is_told
    }
}

/// What share of its wealth a discovery lends to the p-value so many steps later; sums to at most one.
fn spending(step: u64) -> f64 {
    let step = step as f64;
    SPENDING * step.max(2.0).ln() / (step * step.ln().sqrt().exp())
}
