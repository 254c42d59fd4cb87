//! The season lived forwards: how prices, sales and stock are expected to go under the plan.

use super::program::{Program, arrivals_of};
use super::{SeasonProblem, SeasonStep};
use crate::optimize::to_f64;

/// One step for each day, and the probability that nothing is left at the end.
pub(crate) fn expected(problem: &SeasonProblem, program: &Program) -> (Vec<SeasonStep>, f64) {
    let places = program.prices.len();
    // Probability of [lots left][place of the price before].
    let mut now = vec![vec![0.0; places]; program.lots + 1];
    now[program.lots][program.today(problem)] = 1.0;
    let mut steps = Vec::with_capacity(problem.days.len());
    for (day, rules) in problem.days.iter().enumerate() {
        let arrivals = arrivals_of(problem, &program.prices, rules.demand_factor, program.lot_units, program.lots);
        let mut then = vec![vec![0.0; places]; program.lots + 1];
        let mut step = SeasonStep { mean_price: 0.0, units: 0.0, left_units: 0.0 };
        for (left, of_price) in now.iter().enumerate() {
            for (before, &probability) in of_price.iter().enumerate().filter(|&(_, &probability)| probability > 0.0) {
                let place = program.place_on(day, left, before).unwrap_or(before);
                step.mean_price += probability * to_f64(program.prices[place]);
                for (asked, chance) in arrivals[place].iter().enumerate() {
                    let sold = asked.min(left);
                    then[left - sold][place] += probability * chance;
                    step.units += probability * chance * sold as f64 * program.lot_units;
                }
            }
        }
        step.left_units = then
            .iter()
            .enumerate()
            .map(|(left, of_price)| left as f64 * program.lot_units * of_price.iter().sum::<f64>())
            .sum();
        steps.push(step);
        now = then;
    }
    (steps, now[0].iter().sum())
}
