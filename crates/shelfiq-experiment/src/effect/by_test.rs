//! Measuring by the turns of a price test.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use shelfiq_core::{Money, Quantity, Rounding, UnitPrice};

use crate::amount::to_f64;
use crate::effect::assemble::{Finding, per_unit};
use crate::effect::{EffectAnswer, EffectMethod, Weakness, words};
use crate::error::{ExperimentError, check};
use crate::price_test::{Layout, PriceTestPlan, Tally, TestDay, TestSchedule};
use crate::rate_slope::{RateSlope, Round};
use crate::{DayQuality, SalesDay};

/// What asking `price` instead of the price before the test did, on the days of the test on which it was asked.
///
/// The order of prices was random, so nothing else can be the cause. Only whole rounds count, and the intervals hold at
/// all looks together: looking every day claims no more than looking once. If the price before the test takes its turn, the
/// two are compared directly; else through the elasticity that the test shows.
///
/// `books` are the days of the test as booked. What is paid is not always what was asked (tax, vouchers), so a unit at the
/// price before the test would have brought the same share of that price. Days that are missing there count at the prices
/// of the plan.
///
/// # Errors
/// [`ExperimentError`] if `price` is not one of the test, or an amount does not fit.
pub fn measure_by_test(
    plan: &PriceTestPlan,
    schedule: &TestSchedule,
    sales: &[TestDay],
    books: &[SalesDay],
    price: Decimal,
    through: NaiveDate,
) -> Result<EffectAnswer, ExperimentError> {
    let question = &plan.question;
    question.check()?;
    let is_tested = plan.prices.contains(&price) && price != question.current_price;
    check("the price", to_f64(price), is_tested, "a price of the test other than the one before it")?;
    let tally = Tally::of(plan, schedule, sales, through)?;
    let actual = booked(plan, &tally, books, price)?;
    let fit = RateSlope::of(&direct(plan, &tally, price), plan.noise_belief());
    let intervals = fit.and_then(|fit| Some((fit, fit.interval(0.2)?, fit.interval(0.05)?)));
    let Some((fit, slopes_80, slopes_95)) = intervals else {
        return Ok(no_answer_yet(schedule, through));
    };
    let log_ratio = (to_f64(price) / to_f64(question.current_price)).ln();
    // Units without the change for each unit with it.
    let without = |slope: f64| (-slope * log_ratio).exp();
    let sold: f64 = actual.iter().map(|day| to_f64(day.units.units().into())).sum();
    let ends = |slopes: [f64; 2]| {
        let [a, b] = slopes.map(|slope| sold * (1.0 - without(slope)));
        [a.min(b), a.max(b)]
    };
    if sold <= 0.0 {
        return Ok(no_answer_yet(schedule, through));
    }
    let finding = Finding {
        method: match plan.layout {
            Layout::SwitchBack => EffectMethod::SwitchBack,
            Layout::Split => EffectMethod::Split,
        },
        counterfactual_units: expected_units(plan, &tally, price, sold * without(fit.estimate)),
        interval_80: ends(slopes_80),
        interval_95: ends(slopes_95),
        unit_revenue: UnitPrice::new(paid(question.current_price, &actual, price), question.currency),
        unit_cost: per_unit(actual.iter(), |day| day.cost, question.currency),
        peers: Vec::new(),
        weaknesses: weaknesses(plan, &tally, sold),
        actual,
    };
    Ok(EffectAnswer::Measured { effect: Box::new(finding.effect()?) })
}

/// Only the cells of this price and of the price before the test, if that one takes turns; else all.
fn direct(plan: &PriceTestPlan, tally: &Tally, price: Decimal) -> Vec<Round> {
    let today = plan.question.current_price;
    if !plan.prices.contains(&today) {
        return tally.rounds.clone();
    }
    let keep: Vec<bool> = plan.prices.iter().map(|&one| one == price || one == today).collect();
    let mut rounds = tally.rounds.clone();
    for cells in rounds.iter_mut().flat_map(|round| &mut round.strata) {
        let mut kept = keep.iter();
        cells.retain(|_| kept.next().copied().unwrap_or(false));
    }
    rounds
}

/// Units, revenue and cost of each day at the price, its groups together.
fn booked(
    plan: &PriceTestPlan,
    tally: &Tally,
    books: &[SalesDay],
    price: Decimal,
) -> Result<Vec<SalesDay>, ExperimentError> {
    let question = &plan.question;
    let mut days: BTreeMap<NaiveDate, Quantity> = BTreeMap::new();
    for sale in tally.sales.iter().filter(|sale| sale.price == price) {
        let units = days.entry(sale.day).or_default();
        *units = [*units, sale.units].into_iter().sum();
    }
    let amount = |price: Decimal, units: Quantity| -> Result<Money, ExperimentError> {
        Ok(UnitPrice::new(price, question.currency).book(units, Rounding::HalfEven)?)
    };
    days.into_iter()
        .map(|(day, units)| {
            if let Some(known) = books.iter().find(|known| known.day == day) {
                return Ok(*known);
            }
            let cost = question.unit_cost.map(|cost| amount(cost, units)).transpose()?;
            Ok(SalesDay { day, units, revenue: amount(price, units)?, cost, quality: DayQuality::Complete })
        })
        .collect()
}

/// What buyers would have paid for a unit at the price `before`, if they paid the same share of it as of `asked`.
fn paid(before: Decimal, actual: &[SalesDay], asked: Decimal) -> Decimal {
    let units: Decimal = actual.iter().map(|day| Decimal::from(day.units.units())).sum();
    let paid: Decimal = actual.iter().map(|day| day.revenue.to_major()).sum();
    let share = paid.checked_div(units * asked).filter(|share| *share > Decimal::ZERO).unwrap_or(Decimal::ONE);
    (before * share).round_dp(6)
}

/// Spreads units over the days at the price as the groups usually sell.
fn expected_units(plan: &PriceTestPlan, tally: &Tally, price: Decimal, total: f64) -> Vec<f64> {
    let mut usual: BTreeMap<NaiveDate, f64> = BTreeMap::new();
    for sale in tally.sales.iter().filter(|sale| sale.price == price) {
        let demand = &plan.question.groups[sale.group].demand;
        *usual.entry(sale.day).or_default() += demand.units_per_day * demand.weight(sale.day);
    }
    let sum: f64 = usual.values().sum();
    usual.into_values().map(|units| total * units / sum.max(f64::MIN_POSITIVE)).collect()
}

/// Units below which the answer says that they are few.
const FEW_UNITS: f64 = 30.0;

fn weaknesses(plan: &PriceTestPlan, tally: &Tally, sold: f64) -> Vec<Weakness> {
    let has_censored_days = tally.dropped.contains_key(&crate::DropReason::Censored);
    let found = [
        (Weakness::PeersMayShareBuyers, plan.layout == Layout::Split),
        (Weakness::BuyersMayWait, true),
        (Weakness::CensoredDays, has_censored_days),
        (Weakness::FewSales, sold < FEW_UNITS),
    ];
    found.into_iter().filter_map(|(weakness, applies)| applies.then_some(weakness)).collect()
}

/// The end of the round that is running; after the last one, that nothing was sold.
fn no_answer_yet(schedule: &TestSchedule, through: NaiveDate) -> EffectAnswer {
    let mut rounds = schedule.days.chunk_by(|a, b| a.round == b.round);
    let end = rounds.find_map(|round| round.last().map(|day| day.day).filter(|&last| last > through));
    match end.map(|last| last + Days::new(1)) {
        Some(ready_on) => EffectAnswer::TooEarly { ready_on, summary: words::test_too_early(ready_on) },
        None => EffectAnswer::TooFewSales { summary: words::test_sold_nothing() },
    }
}
