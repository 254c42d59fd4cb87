//! A series made ready for models: finite, without gaps, starting where it begins to tell something.

use crate::demand_class::DemandClass;
use crate::occasions::marks;
use crate::options::{ForecastOptions, Missing, Season, ValueRange};
use crate::season::Seasons;
use crate::series::Series;
use crate::spikes::spikes;

/// Power of demand with which errors grow.
pub(crate) const ERROR_GROWTH: f64 = 0.75;

/// What models learn from.
#[derive(Debug, Clone)]
pub(crate) struct History {
    /// One value per period since `offset`.
    pub(crate) values: Vec<f64>,
    /// Whether the value was seen rather than filled in. Filled-in values are learnt from but never judged on.
    pub(crate) seen: Vec<bool>,
    pub(crate) seasons: Seasons,
    pub(crate) class: DemandClass,
    pub(crate) is_nonnegative: bool,
    /// Whether all values are whole numbers, as counts are.
    pub(crate) is_whole: bool,
}

impl History {
    /// The history of a series; `None` if nothing was observed.
    pub(crate) fn new(series: &Series, options: &ForecastOptions) -> Option<Self> {
        let zero = options.missing == Missing::Zero;
        let all: Vec<f64> = series.values().iter().map(|v| if v.is_nan() && zero { 0.0 } else { *v }).collect();
        let lowest = all.iter().copied().filter(|value| !value.is_nan()).fold(f64::INFINITY, f64::min);
        if lowest == f64::INFINITY {
            return None;
        }
        let is_nonnegative = options.range == ValueRange::NonNegative || lowest >= 0.0;
        let floor = if is_nonnegative { 0.0 } else { f64::NEG_INFINITY };
        let all: Vec<f64> = all.into_iter().map(|value| if value < floor { floor } else { value }).collect();
        // Before the first sale there was nothing to buy.
        let begins = |value: &f64| !value.is_nan() && (!is_nonnegative || *value != 0.0);
        let offset = all.iter().position(begins).or_else(|| all.iter().position(|value| !value.is_nan()))?;
        let offset = offset.max(all.len().saturating_sub(length_max(series, options)));
        let raw = &all[offset..];
        let censored = &series.censored()[offset..];
        let mut seen: Vec<bool> =
            raw.iter().zip(censored).map(|(value, censored)| !value.is_nan() && !censored).collect();
        let mut known = filled(raw, &seen, 1);
        let is_regular = !is_nonnegative || !DemandClass::of(&known).is_sparse();
        let recurring = series.calendar().frequency().season_candidates();
        if let Some(spikes) = is_regular.then(|| spikes(&known, &recurring)).flatten() {
            // What happens near a holiday may come again.
            let marks = marks(series.calendar(), &options.holidays, offset, raw.len());
            // As if they had not been seen: neither learnt from nor judged on.
            let is_slip = spikes.iter().zip(marks).map(|(is_spike, mark)| *is_spike && mark.is_none());
            seen.iter_mut().zip(is_slip).for_each(|(seen, is_slip)| *seen &= !is_slip);
            known = filled(raw, &seen, 1);
        }
        let seasons = Seasons::of(&known, series.calendar().frequency(), options.season);
        let mut values = filled(raw, &seen, seasons.main);
        for ((value, raw), censored) in values.iter_mut().zip(raw).zip(censored) {
            // At least what was sold was wanted.
            if *censored && !raw.is_nan() {
                *value = value.max(*raw);
            }
        }
        let class = if is_nonnegative { DemandClass::of(&values) } else { DemandClass::Smooth };
        let is_whole = raw.iter().all(|value| value.is_nan() || value.fract() == 0.0);
        Some(Self { values, seen, seasons, class, is_nonnegative, is_whole })
    }

    /// How much larger misses are to be expected now than they were at period `end`, because values grew: a little
    /// less than in proportion. One where the question makes no sense.
    pub(crate) fn growth_since(&self, end: usize) -> f64 {
        if !self.is_nonnegative || self.class.is_sparse() {
            return 1.0;
        }
        let window = self.seasons.main.max(3).min(end);
        let level = |end: usize| self.values[end - window..end].iter().sum::<f64>() / window.max(1) as f64;
        let (then, now) = (level(end), level(self.values.len()));
        if then > 0.0 { (now / then).clamp(0.5, 3.0).powf(ERROR_GROWTH) } else { 1.0 }
    }

    /// Number of observed periods.
    pub(crate) fn observed(&self) -> usize {
        self.seen.iter().filter(|seen| **seen).count()
    }
}

/// Periods that a history holds at least, if the series has them: eleven years of days, half a year of hours.
const LENGTH_MAX: usize = 4096;
/// Long seasons that it holds at least.
const SEASONS_MAX: usize = 8;

/// Periods that are learnt from. What is older says little about what comes, and costs as much.
fn length_max(series: &Series, options: &ForecastOptions) -> usize {
    let longest = match options.season {
        Season::Periods(period) => Some(period),
        Season::Detect => series.calendar().frequency().season_candidates().into_iter().max(),
    };
    longest.unwrap_or(1).saturating_mul(SEASONS_MAX).max(LENGTH_MAX)
}

/// Fills what was not seen: from the same position of the seasons around (up to three on each side), else on the
/// straight line between neighbours.
fn filled(raw: &[f64], seen: &[bool], period: usize) -> Vec<f64> {
    if seen.iter().all(|seen| *seen) {
        return raw.to_vec();
    }
    let at = |t: Option<usize>| t.filter(|t| seen.get(*t) == Some(&true)).map(|t| raw[t]);
    let fill = |t: usize| {
        let around = (1..=3).flat_map(|k| [t.checked_sub(k * period), t.checked_add(k * period)]);
        let same: Vec<f64> = around.filter_map(at).collect();
        if period > 1 && !same.is_empty() {
            return same.iter().sum::<f64>() / same.len() as f64;
        }
        let before = (0..t).rev().find(|t| seen[*t]);
        let after = (t + 1..seen.len()).find(|t| seen[*t]);
        match (before, after) {
            (Some(a), Some(b)) => raw[a] + (raw[b] - raw[a]) * (t - a) as f64 / (b - a) as f64,
            (Some(only), None) | (None, Some(only)) => raw[only],
            (None, None) => {
                if raw[t].is_nan() {
                    0.0
                } else {
                    raw[t]
                }
            }
        }
    };
    (0..raw.len()).map(|t| if seen[t] { raw[t] } else { fill(t) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Frequency, Stamp};

    fn history(values: &[f64], options: &ForecastOptions) -> Option<History> {
        let series = Series::new("s", Calendar::new(Stamp::Step(0), Frequency::STEP), values.to_vec()).unwrap();
        History::new(&series, options)
    }

    #[test]
    fn a_gap_is_filled_on_the_line_or_with_zero_as_asked() {
        let gap = [2.0, f64::NAN, 4.0];
        assert_eq!(history(&gap, &ForecastOptions::for_any_series(1)).unwrap().values, [2.0, 3.0, 4.0]);
        assert_eq!(history(&gap, &ForecastOptions::for_demand(1)).unwrap().values, [2.0, 0.0, 4.0]);
    }

    #[test]
    fn a_stock_out_is_not_learnt_as_zero() {
        let series = Series::new("s", Calendar::new(Stamp::Step(0), Frequency::STEP), vec![5.0, 0.0, 5.0, 9.0, 5.0])
            .unwrap()
            .with_censored(vec![false, true, false, true, false])
            .unwrap();
        let history = History::new(&series, &ForecastOptions::for_demand(1)).unwrap();
        assert_eq!(history.values, [5.0, 5.0, 5.0, 9.0, 5.0]);
        assert_eq!(history.observed(), 3);
    }

    #[test]
    fn time_before_the_first_sale_is_left_out() {
        let history = history(&[0.0, 0.0, 3.0, 0.0], &ForecastOptions::for_demand(1)).unwrap();
        assert_eq!(history.values, [3.0, 0.0]);
    }

    #[test]
    fn nothing_observed_gives_no_history() {
        assert!(history(&[f64::NAN; 3], &ForecastOptions::for_any_series(1)).is_none());
        assert!(history(&[], &ForecastOptions::for_demand(1)).is_none());
    }
}
