//! The life of one alert: which states there are and how a case says what happened to it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::AlertRuleId;

use crate::{AlertKind, Finding, Subject};

/// What makes two sightings the same alert: the rule's kind and the subject. Two rules of one kind never open two cases
/// for one Sku at the same time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseKey {
    /// The kind of trouble.
    pub kind: AlertKind,
    /// Whom it concerns.
    pub subject: Subject,
}

impl fmt::Display for CaseKey {
    /// `stock_out_risk/MUG-1`: a stable text for a unique index.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.subject)
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum CaseState {
    /// The condition holds, but not yet for long enough. Nobody is told.
    Pending {
        /// Since when it holds without a break.
        since: DateTime<Utc>,
    },
    /// The alert is open.
    Firing {
        /// When it fired.
        fired_at: DateTime<Utc>,
        /// Since when the condition has been over without a break; `None` while it holds.
        over_since: Option<DateTime<Utc>>,
    },
    /// The alert is closed.
    Resolved {
        /// When it had fired.
        fired_at: DateTime<Utc>,
        /// When it was resolved.
        resolved_at: DateTime<Utc>,
    },
}

/// One case of a rule: at most one per [`CaseKey`] is pending or firing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What makes it this case.
    pub key: CaseKey,
    /// The rule that opened it.
    pub rule: AlertRuleId,
    /// The name of the subject that a person reads. Empty if unknown.
    pub title: String,
    /// Where it stands.
    pub state: CaseState,
    /// How often it came back after a resolution.
    pub reopened: u32,
    /// What was found when the condition last held.
    pub finding: Finding,
}

/// What happened to a case in one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A case began, and waits. Store it; tell nobody.
    Opened,
    /// A waiting case ended before it fired. Delete it; tell nobody.
    Dropped,
    /// The alert opened. Store it and tell people.
    Fired,
    /// A resolved alert came back soon after. Store it and tell people that it is back.
    Reopened,
    /// The alert is still open and its finding or its waiting changed. Store it; tell nobody.
    Updated,
    /// The severity of an open alert rose. Store it and tell people.
    Escalated,
    /// The alert is over. Store it and say so.
    Resolved,
}

impl Change {
    /// Whether people should hear of it.
    #[must_use]
    pub const fn is_news(self) -> bool {
        matches!(self, Self::Fired | Self::Reopened | Self::Escalated | Self::Resolved)
    }
}

/// One step of one case, with the case as it is afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// What happened.
    pub change: Change,
    /// The case after it.
    pub case: Case,
}
