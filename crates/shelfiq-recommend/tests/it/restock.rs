//! When and how much to order.

use chrono::Days;
use proptest::prelude::*;
use shelfiq_core::{Quantity, Ratio};
use shelfiq_recommend::{
    Action, DemandSignal, EvidenceValue, NoAdvice, Policy, Recommendation, RecommendationKind, SkuSignals, StockSignal,
};

use crate::shop::{ask, eur, is_ordered, mug, now, outlook, refusal, stock, unit};

fn with_stock(stock: StockSignal) -> SkuSignals {
    SkuSignals { stock: Some(stock), ..mug() }
}

fn order(signals: &SkuSignals) -> Recommendation {
    ask(RecommendationKind::Restock, signals, &Policy::default()).unwrap()
}

fn quantity(recommendation: &Recommendation) -> i64 {
    let Action::Order { quantity, .. } = recommendation.action else { panic!("{:?}", recommendation.action) };
    quantity.units()
}

#[test]
fn an_order_is_due_at_the_reorder_point_and_not_above_it() {
    let reorder_point = order(&with_stock(stock(40)))
        .evidence
        .iter()
        .find_map(|fact| match fact.value {
            EvidenceValue::Units(units) if fact.label == "Reorder point" => Some(units as i64),
            _ => None,
        })
        .unwrap();
    // Ten days of lead time and seven to the next look at four a day, and some for the spread.
    assert!((75..110).contains(&reorder_point), "{reorder_point}");
    let (why, reason) = refusal(RecommendationKind::Restock, &with_stock(stock(reorder_point + 1)));
    assert_eq!(why, NoAdvice::NothingToDo);
    assert!(reason.ends_with(&format!("an order is due at {reorder_point}")), "{reason}");
}

#[test]
fn the_reason_has_the_numbers_and_the_evidence_can_be_opened() {
    let given = order(&with_stock(stock(30)));
    let reason = &given.reason;
    assert!(
        reason.starts_with("30 left; ") && reason.contains("will sell in the 10 days until an order arrives"),
        "{reason}"
    );
    assert!(reason.ends_with("to be in stock with 95 % certainty"), "{reason}");
    assert!(
        given
            .evidence
            .iter()
            .any(|fact| fact.label == "Earned per unit" && fact.value == EvidenceValue::Money(eur(800)))
    );
    assert!(given.guard_rails.iter().any(|rail| rail.name == "max_cover"));
    assert_eq!(given.expires_at, now() + Days::new(7));
}

#[test]
fn the_impact_is_the_margin_on_what_a_week_of_waiting_would_lose() {
    // Nothing is left when an order placed now arrives, so a week later loses a week: 7 days × 4 × 8.00 EUR.
    let given = order(&with_stock(stock(0)));
    assert_eq!(given.impact.expected, eur(22_400));
    assert!(is_ordered(&given));
    assert_eq!((given.confidence, given.urgency), (Ratio::ONE, Ratio::ONE));
    assert_eq!(given.priority, given.impact.expected);
}

#[test]
fn whole_packs_least_orders_and_budgets_are_kept() {
    let packed = StockSignal { pack_size: Quantity::new(48), min_order: Quantity::new(100), ..stock(20) };
    assert_eq!(quantity(&order(&with_stock(packed.clone()))) % 48, 0);
    let policy = Policy { max_order_value: Some(eur(120_000)), ..Policy::default() };
    let bounded = ask(RecommendationKind::Restock, &with_stock(stock(20)), &policy).unwrap();
    assert_eq!(quantity(&bounded), 100);
    let poor = Policy { max_order_value: Some(eur(50_000)), ..Policy::default() };
    assert_eq!(ask(RecommendationKind::Restock, &with_stock(packed), &poor).unwrap_err().why, NoAdvice::GuardRail);
}

#[test]
fn a_least_order_that_would_last_for_years_is_not_advised() {
    let signals = SkuSignals {
        demand: outlook(0.1, 0.2),
        ..with_stock(StockSignal { min_order: Quantity::new(500), ..stock(0) })
    };
    let (why, reason) = refusal(RecommendationKind::Restock, &signals);
    assert_eq!((why, reason.as_str()), (NoAdvice::GuardRail, "The least order of 500 would last longer than 120 days"));
}

#[test]
fn stock_on_the_way_counts() {
    let (why, _) =
        refusal(RecommendationKind::Restock, &with_stock(StockSignal { on_order: Quantity::new(200), ..stock(5) }));
    assert_eq!(why, NoAdvice::NothingToDo);
}

#[test]
fn what_is_not_known_is_said() {
    let asked = |signals| refusal(RecommendationKind::Restock, &signals);
    let too_young = DemandSignal::NotEnoughData { reason: "9 days are known, 14 are needed".to_owned() };
    assert_eq!(
        asked(SkuSignals { demand: too_young, ..with_stock(stock(1)) }),
        (NoAdvice::NotEnoughData, "No forecast to order by: 9 days are known, 14 are needed".to_owned())
    );
    assert_eq!(asked(SkuSignals { stock: None, ..mug() }).0, NoAdvice::NotEnoughData);
    assert_eq!(asked(SkuSignals { price: None, ..with_stock(stock(1)) }).0, NoAdvice::NotEnoughData);
    assert_eq!(asked(SkuSignals { unit_cost: Some(unit(2500)), ..with_stock(stock(1)) }).0, NoAdvice::Conflict);
}

#[test]
fn an_unknown_cost_is_replaced_by_an_assumption_that_is_shown() {
    let given = order(&SkuSignals { unit_cost: None, ..with_stock(stock(0)) });
    assert_eq!(given.impact.expected, eur(16_800));
    assert!(given.evidence.iter().any(|fact| fact.label == "Margin assumed, because the cost is unknown"));
}

#[test]
fn an_unsure_lead_time_asks_for_more_stock() {
    let unsure = StockSignal { lead_time_deviation_days: 5.0, ..stock(20) };
    assert!(quantity(&order(&with_stock(unsure))) > quantity(&order(&with_stock(stock(20)))));
}

proptest! {
    #[test]
    fn orders_stay_within_their_bounds(
        on_hand in 0_i64..200, daily in 0.0_f64..50.0, width in 0.0_f64..40.0, lead in 0_u32..60, pack in 1_i64..50,
    ) {
        let stock = StockSignal { lead_time_days: lead, pack_size: Quantity::new(pack), ..stock(on_hand) };
        let signals = SkuSignals { demand: outlook(daily, width), ..with_stock(stock) };
        if let Ok(given) = ask(RecommendationKind::Restock, &signals, &Policy::default()) {
            let quantity = quantity(&given);
            prop_assert!(quantity > 0 && quantity % pack == 0);
            prop_assert!(on_hand as f64 + quantity as f64 <= 120.0 * daily + 1e-6);
            prop_assert!(is_ordered(&given));
            prop_assert!((Ratio::ZERO..=Ratio::ONE).contains(&given.confidence));
            prop_assert!((Ratio::ZERO..=Ratio::ONE).contains(&given.urgency));
            prop_assert!(given.priority.minor() <= given.impact.expected.minor());
        }
    }

    #[test]
    fn less_stock_never_makes_an_order_less_urgent(on_hand in 1_i64..80) {
        let more = ask(RecommendationKind::Restock, &with_stock(stock(on_hand)), &Policy::default());
        let less = ask(RecommendationKind::Restock, &with_stock(stock(on_hand - 1)), &Policy::default());
        if let (Ok(more), Ok(less)) = (more, less) {
            prop_assert!(less.urgency >= more.urgency);
            prop_assert!(less.confidence >= more.confidence);
            prop_assert!(quantity(&less) > quantity(&more));
        }
    }
}
