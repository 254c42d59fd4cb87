//! The state machine: what fires, what stays silent, what ends.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shelfiq_alerts::{AlertKind, AlertRule, CaseState, Change, Condition, Scope, Severity};
use shelfiq_core::Sku;

use crate::shop::{Desk, PATIENT, about, rule, stock};

fn stock_rule() -> AlertRule {
    rule(1, Condition::default_of(AlertKind::StockOutRisk))
}

fn patient_rule() -> AlertRule {
    AlertRule { hold: PATIENT, ..stock_rule() }
}

#[test]
fn an_alert_fires_once_is_updated_and_resolves() {
    let (rule, mut desk) = (stock_rule(), Desk::new());
    assert_eq!(desk.changes(&rule, &[about("MUG", stock(5))]), [Change::Fired]);
    assert_eq!(desk.changes(&rule, &[about("MUG", stock(5))]), []);
    assert_eq!(desk.wait(60).changes(&rule, &[about("MUG", stock(3))]), [Change::Updated]);
    assert_eq!(desk.wait(60).changes(&rule, &[about("MUG", stock(40))]), [Change::Resolved]);
    assert_eq!(desk.wait(60).changes(&rule, &[about("MUG", stock(40))]), []);
}

#[test]
fn a_patient_rule_waits_before_it_fires_and_before_it_resolves() {
    let (rule, mut desk) = (patient_rule(), Desk::new());
    assert_eq!(desk.changes(&rule, &[about("MUG", stock(5))]), [Change::Opened]);
    assert_eq!(desk.wait(29).changes(&rule, &[about("MUG", stock(5))]), []);
    assert_eq!(desk.wait(1).changes(&rule, &[about("MUG", stock(5))]), [Change::Fired]);
    assert_eq!(desk.wait(10).changes(&rule, &[about("MUG", stock(40))]), [Change::Updated]);
    assert_eq!(desk.wait(59).changes(&rule, &[about("MUG", stock(40))]), []);
    assert_eq!(desk.wait(1).changes(&rule, &[about("MUG", stock(40))]), [Change::Resolved]);
}

#[test]
fn trouble_that_passes_before_the_wait_is_over_is_never_told() {
    let (rule, mut desk) = (patient_rule(), Desk::new());
    assert_eq!(desk.changes(&rule, &[about("MUG", stock(5))]), [Change::Opened]);
    assert_eq!(desk.wait(10).changes(&rule, &[about("MUG", stock(40))]), [Change::Dropped]);
    assert!(desk.cases.is_empty());
}

#[test]
fn between_the_thresholds_nothing_changes() {
    let (rule, mut desk) = (stock_rule(), Desk::new());
    assert_eq!(desk.changes(&rule, &[about("MUG", stock(22))]), []);
    assert_eq!(desk.changes(&rule, &[about("MUG", stock(19))]), [Change::Fired]);
    assert_eq!(desk.wait(60).changes(&rule, &[about("MUG", stock(22))]), []);
    assert_eq!(desk.wait(60).changes(&rule, &[about("MUG", stock(26))]), [Change::Resolved]);
}

#[test]
fn silence_resolves_nothing() {
    let (rule, mut desk) = (stock_rule(), Desk::new());
    desk.see(&rule, &[about("MUG", stock(5))]);
    assert_eq!(desk.wait(10_000).changes(&rule, &[]), []);
    assert_eq!(desk.wait(10_000).changes(&rule, &[about("PLATE", stock(90))]), []);
}

#[test]
fn trouble_that_comes_back_soon_reopens_the_case_and_later_opens_a_new_one() {
    let (rule, mut desk) = (stock_rule(), Desk::new());
    desk.see(&rule, &[about("MUG", stock(5))]);
    desk.wait(60).see(&rule, &[about("MUG", stock(40))]);
    let back = desk.wait(60).see(&rule, &[about("MUG", stock(5))]).remove(0);
    assert_eq!((back.change, back.case.reopened), (Change::Reopened, 1));
    desk.wait(60).see(&rule, &[about("MUG", stock(40))]);
    let new = desk.wait(4 * 24 * 60).see(&rule, &[about("MUG", stock(5))]).remove(0);
    assert_eq!((new.change, new.case.reopened), (Change::Fired, 0));
}

#[test]
fn two_rules_of_one_kind_open_one_case() {
    let (first, second, mut desk) =
        (stock_rule(), AlertRule { id: rule(2, stock_rule().condition).id, ..stock_rule() }, Desk::new());
    assert_eq!(desk.changes(&first, &[about("MUG", stock(5))]), [Change::Fired]);
    assert_eq!(desk.changes(&second, &[about("MUG", stock(5))]), []);
    assert_eq!(desk.changes(&second, &[about("MUG", stock(90))]), []);
}

#[test]
fn a_rule_that_is_switched_off_or_narrowed_resolves_its_cases() {
    for narrowed in [
        AlertRule { enabled: false, ..stock_rule() },
        AlertRule { scope: Scope::Skus(BTreeSet::from([Sku::new("PLATE").unwrap()])), ..stock_rule() },
    ] {
        let mut desk = Desk::new();
        desk.see(&stock_rule(), &[about("MUG", stock(5))]);
        assert_eq!(desk.wait(5).changes(&narrowed, &[about("MUG", stock(5))]), [Change::Resolved]);
    }
}

#[test]
fn a_rising_severity_is_news() {
    let mut desk = Desk::new();
    desk.see(&AlertRule { severity: Severity::Medium, ..stock_rule() }, &[about("MUG", stock(5))]);
    assert_eq!(desk.changes(&stock_rule(), &[about("MUG", stock(5))]), [Change::Escalated]);
}

proptest! {
    /// Whatever the stock does: one case per Sku, news only when the state changes, never a resolution without an alarm.
    #[test]
    fn a_case_only_takes_the_steps_of_the_machine(steps in prop::collection::vec((0_i64..40, 1_i64..90), 1..80)) {
        let (rule, mut desk) = (patient_rule(), Desk::new());
        let mut is_firing = false;
        for (on_hand, minutes) in steps {
            let transitions = desk.wait(minutes).see(&rule, &[about("MUG", stock(on_hand))]);
            prop_assert!(transitions.len() <= 1);
            for transition in transitions {
                match transition.change {
                    Change::Fired | Change::Reopened => {
                        prop_assert!(!is_firing);
                        is_firing = true;
                    }
                    Change::Resolved => {
                        prop_assert!(is_firing);
                        is_firing = false;
                    }
                    Change::Opened | Change::Dropped => prop_assert!(!is_firing),
                    Change::Updated | Change::Escalated => {}
                }
                let fires = matches!(transition.case.state, CaseState::Firing { .. });
                prop_assert!(transition.change == Change::Dropped || fires == is_firing);
                prop_assert!(transition.case.finding.since <= desk.now);
            }
            prop_assert!(desk.cases.len() <= 1);
        }
    }

    /// A stock that trembles around the threshold rings no more often than the waits allow.
    #[test]
    fn a_trembling_value_does_not_flap(wobble in prop::collection::vec(17_i64..24, 50..200)) {
        let (rule, mut desk) = (patient_rule(), Desk::new());
        let mut news = 0;
        for on_hand in wobble {
            let changes = desk.wait(5).changes(&rule, &[about("MUG", stock(on_hand))]);
            news += changes.iter().filter(|change| change.is_news()).count();
        }
        prop_assert!(news <= 1, "{news} notifications");
    }

    #[test]
    fn the_same_evaluation_twice_changes_nothing(stocks in prop::collection::vec(0_i64..60, 1..20)) {
        let (rule, mut desk) = (patient_rule(), Desk::new());
        let facts: Vec<_> = stocks.iter().enumerate().map(|(n, on_hand)| about(&format!("SKU-{n}"), stock(*on_hand))).collect();
        desk.see(&rule, &facts);
        prop_assert_eq!(desk.see(&rule, &facts), vec![]);
    }
}
