//! Prices for the shared limits: with the right ones, every family choosing for itself comes close to the best together.

use super::model::{Choice, Found, Model, best_by};
use super::{PortfolioError, primal};

/// Steps of the subgradient method; the bound moves little after that.
const STEPS: usize = 400;
/// The last of them are turned into prices that respect everything; of the earlier ones those numbered by a power of two.
const POLISHED_LAST: usize = 4;

/// Share of the bound below which a gap is nobody's concern; small portfolios go on to a proof anyway.
const CLOSE_ENOUGH: f64 = 1e-6;

pub(crate) struct Dual {
    /// No choice is worth more.
    pub(crate) bound: f64,
    /// What a unit of each row is worth.
    pub(crate) prices: Vec<f64>,
    /// The best choice met that respects everything.
    pub(crate) best: Option<Found>,
}

/// Minimises the Lagrangian by subgradient steps of Polyak's length.
///
/// # Errors
/// [`PortfolioError::Family`] if the gaps of a family contradict the limits of its Skus.
pub(crate) fn solve(model: &Model) -> Result<Dual, PortfolioError> {
    let rows = model.rows.len();
    let mut prices = vec![0.0; rows];
    let mut dual = Dual { bound: f64::INFINITY, prices: prices.clone(), best: None };
    let keep = |choice: Vec<usize>, best: &mut Option<Found>| {
        if let Some(found) = primal::polish(model, choice)
            && best.as_ref().is_none_or(|best| found.value > best.value)
        {
            *best = Some(found);
        }
    };
    if let Some(today) = primal::start(model) {
        keep(today, &mut dual.best);
    }
    let mut pace = 1.0;
    let mut since_better = 0;
    for step in 0..STEPS {
        let choice = choose(model, &prices)?;
        let taken = model.taken(&choice);
        let over: Vec<f64> = taken.iter().zip(&model.rows).map(|(taken, row)| taken - row.capacity).collect();
        let paid: f64 = prices.iter().zip(&over).map(|(price, over)| price * over).sum();
        let lagrangian = model.value(&choice) - paid;
        since_better += 1;
        if lagrangian < dual.bound - 1e-12 * lagrangian.abs() {
            (dual.bound, dual.prices, since_better) = (lagrangian, prices.clone(), 0);
        }
        if rows == 0 || (step + 1).is_power_of_two() || step + POLISHED_LAST >= STEPS {
            keep(choice, &mut dual.best);
        }
        let reached = dual.best.as_ref().map_or(dual.bound - 0.1 * dual.bound.abs().max(1.0), |best| best.value);
        // Complementary: rows with room and no price have nothing to say.
        let slope: f64 = over.iter().zip(&prices).filter(|&(&o, &p)| o > 0.0 || p > 0.0).map(|(o, _)| o * o).sum();
        if rows == 0 || slope <= 1e-24 || dual.bound - reached <= CLOSE_ENOUGH * dual.bound.abs() {
            break;
        }
        if since_better > 15 {
            (pace, since_better) = (pace * 0.6, 0);
            prices.clone_from(&dual.prices);
        }
        let length = pace * (lagrangian - reached).max(1e-9 * lagrangian.abs()) / slope;
        prices.iter_mut().zip(&over).for_each(|(price, over)| *price = (*price + length * over).max(0.0));
    }
    if dual.best.is_none() {
        keep(choose(model, &dual.prices)?, &mut dual.best);
    }
    Ok(dual)
}

/// The best choice of every family if rows have to be paid for.
pub(crate) fn choose(model: &Model, prices: &[f64]) -> Result<Vec<usize>, PortfolioError> {
    let mut choice = vec![0; model.choices.len()];
    for family in &model.families {
        if let [sku] = family[..] {
            choice[sku] = best_by(&model.choices[sku], |choice| net(choice, prices));
        } else {
            let best = of_family(model, family, prices).ok_or(PortfolioError::Family { index: family[0] })?;
            family.iter().zip(best).for_each(|(&sku, best)| choice[sku] = best);
        }
    }
    Ok(choice)
}

/// Value less what is paid for the rows.
pub(crate) fn net(choice: &Choice, prices: &[f64]) -> f64 {
    choice.value - choice.takes.iter().zip(prices).map(|(takes, price)| takes * price).sum::<f64>()
}

/// Depth first with the best choices first; a branch ends where even the best of the rest is not enough.
fn of_family(model: &Model, family: &[usize], prices: &[f64]) -> Option<Vec<usize>> {
    let nets: Vec<Vec<f64>> =
        family.iter().map(|&sku| model.choices[sku].iter().map(|choice| net(choice, prices)).collect()).collect();
    let order: Vec<Vec<usize>> = nets
        .iter()
        .map(|nets| {
            let mut order: Vec<usize> = (0..nets.len()).collect();
            order.sort_by(|&a, &b| nets[b].total_cmp(&nets[a]));
            order
        })
        .collect();
    let mut rest = vec![0.0; family.len() + 1];
    for place in (0..family.len()).rev() {
        rest[place] = rest[place + 1] + nets[place][order[place][0]];
    }
    let mut search = FamilySearch { model, family, nets, order, rest, chosen: Vec::new(), best: None };
    search.descend(0.0);
    search.best.map(|(_, choice)| choice)
}

struct FamilySearch<'a> {
    model: &'a Model,
    family: &'a [usize],
    nets: Vec<Vec<f64>>,
    order: Vec<Vec<usize>>,
    /// Sum of the best nets from each place on.
    rest: Vec<f64>,
    chosen: Vec<usize>,
    best: Option<(f64, Vec<usize>)>,
}

impl FamilySearch<'_> {
    fn descend(&mut self, so_far: f64) {
        let place = self.chosen.len();
        if place == self.family.len() {
            self.best = Some((so_far, self.chosen.clone()));
            return;
        }
        for rank in 0..self.order[place].len() {
            let candidate = self.order[place][rank];
            let sum = so_far + self.nets[place][candidate];
            if self.best.as_ref().is_some_and(|(best, _)| sum + self.rest[place + 1] <= *best) {
                return;
            }
            let known = |other: usize| {
                let at = self.family.iter().position(|&sku| sku == other)?;
                self.chosen.get(at).copied()
            };
            if self.model.keeps_gaps(self.family[place], candidate, known) {
                self.chosen.push(candidate);
                self.descend(sum);
                self.chosen.pop();
            }
        }
    }
}
