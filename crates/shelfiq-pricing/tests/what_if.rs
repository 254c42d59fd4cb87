//! The simulator against worlds whose truth is known.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal, Poisson};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use shelfiq_pricing::{
    DayOutlook, ElasticityBelief, Outlook, Plan, PriceSupport, Promotion, SimulateOptions, Simulation, Warning,
    simulate,
};

const DAYS: usize = 28;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn outlook() -> Outlook {
    Outlook {
        days: vec![DayOutlook { mean_units: 6.0, sd_units: 3.0 }; DAYS],
        level_log_sd: 0.15,
        elasticity: ElasticityBelief { mean: -2.0, sd: 0.4 },
        support: Some(PriceSupport { min: 9.0, max: 11.0 }),
        promotion: Some(ElasticityBelief { mean: 0.4, sd: 0.1 }),
        rival_elasticity: Some(ElasticityBelief { mean: 0.8, sd: 0.2 }),
        rival_follows: None,
    }
}

fn plan() -> Plan {
    let mut plan = Plan::steady(decimal("10.00"), DAYS, Some(decimal("6.00")));
    plan.stock_units = Some(400.0);
    plan.days.iter_mut().for_each(|day| day.rival_price = Some(decimal("10.50")));
    plan
}

fn priced(price: &str) -> Plan {
    let mut plan = plan();
    plan.days.iter_mut().for_each(|day| day.price = decimal(price));
    plan
}

fn run(scenario: &Plan) -> Simulation {
    simulate(&outlook(), &plan(), scenario, &SimulateOptions::default()).unwrap()
}

#[test]
fn a_plan_that_changes_nothing_equals_the_baseline_exactly() {
    let nothing = run(&plan());
    assert_eq!(nothing.scenario, nothing.baseline);
    assert_eq!((nothing.difference.units.lo, nothing.difference.units.hi), (0.0, 0.0));
    assert_eq!((nothing.difference.margin.unwrap().mean, nothing.difference.probability_better), (0.0, 0.0));
    assert_eq!(nothing.warnings, []);
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let text = || serde_json::to_string(&run(&priced("9.50"))).unwrap();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(text);
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(text);
    assert_eq!(alone, three);
    let other = SimulateOptions { seed: 2, ..SimulateOptions::default() };
    assert_ne!(alone, serde_json::to_string(&simulate(&outlook(), &plan(), &priced("9.50"), &other).unwrap()).unwrap());
}

#[test]
fn prices_never_tried_widen_the_answer_and_are_said() {
    let width = |price: &str| {
        let found = run(&priced(price));
        ((found.scenario.units.hi / found.scenario.units.lo).ln(), found.warnings)
    };
    let (inside, silent) = width("11.00");
    let (outside, warned) = width("14.00");
    assert!(outside > 1.4 * inside, "{inside} {outside}");
    assert_eq!(silent, []);
    assert_eq!(warned, [Warning::NeverTried { day: 0, price: 14.0, tried_min: 9.0, tried_max: 11.0 }]);
    let believed = Outlook { support: None, ..outlook() };
    let found = simulate(&believed, &plan(), &priced("14.00"), &SimulateOptions::default()).unwrap();
    assert!((found.scenario.units.hi / found.scenario.units.lo).ln() < outside);
    assert_eq!(found.warnings, [Warning::TriedPricesUnknown]);
}

#[test]
fn every_lever_moves_what_it_should() {
    let cheaper = run(&priced("9.50"));
    assert!(cheaper.difference.units.lo > 0.0 && cheaper.difference.units.mean > 0.05 * cheaper.baseline.units.mean);

    let mut promoted = plan();
    promoted.days[..7].iter_mut().for_each(|day| day.promotion = Promotion::Promoted);
    let lift = run(&promoted).difference.units.mean / (7.0 * 6.0);
    assert!((lift - 0.49).abs() < 0.05, "{lift}");

    let mut rival = plan();
    rival.days.iter_mut().for_each(|day| day.rival_price = Some(decimal("8.40")));
    let loss = run(&rival).difference.units.mean / (DAYS as f64 * 6.0);
    assert!((loss - (0.8_f64.powf(0.8) - 1.0)).abs() < 0.02, "{loss}");

    let dearer = run(&Plan { unit_cost: Some(decimal("7.00")), ..plan() });
    assert_eq!(dearer.difference.units.hi, 0.0);
    assert!((dearer.difference.margin.unwrap().mean + dearer.baseline.units.mean).abs() < 1e-6);

    let mut short = Plan { stock_units: Some(60.0), ..plan() };
    let scarce = run(&short);
    assert!(scarce.scenario.stock_out.probability > 0.99 && scarce.scenario.units.hi <= 60.0);
    assert!((8..=12).contains(&scarce.scenario.stock_out.likely_day.unwrap()));
    short.days[8].delivered_units = 400.0;
    let refilled = run(&short);
    assert!(refilled.scenario.stock_out.probability < 0.6 && refilled.scenario.units.mean > 150.0);
}

#[test]
fn a_rival_that_follows_takes_part_of_what_a_lower_price_wins() {
    let sure = |mean| ElasticityBelief { mean, sd: 0.0 };
    let followed = Outlook {
        level_log_sd: 0.0,
        elasticity: sure(-2.0),
        rival_elasticity: Some(sure(0.8)),
        rival_follows: Some(sure(0.5)),
        ..outlook()
    };
    let factor = |outlook: &Outlook, scenario: &Plan| {
        let endless = |plan: &Plan| Plan { stock_units: None, ..plan.clone() };
        let options = SimulateOptions::default();
        let found = simulate(outlook, &endless(&plan()), &endless(scenario), &options).unwrap();
        found.scenario.units.mean / found.baseline.units.mean
    };
    assert!((factor(&followed, &priced("9.00")) - 0.9_f64.powf(-1.6)).abs() < 0.01);
    let unsure = Outlook { rival_follows: Some(ElasticityBelief { mean: 0.5, sd: 0.5 }), ..followed.clone() };
    assert!((factor(&unsure, &priced("9.00")) - 0.9_f64.powf(-1.6)).abs() < 0.01, "doubt widens and does not flatter");
    // With the rival's price supposed, or without a rival, there is no answer.
    let mut supposed = priced("9.00");
    supposed.days.iter_mut().for_each(|day| day.rival_price = Some(decimal("10.49")));
    assert!((factor(&followed, &supposed) - 0.9_f64.powf(-2.0)).abs() < 0.01);
}

#[test]
fn an_effect_that_is_unknown_is_said_and_not_guessed() {
    let ignorant = Outlook { promotion: None, rival_elasticity: None, ..outlook() };
    let mut changed = plan();
    changed.days[0].promotion = Promotion::Promoted;
    changed.days[1].rival_price = Some(decimal("5.00"));
    let found = simulate(&ignorant, &plan(), &changed, &SimulateOptions::default()).unwrap();
    assert_eq!(found.warnings, [Warning::PromotionEffectUnknown, Warning::RivalEffectUnknown]);
    assert_eq!(found.scenario, found.baseline);
}

#[test]
fn plans_that_cannot_be_are_refused() {
    let text = |outlook: &Outlook, plan: &Plan| {
        simulate(outlook, plan, plan, &SimulateOptions::default()).unwrap_err().to_string()
    };
    let short = Plan::steady(decimal("10"), 3, None);
    assert_eq!(text(&outlook(), &short), "the plan is 3 days long: it must be as long as the outlook");
    let free = priced("0");
    assert!(text(&outlook(), &free).contains("impossible on day 1"));
    let broken = Outlook { level_log_sd: f64::NAN, ..outlook() };
    assert!(text(&broken, &plan()).starts_with("the outlook is"));
}

/// A world drawn from what is believed, lived through once by samplers that the crate does not share.
fn coverage(seed: u64, worlds: usize) -> [f64; 4] {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut covered = [0.0; 4];
    for world in 0..worlds {
        let mean = rng.random_range(0.0_f64..4.0).exp();
        let dispersion = rng.random_range(0.05..0.6);
        let believed = Outlook {
            days: vec![DayOutlook { mean_units: mean, sd_units: (mean + dispersion * mean * mean).sqrt() }; DAYS],
            level_log_sd: rng.random_range(0.0..0.4),
            elasticity: ElasticityBelief { mean: rng.random_range(-3.5..-0.8), sd: rng.random_range(0.05..0.8) },
            support: Some(PriceSupport { min: 7.0, max: 14.0 }),
            promotion: None,
            rival_elasticity: None,
            rival_follows: None,
        };
        let price = rng.random_range(7.0_f64..14.0);
        let stock = mean * DAYS as f64 * rng.random_range(0.8..3.0);
        let baseline =
            Plan { stock_units: Some(stock.round()), ..Plan::steady(decimal("10"), DAYS, Some(decimal("6"))) };
        let mut scenario = baseline.clone();
        scenario.days.iter_mut().for_each(|day| day.price = Decimal::from_f64(price).unwrap());
        let options = SimulateOptions { seed: world as u64, draws: 1_000, ..SimulateOptions::default() };
        let found = simulate(&believed, &baseline, &scenario, &options).unwrap().scenario;

        let draw = |rng: &mut ChaCha8Rng, mean: f64, sd: f64| Normal::new(mean, sd).unwrap().sample(rng);
        let elasticity = draw(&mut rng, believed.elasticity.mean, believed.elasticity.sd);
        let level = draw(&mut rng, -0.5 * believed.level_log_sd.powi(2), believed.level_log_sd).exp();
        let (mut left, mut units, mut out) = (stock.round(), 0.0, false);
        for _ in 0..DAYS {
            let mu = mean * level * (price / 10.0).powf(elasticity);
            let rate = Gamma::new(1.0 / dispersion, mu * dispersion).unwrap().sample(&mut rng);
            let asked: f64 = if rate > 1e-12 { Poisson::new(rate).unwrap().sample(&mut rng) } else { 0.0 };
            let sold = asked.min(left);
            (left, units, out) = (left - sold, units + sold, out || asked > sold);
        }
        // Sold out is a whole outcome on the end of its interval: it is inside, whatever the rounding of sums.
        let holds = |spread: shelfiq_pricing::Spread, value: f64| {
            let slack = 1e-9 * value.abs();
            f64::from(u8::from(spread.lo <= value + slack && value - slack <= spread.hi))
        };
        covered[0] += holds(found.units, units);
        covered[1] += holds(found.revenue, units * price);
        covered[2] += holds(found.margin.unwrap(), units * (price - 6.0));
        covered[3] += f64::from(u8::from(out)) - found.stock_out.probability;
    }
    covered.map(|sum| sum / worlds as f64)
}

#[test]
fn eighty_percent_intervals_hold_the_truth_four_times_of_five() {
    let [units, revenue, margin, stock_out_excess] = coverage(11, 400);
    for share in [units, revenue, margin] {
        assert!((share - 0.8).abs() <= 0.05, "units {units}, revenue {revenue}, margin {margin}");
    }
    assert!(stock_out_excess.abs() <= 0.05, "{stock_out_excess}");
}
