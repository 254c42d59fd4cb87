//! The best legal price of one Sku, and what any price would bring.

use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use shelfiq_core::Ratio;

use crate::advice::{
    Action, Gain, KeepReason, OptimizeOptions, Outcome, PriceAdvice, PriceProblem, RiskAttitude, SupportPolicy,
};
use crate::demand::{DemandModel, Estimate};
use crate::error::PricingError;
use crate::guard_rails::{Constraint, PriceWindow};
use crate::value::PriceValue;
use crate::{Objective, ladder, reason};

/// The legal price that earns most, or today's price when no change is clearly worth it.
///
/// Every printable price inside the guard rails is evaluated in closed form (no sampling), so the answer is the exact
/// optimum on the ladder. Among the prices that are likely enough to beat today's, the one with the highest expected
/// objective wins; of two equal ones the nearer to today's. If today's price itself breaks a limit it cannot be kept: then
/// the best legal price is taken, whatever the gain and even if it was never tried, which the advice then says.
///
/// # Errors
/// [`PricingError`] if a number makes no sense, the objective needs a cost and there is none, or no legal price exists.
pub fn optimize(problem: &PriceProblem, options: &OptimizeOptions) -> Result<PriceAdvice, PricingError> {
    let mut window = open_window(problem, options)?;
    let value = PriceValue::of(problem, options.risk);
    let current = problem.current_price;
    let broken = problem.guard_rails.check(current, &problem.context()).first().map(|violation| violation.constraint);
    if let Some(broken) = broken {
        // A correction cannot wait until a legal price has been tried.
        let ranked = ranked_prices(problem, &window, &value);
        let &(best, _) = ranked.first().ok_or(PricingError::NoPrintablePrice { broken })?;
        return Ok(advise(problem, options, &window, Action::Correct(broken), best));
    }
    stay_inside_support(&mut window, problem, options);
    let ranked = ranked_prices(problem, &window, &value);
    let earns_now = value.worth(to_f64(current));
    let Some((best, _)) = ranked.first().copied().filter(|&(_, worth)| worth > earns_now) else {
        return Ok(advise(problem, options, &window, Action::Keep(KeepReason::AlreadyBest), current));
    };
    let is_sure =
        |price: Decimal| value.probability_of_gain(to_f64(price), to_f64(current)) >= options.confidence_required;
    let worth_it = earns_now + options.gain_min.max(options.gain_share_min * earns_now.abs());
    // From the best downwards: the first that is sure enough is the best of those.
    let mut better = ranked.into_iter().take_while(|&(_, worth)| worth > worth_it).map(|(price, _)| price);
    let kept = match better.find(|&price| is_sure(price)) {
        Some(chosen) if chosen == best => return Ok(advise(problem, options, &window, Action::Change, chosen)),
        Some(chosen) => {
            // Only doubt, not a limit, stands between this price and the best.
            let mut advice = advise(problem, options, &window, Action::Change, chosen);
            advice.binding = None;
            let level = options.interval_level;
            advice.reason =
                reason::cautious(problem, &advice, &outcome(problem, best, level), value.gain(best, current, level));
            return Ok(advice);
        }
        None if is_sure(best) => KeepReason::TooSmall,
        None => KeepReason::NotSure,
    };
    let level = options.interval_level;
    let mut advice = advise(problem, options, &window, Action::Keep(kept), current);
    advice.reason = reason::kept(problem, kept, &outcome(problem, best, level), value.gain(best, current, level));
    Ok(advice)
}

/// [`optimize`] for many Skus on all cores; the results are in the order of `problems` and do not depend on the cores.
#[must_use]
pub fn optimize_all(problems: &[PriceProblem], options: &OptimizeOptions) -> Vec<Result<PriceAdvice, PricingError>> {
    problems.par_iter().map(|problem| optimize(problem, options)).collect()
}

/// What `price` would bring, legal or not: the answer to "what if".
///
/// # Errors
/// [`PricingError::InvalidProblem`] if a number makes no sense.
pub fn evaluate(problem: &PriceProblem, price: Decimal, options: &OptimizeOptions) -> Result<Outcome, PricingError> {
    check_numbers(problem)?;
    check_price("the price", price)?;
    Ok(outcome(problem, price, options.interval_level))
}

/// [`Gain`] of `price` over today's price, for the objective of the problem.
///
/// # Errors
/// [`PricingError::InvalidProblem`] if a number makes no sense.
pub fn gain(problem: &PriceProblem, price: Decimal, options: &OptimizeOptions) -> Result<Gain, PricingError> {
    check_numbers(problem)?;
    check_price("the price", price)?;
    Ok(PriceValue::of(problem, options.risk).gain(price, problem.current_price, options.interval_level))
}

/// The legal prices of today, both ends closed.
///
/// # Errors
/// As [`optimize`], but for printability.
pub(crate) fn open_window(problem: &PriceProblem, options: &OptimizeOptions) -> Result<PriceWindow, PricingError> {
    check_numbers(problem)?;
    check_risk(options.risk)?;
    let mut window = problem.guard_rails.window(&problem.context());
    if let (Some(lo), Some(hi)) = (window.lo, window.hi)
        && lo.price > hi.price
    {
        return Err(PricingError::Contradiction { lo, hi });
    }
    close_ends(&mut window, problem.current_price, options.reach);
    Ok(window)
}

/// What `price` earns above today's price, what it brings, and what today's brings.
pub(crate) fn gain_and_outcomes(
    problem: &PriceProblem,
    price: Decimal,
    options: &OptimizeOptions,
) -> (Gain, Outcome, Outcome) {
    let level = options.interval_level;
    let gain = PriceValue::of(problem, options.risk).gain(price, problem.current_price, level);
    (gain, outcome(problem, price, level), outcome(problem, problem.current_price, level))
}

fn advise(
    problem: &PriceProblem,
    options: &OptimizeOptions,
    window: &PriceWindow,
    action: Action,
    price: Decimal,
) -> PriceAdvice {
    let value = PriceValue::of(problem, options.risk);
    let (gain, recommended, current) = gain_and_outcomes(problem, price, options);
    let binding = match action {
        Action::Keep(KeepReason::NotSure | KeepReason::TooSmall) => None,
        _ => binding_constraint(problem, window, &value, price),
    };
    let reason = reason::advised(problem, action, &recommended, &current, gain, binding);
    PriceAdvice { action, recommended, current, gain, binding, aim: None, reason }
}

fn outcome(problem: &PriceProblem, price: Decimal, level: f64) -> Outcome {
    let amount = to_f64(price);
    let quantity = problem.demand.quantity(amount, problem.stock_units, level);
    Outcome {
        price,
        quantity,
        revenue: times(quantity, amount),
        margin: problem.unit_cost.map(|cost| times(quantity, to_f64(price - cost))),
        extrapolated: problem.demand.is_extrapolated(amount),
        violations: problem.guard_rails.check(price, &problem.context()),
    }
}

/// Scales an estimate; a negative factor swaps its ends.
fn times(estimate: Estimate, factor: f64) -> Estimate {
    let (a, b) = (estimate.lo * factor, estimate.hi * factor);
    Estimate { expected: estimate.expected * factor, lo: a.min(b), hi: a.max(b) }
}

/// Tightens the window to the observed prices if the options say so. Today's price, which must be legal, counts as tried even
/// if the history does not hold it.
pub(crate) fn stay_inside_support(window: &mut PriceWindow, problem: &PriceProblem, options: &OptimizeOptions) {
    let (SupportPolicy::StayInside, Some(support)) = (options.support, problem.demand.support) else { return };
    let tried = problem.current_price;
    let end = |price: f64| Decimal::from_f64(price).unwrap_or(tried);
    window.raise_lo(end(support.min).min(tried), Constraint::ObservedSupport);
    window.lower_hi(end(support.max).max(tried), Constraint::ObservedSupport);
}

/// Closes an open end of the window at the reach of the search, counted from today's price or from a limit beyond it.
pub(crate) fn close_ends(window: &mut PriceWindow, current: Decimal, reach: Ratio) {
    let factor = Decimal::ONE + reach.proportion().max(Decimal::ZERO);
    if window.lo.is_none() {
        window.raise_lo(window.hi.map_or(current, |hi| hi.price.min(current)) / factor, Constraint::Reach);
    }
    if window.hi.is_none() {
        let from = window.lo.map_or(current, |lo| lo.price.max(current));
        window.lower_hi(from.checked_mul(factor).unwrap_or(Decimal::MAX), Constraint::Reach);
    }
}

/// The rungs inside the window with their expected value, best first; of equals the one nearest to today's price first.
fn ranked_prices(problem: &PriceProblem, window: &PriceWindow, value: &PriceValue) -> Vec<(Decimal, f64)> {
    let (Some(lo), Some(hi)) = (window.lo, window.hi) else { return Vec::new() };
    let current = problem.current_price;
    let mut ranked = climbed(problem, lo.price, hi.price, value);
    ranked.sort_by(|(price, worth), (other, other_worth)| {
        let nearer = || (*price - current).abs().cmp(&(*other - current).abs());
        other_worth.total_cmp(worth).then_with(nearer)
    });
    ranked
}

/// The rungs between two prices, ascending, with their expected value.
///
/// A window too wide to try every rung is climbed in large steps first, then in smaller ones between the neighbours of the
/// best so far, down to single rungs: for an objective with one summit that finds the same price as trying them all.
pub(crate) fn climbed(problem: &PriceProblem, lo: Decimal, hi: Decimal, value: &PriceValue) -> Vec<(Decimal, f64)> {
    let rails = &problem.guard_rails;
    let mut rungs: Vec<(Decimal, f64)> = Vec::new();
    let (mut lo, mut hi) = (lo, hi);
    loop {
        let before = rungs.len();
        let finer = ladder::rungs(lo, hi, &rails.endings, rails.currency_exponent);
        rungs.extend(finer.into_iter().map(|price| (price, value.worth(to_f64(price)))));
        rungs.sort_by_key(|&(price, _)| price);
        rungs.dedup_by_key(|&mut (price, _)| price);
        let Some(best) = (0..rungs.len()).max_by(|&a, &b| rungs[a].1.total_cmp(&rungs[b].1)) else { return rungs };
        let (below, above) = (best.checked_sub(1).map_or(lo, |i| rungs[i].0), rungs.get(best + 1).map_or(hi, |r| r.0));
        if rungs.len() == before || (below, above) == (lo, hi) {
            return rungs;
        }
        (lo, hi) = (below, above);
    }
}

/// The limit beyond which the objective would still rise: compares the chosen price with one a hair past each end of the
/// window. Stock binds when it cuts a noticeable part of the demand at the chosen price.
fn binding_constraint(
    problem: &PriceProblem,
    window: &PriceWindow,
    value: &PriceValue,
    chosen: Decimal,
) -> Option<Constraint> {
    let step = Decimal::new(1, 3);
    let most = value.worth(to_f64(chosen));
    let beyond = [(window.lo, Decimal::ONE - step), (window.hi, Decimal::ONE + step)];
    let past_an_end = beyond
        .into_iter()
        .filter_map(|(bound, factor)| {
            bound.map(|bound| {
                (bound.constraint, value.worth(to_f64(bound.price.checked_mul(factor).unwrap_or(Decimal::MAX))))
            })
        })
        .filter(|&(_, worth)| worth > most)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(constraint, _)| constraint);
    let price = to_f64(chosen);
    let cut_by_stock = problem.stock_units.is_some_and(|stock| problem.demand.expected_quantity(price) > 0.98 * stock);
    past_an_end.or(cut_by_stock.then_some(Constraint::Stock))
}

pub(crate) fn to_f64(price: Decimal) -> f64 {
    price.to_f64().unwrap_or(f64::NAN)
}

/// Largest price the optimiser accepts: exact decimals and minor units stay far from their ends.
const PRICE_MAX: i64 = 1_000_000_000;

fn check_price(quantity: &'static str, price: Decimal) -> Result<(), PricingError> {
    if price > Decimal::ZERO && price <= Decimal::from(PRICE_MAX) {
        return Ok(());
    }
    Err(PricingError::InvalidProblem {
        quantity,
        value: price.to_string(),
        expected: "above zero and at most a billion",
    })
}

fn check_risk(risk: RiskAttitude) -> Result<(), PricingError> {
    let (RiskAttitude::LowerQuantile(share) | RiskAttitude::WorstShare(share)) = risk else { return Ok(()) };
    if share > 0.0 && share < 1.0 {
        return Ok(());
    }
    let quantity = "the share of cases that decides";
    Err(PricingError::InvalidProblem { quantity, value: share.to_string(), expected: "above zero and below one" })
}

fn check_numbers(problem: &PriceProblem) -> Result<(), PricingError> {
    if problem.unit_cost.is_none() && problem.objective != Objective::Revenue {
        return Err(PricingError::UnknownCost);
    }
    check_numbers_of(problem.current_price, problem.unit_cost, &problem.demand, problem.stock_units)
}

/// Whether price, cost, demand and stock are numbers that a price can be found for.
pub(crate) fn check_numbers_of(
    current_price: Decimal,
    unit_cost: Option<Decimal>,
    demand: &DemandModel,
    stock_units: Option<f64>,
) -> Result<(), PricingError> {
    check_price("today's price", current_price)?;
    if let Some(cost) = unit_cost.filter(|&cost| cost < Decimal::ZERO || cost > Decimal::from(PRICE_MAX)) {
        let expected = "zero or more, and at most a billion";
        return Err(PricingError::InvalidProblem { quantity: "the unit cost", value: cost.to_string(), expected });
    }
    let finite_and = |valid: bool, number: f64| valid && number.is_finite();
    let rules = [
        ("the price of the baseline", demand.baseline_price, demand.baseline_price > 0.0, "above zero"),
        ("the baseline quantity", demand.baseline_quantity, demand.baseline_quantity >= 0.0, "zero or more"),
        ("the spread of the baseline", demand.baseline_log_sd, demand.baseline_log_sd >= 0.0, "zero or more"),
        ("the elasticity", demand.elasticity.mean, true, "a number"),
        ("the spread of the elasticity", demand.elasticity.sd, demand.elasticity.sd >= 0.0, "zero or more"),
        ("the stock", stock_units.unwrap_or(0.0), stock_units.unwrap_or(0.0) >= 0.0, "zero or more"),
    ];
    match rules.into_iter().find(|&(_, number, valid, _)| !finite_and(valid, number)) {
        Some((quantity, number, _, expected)) => {
            Err(PricingError::InvalidProblem { quantity, value: number.to_string(), expected })
        }
        None => Ok(()),
    }
}
