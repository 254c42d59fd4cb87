//! Values on which nothing could be sold.

use serde::{Deserialize, Serialize};

use super::negative_binomial::NegativeBinomial;

/// Probability that an outage begins with a value, and that it lasts over the next one.
const BEGINS: f64 = 0.01;
const LASTS: f64 = 0.9;
/// Share of the mean that an outage leaves.
const REST: f64 = 0.03;
/// Size of the counts outside outages: a fixed one, because one learnt from outages would find them usual.
const SIZE: f64 = 3.0;

/// Whether an outage is on: an empty shelf, a listing that nobody finds.
///
/// A hidden chain of two states, of which counts tell (Hamilton, A new approach to the economic analysis of
/// nonstationary time series and the business cycle, Econometrica 1989). An outage is one event however many values it
/// has, and must not teach value by value that nothing is usual.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Outage {
    probability: f64,
}

impl Outage {
    /// The probability that one was on when the last count came.
    pub(super) const fn probability(self) -> f64 {
        self.probability
    }

    /// Takes in a count where `mean` was expected.
    pub(super) fn look(&mut self, count: f64, mean: f64) {
        let before = LASTS * self.probability + BEGINS * (1.0 - self.probability);
        let likely = |mean: f64| NegativeBinomial::new(mean, SIZE).log_mass(count).exp();
        let (outage, usual) = (before * likely(REST * mean), (1.0 - before) * likely(mean));
        self.probability = if outage > 0.0 { outage / (outage + usual) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(counts: &[f64], mean: f64) -> f64 {
        let mut outage = Outage::default();
        counts.iter().for_each(|count| outage.look(*count, mean));
        outage.probability()
    }

    #[test]
    fn nothing_sold_tells_of_an_outage_the_sooner_the_more_usually_sells() {
        assert!(after(&[0.0, 0.0], 17.0) > 0.95);
        assert!(after(&[0.0, 0.0], 2.0) < 0.2);
        assert!(after(&[0.0; 8], 2.0) > 0.8);
        assert!(after(&[0.0; 60], 0.1) < 0.3, "a slow seller sells nothing most days");
    }

    #[test]
    fn one_good_day_ends_an_outage() {
        assert!(after(&[0.0, 0.0, 0.0, 9.0], 10.0) < 0.01);
    }

    #[test]
    fn counts_too_large_for_any_belief_are_no_outage() {
        assert_eq!(after(&[1e9], 1.0), 0.0);
    }
}
