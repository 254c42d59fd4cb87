//! Which price on which day, and which days count.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use shelfiq_core::Quantity;
use shelfiq_experiment::{
    DayQuality, DayRole, DropReason, PriceTestPlan, ReadingOptions, StopReason, TestLimits, TestReading, TestSchedule,
    TestVerdict, read_price_test, schedule_price_test,
};
use shelfiq_pricing::ElasticityBelief;

use crate::shop::{Shop, date, plan, rng};

const SHOP: Shop =
    Shop { units_per_day: 20.0, dispersion: 1.5, week_log_sd: 0.1, drift: 0.0, elasticity: -2.0, groups: 1 };

fn plan_of(shop: Shop) -> PriceTestPlan {
    let mut rng = rng(5);
    let weather = shop.weather(&mut rng);
    let question = shop.question(ElasticityBelief { mean: -2.0, sd: 1.2 }, &weather, &mut rng);
    plan(&question, &TestLimits::default()).unwrap()
}

/// A Thursday.
fn start() -> NaiveDate {
    date("2024-07-04")
}

#[test]
fn from_any_weekday_each_price_holds_each_weekday_equally_often() {
    let plan = plan_of(Shop { groups: 2, ..SHOP });
    let schedule = schedule_price_test(&plan, start(), &[], 3).unwrap();
    assert_eq!(schedule.days.len() as u32, plan.days());
    assert!(schedule.days.windows(2).all(|pair| pair[1].day == pair[0].day + Days::new(1)));
    let mut counts: BTreeMap<(usize, usize, u32), u32> = BTreeMap::new();
    for day in &schedule.days {
        for (group, planned) in day.groups.iter().enumerate() {
            assert_eq!(planned.price, plan.prices[planned.price_index]);
            *counts.entry((group, planned.price_index, day.day.weekday().num_days_from_monday())).or_default() += 1;
        }
    }
    let each = plan.days() / 7 / plan.prices.len() as u32;
    assert!(counts.len() == 2 * 7 * plan.prices.len() && counts.values().all(|&count| count == each), "{counts:?}");
}

#[test]
fn the_seed_decides_the_order_of_prices() {
    let plan = plan_of(SHOP);
    let order = |seed: u64| -> Vec<usize> {
        let schedule = schedule_price_test(&plan, start(), &[], seed).unwrap();
        schedule.days.iter().map(|day| day.groups[0].price_index).collect()
    };
    assert_eq!(order(1), order(1));
    let firsts = (0..400).filter(|&seed| order(seed)[0] == 0).count() as f64 / 400.0;
    assert!((firsts - 1.0 / plan.prices.len() as f64).abs() < 0.08, "the lowest price begins in {firsts}");
}

#[test]
fn days_after_a_change_are_washout_and_frozen_days_hold_their_price() {
    let plan = plan_of(SHOP);
    let free = schedule_price_test(&plan, start(), &[], 3).unwrap();
    // Freeze the first day on which the price would change.
    let change = (1..free.days.len()).find(|&i| free.days[i].groups[0].price != free.days[i - 1].groups[0].price);
    let change = change.unwrap();
    assert_eq!(free.days[change].groups[0].role, DayRole::Washout);
    assert_eq!(free.days[change + 1].groups[0].role, DayRole::Counted);
    let held = schedule_price_test(&plan, start(), &[free.days[change].day], 3).unwrap();
    let entry = |index: usize| held.days[index].groups[0];
    assert_eq!((entry(change).role, entry(change).price), (DayRole::Frozen, entry(change - 1).price));
    assert_eq!(
        (entry(change + 1).role, entry(change + 1).price),
        (DayRole::Washout, free.days[change].groups[0].price)
    );
}

#[test]
fn a_round_lost_to_holidays_is_run_again_and_endless_holidays_are_refused() {
    let plan = plan_of(SHOP);
    let fortnight: Vec<NaiveDate> = start().iter_days().skip(1).take(plan.round_days as usize - 1).collect();
    let schedule = schedule_price_test(&plan, start(), &fortnight, 3).unwrap();
    assert_eq!(schedule.days.len() as u32, plan.days() + plan.round_days);
    let year: Vec<NaiveDate> = start().iter_days().skip(1).take(366).collect();
    assert!(schedule_price_test(&plan, start(), &year, 3).is_err());
    let late = schedule_price_test(&plan, start(), &[start()], 3).unwrap();
    assert_eq!(late.days[0].day, start() + Days::new(1));
}

/// A plan with its sales, and what is read after so many days.
fn read(change_sales: impl Fn(&mut Vec<shelfiq_experiment::TestDay>), days: usize) -> TestReading {
    let (plan, schedule, mut sales) = sold();
    change_sales(&mut sales);
    read_price_test(&plan, &schedule, &sales, schedule.days[days - 1].day, &ReadingOptions::default()).unwrap()
}

fn sold() -> (PriceTestPlan, TestSchedule, Vec<shelfiq_experiment::TestDay>) {
    let mut rng = rng(5);
    let plan = plan_of(SHOP);
    let schedule = schedule_price_test(&plan, start(), &[], 3).unwrap();
    let weather = SHOP.weather(&mut rng);
    let sales = SHOP.run(&schedule, &weather, &mut rng);
    (plan, schedule, sales)
}

#[test]
fn days_that_do_not_tell_demand_are_left_out_and_named() {
    let reading = read(
        |sales| {
            let counted: Vec<usize> = (2..sales.len()).filter(|&i| sales[i].price == sales[i - 2].price).collect();
            // An empty shelf and a wrong price would both ruin the estimate if they counted.
            sales[counted[0]].quality = DayQuality::Censored;
            sales[counted[0]].units = Quantity::ZERO;
            sales[counted[1]].price += rust_decimal::Decimal::ONE;
            sales[counted[1]].units = Quantity::new(100_000);
            sales.remove(counted[2]);
        },
        28,
    );
    for reason in [DropReason::Censored, DropReason::OtherPrice, DropReason::Missing] {
        let days = reading.days_dropped.iter().find(|dropped| dropped.reason == reason).map(|dropped| dropped.days);
        assert_eq!(days, Some(1), "{reason:?}");
    }
    let untouched = read(|_| {}, 28);
    assert_eq!(untouched.days_counted, reading.days_counted + 3);
    assert!((untouched.belief.mean - reading.belief.mean).abs() < 2.0 * untouched.belief.sd);
}

#[test]
fn only_whole_rounds_speak_and_the_order_of_rows_does_not_matter() {
    let (plan, _, _) = sold();
    let round = plan.round_days as usize;
    let (whole, more) = (read(|_| {}, round), read(|_| {}, 2 * round - 1));
    assert_eq!((whole.elasticity, whole.belief), (more.elasticity, more.belief));
    assert_eq!(read(|_| {}, 2 * round), read(|sales| sales.reverse(), 2 * round));
}

#[test]
fn before_the_first_round_ends_the_belief_is_what_it_was() {
    let reading = read(|_| {}, 3);
    assert_eq!(reading.belief, ElasticityBelief { mean: -2.0, sd: 1.2 });
    assert_eq!((reading.elasticity, reading.verdict), (None, TestVerdict::Continue));
    println!("{}\n{}", reading.summary, read(|_| {}, 28).summary);
}

#[test]
fn a_test_stops_when_it_has_cost_as_much_as_it_may() {
    let (mut plan, schedule, sales) = sold();
    plan.cost_max = Some(shelfiq_core::Money::from_minor(i64::MIN / 2, plan.question.currency));
    let reading = read_price_test(&plan, &schedule, &sales, schedule.days[2].day, &ReadingOptions::default()).unwrap();
    assert_eq!(reading.verdict, TestVerdict::Stop(StopReason::CostLimit));
}

#[test]
fn a_schedule_of_another_plan_and_a_start_beyond_the_calendar_are_refused() {
    let (plan, mut schedule, sales) = sold();
    assert!(schedule_price_test(&plan, NaiveDate::MAX, &[], 3).is_err());
    schedule.days[4].groups[0].price_index = 7;
    let error = read_price_test(&plan, &schedule, &sales, start(), &ReadingOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("a day of the schedule is 2024-07-08"), "{error}");
}
