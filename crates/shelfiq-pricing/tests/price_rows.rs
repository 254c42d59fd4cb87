//! Rows of a plain table of price problems, sensible and not: the answer is the optimum within what the row states.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use shelfiq_pricing::{
    DayRule, Objective, OptimizeOptions, PriceAdvice, PriceDefaults, PriceRow, PricingError, optimize, problem_of_row,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn row() -> PriceRow {
    PriceRow {
        price: decimal("10"),
        cost: Some(decimal("6")),
        elasticity: -2.5,
        elasticity_sd: 0.0,
        baseline_quantity: 100.0,
        min_price: None,
        max_price: None,
        min_margin: None,
        rival_price: None,
        stock: None,
        observed_min_price: None,
        observed_max_price: None,
        min_advertised_price: None,
        lowest_price_30d: None,
        day: DayRule::Free,
    }
}

fn answer(row: &PriceRow, objective: Objective) -> Result<PriceAdvice, PricingError> {
    let problem = problem_of_row(1, row, &PriceDefaults::new(objective)).unwrap();
    optimize(&problem, &OptimizeOptions::best_guess())
}

/// `price | binding constraint` or the error.
fn check(row: PriceRow, expected: &str) {
    let found = answer(&row, Objective::Margin).map_or_else(
        |error| error.to_string(),
        |advice| format!("{} | {}", advice.recommended.price, advice.binding.map_or("-", |limit| limit.code())),
    );
    assert_eq!(found, expected, "{row:?}");
}

#[test]
fn the_limits_a_row_states_are_the_only_ones() {
    let free =
        PriceRow { min_price: Some(decimal("2")), max_price: Some(decimal("40")), cost: Some(decimal("3")), ..row() };
    // cost · e / (1 + e): half of today's price, farther than any daily step.
    check(free.clone(), "5.00 | -");
    check(PriceRow { min_price: Some(decimal("7.31")), ..free.clone() }, "7.31 | min_price");
    check(PriceRow { min_margin: Some(decimal("0.5")), ..free.clone() }, "6.00 | margin_floor");
    check(PriceRow { rival_price: Some(decimal("9")), ..free.clone() }, "7.20 | rival_band");
    check(PriceRow { stock: Some(150.0), ..free }, "8.50 | stock");
}

#[test]
fn the_manufacturer_the_law_and_the_calendar_limit_a_row() {
    let free =
        PriceRow { min_price: Some(decimal("2")), max_price: Some(decimal("40")), cost: Some(decimal("3")), ..row() };
    check(PriceRow { min_advertised_price: Some(decimal("8.50")), ..free.clone() }, "8.50 | min_advertised_price");
    // At least 5 % below the lowest price of thirty days, though a dearer price would earn more.
    let dearer = PriceRow { cost: Some(decimal("9")), lowest_price_30d: Some(decimal("9")), ..free.clone() };
    check(dearer, "8.55 | announced_reduction");
    check(PriceRow { day: DayRule::Frozen, ..free }, "10 | frozen_day");
}

#[test]
fn without_a_limit_the_price_stays_within_a_tenth() {
    check(PriceRow { elasticity: -0.4, ..row() }, "11.00 | reach");
    check(PriceRow { cost: Some(decimal("3")), ..row() }, "9.10 | reach");
    check(PriceRow { cost: Some(decimal("6.2")), ..row() }, "10.33 | -");
}

#[test]
fn nonsense_gets_an_explanation_or_the_nearest_sane_price() {
    let lo_hi = |min, max| PriceRow { min_price: Some(decimal(min)), max_price: Some(decimal(max)), ..row() };
    check(
        lo_hi("12", "9"),
        "no price respects both your minimum price (at least 12) and your maximum price (at most 9)",
    );
    check(PriceRow { cost: Some(decimal("25")), ..row() }, "11.00 | reach");
    check(PriceRow { cost: Some(decimal("25")), min_margin: Some(decimal("0.1")), ..row() }, "30.55 | reach");
    check(PriceRow { min_margin: Some(decimal("0.99")), ..row() }, "600.00 | margin_floor");
    check(PriceRow { elasticity: 1.5, ..lo_hi("5", "12") }, "12.00 | max_price");
    check(PriceRow { baseline_quantity: 0.0, ..row() }, "10 | -");
    check(PriceRow { stock: Some(0.0), ..row() }, "10 | stock");
    check(PriceRow { stock: Some(1e12), cost: Some(decimal("5.999")), ..row() }, "10 | -");
    check(PriceRow { min_price: Some(Decimal::ZERO), cost: Some(decimal("6")), ..row() }, "10 | -");
    check(PriceRow { cost: None, ..row() }, "the unit cost is unknown: without it there is no margin to improve");
    let advice = answer(&PriceRow { elasticity: 0.3, ..row() }, Objective::Revenue).unwrap();
    assert!(advice.reason.contains("The elasticity is not below zero"), "{}", advice.reason);
}

#[test]
fn a_price_in_tenths_of_a_cent_is_answered_in_tenths_of_a_cent() {
    let screw = |price, cost| PriceRow { price: decimal(price), cost: Some(decimal(cost)), ..row() };
    check(PriceRow { max_price: Some(decimal("0.02")), ..screw("0.012", "0.008") }, "0.013 | -");
    check(
        PriceRow {
            min_price: Some(decimal("9.9951")),
            max_price: Some(decimal("9.9954")),
            cost: Some(decimal("7")),
            ..row()
        },
        "9.9954 | max_price",
    );
}

fn maybe<T>(rng: &mut ChaCha8Rng, value: impl FnOnce(&mut ChaCha8Rng) -> T) -> Option<T> {
    if rng.random_bool(0.5) { Some(value(rng)) } else { None }
}

fn amount(rng: &mut ChaCha8Rng, around: f64, lo: f64, hi: f64) -> Decimal {
    Decimal::from_f64((around * rng.random_range(lo..hi) * 100.0).round() / 100.0).unwrap().max(decimal("0.01"))
}

fn random_row(rng: &mut ChaCha8Rng) -> PriceRow {
    let around = rng.random_range(0.0_f64..5.5).exp();
    PriceRow {
        price: amount(rng, around, 0.99, 1.01),
        cost: Some(amount(rng, around, 0.1, 1.1)),
        elasticity: rng.random_range(-5.0..0.5),
        elasticity_sd: rng.random_range(0.0..0.6),
        baseline_quantity: rng.random_range(0.0_f64..7.0).exp(),
        min_price: maybe(rng, |rng| amount(rng, around, 0.3, 1.2)),
        max_price: maybe(rng, |rng| amount(rng, around, 0.8, 3.0)),
        min_margin: maybe(rng, |rng| Decimal::new(rng.random_range(0..60), 2)),
        rival_price: maybe(rng, |rng| amount(rng, around, 0.6, 1.6)),
        stock: maybe(rng, |rng| rng.random_range(0.0_f64..7.0).exp()),
        observed_min_price: None,
        observed_max_price: None,
        min_advertised_price: None,
        lowest_price_30d: None,
        day: DayRule::Free,
    }
}

/// Lowest and highest price a row allows, written independently of the crate.
fn limits(row: &PriceRow) -> (f64, f64) {
    let f = |amount: Decimal| amount.to_f64().unwrap();
    let price = f(row.price);
    let mut lo = row.min_price.map_or(0.0, f);
    let mut hi = row.max_price.map_or(f64::INFINITY, f);
    if let (Some(share), Some(cost)) = (row.min_margin, row.cost) {
        lo = lo.max(f(cost) / (1.0 - f(share)));
    }
    if let Some(rival) = row.rival_price.map(f) {
        lo = lo.max(price.min(0.8 * rival));
        hi = hi.min(price.max(1.2 * rival));
    }
    let reach_lo = if lo > 0.0 { lo } else { price.min(hi) / 1.1 };
    let reach_hi = if hi.is_finite() { hi } else { price.max(lo) * 1.1 };
    (if row.min_price.is_some() { lo } else { reach_lo }, reach_hi)
}

/// Every cent tried, deterministic demand.
fn best_by_trying(row: &PriceRow, weight: f64) -> Option<f64> {
    let (lo, hi) = limits(row);
    let cents = ((lo * 100.0 - 1e-7).ceil() as i64).max(1)..=(hi * 100.0 + 1e-7).floor() as i64;
    cents.map(|cents| worth(row, weight, cents as f64 / 100.0)).max_by(f64::total_cmp)
}

fn worth(row: &PriceRow, weight: f64, price: f64) -> f64 {
    let demand = row.baseline_quantity * (price / row.price.to_f64().unwrap()).powf(row.elasticity.min(0.0));
    (price - weight * row.cost.unwrap().to_f64().unwrap()) * demand.min(row.stock.unwrap_or(f64::INFINITY))
}

#[test]
fn no_cent_within_the_limits_of_a_row_earns_more() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let (mut compared, mut infeasible) = (0, 0);
    for _ in 0..1_500 {
        let row = random_row(&mut rng);
        for (objective, weight) in [(Objective::Revenue, 0.0), (Objective::Margin, 1.0), (Objective::Balanced, 0.5)] {
            let best = best_by_trying(&row, weight);
            let Ok(advice) = answer(&row, objective) else {
                infeasible += 1;
                assert_eq!(best, None, "{row:?}");
                continue;
            };
            let price = advice.recommended.price.to_f64().unwrap();
            let (lo, hi) = limits(&row);
            assert!(price >= lo - 1e-9 && price <= hi + 1e-9, "{row:?}\n{advice:?}");
            // A legal price of today may stay where no cent is legal.
            let best = best.unwrap_or(f64::NEG_INFINITY).max(worth(&row, weight, price));
            let gap = (best - worth(&row, weight, price)) / best.abs().max(1e-9);
            assert!(gap <= 1e-9, "gap {gap}: {row:?}\n{advice:?}");
            compared += 1;
        }
    }
    assert!(compared > 2_000 && infeasible > 150, "{compared} compared, {infeasible} infeasible");
}
