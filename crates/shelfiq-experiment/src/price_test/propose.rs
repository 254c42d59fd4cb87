//! The cheapest safe test.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use shelfiq_core::Ratio;

use crate::amount::{money, to_f64};
use crate::distributions::normal_middles;
use crate::error::{ExperimentError, check};
use crate::price_test::candidates::price_sets;
use crate::price_test::outlook::{Outlook, outlook, sd_after, shortfall_per_day};
use crate::price_test::turns::Turns;
use crate::price_test::value::value_of_learning;
use crate::price_test::{
    Blocks, CostEstimate, Layout, PriceTestPlan, PriceTestQuestion, TestLimits, TestProposal, words,
};

/// One round alone could not tell its own noise.
const ROUNDS_MIN: u32 = 2;
/// Longest test.
const DAYS_MAX: u32 = 366;
/// Equally probable elasticities that the cost interval is read off, in standard deviations.
static STRATA: LazyLock<Vec<f64>> = LazyLock::new(|| normal_middles(100));
/// A guess at the noise weighs as much as this many rounds, a long history never more than this many.
const NOISE_ROUNDS: (u32, u32) = (4, 20);

/// The cheapest test that makes the elasticity as sure as asked, within the limits.
///
/// Every legal set of two or three prices is tried in every layout; each gets the fewest rounds that reach the target. The
/// cheapest is the one with the lowest *upper end* of the cost interval: a test must be affordable if the best belief is
/// wrong, for that is why there is a test.
///
/// # Errors
/// [`ExperimentError`] if a number makes no sense or the objective needs a unit cost and there is none.
pub fn propose_price_test(question: &PriceTestQuestion, limits: &TestLimits) -> Result<TestProposal, ExperimentError> {
    question.check()?;
    limits.check(question.currency)?;
    if question.elasticity.sd <= limits.target_sd {
        return Ok(TestProposal::AlreadySure { reason: words::already_sure(question, limits) });
    }
    let broken = question.guard_rails.check(question.current_price, &question.context());
    if let Some(violation) = broken.first() {
        let reason = words::illegal_today(question, violation.constraint);
        return Ok(TestProposal::OutOfReach { closest: None, reason });
    }
    let candidates = candidates(question, limits);
    if candidates.is_empty() {
        return Ok(TestProposal::OutOfReach { closest: None, reason: words::no_legal_price(limits) });
    }
    let reaching = candidates.iter().filter_map(|candidate| candidate.with_target(question, limits));
    let within = reaching.filter(|sized| sized.is_within(limits));
    if let Some(cheapest) = within.min_by(Sized::by_cost) {
        return Ok(TestProposal::Run { plan: Box::new(cheapest.plan(question, limits)?) });
    }
    let longest = candidates.iter().filter_map(|candidate| candidate.longest(question, limits));
    let closest = longest.min_by(|a, b| a.sd.total_cmp(&b.sd)).map(|sized| sized.plan(question, limits)).transpose()?;
    let reason = words::out_of_reach(question, limits, closest.as_ref());
    Ok(TestProposal::OutOfReach { closest: closest.map(Box::new), reason })
}

/// A set of prices in a layout, of any length.
struct Candidate {
    prices: Vec<Decimal>,
    turns: Turns,
    outlook: Outlook,
    /// Cost of a day, averaged over a round: best belief, lower and upper end.
    daily_cost: [f64; 3],
}

/// A candidate with its length.
struct Sized<'a> {
    candidate: &'a Candidate,
    rounds: u32,
    sd: f64,
}

fn candidates(question: &PriceTestQuestion, limits: &TestLimits) -> Vec<Candidate> {
    let layouts: &[Layout] =
        if question.groups.len() > 1 { &[Layout::SwitchBack, Layout::Split] } else { &[Layout::SwitchBack] };
    let mut costs = PriceCosts::new(question);
    let mut candidates = Vec::new();
    for prices in price_sets(question, limits) {
        let daily_cost = costs.daily(&prices);
        for blocks in [Blocks::HalfWeeks, Blocks::Weeks(1), Blocks::Weeks(2)] {
            for &layout in layouts {
                let turns = Turns { blocks, layout, prices: prices.len() };
                let outlook = outlook(question, &prices, turns, limits.washout_days);
                if outlook.information > 0.0 {
                    candidates.push(Candidate { prices: prices.clone(), turns, outlook, daily_cost });
                }
            }
        }
    }
    candidates
}

/// What each price costs a day: at the best belief first, then over equally probable elasticities.
struct PriceCosts<'a> {
    question: &'a PriceTestQuestion,
    elasticities: Vec<f64>,
    known: BTreeMap<Decimal, Vec<f64>>,
}

impl<'a> PriceCosts<'a> {
    fn new(question: &'a PriceTestQuestion) -> Self {
        let belief = question.elasticity;
        let strata = STRATA.iter().map(|z| belief.mean + belief.sd * z);
        let elasticities = std::iter::once(belief.mean.min(0.0)).chain(strata).collect();
        Self { question, elasticities, known: BTreeMap::new() }
    }

    fn of(&mut self, price: Decimal) -> &[f64] {
        let (question, elasticities) = (self.question, &self.elasticities);
        self.known.entry(price).or_insert_with(|| {
            elasticities.iter().map(|&elasticity| shortfall_per_day(question, price, elasticity)).collect()
        })
    }

    /// Best belief, lower and upper end of the 80 % interval for prices that take equally many days.
    fn daily(&mut self, prices: &[Decimal]) -> [f64; 3] {
        let mut costs = vec![0.0; self.elasticities.len()];
        for &price in prices {
            costs.iter_mut().zip(self.of(price)).for_each(|(sum, cost)| *sum += cost / prices.len() as f64);
        }
        let expected = costs.remove(0);
        costs.sort_by(f64::total_cmp);
        let at = |tenth: usize| 0.5 * (costs[tenth * costs.len() / 10 - 1] + costs[tenth * costs.len() / 10]);
        [expected, at(1).min(expected), at(9).max(expected)]
    }
}

fn noise_rounds(question: &PriceTestQuestion) -> u32 {
    let weeks = question.groups.iter().map(|group| group.demand.history_weeks).min().unwrap_or(0);
    (weeks / 2).clamp(NOISE_ROUNDS.0, NOISE_ROUNDS.1)
}

impl Candidate {
    fn sized(&self, question: &PriceTestQuestion, rounds: u32) -> Sized<'_> {
        let sd = sd_after(question.elasticity.sd, rounds, self.outlook, noise_rounds(question));
        Sized { candidate: self, rounds, sd }
    }

    fn rounds_max(&self, limits: &TestLimits) -> u32 {
        limits.days_max / u32::try_from(self.turns.round_days()).unwrap_or(u32::MAX)
    }

    /// With the fewest rounds that reach the target; `None` if it takes too long.
    fn with_target(&self, question: &PriceTestQuestion, limits: &TestLimits) -> Option<Sized<'_>> {
        (ROUNDS_MIN..=self.rounds_max(limits))
            .map(|rounds| self.sized(question, rounds))
            .find(|sized| sized.sd <= limits.target_sd)
    }

    /// As long as time and cost allow.
    fn longest(&self, question: &PriceTestQuestion, limits: &TestLimits) -> Option<Sized<'_>> {
        (ROUNDS_MIN..=self.rounds_max(limits))
            .rev()
            .map(|rounds| self.sized(question, rounds))
            .find(|sized| sized.is_within(limits))
    }
}

impl Sized<'_> {
    fn days(&self) -> f64 {
        f64::from(self.rounds) * self.candidate.turns.round_days() as f64
    }

    fn cost(&self) -> [f64; 3] {
        self.candidate.daily_cost.map(|daily| daily * self.days())
    }

    fn is_within(&self, limits: &TestLimits) -> bool {
        limits.cost_max.is_none_or(|most| self.cost()[2] <= to_f64(most.to_major()))
    }

    fn by_cost(&self, other: &Self) -> std::cmp::Ordering {
        let ([expected, _, hi], [other_expected, _, other_hi]) = (self.cost(), other.cost());
        hi.total_cmp(&other_hi)
            .then_with(|| expected.total_cmp(&other_expected))
            .then_with(|| self.days().total_cmp(&other.days()))
    }

    fn plan(&self, question: &PriceTestQuestion, limits: &TestLimits) -> Result<PriceTestPlan, ExperimentError> {
        let candidate = self.candidate;
        let [expected, lo, hi] = self.cost();
        let in_money = |amount: f64| money(amount, question.currency);
        let value = value_of_learning(question, &candidate.prices, question.elasticity, self.sd, limits.horizon_days)?;
        let mut plan = PriceTestPlan {
            question: question.clone(),
            prices: candidate.prices.clone(),
            blocks: candidate.turns.blocks,
            layout: candidate.turns.layout,
            washout_days: limits.washout_days,
            rounds: self.rounds,
            round_days: u32::try_from(candidate.turns.round_days()).unwrap_or(u32::MAX),
            cost: CostEstimate { expected: in_money(expected)?, lo: in_money(lo)?, hi: in_money(hi)? },
            expected_sd: self.sd,
            target_sd: limits.target_sd,
            cost_max: limits.cost_max,
            round_information: candidate.outlook.information,
            round_noise: candidate.outlook.noise,
            noise_rounds: noise_rounds(question),
            value,
            summary: String::new(),
        };
        plan.summary = words::plan(&plan);
        Ok(plan)
    }
}

impl TestLimits {
    fn check(&self, currency: shelfiq_core::CurrencyCode) -> Result<(), ExperimentError> {
        check("the wanted standard deviation", self.target_sd, self.target_sd > 0.0, "above zero")?;
        let (share, allowed) = (self.price_move_max, Ratio::ZERO..Ratio::ONE);
        check("the largest move of the price", share.to_f64(), allowed.contains(&share), "from 0 to below 1")?;
        let (days, horizon) = (self.days_max, self.horizon_days);
        check("the longest duration in days", f64::from(days), days <= DAYS_MAX, "at most a year")?;
        check("the horizon in days", f64::from(horizon), horizon <= 10 * DAYS_MAX, "at most ten years")?;
        check("the washout", f64::from(self.washout_days), self.washout_days <= 2, "at most two days")?;
        if let Some(most) = self.cost_max {
            most.plus(shelfiq_core::Money::zero(currency))?;
        }
        Ok(())
    }
}
