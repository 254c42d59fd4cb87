//! Stock that hardly sells.

use chrono::NaiveDate;
use shelfiq_core::Sku;
use shelfiq_recommend::{Action, Companion, ElasticitySignal, NoAdvice, Policy, RecommendationKind, SkuSignals};

use crate::shop::{ask, eur, is_ordered, mug, outlook, refusal, stock, unit};

const KIND: RecommendationKind = RecommendationKind::SlowMover;

/// Two hundred in stock, one sold in five days: almost three years.
fn slow() -> SkuSignals {
    SkuSignals {
        stock: Some(stock(200)),
        demand: outlook(0.2, 0.5),
        unit_cost: Some(unit(800)),
        elasticity: Some(ElasticitySignal { mean: -3.0, deviation: 0.4, identified: true }),
        ..mug()
    }
}

#[test]
fn a_slow_sku_with_a_known_answer_is_marked_down_as_far_as_it_pays() {
    let given = ask(KIND, &slow(), &Policy::default()).unwrap();
    let Action::Markdown { from, to } = given.action else { panic!("{:?}", given.action) };
    assert_eq!(from, unit(2000));
    assert!((1_000..2_000).contains(&to.minor()), "{to}");
    assert!(
        given
            .reason
            .starts_with("200 in stock last 3 years at the present pace, €1,600.00 of cost tied up. Mark it down by"),
        "{}",
        given.reason
    );
    assert!(given.impact.expected.minor() > 0 && is_ordered(&given));
}

#[test]
fn demand_that_does_not_answer_is_no_reason_for_a_markdown() {
    let stiff = ElasticitySignal { mean: -0.3, deviation: 0.1, identified: true };
    let (why, _) = refusal(KIND, &SkuSignals { elasticity: Some(stiff), ..slow() });
    assert_eq!(why, NoAdvice::NotWorthwhile);
}

#[test]
fn an_unknown_answer_leads_to_a_bundle_and_says_so() {
    let companion = Companion { sku: Sku::new("TRAY").unwrap(), title: "Oak tray".to_owned(), joint_orders: 14 };
    let peers = ElasticitySignal { mean: -3.0, deviation: 1.0, identified: false };
    let signals = SkuSignals { companion: Some(companion), elasticity: Some(peers), ..slow() };
    let given = ask(KIND, &signals, &Policy::default()).unwrap();
    assert_eq!(given.action, Action::Bundle { with: Sku::new("TRAY").unwrap(), price: eur(1_800) });
    assert!(
        given.reason.contains("Sell it with Oak tray (14 joint orders); how its demand answers to price is not known"),
        "{}",
        given.reason
    );
}

#[test]
fn nothing_is_marked_down_below_the_lowest_price_allowed() {
    let brand = SkuSignals { lowest_price: Some(unit(1_900)), ..slow() };
    let given = ask(KIND, &brand, &Policy::default()).unwrap();
    let Action::Markdown { to, .. } = given.action else { panic!("{:?}", given.action) };
    assert_eq!(to, eur(1_900));
    let frozen = SkuSignals { lowest_price: Some(unit(2_000)), ..slow() };
    let (why, reason) = refusal(KIND, &frozen);
    assert_eq!(
        (why, reason.as_str()),
        (NoAdvice::GuardRail, "Any markdown would go below the lowest price allowed now")
    );
}

#[test]
fn the_margin_floor_holds() {
    let given = ask(KIND, &SkuSignals { unit_cost: Some(unit(1_700)), ..slow() }, &Policy::default());
    if let Ok(given) = given {
        let Action::Markdown { to, .. } = given.action else { panic!("{:?}", given.action) };
        assert!(to.minor() >= 1_789, "{to}");
    }
    let (why, _) = refusal(KIND, &SkuSignals { unit_cost: Some(unit(1_950)), ..slow() });
    assert_eq!(why, NoAdvice::GuardRail);
}

#[test]
fn brisk_young_and_sold_out_skus_are_no_slow_movers() {
    assert_eq!(refusal(KIND, &mug()).0, NoAdvice::NothingToDo);
    assert_eq!(
        refusal(KIND, &SkuSignals { first_seen: NaiveDate::from_ymd_opt(2026, 2, 1), ..slow() }).0,
        NoAdvice::NotEnoughData
    );
    assert_eq!(refusal(KIND, &SkuSignals { stock: Some(stock(0)), ..slow() }).0, NoAdvice::NothingToDo);
}

#[test]
fn a_sku_that_sells_nothing_has_finite_figures() {
    if let Ok(given) = ask(KIND, &SkuSignals { demand: outlook(0.0, 0.0), ..slow() }, &Policy::default()) {
        assert!(given.reason.contains("10 years"), "{}", given.reason);
    }
}
