//! What the price response of one product says: its curve, and the advice that follows from it.

use rust_decimal::prelude::ToPrimitive;
use shelfiq_pricing::{Action, demand_curve};

use super::desk::Desk;
use super::detail::{Advice, AdviceKind, ElasticityView};

/// Points of the demand curve.
const CURVE_POINTS: usize = 41;
const INTERVAL_LEVEL: f64 = 0.8;

pub(super) fn elasticity(desk: &Desk) -> Option<ElasticityView> {
    let stored = desk.record.elasticity.as_ref()?;
    let curve = desk.problem.as_ref().map(|problem| {
        let price = problem.current_price.to_f64().unwrap_or(1.0);
        let (low, high) =
            stored.support.map_or((price, price), |support| (support.min.min(price), support.max.max(price)));
        let (from, to) = (low * 0.75, high * 1.25);
        let step = (to - from) / (CURVE_POINTS - 1) as f64;
        let prices: Vec<f64> = (0..CURVE_POINTS).map(|point| from + step * point as f64).collect();
        demand_curve(&problem.demand, &prices, INTERVAL_LEVEL)
    });
    Some(ElasticityView {
        elasticity: stored.belief.mean,
        interval_95: (stored.lo_95, stored.hi_95),
        identified: stored.identified,
        reason: stored.reason.clone(),
        observations: stored.observations,
        prices: stored.prices,
        support: stored.support.map(|support| (support.min, support.max)),
        effects: desk.record.demand_effects,
        curve: curve.unwrap_or_default(),
        advice: advice(desk, stored.identified, &stored.reason),
    })
}

fn advice(desk: &Desk, identified: bool, why_not: &str) -> Advice {
    let say = |kind, price, reason: String, binding| Advice { kind, price, reason, binding };
    if !identified {
        return say(AdviceKind::Test, None, format!("We can't know yet: {why_not}."), None);
    }
    match desk.advice() {
        None => say(AdviceKind::Unknown, None, "There is no demand forecast to plan with yet.".to_owned(), None),
        Some(Err(error)) => say(AdviceKind::Unknown, None, error.to_string(), None),
        Some(Ok(advice)) => {
            let binding = advice.binding.map(|constraint| constraint.to_string());
            match advice.action {
                Action::Keep(_) => say(AdviceKind::Keep, None, advice.reason, binding),
                Action::Change | Action::Correct(_) => {
                    say(AdviceKind::Reprice, Some(advice.recommended.price), advice.reason, binding)
                }
            }
        }
    }
}
