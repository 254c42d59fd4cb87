//! Branch and bound: goes on until the best is proven, or the work is enough.

use super::dual::net;
use super::model::{Found, Model, SLACK, least_taken};

/// Branches looked at before the search gives up proving.
const BRANCHES_MAX: usize = 3_000_000;

pub(crate) struct Searched {
    pub(crate) best: Option<Found>,
    /// Whether nothing better exists on these ladders.
    pub(crate) is_proven: bool,
}

/// Searches all choices, family by family. A branch ends where the Lagrangian at `prices` shows that it cannot beat the best,
/// or where a shared limit is out of reach.
pub(crate) fn search(model: &Model, prices: &[f64], best: Option<Found>) -> Searched {
    let skus: Vec<usize> = model.families.iter().flatten().copied().collect();
    let nets: Vec<Vec<f64>> =
        skus.iter().map(|&sku| model.choices[sku].iter().map(|choice| net(choice, prices)).collect()).collect();
    let order: Vec<Vec<usize>> = nets
        .iter()
        .map(|nets| {
            let mut order: Vec<usize> = (0..nets.len()).collect();
            order.sort_by(|&a, &b| nets[b].total_cmp(&nets[a]));
            order
        })
        .collect();
    let paid: f64 = prices.iter().zip(&model.rows).map(|(price, row)| price * row.capacity).sum();
    let mut rest = vec![(paid, vec![0.0; model.rows.len()])];
    for place in (0..skus.len()).rev() {
        let (net_after, takes_after) = &rest[rest.len() - 1];
        let most = net_after + nets[place][order[place][0]];
        let least =
            takes_after.iter().enumerate().map(|(row, after)| after + least_taken(&model.choices[skus[place]], row));
        let least = least.collect();
        rest.push((most, least));
    }
    rest.reverse();
    let mut search =
        Search { model, skus, nets, order, rest, choice: vec![None; model.choices.len()], best, branches: 0 };
    search.descend(0, 0.0, 0.0, &vec![0.0; model.rows.len()]);
    Searched { is_proven: search.branches < BRANCHES_MAX, best: search.best }
}

struct Search<'a> {
    model: &'a Model,
    skus: Vec<usize>,
    nets: Vec<Vec<f64>>,
    order: Vec<Vec<usize>>,
    /// From each place on: the most that nets can add, and the least that rows must take.
    rest: Vec<(f64, Vec<f64>)>,
    choice: Vec<Option<usize>>,
    best: Option<Found>,
    branches: usize,
}

impl Search<'_> {
    fn descend(&mut self, place: usize, net_so_far: f64, value: f64, taken: &[f64]) {
        if place == self.skus.len() {
            if self.best.as_ref().is_none_or(|best| value > best.value) {
                self.best = Some(Found { choice: self.choice.iter().flatten().copied().collect(), value });
            }
            return;
        }
        let sku = self.skus[place];
        for rank in 0..self.order[place].len() {
            self.branches += 1;
            let candidate = self.order[place][rank];
            let net = net_so_far + self.nets[place][candidate];
            let (most, least) = &self.rest[place + 1];
            let enough = |best: &Found| net + most <= best.value + SLACK * best.value.abs();
            if self.branches >= BRANCHES_MAX || self.best.as_ref().is_some_and(enough) {
                return;
            }
            let chosen = &self.model.choices[sku][candidate];
            let taken: Vec<f64> = taken.iter().zip(&chosen.takes).map(|(taken, takes)| taken + takes).collect();
            let rows = taken.iter().zip(least).zip(&self.model.rows);
            let fits = rows.into_iter().all(|((taken, least), row)| taken + least <= row.capacity + SLACK);
            if fits && self.model.keeps_gaps(sku, candidate, |other| self.choice[other]) {
                self.choice[sku] = Some(candidate);
                let value = value + chosen.value;
                self.descend(place + 1, net, value, &taken);
                self.choice[sku] = None;
            }
        }
    }
}
