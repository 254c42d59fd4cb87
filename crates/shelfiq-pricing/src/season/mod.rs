//! A stock to be sold by a date: which price to ask on each day, given what is left.
//!
//! A dynamic program over days × units left × price of the day before, with Poisson demand; exact for the days and prices
//! given. Fewer units left than expected raise the price, more lower it, and the last days take what they can get.
//!
//! Source: G. Gallego, G. van Ryzin, "Optimal dynamic pricing of inventories with stochastic demand over finite horizons",
//! Management Science 40 (1994), 999–1020; here in days, with a ladder of prices and limits on how far a price may move.

mod arrivals;
mod program;
mod walk;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::demand::DemandModel;
use crate::error::PricingError;
use crate::guard_rails::{Constraint, DayRule, GuardRails, PriceContext};
use crate::ladder;
use crate::optimize::{check_numbers_of, close_ends, to_f64};
use program::Program;

/// One day of a season.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SeasonDay {
    /// Demand of this day relative to an average day: 1.5 on a busy one.
    pub demand_factor: f64,
    /// What may happen to the price.
    pub rule: DayRule,
}

/// A stock, the days left to sell it, and what limits the price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeasonProblem {
    /// Price asked today, major units.
    pub current_price: Decimal,
    /// Cost of one unit, major units; only the margin floor looks at it, because what is in stock is paid for.
    pub unit_cost: Option<Decimal>,
    /// Units expected on an *average day* as a function of price. Its best guess counts.
    pub demand: DemandModel,
    /// Units on hand.
    pub stock_units: u32,
    /// The days left, tomorrow first.
    pub days: Vec<SeasonDay>,
    /// What a unit is worth that is left at the end, major units: below zero if it must be disposed of.
    pub leftover_value: f64,
    /// Limits. The largest change holds from each day to the next, over the whole season; endings hold for new prices.
    pub guard_rails: GuardRails,
}

/// What is expected of one day of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SeasonStep {
    /// Mean of the price asked, over what may happen before, major units.
    pub mean_price: f64,
    /// Units expected to sell.
    pub units: f64,
    /// Units expected to be left in the evening.
    pub left_units: f64,
}

/// The best course of prices.
#[derive(Debug, Clone)]
pub struct SeasonPlan {
    /// Price to ask tomorrow, major units.
    pub price: Decimal,
    /// What keeps tomorrow's price from going further: the ends of the legal prices or the largest change in a day.
    pub binding: Option<Constraint>,
    /// Revenue and value of what is left, expected under the plan, major units.
    pub expected_value: f64,
    /// The best single price for the whole season (reached at once), and what it is expected to bring.
    pub best_fixed: (Decimal, f64),
    /// What is expected of each day.
    pub steps: Vec<SeasonStep>,
    /// Probability that nothing is left.
    pub sell_out_probability: f64,
    program: Program,
}

impl SeasonPlan {
    /// Price to ask on `day` (0 is tomorrow) with so many units left, after `price_before`; `None` past the last day or for a
    /// price before that the plan never asks.
    #[must_use]
    pub fn price_on(&self, day: usize, left_units: u32, price_before: Decimal) -> Option<Decimal> {
        self.program.price_on(day, left_units, price_before)
    }
}

/// More prices than this make no difference that a season of Poisson demand could show …
const PRICES_MAX: usize = 60;
/// … unless each day may only take a small step, which must then reach a neighbour.
const SMALL_STEP_PRICES_MAX: usize = 240;

/// The course of prices with the highest expected revenue plus value of what is left.
///
/// # Errors
/// [`PricingError`] if a number makes no sense or no legal price exists. Today's price must be legal but for its ending: a
/// broken limit is corrected by [`crate::optimize`] first.
pub fn plan_season(problem: &SeasonProblem) -> Result<SeasonPlan, PricingError> {
    check(problem)?;
    let prices = ladder_of(problem)?;
    let program = Program::solve(problem, prices);
    let tomorrow = program.price_on(0, problem.stock_units, problem.current_price).unwrap_or(problem.current_price);
    let (steps, sell_out_probability) = walk::expected(problem, &program);
    Ok(SeasonPlan {
        price: tomorrow,
        binding: program.binding(problem, tomorrow),
        expected_value: program.value(problem),
        best_fixed: program.best_fixed(problem),
        steps,
        sell_out_probability,
        program,
    })
}

fn check(problem: &SeasonProblem) -> Result<(), PricingError> {
    check_numbers_of(problem.current_price, problem.unit_cost, &problem.demand, None)?;
    let days_hold = problem.days.iter().all(|day| day.demand_factor.is_finite() && day.demand_factor >= 0.0);
    if days_hold && problem.leftover_value.is_finite() && !problem.days.is_empty() {
        return Ok(());
    }
    Err(PricingError::InvalidProblem {
        quantity: "the season",
        value: format!("{} days with a number that is missing or below zero", problem.days.len()),
        expected: "at least one day, with numbers of zero or more",
    })
}

/// Today's price and the printable prices that are legal on some day, ascending, thinned to a bounded number.
fn ladder_of(problem: &SeasonProblem) -> Result<Vec<Decimal>, PricingError> {
    let context = PriceContext { current_price: problem.current_price, unit_cost: problem.unit_cost };
    let lasting = GuardRails { max_change_per_day: None, day: DayRule::Free, ..problem.guard_rails.clone() };
    let mut window = lasting.window(&context);
    if let (Some(lo), Some(hi)) = (window.lo, window.hi)
        && lo.price > hi.price
    {
        return Err(PricingError::Contradiction { lo, hi });
    }
    if let Some(violation) = lasting.check(problem.current_price, &context).first() {
        return Err(PricingError::NoPrintablePrice { broken: violation.constraint });
    }
    close_ends(&mut window, problem.current_price, shelfiq_core::Ratio::ONE);
    let (Some(lo), Some(hi)) = (window.lo, window.hi) else { return Ok(vec![problem.current_price]) };
    let rungs = ladder::rungs(lo.price, hi.price, &lasting.endings, lasting.currency_exponent);
    let steps_apart = problem
        .guard_rails
        .max_change_per_day
        .map_or(0.0, |share| 2.0 * (to_f64(hi.price) / to_f64(lo.price)).ln() / share.to_f64().max(1e-3).ln_1p());
    let count = (steps_apart.min(1e6) as usize).clamp(PRICES_MAX, SMALL_STEP_PRICES_MAX);
    let mut prices = ladder::thinned(rungs, count);
    prices.push(problem.current_price);
    prices.sort();
    prices.dedup();
    Ok(prices)
}
