//! Which series move together, when nobody said which belong together.
//!
//! A season that half of an ungrouped catalogue follows is in no column, and a price that follows it looks like shoppers who
//! love high prices. The movements that series share ([`Rests`]) place each of them in a space of few dimensions; those in
//! the same direction are kindred and become each other's comparison, as if their category had been named. How many kinds
//! there are is decided by how well the others of its kind tell what a series does: too few kinds mix seasons, too many
//! leave too few others.
//!
//! Source: I. S. Dhillon and D. S. Modha, "Concept decompositions for large sparse text data using clustering", Machine
//! Learning 42 (2001), 143–175 (spherical k-means).

use crate::elasticity::common::{Cells, Rests};
use crate::linear::dot;

/// Fewer series of a kind than this say too little about each other.
const MEMBERS_MIN: usize = 5;
const KINDS_MAX: usize = 12;
/// The busiest series decide what kinds there are; more of them add cost only.
const TELLERS_MAX: usize = 600;
const ROUNDS: usize = 15;
/// A division has to tell this much more than the next coarser one.
const GAIN_MIN: f64 = 0.005;
/// Groups that somebody named are only left for much better ones.
const GIVEN_MARGIN: f64 = 0.03;

/// What moving together tells.
pub(crate) struct Kinship {
    /// The kind of each series; `None` if the groups given tell as much.
    pub(crate) kinds: Option<Vec<usize>>,
    /// Share of the movement of each price that movements shared by many series make up.
    pub(crate) price_shared: Vec<f64>,
}

/// `worth` says how much each series can tell, `given` is the node of each in the finest groups that somebody named.
pub(crate) fn kinship(rests: &Rests, worth: &[f64], given: &[usize]) -> Kinship {
    let mut tellers: Vec<usize> = (0..worth.len()).filter(|&series| !rests.series[series][0].is_empty()).collect();
    tellers.sort_by(|&a, &b| worth[b].total_cmp(&worth[a]).then(a.cmp(&b)));
    tellers.truncate(TELLERS_MAX);
    let kinds_max = KINDS_MAX.min(tellers.len() / MEMBERS_MIN);
    let loadings = if kinds_max < 2 { None } else { rests.loadings(&tellers) };
    let Some(loadings) = loadings else {
        return Kinship { kinds: None, price_shared: vec![0.0; worth.len()] };
    };
    // Components have a mean square of one, and so has every column.
    let price = |place: &Vec<f64>| place[place.len() / 2..].iter().map(|loading| loading * loading).sum();
    Kinship {
        price_shared: loadings.iter().map(price).collect(),
        kinds: told_apart(rests, &loadings, &tellers, given, kinds_max),
    }
}

/// The kind of each series, as far as a division tells more than the groups given.
fn told_apart(
    rests: &Rests,
    loadings: &[Vec<f64>],
    tellers: &[usize],
    given: &[usize],
    kinds_max: usize,
) -> Option<Vec<usize>> {
    let places: Vec<&[f64]> = tellers.iter().map(|&series| loadings[series].as_slice()).collect();
    let mut best: Option<Vec<Vec<f64>>> = None;
    let given: Vec<usize> = tellers.iter().map(|&series| given[series]).collect();
    let mut left =
        unexplained(rests, tellers, &given) - if given.iter().any(|&node| node > 0) { GIVEN_MARGIN } else { 0.0 };
    for count in 2..=kinds_max {
        let directions = divided(&places, count);
        let kinds: Vec<usize> = places.iter().map(|place| nearest(place, &directions)).collect();
        let now = unexplained(rests, tellers, &kinds);
        if now < left - GAIN_MIN {
            (left, best) = (now, Some(directions));
        }
    }
    let directions = best?;
    Some(loadings.iter().map(|place| nearest(place, &directions)).collect())
}

/// Directions of the kinds. Starts from the series that stand out most and are least like those chosen before.
fn divided(places: &[&[f64]], count: usize) -> Vec<Vec<f64>> {
    let size = |place: &[f64]| dot(place, place).sqrt();
    let farthest = |directions: &[Vec<f64>]| {
        let strangeness = |place: &[f64]| {
            let likeness = directions.iter().map(|direction| dot(place, direction)).fold(f64::NEG_INFINITY, f64::max);
            if directions.is_empty() { size(place) } else { size(place) - likeness }
        };
        places.iter().copied().max_by(|a, b| strangeness(a).total_cmp(&strangeness(b)))
    };
    let mut directions: Vec<Vec<f64>> = Vec::new();
    for _ in 0..count {
        directions.extend(farthest(&directions).map(unit));
    }
    for _ in 0..ROUNDS {
        let kinds: Vec<usize> = places.iter().map(|place| nearest(place, &directions)).collect();
        let members = |kind: usize| kinds.iter().filter(|&&it| it == kind).count();
        let mut kept: Vec<Vec<f64>> = Vec::new();
        for kind in (0..directions.len()).filter(|&kind| members(kind) >= MEMBERS_MIN) {
            let mut sum = vec![0.0; places[0].len()];
            for (place, _) in places.iter().zip(&kinds).filter(|&(_, &it)| it == kind) {
                sum.iter_mut().zip(place.iter()).for_each(|(sum, x)| *sum += x);
            }
            kept.push(unit(&sum));
        }
        if kept.is_empty() {
            break;
        }
        directions = kept;
    }
    directions
}

fn unit(place: &[f64]) -> Vec<f64> {
    let size = dot(place, place).sqrt().max(1e-12);
    place.iter().map(|x| x / size).collect()
}

fn nearest(place: &[f64], directions: &[Vec<f64>]) -> usize {
    let likeness = |direction: &Vec<f64>| dot(place, direction);
    let best = directions.iter().enumerate().max_by(|a, b| likeness(a.1).total_cmp(&likeness(b.1)));
    best.map_or(0, |(index, _)| index)
}

/// Share of the movements of demand and price that the mean of the others of a kind leaves unexplained.
fn unexplained(rests: &Rests, tellers: &[usize], kinds: &[usize]) -> f64 {
    let count = kinds.iter().max().map_or(0, |last| last + 1);
    let (mut left, mut all) = (0.0, 0.0);
    for side in 0..2 {
        let mut sums = vec![vec![(0.0, 0.0); rests.positions]; count];
        for (&series, &kind) in tellers.iter().zip(kinds) {
            for &(place, value) in &rests.series[series][side] {
                let sum = &mut sums[kind][place];
                *sum = (sum.0 + value, sum.1 + 1.0);
            }
        }
        for (&series, &kind) in tellers.iter().zip(kinds) {
            let cells = &rests.series[series][side];
            left += left_by_others(cells, &sums[kind]);
            all += cells.len() as f64;
        }
    }
    left / f64::max(all, 1.0)
}

/// Sum of squares of a series that a multiple of the others' mean leaves.
fn left_by_others(cells: &Cells, sums: &[(f64, f64)]) -> f64 {
    let (mut squares, mut products, mut others_squares) = (0.0, 0.0, 0.0);
    for &(place, value) in cells {
        let (sum, count) = sums[place];
        let others = if count > 1.5 { (sum - value) / (count - 1.0) } else { 0.0 };
        squares += value * value;
        products += value * others;
        others_squares += others * others;
    }
    squares - products * products / f64::max(others_squares, 1e-12)
}
