//! How far forecasts were from what happened.

use serde::{Deserialize, Serialize};

use crate::outcome::Interval;

/// Errors of one model on one series (or averaged over series), over all origins and steps tried. An absent value is
/// undefined for that series, not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// Mean absolute error of the median, in the unit of the series.
    pub mae: Option<f64>,
    /// Root of the mean squared error of the mean, in the unit of the series.
    pub rmse: Option<f64>,
    /// Mean absolute error of the median over the in-sample mean absolute seasonal difference (Hyndman & Koehler
    /// 2006).
    pub mase: Option<f64>,
    /// Root of: mean squared error of the mean over the in-sample mean squared one-step difference (M5 competition).
    pub rmsse: Option<f64>,
    /// Mean of 200 |y − f| / (|y| + |f|), in percent; a pair of zeros counts as no error.
    pub smape: Option<f64>,
    /// Sum of absolute errors over sum of absolute values, in percent.
    pub wape: Option<f64>,
    /// Mean of 100 |y − f| / |y|, in percent, over the periods with a value other than zero.
    pub mape: Option<f64>,
    /// Mean quantile loss of the median and the ends of the intervals, in the unit of the series.
    pub pinball: Option<f64>,
    /// Share of outcomes inside the 80 % interval.
    pub cover_80: Option<f64>,
    /// Share of outcomes inside the 95 % interval.
    pub cover_95: Option<f64>,
    /// Mean error of the mean forecast over the mean value: above zero when too much was forecast.
    pub bias: Option<f64>,
}

/// Sums from which [`Errors`] are made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    count: f64,
    absolute: f64,
    squared: f64,
    scaled: f64,
    scaled_count: f64,
    scaled_squared: f64,
    scaled_squared_count: f64,
    symmetric: f64,
    relative: f64,
    relative_count: f64,
    values: f64,
    pinball: f64,
    inside_80: f64,
    inside_95: f64,
    signed: f64,
}

impl Tally {
    /// Takes in one forecast period. `seasonal` and `one_step` are the in-sample scales of MASE and RMSSE; zero
    /// leaves these out.
    pub(crate) fn judge(
        &mut self,
        actual: f64,
        mean: f64,
        median: f64,
        [inner, outer]: [&Interval; 2],
        seasonal: f64,
        one_step: f64,
    ) {
        let miss = (actual - median).abs();
        self.count += 1.0;
        self.absolute += miss;
        self.squared += (actual - mean).powi(2);
        self.signed += mean - actual;
        self.values += actual.abs();
        if seasonal > 0.0 {
            self.scaled += miss / seasonal;
            self.scaled_count += 1.0;
        }
        if one_step > 0.0 {
            self.scaled_squared += ((actual - mean) / one_step).powi(2);
            self.scaled_squared_count += 1.0;
        }
        let size = actual.abs() + median.abs();
        self.symmetric += if size > 0.0 { 200.0 * miss / size } else { 0.0 };
        if actual != 0.0 {
            self.relative += 100.0 * miss / actual.abs();
            self.relative_count += 1.0;
        }
        let loss = |quantile: f64, share: f64| {
            if actual >= quantile { share * (actual - quantile) } else { (1.0 - share) * (quantile - actual) }
        };
        let ends = [(outer.lo, 0.025), (inner.lo, 0.1), (median, 0.5), (inner.hi, 0.9), (outer.hi, 0.975)];
        self.pinball += ends.iter().map(|(quantile, share)| loss(*quantile, *share)).sum::<f64>() / ends.len() as f64;
        let inside = |interval: &Interval| f64::from(u8::from(interval.lo <= actual && actual <= interval.hi));
        self.inside_80 += inside(inner);
        self.inside_95 += inside(outer);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.count, other.count),
            (&mut self.absolute, other.absolute),
            (&mut self.squared, other.squared),
            (&mut self.scaled, other.scaled),
            (&mut self.scaled_count, other.scaled_count),
            (&mut self.scaled_squared, other.scaled_squared),
            (&mut self.scaled_squared_count, other.scaled_squared_count),
            (&mut self.symmetric, other.symmetric),
            (&mut self.relative, other.relative),
            (&mut self.relative_count, other.relative_count),
            (&mut self.values, other.values),
            (&mut self.pinball, other.pinball),
            (&mut self.inside_80, other.inside_80),
            (&mut self.inside_95, other.inside_95),
            (&mut self.signed, other.signed),
        ];
        pairs.into_iter().for_each(|(own, other)| *own += other);
    }

    pub(crate) fn errors(&self) -> Errors {
        let over = |sum: f64, count: f64| (count > 0.0).then(|| sum / count);
        Errors {
            mae: over(self.absolute, self.count),
            rmse: over(self.squared, self.count).map(f64::sqrt),
            mase: over(self.scaled, self.scaled_count),
            rmsse: over(self.scaled_squared, self.scaled_squared_count).map(f64::sqrt),
            smape: over(self.symmetric, self.count),
            wape: over(100.0 * self.absolute, self.values),
            mape: over(self.relative, self.relative_count),
            pinball: over(self.pinball, self.count),
            cover_80: over(self.inside_80, self.count),
            cover_95: over(self.inside_95, self.count),
            bias: over(self.signed, self.values),
        }
    }
}

impl Errors {
    /// Each figure's mean over the series that have it; `wape` and `bias` over all series together.
    pub(crate) fn mean<'a>(tallies: impl Iterator<Item = &'a Tally>) -> Self {
        let mut together = Tally::default();
        let mut each: Vec<Self> = Vec::new();
        for tally in tallies {
            together.add(tally);
            each.push(tally.errors());
        }
        let mean = |figure: fn(&Self) -> Option<f64>| {
            let (sum, count) =
                each.iter().filter_map(figure).fold((0.0, 0_u32), |(sum, count), x| (sum + x, count + 1));
            (count > 0).then(|| sum / f64::from(count))
        };
        Self {
            mae: mean(|errors| errors.mae),
            rmse: mean(|errors| errors.rmse),
            mase: mean(|errors| errors.mase),
            rmsse: mean(|errors| errors.rmsse),
            smape: mean(|errors| errors.smape),
            mape: mean(|errors| errors.mape),
            pinball: mean(|errors| errors.pinball),
            cover_80: mean(|errors| errors.cover_80),
            cover_95: mean(|errors| errors.cover_95),
            wape: together.errors().wape,
            bias: together.errors().bias,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Level;

    #[test]
    fn figures_match_those_computed_by_hand() {
        let interval = |level, lo, hi| Interval { level, lo, hi };
        let mut tally = Tally::default();
        for (actual, forecast) in [(10.0, 8.0), (0.0, 1.0)] {
            let inner = interval(Level::EIGHTY, forecast - 1.0, forecast + 1.0);
            let outer = interval(Level::NINETY_FIVE, forecast - 2.0, forecast + 2.0);
            tally.judge(actual, forecast, forecast, [&inner, &outer], 2.0, 1.0);
        }
        let errors = tally.errors();
        let near = |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?}");
        near(errors.mae, 1.5);
        near(errors.rmse, 2.5_f64.sqrt());
        near(errors.mase, 0.75);
        near(errors.rmsse, 2.5_f64.sqrt());
        near(errors.smape, (200.0 * 2.0 / 18.0 + 200.0) / 2.0);
        near(errors.wape, 30.0);
        near(errors.mape, 20.0);
        near(errors.cover_80, 0.5);
        near(errors.cover_95, 1.0);
        near(errors.bias, -0.1);
    }
}
