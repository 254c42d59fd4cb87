//! What merchants get to read, and when a price stays.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use rust_decimal::Decimal;
use shelfiq_core::Ratio;
use shelfiq_pricing::{
    Action, Constraint, DemandModel, ElasticityBelief, GuardRails, KeepReason, Objective, OptimizeOptions,
    PriceEndings, PriceProblem, PriceSupport, PricingError, RivalBand, RivalReaction, SupportPolicy, evaluate,
    optimize,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A mug at 10.00 that costs 6.00, sells 100 a month, elasticity −2 ± 0.3, tried between 8 and 13.
fn mug() -> PriceProblem {
    PriceProblem {
        current_price: decimal("10.00"),
        unit_cost: Some(decimal("6.00")),
        demand: DemandModel {
            baseline_price: 10.0,
            baseline_quantity: 100.0,
            baseline_log_sd: 0.0,
            elasticity: ElasticityBelief { mean: -2.0, sd: 0.3 },
            rival_reaction: None,
            support: Some(PriceSupport { min: 8.0, max: 13.0 }),
        },
        stock_units: None,
        guard_rails: GuardRails::default(),
        objective: Objective::Margin,
    }
}

fn check(problem: &PriceProblem, action: Action, price: &str, reason: &str) {
    let advice = optimize(problem, &OptimizeOptions::default()).unwrap();
    assert_eq!((advice.action, advice.recommended.price.to_string().as_str()), (action, price), "{}", advice.reason);
    assert_eq!(advice.reason, reason);
}

#[test]
fn a_price_below_its_optimum_rises_as_far_as_a_day_allows() {
    check(
        &mug(),
        Action::Change,
        "11.00",
        "Raise the price from 10.00 to 11.00 (+10.0 %): about 82.6 (79.6–85.7) units instead of 100, and margin changes by \
         +13.2 (−1.81 to +28.5), a gain with 87 % probability. It would go further but for the largest change allowed in a day.",
    );
}

#[test]
fn a_cut_that_rivals_would_answer_stays_away_and_says_why() {
    let elastic = DemandModel { elasticity: ElasticityBelief { mean: -3.2, sd: 0.2 }, ..mug().demand };
    let alone = PriceProblem { demand: elastic, ..mug() };
    assert!(optimize(&alone, &OptimizeOptions::default()).unwrap().recommended.price < decimal("10.00"));
    let sure = |mean| ElasticityBelief { mean, sd: 0.0 };
    let reaction = RivalReaction { follows: sure(0.7), effect: sure(1.0) };
    let followed = PriceProblem { demand: DemandModel { rival_reaction: Some(reaction), ..elastic }, ..mug() };
    check(
        &followed,
        Action::Keep(KeepReason::AlreadyBest),
        "10.00",
        "Keep 10.00: no price within the limits is expected to bring more margin. Rivals have followed our changes \
         by about 70 %, which leaves an elasticity of −2.50 instead of −3.20.",
    );
}

#[test]
fn a_gain_below_the_least_that_is_asked_for_leaves_the_price_alone() {
    let asked = |gain_min| optimize(&mug(), &OptimizeOptions { gain_min, ..OptimizeOptions::default() }).unwrap();
    assert_eq!(asked(13.0).action, Action::Change);
    let kept = asked(14.0);
    assert_eq!(kept.action, Action::Keep(KeepReason::TooSmall));
    assert_eq!(
        kept.reason,
        "Keep 10.00: the best alternative, 11.00, would change margin by only +13.2 (−1.81 to +28.5)."
    );
}

#[test]
fn an_uncertain_gain_leaves_the_price_alone() {
    let unsure = DemandModel { elasticity: ElasticityBelief { mean: -2.0, sd: 1.2 }, ..mug().demand };
    check(
        &PriceProblem { demand: unsure, ..mug() },
        Action::Keep(KeepReason::NotSure),
        "10.00",
        "Keep 10.00: 11.00 is expected to change margin by +13.2 (−45.4 to +75.3), but a gain is only 59 % likely.",
    );
}

#[test]
fn a_price_at_its_optimum_stays() {
    let at_optimum = PriceProblem { unit_cost: Some(decimal("5.00")), ..mug() };
    check(
        &at_optimum,
        Action::Keep(KeepReason::AlreadyBest),
        "10.00",
        "Keep 10.00: no price within the limits is expected to bring more margin.",
    );
}

#[test]
fn a_price_below_its_margin_floor_is_corrected_whatever_the_gain() {
    let rails = GuardRails { margin_floor: Some(Ratio::from_percent(42)), ..GuardRails::default() };
    let advice = optimize(&PriceProblem { guard_rails: rails, ..mug() }, &OptimizeOptions::default()).unwrap();
    assert_eq!(advice.action, Action::Correct(Constraint::MarginFloor));
    assert!(advice.recommended.price >= decimal("10.35"));
    assert!(advice.reason.starts_with("Today's price of 10.00 breaks your margin floor."), "{}", advice.reason);

    let tried = DemandModel { support: Some(PriceSupport { min: 8.0, max: 10.0 }), ..mug().demand };
    let rails = GuardRails { margin_floor: Some(Ratio::from_percent(42)), ..GuardRails::default() };
    let problem = PriceProblem { demand: tried, guard_rails: rails, ..mug() };
    let advice = optimize(&problem, &OptimizeOptions::default()).unwrap();
    assert!(advice.recommended.extrapolated && advice.reason.ends_with("reaches beyond what was observed."));
}

#[test]
fn limits_that_contradict_each_other_are_an_error_not_a_broken_limit() {
    let rails = GuardRails { min_price: Some(decimal("12.50")), ..GuardRails::default() };
    let error = optimize(&PriceProblem { guard_rails: rails, ..mug() }, &OptimizeOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no price respects both your minimum price (at least 12.5) and the largest change allowed in a day (at most 11)"
    );
    let rails = GuardRails { min_price: Some(decimal("9")), max_price: Some(decimal("8")), ..GuardRails::default() };
    let error = optimize(&PriceProblem { guard_rails: rails, ..mug() }, &OptimizeOptions::default()).unwrap_err();
    assert!(matches!(error, PricingError::Contradiction { .. }));
}

#[test]
fn prices_never_tried_are_only_recommended_when_allowed_and_then_said() {
    let tried = DemandModel { support: Some(PriceSupport { min: 9.0, max: 10.5 }), ..mug().demand };
    let problem = PriceProblem { demand: tried, ..mug() };
    let careful = OptimizeOptions { confidence_required: 0.5, ..OptimizeOptions::default() };
    let inside = optimize(&problem, &careful).unwrap();
    assert!(inside.recommended.price <= decimal("10.50") && !inside.recommended.extrapolated);
    let bold = OptimizeOptions { support: SupportPolicy::AllowExtrapolation, ..careful };
    let outside = optimize(&problem, &bold).unwrap();
    assert!(outside.recommended.extrapolated, "{}", outside.reason);
    assert!(outside.reason.contains("This price was never tried"));
}

#[test]
fn a_smaller_sure_gain_beats_a_larger_doubtful_one() {
    let tried = DemandModel { support: Some(PriceSupport { min: 9.0, max: 10.5 }), ..mug().demand };
    let rails = GuardRails { endings: PriceEndings::Any, ..GuardRails::default() };
    let problem = PriceProblem { demand: tried, guard_rails: rails, ..mug() };
    let bold = OptimizeOptions { support: SupportPolicy::AllowExtrapolation, ..OptimizeOptions::default() };
    let advice = optimize(&problem, &bold).unwrap();
    assert_eq!((advice.action, advice.binding), (Action::Change, None));
    assert!(advice.recommended.price < decimal("11.00") && advice.gain.probability_positive >= 0.8);
    assert!(advice.reason.contains("At 11.00 the expected change is"), "{}", advice.reason);
}

#[test]
fn nothing_is_gained_by_selling_cheaper_than_the_stock_allows() {
    let elastic = DemandModel { elasticity: ElasticityBelief { mean: -5.0, sd: 0.2 }, ..mug().demand };
    let plenty = PriceProblem { demand: elastic, unit_cost: Some(decimal("4.00")), ..mug() };
    let scarce = PriceProblem { stock_units: Some(100.0), ..plenty.clone() };
    assert!(optimize(&plenty, &OptimizeOptions::default()).unwrap().recommended.price < decimal("10"));
    let advice = optimize(&scarce, &OptimizeOptions::default()).unwrap();
    assert_eq!(advice.action, Action::Keep(KeepReason::AlreadyBest));
    assert_eq!(advice.binding, Some(Constraint::Stock));
}

#[test]
fn margin_needs_a_cost_and_revenue_does_not() {
    let unknown = PriceProblem { unit_cost: None, ..mug() };
    assert_eq!(optimize(&unknown, &OptimizeOptions::default()).unwrap_err(), PricingError::UnknownCost);
    let revenue = PriceProblem { objective: Objective::Revenue, ..unknown };
    let advice = optimize(&revenue, &OptimizeOptions::default()).unwrap();
    assert!(advice.recommended.price < decimal("10") && advice.recommended.margin.is_none());
}

#[test]
fn balanced_lies_between_revenue_and_margin() {
    let free = GuardRails { max_change_per_day: None, endings: PriceEndings::Any, ..GuardRails::default() };
    let price = |objective| {
        let sure = DemandModel { elasticity: ElasticityBelief { mean: -2.0, sd: 0.0 }, support: None, ..mug().demand };
        let problem = PriceProblem { demand: sure, guard_rails: free.clone(), objective, ..mug() };
        optimize(&problem, &OptimizeOptions::default()).unwrap().recommended.price
    };
    let (revenue, balanced, margin) = (price(Objective::Revenue), price(Objective::Balanced), price(Objective::Margin));
    assert!(revenue < balanced && balanced < margin, "{revenue} {balanced} {margin}");
    // Known optimum of constant elasticity: cost · e / (1 + e).
    assert_eq!(margin, decimal("12.00"));
    assert_eq!(balanced, decimal("6.00"));
}

#[test]
fn what_if_tells_the_limits_a_price_would_break() {
    let rival =
        RivalBand { rival_price: decimal("9.00"), below: Ratio::from_percent(20), above: Ratio::from_percent(5) };
    let rails = GuardRails { rival_band: Some(rival), ..GuardRails::default() };
    let problem = PriceProblem { guard_rails: rails, ..mug() };
    let outcome = evaluate(&problem, decimal("13.37"), &OptimizeOptions::default()).unwrap();
    let broken: Vec<&str> = outcome.violations.iter().map(|violation| violation.constraint.code()).collect();
    assert_eq!(broken, ["max_change_per_day", "rival_band", "price_ending"]);
    assert!(outcome.extrapolated);
    assert!(outcome.quantity.lo < outcome.quantity.expected && outcome.quantity.expected < outcome.quantity.hi);
}

#[test]
fn nonsense_is_refused_by_name() {
    let nothing = PriceProblem { current_price: Decimal::ZERO, ..mug() };
    assert_eq!(
        optimize(&nothing, &OptimizeOptions::default()).unwrap_err().to_string(),
        "today's price is 0: it must be above zero and at most a billion"
    );
    let broken = DemandModel { baseline_quantity: f64::NAN, ..mug().demand };
    let error = optimize(&PriceProblem { demand: broken, ..mug() }, &OptimizeOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the baseline quantity is NaN: it must be zero or more");
}

#[test]
fn advice_survives_being_stored() {
    let advice = optimize(&mug(), &OptimizeOptions::default()).unwrap();
    let text = serde_json::to_string(&advice).unwrap();
    let read: shelfiq_pricing::PriceAdvice = serde_json::from_str(&text).unwrap();
    assert!(text.contains(r#""price":"11.00""#), "prices are exact decimals: {text}");
    let kept = |advice: &shelfiq_pricing::PriceAdvice| {
        (advice.action, advice.recommended.price, advice.binding, advice.reason.clone())
    };
    assert_eq!(kept(&read), kept(&advice));
}
