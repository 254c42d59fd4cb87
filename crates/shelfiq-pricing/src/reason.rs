//! Advice in words.

use rust_decimal::Decimal;

use crate::advice::{Action, Gain, KeepReason, Outcome, PriceAdvice, PriceProblem};
use crate::demand::Estimate;
use crate::guard_rails::Constraint;
use crate::optimize::to_f64;

/// The sentences of an advice: what, what it brings, how sure, what stops it.
pub(crate) fn advised(
    problem: &PriceProblem,
    action: Action,
    recommended: &Outcome,
    current: &Outcome,
    gain: Gain,
    binding: Option<Constraint>,
) -> String {
    let mut sentences = match action {
        Action::Keep(KeepReason::AlreadyBest) => {
            let price = written(problem, current.price);
            format!("Keep {price}: no price within the limits is expected to bring more {}.", problem.objective.noun())
        }
        Action::Keep(_) => format!("Keep {}.", written(problem, current.price)),
        Action::Change => format!("{}.", change(problem, recommended, current, gain)),
        Action::Correct(broken) => {
            let price = written(problem, current.price);
            format!("Today's price of {price} breaks {broken}. {}.", change(problem, recommended, current, gain))
        }
    };
    match binding {
        Some(Constraint::Stock) => sentences.push_str(" More demand than this would meet an empty shelf."),
        Some(constraint) => sentences.push_str(&format!(" It would go further but for {constraint}.")),
        None => {}
    }
    sentences + &rivals_follow(problem) + never_tried(problem, recommended) + upside_down(problem)
}

/// Share of the elasticity that the rivals' answer must move before it is told.
const REACTION_SHARE_MIN: f64 = 0.05;

/// That rivals answer to our changes, where it moves the advice.
fn rivals_follow(problem: &PriceProblem) -> String {
    let (own, response) = (problem.demand.elasticity.mean, problem.demand.response().mean);
    let moves_advice = response - own > REACTION_SHARE_MIN * own.abs();
    problem.demand.rival_reaction.filter(|_| moves_advice).map_or_else(String::new, |reaction| {
        format!(
            " Rivals have followed our changes by about {:.0} %, which leaves an elasticity of {} instead of {}.",
            100.0 * reaction.follows.mean,
            with_sign(response),
            with_sign(own)
        )
    })
}

fn with_sign(elasticity: f64) -> String {
    format!("{elasticity:.2}").replace('-', "−")
}

fn upside_down(problem: &PriceProblem) -> &'static str {
    if problem.demand.elasticity.mean >= 0.0 {
        " The elasticity is not below zero: dearer never sells more, so no response to price was assumed."
    } else {
        ""
    }
}

/// Why a price is part of the best prices together; `held_by` says what keeps it from its own best.
pub(crate) fn together(
    problem: &PriceProblem,
    action: Action,
    recommended: &Outcome,
    current: &Outcome,
    gain: Gain,
    held_by: Option<Constraint>,
) -> String {
    let Some(held_by) = held_by else { return advised(problem, action, recommended, current, gain, None) };
    let what = match action {
        Action::Keep(_) => format!("Keep {}", written(problem, current.price)),
        Action::Change => change(problem, recommended, current, gain),
        Action::Correct(broken) => {
            let price = written(problem, current.price);
            format!("Today's price of {price} breaks {broken}. {}", change(problem, recommended, current, gain))
        }
    };
    format!("{what}. Alone it would go elsewhere, but for {held_by}.{}", never_tried(problem, recommended))
}

fn never_tried(problem: &PriceProblem, outcome: &Outcome) -> &'static str {
    if outcome.extrapolated {
        " This price was never tried: the estimate reaches beyond what was observed."
    } else if problem.demand.support.is_none() && outcome.price != problem.current_price {
        " It is not known which prices were tried: the estimate may reach beyond what was observed."
    } else {
        ""
    }
}

/// Why a smaller change is advised than the one that is expected to earn most.
pub(crate) fn cautious(problem: &PriceProblem, advice: &PriceAdvice, best: &Outcome, gain: Gain) -> String {
    format!(
        "{}. At {} the expected change is {}, but a gain is only {:.0} % likely.{}{}",
        change(problem, &advice.recommended, &advice.current, advice.gain),
        written(problem, best.price),
        signed(gain.amount),
        100.0 * gain.probability_positive,
        rivals_follow(problem),
        never_tried(problem, &advice.recommended)
    )
}

/// Why today's price stays although `best` looks better.
pub(crate) fn kept(problem: &PriceProblem, why: KeepReason, best: &Outcome, gain: Gain) -> String {
    let (today, other) = (written(problem, problem.current_price), written(problem, best.price));
    let (noun, amount) = (problem.objective.noun(), signed(gain.amount));
    let sentence = match why {
        KeepReason::TooSmall => {
            format!("Keep {today}: the best alternative, {other}, would change {noun} by only {amount}.")
        }
        KeepReason::NotSure | KeepReason::AlreadyBest | KeepReason::InPosition => format!(
            "Keep {today}: {other} is expected to change {noun} by {amount}, but a gain is only {:.0} % likely.",
            100.0 * gain.probability_positive
        ),
    };
    sentence + &rivals_follow(problem)
}

/// Why a strategy asks its price: `why` says what it aims at.
pub(crate) fn positioned(problem: &PriceProblem, advice: &PriceAdvice, why: &str) -> String {
    let (new, old) = (&advice.recommended, &advice.current);
    let mut sentences = match advice.action {
        Action::Keep(_) => format!("Keep {}", written(problem, old.price)),
        Action::Correct(broken) => {
            let price = written(problem, old.price);
            format!("Today's price of {price} breaks {broken}. {}", change(problem, new, old, advice.gain))
        }
        Action::Change => change(problem, new, old, advice.gain),
    };
    sentences.push_str(&format!(". The aim is {why}"));
    match advice.binding {
        Some(Constraint::PositionCost) => sentences.push_str(", but no lower than what that position may cost"),
        Some(constraint) => sentences.push_str(&format!(", as far as {constraint} allows")),
        None => {}
    }
    sentences + "." + never_tried(problem, new) + upside_down(problem)
}

fn change(problem: &PriceProblem, new: &Outcome, old: &Outcome, gain: Gain) -> String {
    let verb = if new.price > old.price { "Raise" } else { "Lower" };
    let percent = 100.0 * (to_f64(new.price) / to_f64(old.price) - 1.0);
    format!(
        "{verb} the price from {} to {} ({percent:+.1} %): about {} units instead of {}, and {} changes by {}, a gain with {:.0} % \
         probability",
        written(problem, old.price),
        written(problem, new.price),
        with_range(new.quantity),
        short(old.quantity.expected),
        problem.objective.noun(),
        signed(gain.amount),
        100.0 * gain.probability_positive
    )
}

/// A price with at least the decimals of its currency; finer prices stay exact.
fn written(problem: &PriceProblem, price: Decimal) -> String {
    let mut price = price.normalize();
    if price.scale() < problem.guard_rails.currency_exponent {
        price.rescale(problem.guard_rails.currency_exponent);
    }
    price.to_string()
}

fn with_range(estimate: Estimate) -> String {
    format!("{} ({}–{})", short(estimate.expected), short(estimate.lo), short(estimate.hi))
}

fn signed(estimate: Estimate) -> String {
    let signed =
        |number: f64| if number < 0.0 { format!("−{}", short(-number)) } else { format!("+{}", short(number)) };
    format!("{} ({} to {})", signed(estimate.expected), signed(estimate.lo), signed(estimate.hi))
}

/// About three significant digits.
fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 99.95 => format!("{number:.0}"),
        size if size >= 9.995 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}
