//! Whole series at once: the same verdicts as value by value.

use rayon::prelude::*;

use crate::{AnomalyError, Cadence, Detector, DetectorConfig, Stamps, Verdict};

/// One series as it stands in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub id: String,
    /// When each value came, in any order; equal stamps are allowed.
    pub stamps: Stamps,
    /// The values, NaN where one is missing.
    pub values: Vec<f64>,
}

/// Judges every value of a series by the values with earlier stamps. One verdict per value, in the order of the input.
///
/// # Errors
/// [`AnomalyError`] if stamps and values differ in number, a value is infinite, or the settings are out of bounds.
pub fn detect(series: &Series, config: &DetectorConfig) -> Result<Vec<Verdict>, AnomalyError> {
    if series.stamps.len() != series.values.len() {
        return Err(AnomalyError::LengthMismatch {
            series: series.id.clone(),
            stamps: series.stamps.len(),
            values: series.values.len(),
        });
    }
    if let Some(row) = series.values.iter().position(|value| value.is_infinite()) {
        return Err(AnomalyError::Infinite { row: row + 1, column: "y".to_owned() });
    }
    let order = series.stamps.order();
    let cadence = Cadence::of_ordered(&series.stamps, &order);
    let positions = cadence.positions(&series.stamps);
    let mut detector = Detector::new(config, cadence)?;
    let mut verdicts = vec![Verdict::undecided(None); order.len()];
    for row in order {
        verdicts[row] = detector.observe(positions[row], series.values[row]);
    }
    Ok(verdicts)
}

/// Judges several series, each by itself, on all cores. One list of verdicts per series, in the order of the input.
///
/// # Errors
/// As [`detect`], for the first series that has one.
pub fn detect_all(series: &[Series], config: &DetectorConfig) -> Result<Vec<Vec<Verdict>>, AnomalyError> {
    series.par_iter().map(|series| detect(series, config)).collect()
}
