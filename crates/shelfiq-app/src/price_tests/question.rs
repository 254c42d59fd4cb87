//! The question that a test answers, from what is known of a Sku.

use chrono::Days;
use shelfiq_core::{CurrencyCode, Money, Quantity};
use shelfiq_experiment::{DailyDemand, DayQuality, PriceTestQuestion, SalesDay, TestGroup};

use shelfiq_pricing::PriceProblem;

use crate::brains::demand::EFFECT_DAYS;
use crate::facts::SkuFacts;
use crate::products::Desk;

/// Days of history that demand is learned from: half a year holds the weekly pattern and not yet another season.
const HISTORY_DAYS: usize = 26 * 7;
const GROUP: &str = "all sales";
/// Demand of a Sku without history is taken to scatter like this until the test itself says better.
const ASSUMED_DISPERSION: f64 = 1.5;
const ASSUMED_WEEK_LOG_SD: f64 = 0.15;

/// The question, and why the data do not answer it; `None` where price, demand or elasticity are unknown.
pub(super) fn question(desk: &Desk) -> Option<(PriceTestQuestion, String)> {
    let elasticity = desk.record.elasticity.as_ref()?;
    let question = question_of(desk.record.sku()?, desk.problem.as_ref()?, desk.currency());
    Some((question, elasticity.reason.clone()))
}

/// What a test of this price would answer.
pub(super) fn question_of(sku: &SkuFacts, problem: &PriceProblem, currency: CurrencyCode) -> PriceTestQuestion {
    PriceTestQuestion {
        currency,
        current_price: problem.current_price,
        unit_cost: problem.unit_cost,
        objective: problem.objective,
        elasticity: problem.demand.elasticity,
        support: problem.demand.support,
        guard_rails: problem.guard_rails.clone(),
        groups: vec![TestGroup {
            name: GROUP.to_owned(),
            demand: demand(sku, problem.demand.baseline_quantity / EFFECT_DAYS as f64, currency),
        }],
    }
}

/// Pattern and scatter as the last half year shows them, at the level that is expected.
fn demand(sku: &SkuFacts, units_per_day: f64, currency: CurrencyCode) -> DailyDemand {
    let skipped = sku.units.len().saturating_sub(HISTORY_DAYS);
    let days: Vec<SalesDay> = sku.units[skipped..]
        .iter()
        .zip(&sku.was_out_of_stock[skipped..])
        .enumerate()
        .map(|(index, (units, was_out))| SalesDay {
            day: sku.first_day + Days::new((skipped + index) as u64),
            units: Quantity::new(units.round() as i64),
            revenue: Money::zero(currency),
            cost: None,
            quality: if *was_out { DayQuality::Censored } else { DayQuality::Complete },
        })
        .collect();
    let assumed = DailyDemand {
        units_per_day,
        dispersion: ASSUMED_DISPERSION,
        week_log_sd: ASSUMED_WEEK_LOG_SD,
        weekday_weights: [1.0; 7],
        history_weeks: 0,
    };
    DailyDemand { units_per_day, ..DailyDemand::of_history(&days).unwrap_or(assumed) }
}
