//! Does following price recommendations earn more than doing nothing?
//!
//! The days of the horizon are lived three times with the same luck: at today's price, at the advised one, and at the best
//! one that a single step may reach.

use rayon::prelude::*;
use serde::Serialize;
use shelfiq_core::Money;

use super::HORIZON_DAYS;
use super::advice::{AdvisedPrice, advised_prices};
use super::records::{Records, SkuRecords};
use crate::config::ArenaError;
use crate::shop::Shop;
use crate::simulate::SkuSimulator;

/// Gross profit of the horizon in three branches of history. Shares are NaN over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProfitScore {
    /// Skus that could be advised.
    pub skus: usize,
    /// Skus with a recommendation to change the price.
    pub advised_skus: usize,
    /// Realised profit of all Skus when every price stays.
    pub doing_nothing: Money,
    /// Realised profit of all Skus when every recommended price is accepted.
    pub following_advice: Money,
    /// Realised profit of all Skus when someone who knows the shoppers picks the best price within ±10 %.
    pub knowing_the_truth: Money,
    /// Realised gain of following advice, as a share of doing nothing.
    pub realised_gain: f64,
    /// The same with expected instead of drawn demand: what luck left of it taken out.
    pub expected_gain: f64,
    /// The expected gain of knowing the truth, as a share of doing nothing: nobody can do better in one step.
    pub expected_gain_of_truth: f64,
    /// Recommendations to ask more.
    pub raises: AdviceScore,
    /// Recommendations to ask less.
    pub cuts: AdviceScore,
    /// Gain of all recommendations as they stated it: to be compared with `expected_gain_amount`.
    pub stated_gain_amount: Money,
    /// Expected gain of all recommendations.
    pub expected_gain_amount: Money,
}

/// Recommendations of one direction against the truth. Shares are NaN over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AdviceScore {
    /// Recommendations.
    pub given: usize,
    /// Share whose expected profit is above that of the old price.
    pub right: f64,
    /// Mean stated probability of a gain: to be compared with `right`.
    pub stated: f64,
}

impl AdviceScore {
    fn of<'a>(given: impl Iterator<Item = (&'a AdvisedPrice, &'a Branches)>) -> Self {
        let (mut count, mut right, mut stated) = (0_usize, 0_usize, 0.0);
        for (advised, branch) in given {
            count += 1;
            right += usize::from(branch.advice.expected > branch.nothing.expected);
            stated += advised.confidence;
        }
        Self { given: count, right: right as f64 / count as f64, stated: stated / count as f64 }
    }
}

/// Profit of one branch in minor units.
#[derive(Debug, Clone, Copy, Default)]
struct Profit {
    realised: i64,
    expected: f64,
}

/// What would happen to one Sku.
struct Branches {
    /// The price that stays when nothing is done.
    price: Money,
    nothing: Profit,
    advice: Profit,
    truth: Profit,
}

pub(super) fn score(shop: &Shop, records: &Records) -> Result<ProfitScore, ArenaError> {
    let advised = advised_prices(shop, records)?;
    let branches: Vec<Branches> = records
        .skus
        .par_iter()
        .zip(&advised)
        .map(|(sku, advised)| live_branches(shop, sku, advised.as_ref()))
        .collect();
    Ok(summarise(&branches, &advised, shop))
}

fn live_branches(shop: &Shop, sku: &SkuRecords, advised: Option<&AdvisedPrice>) -> Branches {
    let today = sku.eve(HORIZON_DAYS);
    let mut simulator = shop.simulator(sku.sku_index).expect("the records are those of this shop's Skus");
    simulator.by_ref().take(sku.known_days(HORIZON_DAYS)).for_each(drop);
    let profit_at = |price: Money| profit(simulator.clone().at_price(price));

    let entry = &shop.catalogue()[sku.sku_index as usize];
    let demand = &shop.truths()[sku.sku_index as usize].demand;
    let best = demand.most_profitable_price(today.unit_cost, entry.list_price).minor();
    let (lowest, highest) = (today.regular_price.minor() * 9 / 10, today.regular_price.minor() * 11 / 10);
    let best_reachable = Money::from_minor(best.clamp(lowest, highest), entry.list_price.currency());

    let nothing = profit_at(today.regular_price);
    Branches {
        price: today.regular_price,
        nothing,
        advice: advised.map_or(nothing, |advised| profit_at(advised.price)),
        truth: profit_at(best_reachable),
    }
}

/// Gross profit of the days that are left.
fn profit(simulator: SkuSimulator<'_>) -> Profit {
    simulator.fold(Profit::default(), |sum, day| {
        let per_unit = day.price.minor() - day.unit_cost.minor();
        Profit {
            realised: sum.realised + i64::from(day.sold_units) * per_unit,
            expected: sum.expected + day.expected_units * per_unit as f64,
        }
    })
}

fn summarise(branches: &[Branches], advised: &[Option<AdvisedPrice>], shop: &Shop) -> ProfitScore {
    let realised = |pick: fn(&Branches) -> Profit| branches.iter().map(|branch| pick(branch).realised).sum::<i64>();
    let expected = |pick: fn(&Branches) -> Profit| branches.iter().map(|branch| pick(branch).expected).sum::<f64>();
    let (nothing, advice) = (realised(|branch| branch.nothing), realised(|branch| branch.advice));
    let (expected_nothing, expected_advice) = (expected(|branch| branch.nothing), expected(|branch| branch.advice));
    let given: Vec<(&AdvisedPrice, &Branches)> =
        advised.iter().zip(branches).filter_map(|(advised, branch)| advised.as_ref().map(|it| (it, branch))).collect();
    let is_raise = |advised: &AdvisedPrice, branch: &Branches| advised.price.minor() > branch.price.minor();
    let money = |minor| Money::from_minor(minor, shop.config().currency);
    ProfitScore {
        skus: branches.len(),
        advised_skus: given.len(),
        doing_nothing: money(nothing),
        following_advice: money(advice),
        knowing_the_truth: money(realised(|branch| branch.truth)),
        realised_gain: (advice - nothing) as f64 / nothing as f64,
        expected_gain: expected_advice / expected_nothing - 1.0,
        expected_gain_of_truth: expected(|branch| branch.truth) / expected_nothing - 1.0,
        raises: AdviceScore::of(given.iter().copied().filter(|&(advised, branch)| is_raise(advised, branch))),
        cuts: AdviceScore::of(given.iter().copied().filter(|&(advised, branch)| !is_raise(advised, branch))),
        stated_gain_amount: money(given.iter().map(|(advised, _)| advised.gain_minor).sum()),
        expected_gain_amount: money((expected_advice - expected_nothing).round() as i64),
    }
}
