//! From a target to a legal, printable, affordable price.

use rust_decimal::Decimal;
use shelfiq_core::Ratio;

use super::log_distance;
use crate::advice::{Action, KeepReason, OptimizeOptions, PriceAdvice, PriceProblem};
use crate::error::PricingError;
use crate::guard_rails::{Bound, Constraint, DayRule, GuardRails, PriceWindow};
use crate::optimize::{climbed, close_ends, gain_and_outcomes, open_window, stay_inside_support};
use crate::reason;
use crate::value::PriceValue;

/// A price to aim at.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) price: Decimal,
    /// What it is: "matching the median of 3 rivals at 9.90".
    pub(crate) why: String,
}

/// The legal price nearest to the target that stays between what the position may cost and the best price without it.
pub(crate) fn price_at(
    problem: &PriceProblem,
    target: &Target,
    sacrifice_max: Ratio,
    options: &OptimizeOptions,
) -> Result<PriceAdvice, PricingError> {
    let mut today = open_window(problem, options)?;
    let broken = problem.guard_rails.check(problem.current_price, &problem.context()).first().map(|v| v.constraint);
    if broken.is_none() {
        stay_inside_support(&mut today, problem, options);
    }
    let lasting = lasting_window(problem, options);
    let affordable = affordable(problem, &lasting, sacrifice_max, options);
    let (aim, held_by, why) = match affordable {
        Some((lowest, _)) if target.price < lowest => (lowest, Some(Constraint::PositionCost), target.why.clone()),
        Some((_, best)) if target.price > best => (best, None, format!("{}; a lower price earns more", target.why)),
        _ => (target.price, None, target.why.clone()),
    };
    let price = nearest_legal(problem, &today, aim, broken)?;
    let stopped_by = |bound: Option<Bound>, is_past: fn(&Decimal, &Decimal) -> bool| {
        bound.filter(|bound| is_past(&aim, &bound.price)).map(|bound| bound.constraint)
    };
    let binding = stopped_by(today.lo, Decimal::lt).or_else(|| stopped_by(today.hi, Decimal::gt)).or(held_by);
    let action = match broken {
        Some(broken) => Action::Correct(broken),
        None if price == problem.current_price => Action::Keep(KeepReason::InPosition),
        None => Action::Change,
    };
    let (gain, recommended, current) = gain_and_outcomes(problem, price, options);
    let mut advice =
        PriceAdvice { action, recommended, current, gain, binding, aim: Some(why.clone()), reason: String::new() };
    advice.reason = reason::positioned(problem, &advice, &why);
    Ok(advice)
}

/// The limits that hold on every day: without the largest change in a day, whose window moves with the price.
fn lasting_window(problem: &PriceProblem, options: &OptimizeOptions) -> PriceWindow {
    let rails =
        GuardRails { max_change_per_day: None, rival_band: None, day: DayRule::Free, ..problem.guard_rails.clone() };
    let mut window = rails.window(&problem.context());
    close_ends(&mut window, problem.current_price, options.reach);
    stay_inside_support(&mut window, problem, options);
    window
}

/// The lowest price whose cost is bearable, and the best price; `None` where nothing is printable.
fn affordable(
    problem: &PriceProblem,
    window: &PriceWindow,
    sacrifice_max: Ratio,
    options: &OptimizeOptions,
) -> Option<(Decimal, Decimal)> {
    let value = PriceValue::of(problem, options.risk);
    let rungs = climbed(problem, window.lo?.price, window.hi?.price, &value);
    let &(best, most) = rungs.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let bearable = most - sacrifice_max.to_f64() * most.abs();
    let is_bearable = |&(price, worth): &(Decimal, f64)| price <= best && worth >= bearable;
    let lowest = rungs.iter().position(is_bearable)?;
    // The window may have been climbed in large steps: look between this one and the one before.
    let before = rungs[lowest.saturating_sub(1)].0;
    let between = climbed(problem, before, rungs[lowest].0, &value);
    Some((between.iter().find(|&rung| is_bearable(rung))?.0, best))
}

/// The highest printable price up to `aim` within the window, else the lowest above; today's price counts as printable.
fn nearest_legal(
    problem: &PriceProblem,
    window: &PriceWindow,
    aim: Decimal,
    broken: Option<Constraint>,
) -> Result<Decimal, PricingError> {
    let rails = &problem.guard_rails;
    let (Some(lo), Some(hi)) = (window.lo, window.hi) else { return Ok(problem.current_price) };
    // Around the aim every rung counts, however wide the window.
    let near = |share: Decimal| aim.checked_mul(share).unwrap_or(Decimal::MAX).clamp(lo.price, hi.price);
    let around = (near(Decimal::new(9, 1)), near(Decimal::new(11, 1)));
    let mut prices = crate::ladder::rungs(lo.price, hi.price, &rails.endings, rails.currency_exponent);
    prices.extend(crate::ladder::rungs(around.0, around.1, &rails.endings, rails.currency_exponent));
    if broken.is_none() {
        prices.push(problem.current_price);
    }
    let best = |prices: &mut dyn Iterator<Item = &Decimal>| {
        prices.min_by(|a, b| log_distance(**a, aim).total_cmp(&log_distance(**b, aim))).copied()
    };
    best(&mut prices.iter().filter(|&&price| price <= aim))
        .or_else(|| best(&mut prices.iter()))
        .ok_or(PricingError::NoPrintablePrice { broken: broken.unwrap_or(Constraint::PriceEnding) })
}
