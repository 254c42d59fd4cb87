//! Averages of the recent past.

use super::{Forecaster, Path, Start, Training};

/// Windows tried, in periods.
const WINDOWS: [usize; 5] = [3, 7, 14, 28, 91];

/// The mean of the last periods; of several windows the one whose one-step forecasts were best.
pub(super) struct WindowAverage;

impl Forecaster for WindowAverage {
    fn name(&self) -> &'static str {
        "window-average"
    }

    fn typical_loss(&self) -> f64 {
        0.95
    }

    fn suits(&self, _: &Training<'_>) -> bool {
        true
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let values = &training.adjusted.values;
        let loss = |window: usize| {
            let mut sum: f64 = values[..window].iter().sum();
            let mut squares = 0.0;
            // All windows are judged on the same periods.
            let from = values.len() / 2;
            for t in window..values.len() {
                if t >= from {
                    squares += (values[t] - sum / window as f64).powi(2);
                }
                sum += values[t] - values[t - window];
            }
            squares
        };
        let fitting = WINDOWS.iter().copied().filter(|window| 2 * window <= values.len());
        let window = fitting.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(values.len());
        let recent = values.get(values.len() - window..).filter(|recent| !recent.is_empty())?;
        let mean = recent.iter().sum::<f64>() / recent.len() as f64;
        Some(Path::new(training.adjusted.restore(vec![mean; horizon])))
    }
}

/// The median of the same position in the last seasons (up to five).
pub(super) struct SeasonalMedian;

impl Forecaster for SeasonalMedian {
    fn name(&self) -> &'static str {
        "seasonal-median"
    }

    fn typical_loss(&self) -> f64 {
        1.5
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.seasons.main > 1 && training.values.len() >= 3 * training.seasons.main
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let (values, period) = (training.values, training.seasons.main);
        let mean = |step: usize| {
            let last = values.len() + step % period - period;
            let mut same: Vec<f64> =
                (0..5).map_while(|back| values.get(last.checked_sub(back * period)?).copied()).collect();
            same.sort_by(f64::total_cmp);
            (same[(same.len() - 1) / 2] + same[same.len() / 2]) / 2.0
        };
        Some(Path::new((0..horizon).map(mean).collect()))
    }
}
