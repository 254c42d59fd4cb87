//! Attitudes to risk against sampled demand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_pricing::{
    DemandModel, ElasticityBelief, GuardRails, Objective, OptimizeOptions, PriceEndings, PriceProblem, RiskAttitude,
    optimize,
};

/// Tried at 10.00 only: the farther the price goes, the less is known.
fn jar(cost: &str, stock_units: Option<f64>) -> PriceProblem {
    PriceProblem {
        current_price: Decimal::new(1_000, 2),
        unit_cost: Some(cost.parse().unwrap()),
        demand: DemandModel {
            baseline_price: 10.0,
            baseline_quantity: 100.0,
            baseline_log_sd: 0.3,
            elasticity: ElasticityBelief { mean: -2.0, sd: 0.8 },
            rival_reaction: None,
            support: None,
        },
        stock_units,
        guard_rails: GuardRails {
            max_change_per_day: None,
            endings: PriceEndings::Tails(vec![0, 50]),
            ..GuardRails::default()
        },
        objective: Objective::Margin,
    }
}

fn price(problem: &PriceProblem, risk: RiskAttitude) -> f64 {
    let options = OptimizeOptions { risk, ..OptimizeOptions::best_guess() };
    let options = OptimizeOptions { reach: OptimizeOptions::default().reach, ..options };
    optimize(problem, &options).unwrap().recommended.price.to_f64().unwrap()
}

/// The best of the same prices when `judge` looks at sampled, ascending margins.
fn price_by_sampling(problem: &PriceProblem, judge: impl Fn(&[f64]) -> f64) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let draws: Vec<f64> = (0..20_000).map(|_| StandardNormal.sample(&mut rng)).collect();
    let (cost, stock) = (problem.unit_cost.unwrap().to_f64().unwrap(), problem.stock_units.unwrap_or(f64::INFINITY));
    let worth = |half_units: i32| {
        let price = f64::from(half_units) * 0.5;
        let log_sd = 0.3_f64.hypot(0.8 * (price / 10.0).ln());
        let mean = 100.0 * (price / 10.0_f64).powf(-2.0);
        let mut margins: Vec<f64> = draws
            .iter()
            .map(|z| (price - cost) * (mean * (z * log_sd - 0.5 * log_sd * log_sd).exp()).min(stock))
            .collect();
        margins.sort_by(f64::total_cmp);
        judge(&margins)
    };
    (4..=100).max_by(|&a, &b| worth(a).total_cmp(&worth(b))).map(|half_units| f64::from(half_units) * 0.5).unwrap()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn every_attitude_finds_the_price_that_sampling_finds() {
    for (cost, stock) in [("6.00", None), ("6.00", Some(60.0)), ("9.20", Some(500.0)), ("3.00", Some(150.0))] {
        let problem = jar(cost, stock);
        let lowest = |share: f64| move |margins: &[f64]| mean(&margins[..(share * margins.len() as f64) as usize]);
        let pairs = [
            (RiskAttitude::Neutral, price_by_sampling(&problem, mean)),
            (RiskAttitude::LowerQuantile(0.2), price_by_sampling(&problem, |margins| margins[margins.len() / 5])),
            (RiskAttitude::WorstShare(0.1), price_by_sampling(&problem, lowest(0.1))),
            (RiskAttitude::WorstShare(0.5), price_by_sampling(&problem, lowest(0.5))),
        ];
        for (risk, sampled) in pairs {
            let found = price(&problem, risk);
            // Neighbours on the ladder may differ by less than the noise of sampling.
            assert!((found - sampled).abs() <= 0.5, "{risk:?} at cost {cost}, stock {stock:?}: {found} not {sampled}");
        }
    }
}

#[test]
fn the_more_averse_the_nearer_to_the_price_that_is_known() {
    let problem = jar("6.50", None);
    let prices = [
        RiskAttitude::Neutral,
        RiskAttitude::WorstShare(0.5),
        RiskAttitude::WorstShare(0.2),
        RiskAttitude::WorstShare(0.05),
    ]
    .map(|risk| price(&problem, risk));
    assert!(prices.is_sorted_by(|a, b| a >= b) && prices[3] < prices[0] && prices[3] >= 10.0, "{prices:?}");
}

#[test]
fn doubt_moves_the_best_guess_only_through_the_limits() {
    let sure = PriceProblem {
        demand: DemandModel { elasticity: ElasticityBelief { mean: -2.0, sd: 0.0 }, ..jar("4.00", None).demand },
        ..jar("4.00", Some(130.0))
    };
    assert_eq!(price(&jar("4.00", Some(130.0)), RiskAttitude::BestGuess), price(&sure, RiskAttitude::BestGuess));
}

#[test]
fn a_share_of_cases_that_is_no_share_is_refused() {
    for share in [0.0, 1.0, -0.5, f64::NAN] {
        let options = OptimizeOptions { risk: RiskAttitude::LowerQuantile(share), ..OptimizeOptions::default() };
        assert!(optimize(&jar("6.00", None), &options).unwrap_err().to_string().contains("above zero and below one"));
    }
}
