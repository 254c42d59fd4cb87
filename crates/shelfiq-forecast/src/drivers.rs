//! What known regressors do to a series: prices, promotions, holidays, weather.
//!
//! A value is taken as its usual level and season times `exp(x·β)` (plus `x·β` where values can be negative). `β` is
//! fitted to short-term deviations from the level around each period, so that slow movements do not pass for
//! effects, and is pulled towards what the same regressor does to similar series. Models then continue the series
//! without the effects; the effects of the coming regressors are put back after.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::History;
use crate::linear::ridge;
use crate::season::{Adjusted, Seasons};
use crate::series::{Regressor, Series};

/// Columns used at most, in input order.
const COLUMNS_MAX: usize = 40;
/// Bound on the combined effect: a factor of eight either way.
const EFFECT_MAX: f64 = 2.08;
/// How far beyond the range seen a coming value is believed, in units of that range.
const BEYOND_SEEN: f64 = 0.25;
/// Prior standard deviation of the effect of a logarithm (an elasticity).
const PRIOR_SD_LOG: f64 = 2.0;
/// Prior standard deviation of the effect of one standard deviation of anything else.
const PRIOR_SD_PLAIN: f64 = 0.3;
/// Series that must share a regressor before they teach each other.
const SHARED_MIN: usize = 10;

/// The regressors of one series that vary and whose future is known.
#[derive(Debug, Clone)]
pub(crate) struct Drivers {
    names: Vec<String>,
    prior_variances: Vec<f64>,
    /// Row after row, history then horizon: one value per name, centred.
    rows: Vec<f64>,
    is_ratio: bool,
}

/// The effect of each regressor.
#[derive(Debug, Clone)]
pub(crate) struct Effects {
    coefficients: Vec<f64>,
    variances: Vec<f64>,
}

/// What a regressor does to similar series: mean and variance of its effect by name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Precedent(#[serde(with = "crate::exact")] BTreeMap<String, (f64, f64)>);

impl Drivers {
    /// The usable regressors of a series; `None` if there is none.
    pub(crate) fn of(series: &Series, history: &History, horizon: usize) -> Option<Self> {
        let length = history.values.len();
        let from = series.values().len() - length;
        let columns: Vec<(&Regressor, Column)> = series
            .regressors()
            .iter()
            .filter_map(|regressor| Some((regressor, Column::new(&regressor.values[from..], length, horizon)?)))
            .take(COLUMNS_MAX)
            .collect();
        if columns.is_empty() {
            return None;
        }
        let rows =
            (0..length + horizon).flat_map(|t| columns.iter().map(move |(_, column)| column.values[t])).collect();
        Some(Self {
            names: columns.iter().map(|(regressor, _)| regressor.name.clone()).collect(),
            prior_variances: columns.iter().map(|(_, column)| column.prior_sd.powi(2)).collect(),
            rows,
            is_ratio: history.is_nonnegative,
        })
    }

    /// The effects that explain a history best.
    pub(crate) fn fit(&self, values: &[f64], seasons: Seasons, precedent: &Precedent) -> Effects {
        let width = self.names.len();
        let centres: Vec<f64> =
            self.names.iter().map(|name| precedent.0.get(name).map_or(0.0, |known| known.0)).collect();
        let own = self.prior_variances.iter().copied();
        let variances: Vec<f64> =
            self.names.iter().zip(own).map(|(name, own)| precedent.0.get(name).map_or(own, |known| known.1)).collect();
        let mut effects = Effects { coefficients: centres.clone(), variances: variances.clone() };
        let size = values.iter().map(|value| value.abs()).sum::<f64>() / values.len().max(1) as f64;
        if size <= 0.0 {
            return effects;
        }
        for _ in 0..4 {
            let cleaned: Vec<f64> =
                values.iter().enumerate().map(|(t, value)| self.clean(&effects, t, *value)).collect();
            let usual = usual_level(&cleaned, seasons);
            let expected: Vec<f64> = usual
                .iter()
                .enumerate()
                .map(|(t, usual)| {
                    self.restore(&effects, t, if self.is_ratio { usual.max(1e-3 * size) } else { *usual })
                })
                .collect();
            // Ratios scatter like counts do (variance in proportion to the mean), differences evenly.
            let weight = |t: usize| if self.is_ratio { expected[t] } else { 1.0 };
            let misses = values.iter().zip(&expected).map(|(value, expected)| (value - expected).powi(2));
            let dispersion =
                misses.enumerate().map(|(t, square)| square / weight(t)).sum::<f64>() / values.len() as f64;
            let dispersion = dispersion.max(1e-6 * size);
            let target = |t: usize| {
                let row = self.row(t);
                let moved: f64 =
                    row.iter().zip(&effects.coefficients).zip(&centres).map(|((x, b), c)| x * (b - c)).sum();
                moved + (values[t] - expected[t]) / weight(t)
            };
            let rows = (0..values.len()).map(|t| (weight(t) / dispersion, target(t), self.row(t)));
            let penalty: Vec<f64> = variances.iter().map(|variance| 1.0 / variance).collect();
            let Some(moved) = ridge(rows, &penalty) else { return effects };
            effects.coefficients = moved.iter().zip(&centres).map(|(moved, centre)| moved + centre).collect();
            effects.variances = (0..width)
                .map(|j| {
                    let information: f64 =
                        (0..values.len()).map(|t| weight(t) / dispersion * self.row(t)[j].powi(2)).sum();
                    1.0 / (information + penalty[j])
                })
                .collect();
        }
        effects
    }

    /// The value of period `t` had the regressors been as usual.
    pub(crate) fn clean(&self, effects: &Effects, t: usize, value: f64) -> f64 {
        if self.is_ratio { value / self.effect(effects, t).exp() } else { value - self.effect(effects, t) }
    }

    /// The opposite of [`Drivers::clean`].
    pub(crate) fn restore(&self, effects: &Effects, t: usize, value: f64) -> f64 {
        if self.is_ratio { value * self.effect(effects, t).exp() } else { value + self.effect(effects, t) }
    }

    /// Whether the same regressors count for both: of one history they then differ in coming values only.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.names == other.names
    }

    /// Whether effects are logarithms of ratios rather than differences.
    pub(crate) const fn is_ratio(&self) -> bool {
        self.is_ratio
    }

    /// The effect of each regressor in period `t`, compared with its usual value; together they keep the bound that
    /// [`Drivers::restore`] keeps.
    pub(crate) fn parts(&self, effects: &Effects, t: usize) -> Vec<(String, f64)> {
        let own = self.row(t).iter().zip(&effects.coefficients).map(|(x, b)| x * b);
        let sum: f64 = own.clone().sum();
        let kept = if sum == 0.0 { 1.0 } else { self.effect(effects, t) / sum };
        self.names.iter().cloned().zip(own.map(|effect| effect * kept)).collect()
    }

    fn effect(&self, effects: &Effects, t: usize) -> f64 {
        let sum: f64 = self.row(t).iter().zip(&effects.coefficients).map(|(x, b)| x * b).sum();
        if self.is_ratio { sum.clamp(-EFFECT_MAX, EFFECT_MAX) } else { sum }
    }

    fn row(&self, t: usize) -> &[f64] {
        let width = self.names.len();
        &self.rows[t * width..(t + 1) * width]
    }
}

impl Precedent {
    /// What series with the same regressors have in common; empty for few series.
    pub(crate) fn of(fitted: &[(&Drivers, Effects)]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for (drivers, effects) in fitted {
            for ((name, coefficient), variance) in
                drivers.names.iter().zip(&effects.coefficients).zip(&effects.variances)
            {
                by_name.entry(name).or_default().push((*coefficient, *variance));
            }
        }
        let common = |found: &Vec<(f64, f64)>| {
            let weights: f64 = found.iter().map(|(_, variance)| 1.0 / variance).sum();
            let mean = found.iter().map(|(coefficient, variance)| coefficient / variance).sum::<f64>() / weights;
            let count = found.len() as f64;
            let spread = found.iter().map(|(coefficient, _)| (coefficient - mean).powi(2)).sum::<f64>() / count;
            let noise = found.iter().map(|(_, variance)| variance).sum::<f64>() / count;
            (mean, (spread - noise).max(0.1 * spread).max(1e-6))
        };
        let shared = by_name.into_iter().filter(|(_, found)| found.len() >= SHARED_MIN);
        Self(shared.map(|(name, found)| (name.to_owned(), common(&found))).collect())
    }
}

struct Column {
    values: Vec<f64>,
    prior_sd: f64,
}

impl Column {
    /// A regressor made comparable: logarithms of what is always positive, else in standard deviations; centred.
    /// `None` if it never varies or nothing is known of its future.
    fn new(values: &[f64], length: usize, horizon: usize) -> Option<Self> {
        let past = || values[..length].iter().copied().filter(|value| !value.is_nan());
        let (lo, hi) =
            past().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
        if lo >= hi || horizon == 0 || !values[length..].iter().take(horizon).any(|value| !value.is_nan()) {
            return None;
        }
        let reach = BEYOND_SEEN * (hi - lo);
        let is_log = lo > 0.0;
        let scaled = |value: f64| {
            if is_log { value.clamp(lo, hi + reach).max(lo / 2.0).ln() } else { value.clamp(lo - reach, hi + reach) }
        };
        let count = past().count() as f64;
        let mean = past().map(scaled).sum::<f64>() / count;
        let sd = (past().map(|value| (scaled(value) - mean).powi(2)).sum::<f64>() / count).sqrt();
        let unit = if is_log { 1.0 } else { sd };
        // An unknown past value says nothing; an unknown coming one is as the last known.
        let mut last = f64::NAN;
        let value = |t: usize| {
            let value = values.get(t).copied().unwrap_or(f64::NAN);
            let value = if value.is_nan() && t >= length { last } else { value };
            last = value;
            if value.is_nan() { 0.0 } else { (scaled(value) - mean) / unit }
        };
        let values: Vec<f64> = (0..length + horizon).map(value).collect();
        (sd > 0.0 && unit.is_finite())
            .then_some(Self { values, prior_sd: if is_log { PRIOR_SD_LOG } else { PRIOR_SD_PLAIN } })
    }
}

/// What each period would be by its neighbours and the season alone; the period itself does not count.
fn usual_level(values: &[f64], seasons: Seasons) -> Vec<f64> {
    let adjusted = Adjusted::new(values, seasons);
    let flat: Vec<Option<f64>> = values.iter().enumerate().map(|(t, value)| adjusted.flatten(t, *value)).collect();
    let half = seasons.main.clamp(6, 14);
    // Sums and counts of all that came before each period.
    let mut before = vec![(0.0, 0_u32)];
    before.extend(flat.iter().scan((0.0, 0), |(sum, count), value| {
        (*sum, *count) = value.map_or((*sum, *count), |value| (*sum + value, *count + 1));
        Some((*sum, *count))
    }));
    (0..values.len())
        .map(|t| {
            let (from, to) = (before[t.saturating_sub(half)], before[(t + half + 1).min(values.len())]);
            let own = flat[t];
            let (sum, count) = (to.0 - from.0 - own.unwrap_or(0.0), to.1 - from.1 - u32::from(own.is_some()));
            adjusted.put_back(t, if count == 0 { values[t] } else { sum / f64::from(count) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Frequency, Stamp};
    use crate::options::ForecastOptions;

    #[test]
    fn an_elasticity_of_minus_two_is_found_and_a_constant_column_is_not_used() {
        let price: Vec<f64> = (0..110).map(|t| if t % 9 == 0 || t % 13 == 0 { 8.0 } else { 10.0 }).collect();
        let demand: Vec<f64> = (0..100)
            .map(|t| (100.0 + t as f64) * (price[t] / 10.0).powi(-2) * (1.0 + 0.02 * (t as f64 * 1.7).sin()))
            .collect();
        let series = Series::new("s", Calendar::new(Stamp::Step(0), Frequency::STEP), demand)
            .unwrap()
            .with_regressor(Regressor { name: "price".to_owned(), values: price })
            .unwrap()
            .with_regressor(Regressor { name: "height".to_owned(), values: vec![3.0; 110] })
            .unwrap();
        let history = History::new(&series, &ForecastOptions::for_demand(10)).unwrap();
        let drivers = Drivers::of(&series, &history, 10).unwrap();
        assert_eq!(drivers.names, ["price"]);
        let effects = drivers.fit(&history.values, Seasons::NONE, &Precedent::default());
        assert!((effects.coefficients[0] + 2.0).abs() < 0.1, "{:?}", effects.coefficients);
    }

    #[test]
    fn a_regressor_without_future_is_not_used() {
        let series = Series::new("s", Calendar::new(Stamp::Step(0), Frequency::STEP), vec![1.0; 10])
            .unwrap()
            .with_regressor(Regressor { name: "x".to_owned(), values: (0..10).map(f64::from).collect() })
            .unwrap();
        let history = History::new(&series, &ForecastOptions::for_demand(3)).unwrap();
        assert!(Drivers::of(&series, &history, 3).is_none());
    }
}
