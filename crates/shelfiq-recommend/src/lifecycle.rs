//! What the merchant did with a recommendation, and how to take it back.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::ErrorKind;

use crate::Policy;

/// Longest time for which advice can be put aside.
const SNOOZE_MAX: TimeDelta = TimeDelta::days(365);

/// Where a recommendation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Waits for a decision.
    Open,
    /// Accepted; the action is under way or waits for its effect.
    Accepted,
    /// Put aside until a moment.
    Snoozed {
        /// When it comes back.
        until: DateTime<Utc>,
    },
    /// Turned down.
    Dismissed {
        /// Why.
        reason: DismissReason,
    },
    /// Overtaken: nobody decided in time, or the signals no longer support it.
    Expired,
    /// The action was carried out.
    Done,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Snoozed { .. } => "snoozed",
            Self::Dismissed { .. } => "dismissed",
            Self::Expired => "expired",
            Self::Done => "done",
        })
    }
}

/// Why advice was turned down: what the models can learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "note")]
pub enum DismissReason {
    /// The figures are wrong.
    WrongFigures,
    /// Right, but not the merchant's strategy.
    AgainstStrategy,
    /// Done already, elsewhere.
    AlreadyDone,
    /// Too small to bother.
    TooSmall,
    /// In the merchant's own words.
    Other(String),
}

/// What someone decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Decision {
    /// Do it.
    Accept,
    /// Show it again later.
    Snooze {
        /// When.
        until: DateTime<Utc>,
    },
    /// Do not do it.
    Dismiss {
        /// Why.
        reason: DismissReason,
    },
    /// The accepted action was carried out.
    Complete,
    /// Take the last decision back.
    Undo,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accept => "accept",
            Self::Snooze { .. } => "snooze",
            Self::Dismiss { .. } => "dismiss",
            Self::Complete => "complete",
            Self::Undo => "undo",
        })
    }
}

/// One state and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The state.
    #[serde(flatten)]
    pub state: State,
    /// When it was entered.
    pub at: DateTime<Utc>,
}

/// A recommendation's states so far. Never empty; the last one counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Step>", into = "Vec<Step>")]
pub struct Lifecycle(Vec<Step>);

impl Lifecycle {
    /// A recommendation that was just made.
    #[must_use]
    pub fn opened(at: DateTime<Utc>) -> Self {
        Self(vec![Step { state: State::Open, at }])
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.current().state
    }

    /// Since when it stands there.
    #[must_use]
    pub fn since(&self) -> DateTime<Utc> {
        self.current().at
    }

    /// Every state, oldest first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether it still claims its key: open, snoozed or accepted.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.state(), State::Open | State::Snoozed { .. } | State::Accepted)
    }

    /// The lifecycle after a decision.
    ///
    /// Open and snoozed advice can be accepted, snoozed or dismissed; accepted advice can be completed; accepting,
    /// snoozing and dismissing can be undone within [`Policy::undo_hours`]. What is expired or done stays so.
    ///
    /// # Errors
    /// [`LifecycleError`] that names the state and the decision that do not fit.
    pub fn decide(&self, decision: Decision, policy: &Policy, now: DateTime<Utc>) -> Result<Self, LifecycleError> {
        let next = match (self.state(), decision) {
            (State::Accepted | State::Snoozed { .. } | State::Dismissed { .. }, Decision::Undo) => {
                return self.undone(policy, now);
            }
            (State::Open | State::Snoozed { .. }, Decision::Accept) => State::Accepted,
            (State::Open | State::Snoozed { .. }, Decision::Dismiss { reason }) => State::Dismissed { reason },
            (State::Open | State::Snoozed { .. }, Decision::Snooze { until }) => {
                if until <= now {
                    return Err(LifecycleError::SnoozeInThePast { until });
                }
                if until - now > SNOOZE_MAX {
                    return Err(LifecycleError::SnoozeTooLong { until });
                }
                State::Snoozed { until }
            }
            (State::Accepted, Decision::Complete) => State::Done,
            (State::Open, Decision::Undo) => return Err(LifecycleError::NothingToUndo),
            (state, decision) => return Err(LifecycleError::NotAllowed { state: state.clone(), decision }),
        };
        Ok(self.entering(next, now))
    }

    /// The lifecycle as time passes: snoozed advice wakes up, open advice expires at `expires_at`. `None` if nothing
    /// changes.
    #[must_use]
    pub fn tick(&self, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        match self.state() {
            State::Open if now >= expires_at => Some(self.entering(State::Expired, now)),
            State::Snoozed { until } if now >= *until && now >= expires_at => Some(self.entering(State::Expired, now)),
            State::Snoozed { until } if now >= *until => Some(self.entering(State::Open, now)),
            _ => None,
        }
    }

    /// The lifecycle after the signals stopped supporting the advice. Accepted and settled advice is left alone.
    #[must_use]
    pub fn withdrawn(&self, now: DateTime<Utc>) -> Option<Self> {
        matches!(self.state(), State::Open | State::Snoozed { .. }).then(|| self.entering(State::Expired, now))
    }

    /// The lifecycle after accepted advice was never carried out: it gives its key back.
    #[must_use]
    pub fn lapsed(&self, now: DateTime<Utc>) -> Option<Self> {
        matches!(self.state(), State::Accepted).then(|| self.entering(State::Expired, now))
    }

    fn undone(&self, policy: &Policy, now: DateTime<Utc>) -> Result<Self, LifecycleError> {
        let limit = TimeDelta::hours(policy.undo_hours.into());
        if now - self.since() > limit {
            return Err(LifecycleError::UndoTooLate { decided_at: self.since(), hours: policy.undo_hours });
        }
        // The state before the decision, entered anew: history is added to, never rewritten. A snooze that ran out
        // meanwhile is over.
        let before = self.0.iter().rev().nth(1).map(|step| step.state.clone());
        let restored = match before {
            Some(State::Snoozed { until }) if until > now => State::Snoozed { until },
            _ => State::Open,
        };
        Ok(self.entering(restored, now))
    }

    fn entering(&self, state: State, at: DateTime<Utc>) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step { state, at });
        Self(steps)
    }

    fn current(&self) -> &Step {
        self.0.last().expect("a lifecycle begins with its first step and only grows")
    }
}

impl TryFrom<Vec<Step>> for Lifecycle {
    type Error = LifecycleError;

    fn try_from(steps: Vec<Step>) -> Result<Self, LifecycleError> {
        if steps.is_empty() { Err(LifecycleError::NoSteps) } else { Ok(Self(steps)) }
    }
}

impl From<Lifecycle> for Vec<Step> {
    fn from(lifecycle: Lifecycle) -> Self {
        lifecycle.0
    }
}

/// A decision that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleError {
    /// The state does not allow the decision.
    #[error("cannot {decision} a recommendation that is {state}")]
    NotAllowed {
        /// Where it stands.
        state: State,
        /// What was asked for.
        decision: Decision,
    },
    /// A snooze that ends before it begins.
    #[error("cannot snooze until {until}: that moment has passed")]
    SnoozeInThePast {
        /// The moment asked for.
        until: DateTime<Utc>,
    },
    /// A snooze of more than a year.
    #[error("cannot snooze until {until}: a year is the longest")]
    SnoozeTooLong {
        /// The moment asked for.
        until: DateTime<Utc>,
    },
    /// No decision was made.
    #[error("there is no decision to undo")]
    NothingToUndo,
    /// The decision is too old to be undone.
    #[error("the decision of {decided_at} can no longer be undone: {hours} hours are allowed")]
    UndoTooLate {
        /// When it was made.
        decided_at: DateTime<Utc>,
        /// Hours in which it could be undone.
        hours: u32,
    },
    /// A stored lifecycle without a single state.
    #[error("a lifecycle has at least one step")]
    NoSteps,
}

impl LifecycleError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotAllowed { .. } | Self::NothingToUndo | Self::UndoTooLate { .. } => ErrorKind::Conflict,
            Self::SnoozeInThePast { .. } | Self::SnoozeTooLong { .. } => ErrorKind::Invalid,
            Self::NoSteps => ErrorKind::Internal,
        }
    }
}
