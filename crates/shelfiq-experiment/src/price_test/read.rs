//! From the sales of the test days to a verdict.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_pricing::{ElasticityBelief, Estimate};

use crate::amount::{money, to_f64};
use crate::error::{ExperimentError, check};
use crate::price_test::outlook::{Outlook, sd_after, shortfall_per_day, shortfall_per_unit};
use crate::price_test::tally::Tally;
use crate::price_test::value::{value_of_learning, widened};
use crate::price_test::{
    DroppedDays, PriceComparison, PriceTestPlan, PriceTestQuestion, ReadingOptions, StopReason, TestDay, TestReading,
    TestSchedule, TestVerdict, words,
};
use crate::rate_slope::{NoiseBelief, RateSlope, p_value_at_all_looks};

/// Rounds before a test is stopped for anything but its cost.
const ROUNDS_BEFORE_STOP: u32 = 2;
/// The guess at the cost so far doubts the belief before the test so many times as much: a guard against harm must not be
/// talked out of what it sees.
const COST_DOUBT: f64 = 3.0;

/// Reads the test as of the end of the day `through`, from the sales of all its groups so far in any order.
///
/// Only whole rounds speak, so looking every day is the same as looking at the end of each round, and the intervals hold at
/// all looks together; the guess at the cost so far, which guards against harm, does not wait for the end of a round. Days
/// on which stock was out, another price was asked than planned, or no row came, do not count; the weights of the weekdays
/// keep what is left comparable.
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
    let tally = Tally::of(plan, schedule, sales, through)?;
    let noise = plan.noise_belief();
    let fit = RateSlope::of(&tally.rounds, noise);
    let before = plan.question.elasticity;
    let belief = fit.map_or(before, |fit| combined(before, &fit));
    let doubtful = ElasticityBelief { sd: COST_DOUBT * before.sd, ..before };
    let by_sales = RateSlope::of(&tally.rounds_so_far(), noise).map_or(before, |fit| combined(doubtful, &fit));
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
        cost_so_far: money(tally.cost(by_sales.mean), plan.question.currency)?,
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
    pub(crate) fn noise_belief(&self) -> NoiseBelief {
        NoiseBelief {
            variance: self.round_noise,
            rounds: f64::from(self.noise_rounds),
            planned_information: f64::from(self.rounds) * self.round_information,
        }
    }
}
