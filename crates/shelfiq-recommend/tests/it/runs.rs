//! A fresh run meets what is stored.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shelfiq_core::{Quantity, RecommendationId};
use shelfiq_recommend::{
    Action, Change, Decision, DismissReason, Known, Lifecycle, Policy, Recommendation, RecommendationKey,
    RecommendationKind, SkuSignals, State, rank, reconcile,
};

use crate::shop::{ask, eur, mug, now, stock};

fn order(on_hand: i64) -> Recommendation {
    let signals = SkuSignals { stock: Some(stock(on_hand)), ..mug() };
    ask(RecommendationKind::Restock, &signals, &Policy::default()).unwrap()
}

fn id() -> RecommendationId {
    RecommendationId::from_uuid(uuid::Uuid::from_u128(1))
}

fn stored(lifecycle: Lifecycle) -> Known {
    Known { id: id(), recommendation: order(40), lifecycle }
}

fn decided(decision: Decision) -> Known {
    stored(Lifecycle::opened(now()).decide(decision, &Policy::default(), now()).unwrap())
}

/// Turned down when 70 were left.
fn dismissed() -> Known {
    Known { recommendation: order(70), ..decided(Decision::Dismiss { reason: DismissReason::AgainstStrategy }) }
}

/// A run that looked at the mug's stock, a day later.
fn run(known: &[Known], fresh: Vec<Recommendation>) -> Vec<Change> {
    run_after(1, known, fresh)
}

fn run_after(days: i64, known: &[Known], fresh: Vec<Recommendation>) -> Vec<Change> {
    let examined = BTreeSet::from([order(40).key]);
    reconcile(known, fresh, &examined, &Policy::default(), now() + TimeDelta::days(days))
}

#[test]
fn a_first_run_inserts_and_a_second_one_renews() {
    assert!(matches!(run(&[], vec![order(40)]).as_slice(), [Change::Insert { .. }]));
    let known = [stored(Lifecycle::opened(now()))];
    let changes = run(&known, vec![order(30)]);
    let [Change::Renew { id: renewed, recommendation }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((*renewed, recommendation.as_ref()), (id(), &order(30)));
}

#[test]
fn two_offers_for_one_key_become_one() {
    let changes = run(&[], vec![order(60), order(10), order(40)]);
    let [Change::Insert { recommendation }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(recommendation.as_ref(), &order(10));
}

#[test]
fn what_the_run_no_longer_supports_expires_and_what_it_did_not_look_at_stays() {
    let known = [stored(Lifecycle::opened(now()))];
    let changes = run(&known, vec![]);
    let [Change::Move { lifecycle, .. }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(lifecycle.state(), &State::Expired);
    let elsewhere = reconcile(&known, vec![], &BTreeSet::new(), &Policy::default(), now() + TimeDelta::days(1));
    assert_eq!(elsewhere, []);
}

#[test]
fn dismissed_advice_stays_dismissed_until_it_says_something_new() {
    assert_eq!(run(&[dismissed()], vec![order(70)]), []);
    assert_eq!(run(&[dismissed()], vec![order(68)]), []);
    assert!(matches!(run(&[dismissed()], vec![order(30)]).as_slice(), [Change::Insert { .. }]));
    // Less to gain than what was turned down is no news.
    assert_eq!(run(&[dismissed()], vec![order(90)]), []);
}

#[test]
fn accepted_advice_keeps_its_key_and_a_done_one_gives_the_sku_a_rest() {
    let accepted = decided(Decision::Accept);
    assert_eq!(run(std::slice::from_ref(&accepted), vec![order(5)]), []);
    let done = Known {
        lifecycle: accepted.lifecycle.decide(Decision::Complete, &Policy::default(), now()).unwrap(),
        ..accepted
    };
    assert_eq!(run_after(6, std::slice::from_ref(&done), vec![order(5)]), []);
    assert!(matches!(run_after(7, &[done], vec![order(5)]).as_slice(), [Change::Insert { .. }]));
}

#[test]
fn a_snoozed_one_is_renewed_in_its_sleep_and_wakes_in_time() {
    let snoozed = [decided(Decision::Snooze { until: now() + TimeDelta::days(3) })];
    assert!(matches!(run_after(1, &snoozed, vec![order(30)]).as_slice(), [Change::Renew { .. }]));
    let mut later = order(30);
    later.expires_at += TimeDelta::days(30);
    let changes = run_after(4, &snoozed, vec![later]);
    let [Change::Renew { .. }, Change::Move { lifecycle, .. }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(lifecycle.state(), &State::Open);
}

#[test]
fn the_same_run_twice_writes_the_same() {
    let known = [stored(Lifecycle::opened(now()))];
    assert_eq!(run(&known, vec![order(30)]), run(&known, vec![order(30)]));
}

#[test]
fn the_largest_priority_comes_first_and_ties_go_by_key() {
    let with = |sku: &str, cents| {
        let mut one = order(40);
        one.key = RecommendationKey { sku: shelfiq_core::Sku::new(sku).unwrap(), ..one.key };
        one.priority = eur(cents);
        one
    };
    let mut ranked = [with("B", 100), with("C", 500), with("A", 100)];
    rank(&mut ranked);
    assert_eq!(ranked.map(|one| one.key.to_string()), ["restock/C", "restock/A", "restock/B"]);
}

#[test]
fn a_recommendation_reads_back_what_it_writes() {
    let given = order(40);
    assert!(matches!(given.action, Action::Order { quantity, .. } if quantity > Quantity::ZERO));
    let json = serde_json::to_string(&given).unwrap();
    assert_eq!(serde_json::from_str::<Recommendation>(&json).unwrap(), given);
}
