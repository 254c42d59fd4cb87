//! Prices of many Skus together: limits on their sum, and gaps between the prices of a family.
//!
//! Each Sku chooses one price of its ladder; the shared limits are linear in the choices. Lagrangian relaxation splits the
//! problem into families that are solved exactly, and proves how far the answer can be from the best; small portfolios are
//! then searched by branch and bound until the answer *is* the best.
//!
//! Source: M. L. Fisher, "The Lagrangian relaxation method for solving integer programming problems", Management Science 27
//! (1981), 1–18.

mod dual;
mod exact;
mod front;
mod model;
mod primal;

pub use front::{FrontPoint, pareto_front};

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{ErrorKind, Ratio};

use crate::advice::{Action, KeepReason, OptimizeOptions, PriceAdvice, PriceProblem};
use crate::error::PricingError;
use crate::guard_rails::Constraint;
use crate::optimize::gain_and_outcomes;
use crate::reason;
use model::{Model, Totals};

/// How two prices of a family must stand to each other: small below large, own brand below the brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyGap {
    /// Place of the cheaper Sku in the portfolio.
    pub lower: usize,
    /// Place of the dearer one.
    pub upper: usize,
    /// The dearer costs at least this share more: 0 for "not less".
    pub least: Ratio,
    /// The dearer costs at most this share more; `None` for no limit.
    pub most: Option<Ratio>,
}

/// What all prices together must reach. Amounts in major units over the period of the demand models, all in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PortfolioLimits {
    /// Least total margin. Needs every cost.
    pub margin_min: Option<f64>,
    /// Least total revenue.
    pub revenue_min: Option<f64>,
    /// Least units sold in all.
    pub units_min: Option<f64>,
    /// At most so many prices change.
    pub changes_max: Option<usize>,
    /// Least price index: today is 1, each Sku counts by its revenue today.
    pub price_index_min: Option<f64>,
    /// Highest price index.
    pub price_index_max: Option<f64>,
}

/// One of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortfolioLimit {
    /// Total margin.
    MarginMin,
    /// Total revenue.
    RevenueMin,
    /// Units sold.
    UnitsMin,
    /// Number of changes.
    ChangesMax,
    /// Price index, from below.
    PriceIndexMin,
    /// Price index, from above.
    PriceIndexMax,
}

impl fmt::Display for PortfolioLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MarginMin => "the least total margin",
            Self::RevenueMin => "the least total revenue",
            Self::UnitsMin => "the least units sold",
            Self::ChangesMax => "the number of changes",
            Self::PriceIndexMin => "the lowest price index",
            Self::PriceIndexMax => "the highest price index",
        })
    }
}

/// Skus priced together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// The Skus, each with its own limits and objective; the sum of the objectives is made as large as possible.
    pub problems: Vec<PriceProblem>,
    /// Gaps inside families.
    pub gaps: Vec<FamilyGap>,
    /// Shared limits.
    pub limits: PortfolioLimits,
}

/// The best prices together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortfolioAdvice {
    /// One for each Sku, in the order of the problems. Whether a single change is sure enough plays no part here.
    pub prices: Vec<PriceAdvice>,
    /// Sum of the objectives.
    pub value: f64,
    /// No prices of these ladders have a sum above this: the answer is at most `bound − value` from the best. Where changes
    /// must bring a least gain, that counts as their cost in the comparison.
    pub bound: f64,
    /// Units expected to be sold in all.
    pub units: f64,
    /// Total revenue expected.
    pub revenue: f64,
    /// Total margin expected, over the Skus with a cost.
    pub margin: f64,
    /// Prices that change.
    pub changes: usize,
    /// Price index reached; today is 1.
    pub price_index: f64,
    /// Shared limits that cost something: the sum would be higher without them.
    pub binding: Vec<PortfolioLimit>,
}

/// Why a portfolio has no prices.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PortfolioError {
    /// One Sku has no price of its own.
    #[error("Sku {} of the portfolio", index + 1)]
    Sku {
        /// Place in the portfolio, from 0.
        index: usize,
        /// Why.
        source: PricingError,
    },
    /// A gap names a Sku that is not there, or one Sku twice.
    #[error("a gap between Skus {} and {} of a portfolio of {count}", lower + 1, upper + 1)]
    StrangeGap {
        /// Place of the cheaper Sku, from 0.
        lower: usize,
        /// Place of the dearer one, from 0.
        upper: usize,
        /// Skus there are.
        count: usize,
    },
    /// The gaps of one family contradict the limits of its Skus.
    #[error("no legal prices of the family of Sku {} keep their gaps", index + 1)]
    Family {
        /// Place of its first Sku, from 0.
        index: usize,
    },
    /// One shared limit is out of reach even if nothing else mattered.
    #[error("{limit} of {required} is out of reach: {} is the nearest that legal prices come to it", four_decimals(*reachable))]
    OutOfReach {
        /// Which.
        limit: PortfolioLimit,
        /// As asked.
        required: f64,
        /// The nearest.
        reachable: f64,
    },
    /// Every shared limit can be reached alone, but no prices were found that reach them together.
    #[error("no prices were found that respect all limits of the portfolio together")]
    NoneFound,
}

/// Sums are expectations: more decimals would be noise.
fn four_decimals(amount: f64) -> f64 {
    (amount * 1e4).round() / 1e4
}

impl PortfolioError {
    /// What its receiver can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}

/// Skus up to which the search goes on until the answer is proven best (as far as a bound on its work allows).
const PROVEN_SKUS_MAX: usize = 20;

/// The prices with the highest sum of objectives that respect every limit.
///
/// A change that brings less than [`OptimizeOptions::gain_min`] is made only where a shared limit or a gap needs it: the least
/// gain weighs as what a change costs (a menu cost: N. G. Mankiw, "Small menu costs and large business cycles", Quarterly
/// Journal of Economics 100 (1985), 529–537), but is not taken off the sums that are told.
///
/// # Errors
/// [`PortfolioError`] naming the Sku, family or limit that cannot be satisfied.
pub fn optimize_portfolio(portfolio: &Portfolio, options: &OptimizeOptions) -> Result<PortfolioAdvice, PortfolioError> {
    let model = Model::of(portfolio, options)?;
    model.check_reach()?;
    let dual = dual::solve(&model)?;
    let mut best = dual.best;
    let mut bound = dual.bound;
    if model.choices.len() <= PROVEN_SKUS_MAX {
        let searched = exact::search(&model, &dual.prices, best);
        best = searched.best;
        if searched.is_proven {
            bound = best.as_ref().map_or(bound, |best| best.value);
        }
    }
    let best = best.ok_or(PortfolioError::NoneFound)?;
    let free = model.free_choice();
    let one = |(sku, (&chosen, &free)): (usize, (&usize, &usize))| {
        let problem = &portfolio.problems[sku];
        if chosen != free {
            let held_by = model.held_by(sku, free, &best.choice);
            return advice(problem, model.choices[sku][chosen].price, Some(held_by), options);
        }
        match model.better_but_too_small(sku, chosen) {
            Some(better) => too_small(problem, better, options),
            None => advice(problem, model.choices[sku][chosen].price, None, options),
        }
    };
    let least_gains = model.least_gains(&best.choice);
    let Totals { units, revenue, margin, changes, price_index } = model.totals(&best.choice);
    Ok(PortfolioAdvice {
        prices: best.choice.iter().zip(&free).enumerate().map(one).collect(),
        value: best.value + least_gains,
        bound: bound.max(best.value) + least_gains,
        units,
        revenue,
        margin,
        changes,
        price_index,
        binding: model.binding(&best, &dual.prices),
    })
}

fn advice(
    problem: &PriceProblem,
    price: Decimal,
    held_by: Option<Constraint>,
    options: &OptimizeOptions,
) -> PriceAdvice {
    let broken = problem.guard_rails.check(problem.current_price, &problem.context());
    let action = match broken.first() {
        Some(violation) => Action::Correct(violation.constraint),
        None if price != problem.current_price => Action::Change,
        None => Action::Keep(KeepReason::AlreadyBest),
    };
    let (gain, recommended, current) = gain_and_outcomes(problem, price, options);
    let reason = reason::together(problem, action, &recommended, &current, gain, held_by);
    PriceAdvice { action, recommended, current, gain, binding: held_by, aim: None, reason }
}

/// Today's price stays, because the best alternative would bring less than a change must.
fn too_small(problem: &PriceProblem, better: Decimal, options: &OptimizeOptions) -> PriceAdvice {
    let (gain, best, _) = gain_and_outcomes(problem, better, options);
    let mut advice = advice(problem, problem.current_price, None, options);
    advice.action = Action::Keep(KeepReason::TooSmall);
    advice.reason = reason::kept(problem, KeepReason::TooSmall, &best, gain);
    advice
}
