//! Units asked for on one day: the quantile function of demand around its mean.

use crate::normal;

/// Up to this mean, single units matter and are counted.
const COUNTED_MEAN_MAX: f64 = 50.0;

/// The luck of a day as its quantile, so that more expected demand never means fewer units on the same day.
///
/// - spread at least that of independent buyers: negative binomial around the mean (Poisson if the spread is just that), with
///   the dispersion the outlook shows; by summing probabilities for slow days, by the gamma distribution for busy ones;
/// - less spread than that (sales by weight, contracts): gamma with a constant relative spread.
///
/// Source of the approximation for the gamma quantile: E. B. Wilson, M. M. Hilferty, PNAS 17 (1931), 684–688.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DayDemand {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
}

impl DayDemand {
    /// Units asked for at the quantile `luck` if the mean is `factor` times as high.
    pub(crate) fn units(self, factor: f64, luck: f64) -> f64 {
        let mean = self.mean * factor;
        if mean <= 0.0 || self.sd <= 0.0 {
            return mean.max(0.0);
        }
        let excess = self.sd * self.sd / self.mean - 1.0;
        if excess < -1e-9 {
            return gamma(mean, self.sd * factor, luck);
        }
        // Variance of the negative binomial: mean + dispersion · mean².
        let dispersion = excess.max(0.0) / self.mean;
        if mean <= COUNTED_MEAN_MAX {
            counted(mean, dispersion, luck)
        } else {
            gamma(mean, (mean + dispersion * mean * mean).sqrt(), luck).round()
        }
    }
}

fn gamma(mean: f64, sd: f64, luck: f64) -> f64 {
    let shape = (mean / sd).powi(2);
    let root = 1.0 - 1.0 / (9.0 * shape) + normal::quantile(luck) / (3.0 * shape.sqrt());
    mean * root.max(0.0).powi(3)
}

/// Smallest count whose cumulative probability reaches `luck`.
fn counted(mean: f64, dispersion: f64, luck: f64) -> f64 {
    let none = if dispersion > 1e-9 { -(dispersion * mean).ln_1p() / dispersion } else { -mean };
    let (mut count, mut probability) = (0.0, none.exp());
    let mut cumulative = probability;
    // Far in the tail the sum stops growing; a thousand means is beyond any luck of 52 bits that matters.
    while cumulative < luck && count < 1_000.0 + 1_000.0 * mean {
        probability *= mean * (1.0 + dispersion * count) / ((1.0 + dispersion * mean) * (count + 1.0));
        count += 1.0;
        cumulative += probability;
        if probability < 1e-18 && count > mean {
            break;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(demand: DayDemand, factor: f64) -> (f64, f64) {
        let slices = 40_000;
        let units: Vec<f64> =
            (0..slices).map(|i| demand.units(factor, (f64::from(i) + 0.5) / f64::from(slices))).collect();
        let mean = units.iter().sum::<f64>() / f64::from(slices);
        (mean, (units.iter().map(|u| (u - mean).powi(2)).sum::<f64>() / f64::from(slices)).sqrt())
    }

    #[test]
    fn mean_and_spread_are_those_given() {
        for (mean, sd) in [(0.3, 0.9), (0.3, 0.3_f64.sqrt()), (4.0, 5.0), (40.0, 9.0), (400.0, 90.0), (30.0, 2.0)] {
            let (found, spread) = moments(DayDemand { mean, sd }, 1.0);
            assert!(
                (found / mean - 1.0).abs() < 0.01 && (spread / sd - 1.0).abs() < 0.03,
                "{mean} {sd}: {found} {spread}"
            );
        }
    }

    #[test]
    fn doubled_demand_keeps_its_dispersion() {
        let (mean, sd) = moments(DayDemand { mean: 4.0, sd: 5.0 }, 2.0);
        // dispersion = (25 − 4) / 16
        assert!((mean - 8.0).abs() < 0.05 && (sd - (8.0_f64 + 21.0 / 16.0 * 64.0).sqrt()).abs() < 0.3, "{mean} {sd}");
    }

    #[test]
    fn the_same_luck_never_sells_less_at_a_higher_mean() {
        for demand in
            [DayDemand { mean: 2.0, sd: 2.5 }, DayDemand { mean: 49.0, sd: 9.0 }, DayDemand { mean: 5.0, sd: 1.0 }]
        {
            for luck in [0.01, 0.2, 0.5, 0.9, 0.999] {
                let units: Vec<f64> = (1..40).map(|i| demand.units(f64::from(i) * 0.1, luck)).collect();
                // Where counting ends and the gamma begins a unit of difference is rounding.
                assert!(units.is_sorted_by(|a, b| *a <= b + 1.0), "{demand:?} {luck}: {units:?}");
            }
        }
    }

    #[test]
    fn certain_or_absent_demand_has_no_luck() {
        assert_eq!(DayDemand { mean: 7.5, sd: 0.0 }.units(2.0, 0.99), 15.0);
        assert_eq!(DayDemand { mean: 0.0, sd: 3.0 }.units(2.0, 0.99), 0.0);
    }
}
