//! Limits hold and the optimum is the optimum, over random problems.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::Ratio;
use shelfiq_pricing::{
    Action, AnnouncedReduction, DayRule, DemandModel, ElasticityBelief, GuardRails, Objective, OptimizeOptions,
    PriceAdvice, PriceEndings, PriceProblem, PriceSupport, PricingError, RivalBand, SupportPolicy, ends_well, evaluate,
    optimize, optimize_all,
};

const PROBLEMS: usize = 120_000;
const COMPARED_BY_BRUTE_FORCE: usize = 4_000;

fn maybe<T>(rng: &mut ChaCha8Rng, value: impl FnOnce(&mut ChaCha8Rng) -> T) -> Option<T> {
    if rng.random_bool(0.5) { Some(value(rng)) } else { None }
}

fn cents(rng: &mut ChaCha8Rng, around: f64, spread: f64) -> Decimal {
    let amount = around * (spread * (rng.random::<f64>() - 0.5)).exp();
    Decimal::new((amount * 100.0).round().max(1.0) as i64, 2)
}

fn percent(rng: &mut ChaCha8Rng, max: i64) -> Ratio {
    Ratio::new(Decimal::new(rng.random_range(0..=max * 10), 3))
}

fn random_problem(rng: &mut ChaCha8Rng) -> PriceProblem {
    let around = (rng.random::<f64>() * 6.0).exp();
    let current_price = cents(rng, around, 0.0);
    let endings = [PriceEndings::Any, PriceEndings::Charm, PriceEndings::Tails(vec![0, 49, 99])];
    PriceProblem {
        current_price,
        unit_cost: Some(cents(rng, around * 0.6, 1.0)),
        demand: DemandModel {
            baseline_price: around,
            baseline_quantity: (rng.random::<f64>() * 8.0 - 1.0).exp(),
            baseline_log_sd: maybe(rng, |rng| rng.random::<f64>() * 0.5).unwrap_or(0.0),
            elasticity: ElasticityBelief { mean: 0.5 - 4.0 * rng.random::<f64>(), sd: rng.random::<f64>() },
            rival_reaction: None,
            support: maybe(rng, |rng| {
                let (a, b) = (around * rng.random_range(0.7..1.3), around * rng.random_range(0.7..1.3));
                PriceSupport { min: a.min(b), max: a.max(b) }
            }),
        },
        stock_units: maybe(rng, |rng| (rng.random::<f64>() * 8.0 - 1.0).exp()),
        guard_rails: GuardRails {
            min_price: maybe(rng, |rng| cents(rng, around * 0.9, 0.4)),
            max_price: maybe(rng, |rng| cents(rng, around * 1.1, 0.4)),
            margin_floor: maybe(rng, |rng| percent(rng, 60)),
            max_change_per_day: maybe(rng, |rng| percent(rng, 20)),
            rival_band: maybe(rng, |rng| RivalBand {
                rival_price: cents(rng, around, 0.6),
                below: percent(rng, 30),
                above: percent(rng, 30),
            }),
            endings: endings[rng.random_range(0..3)].clone(),
            currency_exponent: 2,
            min_advertised_price: maybe(rng, |rng| cents(rng, around * 0.9, 0.4)),
            announced_reduction: rng.random_bool(0.1).then(|| AnnouncedReduction {
                reference_price: cents(rng, around * 1.05, 0.2),
                share_min: percent(rng, 10),
            }),
            day: if rng.random_bool(0.05) { DayRule::Frozen } else { DayRule::Free },
        },
        objective: [Objective::Revenue, Objective::Margin, Objective::Balanced][rng.random_range(0..3)],
    }
}

/// The limits once more, written independently of the crate.
fn breaks_a_limit(problem: &PriceProblem, price: Decimal) -> Option<&'static str> {
    let (rails, current, one) = (&problem.guard_rails, problem.current_price, Decimal::ONE);
    let cost = problem.unit_cost.unwrap();
    if rails.min_price.is_some_and(|min| price < min) {
        return Some("min_price");
    }
    if rails.max_price.is_some_and(|max| price > max) {
        return Some("max_price");
    }
    if rails.margin_floor.is_some_and(|floor| price - cost < price * floor.proportion()) {
        return Some("margin_floor");
    }
    if rails.max_change_per_day.is_some_and(|share| (price - current).abs() > current * share.proportion()) {
        return Some("max_change_per_day");
    }
    if let Some(band) = rails.rival_band {
        let lo = band.rival_price * (one - band.below.proportion());
        let hi = band.rival_price * (one + band.above.proportion());
        if price < lo.min(current) || price > hi.max(current) {
            return Some("rival_band");
        }
    }
    if rails.min_advertised_price.is_some_and(|min| price < min) {
        return Some("min_advertised_price");
    }
    if rails.announced_reduction.is_some_and(|wish| price > wish.reference_price * (one - wish.share_min.proportion()))
    {
        return Some("announced_reduction");
    }
    if rails.day == DayRule::Frozen && price != current {
        return Some("frozen_day");
    }
    let ending = price != current && !ends_well(price, &rails.endings, 2);
    ending.then_some("price_ending")
}

fn problems(seed: u64, count: usize) -> Vec<PriceProblem> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| random_problem(&mut rng)).collect()
}

#[test]
fn no_advice_ever_breaks_a_limit() {
    limits_hold(1, PROBLEMS);
}

#[test]
fn no_advice_in_a_million_breaks_a_limit() {
    for seed in 100..110 {
        limits_hold(seed, 100_000);
    }
}

fn limits_hold(seed: u64, count: usize) {
    let problems = problems(seed, count);
    let answers = optimize_all(&problems, &OptimizeOptions::default());
    let mut advised = 0;
    for (problem, answer) in problems.iter().zip(&answers) {
        let Ok(advice) = answer else { continue };
        advised += 1;
        assert_eq!(breaks_a_limit(problem, advice.recommended.price), None, "{problem:?}\n{advice:?}");
        assert!(advice.recommended.violations.is_empty(), "{problem:?}\n{advice:?}");
        numbers_make_sense(problem, advice);
        what_was_never_tried_is_said(problem, advice);
    }
    assert!(advised > count / 3, "only {advised} of {count} had an answer");
}

fn numbers_make_sense(problem: &PriceProblem, advice: &PriceAdvice) {
    let (new, gain) = (&advice.recommended, &advice.gain);
    for estimate in [new.quantity, new.revenue, new.margin.unwrap(), gain.amount] {
        assert!(estimate.lo <= estimate.expected && estimate.expected <= estimate.hi, "{problem:?}\n{advice:?}");
    }
    assert!(problem.stock_units.is_none_or(|stock| new.quantity.hi <= stock * (1.0 + 1e-9)), "{problem:?}\n{advice:?}");
    match advice.action {
        Action::Change => {
            assert!(gain.probability_positive >= 0.8 && gain.amount.expected > 0.0, "{problem:?}\n{advice:?}")
        }
        Action::Keep(_) => assert_eq!(new.price, problem.current_price),
        Action::Correct(_) => assert!(breaks_a_limit(problem, problem.current_price).is_some()),
    }
}

/// Outside the observed prices only to correct a broken limit or on the way back to them, and never silently.
fn what_was_never_tried_is_said(problem: &PriceProblem, advice: &PriceAdvice) {
    let (price, today) = (&advice.recommended.price, &problem.current_price);
    if price == today {
        return;
    }
    let Some(support) = problem.demand.support else {
        assert!(advice.reason.contains("It is not known which prices were tried"), "{problem:?}\n{advice:?}");
        return;
    };
    let amount = |price: &Decimal| price.to_f64().unwrap();
    let is_untried = amount(price) < support.min * (1.0 - 1e-9) || amount(price) > support.max * (1.0 + 1e-9);
    assert_eq!(advice.recommended.extrapolated, is_untried, "{problem:?}\n{advice:?}");
    assert_eq!(advice.reason.contains("This price was never tried"), is_untried, "{problem:?}\n{advice:?}");
    if is_untried && advice.action == Action::Change {
        let farther = support.log_distance(amount(today));
        assert!(support.log_distance(amount(price)) <= farther + 1e-9, "{problem:?}\n{advice:?}");
    }
}

#[test]
fn a_problem_without_an_answer_has_no_legal_price() {
    for problem in problems(2, 800) {
        let options = OptimizeOptions { support: SupportPolicy::AllowExtrapolation, ..OptimizeOptions::default() };
        let Err(error) = optimize(&problem, &options) else { continue };
        assert!(matches!(error, PricingError::Contradiction { .. } | PricingError::NoPrintablePrice { .. }), "{error}");
        assert!(breaks_a_limit(&problem, problem.current_price).is_some());
        let highest = (problem.current_price * Decimal::from(600)).trunc().try_into().unwrap_or(0_i64);
        let legal = (1..=highest.min(60_000))
            .map(|cents| Decimal::new(cents, 2))
            .find(|&price| breaks_a_limit(&problem, price).is_none());
        assert_eq!(legal, None, "{problem:?}\n{error}");
    }
}

#[test]
fn the_optimum_is_that_of_trying_every_printable_price() {
    let options = OptimizeOptions {
        confidence_required: 0.0,
        gain_share_min: 0.0,
        support: SupportPolicy::AllowExtrapolation,
        ..OptimizeOptions::default()
    };
    let mut compared = 0;
    for mut problem in problems(3, COMPARED_BY_BRUTE_FORCE) {
        // A window narrow enough that no rung is skipped.
        problem.guard_rails.max_change_per_day.get_or_insert(Ratio::from_percent(10));
        if problem.current_price > Decimal::from(40) {
            continue;
        }
        let Ok(advice) = optimize(&problem, &options) else { continue };
        let worth = |price: Decimal| {
            let outcome = evaluate(&problem, price, &options).unwrap();
            let (revenue, margin) = (outcome.revenue.expected, outcome.margin.unwrap().expected);
            match problem.objective {
                Objective::Revenue => revenue,
                Objective::Margin => margin,
                Objective::Balanced => 0.5 * (revenue + margin),
            }
        };
        let best = (1..=5_000)
            .map(|cents| Decimal::new(cents, 2))
            .chain([problem.current_price])
            .filter(|&price| breaks_a_limit(&problem, price).is_none())
            .map(worth)
            .fold(f64::NEG_INFINITY, f64::max);
        let reached = worth(advice.recommended.price);
        assert!((reached - best).abs() <= 1e-9 * best.abs().max(1.0), "{reached} of {best}: {problem:?}\n{advice:?}");
        compared += 1;
    }
    assert!(compared > 500, "only {compared} compared");
}

#[test]
fn advice_does_not_depend_on_the_company_a_problem_comes_in() {
    let problems = problems(4, 200);
    let together = optimize_all(&problems, &OptimizeOptions::default());
    for (problem, answer) in problems.iter().zip(together) {
        assert_eq!(optimize(problem, &OptimizeOptions::default()), answer);
    }
}
