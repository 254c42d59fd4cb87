//! Shared limits against brute force, and large portfolios against the bound.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::Ratio;
use shelfiq_pricing::{
    Action, Constraint, DemandModel, ElasticityBelief, FamilyGap, GuardRails, KeepReason, Objective, OptimizeOptions,
    Portfolio, PortfolioError, PortfolioLimit, PortfolioLimits, PriceEndings, PriceProblem, evaluate,
    optimize_portfolio, pareto_front,
};

fn options() -> OptimizeOptions {
    OptimizeOptions::default()
}

fn random_problem(rng: &mut ChaCha8Rng) -> PriceProblem {
    let price = rng.random_range(8.0_f64..40.0).round() + 0.99;
    PriceProblem {
        current_price: Decimal::new((price * 100.0).round() as i64, 2),
        unit_cost: Some(Decimal::new((price * rng.random_range(30.0..75.0)).round() as i64, 2)),
        demand: DemandModel {
            baseline_price: price,
            baseline_quantity: rng.random_range(1.0_f64..5.0).exp(),
            baseline_log_sd: 0.0,
            elasticity: ElasticityBelief { mean: rng.random_range(-4.0..-0.8), sd: 0.2 },
            rival_reaction: None,
            support: None,
        },
        stock_units: None,
        guard_rails: GuardRails {
            endings: PriceEndings::Tails(vec![99]),
            max_change_per_day: Some(Ratio::from_percent(12)),
            ..GuardRails::default()
        },
        objective: Objective::Margin,
    }
}

fn random_portfolio(rng: &mut ChaCha8Rng, count: usize) -> Portfolio {
    let problems: Vec<PriceProblem> = (0..count).map(|_| random_problem(rng)).collect();
    let (units, revenue, margin) = today(&problems);
    let limits = PortfolioLimits {
        margin_min: rng.random_bool(0.3).then(|| margin * rng.random_range(0.9..1.1)),
        revenue_min: rng.random_bool(0.4).then(|| revenue * rng.random_range(0.95..1.08)),
        units_min: rng.random_bool(0.3).then(|| units * rng.random_range(0.9..1.1)),
        changes_max: rng.random_bool(0.4).then(|| rng.random_range(0..=count)),
        price_index_min: rng.random_bool(0.3).then(|| rng.random_range(0.92..1.05)),
        price_index_max: rng.random_bool(0.3).then(|| rng.random_range(0.95..1.08)),
    };
    let mut gaps = Vec::new();
    if rng.random_bool(0.5) {
        let (lower, upper) = (0, 1 + rng.random_range(0..count - 1));
        gaps.push(FamilyGap { lower, upper, least: Ratio::ZERO, most: rng.random_bool(0.3).then_some(Ratio::ONE) });
    }
    Portfolio { problems, gaps, limits }
}

/// Units, revenue and margin at today's prices.
fn today(problems: &[PriceProblem]) -> (f64, f64, f64) {
    problems.iter().fold((0.0, 0.0, 0.0), |(units, revenue, margin), problem| {
        let outcome = evaluate(problem, problem.current_price, &options()).unwrap();
        let earned = (outcome.revenue.expected, outcome.margin.unwrap().expected);
        (units + outcome.quantity.expected, revenue + earned.0, margin + earned.1)
    })
}

/// A legal price with the units, revenue and margin it brings.
type Legal = (Decimal, f64, f64, f64);

fn legal(problem: &PriceProblem) -> Vec<Legal> {
    (0..6_000)
        .map(|cents| Decimal::new(cents, 2))
        .filter(|&price| price > Decimal::ZERO && problem.guard_rails.check(price, &problem.context()).is_empty())
        .map(|price| {
            let outcome = evaluate(problem, price, &options()).unwrap();
            (price, outcome.quantity.expected, outcome.revenue.expected, outcome.margin.unwrap().expected)
        })
        .collect()
}

/// Every combination of legal prices that respects the limits: revenue, margin, price index.
fn feasible(portfolio: &Portfolio) -> Vec<[f64; 3]> {
    let ladders: Vec<_> = portfolio.problems.iter().map(legal).collect();
    let total = today(&portfolio.problems).1;
    let weights: Vec<f64> =
        portfolio.problems.iter().map(|problem| today(std::slice::from_ref(problem)).1 / total).collect();
    let mut found = Vec::new();
    let mut place = vec![0; ladders.len()];
    loop {
        let chosen: Vec<_> = place.iter().zip(&ladders).map(|(&k, ladder)| ladder[k]).collect();
        let sum = |of: fn(&Legal) -> f64| chosen.iter().map(of).sum::<f64>();
        let (units, revenue, margin) = (sum(|c| c.1), sum(|c| c.2), sum(|c| c.3));
        let todays = || portfolio.problems.iter().map(|problem| problem.current_price);
        let changes = chosen.iter().zip(todays()).filter(|(choice, today)| choice.0 != *today).count();
        let ratio = |(choice, today): (&Legal, Decimal)| (choice.0 / today).to_f64().unwrap();
        let index: f64 =
            chosen.iter().zip(todays()).map(ratio).zip(&weights).map(|(ratio, weight)| ratio * weight).sum();
        let limits = &portfolio.limits;
        let gaps_hold = portfolio.gaps.iter().all(|gap| {
            let (lower, upper) = (chosen[gap.lower].0, chosen[gap.upper].0);
            upper >= lower * (Decimal::ONE + gap.least.proportion())
                && gap.most.is_none_or(|most| upper <= lower * (Decimal::ONE + most.proportion()))
        });
        let slack = 1e-9;
        if gaps_hold
            && limits.margin_min.is_none_or(|limit| margin >= limit - slack)
            && limits.revenue_min.is_none_or(|limit| revenue >= limit - slack)
            && limits.units_min.is_none_or(|limit| units >= limit - slack)
            && limits.changes_max.is_none_or(|limit| changes <= limit)
            && limits.price_index_min.is_none_or(|limit| index >= limit - slack)
            && limits.price_index_max.is_none_or(|limit| index <= limit + slack)
        {
            found.push([revenue, margin, index]);
        }
        let Some(next) = (0..place.len()).find(|&i| place[i] + 1 < ladders[i].len()) else { return found };
        place[next] += 1;
        place[..next].fill(0);
    }
}

#[test]
fn small_portfolios_earn_what_trying_all_combinations_earns() {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    let (mut compared, mut impossible) = (0, 0);
    for _ in 0..250 {
        let count = rng.random_range(2..=6);
        let portfolio = random_portfolio(&mut rng, count);
        let best = feasible(&portfolio).into_iter().map(|[_, margin, _]| margin).max_by(f64::total_cmp);
        match (optimize_portfolio(&portfolio, &options()), best) {
            (Ok(found), Some(best)) => {
                assert!((found.value - best).abs() <= 1e-6 * best.abs().max(1.0), "{} not {best}", found.value);
                assert!((found.bound - best).abs() <= 1e-6 * best.abs().max(1.0), "proven");
                compared += 1;
            }
            (Err(_), None) => impossible += 1,
            (found, best) => panic!("{found:?}\n{best:?}\n{:?}", portfolio.limits),
        }
    }
    assert!(compared > 120 && impossible > 20, "{compared} compared, {impossible} impossible");
}

/// The limits once more, on the answer.
fn check(portfolio: &Portfolio, found: &shelfiq_pricing::PortfolioAdvice) {
    let limits = &portfolio.limits;
    let slack = 1e-6 * found.revenue;
    assert!(limits.margin_min.is_none_or(|limit| found.margin >= limit - slack));
    assert!(limits.revenue_min.is_none_or(|limit| found.revenue >= limit - slack));
    assert!(limits.units_min.is_none_or(|limit| found.units >= limit - slack));
    assert!(limits.changes_max.is_none_or(|limit| found.changes <= limit));
    assert!(limits.price_index_max.is_none_or(|limit| found.price_index <= limit + 1e-9));
    let price = |sku: usize| found.prices[sku].recommended.price;
    for gap in &portfolio.gaps {
        assert!(price(gap.upper) >= price(gap.lower) * (Decimal::ONE + gap.least.proportion()));
    }
    assert!(found.prices.iter().all(|advice| advice.recommended.violations.is_empty()));
}

#[test]
fn two_thousand_skus_come_within_a_thousandth_of_the_bound() {
    let mut rng = ChaCha8Rng::seed_from_u64(32);
    let mut problems: Vec<PriceProblem> = (0..2_000).map(|_| random_problem(&mut rng)).collect();
    problems.iter_mut().for_each(|problem| problem.guard_rails.endings = PriceEndings::Charm);
    let (units, revenue, margin) = today(&problems);
    let gaps = (0..600)
        .step_by(3)
        .filter(|&sku| {
            problems[sku].current_price <= problems[sku + 1].current_price
                && problems[sku + 1].current_price <= problems[sku + 2].current_price
        })
        .flat_map(|sku| {
            [sku, sku + 1].map(|lower| FamilyGap { lower, upper: lower + 1, least: Ratio::ZERO, most: None })
        })
        .collect();
    let limits = PortfolioLimits {
        margin_min: Some(1.01 * margin),
        revenue_min: Some(1.02 * revenue),
        units_min: Some(units),
        changes_max: Some(300),
        price_index_max: Some(1.0),
        ..PortfolioLimits::default()
    };
    let portfolio = Portfolio { problems, gaps, limits };
    let found = optimize_portfolio(&portfolio, &options()).unwrap();
    check(&portfolio, &found);
    assert!(found.bound - found.value <= 0.001 * found.bound, "{} of {}", found.value, found.bound);
    assert!(found.changes > 250 && found.binding.contains(&PortfolioLimit::ChangesMax), "{:?}", found.binding);
}

#[test]
fn a_family_keeps_its_order_and_says_so() {
    let mut rng = ChaCha8Rng::seed_from_u64(33);
    let mut small = random_problem(&mut rng);
    small.current_price = Decimal::new(1_299, 2);
    small.unit_cost = Some(Decimal::new(1_000, 2));
    small.demand =
        DemandModel { baseline_price: 12.99, elasticity: ElasticityBelief { mean: -1.2, sd: 0.1 }, ..small.demand };
    let mut large = small.clone();
    large.unit_cost = Some(Decimal::new(600, 2));
    large.demand.elasticity.mean = -3.5;
    let gap = FamilyGap { lower: 0, upper: 1, least: Ratio::ZERO, most: None };
    let portfolio = Portfolio { problems: vec![small, large], gaps: vec![gap], limits: PortfolioLimits::default() };
    let found = optimize_portfolio(&portfolio, &options()).unwrap();
    check(&portfolio, &found);
    let held: Vec<_> = found.prices.iter().filter_map(|advice| advice.binding).collect();
    assert!(held.contains(&Constraint::FamilyGap), "{held:?}");
    assert!(found.prices.iter().any(|advice| advice.reason.contains("but for the gap to another price of its family")));
}

#[test]
fn a_change_must_bring_its_least_gain_unless_a_shared_limit_needs_it() {
    let mut rng = ChaCha8Rng::seed_from_u64(36);
    let problems: Vec<PriceProblem> = (0..40).map(|_| random_problem(&mut rng)).collect();
    let free = Portfolio { problems, gaps: Vec::new(), limits: PortfolioLimits::default() };
    let all = optimize_portfolio(&free, &options()).unwrap();
    let gains = |found: &shelfiq_pricing::PortfolioAdvice| -> Vec<f64> {
        let changes = found.prices.iter().filter(|advice| advice.action == Action::Change);
        changes.map(|advice| advice.gain.amount.expected).collect()
    };
    let mut sorted = gains(&all);
    sorted.sort_by(f64::total_cmp);
    let floor = sorted[sorted.len() / 2] * 1.000_001;
    let with_floor = OptimizeOptions { gain_min: floor, ..options() };
    let worthwhile = optimize_portfolio(&free, &with_floor).unwrap();
    assert_eq!(worthwhile.changes, sorted.iter().filter(|&&gain| gain > floor).count());
    assert!(gains(&worthwhile).iter().all(|&gain| gain >= floor));
    let sum: f64 = worthwhile.prices.iter().map(|advice| advice.recommended.margin.unwrap().expected).sum();
    assert!((worthwhile.value - sum).abs() < 1e-6, "the least gain is not taken off what is told");
    assert!(worthwhile.bound >= worthwhile.value && worthwhile.value < all.value);
    let given_up: Vec<_> = worthwhile
        .prices
        .iter()
        .zip(&all.prices)
        .filter(|(with, without)| with.action != without.action)
        .map(|(with, without)| (with.action, with.reason.as_str(), without))
        .collect();
    assert_eq!(given_up.len(), all.changes - worthwhile.changes);
    for (action, reason, without) in given_up {
        assert_eq!(action, Action::Keep(KeepReason::TooSmall));
        let best = format!("the best alternative, {}", without.recommended.price);
        assert!(reason.contains(&best), "{reason}");
    }

    // Every unit more than that takes changes that would not be worth it alone.
    let limits = PortfolioLimits { units_min: Some(1.05 * worthwhile.units), ..PortfolioLimits::default() };
    let forced = Portfolio { limits, ..free };
    let found = optimize_portfolio(&forced, &with_floor).unwrap();
    check(&forced, &found);
    assert!(gains(&found).iter().any(|&gain| gain < floor), "a limit goes before a least gain");
}

#[test]
fn small_portfolios_with_a_least_gain_are_the_best_of_all_combinations() {
    let mut rng = ChaCha8Rng::seed_from_u64(37);
    for _ in 0..40 {
        let count = rng.random_range(2..=4);
        let portfolio = Portfolio { gaps: Vec::new(), ..random_portfolio(&mut rng, count) };
        let portfolio = Portfolio { limits: PortfolioLimits::default(), ..portfolio };
        let gain_min = rng.random_range(0.0..6.0);
        let found = optimize_portfolio(&portfolio, &OptimizeOptions { gain_min, ..options() }).unwrap();
        let best: f64 = portfolio
            .problems
            .iter()
            .map(|problem| {
                let kept = evaluate(problem, problem.current_price, &options()).unwrap().margin.unwrap().expected;
                let most = legal(problem).into_iter().map(|(_, _, _, margin)| margin).fold(kept, f64::max);
                if most - kept >= gain_min { most } else { kept }
            })
            .sum();
        assert!((found.value - best).abs() < 1e-6, "{} not {best}", found.value);
        assert!((found.bound - best).abs() < 1e-6, "proven");
    }
}

#[test]
fn what_cannot_be_is_said_by_name() {
    let mut rng = ChaCha8Rng::seed_from_u64(34);
    let problems: Vec<PriceProblem> = (0..5).map(|_| random_problem(&mut rng)).collect();
    let ask = |limits, gaps| {
        let portfolio = Portfolio { problems: problems.clone(), gaps, limits };
        optimize_portfolio(&portfolio, &options()).unwrap_err()
    };
    let too_much = PortfolioLimits { margin_min: Some(1e9), ..PortfolioLimits::default() };
    assert!(ask(too_much, vec![]).to_string().starts_with("the least total margin of 1000000000 is out of reach"));
    let both = PortfolioLimits { price_index_min: Some(1.05), changes_max: Some(0), ..PortfolioLimits::default() };
    assert_eq!(ask(both, vec![]), PortfolioError::NoneFound);
    let apart = FamilyGap { lower: 0, upper: 1, least: Ratio::from_percent(10_000), most: None };
    assert_eq!(ask(PortfolioLimits::default(), vec![apart]), PortfolioError::Family { index: 0 });
    let stranger = FamilyGap { upper: 9, ..apart };
    assert!(matches!(ask(PortfolioLimits::default(), vec![stranger]), PortfolioError::StrangeGap { count: 5, .. }));
}

#[test]
fn the_front_is_that_of_all_combinations() {
    let mut rng = ChaCha8Rng::seed_from_u64(35);
    for _ in 0..6 {
        let problems: Vec<PriceProblem> = (0..4).map(|_| random_problem(&mut rng)).collect();
        let portfolio = Portfolio { problems, gaps: Vec::new(), limits: PortfolioLimits::default() };
        let front = pareto_front(&portfolio, 6, &options()).unwrap();
        let all = feasible(&portfolio);
        let beats = |other: &[f64; 3], point: &shelfiq_pricing::FrontPoint, slack: f64| {
            other[0] >= point.revenue * (1.0 + slack)
                && other[1] >= point.margin * (1.0 + slack)
                && other[2] <= point.price_index * (1.0 - slack)
        };
        for point in &front {
            assert!(!all.iter().any(|other| beats(other, point, 1e-9)), "{point:?} is beaten");
        }
        let highest = |axis: usize| all.iter().map(|point| point[axis]).fold(f64::NEG_INFINITY, f64::max);
        let reached =
            |of: fn(&shelfiq_pricing::FrontPoint) -> f64| front.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        assert!((reached(|point| point.revenue) - highest(0)).abs() < 1e-6);
        assert!((reached(|point| point.margin) - highest(1)).abs() < 1e-6);
        assert!(front.len() >= 3 && front.is_sorted_by(|a, b| a.revenue <= b.revenue));
    }
}
