//! Rivals that follow our prices, or do not: what is told of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson, StandardNormal};
use rust_decimal::Decimal;
use shelfiq_pricing::{
    Control, ControlScale, DemandModel, DemandObservation, DemandPanel, DemandSeries, ElasticityOptions, ElasticityRow,
    GuardRails, Objective, OptimizeOptions, PriceProblem, TimeAxis, estimate_elasticities, optimize,
};

const OWN: f64 = -2.0;
const EFFECT: f64 = 0.8;

/// Skus that one rival sells as well, two years of weeks, prices that hold for about two months.
#[derive(Clone, Copy)]
struct Street {
    skus: usize,
    /// Per cent of the rival's price for one per cent of ours, as soon as it changes.
    follows: f64,
    /// Share of our changes that the rival answers at all, by as much more.
    answered: f64,
    /// Standard deviation of what costs do to both prices, each at the time of its own next change.
    cost_deviation: f64,
    /// Per cent of our price for one per cent of the rival's, as it was a week ago.
    we_follow: f64,
    /// Weeks at the end in which the rival no longer sells it.
    weeks_without: usize,
    scale: ControlScale,
}

const STREET: Street = Street {
    skus: 24,
    follows: 0.0,
    answered: 1.0,
    cost_deviation: 0.0,
    we_follow: 0.0,
    weeks_without: 0,
    scale: ControlScale::RivalPrice,
};
const WEEKS: usize = 104;
const CHANGES_PER_WEEK: f64 = 1.0 / 8.0;

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn live(street: Street, sku: usize, costs: &[f64], rng: &mut ChaCha8Rng) -> DemandSeries {
    let (mut price, mut whim_of_rival, mut cost_of_rival) = (0.0, 0.0, 0.0);
    let (mut rival_price, mut answer, mut is_answered) = (0.0, 0.0, true);
    let (mut observations, mut rival) = (Vec::new(), Vec::new());
    for (week, &cost) in costs.iter().enumerate() {
        if rng.random::<f64>() < CHANGES_PER_WEEK {
            price = 0.1 * normal(rng) + cost + street.we_follow * rival_price;
            is_answered = rng.random::<f64>() < street.answered;
        }
        if is_answered {
            answer = street.follows / street.answered * price;
        }
        if rng.random::<f64>() < CHANGES_PER_WEEK {
            (whim_of_rival, cost_of_rival) = (0.05 * normal(rng), cost);
        }
        rival_price = whim_of_rival + cost_of_rival + answer;
        let units = 60.0 * (OWN * price + EFFECT * rival_price).exp();
        observations.push(DemandObservation {
            day: 18_000 + 7 * week as i32,
            price: 20.0 * price.exp(),
            quantity: Poisson::new(units).unwrap().sample(rng),
            censored: false,
        });
        let is_gone = week + street.weeks_without >= WEEKS;
        rival.push(if is_gone { f64::NAN } else { 19.0 * rival_price.exp() });
    }
    DemandSeries { id: format!("sku {sku}"), groups: Vec::new(), observations, controls: vec![rival], unit_cost: None }
}

fn told(street: Street, seed: u64) -> Vec<ElasticityRow> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut cost = 0.0;
    let costs: Vec<f64> = (0..WEEKS)
        .map(|_| {
            cost += street.cost_deviation * normal(&mut rng);
            cost
        })
        .collect();
    let panel = DemandPanel {
        time: TimeAxis::CalendarDays,
        group_names: Vec::new(),
        controls: vec![Control { name: "rival".to_owned(), scale: street.scale }],
        series: (0..street.skus).map(|sku| live(street, sku, &costs, &mut rng)).collect(),
    };
    estimate_elasticities(&panel, &ElasticityOptions::default()).rows
}

/// Mean and mean standard deviation of what is believed of the Skus of some streets.
fn follows(street: Street) -> (f64, f64) {
    let rows: Vec<ElasticityRow> = (0..3).flat_map(|seed| told(street, seed)).collect();
    let beliefs: Vec<_> = rows.iter().map(|row| row.rival_reaction.unwrap().follows).collect();
    let count = beliefs.len() as f64;
    (beliefs.iter().map(|it| it.mean).sum::<f64>() / count, beliefs.iter().map(|it| it.sd).sum::<f64>() / count)
}

#[test]
fn rivals_that_follow_are_told_with_how_far_they_do() {
    for truth in [0.3, 0.6, 1.0] {
        let (mean, sd) = follows(Street { follows: truth, ..STREET });
        assert!((mean - truth).abs() < 0.08, "{truth}: {mean} ± {sd}");
        assert!(sd < 0.3, "{truth}: {mean} ± {sd}");
    }
}

#[test]
fn rivals_that_answer_one_change_in_two_leave_doubt_about_the_next() {
    let (always, sd_always) = follows(Street { follows: 0.5, ..STREET });
    let (sometimes, sd_sometimes) = follows(Street { follows: 0.5, answered: 0.5, ..STREET });
    assert!((always - sometimes).abs() < 0.15, "{always} {sometimes}");
    // The next change is answered by all or by nothing: a standard deviation of 0.5.
    assert!(sd_sometimes > 0.3 && sd_sometimes > 1.5 * sd_always, "{sd_always} {sd_sometimes}");
}

#[test]
fn the_own_elasticity_leaves_the_answer_of_rivals_out() {
    let rows = told(Street { follows: 0.6, ..STREET }, 5);
    let own = rows.iter().map(|row| row.belief.mean).sum::<f64>() / rows.len() as f64;
    let by_rivals: Vec<f64> = rows.iter().map(|row| row.rival_reaction.unwrap().elasticity().mean).collect();
    let by_rivals = by_rivals.iter().sum::<f64>() / by_rivals.len() as f64;
    assert!((own - OWN).abs() < 0.15, "{own}");
    assert!((by_rivals - 0.6 * EFFECT).abs() < 0.15, "{by_rivals}");
}

/// Share of Skus at 20.00, bought at 8.00, that are advised to ask less.
fn advised_to_cut(rows: &[ElasticityRow], counts_with_rivals: bool) -> f64 {
    let is_cut = |row: &&ElasticityRow| {
        let problem = PriceProblem {
            current_price: Decimal::from(20),
            unit_cost: Some(Decimal::from(8)),
            demand: DemandModel {
                baseline_price: 20.0,
                baseline_quantity: 240.0,
                baseline_log_sd: 0.0,
                elasticity: row.belief,
                rival_reaction: row.rival_reaction.filter(|_| counts_with_rivals),
                support: row.support,
            },
            stock_units: None,
            guard_rails: GuardRails::default(),
            objective: Objective::Margin,
        };
        optimize(&problem, &OptimizeOptions::default()).unwrap().recommended.price < problem.current_price
    };
    rows.iter().filter(is_cut).count() as f64 / rows.len() as f64
}

#[test]
fn cuts_that_rivals_would_answer_are_not_advised() {
    let rows: Vec<ElasticityRow> = (0..3).flat_map(|seed| told(Street { follows: 0.6, ..STREET }, seed)).collect();
    // An elasticity of −2 wants a price of 16.00; the −1.52 that the rivals leave of it want 23.40.
    let (without, with) = (advised_to_cut(&rows, false), advised_to_cut(&rows, true));
    assert!(without > 0.5 && with < 0.05, "{without} {with}");
}

#[test]
fn rivals_that_do_not_care_are_not_said_to_follow() {
    let (mean, sd) = follows(STREET);
    assert!(mean.abs() < 0.06, "{mean} ± {sd}");
}

#[test]
fn prices_that_move_together_for_other_reasons_are_no_answer() {
    let (by_costs, _) = follows(Street { cost_deviation: 0.02, ..STREET });
    assert!(by_costs.abs() < 0.1, "{by_costs}");
    let (by_us, _) = follows(Street { we_follow: 0.9, ..STREET });
    assert!(by_us.abs() < 0.1, "{by_us}");
}

#[test]
fn without_a_rival_nothing_is_told() {
    assert!(told(Street { weeks_without: 6, ..STREET }, 1).iter().all(|row| row.rival_reaction.is_none()));
    assert!(told(Street { scale: ControlScale::Log, ..STREET }, 1).iter().all(|row| row.rival_reaction.is_none()));
    assert!(told(Street { skus: 1, weeks_without: WEEKS, ..STREET }, 1)[0].rival_reaction.is_none());
}
