//! Decisions on one recommendation.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use shelfiq_recommend::{Decision, DismissReason, Lifecycle, LifecycleError, Policy, State};

use crate::shop::now;

fn decide(lifecycle: &Lifecycle, decision: Decision, at: DateTime<Utc>) -> Result<Lifecycle, LifecycleError> {
    lifecycle.decide(decision, &Policy::default(), at)
}

fn after(hours: i64) -> DateTime<Utc> {
    now() + TimeDelta::hours(hours)
}

#[test]
fn accepting_then_completing_ends_it() {
    let accepted = decide(&Lifecycle::opened(now()), Decision::Accept, after(1)).unwrap();
    let done = decide(&accepted, Decision::Complete, after(2)).unwrap();
    assert_eq!((done.state(), done.since(), done.is_live()), (&State::Done, after(2), false));
    let error = decide(&done, Decision::Undo, after(3)).unwrap_err();
    assert_eq!(error.to_string(), "cannot undo a recommendation that is done");
}

#[test]
fn each_decision_can_be_undone_in_time_and_not_later() {
    let open = Lifecycle::opened(now());
    for decision in [
        Decision::Accept,
        Decision::Snooze { until: after(100) },
        Decision::Dismiss { reason: DismissReason::TooSmall },
    ] {
        let decided = decide(&open, decision, after(1)).unwrap();
        assert_eq!(decide(&decided, Decision::Undo, after(25)).unwrap().state(), &State::Open);
        assert!(matches!(
            decide(&decided, Decision::Undo, after(26)),
            Err(LifecycleError::UndoTooLate { hours: 24, .. })
        ));
    }
    assert_eq!(decide(&open, Decision::Undo, after(1)), Err(LifecycleError::NothingToUndo));
}

#[test]
fn undoing_goes_back_to_the_snooze_that_was_and_keeps_the_history() {
    let snoozed = decide(&Lifecycle::opened(now()), Decision::Snooze { until: after(100) }, after(1)).unwrap();
    let accepted = decide(&snoozed, Decision::Accept, after(2)).unwrap();
    let undone = decide(&accepted, Decision::Undo, after(3)).unwrap();
    assert_eq!(undone.state(), &State::Snoozed { until: after(100) });
    assert_eq!(undone.steps().len(), 4);
}

#[test]
fn a_snooze_has_bounds_and_wakes_up() {
    let open = Lifecycle::opened(now());
    assert!(matches!(
        decide(&open, Decision::Snooze { until: now() }, after(1)),
        Err(LifecycleError::SnoozeInThePast { .. })
    ));
    assert!(matches!(
        decide(&open, Decision::Snooze { until: after(24 * 400) }, after(1)),
        Err(LifecycleError::SnoozeTooLong { .. })
    ));
    let snoozed = decide(&open, Decision::Snooze { until: after(10) }, after(1)).unwrap();
    assert_eq!(snoozed.tick(after(100), after(9)), None);
    assert_eq!(snoozed.tick(after(100), after(10)).unwrap().state(), &State::Open);
    assert_eq!(snoozed.tick(after(5), after(10)).unwrap().state(), &State::Expired);
}

#[test]
fn what_nobody_decides_expires() {
    let open = Lifecycle::opened(now());
    assert_eq!(open.tick(after(5), after(4)), None);
    let expired = open.tick(after(5), after(5)).unwrap();
    assert_eq!(expired.state(), &State::Expired);
    assert!(matches!(decide(&expired, Decision::Accept, after(6)), Err(LifecycleError::NotAllowed { .. })));
}

#[test]
fn a_lifecycle_is_stored_as_its_steps() {
    let dismissed = decide(
        &Lifecycle::opened(now()),
        Decision::Dismiss { reason: DismissReason::Other("not before Easter".to_owned()) },
        after(1),
    )
    .unwrap();
    let json = serde_json::to_string(&dismissed).unwrap();
    assert_eq!(
        json,
        r#"[{"state":"open","at":"2026-03-02T06:00:00Z"},{"state":"dismissed","reason":{"type":"other","note":"not before Easter"},"at":"2026-03-02T07:00:00Z"}]"#
    );
    assert_eq!(serde_json::from_str::<Lifecycle>(&json).unwrap(), dismissed);
    assert!(serde_json::from_str::<Lifecycle>("[]").is_err());
}

proptest! {
    /// No sequence of decisions leaves the machine, and a refused decision changes nothing.
    #[test]
    fn every_sequence_of_decisions_is_legal_or_refused(choices in prop::collection::vec((0_u8..6, 1_i64..30), 1..40)) {
        let mut lifecycle = Lifecycle::opened(now());
        let mut at = now();
        for (choice, hours) in choices {
            at += TimeDelta::hours(hours);
            let before = lifecycle.state().clone();
            let next = match choice {
                0 => decide(&lifecycle, Decision::Accept, at),
                1 => decide(&lifecycle, Decision::Snooze { until: at + TimeDelta::hours(20) }, at),
                2 => decide(&lifecycle, Decision::Dismiss { reason: DismissReason::WrongFigures }, at),
                3 => decide(&lifecycle, Decision::Complete, at),
                4 => decide(&lifecycle, Decision::Undo, at),
                _ => Ok(lifecycle.tick(after(500), at).unwrap_or_else(|| lifecycle.clone())),
            };
            if let Ok(next) = next {
                prop_assert!(next.steps().starts_with(lifecycle.steps()));
                let is_final = matches!(before, State::Done | State::Expired);
                prop_assert!(!is_final || next == lifecycle);
                lifecycle = next;
            }
        }
    }
}
