//! The dynamic program against enumeration, against known bounds and in words.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::Ratio;
use shelfiq_pricing::{
    Constraint, DayRule, DemandModel, ElasticityBelief, GuardRails, PriceEndings, SeasonDay, SeasonProblem, plan_season,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A coat at 100 of which one sells a day, elasticity −2, twenty days left.
fn coat(stock_units: u32, day_count: usize) -> SeasonProblem {
    SeasonProblem {
        current_price: decimal("100"),
        unit_cost: Some(decimal("40")),
        demand: DemandModel {
            baseline_price: 100.0,
            baseline_quantity: 1.0,
            baseline_log_sd: 0.0,
            elasticity: ElasticityBelief { mean: -2.0, sd: 0.0 },
            rival_reaction: None,
            support: None,
        },
        stock_units,
        days: vec![SeasonDay { demand_factor: 1.0, rule: DayRule::Free }; day_count],
        leftover_value: 0.0,
        guard_rails: GuardRails {
            min_price: Some(decimal("40")),
            max_price: Some(decimal("200")),
            max_change_per_day: None,
            endings: PriceEndings::Tails(vec![0]),
            ..GuardRails::default()
        },
    }
}

fn poisson(mean: f64, count: usize) -> f64 {
    (-mean).exp() * mean.powi(count as i32) / (1..=count).map(|i| i as f64).product::<f64>()
}

/// Value of one policy, `policy[day][left]` being a price, by walking every outcome.
fn value_of(policy: &[Vec<f64>], day: usize, left: usize, leftover_value: f64) -> f64 {
    let Some(today) = policy.get(day) else { return leftover_value * left as f64 };
    let price = today[left];
    let mean = (price / 100.0_f64).powf(-2.0);
    let mut rest = 1.0;
    let mut value = 0.0;
    for asked in 0..left {
        let chance = poisson(mean, asked);
        rest -= chance;
        value += chance * (price * asked as f64 + value_of(policy, day + 1, left - asked, leftover_value));
    }
    value + rest * (price * left as f64 + value_of(policy, day + 1, 0, leftover_value))
}

/// The best of all policies over three prices, every one of them tried.
fn best_by_enumeration(prices: [f64; 3], stock: usize, days: usize, leftover_value: f64) -> f64 {
    let cells = days * (stock + 1);
    (0..3_usize.pow(cells as u32))
        .map(|mut code| {
            let mut policy = vec![vec![0.0; stock + 1]; days];
            for cell in policy.iter_mut().flatten() {
                *cell = prices[code % 3];
                code /= 3;
            }
            value_of(&policy, 0, stock, leftover_value)
        })
        .fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn small_seasons_earn_what_the_best_of_all_policies_earns() {
    for (stock, days, leftover_value) in [(2, 3, 0.0), (3, 2, 0.0), (1, 4, 10.0), (2, 2, 45.0), (2, 3, -20.0)] {
        let mut problem = coat(stock, days);
        problem.leftover_value = leftover_value;
        // Exactly 70, 100 and 130.
        problem.guard_rails = GuardRails {
            min_price: Some(decimal("70")),
            max_price: Some(decimal("130")),
            endings: PriceEndings::Tails(vec![0, 30, 70]),
            currency_exponent: 0,
            ..problem.guard_rails
        };
        let found = plan_season(&problem).unwrap();
        let best = best_by_enumeration([70.0, 100.0, 130.0], stock as usize, days, leftover_value);
        assert!((found.expected_value - best).abs() < 1e-6, "{stock} {days}: {} not {best}", found.expected_value);
    }
}

#[test]
fn fewer_units_and_more_days_raise_the_price() {
    let plan = plan_season(&coat(30, 20)).unwrap();
    let price = |day: usize, left: u32| plan.price_on(day, left, decimal("100")).unwrap();
    for day in [0, 5, 12] {
        let by_stock: Vec<Decimal> = (1..=30).map(|left| price(day, left)).collect();
        assert!(by_stock.is_sorted_by(|a, b| a >= b) && by_stock[0] > by_stock[29], "{by_stock:?}");
    }
    for left in [2, 8, 20] {
        let by_day: Vec<Decimal> = (0..20).map(|day| price(day, left)).collect();
        assert!(by_day.is_sorted_by(|a, b| a >= b) && by_day[0] > by_day[19], "{by_day:?}");
    }
}

#[test]
fn what_would_be_left_is_sold_off_before_the_end() {
    let problem = coat(25, 20);
    let plan = plan_season(&problem).unwrap();
    let left = plan.steps.last().unwrap().left_units;
    assert!(left < 1.0 && plan.sell_out_probability > 0.5, "{left} {}", plan.sell_out_probability);
    // At elasticity −2 revenue always likes a lower price: the shelf is emptied as slowly as it can be.
    let prices: Vec<f64> = plan.steps.iter().map(|step| step.mean_price).collect();
    assert!(prices[0] > 80.0 && prices[0] < 110.0, "{prices:?}");
    let kept = SeasonProblem { leftover_value: 90.0, ..problem };
    assert!(plan_season(&kept).unwrap().steps.last().unwrap().left_units > 5.0);
}

#[test]
fn moving_with_the_stock_beats_every_fixed_price_and_stays_below_the_bound_of_certain_demand() {
    for (stock, days) in [(5, 20), (20, 20), (60, 20), (9, 45)] {
        let plan = plan_season(&coat(stock, days)).unwrap();
        let fixed = plan.best_fixed.1;
        // Weak duality: whatever a unit of stock is worth, certain demand earns at least as much as uncertain demand.
        let bound = (0..=2_000)
            .map(|tenth| {
                let unit = f64::from(tenth) * 0.1;
                let best = (40..=200).map(|price| (f64::from(price) / 100.0).powf(-2.0) * (f64::from(price) - unit));
                days as f64 * best.fold(0.0, f64::max) + unit * f64::from(stock)
            })
            .fold(f64::INFINITY, f64::min);
        assert!(plan.expected_value > fixed * 1.001, "{} {fixed}", plan.expected_value);
        assert!(plan.expected_value < bound && plan.expected_value > 0.85 * bound, "{} {bound}", plan.expected_value);
    }
}

#[test]
fn the_price_keeps_its_step_from_day_to_day_and_rests_on_frozen_days() {
    let mut problem = coat(60, 12);
    problem.guard_rails.max_change_per_day = Some(Ratio::from_percent(5));
    problem.guard_rails.endings = PriceEndings::Any;
    problem.days[0].rule = DayRule::Frozen;
    problem.days[4].rule = DayRule::Frozen;
    let plan = plan_season(&problem).unwrap();
    assert_eq!((plan.price, plan.binding), (decimal("100"), Some(Constraint::FrozenDay)));
    let mut before = problem.current_price;
    for day in 0..12 {
        for left in [1, 10, 40, 60] {
            let price = plan.price_on(day, left, before).unwrap();
            assert!((price - before).abs() <= before * decimal("0.05"), "day {day}: {before} to {price}");
            assert!(problem.days[day].rule == DayRule::Free || price == before);
        }
        before = plan.price_on(day, 40, before).unwrap();
    }
    assert!(before < decimal("70"), "sixty coats in twelve days need lower prices than {before}");
    problem.days[0].rule = DayRule::Free;
    assert_eq!(plan_season(&problem).unwrap().binding, Some(Constraint::MaxChangePerDay));
}

#[test]
fn a_thousand_times_the_stock_and_demand_is_the_same_season() {
    let small = plan_season(&coat(100, 30)).unwrap();
    let mut large = coat(100_000, 30);
    large.demand.baseline_quantity = 1_000.0;
    let large = plan_season(&large).unwrap();
    let ratio = large.expected_value / small.expected_value / 1_000.0;
    // Luck evens out over many buyers: a little more is earned from each unit.
    assert!((1.0..1.05).contains(&ratio), "{ratio}");
    assert!((large.price - small.price).abs() < decimal("8"), "{} {}", large.price, small.price);
}

#[test]
fn seasons_without_stock_demand_or_sense() {
    let price = |problem: &SeasonProblem| plan_season(problem).unwrap().price;
    let empty = coat(0, 5);
    assert_eq!(plan_season(&empty).unwrap().expected_value, 0.0);
    assert_eq!(price(&empty), decimal("100"));
    let mut unwanted = coat(10, 5);
    unwanted.demand.baseline_quantity = 0.0;
    assert_eq!((price(&unwanted), plan_season(&unwanted).unwrap().expected_value), (decimal("100"), 0.0));
    let mut stormed = coat(3, 5);
    stormed.demand.baseline_quantity = 1e9;
    let plan = plan_season(&stormed).unwrap();
    assert_eq!((plan.price, plan.binding), (decimal("200"), Some(Constraint::MaxPrice)));
    assert!((plan.expected_value.to_f64().unwrap() - 600.0).abs() < 1e-6);
    let endless = SeasonProblem { days: Vec::new(), ..coat(3, 5) };
    assert!(plan_season(&endless).unwrap_err().to_string().contains("at least one day"));
    let mut broken = coat(3, 5);
    broken.guard_rails.min_price = Some(decimal("120"));
    assert!(plan_season(&broken).unwrap_err().to_string().contains("breaks your minimum price"));
}
