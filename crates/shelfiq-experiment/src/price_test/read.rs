//! From the sales of the test days to a verdict.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_pricing::{ElasticityBelief, Estimate};

use crate::DayQuality;
use crate::amount::{money, to_f64};
use crate::error::{ExperimentError, check};
use crate::price_test::outlook::{Outlook, sd_after, shortfall_per_day, shortfall_per_unit};
use crate::price_test::schedule::ScheduledPrice;
use crate::price_test::value::{value_of_learning, widened};
use crate::price_test::{
    DayRole, DropReason, DroppedDays, PriceComparison, PriceTestPlan, PriceTestQuestion, ReadingOptions, StopReason,
    TestDay, TestReading, TestSchedule, TestVerdict, words,
};
use crate::rate_slope::{Cell, NoiseBelief, RateSlope, Round, p_value_at_all_looks};

/// Rounds before a test is stopped for anything but its cost.
const ROUNDS_BEFORE_STOP: u32 = 2;

/// Reads the test as of the end of the day `through`, from the sales of all its groups so far in any order.
///
/// Only whole rounds speak, so looking every day is the same as looking at the end of each round, and the intervals hold at
/// all looks together. Days on which stock was out, another price was asked than planned, or no row came, do not count;
/// the weights of the weekdays keep what is left comparable.
///
/// # Errors
/// [`ExperimentError`] if an option makes no sense.
pub fn read_price_test(
    plan: &PriceTestPlan,
    schedule: &TestSchedule,
    sales: &[TestDay],
    through: NaiveDate,
    options: &ReadingOptions,
) -> Result<TestReading, ExperimentError> {
    plan.question.check()?;
    let error = options.error_probability;
    check("the error probability", error, error > 0.0 && error < 1.0, "between 0 and 1")?;
    let tally = Tally::of(plan, schedule, sales, through);
    let noise = plan.noise_belief();
    let fit = RateSlope::of(&tally.rounds, noise);
    let belief = fit.map_or(plan.question.elasticity, |fit| combined(plan.question.elasticity, &fit));
    let elasticity =
        fit.and_then(|fit| fit.interval(error).map(|[lo, hi]| Estimate { expected: fit.estimate, lo, hi }));
    let mut reading = TestReading {
        rounds_read: u32::try_from(tally.rounds.len()).unwrap_or(u32::MAX),
        rounds_planned: plan.rounds,
        days_counted: tally.counted,
        days_dropped: tally.dropped.iter().map(|(&reason, &days)| DroppedDays { reason, days }).collect(),
        elasticity,
        no_effect_p_value: p_value_at_all_looks(&tally.rounds, noise, 0.0),
        belief,
        comparisons: comparisons(plan, elasticity, belief)?,
        cost_so_far: money(tally.cost(plan, belief.mean), plan.question.currency)?,
        verdict: TestVerdict::Continue,
        summary: String::new(),
    };
    let is_over = schedule.days.last().is_none_or(|day| day.day <= through);
    if let Some(reason) = stop_reason(plan, &reading, is_over, options)? {
        reading.verdict = TestVerdict::Stop(reason);
    }
    reading.summary = words::reading(plan, &reading, options);
    Ok(reading)
}

/// Counted sales by round, and the days that do not count.
struct Tally<'a> {
    plan: &'a PriceTestPlan,
    rounds: Vec<Round>,
    counted: u32,
    dropped: BTreeMap<DropReason, u32>,
    /// Price and units at today's price that the plan expects, for every past day and group.
    days: Vec<(Decimal, f64)>,
}

impl<'a> Tally<'a> {
    fn of(plan: &'a PriceTestPlan, schedule: &TestSchedule, sales: &[TestDay], through: NaiveDate) -> Self {
        let sales: BTreeMap<(NaiveDate, usize), &TestDay> =
            sales.iter().map(|sale| ((sale.day, sale.group), sale)).collect();
        let mut tally = Self { plan, rounds: Vec::new(), counted: 0, dropped: BTreeMap::new(), days: Vec::new() };
        for round in schedule.days.chunk_by(|a, b| a.round == b.round) {
            let mut cells = tally.empty_round();
            for day in round.iter().take_while(|day| day.day <= through) {
                for (group, planned) in day.groups.iter().enumerate() {
                    let sale = sales.get(&(day.day, group)).copied();
                    tally.add(&mut cells, day.day, group, planned, sale);
                }
            }
            if round.last().is_some_and(|day| day.day <= through) {
                tally.rounds.push(cells);
            }
        }
        tally
    }

    fn empty_round(&self) -> Round {
        let today = to_f64(self.plan.question.current_price);
        let cell = |&price: &Decimal| Cell { x: (to_f64(price) / today).ln(), exposure: 0.0, units: 0.0 };
        let stratum: Vec<Cell> = self.plan.prices.iter().map(cell).collect();
        Round { strata: vec![stratum; self.plan.question.groups.len()] }
    }

    fn add(
        &mut self,
        round: &mut Round,
        day: NaiveDate,
        group: usize,
        planned: &ScheduledPrice,
        sale: Option<&TestDay>,
    ) {
        let demand = &self.plan.question.groups[group].demand;
        let asked = sale.map_or(planned.price, |sale| sale.price);
        self.days.push((asked, demand.units_per_day * demand.weight(day)));
        let reason = match (planned.role, sale) {
            (DayRole::Washout, _) => DropReason::Washout,
            (DayRole::Frozen, _) => DropReason::Frozen,
            (DayRole::Counted, None) => DropReason::Missing,
            (DayRole::Counted, Some(sale)) if sale.quality == DayQuality::Censored => DropReason::Censored,
            (DayRole::Counted, Some(sale)) if sale.price != planned.price => DropReason::OtherPrice,
            (DayRole::Counted, Some(sale)) => {
                let cell = &mut round.strata[group][planned.price_index];
                cell.exposure += demand.weight(day);
                cell.units += to_f64(sale.units.units().max(0).into());
                self.counted += 1;
                return;
            }
        };
        *self.dropped.entry(reason).or_default() += 1;
    }

    /// What the objective earned less than at today's price, if the elasticity is this.
    fn cost(&self, plan: &PriceTestPlan, elasticity: f64) -> f64 {
        self.days.iter().map(|&(price, units)| units * shortfall_per_unit(&plan.question, price, elasticity)).sum()
    }
}

/// Normal belief times normal likelihood.
fn combined(before: ElasticityBelief, fit: &RateSlope) -> ElasticityBelief {
    let (old, new) = (before.sd.powi(-2), fit.variance().recip());
    ElasticityBelief { mean: (old * before.mean + new * fit.estimate) / (old + new), sd: (old + new).powf(-0.5) }
}

fn comparisons(
    plan: &PriceTestPlan,
    elasticity: Option<Estimate>,
    belief: ElasticityBelief,
) -> Result<Vec<PriceComparison>, ExperimentError> {
    let question = &plan.question;
    let others = plan.prices.iter().filter(|&&price| price != question.current_price);
    others
        .map(|&price| {
            Ok(PriceComparison {
                price,
                change_ratio: elasticity.and_then(|range| change_ratio(question, price, range)),
                change_per_day: money(-shortfall_per_day(question, price, belief.mean), question.currency)?,
            })
        })
        .collect()
}

/// Relative change of the objective; `None` where it earns nothing today, so that nothing can be relative to it.
fn change_ratio(question: &PriceTestQuestion, price: Decimal, elasticity: Estimate) -> Option<Estimate> {
    let earned = to_f64(question.current_price) - question.weighted_cost();
    if earned <= 0.0 {
        return None;
    }
    let at = |elasticity: f64| -shortfall_per_unit(question, price, elasticity) / earned;
    let (a, b) = (at(elasticity.lo), at(elasticity.hi));
    Some(Estimate { expected: at(elasticity.expected), lo: a.min(b), hi: a.max(b) })
}

fn stop_reason(
    plan: &PriceTestPlan,
    reading: &TestReading,
    is_over: bool,
    options: &ReadingOptions,
) -> Result<Option<StopReason>, ExperimentError> {
    if plan.cost_max.is_some_and(|most| reading.cost_so_far.minor() >= most.minor()) {
        return Ok(Some(StopReason::CostLimit));
    }
    if reading.rounds_read >= ROUNDS_BEFORE_STOP {
        let known = |judge: fn(Estimate) -> bool| move |one: &PriceComparison| one.change_ratio.is_some_and(judge);
        if reading.comparisons.iter().any(known(|change| change.lo > 0.0)) {
            return Ok(Some(StopReason::Better));
        }
        if reading.comparisons.iter().all(known(|change| change.hi < 0.0)) {
            return Ok(Some(StopReason::Harm));
        }
        if reading.belief.sd <= plan.target_sd {
            return Ok(Some(StopReason::Precise));
        }
    }
    if is_over {
        return Ok(Some(StopReason::Complete));
    }
    let may_be_futile = reading.rounds_read >= ROUNDS_BEFORE_STOP && options.futility_probability > 0.0;
    if may_be_futile && probability_price_changes(plan, reading)? < options.futility_probability {
        return Ok(Some(StopReason::Futile));
    }
    Ok(None)
}

/// Probability that the rest of the test changes the recommended price.
fn probability_price_changes(plan: &PriceTestPlan, reading: &TestReading) -> Result<f64, ExperimentError> {
    let mut question = plan.question.clone();
    question.support = widened(&question, &plan.prices);
    let left = plan.rounds.saturating_sub(reading.rounds_read).max(1);
    let outlook = Outlook { information: plan.round_information, noise: plan.round_noise };
    let sd = sd_after(reading.belief.sd, left, outlook, plan.noise_rounds + reading.rounds_read);
    Ok(value_of_learning(&question, &plan.prices, reading.belief, sd, plan.value.horizon_days)?
        .probability_price_changes)
}

impl PriceTestPlan {
    fn noise_belief(&self) -> NoiseBelief {
        NoiseBelief {
            variance: self.round_noise,
            rounds: f64::from(self.noise_rounds),
            planned_information: f64::from(self.rounds) * self.round_information,
        }
    }
}
