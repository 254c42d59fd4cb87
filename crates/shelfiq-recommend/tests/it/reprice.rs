//! When a price is advised, tested, or left alone.

use shelfiq_core::Ratio;
use shelfiq_recommend::{
    Action, AnomalySignal, EvidenceValue, GainRange, GuardRailCheck, NoAdvice, Policy, PriceAdvice, PriceTestPlan,
    PricingSignal, RecommendationKind, SkuSignals,
};

use crate::shop::{ask, eur, mug, now, price_advice, refusal, stock, unit};

fn with_advice(advice: PriceAdvice) -> SkuSignals {
    SkuSignals { pricing: PricingSignal::Advice(advice), ..mug() }
}

fn refused(signals: &SkuSignals) -> (NoAdvice, String) {
    refusal(RecommendationKind::Reprice, signals)
}

#[test]
fn a_better_price_comes_with_reason_interval_and_guard_rails() {
    let given = ask(RecommendationKind::Reprice, &with_advice(price_advice(2150)), &Policy::default()).unwrap();
    assert_eq!(given.action, Action::SetPrice { from: unit(2000), to: eur(2150) });
    assert_eq!(
        given.reason,
        "Raise the price from €20.00 to €21.50 (7.5 %): 108 instead of 120 sold in 30 days, €90.00 more profit (€20.00–€160.00)"
    );
    assert_eq!((given.impact.lo, given.impact.hi), (eur(2_000), eur(16_000)));
    assert_eq!(given.confidence, Ratio::from_percent(92));
    let rails: Vec<&str> = given.guard_rails.iter().map(|rail| rail.name.as_str()).collect();
    assert_eq!(rails, ["max_change", "margin_floor", "rival_band"]);
}

#[test]
fn without_a_cost_the_gain_is_revenue_and_says_so() {
    let advice = PriceAdvice { gain_in: "revenue".to_owned(), ..price_advice(2150) };
    let signals = SkuSignals { unit_cost: None, ..with_advice(advice) };
    let given = ask(RecommendationKind::Reprice, &signals, &Policy::default()).unwrap();
    assert!(given.reason.ends_with("€90.00 more revenue (€20.00–€160.00); its cost is not known"), "{}", given.reason);
}

#[test]
fn a_limit_that_was_checked_twice_is_told_once_in_the_stricter_words() {
    let checked = GuardRailCheck {
        name: "margin_floor".to_owned(),
        passed: true,
        detail: "margin 44.2 %, at least 20.0 %".to_owned(),
    };
    let advice = PriceAdvice { guard_rails: vec![checked], ..price_advice(2150) };
    let given = ask(RecommendationKind::Reprice, &with_advice(advice), &Policy::default()).unwrap();
    let rails: Vec<(&str, &str)> =
        given.guard_rails.iter().map(|rail| (rail.name.as_str(), rail.detail.as_str())).collect();
    assert_eq!(
        rails,
        [("max_change", "step 7.5 %, at most ±10.0 %"), ("margin_floor", "margin 44.2 %, at least 20.0 %")]
    );
}

#[test]
fn what_binds_and_what_was_never_tried_is_said() {
    let advice = PriceAdvice {
        binding_constraint: Some("the largest step".to_owned()),
        is_outside_support: true,
        ..price_advice(2190)
    };
    let given = ask(RecommendationKind::Reprice, &with_advice(advice), &Policy::default()).unwrap();
    assert!(given.reason.ends_with("; held by the largest step; this price was never tried"), "{}", given.reason);
}

#[test]
fn no_price_breaks_a_guard_rail() {
    assert_eq!(refused(&with_advice(price_advice(2210))).0, NoAdvice::GuardRail);
    let cheap = SkuSignals { unit_cost: Some(unit(1800)), ..with_advice(price_advice(1880)) };
    assert_eq!(
        refused(&cheap),
        (NoAdvice::GuardRail, "At €18.80 the margin is 4.3 %, at least 5.0 % is wanted".to_owned())
    );
    let failed =
        GuardRailCheck { name: "map".to_owned(), passed: false, detail: "below the brand's least price".to_owned() };
    let advice = PriceAdvice { guard_rails: vec![failed], ..price_advice(2100) };
    assert_eq!(refused(&with_advice(advice)), (NoAdvice::GuardRail, "Below the brand's least price".to_owned()));
}

#[test]
fn small_unsure_or_lossy_steps_are_left_alone() {
    assert_eq!(refused(&with_advice(price_advice(2010))).0, NoAdvice::NothingToDo);
    let unsure = PriceAdvice { probability_of_gain: Ratio::from_percent(55), ..price_advice(2150) };
    assert_eq!(refused(&with_advice(unsure)).0, NoAdvice::NotWorthwhile);
    let lossy =
        PriceAdvice { gain: GainRange { expected: eur(-1), lo: eur(-500), hi: eur(300) }, ..price_advice(2150) };
    assert_eq!(refused(&with_advice(lossy)).0, NoAdvice::NotWorthwhile);
    let policy = Policy { min_impact: Some(eur(9_001)), ..Policy::default() };
    let small = ask(RecommendationKind::Reprice, &with_advice(price_advice(2150)), &policy).unwrap_err();
    assert_eq!(small.why, NoAdvice::NotWorthwhile);
}

#[test]
fn a_position_among_rivals_is_advised_though_it_costs_something() {
    let advice = PriceAdvice {
        gain: GainRange { expected: eur(-300), lo: eur(-900), hi: eur(100) },
        probability_of_gain: Ratio::from_percent(20),
        strategy: "Matches the median rival".to_owned(),
        aim: Some("matching the median of 3 rivals at 19".to_owned()),
        units_then: 130.0,
        ..price_advice(1900)
    };
    let signals = SkuSignals { stock: Some(stock(500)), ..with_advice(advice) };
    let given = ask(RecommendationKind::Reprice, &signals, &Policy::default()).unwrap();
    assert!(
        given.reason.starts_with(
            "Lower the price from €20.00 to €19.00 (-5.0 %), matching the median of 3 rivals at 19: 130 instead of 120 \
             sold in 30 days, €3.00 less profit"
        ),
        "{}",
        given.reason
    );
    assert!(given.impact.expected.minor() == -300 && given.priority.minor() > 0);
    let strategy = given.evidence.iter().find(|fact| fact.label == "Pricing strategy").unwrap();
    assert_eq!(strategy.value, EvidenceValue::Text("Matches the median rival".to_owned()));
}

#[test]
fn a_price_is_not_lowered_into_an_empty_shelf() {
    let cheaper = PriceAdvice { units_then: 140.0, ..price_advice(1850) };
    let signals = SkuSignals { stock: Some(stock(40)), ..with_advice(cheaper) };
    assert_eq!(refused(&signals).0, NoAdvice::Conflict);
}

#[test]
fn a_price_that_looks_wrong_is_reviewed_first() {
    let anomaly = AnomalySignal {
        measure: "price".to_owned(),
        sentence: "2.00 on 2026-03-01; 20 expected".to_owned(),
        observed_at: now(),
    };
    let signals = SkuSignals { anomalies: vec![anomaly], ..with_advice(price_advice(2150)) };
    let (why, reason) = refused(&signals);
    assert_eq!(why, NoAdvice::Conflict);
    assert!(reason.contains("2.00 on 2026-03-01"), "{reason}");
}

#[test]
fn what_the_sales_do_not_tell_is_not_advised_but_may_be_tested() {
    let unknown = |test| SkuSignals {
        pricing: PricingSignal::NotIdentified { reason: "the price never changed".to_owned(), test },
        ..mug()
    };
    assert_eq!(refused(&unknown(None)), (NoAdvice::NotIdentified, "The price never changed".to_owned()));
    let plan = PriceTestPlan { price: eur(2100), days: 10, expected_cost: eur(1_400), gain: None, horizon_days: 90 };
    assert_eq!(
        refused(&unknown(Some(plan.clone()))),
        (
            NoAdvice::NotIdentified,
            "The price never changed; trying €21.00 for 10 days would tell, at an expected cost of €14.00".to_owned()
        )
    );
    let gain = Some(GainRange { expected: eur(6_000), lo: eur(-1_400), hi: eur(15_000) });
    let given =
        ask(RecommendationKind::PriceTest, &unknown(Some(PriceTestPlan { gain, ..plan })), &Policy::default()).unwrap();
    assert_eq!(given.key.kind, RecommendationKind::PriceTest);
    assert_eq!(
        given.reason,
        "We cannot know the best price: the price never changed. Try €21.00 for 10 days, expected cost €14.00"
    );
    assert!((Ratio::from_percent(75)..Ratio::from_percent(90)).contains(&given.confidence), "{}", given.confidence);
}
