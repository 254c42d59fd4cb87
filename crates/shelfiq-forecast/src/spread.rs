//! Intervals of series whose values are near a continuum: split conformal prediction on the ensemble's own errors at
//! past origins (Lei et al. 2018), normalised by each series' scale and pooled over similar series.

use serde::{Deserialize, Serialize};

use crate::options::Level;

/// Errors of one series at past origins.
#[derive(Debug, Clone)]
pub(crate) struct PastErrors {
    /// Actual minus expected per origin and step, `NaN` where the actual value was not seen.
    pub(crate) by_origin: Vec<Vec<f64>>,
    /// The trial's yardstick.
    pub(crate) yardstick: f64,
}

/// Whether errors are those of single periods or of sums up to each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reach {
    Single,
    Cumulative,
}

impl PastErrors {
    /// Errors of sums from the first step on.
    pub(crate) fn cumulative(&self) -> Self {
        let sum_up = |errors: &Vec<f64>| {
            errors
                .iter()
                .scan(0.0, |sum, error| {
                    *sum += error;
                    Some(*sum)
                })
                .collect()
        };
        Self { by_origin: self.by_origin.iter().map(sum_up).collect(), yardstick: self.yardstick }
    }
}

/// What a group of series knows about its errors, as far as it bears on the levels asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ErrorPool {
    reach: Reach,
    /// How fast errors grow: those of step `k` (1 is the first) are `k` to the power of this times as large as the
    /// first.
    #[serde(with = "crate::exact")]
    growth: f64,
    /// Mean absolute first-step error over yardstick.
    #[serde(with = "crate::exact")]
    level: f64,
    /// How far intervals reach below and above, in units of the expected size of an error: a row per step, never none;
    /// one pair per level.
    #[serde(with = "crate::exact")]
    by_step: Vec<Vec<(f64, f64)>>,
}

/// Errors in units of their expected size.
#[derive(Debug, Clone, Default)]
struct Normalised {
    /// With sign, ascending.
    signed: Vec<f64>,
    /// Without, ascending.
    sizes: Vec<f64>,
}

/// Growth of the errors of single periods before a group has shown its own: between none and that of a random walk
/// (0.5).
const GROWTH_TYPICAL: f64 = 0.35;
/// The same for sums: between errors that have nothing to do with each other (0.5) and a constant one (1) that grows
/// besides.
const GROWTH_TYPICAL_CUMULATIVE: f64 = 1.1;
/// Series whose experience the typical growth and level stand for.
const TYPICAL_COUNT: f64 = 5.0;
/// Errors of one series that its group's level counts for. Errors of one origin move together, so this is more than
/// it seems.
const GROUP_ERRORS: f64 = 4.0;
/// Independent errors that one origin stands for.
const ERRORS_PER_ORIGIN: f64 = 2.0;
/// Normalised errors wanted behind each quantile; neighbouring steps lend theirs until there are so many.
const POOL_MIN: usize = 300;
/// Errors that the theoretical quantile counts for.
const THEORY_COUNT: f64 = 30.0;

impl ErrorPool {
    /// Pools the errors of similar series, for intervals of these levels.
    pub(crate) fn new(series: &[&PastErrors], reach: Reach, levels: &[Level]) -> Self {
        let mut pool = Self { reach, growth: reach.typical_growth(), level: 1.0, by_step: Vec::new() };
        pool.growth = pool.measured_growth(series);
        let sizes: Vec<f64> =
            series.iter().filter_map(|errors| pool.mean_size(errors, None)).filter(|size| *size > 0.0).collect();
        pool.level =
            (median(sizes.clone()) * sizes.len() as f64 + TYPICAL_COUNT) / (sizes.len() as f64 + TYPICAL_COUNT);
        let mut by_step: Vec<Vec<f64>> = Vec::new();
        for errors in series {
            for (left_out, origin) in errors.by_origin.iter().enumerate() {
                // As with a new origin, the scale must not have seen the errors it normalises.
                let scale = pool.scale(errors, Some(left_out));
                by_step.resize(by_step.len().max(origin.len()), Vec::new());
                for (step, error) in origin.iter().enumerate().filter(|(_, error)| !error.is_nan()) {
                    by_step[step].push(error / (scale * pool.shape(step)));
                }
            }
        }
        let reaches = |errors: &Normalised| levels.iter().map(|level| errors.reach(*level)).collect();
        pool.by_step = (0..by_step.len()).map(|step| reaches(&Normalised::around(&by_step, step))).collect();
        if pool.by_step.is_empty() {
            pool.by_step.push(reaches(&Normalised::default()));
        }
        pool
    }

    /// How far below and above the expected value the interval of the `level`-th level reaches at `step` (0 is the
    /// first), for a series of that [`scale`](Self::scale_of). Both are zero or above.
    pub(crate) fn reach_of(&self, scale: f64, step: usize, level: usize) -> (f64, f64) {
        let size = scale * self.shape(step);
        let (below, above) = self.by_step[step.min(self.by_step.len() - 1)][level];
        (size * below, size * above)
    }

    /// Size of a first-step error of a series that missed by so much.
    pub(crate) fn scale_of(&self, errors: &PastErrors) -> f64 {
        self.scale(errors, None)
    }

    /// Whether it can answer for so many levels, at every step.
    pub(crate) fn is_whole(&self, levels: usize) -> bool {
        !self.by_step.is_empty() && self.by_step.iter().all(|step| step.len() == levels)
    }

    /// Size of a first-step error of the series, pulled towards its group's.
    fn scale(&self, errors: &PastErrors, left_out: Option<usize>) -> f64 {
        let origins = errors.by_origin.len() - usize::from(left_out.is_some());
        let own = self.mean_size(errors, left_out).map_or(0.0, |size| size * ERRORS_PER_ORIGIN * origins as f64);
        let count = if self.mean_size(errors, left_out).is_some() { ERRORS_PER_ORIGIN * origins as f64 } else { 0.0 };
        (own + GROUP_ERRORS * self.level) / (count + GROUP_ERRORS) * errors.yardstick
    }

    /// Mean absolute error, brought to the first step, over yardstick.
    fn mean_size(&self, errors: &PastErrors, left_out: Option<usize>) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0_u32);
        for (_, origin) in errors.by_origin.iter().enumerate().filter(|(index, _)| left_out != Some(*index)) {
            for (step, error) in origin.iter().enumerate().filter(|(_, error)| !error.is_nan()) {
                sum += error.abs() / self.shape(step);
                count += 1;
            }
        }
        (count > 0).then(|| sum / f64::from(count) / errors.yardstick)
    }

    /// Typical size of the error at `step` in units of the first.
    fn shape(&self, step: usize) -> f64 {
        (step as f64 + 1.0).powf(self.growth)
    }

    /// The growth that fits the mean sizes of errors per step, pulled towards the typical one.
    fn measured_growth(&self, series: &[&PastErrors]) -> f64 {
        let typical = self.reach.typical_growth();
        let (mut sizes, mut counts): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for errors in series {
            let Some(mean) = self.mean_size(errors, None).filter(|mean| *mean > 0.0) else { continue };
            for (step, error) in errors.by_origin.iter().flat_map(|origin| origin.iter().enumerate()) {
                if !error.is_nan() {
                    sizes.resize(sizes.len().max(step + 1), 0.0);
                    counts.resize(sizes.len(), 0.0);
                    sizes[step] += (error.abs() / (mean * errors.yardstick)).min(10.0);
                    counts[step] += 1.0;
                }
            }
        }
        let points: Vec<(f64, f64)> = sizes
            .iter()
            .zip(&counts)
            .enumerate()
            .filter(|(_, (_, count))| **count > 0.0)
            .map(|(step, (size, count))| ((step as f64 + 1.0).ln(), (size / count).max(1e-6).ln()))
            .collect();
        let count = points.len() as f64;
        let (mean_x, mean_y) =
            (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
        let spread: f64 = points.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
        if points.len() < 2 || spread <= 0.0 {
            return typical;
        }
        let slope = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum::<f64>() / spread;
        let found = series.len() as f64;
        (slope.clamp(0.0, 2.0) * found + typical * TYPICAL_COUNT) / (found + TYPICAL_COUNT)
    }
}

impl Reach {
    const fn typical_growth(self) -> f64 {
        match self {
            Self::Single => GROWTH_TYPICAL,
            Self::Cumulative => GROWTH_TYPICAL_CUMULATIVE,
        }
    }
}

impl Normalised {
    /// Errors of the step and of as many neighbours as it takes.
    fn around(by_step: &[Vec<f64>], step: usize) -> Self {
        let window = |reach: usize| &by_step[step.saturating_sub(reach)..=(step + reach).min(by_step.len() - 1)];
        let enough = |reach: &usize| window(*reach).iter().map(Vec::len).sum::<usize>() >= POOL_MIN;
        let reach = (0..by_step.len()).find(enough).unwrap_or(by_step.len());
        let signed = window(reach).concat();
        Self { sizes: sorted(signed.iter().map(|error| error.abs()).collect()), signed: sorted(signed) }
    }

    /// How far the interval of `level` reaches below and above. Both are zero or above.
    fn reach(&self, level: Level) -> (f64, f64) {
        let count = self.signed.len() as f64;
        let blend = |found: f64, theory: f64| (count * found + THEORY_COUNT * theory) / (count + THEORY_COUNT);
        let share = level.share();
        let theory = 1.15 * student_quantile((1.0 + share) / 2.0) / STUDENT_MEAN_SIZE;
        // Half the pool's own asymmetry: the other half is this era's luck.
        let even = conformal_quantile(&self.sizes, share);
        let upper = conformal_quantile(&self.signed, (1.0 + share) / 2.0);
        let lower = -conformal_quantile_below(&self.signed, (1.0 - share) / 2.0);
        let side = |own: f64| blend(0.5 * (even + own), theory).max(0.0);
        (side(lower), side(upper))
    }
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

fn median(values: Vec<f64>) -> f64 {
    let values = sorted(values);
    values.get(values.len() / 2).copied().unwrap_or(1.0)
}

/// The smallest value that at least `share` of a new draw will not exceed: the `ceil(share × (n + 1))`-th of `n`.
pub(crate) fn conformal_quantile(ascending: &[f64], share: f64) -> f64 {
    let rank = (share * (ascending.len() as f64 + 1.0)).ceil() as usize;
    ascending.get(rank.clamp(1, ascending.len().max(1)) - 1).copied().unwrap_or(0.0)
}

/// The largest value that at most `share` of a new draw will fall below.
fn conformal_quantile_below(ascending: &[f64], share: f64) -> f64 {
    let rank = (share * (ascending.len() as f64 + 1.0)).floor() as usize;
    ascending.get(rank.clamp(1, ascending.len().max(1)) - 1).copied().unwrap_or(0.0)
}

/// Mean absolute value of Student's t with five degrees of freedom.
const STUDENT_MEAN_SIZE: f64 = 0.949;

/// Quantile above one half of Student's t with five degrees of freedom, by bisection of its closed distribution
/// function.
fn student_quantile(share: f64) -> f64 {
    let (mut lo, mut hi) = (0.0_f64, 1e4_f64);
    for _ in 0..60 {
        let middle = (lo + hi) / 2.0;
        let angle = (middle / 5.0_f64.sqrt()).atan();
        let below =
            0.5 + (angle + angle.sin() * (angle.cos() + 2.0 / 3.0 * angle.cos().powi(3))) / std::f64::consts::PI;
        if below < share { lo = middle } else { hi = middle }
    }
    (lo + hi) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_quantiles_match_the_tables() {
        assert!((student_quantile(0.9) - 1.4759).abs() < 1e-3);
        assert!((student_quantile(0.975) - 2.5706).abs() < 1e-3);
    }

    #[test]
    fn a_pool_of_equal_series_covers_as_its_level_says() {
        // Errors spread evenly over −1..1, four origins for the pool and a fifth to come.
        let error = |i: i32, origin: i32| f64::from((i * 37 + origin * 91) % 201 - 100) / 100.0;
        let known = |i: i32| (0..4).map(|origin| vec![error(i, origin); 3]).collect();
        let series: Vec<PastErrors> = (0..201).map(|i| PastErrors { by_origin: known(i), yardstick: 1.0 }).collect();
        let pool = ErrorPool::new(&series.iter().collect::<Vec<_>>(), Reach::Single, &[Level::EIGHTY]);
        let holds = |(i, errors): (usize, &PastErrors)| {
            let (below, above) = pool.reach_of(pool.scale_of(errors), 0, 0);
            (-below..=above).contains(&error(i as i32, 4))
        };
        let share = series.iter().enumerate().filter(|each| holds(*each)).count() as f64 / 201.0;
        assert!((0.76..0.86).contains(&share), "{share}");
    }
}
