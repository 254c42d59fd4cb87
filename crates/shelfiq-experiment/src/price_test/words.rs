//! Tests in words.

use rust_decimal::Decimal;
use shelfiq_core::{UnitPrice, money_range_text, money_text};
use shelfiq_pricing::Constraint;

use crate::amount::in_words;
use crate::price_test::{
    Blocks, Layout, PriceTestPlan, PriceTestQuestion, ReadingOptions, StopReason, TestLimits, TestReading, TestVerdict,
};

pub(crate) fn price(question: &PriceTestQuestion, price: Decimal) -> String {
    money_text(UnitPrice::new(price, question.currency))
}

pub(crate) fn already_sure(question: &PriceTestQuestion, limits: &TestLimits) -> String {
    format!(
        "The elasticity is known to ±{:.2}, and ±{:.2} is asked for: no test is needed.",
        question.elasticity.sd, limits.target_sd
    )
}

pub(crate) fn illegal_today(question: &PriceTestQuestion, broken: Constraint) -> String {
    format!("Today's price of {} breaks {broken}: correct it first.", price(question, question.current_price))
}

pub(crate) fn no_legal_price(limits: &TestLimits) -> String {
    format!("No other price within {} of today's respects every limit.", limits.price_move_max)
}

pub(crate) fn out_of_reach(
    question: &PriceTestQuestion,
    limits: &TestLimits,
    closest: Option<&PriceTestPlan>,
) -> String {
    let cost = limits.cost_max.map(|most| format!(" and {}", money_text(most))).unwrap_or_default();
    let within = format!("within {} of today's price, {} days{cost}", limits.price_move_max, limits.days_max);
    match closest {
        Some(plan) => format!(
            "No test {within} makes the elasticity as sure as ±{:.2}; the best one gets from ±{:.2} to ±{:.2}.",
            limits.target_sd, question.elasticity.sd, plan.expected_sd
        ),
        None => format!("No test fits {within}: even two rounds take longer or may cost more."),
    }
}

pub(crate) fn plan(plan: &PriceTestPlan) -> String {
    let question = &plan.question;
    let prices: Vec<String> = plan.prices.iter().map(|&one| price(question, one)).collect();
    let (last, first) =
        prices.split_last().map_or((String::new(), String::new()), |(last, first)| (last.clone(), first.join(", ")));
    let turns = match plan.blocks {
        Blocks::HalfWeeks => "every half week".to_owned(),
        Blocks::Weeks(1) => "every week".to_owned(),
        Blocks::Weeks(weeks) => format!("every {weeks} weeks"),
    };
    let layout = match plan.layout {
        Layout::SwitchBack => format!("Let the price take turns between {first} and {last} {turns}"),
        Layout::Split => {
            let names: Vec<&str> = question.groups.iter().map(|group| group.name.as_str()).collect();
            format!("Ask {first} and {last} side by side in {} and swap them {turns}", names.join(", "))
        }
    };
    let value = plan.value;
    format!(
        "{layout} for {} weeks. This is expected to cost {} (80 %: {}) and makes the elasticity known to ±{:.2} instead of ±{:.2}. \
         With {:.0} % probability another price is recommended afterwards; choosing better is worth {} over {} days.",
        plan.days() / 7,
        money_text(plan.cost.expected),
        money_range_text(plan.cost.lo, plan.cost.hi),
        plan.expected_sd,
        question.elasticity.sd,
        100.0 * value.probability_price_changes,
        money_text(value.expected_gain),
        value.horizon_days
    )
}

pub(crate) fn reading(plan: &PriceTestPlan, reading: &TestReading, options: &ReadingOptions) -> String {
    let sure = 100.0 * (1.0 - options.error_probability);
    let rounds = format!("{} of {} rounds", reading.rounds_read, reading.rounds_planned);
    let so_far = match reading.elasticity {
        Some(range) => in_words(format_args!(
            "After {rounds} the test puts the elasticity at {:.2} ({:.2} to {:.2}, {sure:.0} % at all looks together).",
            range.expected, range.lo, range.hi
        )),
        None => format!("After {rounds} the test cannot tell the elasticity yet."),
    };
    let belief = in_words(format_args!(
        " With what was believed before: {:.2} ± {:.2}. It has cost about {}.",
        reading.belief.mean,
        reading.belief.sd,
        money_text(reading.cost_so_far)
    ));
    let proven = reading.comparisons.iter().filter(|one| one.change_ratio.is_some_and(|change| change.lo > 0.0));
    let best = proven.max_by_key(|one| one.change_per_day.minor());
    let best = best.map_or_else(String::new, |one| price(&plan.question, one.price));
    let verdict = match reading.verdict {
        TestVerdict::Continue => "Go on.".to_owned(),
        TestVerdict::Stop(StopReason::Better) => format!("Stop: {best} earns more than today's price, proven."),
        TestVerdict::Stop(StopReason::Harm) => {
            "Stop: today's price earns more than any other tested, proven.".to_owned()
        }
        TestVerdict::Stop(StopReason::CostLimit) => "Stop: it has cost as much as it may.".to_owned(),
        TestVerdict::Stop(StopReason::Precise) => "Stop: the elasticity is as sure as asked.".to_owned(),
        TestVerdict::Stop(StopReason::Futile) => "Stop: going on would hardly change the recommended price.".to_owned(),
        TestVerdict::Stop(StopReason::Complete) => "The test is complete.".to_owned(),
    };
    format!("{so_far}{belief} {verdict}")
}
