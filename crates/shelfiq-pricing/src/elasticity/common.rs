//! The strongest movements that many series share, as principal components of their rests.
//!
//! Source: J. Bai and S. Ng, "Determining the number of factors in approximate factor models", Econometrica 70 (2002),
//! 191–221, for the setting; alternating least squares, so that series may have gaps; the edge of what noise alone would
//! show by V. A. Marchenko and L. A. Pastur (1967).

use std::collections::BTreeSet;
use std::f64::consts::PI;

use rayon::prelude::*;

use crate::elasticity::fit::Rest;
use crate::elasticity::history::History;
use crate::linear::{Symmetric, dot};

/// What one series does over time: in a position of [`Rests::positions`], scaled to a mean square of one.
pub(crate) type Cells = Vec<(usize, f64)>;

/// What demand and price of each series do once everything known is taken out, side by side.
pub(crate) struct Rests {
    /// Number of periods with anything in them.
    pub(crate) positions: usize,
    /// Demand and price of each series; empty where there is nothing or nothing moves.
    pub(crate) series: Vec<[Cells; 2]>,
}

/// A column that moves less than this (log units) does not move.
const MOVEMENT_MIN: f64 = 0.003;
/// Rests beyond this many standard deviations count as that many: one exceptional week is no season.
const REST_MAX: f64 = 4.0;
const COMPONENTS_MAX: usize = 6;
const ROUNDS: usize = 12;

impl Rests {
    pub(crate) fn of(histories: &[History], rests: &[Option<Rest>]) -> Self {
        let bin_days = bin_days(histories);
        let bins: BTreeSet<i32> = histories
            .iter()
            .zip(rests)
            .filter(|(_, rest)| rest.is_some())
            .flat_map(|(history, _)| history.days.iter().map(|day| day.div_euclid(bin_days)))
            .collect();
        let bins: Vec<i32> = bins.into_iter().collect();
        let cells = |(history, rest): (&History, &Option<Rest>)| {
            let Some(rest) = rest else { return [Vec::new(), Vec::new()] };
            let places = history.days.iter().map(|day| bins.partition_point(|&bin| bin < day.div_euclid(bin_days)));
            let places: Vec<usize> = places.collect();
            [&rest.demand, &rest.price].map(|values| scaled(averages(&places, values)))
        };
        Self { positions: bins.len(), series: histories.par_iter().zip(rests).map(cells).collect() }
    }

    /// What each of the components counts for demand and price of each series; `None` if nothing stands above noise.
    ///
    /// `told_by` are the series that decide what the components are.
    pub(crate) fn loadings(&self, told_by: &[usize]) -> Option<Vec<Vec<f64>>> {
        let columns: Vec<&Cells> =
            told_by.iter().flat_map(|&series| &self.series[series]).filter(|cells| !cells.is_empty()).collect();
        let count = COMPONENTS_MAX.min(columns.len() / 3).min(self.positions / 6);
        if count == 0 {
            return None;
        }
        let start = |place: usize, component: usize| {
            (((component + 1) * (2 * place + 1)) as f64 * PI / (2 * self.positions) as f64).cos()
        };
        let mut components: Vec<Vec<f64>> =
            (0..self.positions).map(|place| (0..count).map(|component| start(place, component)).collect()).collect();
        for _ in 0..ROUNDS {
            let loadings: Vec<Vec<f64>> = columns.par_iter().map(|cells| regressed(cells, &components)).collect();
            components = self.scores(&columns, &loadings);
            orthonormalise(&mut components);
        }
        let loadings: Vec<Vec<f64>> = columns.par_iter().map(|cells| regressed(cells, &components)).collect();
        if !self.stands_out(&columns, &components, &loadings) {
            return None;
        }
        let both = |cells: &[Cells; 2]| cells.iter().flat_map(|cells| regressed(cells, &components)).collect();
        Some(self.series.par_iter().map(both).collect())
    }

    fn scores(&self, columns: &[&Cells], loadings: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let count = loadings[0].len();
        let mut normal = vec![ridge(count); self.positions];
        let mut right = vec![vec![0.0; count]; self.positions];
        for (cells, loading) in columns.iter().zip(loadings) {
            for &(place, value) in cells.iter() {
                normal[place].add_outer(loading, 1.0);
                right[place].iter_mut().zip(loading).for_each(|(sum, weight)| *sum += weight * value);
            }
        }
        normal.iter().zip(&right).map(|(normal, right)| solve(normal, right)).collect()
    }

    /// Whether what the components explain, on average, is more than the largest component of pure noise would.
    fn stands_out(&self, columns: &[&Cells], components: &[Vec<f64>], loadings: &[Vec<f64>]) -> bool {
        let (mut explained, mut left, mut cells_seen) = (0.0, 0.0, 0.0);
        for (cells, loading) in columns.iter().zip(loadings) {
            for &(place, value) in cells.iter() {
                let common = dot(&components[place], loading);
                explained += common * common;
                left += (value - common).powi(2);
                cells_seen += 1.0;
            }
        }
        let (n, t, count) = (columns.len() as f64, self.positions as f64, components[0].len() as f64);
        let noise = left / (cells_seen - count * (n + t)).max(0.1 * cells_seen);
        let edge = noise * cells_seen / (n * t) * (n.sqrt() + t.sqrt()).powi(2);
        explained > count * edge
    }
}

/// Days are taken together in weeks: what series share lasts, and the noise of single days hides it.
fn bin_days(histories: &[History]) -> i32 {
    let gaps = histories.iter().flat_map(|history| history.days.windows(2).map(|pair| pair[1] - pair[0]));
    let (short, all) = gaps.fold((0_usize, 0_usize), |(short, all), gap| (short + usize::from(gap <= 3), all + 1));
    if 2 * short > all { 7 } else { 1 }
}

/// The mean of the values at each place; places ascend.
fn averages(places: &[usize], values: &[f64]) -> Cells {
    let mut cells: Cells = Vec::new();
    let mut count = 0.0;
    for (&place, &value) in places.iter().zip(values) {
        match cells.last_mut() {
            Some((last, mean)) if *last == place => {
                count += 1.0;
                *mean += (value - *mean) / count;
            }
            _ => {
                cells.push((place, value));
                count = 1.0;
            }
        }
    }
    cells
}

fn scaled(mut cells: Cells) -> Cells {
    let scale = (cells.iter().map(|(_, value)| value * value).sum::<f64>() / cells.len().max(1) as f64).sqrt();
    if scale > MOVEMENT_MIN && scale.is_finite() {
        cells.iter_mut().for_each(|(_, value)| *value = (*value / scale).clamp(-REST_MAX, REST_MAX));
        cells
    } else {
        Vec::new()
    }
}

fn regressed(cells: &Cells, components: &[Vec<f64>]) -> Vec<f64> {
    let count = components[0].len();
    let (mut normal, mut right) = (ridge(count), vec![0.0; count]);
    for &(place, value) in cells {
        normal.add_outer(&components[place], 1.0);
        right.iter_mut().zip(&components[place]).for_each(|(sum, component)| *sum += component * value);
    }
    solve(&normal, &right)
}

/// Keeps the systems solvable where there are few cells.
fn ridge(count: usize) -> Symmetric {
    let mut normal = Symmetric::zeros(count);
    (0..count).for_each(|index| normal.add_to_diagonal(index, 1e-3));
    normal
}

fn solve(normal: &Symmetric, right: &[f64]) -> Vec<f64> {
    normal.inverse().map_or_else(|| vec![0.0; right.len()], |inverse| inverse.times(right))
}

/// Gram–Schmidt over the places, to a mean square of one.
fn orthonormalise(components: &mut [Vec<f64>]) {
    let (places, count) = (components.len() as f64, components[0].len());
    for component in 0..count {
        for earlier in 0..component {
            let shared = components.iter().map(|row| row[component] * row[earlier]).sum::<f64>() / places;
            components.iter_mut().for_each(|row| row[component] -= shared * row[earlier]);
        }
        let size = (components.iter().map(|row| row[component].powi(2)).sum::<f64>() / places).sqrt().max(1e-12);
        components.iter_mut().for_each(|row| row[component] /= size);
    }
}
