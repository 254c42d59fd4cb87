//! How much of an index is the season of the year, and how much trend and noise.

use std::f64::consts::TAU;
use std::sync::OnceLock;

use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, PeriodUnit};
use crate::linear::Factor;

/// Days of a year that has them all.
pub(super) const SLOTS: usize = 366;
/// Harmonics of the year: the shortest wave takes five weeks.
const HARMONICS: usize = 10;
/// Harmonics from which waves are expected to become smaller: a season is a slow wave, or has months of its own.
const SMOOTH_FROM: [f64; 2] = [1.0, 4.0];
/// Knots at most between which the trend is a straight line.
const KNOTS_MAX: usize = 24;
/// Weeks per knot at least.
const WEEKS_PER_KNOT: usize = 4;
/// Standard deviations of the trend's steps in a year, and of the season, that are tried, in standard deviations of the
/// noise.
const TREND_SDS: [f64; 4] = [0.3, 1.0, 3.0, 10.0];
const SEASON_SDS: [f64; 4] = [0.5, 1.5, 4.5, 13.5];
/// What both are usually, as logarithms of ratios: demand wanders by a seventh in a year, and differs by as much from
/// season to season. Either may well be some three times more or less.
const USUAL_SD: f64 = 0.15;
const USUAL_SD_SPREAD: f64 = 1.0;
/// Precision of the level, in units of the noise: next to nothing is known of it beforehand.
const LEVEL_PRECISION: f64 = 1e-4;
/// Noise below which an index is as good as exact, as a logarithm of ratios.
const NOISE_MIN: f64 = 1e-3;

/// An index at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Years from the last one, at most zero.
    pub(super) years: f64,
    /// See [`slot`].
    pub(super) slot: usize,
    /// Logarithm of the index.
    pub(super) value: f64,
    /// How much stands behind it.
    pub(super) tells: f64,
}

/// A season: the logarithm of a factor for each day of the year, zero on average.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Waves", into = "Waves")]
pub(super) struct Curve {
    waves: Vec<f64>,
    by_slot: Vec<f64>,
}

/// A season as it is stored: cosine and sine of each harmonic; none where there is no season.
#[derive(Debug, Serialize, Deserialize)]
struct Waves {
    #[serde(with = "crate::exact")]
    waves: Vec<f64>,
}

impl From<Waves> for Curve {
    fn from(Waves { waves }: Waves) -> Self {
        let log = |basis: &[f64; 2 * HARMONICS]| basis.iter().zip(&waves).map(|(basis, wave)| basis * wave).sum();
        let by_slot = if waves.is_empty() { Vec::new() } else { bases().iter().map(log).collect() };
        Self { waves, by_slot }
    }
}

impl From<Curve> for Waves {
    fn from(curve: Curve) -> Self {
        Self { waves: curve.waves }
    }
}

impl Curve {
    pub(super) fn log_factor(&self, slot: usize) -> f64 {
        self.by_slot.get(slot).copied().unwrap_or(0.0)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.waves.is_empty() || self.waves.len() == 2 * HARMONICS
    }
}

/// The day of the year of the middle of a period, counted as in a leap year so that dates keep their place; `None` off
/// the calendar.
pub(super) fn slot(calendar: &Calendar, t: usize) -> Option<usize> {
    let frequency = calendar.frequency();
    let half = if frequency.unit == PeriodUnit::Day { (frequency.every - 1) / 2 } else { 0 };
    let day = calendar.stamp(t).date()?.checked_add_days(Days::new(u64::from(half)))?;
    let ordinal = day.ordinal0() as usize;
    Some(if day.leap_year() || ordinal < 59 { ordinal } else { ordinal + 1 })
}

/// Cosine and sine of each harmonic on each day of the year.
fn bases() -> &'static [[f64; 2 * HARMONICS]] {
    static BASES: OnceLock<Vec<[f64; 2 * HARMONICS]>> = OnceLock::new();
    BASES.get_or_init(|| {
        let basis = |slot: usize| {
            let angle = TAU * (slot as f64 + 0.5) / SLOTS as f64;
            std::array::from_fn(|j| {
                let angle = angle * (j / 2 + 1) as f64;
                if j % 2 == 0 { angle.cos() } else { angle.sin() }
            })
        };
        (0..SLOTS).map(basis).collect()
    })
}

/// What a season is expected to be like.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Its standard deviation, in standard deviations of the noise.
    sd: f64,
    /// See [`SMOOTH_FROM`].
    smooth_from: f64,
}

/// Variance of each wave of a season whose own variance is one.
fn wave_variances(smooth_from: f64) -> [f64; 2 * HARMONICS] {
    let raw: [f64; 2 * HARMONICS] = std::array::from_fn(|j| 1.0 / (1.0 + ((j / 2 + 1) as f64 / smooth_from).powi(4)));
    // A wave varies half as much as its two coefficients.
    let sum = raw.iter().sum::<f64>() / 2.0;
    raw.map(|variance| variance / sum)
}

/// The shapes of a season that are tried.
fn shapes() -> impl Iterator<Item = Shape> {
    SMOOTH_FROM.into_iter().flat_map(|smooth_from| SEASON_SDS.map(|sd| Shape { sd, smooth_from }))
}

/// The season in an index, and the logarithm of the odds that there is one. `None` if the system cannot be solved.
///
/// A regression on a trend that wanders from knot to knot and on waves, with normal priors. How much either varies is
/// not chosen: seasons found under each choice, none among them, are averaged by how likely each makes the index.
pub(super) fn fit(points: &[Point]) -> Option<(Curve, f64)> {
    let design = Design::of(points)?;
    let mut found: Vec<(f64, Option<Vec<f64>>)> = Vec::new();
    for trend in TREND_SDS {
        let (likelihood, _) = design.solve(trend, None)?;
        found.push((likelihood, None));
        for shape in shapes() {
            let (likelihood, waves) = design.solve(trend, Some(shape))?;
            // One of two panels has a season at all.
            found.push((likelihood - (shapes().count() as f64).ln(), Some(waves)));
        }
    }
    let best = found.iter().map(|(likelihood, _)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
    let (mut with, mut without) = (0.0, 0.0);
    let mut waves = vec![0.0; 2 * HARMONICS];
    for (likelihood, found) in &found {
        let share = (likelihood - best).exp();
        match found {
            Some(found) => {
                with += share;
                waves.iter_mut().zip(found).for_each(|(wave, found)| *wave += share * found);
            }
            None => without += share,
        }
    }
    waves.iter_mut().for_each(|wave| *wave /= with + without);
    let odds = (with.max(f64::MIN_POSITIVE) / without.max(f64::MIN_POSITIVE)).ln();
    waves.iter().all(|wave| wave.is_finite()).then(|| (Curve::from(Waves { waves }), odds))
}

/// The sums that every choice of priors shares.
struct Design {
    /// Number of points.
    count: f64,
    /// Number of columns of the trend: level, slope, then one per stretch between knots. Those of the waves follow.
    trend: usize,
    /// Years between knots.
    stretch: f64,
    width: usize,
    /// Products of the columns, of which the lower half is filled; of columns and values; of values.
    gram: Vec<f64>,
    right: Vec<f64>,
    square: f64,
}

impl Design {
    fn of(points: &[Point]) -> Option<Self> {
        let first = points.iter().map(|point| point.years).fold(f64::INFINITY, f64::min);
        let knots = (points.len() / WEEKS_PER_KNOT).min(KNOTS_MAX);
        if knots == 0 || first >= 0.0 {
            return None;
        }
        let stretch = -first / knots as f64;
        let trend = 2 + knots;
        let width = trend + 2 * HARMONICS;
        let (mut gram, mut right, mut square) = (vec![0.0; width * width], vec![0.0; width], 0.0);
        let mean = points.iter().map(|point| point.value).sum::<f64>() / points.len() as f64;
        let usual = points.iter().map(|point| point.tells.recip()).sum::<f64>() / points.len() as f64;
        let mut row = vec![0.0; width];
        for point in points {
            // Half of the noise is common to all series, whatever their number.
            let weight = 2.0 / (1.0 + point.tells.recip() / usual);
            let value = point.value - mean;
            row[0] = 1.0;
            row[1] = point.years - first / 2.0;
            for (k, entry) in row[2..trend].iter_mut().enumerate() {
                *entry = ((point.years - first) / stretch - k as f64).clamp(0.0, 1.0);
            }
            row[trend..].copy_from_slice(&bases()[point.slot]);
            for (i, left) in row.iter().enumerate() {
                let weighted = weight * left;
                right[i] += weighted * value;
                for (entry, other) in gram[i * width..=i * width + i].iter_mut().zip(&row) {
                    *entry += weighted * other;
                }
            }
            square += weight * value * value;
        }
        Some(Self { count: points.len() as f64, trend, stretch, width, gram, right, square })
    }

    /// Logarithm of the likelihood if trend and season have these standard deviations in units of the noise, with what
    /// is usual for a prior; and the waves.
    fn solve(&self, trend: f64, season: Option<Shape>) -> Option<(f64, Vec<f64>)> {
        let width = if season.is_some() { self.width } else { self.trend };
        let variances = season.map(|shape| wave_variances(shape.smooth_from).map(|one| shape.sd * shape.sd * one));
        let penalty = |j: usize| match (j, &variances) {
            (0, _) => LEVEL_PRECISION,
            (1, _) => trend.powi(-2),
            (_, Some(variances)) if j >= self.trend => variances[j - self.trend].recip(),
            _ => 1.0 / (trend * trend * self.stretch),
        };
        let mut gram = Vec::with_capacity(width * width);
        for i in 0..width {
            gram.extend_from_slice(&self.gram[i * self.width..i * self.width + width]);
            gram[i * width + i] += penalty(i);
        }
        let factor = Factor::of(gram, width)?;
        let found = factor.solve(self.right[..width].to_vec());
        let explained: f64 = found.iter().zip(&self.right).map(|(found, right)| found * right).sum();
        let rest = (self.square - explained).max(self.count * NOISE_MIN * NOISE_MIN);
        let noise = (rest / self.count).sqrt();
        let usual = |sd: f64| -0.5 * ((sd * noise / USUAL_SD).ln() / USUAL_SD_SPREAD).powi(2);
        let penalties: f64 = (0..width).map(|j| penalty(j).ln()).sum();
        let likelihood = 0.5 * (penalties - factor.log_determinant() - self.count * rest.ln());
        let likelihood = likelihood + usual(trend) + season.map_or(0.0, |shape| usual(shape.sd));
        Some((likelihood, found.get(self.trend..).unwrap_or_default().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Frequency, Stamp};
    use crate::dice::Dice;

    /// So many weeks of an index that is `log` at so many years before its end, and noise.
    fn weeks(count: usize, noise: f64, log: impl Fn(f64) -> f64) -> Vec<Point> {
        let point = |ago: usize| {
            let years = -(ago as f64) * 7.0 / 365.25;
            let slot = ((years.rem_euclid(1.0)) * SLOTS as f64) as usize % SLOTS;
            let value = log(years) + noise * (Dice::new(ago as u64).unit() - 0.5) * 12_f64.sqrt();
            Point { years, slot, value, tells: 400.0 }
        };
        (0..count).map(point).collect()
    }

    fn wave(years: f64) -> f64 {
        0.3 * (TAU * years).cos()
    }

    /// Largest departure of a curve from a wave of this size.
    fn miss(curve: &Curve, size: f64) -> f64 {
        let miss = |slot: usize| (curve.log_factor(slot) - size * wave(slot as f64 / SLOTS as f64)).abs();
        (0..SLOTS).map(miss).fold(0.0, f64::max)
    }

    #[test]
    fn a_wave_that_came_twice_is_found_beside_a_trend() {
        let (curve, odds) = fit(&weeks(104, 0.05, |years| wave(years) + 0.4 * years)).unwrap();
        assert!(odds > 5.0, "{odds}");
        assert!(miss(&curve, 1.0) < 0.08, "{}", miss(&curve, 1.0));
    }

    #[test]
    fn noise_and_growth_have_no_season() {
        for growth in [0.0, 0.4, -0.4] {
            let (curve, odds) = fit(&weeks(104, 0.1, |years| growth * years)).unwrap();
            assert!(odds < 0.0, "{growth}: {odds}");
            assert!(miss(&curve, 0.0) < 0.03, "{growth}: {}", miss(&curve, 0.0));
        }
    }

    #[test]
    fn a_swell_that_did_not_come_again_counts_for_less_than_one_that_did() {
        let swell = |years: f64| 0.5 * (-((years + 1.5) / 0.08).powi(2)).exp();
        let again = |years: f64| swell(years) + swell(years - 1.0);
        let at = |points: &[Point]| fit(points).unwrap().0.log_factor(SLOTS / 2);
        let (once, twice) = (at(&weeks(104, 0.05, swell)), at(&weeks(104, 0.05, again)));
        assert!(once < 0.6 * twice, "{once} {twice}");
    }

    #[test]
    fn a_date_keeps_its_place_in_years_with_and_without_a_leap_day() {
        let place = |day: &str| slot(&Calendar::new(Stamp::parse(day).unwrap(), Frequency::DAY), 0).unwrap();
        assert_eq!((place("2023-01-01"), place("2024-02-29"), place("2023-12-31")), (0, 59, 365));
        assert_eq!(place("2023-03-01"), place("2024-03-01"));
        let week = Calendar::new(Stamp::parse("2024-01-01").unwrap(), Frequency::WEEK);
        assert_eq!(slot(&week, 1), Some(10));
    }
}
