//! The sets of prices a test may use.

use rust_decimal::Decimal;
use shelfiq_pricing::{PriceContext, rungs};

use crate::price_test::{PriceTestQuestion, TestLimits};

/// More prices than this on a side of today's differ too little from each other to matter.
const PRICES_PER_SIDE: usize = 12;

/// Two or three prices each, ascending, every one legal today and as a change from every other; empty if nothing is.
pub(crate) fn price_sets(question: &PriceTestQuestion, limits: &TestLimits) -> Vec<Vec<Decimal>> {
    let today = question.current_price;
    let reach = today * limits.price_move_max.proportion();
    let rails = &question.guard_rails;
    let legal: Vec<Decimal> = rungs(today - reach, today + reach, &rails.endings, rails.currency_exponent)
        .into_iter()
        .filter(|&price| price != today && is_legal_change(question, today, price))
        .collect();
    let below = spread(legal.iter().copied().filter(|&price| price < today).rev().collect());
    let above = spread(legal.into_iter().filter(|&price| price > today).collect());
    let mut sets: Vec<Vec<Decimal>> = below.iter().map(|&price| vec![price, today]).collect();
    sets.extend(above.iter().map(|&price| vec![today, price]));
    for &low in &below {
        sets.extend(above.iter().flat_map(|&high| [vec![low, high], vec![low, today, high]]));
    }
    sets.retain(|set| set.iter().all(|&from| set.iter().all(|&to| from == to || is_legal_change(question, from, to))));
    sets
}

fn is_legal_change(question: &PriceTestQuestion, from: Decimal, to: Decimal) -> bool {
    // Where a limit follows the price of the day (the rival band does), today's is the one that counts; going back to
    // today's price needs no new ending.
    let ending_is_todays = to == question.current_price;
    let broken =
        |context: PriceContext| {
            question.guard_rails.check(to, &context).into_iter().any(|violation| {
                !(ending_is_todays && violation.constraint == shelfiq_pricing::Constraint::PriceEnding)
            })
        };
    !broken(question.context()) && !broken(PriceContext { current_price: from, ..question.context() })
}

/// Of prices ordered from near to far, at most so many, evenly spread, the farthest among them.
fn spread(prices: Vec<Decimal>) -> Vec<Decimal> {
    let count = prices.len();
    if count <= PRICES_PER_SIDE {
        return prices;
    }
    (1..=PRICES_PER_SIDE).map(|step| prices[step * count / PRICES_PER_SIDE - 1]).collect()
}
