//! The state machine: pending → firing → resolved, with patience at both ends.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use shelfiq_core::{Money, Rounding};

use crate::condition::Assessment;
use crate::sift::{Sighting, sift};
use crate::{AlertRule, Case, CaseKey, CaseState, Change, Finding, Observed, Severity, Subject, Transition};

/// What an evaluation came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// What changes, in the order of the subjects.
    pub transitions: Vec<Transition>,
    /// Subjects for which the condition holds, but with so little at stake, even taken together, that nobody is told.
    pub too_small: usize,
}

/// Evaluates one rule.
///
/// `cases` holds the newest case per key: those that are pending or firing, and those resolved recently enough to be
/// reopened (older ones may be left out). Cases of other rules are respected: a subject that another rule of the same
/// kind already watches is left alone. `turnover` is what the shop sold in the last four weeks: the measure of what is
/// worth an alert of its own ([`AlertRule::min_share`]); without it everything is, up to
/// [`OWN_ALERTS_MAX`](crate::OWN_ALERTS_MAX).
///
/// A subject without a fact, or with a fact that says nothing, keeps its state: silence never resolves an alert. A
/// disabled rule, or one whose scope no longer holds the subject, resolves what it had opened. Of two facts for one
/// subject the last one counts.
#[must_use]
pub fn evaluate(
    rule: &AlertRule,
    cases: &BTreeMap<CaseKey, Case>,
    facts: &[Observed],
    turnover: Option<Money>,
    now: DateTime<Utc>,
) -> Evaluation {
    let kind = rule.condition.kind();
    let mut sightings: BTreeMap<CaseKey, Sighting> = BTreeMap::new();
    if rule.enabled {
        for observed in facts.iter().filter(|observed| rule.scope.contains(&observed.subject)) {
            let assessment = rule.condition.assess(&observed.fact, now);
            if assessment != Assessment::Silent {
                let key = CaseKey { kind, subject: observed.subject.clone() };
                let sighting = Sighting { title: observed.title.clone(), turnover: observed.turnover, assessment };
                sightings.insert(key, sighting);
            }
        }
    }
    let bar = turnover.and_then(|sum| sum.share(rule.min_share, Rounding::HalfEven).ok());
    let too_small = sift(rule, cases, bar, &mut sightings);
    let orphaned = cases
        .values()
        .filter(|case| case.rule == rule.id && (!rule.enabled || !rule.scope.contains(&case.key.subject)))
        .filter_map(|case| close(case, now));
    let moved = sightings.into_iter().filter_map(|(key, sighting)| {
        let case = cases.get(&key);
        match sighting.assessment {
            _ if case.is_some_and(|case| case.rule != rule.id && case.is_live()) => None,
            Assessment::Holds(holding) => {
                let finding = Finding {
                    severity: severity_of(rule, &key, holding.money_at_stake),
                    since: began(case, holding.since).min(now),
                    sentence: holding.sentence,
                    money_at_stake: holding.money_at_stake,
                    cause: holding.cause,
                    action: holding.action,
                    members: holding.members,
                };
                hold(rule, key, &sighting.title, case, finding, now)
            }
            Assessment::Between => case.and_then(waver),
            Assessment::Over => case.and_then(|case| recede(rule, case, now)),
            Assessment::Told => case.and_then(|case| close(case, now)),
            Assessment::Silent => None,
        }
    });
    let mut transitions: Vec<Transition> = orphaned.chain(moved).collect();
    transitions.sort_by(|a, b| a.case.key.cmp(&b.case.key));
    Evaluation { transitions, too_small }
}

impl Case {
    /// Whether the case is pending or firing.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        !matches!(self.state, CaseState::Resolved { .. })
    }

    fn moved(&self, state: CaseState) -> Self {
        Self { state, ..self.clone() }
    }
}

/// When the trouble began: as early as an open case already knew.
fn began(case: Option<&Case>, seen: DateTime<Utc>) -> DateTime<Utc> {
    case.filter(|case| case.is_live()).map_or(seen, |case| case.finding.since.min(seen))
}

fn severity_of(rule: &AlertRule, key: &CaseKey, money_at_stake: Option<Money>) -> Severity {
    // No member was worth an alert of its own.
    if key.subject == Subject::Rest {
        return rule.severity.lowered();
    }
    let reached = match (money_at_stake, rule.critical_from) {
        (Some(money), Some(bound)) => money.compare(bound).is_ok_and(std::cmp::Ordering::is_ge),
        _ => false,
    };
    if reached { Severity::Critical } else { rule.severity }
}

/// The condition holds: begin, go on waiting, fire, or stay open.
fn hold(
    rule: &AlertRule,
    key: CaseKey,
    title: &str,
    case: Option<&Case>,
    finding: Finding,
    now: DateTime<Utc>,
) -> Option<Transition> {
    let fresh = |state, reopened| Case {
        key: key.clone(),
        rule: rule.id,
        title: title.to_owned(),
        state,
        reopened,
        finding: finding.clone(),
    };
    let fire_after = minutes(rule.hold.fire_after_minutes);
    let firing = CaseState::Firing { fired_at: now, over_since: None };
    let (change, next) = match case.map(|case| (case, case.state)) {
        Some((case, CaseState::Firing { fired_at, .. })) => {
            let worse = finding.severity > case.finding.severity;
            let next = fresh(CaseState::Firing { fired_at, over_since: None }, case.reopened);
            (if worse { Change::Escalated } else { Change::Updated }, next)
        }
        Some((case, CaseState::Pending { since })) if now - since >= fire_after => {
            (Change::Fired, fresh(firing, case.reopened))
        }
        Some((case, CaseState::Pending { since })) => {
            (Change::Updated, fresh(CaseState::Pending { since }, case.reopened))
        }
        Some((case, CaseState::Resolved { fired_at, resolved_at }))
            if case.rule == rule.id && now - resolved_at <= minutes(rule.hold.reopen_within_minutes) =>
        {
            (Change::Reopened, fresh(CaseState::Firing { fired_at, over_since: None }, case.reopened.saturating_add(1)))
        }
        _ if fire_after.is_zero() => (Change::Fired, fresh(firing, 0)),
        _ => (Change::Opened, fresh(CaseState::Pending { since: now }, 0)),
    };
    // Nothing new, nothing to store.
    (case != Some(&next)).then_some(Transition { change, case: next })
}

/// Between the thresholds: an open alert stays open and forgets that it was about to be over; one that waits had to hold
/// without a break, and this is a break.
fn waver(case: &Case) -> Option<Transition> {
    match case.state {
        CaseState::Firing { fired_at, over_since: Some(_) } => {
            let steady = case.moved(CaseState::Firing { fired_at, over_since: None });
            Some(Transition { change: Change::Updated, case: steady })
        }
        CaseState::Pending { .. } => Some(Transition { change: Change::Dropped, case: case.clone() }),
        _ => None,
    }
}

/// The condition is over: drop what waits, count towards the resolution of what is open.
fn recede(rule: &AlertRule, case: &Case, now: DateTime<Utc>) -> Option<Transition> {
    match case.state {
        CaseState::Pending { .. } => Some(Transition { change: Change::Dropped, case: case.clone() }),
        CaseState::Firing { fired_at, over_since } => {
            let since = over_since.unwrap_or(now);
            if now - since >= minutes(rule.hold.resolve_after_minutes) {
                let resolved = case.moved(CaseState::Resolved { fired_at, resolved_at: now });
                return Some(Transition { change: Change::Resolved, case: resolved });
            }
            let waiting = case.moved(CaseState::Firing { fired_at, over_since: Some(since) });
            (over_since.is_none()).then_some(Transition { change: Change::Updated, case: waiting })
        }
        CaseState::Resolved { .. } => None,
    }
}

/// Ends a case whose rule no longer watches the subject, or that is told with the rest.
fn close(case: &Case, now: DateTime<Utc>) -> Option<Transition> {
    match case.state {
        CaseState::Pending { .. } => Some(Transition { change: Change::Dropped, case: case.clone() }),
        CaseState::Firing { fired_at, .. } => {
            let resolved = case.moved(CaseState::Resolved { fired_at, resolved_at: now });
            Some(Transition { change: Change::Resolved, case: resolved })
        }
        CaseState::Resolved { .. } => None,
    }
}

fn minutes(count: u32) -> TimeDelta {
    TimeDelta::minutes(count.into())
}
