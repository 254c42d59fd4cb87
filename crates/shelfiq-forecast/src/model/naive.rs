//! Forecasts that repeat what was last seen.

use super::{Forecaster, Path, Start, Training};

/// The last value, for ever; with a season taken out first and put back after (Naive2 of the M competitions).
pub(super) struct Naive;

impl Forecaster for Naive {
    fn name(&self) -> &'static str {
        "naive"
    }

    fn typical_loss(&self) -> f64 {
        1.0
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let last = *training.adjusted.values.last()?;
        Some(Path::new(training.adjusted.restore(vec![last; horizon])))
    }
}

/// The value of one season ago; without a season, the last value.
pub(super) struct SeasonalNaive;

impl Forecaster for SeasonalNaive {
    fn name(&self) -> &'static str {
        "seasonal-naive"
    }

    fn typical_loss(&self) -> f64 {
        1.15
    }

    fn suits(&self, _: &Training<'_>) -> bool {
        true
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let values = training.values;
        let period = training.seasons.main.min(values.len());
        let last = values.get(values.len().checked_sub(period)?..).filter(|last| !last.is_empty())?;
        Some(Path::new((0..horizon).map(|step| last[step % period]).collect()))
    }
}

/// The last value plus the mean change per period so far.
pub(super) struct Drift;

impl Forecaster for Drift {
    fn name(&self) -> &'static str {
        "drift"
    }

    fn typical_loss(&self) -> f64 {
        0.95
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= 4
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, _: Start<'_>) -> Option<Path> {
        let values = &training.adjusted.values;
        let (first, last) = (*values.first()?, *values.last()?);
        let slope = (last - first) / (values.len() - 1).max(1) as f64;
        let path = (1..=horizon).map(|step| last + slope * step as f64).collect();
        Some(Path::new(training.adjusted.restore(path)))
    }
}
