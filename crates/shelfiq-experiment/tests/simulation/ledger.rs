//! What the decision ledger says, and what it does not say.

use chrono::{Days, NaiveDate};
use shelfiq_core::{CurrencyCode, Money, Quantity, Sku};
use shelfiq_experiment::{
    DayQuality, DecisionCase, EffectAnswer, EffectMethod, MeasureOptions, MeasuredEffect, ReadingOptions, SalesDay,
    SalesHistory, TestLimits, Weakness, measure_by_peers, measure_by_test, read_price_test, reconcile,
    schedule_price_test,
};
use shelfiq_pricing::ElasticityBelief;

use crate::shop::{Shop, count, date, plan, rng, sales_day};

fn first_day() -> NaiveDate {
    date("2024-07-03")
}

/// Half a year before and four weeks after; every Sku sells about `units` a day.
fn case(units: f64, peers: usize) -> DecisionCase {
    let mut rng = rng(11);
    let mut history = |name: String| SalesHistory {
        sku: Sku::new(&name).unwrap(),
        days: (0..182 + 28)
            .map(|age| sales_day(first_day() - Days::new(182) + Days::new(age), count(units, 1.3, &mut rng)))
            .collect(),
    };
    DecisionCase {
        currency: CurrencyCode::EUR,
        first_day: first_day(),
        through: first_day() + Days::new(27),
        decided: history("DECIDED".to_owned()),
        peers: (0..peers).map(|index| history(format!("PEER-{index}"))).collect(),
    }
}

fn answer(case: &DecisionCase) -> EffectAnswer {
    measure_by_peers(case, &MeasureOptions::default()).unwrap()
}

fn measured(answer: EffectAnswer) -> MeasuredEffect {
    match answer {
        EffectAnswer::Measured { effect } => *effect,
        other => panic!("{other:?}"),
    }
}

#[test]
fn before_the_measured_days_are_over_it_is_too_early() {
    let mut case = case(20.0, 12);
    case.through = first_day() + Days::new(26);
    let EffectAnswer::TooEarly { ready_on, summary } = answer(&case) else { panic!("an answer before its time") };
    assert_eq!(ready_on, date("2024-07-31"));
    assert_eq!(
        summary,
        "Too early: the effect of DECIDED since 2024-07-03 is measured over 28 days. Ask again on 2024-07-31."
    );
}

#[test]
fn without_comparable_products_or_sales_there_is_no_number() {
    let EffectAnswer::NoComparableProducts { found: 3, needed: 5, .. } = answer(&case(20.0, 3)) else {
        panic!("three peers are too few")
    };
    assert!(matches!(answer(&case(0.05, 12)), EffectAnswer::TooFewSales { .. }));
    let mut sold_out = case(20.0, 12);
    sold_out.decided.days.iter_mut().rev().take(20).for_each(|day| day.quality = DayQuality::Censored);
    assert!(matches!(answer(&sold_out), EffectAnswer::TooFewSales { .. }));
}

#[test]
fn windows_beyond_the_calendar_or_not_of_whole_weeks_are_refused() {
    let mut far = case(20.0, 12);
    far.first_day = NaiveDate::MIN;
    assert!(measure_by_peers(&far, &MeasureOptions::default()).is_err());
    for (measure_days, history_days) in [(10, 182), (0, 182), (u32::MAX / 7 * 7, 182), (28, u32::MAX)] {
        let options = MeasureOptions { measure_days, history_days, ..MeasureOptions::default() };
        assert!(measure_by_peers(&case(20.0, 12), &options).is_err(), "{options:?}");
    }
}

#[test]
fn the_answer_does_not_change_with_the_day_on_which_one_looks() {
    let early = case(20.0, 12);
    let mut late = early.clone();
    late.through = first_day() + Days::new(90);
    for history in std::iter::once(&mut late.decided).chain(&mut late.peers) {
        history.days.extend((28..90).map(|age| sales_day(first_day() + Days::new(age), 1_000)));
        history.days.reverse();
    }
    assert_eq!(answer(&early), answer(&late));
}

#[test]
fn empty_shelves_are_left_out_and_named_and_a_long_gap_of_a_peer_leaves_it_out() {
    let mut case = case(20.0, 12);
    let clean = measured(answer(&case));
    assert_eq!(clean.weaknesses, [Weakness::NotRandomised, Weakness::PeersMayShareBuyers]);
    let sold_out = case.decided.days.len() - 5;
    case.decided.days[sold_out].quality = DayQuality::Censored;
    case.decided.days[sold_out].units = Quantity::ZERO;
    case.peers[0].days.drain(20..150);
    let effect = measured(answer(&case));
    assert_eq!(effect.days_measured, 27);
    assert!(effect.weaknesses.contains(&Weakness::CensoredDays));
    assert!(effect.peers.iter().all(|peer| peer.sku.as_str() != "PEER-0"));
    assert!((effect.peers.iter().map(|peer| peer.weight).sum::<f64>() - 1.0).abs() < 1e-6);
}

#[test]
fn what_the_ledger_claims_and_the_counterfactual_make_up_the_books_to_the_cent() {
    for seed in 0..50 {
        let mut rng = rng(seed);
        let mut case = case(7.0, 8);
        // Odd cents, returns and days without a sale.
        for day in &mut case.decided.days {
            let cents = count(3.0, 2.0, &mut rng) - 2;
            day.revenue = day.revenue.plus(Money::from_minor(cents, CurrencyCode::EUR)).unwrap();
        }
        case.decided.days[190].units = Quantity::new(-2);
        case.decided.days[190].revenue = Money::from_minor(-4_001, CurrencyCode::EUR);
        let effect = measured(answer(&case));
        let books: Vec<SalesDay> = case.decided.days.iter().copied().filter(|day| day.day >= case.first_day).collect();
        let statement = reconcile(&books, &effect.counterfactual).unwrap();
        let booked: i64 = books.iter().map(|day| day.revenue.minor() - day.cost.unwrap().minor()).sum();
        let margin = statement.margin.unwrap();
        assert_eq!(margin.actual.minor(), booked);
        assert_eq!(margin.claimed.plus(margin.counterfactual).unwrap(), margin.actual);
        assert_eq!(effect.margin.unwrap().expected, margin.claimed);
        assert_eq!(effect.revenue.expected, statement.revenue.claimed);
    }
}

const SHOP: Shop =
    Shop { units_per_day: 30.0, dispersion: 1.5, week_log_sd: 0.1, drift: 0.0, elasticity: -2.5, groups: 1 };

/// Share of tests whose 95 % interval holds the true effect of the highest price, and share that claim an effect.
fn by_test(elasticity: f64, groups: usize, seeds: std::ops::Range<u64>) -> [f64; 2] {
    let runs = (seeds.end - seeds.start) as f64;
    let (mut held, mut claimed) = (0.0, 0.0);
    for seed in seeds {
        let mut rng = rng(seed);
        let shop = Shop { elasticity, groups, ..SHOP };
        let weather = shop.weather(&mut rng);
        let question = shop.question(ElasticityBelief { mean: -2.0, sd: 1.2 }, &weather, &mut rng);
        let plan = plan(&question, &TestLimits::default()).unwrap();
        let schedule = schedule_price_test(&plan, first_day(), &[], seed).unwrap();
        let sales = shop.run(&schedule, &weather, &mut rng);
        let price = *plan.prices.last().unwrap();
        let end = schedule.days.last().unwrap().day;
        let effect = measured(measure_by_test(&plan, &schedule, &sales, &[], price, end).unwrap());
        let log_ratio = (f64::try_from(price).unwrap() / crate::shop::PRICE).ln();
        let truth = (elasticity * log_ratio).exp() - 1.0;
        // The interval in units is relative to what was sold; the truth, to what would have been.
        let sold = effect.units.expected + effect.units.expected / effect.units.expected_ratio;
        let [lo, hi] = effect.units.interval_95.map(|units| units / (sold - units));
        held += f64::from(u8::from(lo <= truth && truth <= hi));
        claimed += f64::from(u8::from(hi < 0.0 || lo > 0.0));
    }
    [held / runs, claimed / runs]
}

#[test]
fn the_effect_of_a_tested_price_lies_in_its_interval_and_none_is_claimed_without() {
    for groups in [1, 2] {
        let [held, found] = by_test(-2.5, groups, 200_000..200_200);
        let [_, claimed] = by_test(0.0, groups, 201_000..201_200);
        println!("{groups} groups: held {held:.3}, found {found:.3}, claimed without effect {claimed:.3}");
        assert!(held >= 0.9 && claimed <= 0.05, "held {held:.3}, claimed {claimed:.3}");
    }
}

#[test]
fn the_effect_of_a_tested_price_reconciles_and_waits_for_its_first_round() {
    let mut rng = rng(3);
    let weather = SHOP.weather(&mut rng);
    let question = SHOP.question(ElasticityBelief { mean: -2.0, sd: 1.2 }, &weather, &mut rng);
    let plan = plan(&question, &TestLimits::default()).unwrap();
    let schedule = schedule_price_test(&plan, first_day(), &[], 9).unwrap();
    let sales = SHOP.run(&schedule, &weather, &mut rng);
    let price = *plan.prices.last().unwrap();
    let early = measure_by_test(&plan, &schedule, &sales, &[], price, first_day() + Days::new(3)).unwrap();
    let EffectAnswer::TooEarly { ready_on, .. } = early else { panic!("{early:?}") };
    assert_eq!(ready_on, first_day() + Days::new(u64::from(plan.round_days)));

    let end = schedule.days.last().unwrap().day;
    let effect = measured(measure_by_test(&plan, &schedule, &sales, &[], price, end).unwrap());
    assert_eq!(effect.method, EffectMethod::SwitchBack);
    let margin = effect.margin.unwrap();
    let unit_margin = |price: rust_decimal::Decimal| price - question.unit_cost.unwrap();
    let sold: i64 = sales
        .iter()
        .zip(&schedule.days)
        .filter(|(sale, day)| sale.price == price && day.groups[0].role == shelfiq_experiment::DayRole::Counted)
        .map(|(sale, _)| sale.units.units())
        .sum();
    let actual = unit_margin(price) * rust_decimal::Decimal::from(sold);
    let would_be = effect.counterfactual.days.iter().map(|day| day.units).sum::<rust_decimal::Decimal>();
    let claimed = actual - unit_margin(question.current_price) * would_be;
    assert_eq!(margin.expected.to_major(), claimed.round_dp(2));
    assert!(read_price_test(&plan, &schedule, &sales, end, &ReadingOptions::default()).is_ok());
    println!("{}", effect.summary);
}

#[test]
fn what_buyers_paid_is_claimed_and_not_what_was_asked() {
    let mut rng = rng(4);
    let weather = SHOP.weather(&mut rng);
    let question = SHOP.question(ElasticityBelief { mean: -2.0, sd: 1.2 }, &weather, &mut rng);
    let plan = plan(&question, &TestLimits::default()).unwrap();
    let schedule = schedule_price_test(&plan, first_day(), &[], 9).unwrap();
    let sales = SHOP.run(&schedule, &weather, &mut rng);
    let (price, end) = (*plan.prices.last().unwrap(), schedule.days.last().unwrap().day);
    let at_list = measured(measure_by_test(&plan, &schedule, &sales, &[], price, end).unwrap());
    // A quarter of the price is tax: the books hold four fifths of it.
    let booked = |sale: &shelfiq_experiment::TestDay| {
        let units = rust_decimal::Decimal::from(sale.units.units());
        let money = |amount| Money::from_major(amount, question.currency, shelfiq_core::Rounding::HalfEven).unwrap();
        SalesDay {
            day: sale.day,
            units: sale.units,
            revenue: money(sale.price * units / rust_decimal::Decimal::new(125, 2)),
            cost: question.unit_cost.map(|cost| money(cost * units)),
            quality: sale.quality,
        }
    };
    let books: Vec<SalesDay> = sales.iter().map(booked).collect();
    let as_booked = measured(measure_by_test(&plan, &schedule, &sales, &books, price, end).unwrap());
    assert_eq!(as_booked.units, at_list.units, "units are those of the test");
    let ratio = as_booked.revenue.expected.minor() as f64 / at_list.revenue.expected.minor() as f64;
    assert!((ratio - 0.8).abs() < 0.005, "{ratio}");
    let statement = reconcile(
        &books
            .iter()
            .filter(|day| as_booked.counterfactual.days.iter().any(|one| one.day == day.day))
            .copied()
            .collect::<Vec<_>>(),
        &as_booked.counterfactual,
    );
    assert_eq!(statement.unwrap().margin.unwrap().claimed, as_booked.margin.unwrap().expected);
}

#[test]
fn an_answer_survives_storage() {
    let effect = measured(answer(&case(20.0, 12)));
    let text = serde_json::to_string(&EffectAnswer::Measured { effect: Box::new(effect.clone()) }).unwrap();
    let stored = measured(serde_json::from_str(&text).unwrap());
    assert_eq!((stored.revenue, stored.margin), (effect.revenue, effect.margin));
    assert_eq!((stored.counterfactual, stored.summary), (effect.counterfactual, effect.summary));
}
