//! Piecewise-linear trend and Fourier seasons, in one regression.

use std::f64::consts::TAU;

use super::{Forecaster, Path, Start, Training};
use crate::linear::Factor;

/// A trend that may bend at evenly spaced change points, and waves for each season, all fitted at once with bends and
/// waves pulled towards none (the decomposition of Taylor & Letham, The American Statistician 72, 2018, with normal
/// priors, so that one linear system answers). How strongly bends are pulled is chosen by marginal likelihood. What
/// is left of the last period fades as residuals did in the past, and the trend slows down over the horizon.
///
/// Known regressors and holidays join it like every model: their effects are taken out before and put back after.
pub(super) struct Regression;

/// Periods below which bends and waves cannot be told apart.
const LENGTH_MIN: usize = 60;
/// Bends at most. They lie in the first nine tenths of the history, where later values can speak against them.
const BENDS_MAX: usize = 20;
/// Periods per bend at least.
const PERIODS_PER_BEND: usize = 6;
/// Standard deviations of a bend tried, in standard deviations of the values per history length.
const BEND_SDS: [f64; 4] = [0.1, 0.5, 2.0, 8.0];
/// Standard deviation of a wave, in standard deviations of the values; the `k`-th harmonic's is `k` times smaller.
const WAVE_SD: f64 = 2.0;
/// Harmonics of the main season, of one that holds it, and of the year.
const HARMONICS: [usize; 3] = [12, 10, 5];
/// Periods that waves are turned on from one sine: by then rounding has not grown to matter.
const TURNS: usize = 32;
/// Histories after which the trend has done half of its way to rest.
const REST: f64 = 0.25;

impl Forecaster for Regression {
    fn name(&self) -> &'static str {
        "trend-and-waves"
    }

    fn typical_loss(&self) -> f64 {
        1.2
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= LENGTH_MIN.max(2 * training.seasons.main + 2)
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, from: Start<'_>) -> Option<Path> {
        let is_ratio = training.adjusted.is_ratio() && training.values.iter().all(|value| *value > 0.0);
        let scaled: Vec<f64> =
            if is_ratio { training.values.iter().map(|value| value.ln()).collect() } else { training.values.to_vec() };
        let columns = Columns::of(training);
        let length = scaled.len();
        let rows = columns.rows(0, length);
        let known = from.known().and_then(|tuned| tuned.first()).map(|choice| *choice as usize);
        let fit = Fit::best(&columns, &rows, &scaled, known)?;
        let rests: Vec<f64> =
            scaled.iter().zip(rows.chunks_exact(columns.width())).map(|(value, row)| value - fit.value(row)).collect();
        let memory = memory(&rests);
        let mut left = *rests.last()?;
        // The mean of a logarithm is the logarithm of less than the mean.
        let lift = if is_ratio { rests.iter().map(|rest| rest.exp()).sum::<f64>() / length as f64 } else { 1.0 };
        let ahead = columns.rows(length, horizon);
        let path = ahead.chunks_exact(columns.width()).map(|row| {
            left *= memory;
            let value = fit.value(row) + left;
            if is_ratio { value.exp() * lift.min(1.2) } else { value }
        });
        Some(Path { mean: path.collect(), tuned: vec![fit.choice as f64] })
    }
}

/// Correlation of neighbouring residuals.
fn memory(rests: &[f64]) -> f64 {
    let power: f64 = rests.iter().map(|rest| rest * rest).sum();
    let cross: f64 = rests.windows(2).map(|pair| pair[0] * pair[1]).sum();
    if power > 0.0 { (cross / power).clamp(0.0, 0.98) } else { 0.0 }
}

/// What the regression runs on, as functions of the period.
struct Columns {
    length: usize,
    bends: Vec<f64>,
    /// Frequency per history length, and number of the harmonic.
    waves: Vec<(f64, usize)>,
}

impl Columns {
    fn of(training: &Training<'_>) -> Self {
        let length = training.values.len();
        let count = (length / PERIODS_PER_BEND).min(BENDS_MAX);
        let bends = (1..=count).map(|k| 0.9 * k as f64 / (count + 1) as f64).collect();
        let seasons = training.seasons;
        let is_seasonal = training.adjusted.is_seasonal();
        let main = (is_seasonal && seasons.main > 1).then_some(seasons.main);
        let year = seasons.year.filter(|year| Some(*year) != main);
        let long = seasons.long.filter(|long| seasons.year.is_none_or(|year| year.abs_diff(*long) > 10));
        let mut waves: Vec<(f64, usize)> = Vec::new();
        for (period, harmonics) in [main, long, year].into_iter().zip(HARMONICS) {
            let Some(period) = period else { continue };
            for k in 1..=harmonics.min(period / 2) {
                let frequency = k as f64 / period as f64;
                // A harmonic that a shorter season has already would be counted twice.
                if waves.iter().all(|(known, _)| (known / length as f64 - frequency).abs() > 1e-9) {
                    waves.push((frequency * length as f64, k));
                }
            }
        }
        Self { length, bends, waves }
    }

    fn width(&self) -> usize {
        2 + self.bends.len() + 2 * self.waves.len()
    }

    /// The rows of `count` periods, one after the other.
    fn rows(&self, from: usize, count: usize) -> Vec<f64> {
        let width = self.width();
        let mut rows = vec![0.0; count * width];
        rows.chunks_exact_mut(width).zip(from..).for_each(|(row, t)| self.bend(t, row));
        for (place, (frequency, _)) in self.waves.iter().enumerate() {
            let cell = 2 + self.bends.len() + 2 * place;
            let turn = TAU * frequency / self.length as f64;
            let (step_sine, step_cosine) = turn.sin_cos();
            for (block, first) in rows.chunks_mut(TURNS * width).zip((from..).step_by(TURNS)) {
                let (mut sine, mut cosine) = (turn * first as f64).sin_cos();
                for row in block.chunks_exact_mut(width) {
                    row[cell..cell + 2].copy_from_slice(&[sine, cosine]);
                    (sine, cosine) = (sine * step_cosine + cosine * step_sine, cosine * step_cosine - sine * step_sine);
                }
            }
        }
        rows
    }

    /// Constant, trend and bends of one row; beyond the history the trend slows down.
    fn bend(&self, t: usize, row: &mut [f64]) {
        let time = t as f64 / self.length as f64;
        let trend = if time <= 1.0 { time } else { 1.0 + REST * (1.0 - (-(time - 1.0) / REST).exp()) };
        row[0] = 1.0;
        row[1] = trend;
        for (cell, bend) in row[2..].iter_mut().zip(&self.bends) {
            *cell = (trend - bend).max(0.0);
        }
    }

    /// Prior standard deviation of each coefficient over that of the values.
    fn prior_sds(&self, bend_sd: f64) -> Vec<f64> {
        let bends = self.bends.iter().map(|_| bend_sd);
        let waves = self.waves.iter().flat_map(|(_, k)| [WAVE_SD / *k as f64; 2]);
        [100.0, 10.0].into_iter().chain(bends).chain(waves).collect()
    }
}

struct Fit {
    coefficients: Vec<f64>,
    centre: f64,
    choice: usize,
}

impl Fit {
    /// The fit whose pull on bends makes the values likeliest, or with the pull that is `given`.
    fn best(columns: &Columns, rows: &[f64], values: &[f64], given: Option<usize>) -> Option<Self> {
        let (length, width) = (values.len() as f64, columns.width());
        let centre = values.iter().sum::<f64>() / length;
        let power: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
        let variance = power / length;
        if !variance.is_finite() || variance <= 0.0 {
            return Some(Self { coefficients: vec![0.0; width], centre, choice: 0 });
        }
        let (gram, right) = products(rows, values, centre, width);
        let solved = |choice: usize| {
            // Noise of a quarter of the spread sets the scale of the priors; the likelihood then finds its own.
            let sds = columns.prior_sds(BEND_SDS[choice]);
            let mut system = gram.clone();
            sds.iter().enumerate().for_each(|(i, sd)| system[i * width + i] += 0.25 / (sd * sd));
            let factor = Factor::of(system, width)?;
            let coefficients = factor.solve(right.clone());
            let explained: f64 = coefficients.iter().zip(&right).map(|(b, xy)| b * xy).sum();
            let unlikeliness = length * (power - explained).max(1e-9 * power).ln()
                + factor.log_determinant()
                + 2.0 * sds.iter().map(|sd| sd.ln()).sum::<f64>();
            coefficients.iter().all(|b| b.is_finite()).then_some((unlikeliness, choice, coefficients))
        };
        let choices = match given {
            Some(choice) if choice < BEND_SDS.len() => choice..choice + 1,
            _ => 0..BEND_SDS.len(),
        };
        let best = choices.filter_map(solved).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, choice, coefficients)| Self { coefficients, centre, choice })
    }

    fn value(&self, row: &[f64]) -> f64 {
        self.centre + row.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum::<f64>()
    }
}

/// Sums over rows of products of columns (the lower half), and of columns with values less `centre`.
fn products(rows: &[f64], values: &[f64], centre: f64, width: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut gram, mut right) = (vec![0.0; width * width], vec![0.0; width]);
    // Four rows at a time: each sum is fetched and stored once for all of them.
    let blocks = rows.chunks_exact(4 * width);
    let last = blocks.remainder();
    let (four, fewer) = values.split_at(values.len() - last.len() / width);
    for (block, values) in blocks.zip(four.chunks_exact(4)) {
        let [first, second, third, fourth] = [0, 1, 2, 3].map(|place| &block[place * width..(place + 1) * width]);
        for i in 0..width {
            let left = [first[i], second[i], third[i], fourth[i]];
            right[i] += left.iter().zip(values).map(|(left, value)| left * (value - centre)).sum::<f64>();
            let others = first.iter().zip(second).zip(third.iter().zip(fourth));
            for (entry, ((a, b), (c, d))) in gram[i * width..=i * width + i].iter_mut().zip(others) {
                *entry += (left[0] * a + left[1] * b) + (left[2] * c + left[3] * d);
            }
        }
    }
    for (row, value) in last.chunks_exact(width).zip(fewer) {
        for (i, left) in row.iter().enumerate() {
            right[i] += left * (value - centre);
            gram[i * width..=i * width + i].iter_mut().zip(row).for_each(|(entry, other)| *entry += left * other);
        }
    }
    (gram, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::season::Seasons;

    fn ahead(values: &[f64], seasons: Seasons, horizon: usize) -> Vec<f64> {
        Regression.forecast(&Training::new(values, seasons, false), horizon, Start::Anew).unwrap().mean
    }

    #[test]
    fn a_bent_trend_is_continued_from_its_last_piece() {
        let value = |t: f64| if t < 60.0 { 100.0 + t } else { 160.0 - 2.0 * (t - 60.0) };
        let values: Vec<f64> = (0..100).map(|t| value(f64::from(t))).collect();
        for (found, t) in ahead(&values, Seasons::NONE, 5).into_iter().zip(100..) {
            assert!((found - value(f64::from(t))).abs() < 4.0, "{t} {found}");
        }
    }

    #[test]
    fn a_week_and_a_year_are_told_apart() {
        let value = |t: usize| {
            let year = (t as f64 / 365.0 * TAU).sin();
            100.0 + 30.0 * year + if t % 7 > 4 { 20.0 } else { 0.0 } + (t * 31 % 11) as f64
        };
        let values: Vec<f64> = (0..640).map(value).collect();
        let seasons = Seasons { main: 7, long: None, year: Some(365) };
        let found = ahead(&values, seasons, 90);
        let error = found.iter().zip(640..).map(|(found, t)| (found - value(t)).abs()).sum::<f64>() / 90.0;
        assert!(error < 8.0, "{error}");
    }

    #[test]
    fn waves_turned_on_are_those_of_each_period() {
        let values: Vec<f64> = (0..640).map(|t| 100.0 + if t % 7 > 4 { 20.0 } else { (t * 31 % 11) as f64 }).collect();
        let columns = Columns::of(&Training::new(&values, Seasons { main: 7, long: None, year: Some(365) }, false));
        assert!(!columns.waves.is_empty());
        for (t, row) in (600..).zip(columns.rows(600, 100).chunks_exact(columns.width())) {
            for (found, (frequency, _)) in row[2 + columns.bends.len()..].chunks_exact(2).zip(&columns.waves) {
                let (sine, cosine) = (TAU * frequency * f64::from(t) / 640.0).sin_cos();
                assert!((found[0] - sine).abs() < 1e-12 && (found[1] - cosine).abs() < 1e-12, "{t} {found:?}");
            }
        }
    }

    #[test]
    fn products_in_blocks_are_those_of_single_rows() {
        let width = 3;
        let rows: Vec<f64> = (0..7 * width).map(|n| (n * n % 17) as f64).collect();
        let values: Vec<f64> = (0..7).map(|n| f64::from(n * 5 % 8)).collect();
        let (gram, right) = products(&rows, &values, 2.0, width);
        for i in 0..width {
            let column = |i: usize| rows.iter().skip(i).step_by(width);
            assert_eq!(right[i], column(i).zip(&values).map(|(x, y)| x * (y - 2.0)).sum::<f64>());
            for j in 0..=i {
                assert_eq!(gram[i * width + j], column(i).zip(column(j)).map(|(a, b)| a * b).sum::<f64>());
            }
        }
    }

    #[test]
    fn a_constant_stays() {
        assert!(ahead(&[7.0; 40], Seasons::NONE, 3).iter().all(|value| (value - 7.0).abs() < 1e-9));
    }
}
