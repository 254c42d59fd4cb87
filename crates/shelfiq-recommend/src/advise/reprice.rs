//! Set another price, or try one: the price model's advice under the merchant's own guard rails.

use rust_decimal::Decimal;
use shelfiq_core::{Money, Ratio, money_range_text, money_text};

use super::{Desk, Draft, NoAdvice, Withheld, change, days_until_a_tenth_is_lost, fact, passed};
use crate::amount::{float, price_in};
use crate::lead_demand::LeadDemand;
use crate::{
    Action, DemandSignal, Evidence, EvidenceValue, GuardRail, Link, PriceAdvice, PriceTestPlan, PricingSignal,
    Recommendation, RecommendationKind,
};

pub(super) fn advise(desk: &Desk) -> Result<Recommendation, Withheld> {
    let withhold = |why, reason: String| desk.withhold(RecommendationKind::Reprice, why, reason);
    let Some(current) = price_in(desk.signals.price, desk.signals.currency).filter(|price| *price > 0.0) else {
        return Err(withhold(NoAdvice::NotEnoughData, "The price of this product is not known".to_owned()));
    };
    if let Some(anomaly) = desk.signals.anomalies.iter().find(|anomaly| anomaly.measure == "price") {
        let reason = format!("The present price looks wrong ({}): review it first", anomaly.sentence);
        return Err(withhold(NoAdvice::Conflict, reason));
    }
    match &desk.signals.pricing {
        PricingSignal::Advice(advice) => reprice(desk, current, advice),
        PricingSignal::PriceIsRight { reason } => Err(withhold(NoAdvice::NothingToDo, sentence(reason))),
        PricingSignal::NotIdentified { reason, test: Some(plan) } => test(desk, current, reason, plan),
        PricingSignal::NotIdentified { reason, test: None } => Err(withhold(NoAdvice::NotIdentified, sentence(reason))),
        PricingSignal::NotEnoughData { reason } => Err(withhold(NoAdvice::NotEnoughData, sentence(reason))),
    }
}

fn reprice(desk: &Desk, current: f64, advice: &PriceAdvice) -> Result<Recommendation, Withheld> {
    let kind = RecommendationKind::Reprice;
    let withhold = |why, reason: String| desk.withhold(kind, why, reason);
    let next = float(advice.price.to_major());
    let step = change(current, next);
    if magnitude(step) < desk.policy.min_price_change {
        return Err(withhold(
            NoAdvice::NothingToDo,
            format!("The best price, {}, is next to the present one", money_text(advice.price)),
        ));
    }
    let guard_rails = check_price(desk, kind, step, advice.price)?;
    if let Some(failed) = advice.guard_rails.iter().find(|check| !check.passed) {
        return Err(withhold(NoAdvice::GuardRail, sentence(&failed.detail)));
    }
    if advice.aim.is_none() && advice.probability_of_gain < desk.policy.min_confidence {
        let reason = format!(
            "A price of {} gains with a probability of {}, at least {} is wanted",
            money_text(advice.price),
            advice.probability_of_gain,
            desk.policy.min_confidence
        );
        return Err(withhold(NoAdvice::NotWorthwhile, reason));
    }
    if next < current && runs_short(desk, advice.units_then) {
        let reason = format!("At {} it would sell out: restock before lowering the price", money_text(advice.price));
        return Err(withhold(NoAdvice::Conflict, reason));
    }
    let (expected, lo, hi) = floats(desk, kind, [advice.gain.expected, advice.gain.lo, advice.gain.hi])?;
    let verb = if next > current { "Raise" } else { "Lower" };
    let aim = advice.aim.as_ref().map(|aim| format!(", {aim}")).unwrap_or_default();
    // Without a cost the model can only count what comes in.
    let caveat = if desk.signals.unit_cost.is_some() { "" } else { "; its cost is not known" };
    let compared = if advice.gain.expected.is_negative() { "less" } else { "more" };
    let amount = Money::from_minor(advice.gain.expected.minor().saturating_abs(), advice.gain.expected.currency());
    let mut reason = format!(
        "{verb} the price from {} to {} ({step}){aim}: {:.0} instead of {:.0} sold in {} days, {} {compared} {} ({}){caveat}",
        money_text(price(desk)),
        money_text(advice.price),
        advice.units_then,
        advice.units_now,
        advice.horizon_days,
        money_text(amount),
        advice.gain_in,
        money_range_text(advice.gain.lo, advice.gain.hi),
    );
    if let Some(binding) = &advice.binding_constraint {
        reason.push_str(&format!("; held by {binding}"));
    }
    if advice.is_outside_support {
        reason.push_str("; this price was never tried");
    }
    let mut evidence = price_evidence(desk);
    evidence.extend([
        fact("Units at the present price", EvidenceValue::Units(advice.units_now), Link::Forecast),
        fact("Units at the advised price", EvidenceValue::Units(advice.units_then), Link::PriceModel),
        fact("Price model", EvidenceValue::Text(advice.model.clone()), Link::PriceModel),
        fact("Pricing strategy", EvidenceValue::Text(advice.strategy.clone()), Link::Policy),
    ]);
    // A limit that the optimiser checked as well is told in its words: it knows the Sku's own limits.
    let checked: Vec<GuardRail> =
        advice.guard_rails.iter().map(|check| passed(&check.name, check.detail.clone())).collect();
    let own = guard_rails.into_iter().filter(|rail| checked.iter().all(|check| check.name != rail.name));
    let guard_rails = own.chain(checked.iter().cloned()).collect();
    desk.finish(Draft {
        kind,
        action: Action::SetPrice { from: price(desk), to: advice.price },
        expected,
        lo,
        hi,
        horizon_days: advice.horizon_days,
        against: "against keeping the present price",
        confidence: advice.probability_of_gain.to_f64(),
        days_until_damage: days_until_a_tenth_is_lost(advice.horizon_days),
        aim: advice.aim.clone(),
        reason,
        evidence,
        guard_rails,
    })
}

fn test(desk: &Desk, current: f64, why: &str, plan: &PriceTestPlan) -> Result<Recommendation, Withheld> {
    let kind = RecommendationKind::PriceTest;
    let Some(gain) = plan.gain else {
        let reason = format!(
            "{}; trying {} for {} days would tell, at an expected cost of {}",
            sentence(why),
            money_text(plan.price),
            plan.days,
            money_text(plan.expected_cost)
        );
        return Err(desk.withhold(kind, NoAdvice::NotIdentified, reason));
    };
    let guard_rails = check_price(desk, kind, change(current, float(plan.price.to_major())), plan.price)?;
    let (expected, lo, hi) = floats(desk, kind, [gain.expected, gain.lo, gain.hi])?;
    let cost = if plan.expected_cost.is_negative() {
        let earned = Money::from_minor(plan.expected_cost.minor().saturating_abs(), plan.expected_cost.currency());
        format!("expected to earn {} meanwhile", money_text(earned))
    } else {
        format!("expected cost {}", money_text(plan.expected_cost))
    };
    let mut evidence = price_evidence(desk);
    evidence.push(fact("Expected cost of the test", EvidenceValue::Money(plan.expected_cost), Link::PriceModel));
    desk.finish(Draft {
        kind,
        action: Action::TestPrice { from: price(desk), to: plan.price, days: plan.days },
        expected,
        lo,
        hi,
        horizon_days: plan.horizon_days,
        against: "against never knowing",
        confidence: normal_share_above_zero(expected, lo, hi),
        days_until_damage: days_until_a_tenth_is_lost(plan.horizon_days),
        aim: None,
        reason: format!(
            "We cannot know the best price: {}. Try {} for {} days, {}",
            clause(why),
            money_text(plan.price),
            plan.days,
            cost
        ),
        evidence,
        guard_rails,
    })
}

/// The merchant's own guard rails on a price.
fn check_price(desk: &Desk, kind: RecommendationKind, step: Ratio, next: Money) -> Result<Vec<GuardRail>, Withheld> {
    let forbid = |reason: String| Err(desk.withhold(kind, NoAdvice::GuardRail, reason));
    let policy = desk.policy;
    if next.currency() != desk.signals.currency || next.minor() <= 0 {
        return forbid(format!("{} is not a price in {}", money_text(next), desk.signals.currency));
    }
    if magnitude(step) > policy.max_price_change {
        return forbid(format!("A step of {step} is larger than the {} allowed at once", policy.max_price_change));
    }
    let mut rails = vec![passed("max_change", format!("step {step}, at most ±{}", policy.max_price_change))];
    if let Some(cost) = desk.signals.unit_cost.filter(|cost| cost.currency() == desk.signals.currency) {
        let price = next.to_major();
        let margin = Ratio::new(((price - cost.amount()) / price).round_dp(4));
        if margin < policy.margin_floor {
            return forbid(format!(
                "At {} the margin is {margin}, at least {} is wanted",
                money_text(next),
                policy.margin_floor
            ));
        }
        rails.push(passed("margin_floor", format!("margin {margin}, at least {}", policy.margin_floor)));
    }
    Ok(rails)
}

/// Whether the stock on hand and on the way ends before the lower price has sold what it promises, with nothing new in
/// time.
fn runs_short(desk: &Desk, units_then: f64) -> bool {
    let (Some(stock), DemandSignal::Forecast(outlook)) = (&desk.signals.stock, &desk.signals.demand) else {
        return false;
    };
    let position = stock.on_hand.units().saturating_add(stock.on_order.units()) as f64;
    let until_restocked = LeadDemand::over(outlook, stock.lead_time_days + desk.policy.review_days, 0.0, 0.0).mean();
    position < until_restocked.min(units_then)
}

fn price_evidence(desk: &Desk) -> Vec<Evidence> {
    let mut evidence = vec![fact("Price now", EvidenceValue::Price(price(desk)), Link::Prices)];
    if let Some(cost) = desk.signals.unit_cost {
        evidence.push(fact("Unit cost", EvidenceValue::Price(cost), Link::Prices));
    }
    if let Some(elasticity) = desk.signals.elasticity {
        let label = if elasticity.identified { "Elasticity" } else { "Elasticity of its peers" };
        let value = EvidenceValue::Elasticity { mean: elasticity.mean, deviation: elasticity.deviation };
        evidence.push(fact(label, value, Link::PriceModel));
    }
    evidence
}

fn floats(desk: &Desk, kind: RecommendationKind, amounts: [Money; 3]) -> Result<(f64, f64, f64), Withheld> {
    if amounts.iter().any(|amount| amount.currency() != desk.signals.currency) {
        let reason = format!("The gain is not in {}", desk.signals.currency);
        return Err(desk.withhold(kind, NoAdvice::NotEnoughData, reason));
    }
    let [expected, lo, hi] = amounts.map(|amount| float(amount.to_major()));
    Ok((expected, lo, hi))
}

/// The share of a normal distribution with this mean and 80 % interval that lies above zero.
fn normal_share_above_zero(expected: f64, lo: f64, hi: f64) -> f64 {
    let deviation = (hi - lo) / 2.563;
    if deviation <= 0.0 {
        return if expected > 0.0 { 1.0 } else { 0.0 };
    }
    let points: Vec<f64> = crate::lead_demand::normal_points(99).collect();
    points.iter().filter(|z| expected + *z * deviation > 0.0).count() as f64 / points.len() as f64
}

/// The present price; only called where [`advise`] found one.
fn price(desk: &Desk) -> shelfiq_core::UnitPrice {
    desk.signals.price.unwrap_or(shelfiq_core::UnitPrice::new(Decimal::ZERO, desk.signals.currency))
}

fn magnitude(step: Ratio) -> Ratio {
    Ratio::new(step.proportion().abs())
}

/// A sentence as a clause: first letter in lower case, no full stop.
fn clause(sentence: &str) -> String {
    let mut letters = sentence.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A clause as a sentence: first letter in upper case.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
