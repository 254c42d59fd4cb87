//! Forecasts that add up: Skus to categories, stores and the total.
//!
//! Each node of a hierarchy is forecast on its own, and the forecasts are moved as little as their reliability asks
//! for until every sum equals its parts: with base forecasts `y`, error covariance `W` and gaps `C y` between sums
//! and parts, `y − W Cᵀ (C W Cᵀ)⁻¹ C y` has the least total variance (MinT; Wickramasuriya, Athanasopoulos &
//! Hyndman, JASA 114, 2019). Written by its gaps, the system is as large as there are sums, not leaves.

use crate::hierarchy::{Hierarchy, HierarchyError};
use crate::linear::Factor;
use crate::outcome::{Forecast, Interval};

/// How reliable the forecasts of nodes are held to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reliability<'a> {
    /// Only leaves count; sums are whatever they add up to.
    BottomUp,
    /// A sum errs like that many independent leaves.
    Structural,
    /// As the width of each node's own interval says, errors of different nodes being independent.
    Spread,
    /// As past errors say, their correlations shrunk towards none (Schäfer & Strimmer 2005).
    Errors(&'a [Vec<f64>]),
}

/// Forecasts of all nodes of `hierarchy` that add up, from forecasts of each node in the order of
/// [`Hierarchy::ids`].
///
/// Means are reconciled and every sum is exactly the sum of its leaves' means, added in their order. Medians and
/// intervals keep the shape they have been measured with: they move along with the mean of their node. (Intervals do
/// not add up: errors of parts cancel.) Where all base values are zero or above so are the results, and an interval
/// holds its median. [`Reliability::Errors`] takes one row per node of errors at the same past moments, `NaN` where
/// unknown.
///
/// # Errors
/// [`HierarchyError`] if forecasts, their steps or the errors do not fit the hierarchy.
pub fn reconcile(
    hierarchy: &Hierarchy,
    forecasts: &[Forecast],
    reliability: Reliability<'_>,
) -> Result<Vec<Forecast>, HierarchyError> {
    check(hierarchy, forecasts)?;
    let common = match reliability {
        Reliability::Errors(errors) if errors.len() != forecasts.len() => {
            return Err(HierarchyError::WrongErrors { expected: forecasts.len(), found: errors.len() });
        }
        Reliability::Errors(errors) => Some(Covariance::shrunk(errors)),
        _ => None,
    };
    let mut found = forecasts.to_vec();
    let mut sums = vec![0.0; forecasts.len()];
    for step in 0..forecasts.first().map_or(0, |first| first.steps.len()) {
        let base: Vec<f64> = forecasts.iter().map(|forecast| forecast.steps[step].mean).collect();
        let is_nonnegative = forecasts.iter().all(|forecast| lowest(forecast, step) >= 0.0);
        let covariance = match reliability {
            Reliability::BottomUp => None,
            Reliability::Structural => Some(Covariance::structural(hierarchy)),
            Reliability::Spread => Some(Covariance::independent(forecasts.iter().map(|f| variance(f, step)).collect())),
            Reliability::Errors(_) => common.clone(),
        };
        let mut leaves = base.clone();
        if let Some(covariance) = covariance {
            leaves = covariance.closed(hierarchy, &base).unwrap_or(leaves);
        }
        leaves.truncate(hierarchy.leaves());
        if is_nonnegative {
            leaves.iter_mut().for_each(|value| *value = value.max(0.0));
        }
        for (node, mean) in hierarchy.add_up(&leaves).into_iter().enumerate() {
            sums[node] += mean;
            shift(&mut found[node], step, mean, sums[node], is_nonnegative);
        }
    }
    Ok(found)
}

/// Forecasts of parts, moved so that they add up to a total that stands: stores to a shop whose products have been
/// reconciled with it already. The gap is shared in proportion to the variance of each part's own error, which is MinT with a
/// total that does not err; shapes are kept as in [`reconcile`], and where all base values are zero or above so are the
/// results.
///
/// # Errors
/// [`HierarchyError::UnevenSteps`] if a part reaches less or farther ahead than the total.
pub fn add_up_to(total: &Forecast, parts: &[Forecast]) -> Result<Vec<Forecast>, HierarchyError> {
    if let Some(uneven) = parts.iter().find(|part| part.steps.len() != total.steps.len()) {
        return Err(HierarchyError::UnevenSteps(uneven.id.clone()));
    }
    let mut found = parts.to_vec();
    let mut sums = vec![0.0; parts.len()];
    for (step, whole) in total.steps.iter().enumerate() {
        let is_nonnegative = whole.mean >= 0.0 && parts.iter().all(|part| lowest(part, step) >= 0.0);
        let own = Covariance::independent(parts.iter().map(|part| variance(part, step)).collect()).own;
        let base = || parts.iter().map(|part| part.steps[step].mean);
        let share = (whole.mean - base().sum::<f64>()) / own.iter().sum::<f64>();
        let mut means: Vec<f64> = base().zip(&own).map(|(mean, own)| mean + own * share).collect();
        if is_nonnegative {
            means.iter_mut().for_each(|mean| *mean = mean.max(0.0));
            let sum: f64 = means.iter().sum();
            // What was lifted to zero is taken from the others.
            means.iter_mut().filter(|_| sum > 0.0).for_each(|mean| *mean *= whole.mean / sum);
        }
        for (node, mean) in means.into_iter().enumerate() {
            sums[node] += mean;
            shift(&mut found[node], step, mean, sums[node], is_nonnegative);
        }
    }
    Ok(found)
}

/// Means of all nodes as whole multiples of `10^-decimals`, such that shown numbers add up to the last digit: leaves
/// are rounded, sums are sums of rounded leaves. `leaves` holds one value per leaf.
#[must_use]
pub fn shown(hierarchy: &Hierarchy, leaves: &[f64], decimals: u32) -> Vec<f64> {
    let unit = 10_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
    // Whole numbers add up exactly in floating point, tenths do not.
    let whole: Vec<f64> = leaves.iter().map(|value| (value * unit).round()).collect();
    hierarchy.add_up(&whole).into_iter().map(|value| value / unit).collect()
}

fn check(hierarchy: &Hierarchy, forecasts: &[Forecast]) -> Result<(), HierarchyError> {
    for place in 0..hierarchy.ids().len().max(forecasts.len()) {
        let expected = hierarchy.ids().get(place).map_or("", String::as_str);
        let found = forecasts.get(place).map_or("", |forecast| forecast.id.as_str());
        if expected != found {
            let (expected, found) = (expected.to_owned(), found.to_owned());
            return Err(HierarchyError::WrongForecast { place, expected, found });
        }
    }
    let shape = |forecast: &Forecast| -> Vec<Vec<f64>> {
        let levels = |intervals: &[Interval]| intervals.iter().map(|interval| f64::from(interval.level)).collect();
        forecast.steps.iter().map(|step| levels(&step.intervals)).collect()
    };
    let first = forecasts.first().map(shape).unwrap_or_default();
    match forecasts.iter().find(|forecast| shape(forecast) != first) {
        Some(uneven) => Err(HierarchyError::UnevenSteps(uneven.id.clone())),
        None => Ok(()),
    }
}

/// The lowest number that a step shows.
fn lowest(forecast: &Forecast, step: usize) -> f64 {
    let step = &forecast.steps[step];
    step.intervals.iter().map(|interval| interval.lo).fold(step.mean.min(step.median), f64::min)
}

/// Variance of the error that the narrowest interval stands for, as if it were normal; for lack of intervals, of
/// one in proportion to the mean.
fn variance(forecast: &Forecast, step: usize) -> f64 {
    let step = &forecast.steps[step];
    let narrowest = step.intervals.iter().min_by(|a, b| f64::from(a.level).total_cmp(&f64::from(b.level)));
    let width = narrowest.map_or(step.mean.abs(), |interval| {
        // Half-width over standard deviation grows with the level; near enough for weights.
        (interval.hi - interval.lo) / (-2.0 * (1.0 - interval.level.share()).ln()).sqrt()
    });
    width * width
}

/// Moves a step to another mean. Counts stay counts: a bound of 0 or 1 units that moved by a tenth would exclude the very
/// numbers that occur.
fn shift(forecast: &mut Forecast, step: usize, mean: f64, sum: f64, is_nonnegative: bool) {
    let step = &mut forecast.steps[step];
    let ends = step.intervals.iter().flat_map(|interval| [interval.lo, interval.hi]);
    let is_count = ends.chain([step.median]).all(|end| end.fract() == 0.0);
    let settled = |value: f64| {
        let value = if is_nonnegative { value.max(0.0) } else { value };
        if is_count { value.round() } else { value }
    };
    let moved = |interval: &mut Interval, by: f64, centre: f64| {
        interval.lo = settled(interval.lo + by).min(centre);
        interval.hi = settled(interval.hi + by).max(centre);
    };
    let by = mean - step.mean;
    step.mean = mean;
    step.median = settled(step.median + by);
    let median = step.median;
    step.intervals.iter_mut().for_each(|interval| moved(interval, by, median));
    let by = sum - step.cumulative.mean;
    step.cumulative.mean = sum;
    step.cumulative.intervals.iter_mut().for_each(|interval| moved(interval, by, sum));
}

/// `diag(own) + common commonᵀ`, one row per node.
#[derive(Debug, Clone)]
struct Covariance {
    own: Vec<f64>,
    common: Vec<Vec<f64>>,
}

impl Covariance {
    fn independent(own: Vec<f64>) -> Self {
        let common = vec![Vec::new(); own.len()];
        // No node is certain: what is a millionth as uncertain as the others does not move.
        let least = 1e-6 * own.iter().sum::<f64>() / own.len().max(1) as f64;
        Self { own: own.into_iter().map(|own| own.max(least).max(f64::MIN_POSITIVE)).collect(), common }
    }

    fn structural(hierarchy: &Hierarchy) -> Self {
        let sums = hierarchy.parts().iter().map(|parts| parts.len() as f64);
        Self::independent(std::iter::repeat_n(1.0, hierarchy.leaves()).chain(sums).collect())
    }

    /// Sample variances with correlations pulled towards zero by the share of them that chance explains.
    fn shrunk(errors: &[Vec<f64>]) -> Self {
        let moments = errors.iter().map(Vec::len).max().unwrap_or(0);
        let count = moments.max(1) as f64;
        let sd = |row: &Vec<f64>| {
            let seen: Vec<f64> = row.iter().copied().filter(|error| error.is_finite()).collect();
            (seen.iter().map(|error| error * error).sum::<f64>() / seen.len().max(1) as f64).sqrt()
        };
        let sds: Vec<f64> = errors.iter().map(sd).collect();
        let scaled: Vec<Vec<f64>> = errors
            .iter()
            .zip(&sds)
            .map(|(row, sd)| {
                let value = |t: usize| row.get(t).copied().filter(|error| error.is_finite() && *sd > 0.0);
                (0..moments).map(|t| value(t).map_or(0.0, |error| error / sd)).collect()
            })
            .collect();
        let keep = 1.0 - shrinkage(&scaled);
        let own = sds.iter().map(|sd| (1.0 - keep) * sd * sd).collect();
        let common = scaled
            .iter()
            .zip(&sds)
            .map(|(row, sd)| row.iter().map(|error| error * sd * (keep / count).sqrt()).collect());
        Self { common: common.collect(), ..Self::independent(own) }
    }

    /// The values nearest to `base` that add up.
    fn closed(&self, hierarchy: &Hierarchy, base: &[f64]) -> Option<Vec<f64>> {
        let leaves = hierarchy.leaves();
        let parts = hierarchy.parts();
        let size = parts.len();
        // Each sum's gap in what nodes have in common.
        let width = self.common.first().map_or(0, Vec::len);
        let columns: Vec<Vec<f64>> =
            (0..width).map(|t| hierarchy.gaps(&self.common.iter().map(|row| row[t]).collect::<Vec<f64>>())).collect();
        let mut of_leaf: Vec<Vec<usize>> = vec![Vec::new(); leaves];
        for (sum, parts) in parts.iter().enumerate() {
            parts.iter().for_each(|leaf| of_leaf[*leaf].push(sum));
        }
        let mut gram = vec![0.0; size * size];
        (0..size).for_each(|i| gram[i * size + i] = self.own[leaves + i]);
        for (sums, own) in of_leaf.iter().zip(&self.own) {
            for (i, j) in sums.iter().flat_map(|i| sums.iter().map(move |j| (*i, *j))) {
                gram[i * size + j] += own;
            }
        }
        for column in &columns {
            for i in 0..size {
                (0..=i).for_each(|j| gram[i * size + j] += column[i] * column[j]);
            }
        }
        let pull = Factor::of(gram, size)?.solve(hierarchy.gaps(base));
        let shared: Vec<f64> =
            columns.iter().map(|column| column.iter().zip(&pull).map(|(c, pull)| c * pull).sum()).collect();
        let moved = (0..base.len()).map(|node| {
            let own = if node < leaves {
                -of_leaf[node].iter().map(|sum| pull[*sum]).sum::<f64>()
            } else {
                pull[node - leaves]
            };
            let common: f64 = self.common[node].iter().zip(&shared).map(|(c, shared)| c * shared).sum();
            base[node] - self.own[node] * own - common
        });
        Some(moved.collect::<Vec<f64>>()).filter(|moved| moved.iter().all(|value| value.is_finite()))
    }
}

/// Nodes whose pairs are looked at; of more, evenly picked ones speak for all.
const PAIRS_OF: usize = 300;

/// The share by which correlations of standardised errors are best pulled towards zero: the sum of their variances
/// over the sum of their squares.
fn shrinkage(scaled: &[Vec<f64>]) -> f64 {
    let rows: Vec<&Vec<f64>> = scaled.iter().step_by(scaled.len().div_ceil(PAIRS_OF).max(1)).collect();
    let (mut noise, mut signal) = (0.0, 0.0);
    for (i, a) in rows.iter().enumerate() {
        for b in &rows[..i] {
            let count = a.len() as f64;
            let products = || a.iter().zip(*b).map(|(a, b)| a * b);
            let mean = products().sum::<f64>() / count;
            noise += products().map(|product| (product - mean).powi(2)).sum::<f64>() / (count * (count - 1.0).max(1.0));
            signal += mean * mean;
        }
    }
    if signal > 0.0 { (noise / signal).clamp(0.0, 1.0) } else { 1.0 }
}
