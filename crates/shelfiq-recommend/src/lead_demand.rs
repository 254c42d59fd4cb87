//! Demand summed over a stretch of days: quantiles, shortage and the probability of running out.

use crate::DemandOutlook;

/// Half the width of an 80 % interval of the normal distribution, in standard deviations.
const Z80: f64 = 1.281_551_565_545;
/// Above this mean the normal distribution stands for the negative binomial; the difference is below 1 %.
const NORMAL_FROM_MEAN: f64 = 400.0;

/// Units asked for over a stretch of days.
///
/// The counts follow a negative binomial distribution with the forecast's mean and variance (a Poisson where the
/// forecast claims less variance than counting alone has).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LeadDemand {
    mean: f64,
    variance: f64,
}

impl LeadDemand {
    /// Sums the first `days` days of the outlook. Beyond its end the mean of its last week goes on.
    ///
    /// The spread of the sum is the outlook's own where it reaches that far; else the daily spreads are added up with
    /// `correlation` between the errors of two days. `days_deviation` is the standard deviation of the length of the
    /// stretch. Source of the variance of a sum over a random time: Silver, Pyke, Thomas, Inventory and Production
    /// Management in Supply Chains, ch. 7.
    pub(crate) fn over(outlook: &DemandOutlook, days: u32, correlation: f64, days_deviation: f64) -> Self {
        let (mut mean, mut variances, mut deviations) = (0.0, 0.0, 0.0);
        for day in 0..days as usize {
            let (daily_mean, deviation) = day_ahead(outlook, day);
            mean += daily_mean;
            variances += deviation * deviation;
            deviations += deviation;
        }
        let summed = (1.0 - correlation) * variances + correlation * deviations * deviations;
        let errors = own_deviation(outlook, days).map_or(summed, |deviation| deviation * deviation);
        let per_day = if days == 0 { 0.0 } else { mean / f64::from(days) };
        Self { mean, variance: (errors + (per_day * days_deviation).powi(2)).max(mean) }
    }

    /// Expected units.
    pub(crate) const fn mean(self) -> f64 {
        self.mean
    }

    /// The probability that more than `units` are asked for.
    pub(crate) fn exceeds(self, units: f64) -> f64 {
        if units < 0.0 {
            return 1.0;
        }
        if self.is_normal() {
            return 1.0 - normal_cdf((units + 0.5 - self.mean) / self.variance.sqrt());
        }
        let below: f64 = self.probabilities().take(units.floor() as usize + 1).sum();
        (1.0 - below).clamp(0.0, 1.0)
    }

    /// Expected units asked for beyond `units`: what cannot be sold.
    pub(crate) fn shortage(self, units: f64) -> f64 {
        let units = units.max(0.0);
        if self.is_normal() {
            let deviation = self.variance.sqrt();
            let z = (units - self.mean) / deviation;
            return (deviation * (normal_density(z) - z * (1.0 - normal_cdf(z)))).max(0.0);
        }
        // E(D − x)⁺ = E D − x + Σ_{k<x} (x − k) P(k)
        let left: f64 = self
            .probabilities()
            .take(units.ceil() as usize)
            .zip(0_u32..)
            .map(|(p, k)| p * (units - f64::from(k)))
            .sum();
        (self.mean - units + left).max(0.0)
    }

    /// The least number of units that suffices with this probability.
    pub(crate) fn quantile(self, probability: f64) -> f64 {
        if self.is_normal() {
            return bisect(probability, self.mean, self.variance.sqrt()).max(0.0);
        }
        let mut sum = 0.0;
        // Twenty standard deviations hold all of the mass that a float can see.
        let last = (self.mean + 20.0 * self.variance.sqrt()).ceil() as usize + 20;
        let index = self.probabilities().take(last).position(|p| {
            sum += p;
            sum >= probability
        });
        index.unwrap_or(last) as f64
    }

    fn is_normal(self) -> bool {
        self.mean > NORMAL_FROM_MEAN
    }

    /// P(0), P(1), … without end.
    fn probabilities(self) -> impl Iterator<Item = f64> {
        let (mean, excess) = (self.mean, self.variance - self.mean);
        let size = if excess > 1e-9 * mean.max(1e-12) { mean * mean / excess } else { f64::INFINITY };
        let start = if mean <= 0.0 {
            1.0
        } else if size.is_finite() {
            (size * (size / (size + mean)).ln()).exp()
        } else {
            (-mean).exp()
        };
        let step = move |k: f64| {
            if mean <= 0.0 {
                0.0
            } else if size.is_finite() {
                (k + size) / (k + 1.0) * (mean / (size + mean))
            } else {
                mean / (k + 1.0)
            }
        };
        (0_u32..).scan(start, move |p, k| {
            let current = *p;
            *p *= step(f64::from(k));
            Some(current)
        })
    }
}

/// The outlook's own standard deviation of the units of the first `days` days, if it reaches that far.
fn own_deviation(outlook: &DemandOutlook, days: u32) -> Option<f64> {
    let last = (days as usize).checked_sub(1)?;
    let (lo, hi) = (outlook.cumulative_lo80_units.get(last)?, outlook.cumulative_hi80_units.get(last)?);
    let deviation = (hi - lo) / (2.0 * Z80);
    (deviation.is_finite() && deviation >= 0.0).then_some(deviation)
}

/// Mean and standard deviation of one day ahead.
fn day_ahead(outlook: &DemandOutlook, day: usize) -> (f64, f64) {
    let at = |list: &[f64], day: usize| list.get(day).copied().filter(|value| value.is_finite()).unwrap_or(0.0);
    let known = outlook.mean_units.len();
    let one = |day: usize| {
        let width = (at(&outlook.hi80_units, day) - at(&outlook.lo80_units, day)).max(0.0);
        (at(&outlook.mean_units, day).max(0.0), width / (2.0 * Z80))
    };
    if day < known || known == 0 {
        return one(day);
    }
    let week = known.min(7);
    let (mean, deviation) =
        (known - week..known).map(one).fold((0.0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
    (mean / week as f64, deviation / week as f64)
}

fn bisect(probability: f64, mean: f64, deviation: f64) -> f64 {
    let (mut lo, mut hi) = (-10.0_f64, 10.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(lo, hi);
        if normal_cdf(middle) < probability { lo = middle } else { hi = middle }
    }
    mean + deviation * f64::midpoint(lo, hi)
}

fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Distribution function of the standard normal. Source: Abramowitz and Stegun 26.2.17, error below 7.5e-8.
fn normal_cdf(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series =
        t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let upper = normal_density(z) * series;
    if z >= 0.0 { 1.0 - upper } else { upper }
}

/// Equally probable points of the standard normal: the middles of `count` slices of equal mass.
pub(crate) fn normal_points(count: u32) -> impl Iterator<Item = f64> {
    (0..count).map(move |slice| bisect((f64::from(slice) + 0.5) / f64::from(count), 0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(mean: f64, half_width: f64, days: usize) -> DemandOutlook {
        DemandOutlook {
            first_day: chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap(),
            mean_units: vec![mean; days],
            lo80_units: vec![mean - half_width; days],
            hi80_units: vec![mean + half_width; days],
            cumulative_lo80_units: Vec::new(),
            cumulative_hi80_units: Vec::new(),
            model: "test".to_owned(),
        }
    }

    #[test]
    fn counting_noise_is_the_least_noise() {
        // Poisson with mean 4: P(D > 6) = 0.1107, P(D <= 8) = 0.9786.
        let demand = LeadDemand::over(&steady(2.0, 0.0, 2), 2, 0.0, 0.0);
        assert!((demand.exceeds(6.0) - 0.1107).abs() < 1e-4);
        assert_eq!(demand.quantile(0.97), 8.0);
        assert_eq!(demand.quantile(0.98), 9.0);
    }

    #[test]
    fn shortage_falls_from_the_mean_to_nothing_as_stock_grows() {
        let demand = LeadDemand::over(&steady(5.0, 6.0, 10), 10, 0.2, 0.0);
        assert!((demand.shortage(0.0) - 50.0).abs() < 1e-9);
        let shortages: Vec<f64> = (0..20).map(|tens| demand.shortage(f64::from(tens * 10))).collect();
        assert!(shortages.windows(2).all(|pair| pair[1] <= pair[0]));
        assert!(shortages[19] < 0.5, "{shortages:?}");
    }

    #[test]
    fn the_normal_form_meets_the_counting_form_where_it_takes_over() {
        let below = LeadDemand { mean: 400.0, variance: 1600.0 };
        let above = LeadDemand { mean: 400.1, variance: 1600.0 };
        for probability in [0.1, 0.5, 0.9, 0.95] {
            let (a, b) = (below.quantile(probability), above.quantile(probability));
            assert!((a - b).abs() / a < 0.01, "{probability}: {a} {b}");
        }
        assert!((below.shortage(420.0) - above.shortage(420.0)).abs() < 0.5);
    }

    #[test]
    fn beyond_the_outlook_its_last_week_goes_on() {
        assert!((LeadDemand::over(&steady(3.0, 1.0, 7), 30, 0.0, 0.0).mean() - 90.0).abs() < 1e-9);
    }

    #[test]
    fn the_forecasters_own_spread_of_a_sum_wins_over_the_assumed_one() {
        let mut outlook = steady(10.0, 8.0, 7);
        let assumed = LeadDemand::over(&outlook, 7, 1.0, 0.0);
        outlook.cumulative_lo80_units = (1..=7).map(|day| f64::from(day) * 10.0 - 15.0).collect();
        outlook.cumulative_hi80_units = (1..=7).map(|day| f64::from(day) * 10.0 + 15.0).collect();
        let own = LeadDemand::over(&outlook, 7, 1.0, 0.0);
        assert_eq!(own.mean(), assumed.mean());
        assert!((own.variance.sqrt() - 15.0 / Z80).abs() < 1e-9);
        assert!(own.quantile(0.95) < assumed.quantile(0.95));
    }

    #[test]
    fn no_demand_means_no_shortage() {
        let demand = LeadDemand::over(&steady(0.0, 0.0, 7), 14, 0.2, 2.0);
        assert_eq!((demand.exceeds(0.0), demand.shortage(0.0), demand.quantile(0.95)), (0.0, 0.0, 0.0));
    }
}
