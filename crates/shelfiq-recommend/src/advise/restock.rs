//! Order new stock: a periodic review with an order-up-to level from the forecast's quantiles.

use chrono::Days;
use shelfiq_core::{Quantity, money_text};

use super::{Desk, Draft, NoAdvice, Withheld, fact, passed, percent};
use crate::lead_demand::LeadDemand;
use crate::{Action, DemandSignal, EvidenceValue, GuardRail, Link, Recommendation, RecommendationKind, StockSignal};

/// Orders when what is on hand and on the way falls to the demand that is exceeded with probability 1 − service level
/// over lead time plus review period, and fills up to the same quantile with the cover period added. The impact is the
/// margin on the units that could not be sold if the order went out one review period later.
pub(super) fn advise(desk: &Desk) -> Result<Recommendation, Withheld> {
    let (signals, policy) = (desk.signals, desk.policy);
    let withhold = |why, reason: String| desk.withhold(RecommendationKind::Restock, why, reason);
    let Some(stock) = &signals.stock else {
        return Err(withhold(NoAdvice::NotEnoughData, "The stock of this product is not known".to_owned()));
    };
    let outlook = match &signals.demand {
        DemandSignal::Forecast(outlook) if !outlook.mean_units.is_empty() => outlook,
        DemandSignal::Forecast(_) => return Err(withhold(NoAdvice::NotEnoughData, "The forecast is empty".to_owned())),
        DemandSignal::NotEnoughData { reason } => {
            return Err(withhold(NoAdvice::NotEnoughData, format!("No forecast to order by: {reason}")));
        }
    };
    let Some((unit_margin, margin_evidence)) = desk.unit_margin() else {
        return Err(withhold(NoAdvice::NotEnoughData, "The price of this product is not known".to_owned()));
    };
    if unit_margin <= 0.0 {
        return Err(withhold(
            NoAdvice::Conflict,
            "It sells below its cost: set the price right before ordering more".to_owned(),
        ));
    }

    let correlation = policy.daily_error_correlation.to_f64();
    let service = policy.service_level.to_f64();
    let over = |days: u32| LeadDemand::over(outlook, days, correlation, stock.lead_time_deviation_days.max(0.0));
    let lead = over(stock.lead_time_days);
    let protected_days = stock.lead_time_days + policy.review_days;
    let protected = over(protected_days);
    let position = stock.on_hand.units().saturating_add(stock.on_order.units()) as f64;
    let reorder_point = protected.quantile(service);
    if position > reorder_point {
        return Err(withhold(
            NoAdvice::NothingToDo,
            format!("{position:.0} on hand and on the way, an order is due at {reorder_point:.0}"),
        ));
    }
    let order_up_to = over(protected_days + policy.cover_days).quantile(service);
    let (quantity, guard_rails) = bounded_quantity(desk, stock, &over, position, order_up_to)
        .map_err(|reason| withhold(NoAdvice::GuardRail, reason))?;

    let lost = |demand: LeadDemand, at: f64| demand.shortage(at);
    let expected = (lost(protected, position) - lost(lead, position)).max(0.0) * unit_margin;
    let at_quantile = |probability: f64| {
        let short = |demand: LeadDemand| (demand.quantile(probability) - position.max(0.0)).max(0.0);
        (short(protected) - short(lead)).max(0.0) * unit_margin
    };
    let runs_out_in = days_until_empty(&over, stock.on_hand.units() as f64, protected_days + policy.cover_days);
    // Whoever waits longer than this is out of stock when the order arrives.
    let slack_days = (days_until_empty(&over, position, protected_days + policy.cover_days)
        - f64::from(stock.lead_time_days))
    .max(0.0);
    let today = outlook.first_day;
    let order_by = today.checked_add_days(Days::new(slack_days.floor() as u64)).unwrap_or(today);
    let (lo, hi) = (lead.quantile(0.1), lead.quantile(0.9));
    let on_the_way =
        if stock.on_order.units() > 0 { format!(" and {} on the way", stock.on_order) } else { String::new() };
    let draft = Draft {
        kind: RecommendationKind::Restock,
        action: Action::Order { quantity, order_by },
        expected,
        lo: at_quantile(0.1),
        hi: at_quantile(0.9),
        horizon_days: protected_days,
        against: "against ordering at the next review",
        confidence: protected.exceeds(position),
        days_until_damage: slack_days,
        aim: None,
        reason: format!(
            "{} left{on_the_way}; {lo:.0}–{hi:.0} will sell in the {} days until an order arrives. Order {quantity} to be in stock with {} certainty",
            stock.on_hand,
            stock.lead_time_days,
            percent(service)
        ),
        evidence: vec![
            fact("On hand", EvidenceValue::Units(stock.on_hand.units() as f64), Link::Stock),
            fact("On the way", EvidenceValue::Units(stock.on_order.units() as f64), Link::Stock),
            fact("Lasts for", EvidenceValue::Days(runs_out_in), Link::Stock),
            fact(
                "Demand until an order arrives",
                EvidenceValue::UnitsRange { expected: lead.mean(), lo, hi },
                Link::Forecast,
            ),
            fact("Reorder point", EvidenceValue::Units(reorder_point), Link::Forecast),
            fact("Order up to", EvidenceValue::Units(order_up_to), Link::Forecast),
            fact("Lead time", EvidenceValue::Days(stock.lead_time_days.into()), Link::Stock),
            margin_evidence,
            fact("Forecast model", EvidenceValue::Text(outlook.model.clone()), Link::Forecast),
        ],
        guard_rails,
    };
    desk.finish(draft)
}

/// The quantity under the guard rails, or the sentence of the one that leaves nothing to order.
fn bounded_quantity(
    desk: &Desk,
    stock: &StockSignal,
    over: &impl Fn(u32) -> LeadDemand,
    position: f64,
    order_up_to: f64,
) -> Result<(Quantity, Vec<GuardRail>), String> {
    let policy = desk.policy;
    let pack = stock.pack_size.units().max(1) as f64;
    let wanted = (order_up_to - position).max(1.0).max(stock.min_order.units() as f64);
    let mut packs = (wanted / pack).ceil();

    let most = over(policy.max_cover_days).mean() - position;
    let packs_by_cover = (most / pack).floor();
    if packs_by_cover < 1.0 || packs_by_cover * pack < stock.min_order.units() as f64 {
        return Err(format!(
            "The least order of {:.0} would last longer than {} days",
            pack.max(stock.min_order.units() as f64),
            policy.max_cover_days
        ));
    }
    packs = packs.min(packs_by_cover);
    let mut rails =
        vec![passed("max_cover", format!("stock for at most {} days: {most:.0} more at most", policy.max_cover_days))];

    let cost = crate::amount::price_in(desk.signals.unit_cost, desk.signals.currency);
    if let (Some(budget), Some(cost)) = (policy.max_order_value, cost.filter(|cost| *cost > 0.0)) {
        if budget.currency() != desk.signals.currency {
            return Err(format!("The budget of {} is in another currency than the product", money_text(budget)));
        }
        let affordable = (crate::amount::float(budget.to_major()) / (cost * pack)).floor();
        if affordable < 1.0 || affordable * pack < stock.min_order.units() as f64 {
            return Err(format!("The least order costs more than the budget of {}", money_text(budget)));
        }
        packs = packs.min(affordable);
        rails.push(passed("order_budget", format!("at most {} an order", money_text(budget))));
    }
    if stock.pack_size.units() > 1 {
        rails.push(passed("pack_size", format!("whole packs of {}", stock.pack_size)));
    }
    if stock.min_order.units() > 1 {
        rails.push(passed("min_order", format!("at least {} an order", stock.min_order)));
    }
    Ok((Quantity::new((packs * pack) as i64), rails))
}

/// Days until expected demand has used up `units`, at most `last`.
fn days_until_empty(over: &impl Fn(u32) -> LeadDemand, units: f64, last: u32) -> f64 {
    (1..=last).find(|days| over(*days).mean() >= units.max(0.0)).map_or(last, |days| days - 1).into()
}
