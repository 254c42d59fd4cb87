//! Learning from each other: population → groups → series, in closed form.
//!
//! Each series offers a normal likelihood for its elasticity; elasticities of a group scatter around the group's, groups
//! around their parent, the population around a weak prior. For given spreads the posterior of such a tree is exact: one
//! pass up, one pass down. The spreads themselves are unknown, so the posterior is averaged over a grid of them, weighted
//! by how well each explains the slopes and by a prior that keeps thin histories from inventing or denying spread.
//!
//! What a merchant charges over cost is a clue as well: who prices sensibly marks up most where shoppers are least
//! sensitive. How far prices can be trusted to tell that is learned from the slopes, as a coefficient for every level: one for
//! what tells categories apart, one for what tells the Skus of a category apart.
//! Without it the belief about a dear Sku is too elastic and about a cheap one too inelastic, and an optimiser picks exactly
//! those: the best-looking of many estimates disappoints unless the prior holds all that is known (J. E. Smith and R. L.
//! Winkler, "The optimizer's curse", Management Science 52 (2006), 311–322).
//!
//! Source: K. C. Chou, A. S. Willsky, A. Benveniste, "Multiscale recursive estimation, data fusion, and regularization", IEEE
//! Transactions on Automatic Control 39 (1994), 464–478, for the two passes.

use std::f64::consts::TAU;

use crate::demand::ElasticityBelief;
use crate::elasticity::design::Expectation;
use crate::elasticity::fit::Evidence;
use crate::elasticity::hierarchy::Hierarchy;
use crate::linear::{Symmetric, dot};

/// What is believed after pooling.
#[derive(Debug, Clone)]
pub(crate) struct Pooled {
    /// Each series, in order; where there was no evidence, what its group suggests.
    pub(crate) series: Vec<ElasticityBelief>,
    /// The average of all series.
    pub(crate) average: ElasticityBelief,
    /// Standard deviation of single series around what the average of the population and their clues suggest.
    pub(crate) spread_sd: f64,
}

/// What shifts many series at once by an amount that nobody knows.
pub(crate) struct Unknowns {
    /// The elasticity of each as its markup tells it, up to a constant; `None` where nothing is known.
    pub(crate) clues: Vec<Option<f64>>,
    /// By how much the slope of each is off if what was assumed of all of them is off by one.
    pub(crate) slips: Vec<f64>,
    /// How far off that may be: standard deviation.
    pub(crate) slip_sd: f64,
}

/// Prior of every spread: log-normal, 0.4 within a factor of 1.8 either way. Elasticities of similar products have differed by
/// a few tenths wherever they were measured well; thin histories may neither invent spread nor deny it. (A half-t prior, which
/// lets spread vanish, left intervals of Skus without evidence too narrow: 90 % instead of 94 % in simulated shops.)
const SPREAD_USUAL: f64 = 0.4;
const SPREAD_LOG_SD: f64 = 0.6;
const SPREAD_MIN: f64 = 0.03;
const SPREAD_MAX: f64 = 2.5;

/// What a clue is worth before the slopes are seen: between nothing and its word, which would be 1.
const CLUE_WORTH: Expectation = Expectation { mean: 0.5, sd: 0.5 };

/// Posterior of every series given the evidence (`None`: no evidence) and what is expected of the population.
pub(crate) fn pool(
    evidence: &[Option<Evidence>],
    unknowns: &Unknowns,
    hierarchy: &Hierarchy,
    population: Expectation,
) -> Pooled {
    let levels = hierarchy.counts.len();
    let grid = spreads(match levels {
        1 => 25,
        2 => 13,
        3 => 7,
        _ => 5,
    });
    let combinations = grid.len().pow(levels as u32);
    let tree = Tree::of(hierarchy);
    let shifts = shifts(unknowns, hierarchy);
    let mut total = Mixture::new(evidence.len());
    for combination in 0..combinations {
        let spread = |level: usize| grid[combination / grid.len().pow(level as u32) % grid.len()];
        let chosen: Vec<f64> = (0..levels).map(spread).collect();
        let prior: f64 = chosen.iter().map(|&spread| log_prior(spread)).sum();
        let passed = tree.pass_with_shifts(evidence, &shifts, &chosen, population);
        total.add(&passed, passed.log_likelihood + prior, chosen.iter().map(|spread| spread * spread).sum());
    }
    total.finish()
}

/// Evenly spaced on the log scale.
fn spreads(count: usize) -> Vec<f64> {
    let step = (SPREAD_MAX / SPREAD_MIN).ln() / (count - 1) as f64;
    (0..count).map(|index| SPREAD_MIN * (step * index as f64).exp()).collect()
}

/// Log density on the log scale, up to a constant: the grid is even there.
fn log_prior(spread: f64) -> f64 {
    -0.5 * ((spread / SPREAD_USUAL).ln() / SPREAD_LOG_SD).powi(2)
}

/// A shift of every series by an unknown, common amount times a load of its own.
struct Shift {
    /// What one unit shifts the evidence of each series by.
    loads: Vec<f64>,
    /// Whether it shifts the elasticity itself, and not only what the evidence says of it.
    is_real: bool,
    /// The amount before the slopes are seen.
    amount: Expectation,
}

/// Markups tell in their own way on every level: those of whole categories less by chance than those of single series.
fn shifts(unknowns: &Unknowns, hierarchy: &Hierarchy) -> Vec<Shift> {
    let clues = &unknowns.clues;
    let mut outer = vec![mean_of(clues.iter().flatten().copied()); clues.len()];
    let mut shifts = Vec::new();
    for level in 1..hierarchy.counts.len() {
        let mut inner = outer.clone();
        for members in hierarchy.members(level) {
            if members.iter().any(|&series| clues[series].is_some()) {
                let mean = mean_of(members.iter().filter_map(|&series| clues[series]));
                members.iter().for_each(|&series| inner[series] = mean);
            }
        }
        let loads = inner.iter().zip(&outer).map(|(inner, outer)| inner - outer).collect();
        shifts.push(Shift { loads, is_real: true, amount: CLUE_WORTH });
        outer = inner;
    }
    let loads = clues.iter().zip(&outer).map(|(clue, outer)| clue.map_or(0.0, |clue| clue - outer)).collect();
    shifts.push(Shift { loads, is_real: true, amount: CLUE_WORTH });
    let slip = Expectation { mean: 0.0, sd: unknowns.slip_sd };
    shifts.push(Shift { loads: unknowns.slips.clone(), is_real: false, amount: slip });
    shifts.retain(|shift| shift.amount.sd > 0.0 && shift.loads.iter().any(|&load| load != 0.0));
    shifts
}

fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count.max(1))
}

/// The shape of the hierarchy, ready for many passes.
struct Tree<'a> {
    hierarchy: &'a Hierarchy,
    /// `parents[level][node]`: the node above, for every level but the first.
    parents: Vec<Vec<usize>>,
}

/// A normal likelihood of a node, up to `log_constant`: precision 0 is no information.
#[derive(Debug, Clone, Copy, Default)]
struct Message {
    precision: f64,
    weighted_mean: f64,
    square: f64,
    log_constant: f64,
}

impl Message {
    /// Multiplies by `N(mean; x, variance)`.
    fn absorb(&mut self, mean: f64, variance: f64, log_constant: f64) {
        self.precision += 1.0 / variance;
        self.weighted_mean += mean / variance;
        self.square += mean * mean / variance;
        self.log_constant += log_constant - 0.5 * (TAU * variance).ln();
    }

    /// The product as a single normal in `x`: its mean, variance and log factor.
    fn collected(&self) -> Option<(f64, f64, f64)> {
        if self.precision <= 0.0 {
            return None;
        }
        let (mean, variance) = (self.weighted_mean / self.precision, 1.0 / self.precision);
        let mismatch = self.square - self.weighted_mean * mean;
        Some((mean, variance, self.log_constant - 0.5 * mismatch + 0.5 * (TAU * variance).ln()))
    }

    /// Distribution of a node given its parent `x`: mean `a + k x`, variance `v`.
    fn given_parent(&self, spread: f64) -> Conditional {
        let from_parent = 1.0 / (spread * spread);
        let precision = self.precision + from_parent;
        Conditional { a: self.weighted_mean / precision, k: from_parent / precision, v: 1.0 / precision }
    }
}

#[derive(Debug, Clone, Copy)]
struct Conditional {
    a: f64,
    k: f64,
    v: f64,
}

/// Mean and variance of everything, for one choice of spreads.
struct Passed {
    log_likelihood: f64,
    series: Vec<(f64, f64)>,
    average: (f64, f64),
}

impl<'a> Tree<'a> {
    fn of(hierarchy: &'a Hierarchy) -> Self {
        let parents = (1..hierarchy.counts.len())
            .map(|level| {
                let mut parents = vec![0; hierarchy.counts[level]];
                for (node, parent) in hierarchy.nodes[level].iter().zip(&hierarchy.nodes[level - 1]) {
                    parents[*node] = *parent;
                }
                parents
            })
            .collect();
        Self { hierarchy, parents }
    }

    /// As [`Tree::pass`], with shifts of unknown amount.
    ///
    /// The amounts are normal as well: given the spreads, the log likelihood is a parabola in them and every mean a straight
    /// line, so one more pass for each, over its loads in place of the evidence, tells the posterior exactly.
    fn pass_with_shifts(
        &self,
        evidence: &[Option<Evidence>],
        shifts: &[Shift],
        spreads: &[f64],
        population: Expectation,
    ) -> Passed {
        let mut passed = self.pass(evidence, spreads, population);
        if shifts.is_empty() {
            return passed;
        }
        let centre = Expectation { mean: 0.0, ..population };
        let answers: Vec<Passed> = shifts
            .iter()
            .map(|shift| {
                let loads = evidence.iter().zip(&shift.loads);
                let loads = loads.map(|(one, &load)| one.map(|one| Evidence { mean: load, ..one }));
                self.pass(&loads.collect::<Vec<_>>(), spreads, centre)
            })
            .collect();
        // The precision of all evidence applied to a vector is, series by series, (vector − its smoothed self) / variance.
        let products = |shift: &Shift, unsmoothed: &dyn Fn(usize, Evidence) -> f64| -> f64 {
            let told = evidence.iter().zip(&shift.loads).enumerate();
            told.filter_map(|(series, (one, load))| one.map(|one| load * unsmoothed(series, one) / one.variance)).sum()
        };
        let mut precision = Symmetric::zeros(shifts.len());
        let mut log_prior = 0.0;
        for (row, shift) in shifts.iter().enumerate() {
            for (column, answer) in answers.iter().enumerate().take(row + 1) {
                let other = &shifts[column].loads;
                let value = products(shift, &|series, _| other[series] - answer.series[series].0);
                precision.add_at(row, column, value);
            }
            let Expectation { mean, sd } = shift.amount;
            precision.add_to_diagonal(row, sd.powi(-2));
            log_prior -= sd.ln() + 0.5 * (mean / sd).powi(2);
        }
        let gradient: Vec<f64> =
            shifts.iter().map(|shift| products(shift, &|series, one| one.mean - passed.series[series].0)).collect();
        let Some((covariance, log_determinant)) = precision.inverse_and_log_determinant() else { return passed };
        let amounts = covariance.times(&gradient);
        passed.log_likelihood += 0.5 * dot(&gradient, &amounts) - 0.5 * log_determinant + log_prior;
        let shifted = |(mean, own): (f64, f64), per_amount: &[f64]| {
            (mean + dot(&amounts, per_amount), own + dot(per_amount, &covariance.times(per_amount)))
        };
        let real = |shift: &Shift, load: f64| if shift.is_real { load } else { 0.0 };
        for (index, belief) in passed.series.iter_mut().enumerate() {
            let per_amount = shifts.iter().zip(&answers);
            let per_amount = per_amount.map(|(shift, answer)| real(shift, shift.loads[index]) - answer.series[index].0);
            *belief = shifted(*belief, &per_amount.collect::<Vec<_>>());
        }
        let per_amount = shifts.iter().zip(&answers);
        let per_amount =
            per_amount.map(|(shift, answer)| real(shift, mean_of(shift.loads.iter().copied())) - answer.average.0);
        passed.average = shifted(passed.average, &per_amount.collect::<Vec<_>>());
        passed
    }

    /// `spreads[level]` is the spread of the children of that level's nodes; the children of the last level are the series.
    fn pass(&self, evidence: &[Option<Evidence>], spreads: &[f64], population: Expectation) -> Passed {
        let levels = spreads.len();
        let finest = &self.hierarchy.nodes[levels - 1];
        let series_spread = spreads[levels - 1];
        let mut messages: Vec<Vec<Message>> =
            self.hierarchy.counts.iter().map(|&count| vec![Message::default(); count]).collect();
        for (evidence, &node) in evidence.iter().zip(finest) {
            if let Some(Evidence { mean, variance }) = *evidence {
                messages[levels - 1][node].absorb(mean, variance + series_spread * series_spread, 0.0);
            }
        }
        for level in (1..levels).rev() {
            let spread = spreads[level - 1];
            for node in 0..messages[level].len() {
                if let Some((mean, variance, log_constant)) = messages[level][node].collected() {
                    let parent = self.parents[level - 1][node];
                    messages[level - 1][parent].absorb(mean, variance + spread * spread, log_constant);
                }
            }
        }
        let mut top = Message::default();
        if let Some((mean, variance, log_constant)) = messages[0][0].collected() {
            top.absorb(mean, variance + population.sd * population.sd, log_constant);
        }
        let log_likelihood = top.log_constant
            - 0.5 * (top.square - 2.0 * population.mean * top.weighted_mean)
            - 0.5 * population.mean.powi(2) * top.precision;
        self.descend(evidence, spreads, population, &messages, log_likelihood)
    }

    fn descend(
        &self,
        evidence: &[Option<Evidence>],
        spreads: &[f64],
        population: Expectation,
        messages: &[Vec<Message>],
        log_likelihood: f64,
    ) -> Passed {
        let levels = spreads.len();
        let root = messages[0][0].given_parent(population.sd);
        let root = (root.a + root.k * population.mean, root.v);
        let mut beliefs = vec![root];
        // Sum over the series below a node, given the node: mean `a + k x`, variance `v`.
        let mut sums: Vec<Vec<Conditional>> =
            self.hierarchy.counts.iter().map(|&count| vec![Conditional { a: 0.0, k: 0.0, v: 0.0 }; count]).collect();
        for level in 1..levels {
            beliefs = (0..messages[level].len())
                .map(|node| {
                    below(
                        messages[level][node].given_parent(spreads[level - 1]),
                        beliefs[self.parents[level - 1][node]],
                    )
                })
                .collect();
        }
        let series: Vec<(f64, f64)> = evidence
            .iter()
            .zip(&self.hierarchy.nodes[levels - 1])
            .map(|(evidence, &node)| {
                let mut message = Message::default();
                if let Some(Evidence { mean, variance }) = *evidence {
                    message.absorb(mean, variance, 0.0);
                }
                let conditional = message.given_parent(spreads[levels - 1]);
                let sum = &mut sums[levels - 1][node];
                *sum = Conditional { a: sum.a + conditional.a, k: sum.k + conditional.k, v: sum.v + conditional.v };
                below(conditional, beliefs[node])
            })
            .collect();
        for level in (1..levels).rev() {
            for node in 0..messages[level].len() {
                let child = messages[level][node].given_parent(spreads[level - 1]);
                let inner = sums[level][node];
                let sum = &mut sums[level - 1][self.parents[level - 1][node]];
                *sum = Conditional {
                    a: sum.a + inner.a + inner.k * child.a,
                    k: sum.k + inner.k * child.k,
                    v: sum.v + inner.v + inner.k * inner.k * child.v,
                };
            }
        }
        let (total, count) = (below(sums[0][0], root), evidence.len().max(1) as f64);
        Passed { log_likelihood, series, average: (total.0 / count, total.1 / (count * count)) }
    }
}

/// Unconditional mean and variance of a child whose parent has this mean and variance.
fn below(child: Conditional, parent: (f64, f64)) -> (f64, f64) {
    (child.a + child.k * parent.0, child.v + child.k * child.k * parent.1)
}

/// Weighted moments over the grid of spreads.
struct Mixture {
    log_scale: f64,
    weight: f64,
    /// Weighted sums of mean and of mean square; the last entry is the average of the population.
    moments: Vec<(f64, f64)>,
    spread_square: f64,
}

impl Mixture {
    fn new(series: usize) -> Self {
        Self { log_scale: f64::NEG_INFINITY, weight: 0.0, moments: vec![(0.0, 0.0); series + 1], spread_square: 0.0 }
    }

    fn add(&mut self, passed: &Passed, log_weight: f64, spread_square: f64) {
        if log_weight > self.log_scale {
            let shrink = (self.log_scale - log_weight).exp();
            self.weight *= shrink;
            self.spread_square *= shrink;
            self.moments.iter_mut().for_each(|moment| *moment = (moment.0 * shrink, moment.1 * shrink));
            self.log_scale = log_weight;
        }
        let weight = (log_weight - self.log_scale).exp();
        if weight < 1e-9 {
            return;
        }
        self.weight += weight;
        self.spread_square += weight * spread_square;
        let parts = passed.series.iter().chain([&passed.average]);
        for (moment, (mean, variance)) in self.moments.iter_mut().zip(parts) {
            moment.0 += weight * mean;
            moment.1 += weight * (mean * mean + variance);
        }
    }

    fn finish(self) -> Pooled {
        let belief = |(first, second): (f64, f64)| {
            let mean = first / self.weight;
            ElasticityBelief { mean, sd: (second / self.weight - mean * mean).max(0.0).sqrt() }
        };
        let mut series: Vec<ElasticityBelief> = self.moments.iter().map(|&moment| belief(moment)).collect();
        let average = series.pop().expect("the average is always the last of the moments");
        Pooled { series, average, spread_sd: (self.spread_square / self.weight).sqrt() }
    }
}
