//! No proposal breaks a limit, and the answer says when there is none.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Money, Ratio};
use shelfiq_experiment::{
    DailyDemand, ExperimentError, PriceTestPlan, PriceTestQuestion, TestGroup, TestLimits, TestProposal,
    propose_price_test,
};
use shelfiq_pricing::{
    Constraint, ElasticityBelief, GuardRails, Objective, PriceContext, PriceEndings, PriceSupport, RivalBand,
};

use crate::shop::rng;

fn demand(units_per_day: f64) -> DailyDemand {
    DailyDemand { units_per_day, dispersion: 1.4, week_log_sd: 0.1, weekday_weights: [1.0; 7], history_weeks: 26 }
}

fn question(price: Decimal) -> PriceTestQuestion {
    PriceTestQuestion {
        currency: CurrencyCode::EUR,
        current_price: price,
        unit_cost: Some(price * Decimal::new(6, 1)),
        objective: Objective::Margin,
        elasticity: ElasticityBelief { mean: -2.0, sd: 1.0 },
        support: None,
        guard_rails: GuardRails::default(),
        groups: vec![TestGroup { name: "all sales".to_owned(), demand: demand(30.0) }],
    }
}

/// A question with limits of every kind, some of them contradicting.
fn random_question(rng: &mut ChaCha8Rng) -> PriceTestQuestion {
    let price = Decimal::new(rng.random_range(50..50_000), 2);
    let part = |rng: &mut ChaCha8Rng, lo: i64, hi: i64| price * Decimal::new(rng.random_range(lo..hi), 2);
    let sometimes = |rng: &mut ChaCha8Rng| rng.random::<f64>() < 0.5;
    let mut question = question(price);
    question.unit_cost = Some(part(rng, 10, 110));
    question.objective = if sometimes(rng) { Objective::Margin } else { Objective::Revenue };
    question.elasticity = ElasticityBelief { mean: -4.0 * rng.random::<f64>(), sd: 0.1 + 2.0 * rng.random::<f64>() };
    question.guard_rails = GuardRails {
        min_price: sometimes(rng).then(|| part(rng, 70, 102)),
        max_price: sometimes(rng).then(|| part(rng, 98, 130)),
        margin_floor: sometimes(rng).then(|| Ratio::from_percent(rng.random_range(0..50))),
        max_change_per_day: sometimes(rng).then(|| Ratio::from_percent(rng.random_range(0..20))),
        rival_band: sometimes(rng).then(|| RivalBand {
            rival_price: part(rng, 80, 120),
            below: Ratio::from_percent(10),
            above: Ratio::from_percent(10),
        }),
        endings: if sometimes(rng) { PriceEndings::Charm } else { PriceEndings::Any },
        currency_exponent: 2,
        ..GuardRails::default()
    };
    let groups = rng.random_range(1..4);
    question.groups = (0..groups)
        .map(|group| TestGroup { name: format!("channel {group}"), demand: demand(1.0 + 50.0 * rng.random::<f64>()) })
        .collect();
    question
}

fn plan(proposal: TestProposal) -> Option<Box<PriceTestPlan>> {
    match proposal {
        TestProposal::Run { plan } => Some(plan),
        TestProposal::OutOfReach { closest, .. } => closest,
        TestProposal::AlreadySure { .. } => None,
    }
}

fn is_legal(question: &PriceTestQuestion, from: Decimal, to: Decimal) -> bool {
    let context = PriceContext { current_price: from, unit_cost: question.unit_cost };
    let back = to == question.current_price;
    question.guard_rails.check(to, &context).iter().all(|one| back && one.constraint == Constraint::PriceEnding)
}

#[test]
fn no_price_and_no_change_of_price_ever_breaks_a_limit() {
    let mut rng = rng(1);
    let mut plans = 0;
    for _ in 0..1_000 {
        let question = random_question(&mut rng);
        let limits = TestLimits {
            price_move_max: Ratio::from_percent(rng.random_range(1..30)),
            days_max: rng.random_range(10..120),
            cost_max: Some(Money::from_minor(rng.random_range(0..200_000), CurrencyCode::EUR)),
            ..TestLimits::default()
        };
        let proposal = propose_price_test(&question, &limits).unwrap();
        let reached = matches!(proposal, TestProposal::Run { .. });
        let Some(plan) = plan(proposal) else { continue };
        plans += 1;
        assert!((2..=3).contains(&plan.prices.len()) && plan.prices.is_sorted());
        assert!(plan.days() <= limits.days_max && plan.cost.hi.minor() <= limits.cost_max.unwrap().minor());
        assert!(
            plan.cost.lo.minor() <= plan.cost.expected.minor() && plan.cost.expected.minor() <= plan.cost.hi.minor()
        );
        assert!(plan.price_move() <= limits.price_move_max);
        assert_eq!(reached, plan.expected_sd <= limits.target_sd);
        for &to in &plan.prices {
            for &from in plan.prices.iter().chain([&question.current_price]) {
                assert!(is_legal(&question, from, to), "{from} to {to} in {question:?}");
            }
        }
    }
    assert!(plans > 200, "only {plans} plans");
}

#[test]
fn more_freedom_never_makes_the_cheapest_test_dearer() {
    let question = question(Decimal::new(1999, 2));
    let cost = |move_percent: i64, days_max: u32| {
        let price_move_max = Ratio::from_percent(move_percent);
        let limits = TestLimits { price_move_max, days_max, target_sd: 0.6, ..TestLimits::default() };
        match propose_price_test(&question, &limits).unwrap() {
            TestProposal::Run { plan } => plan.cost.hi.minor(),
            other => panic!("{other:?}"),
        }
    };
    assert!(cost(8, 168) <= cost(8, 84) && cost(8, 168) <= cost(6, 168));
}

#[test]
fn what_is_known_needs_no_test_and_an_illegal_price_is_corrected_first() {
    let mut sure = question(Decimal::new(1999, 2));
    sure.elasticity.sd = 0.2;
    let answer = propose_price_test(&sure, &TestLimits::default()).unwrap();
    assert!(matches!(answer, TestProposal::AlreadySure { .. }));

    let mut illegal = question(Decimal::new(1999, 2));
    illegal.guard_rails.max_price = Some(Decimal::new(1899, 2));
    let TestProposal::OutOfReach { closest: None, reason } =
        propose_price_test(&illegal, &TestLimits::default()).unwrap()
    else {
        panic!("an illegal price was tested")
    };
    assert_eq!(reason, "Today's price of €19.99 breaks your maximum price: correct it first.");
}

#[test]
fn margin_without_a_cost_and_numbers_without_sense_are_refused() {
    let mut no_cost = question(Decimal::new(1999, 2));
    no_cost.unit_cost = None;
    assert!(matches!(propose_price_test(&no_cost, &TestLimits::default()), Err(ExperimentError::Pricing(_))));
    let mut no_sales = question(Decimal::new(1999, 2));
    no_sales.groups[0].demand.units_per_day = 0.0;
    let error = propose_price_test(&no_sales, &TestLimits::default()).unwrap_err();
    assert_eq!(error.to_string(), "units a day is 0: it must be above zero");
}

#[test]
fn extremes_get_an_answer_or_a_refusal_but_never_a_panic() {
    let mut rng = rng(2);
    let pick = |rng: &mut ChaCha8Rng, values: &[f64]| values[rng.random_range(0..values.len())];
    for _ in 0..300 {
        let price = Decimal::try_from(pick(&mut rng, &[0.01, 0.05, 1.0, 980.0, 1e6, 1e9, 1e15, -1.0])).unwrap();
        let mut question = question(price);
        question.currency = CurrencyCode::new("JPY").unwrap();
        question.guard_rails.currency_exponent = 0;
        question.unit_cost = Some(price * Decimal::from(rng.random_range(0..3)));
        question.elasticity =
            ElasticityBelief { mean: pick(&mut rng, &[-60.0, -2.0, 0.0, 5.0]), sd: pick(&mut rng, &[0.5, 3.0, 50.0]) };
        question.groups[0].demand.units_per_day = pick(&mut rng, &[1e-6, 0.02, 5.0, 1e7]);
        question.groups[0].demand.dispersion = pick(&mut rng, &[0.5, 1.0, 300.0]);
        let limits = TestLimits {
            price_move_max: Ratio::from_percent(rng.random_range(0..100)),
            days_max: rng.random_range(0..400),
            ..TestLimits::default()
        };
        if let Some(plan) = propose_price_test(&question, &limits).ok().and_then(plan) {
            assert!(plan.expected_sd.is_finite() && plan.expected_sd <= question.elasticity.sd, "{plan:?}");
        }
    }
}

#[test]
fn a_question_of_which_much_depends_is_worth_more_than_one_that_is_settled() {
    let value = |mean: f64, sd: f64| {
        let mut question = question(Decimal::new(1999, 2));
        question.elasticity = ElasticityBelief { mean, sd };
        question.support = Some(PriceSupport { min: 19.99, max: 19.99 });
        plan(propose_price_test(&question, &TestLimits::default()).unwrap()).unwrap().value
    };
    let (open, settled) = (value(-2.5, 1.5), value(-2.5, 0.45));
    assert!(open.probability_price_changes > 0.3 && open.expected_gain.minor() > 0, "{open:?}");
    assert!(settled.probability_price_changes < open.probability_price_changes, "{settled:?}");
    assert!(settled.expected_gain.minor() < open.expected_gain.minor(), "{settled:?}");
}

#[test]
fn a_plan_is_the_same_every_time_and_survives_storage() {
    let question = question(Decimal::new(1999, 2));
    let [one, two] = [0, 1].map(|_| propose_price_test(&question, &TestLimits::default()).unwrap());
    assert_eq!(one, two);
    let stored: TestProposal = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
    let text = |proposal: &TestProposal| serde_json::to_string(proposal).unwrap();
    assert_eq!(text(&stored), text(&one));
    if let TestProposal::Run { plan } = one {
        println!("{}", plan.summary);
    }
}
