//! One change of price: its measured effect beside similar products, and the claim beside the books.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use shelfiq_core::{CurrencyCode, Money, Quantity};
use shelfiq_experiment::{
    DayQuality, DecisionCase, EffectAnswer, MeasureOptions, MeasuredEffect, SalesDay, SalesHistory, measure_by_peers,
    reconcile,
};
use shelfiq_store::ledger::LedgerOutcome;

use super::books::Books;
use super::change::{MEASURED_DAYS_MAX, STEADY_DAYS_AFTER, STEADY_DAYS_BEFORE, days_at_price, stood_still};
use super::measurement::{Basis, Claim, Measurement, PriceChange};
use crate::facts::{ShopFacts, SkuFacts};

/// Products that a change is compared with at most; more add time and hardly any certainty.
const PEERS_MAX: usize = 40;
const WEEK_DAYS: usize = 7;

/// What came of a change, and whether later days can still alter the answer.
pub(super) struct Judged {
    pub(super) outcome: LedgerOutcome,
    pub(super) measurement: Measurement,
    pub(super) is_settled: bool,
}

/// Measures what a change of the price of `sku` did.
pub(super) fn judge(facts: &ShopFacts, books: &Books, sku: &SkuFacts, change: PriceChange) -> Judged {
    let tell = |rest: &str| Measurement::of_change(change, facts.currency, rest);
    let settled = |outcome, measurement| Judged { outcome, measurement, is_settled: true };
    let unmeasured = |rest: &str| settled(LedgerOutcome::NotMeasurable, tell(rest));
    let Some(days) = measured_days(facts, sku, change.day) else {
        return unmeasured("It changed again before two weeks were over: too short a time to measure.");
    };
    let options = MeasureOptions { measure_days: days as u32, ..MeasureOptions::default() };
    let case = case(facts, books, sku, change.day, options);
    match measure_by_peers(&case, &options) {
        Err(error) => unmeasured(&format!("{error}.")),
        Ok(EffectAnswer::TooEarly { summary, .. }) => {
            Judged { outcome: LedgerOutcome::TooEarly, measurement: tell(&summary), is_settled: false }
        }
        Ok(EffectAnswer::NoComparableProducts { summary, .. } | EffectAnswer::TooFewSales { summary }) => {
            unmeasured(&summary)
        }
        Ok(EffectAnswer::Measured { effect }) => match claim(&effect, &case.decided) {
            Ok(claim) => {
                let measurement = Measurement { claim: Some(claim), ..tell(&effect.summary) };
                let measurement = Measurement { effect: Some(*effect), ..measurement };
                settled(LedgerOutcome::Measured, measurement)
            }
            Err(error) => unmeasured(&format!("{error}.")),
        },
    }
}

/// Whole weeks over which the new price can be measured: four, or as many as it held. `None` below two.
fn measured_days(facts: &ShopFacts, sku: &SkuFacts, day: NaiveDate) -> Option<usize> {
    let held = days_at_price(sku, day);
    let still_holds = day + Days::new(held as u64) > facts.last_day;
    let days = if still_holds { MEASURED_DAYS_MAX } else { held / WEEK_DAYS * WEEK_DAYS };
    (days >= STEADY_DAYS_AFTER).then_some(days)
}

fn case(
    facts: &ShopFacts,
    books: &Books,
    sku: &SkuFacts,
    first_day: NaiveDate,
    options: MeasureOptions,
) -> DecisionCase {
    let from = first_day - Days::new(options.history_days.into());
    let through = facts.last_day;
    let until = through.min(first_day + Days::new(u64::from(options.measure_days) - 1));
    let history = |sku: &SkuFacts| history(facts, books, sku, from, until);
    DecisionCase {
        currency: facts.currency,
        first_day,
        through,
        decided: history(sku),
        peers: peers(facts, sku, first_day, until).into_iter().map(history).collect(),
    }
}

/// Products whose price stood still around the change: those of the same category first, then those that sell as much.
fn peers<'a>(facts: &'a ShopFacts, decided: &SkuFacts, first_day: NaiveDate, until: NaiveDate) -> Vec<&'a SkuFacts> {
    let before = first_day - Days::new(STEADY_DAYS_BEFORE as u64);
    let size = |sku: &SkuFacts| (1.0 + sku.units.iter().sum::<f64>() / sku.units.len().max(1) as f64).ln();
    let own = size(decided);
    let mut peers: Vec<(bool, f64, &SkuFacts)> = facts
        .skus
        .iter()
        .filter(|sku| sku.sku != decided.sku && stood_still(sku, before, until))
        .map(|sku| (sku.category != decided.category, (size(sku) - own).abs(), sku))
        .collect();
    peers.sort_by(|one, other| {
        (one.0.cmp(&other.0)).then(one.1.total_cmp(&other.1)).then_with(|| one.2.sku.cmp(&other.2.sku))
    });
    peers.into_iter().take(PEERS_MAX).map(|(.., sku)| sku).collect()
}

pub(super) fn history(
    facts: &ShopFacts,
    books: &Books,
    sku: &SkuFacts,
    from: NaiveDate,
    until: NaiveDate,
) -> SalesHistory {
    let first = from.max(sku.first_day);
    let days = first.iter_days().take_while(|day| *day <= until).map(|day| sales_day(facts, books, sku, day));
    SalesHistory { sku: sku.sku.clone(), days: days.collect() }
}

/// A day as booked. A day on which the whole shop sold nothing is a day without data.
pub(crate) fn sales_day(facts: &ShopFacts, books: &Books, sku: &SkuFacts, day: NaiveDate) -> SalesDay {
    let booked = books.day(&sku.sku, day, facts.currency);
    let at = |first: NaiveDate| usize::try_from((day - first).num_days()).ok();
    let was_out = at(sku.first_day).and_then(|index| sku.was_out_of_stock.get(index)).copied().unwrap_or(true);
    let revenue = &facts.daily_net_revenue;
    let traded = at(revenue.first_day).and_then(|index| revenue.values.get(index)).is_some_and(|sum| *sum != 0.0);
    SalesDay {
        day,
        units: Quantity::new(booked.units),
        revenue: booked.revenue,
        cost: cost(booked.revenue, booked.margin, sku, facts.currency),
        quality: if was_out || !traded { DayQuality::Censored } else { DayQuality::Complete },
    }
}

/// Cost as booked; a product whose cost was never known has none on days without sales either.
fn cost(revenue: Money, margin: Option<Money>, sku: &SkuFacts, currency: CurrencyCode) -> Option<Money> {
    sku.unit_cost?;
    let cost = revenue.minus(margin?).ok()?;
    debug_assert_eq!(cost.currency(), currency, "the books are in the shop's currency");
    Some(cost)
}

/// The claim over the days that the counterfactual speaks of, as the books have them.
pub(super) fn claim(
    effect: &MeasuredEffect,
    decided: &SalesHistory,
) -> Result<Claim, shelfiq_experiment::ExperimentError> {
    let measured: BTreeSet<NaiveDate> = effect.counterfactual.days.iter().map(|day| day.day).collect();
    let actual: Vec<SalesDay> = decided.days.iter().filter(|day| measured.contains(&day.day)).cloned().collect();
    let statement = reconcile(&actual, &effect.counterfactual)?;
    let (basis, totals) = match statement.margin {
        Some(margin) => (Basis::Margin, margin),
        None => (Basis::Revenue, statement.revenue),
    };
    Ok(Claim { basis, actual: totals.actual, counterfactual: totals.counterfactual, claimed: totals.claimed })
}
