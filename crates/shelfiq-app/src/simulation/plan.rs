//! The plan as it stands, and the plan that a scenario makes of it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_pricing::{Plan, PriceProblem, Promotion};

use super::Scenario;
use crate::error::AppError;
use crate::products::Desk;

/// A rival's offer that is older says nothing about the coming days.
const RIVAL_DAYS_MAX: i64 = 14;

/// Refuses what cannot be, before anything is loaded.
pub(super) fn check(scenario: &Scenario, horizon_days_max: usize) -> Result<(), AppError> {
    let above_zero = |field, amount: Option<Decimal>| match amount {
        Some(amount) if amount <= Decimal::ZERO => Err(AppError::invalid(field, "must be above zero")),
        _ => Ok(()),
    };
    above_zero("price", scenario.price)?;
    above_zero("rival_price", scenario.rival_price)?;
    if scenario.unit_cost.is_some_and(|cost| cost < Decimal::ZERO) {
        return Err(AppError::invalid("unit_cost", "must not be below zero"));
    }
    if scenario.horizon_days.is_some_and(|days| days == 0 || days as usize > horizon_days_max) {
        return Err(AppError::invalid("horizon_days", format!("must lie between 1 and {horizon_days_max}")));
    }
    if scenario.promotion.is_some_and(|(from, to)| from > to) {
        return Err(AppError::invalid("promotion", "must not end before it begins"));
    }
    Ok(())
}

/// Today's price, stock and cost go on; what is on order arrives after the usual time; the cheapest rival stays where it is.
pub(super) fn baseline(desk: &Desk, problem: &PriceProblem, horizon_days: usize) -> Plan {
    let mut plan = Plan::steady(problem.current_price, horizon_days, problem.unit_cost);
    let Some(sku) = desk.record.sku() else { return plan };
    let newest = desk.record.newest_order_at().unwrap_or_default();
    let rival_price = sku.cheapest_rival(newest, RIVAL_DAYS_MAX).map(|rival| rival.price);
    plan.days.iter_mut().for_each(|day| day.rival_price = rival_price);
    if let Some(stock) = sku.stock {
        plan.stock_units = Some(stock.on_hand.max(0) as f64);
        let arrives = plan.days.get_mut(desk.lead_time_days() as usize);
        if let Some(day) = arrives.filter(|_| stock.on_order > 0) {
            day.delivered_units = stock.on_order as f64;
        }
    }
    plan
}

/// The plan with what the scenario supposes.
pub(super) fn changed(baseline: &Plan, scenario: &Scenario, first_day: NaiveDate) -> Result<Plan, AppError> {
    let mut plan = baseline.clone();
    plan.stock_units = scenario.stock_units.map(f64::from).or(plan.stock_units);
    plan.unit_cost = scenario.unit_cost.or(plan.unit_cost);
    if scenario.rival_price.is_some() && plan.days.iter().any(|day| day.rival_price.is_none()) {
        return Err(AppError::invalid("rival_price", "no rival sells this product at the moment"));
    }
    for (number, day) in plan.days.iter_mut().enumerate() {
        let date = first_day + chrono::Days::new(number as u64);
        day.price = scenario.price.unwrap_or(day.price);
        day.rival_price = scenario.rival_price.or(day.rival_price);
        if scenario.promotion.is_some_and(|(from, to)| from <= date && date <= to) {
            day.promotion = Promotion::Promoted;
        }
        if let Some(deliveries) = &scenario.deliveries {
            day.delivered_units = delivered(deliveries, date);
        }
    }
    if let Some(deliveries) = &scenario.deliveries {
        let last_day = first_day + chrono::Days::new(plan.days.len() as u64 - 1);
        if let Some((day, _)) = deliveries.iter().find(|(day, _)| *day < first_day || *day > last_day) {
            let message = format!("{day} does not lie between {first_day} and {last_day}");
            return Err(AppError::invalid("deliveries", message));
        }
    }
    Ok(plan)
}

fn delivered(deliveries: &[(NaiveDate, u32)], date: NaiveDate) -> f64 {
    let on_day = deliveries.iter().filter(|(day, _)| *day == date);
    on_day.map(|(_, units)| f64::from(*units)).sum::<f64>()
}
