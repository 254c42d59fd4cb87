//! Forecasts against what happened: the sums, and the figures that they give.

use shelfiq_store::model_accuracy::ErrorSums;

/// First days of the distances by which errors are told apart: one week, two, four, eight.
pub(crate) const HORIZON_FIRST_DAYS: [i32; 4] = [1, 8, 15, 29];

/// The distance to which a day so many days after the origin belongs.
pub(crate) fn horizon_of(days_ahead: i64) -> i32 {
    HORIZON_FIRST_DAYS.into_iter().rev().find(|first| days_ahead >= i64::from(*first)).unwrap_or(1)
}

/// One forecast of one day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Foreseen {
    pub(crate) mean: f64,
    pub(crate) median: f64,
    /// Lower and upper ends of the intervals at [`SHARES`].
    pub(crate) ends: [(f64, f64); 4],
}

/// Shares of outcomes that the judged intervals are meant to hold.
pub(crate) const SHARES: [f64; 4] = [0.5, 0.8, 0.9, 0.95];

impl Foreseen {
    /// Mean quantile loss of the median and of the ends of all intervals, in units.
    pub(crate) fn pinball(&self, actual: f64) -> f64 {
        let loss = |quantile: f64, share: f64| {
            if actual >= quantile { share * (actual - quantile) } else { (1.0 - share) * (quantile - actual) }
        };
        let ends: f64 = self
            .ends
            .iter()
            .zip(SHARES)
            .map(|((lo, hi), share)| loss(*lo, (1.0 - share) / 2.0) + loss(*hi, (1.0 + share) / 2.0))
            .sum();
        (ends + loss(self.median, 0.5)) / (2.0 * SHARES.len() as f64 + 1.0)
    }

    /// Adds the comparison with what happened. `yardstick` is the usual weekly change of the Sku, if it has one.
    pub(crate) fn judge(&self, actual: f64, yardstick: Option<f64>, sums: &mut ErrorSums) {
        let miss = (actual - self.median).abs();
        sums.days += 1;
        sums.actual += actual;
        sums.absolute += miss;
        sums.signed += self.mean - actual;
        sums.pinball += self.pinball(actual);
        if let Some(yardstick) = yardstick {
            sums.scaled += miss / yardstick;
            sums.scaled_days += 1;
        }
        let inside = [&mut sums.inside_50, &mut sums.inside_80, &mut sums.inside_90, &mut sums.inside_95];
        for (count, (lo, hi)) in inside.into_iter().zip(self.ends) {
            *count += i64::from(lo <= actual && actual <= hi);
        }
    }
}

/// How far forecasts were off. An absent figure is undefined for the group, not zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccuracyFigures {
    /// Skus judged.
    pub skus: i64,
    /// Sku-days judged.
    pub days: i64,
    /// Mean absolute error of the median over the usual change from week to week (Hyndman & Koehler 2006, season of seven
    /// days): below one is better than repeating last week.
    pub mase: Option<f64>,
    /// Sum of absolute errors of the median over units sold: 0.4 means 40 %.
    pub wape: Option<f64>,
    /// Mean forecast less sales over sales: above zero when too much was forecast.
    pub bias: Option<f64>,
    /// Mean quantile loss in units per Sku and day.
    pub pinball: Option<f64>,
    /// Share of outcomes inside the 50, 80, 90 and 95 % interval, with the share that was promised.
    pub coverage: [(f64, Option<f64>); 4],
}

impl AccuracyFigures {
    /// The figures of a group's sums.
    #[must_use]
    pub fn of(sums: &ErrorSums) -> Self {
        let over = |sum: f64, count: f64| (count > 0.0).then(|| sum / count);
        let days = sums.days as f64;
        let inside = [sums.inside_50, sums.inside_80, sums.inside_90, sums.inside_95];
        let mut coverage = SHARES.map(|share| (share, None));
        coverage.iter_mut().zip(inside).for_each(|(point, count)| point.1 = over(count as f64, days));
        Self {
            skus: sums.skus,
            days: sums.days,
            mase: over(sums.scaled, sums.scaled_days as f64),
            wape: over(sums.absolute, sums.actual),
            bias: over(sums.signed, sums.actual),
            pinball: over(sums.pinball, days),
            coverage,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_match_those_computed_by_hand() {
        let mut sums = ErrorSums::default();
        for (actual, forecast) in [(10.0, 8.0), (0.0, 1.0)] {
            let ends = [0.5, 1.0, 1.5, 2.0].map(|reach| (forecast - reach, forecast + reach));
            Foreseen { mean: forecast + 0.5, median: forecast, ends }.judge(actual, Some(2.0), &mut sums);
        }
        let figures = AccuracyFigures::of(&sums);
        assert_eq!((figures.days, figures.mase, figures.wape), (2, Some(0.75), Some(0.3)));
        assert_eq!(figures.bias, Some(0.0), "a unit and a half too few, a unit and a half too many");
        assert_eq!(figures.coverage, [(0.5, Some(0.0)), (0.8, Some(0.5)), (0.9, Some(0.5)), (0.95, Some(1.0))]);
    }

    #[test]
    fn a_sure_forecast_that_is_right_loses_nothing_and_one_that_is_wrong_half_its_miss() {
        let sure = Foreseen { mean: 3.0, median: 3.0, ends: [(3.0, 3.0); 4] };
        assert_eq!(sure.pinball(3.0), 0.0);
        assert!((sure.pinball(5.0) - 1.0).abs() < 1e-12, "quantiles around one half: on average half the miss");
    }

    #[test]
    fn a_group_without_sales_has_no_relative_error() {
        let figures = AccuracyFigures::of(&ErrorSums { days: 3, ..ErrorSums::default() });
        assert_eq!((figures.wape, figures.bias, figures.mase), (None, None, None));
    }

    #[test]
    fn distances_begin_where_they_say() {
        assert_eq!([1, 7, 8, 14, 15, 28, 29, 56].map(horizon_of), [1, 1, 8, 8, 15, 15, 29, 29]);
    }
}
