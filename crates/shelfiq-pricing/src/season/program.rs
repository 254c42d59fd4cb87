//! The dynamic program: values backwards from the last evening.

use rust_decimal::Decimal;

use super::SeasonProblem;
use crate::guard_rails::{Constraint, DayRule, GuardRails, PriceContext};
use crate::optimize::to_f64;
use crate::season::arrivals;

/// Lots the stock is counted in at most: larger stocks are counted in lots of several units.
const LOTS_MAX: u32 = 250;

/// The solved program. Tables are indexed `[day][lots left][place of the price before on the ladder]`.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) prices: Vec<Decimal>,
    pub(crate) lot_units: f64,
    pub(crate) lots: usize,
    /// Place of the price to ask.
    choices: Vec<Vec<Vec<u8>>>,
    /// Expected value from the first morning on.
    values: Vec<Vec<f64>>,
    /// Places that may follow each place, as first and last.
    moves: Vec<(usize, usize)>,
}

impl Program {
    /// `prices` ascend and hold today's.
    pub(crate) fn solve(problem: &SeasonProblem, prices: Vec<Decimal>) -> Self {
        let lot_units = f64::from(problem.stock_units.div_ceil(LOTS_MAX).max(1));
        let lots = (f64::from(problem.stock_units) / lot_units).round() as usize;
        let moves = moves(problem, &prices);
        let leftover = |left: usize| problem.leftover_value * lot_units * left as f64;
        let mut next: Vec<Vec<f64>> = (0..=lots).map(|left| vec![leftover(left); prices.len()]).collect();
        let mut choices = Vec::with_capacity(problem.days.len());
        for day in problem.days.iter().rev() {
            let arrivals = arrivals_of(problem, &prices, day.demand_factor, lot_units, lots);
            let mut values = Vec::with_capacity(next.len());
            let mut chosen = Vec::with_capacity(next.len());
            for left in 0..=lots {
                let worth: Vec<f64> = (0..prices.len())
                    .map(|place| {
                        let lot_value = to_f64(prices[place]) * lot_units;
                        expected(&arrivals[place], left, |sold| lot_value * sold as f64 + next[left - sold][place])
                    })
                    .collect();
                let best = |before: usize| match day.rule {
                    DayRule::Frozen => before,
                    DayRule::Free => best_of(&worth, moves[before], before),
                };
                let places: Vec<u8> = (0..prices.len()).map(|before| best(before) as u8).collect();
                values.push(places.iter().map(|&place| worth[usize::from(place)]).collect());
                chosen.push(places);
            }
            next = values;
            choices.push(chosen);
        }
        choices.reverse();
        Self { prices, lot_units, lots, choices, values: next, moves }
    }

    pub(crate) fn price_on(&self, day: usize, left_units: u32, before: Decimal) -> Option<Decimal> {
        let place = self.prices.iter().position(|&price| price == before)?;
        let left = ((f64::from(left_units) / self.lot_units).round() as usize).min(self.lots);
        Some(self.prices[self.place_on(day, left, place)?])
    }

    pub(crate) fn place_on(&self, day: usize, left: usize, before: usize) -> Option<usize> {
        Some(usize::from(*self.choices.get(day)?.get(left)?.get(before)?))
    }

    pub(crate) fn today(&self, problem: &SeasonProblem) -> usize {
        self.prices.iter().position(|&price| price == problem.current_price).unwrap_or(0)
    }

    pub(crate) fn value(&self, problem: &SeasonProblem) -> f64 {
        self.values[self.lots][self.today(problem)]
    }

    /// What stops tomorrow's price: it stands at the end of the places within reach.
    pub(crate) fn binding(&self, problem: &SeasonProblem, tomorrow: Decimal) -> Option<Constraint> {
        if problem.days.first().is_some_and(|day| day.rule == DayRule::Frozen) {
            return Some(Constraint::FrozenDay);
        }
        let (first, last) = self.moves[self.today(problem)];
        let place = self.prices.iter().position(|&price| price == tomorrow)?;
        let end_of_ladder = |lower: bool| {
            let context = PriceContext { current_price: problem.current_price, unit_cost: problem.unit_cost };
            let lasting = GuardRails { max_change_per_day: None, day: DayRule::Free, ..problem.guard_rails.clone() };
            let window = lasting.window(&context);
            let bound = if lower { window.lo } else { window.hi };
            bound.map_or(Constraint::Reach, |bound| bound.constraint)
        };
        match place {
            _ if first == last => Some(Constraint::MaxChangePerDay),
            place if place == first && first == 0 => Some(end_of_ladder(true)),
            place if place == last && last + 1 == self.prices.len() => Some(end_of_ladder(false)),
            place if place == first || place == last => Some(Constraint::MaxChangePerDay),
            _ => None,
        }
    }

    /// The single price with the highest expected value, and that value.
    pub(crate) fn best_fixed(&self, problem: &SeasonProblem) -> (Decimal, f64) {
        let value = |place: usize| {
            let lot_value = to_f64(self.prices[place]) * self.lot_units;
            let mut next: Vec<f64> =
                (0..=self.lots).map(|left| problem.leftover_value * self.lot_units * left as f64).collect();
            for day in problem.days.iter().rev() {
                let mean = day.demand_factor * problem.demand.expected_quantity(to_f64(self.prices[place]));
                let arrivals = arrivals::probabilities(mean, self.lot_units, self.lots);
                next = (0..=self.lots)
                    .map(|left| expected(&arrivals, left, |sold| lot_value * sold as f64 + next[left - sold]))
                    .collect();
            }
            next[self.lots]
        };
        (0..self.prices.len())
            .map(|place| (self.prices[place], value(place)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((problem.current_price, 0.0))
    }
}

/// Mean of `value` over the lots sold when `left` are there.
pub(crate) fn expected(arrivals: &[f64], left: usize, value: impl Fn(usize) -> f64) -> f64 {
    let within = &arrivals[..arrivals.len().min(left)];
    let served: f64 = within.iter().enumerate().map(|(sold, probability)| probability * value(sold)).sum();
    // Everything from here on empties the shelf.
    let emptied = (1.0 - within.iter().sum::<f64>()).max(0.0);
    if emptied > 0.0 { served + emptied * value(left.min(arrivals.len())) } else { served }
}

/// Probabilities of arrivals at each price.
pub(crate) fn arrivals_of(
    problem: &SeasonProblem,
    prices: &[Decimal],
    factor: f64,
    lot_units: f64,
    most: usize,
) -> Vec<Vec<f64>> {
    let mean = |price: &Decimal| factor * problem.demand.expected_quantity(to_f64(*price));
    prices.iter().map(|price| arrivals::probabilities(mean(price), lot_units, most)).collect()
}

/// The best place among those within reach; of equals the one nearest to the place before.
fn best_of(worth: &[f64], (first, last): (usize, usize), before: usize) -> usize {
    let better = |a: &usize, b: &usize| {
        worth[*a].total_cmp(&worth[*b]).then_with(|| b.abs_diff(before).cmp(&a.abs_diff(before)))
    };
    (first..=last).max_by(better).unwrap_or(before)
}

fn moves(problem: &SeasonProblem, prices: &[Decimal]) -> Vec<(usize, usize)> {
    let reach = |before: &Decimal| {
        let Some(share) = problem.guard_rails.max_change_per_day else { return (0, prices.len() - 1) };
        let step = before.checked_mul(share.proportion()).unwrap_or(Decimal::MAX);
        let near = |price: &&Decimal| (**price - *before).abs() <= step;
        let first = prices.iter().position(|price| near(&price)).unwrap_or(0);
        (first, prices.iter().rposition(|price| near(&price)).unwrap_or(first))
    };
    prices.iter().map(reach).collect()
}
