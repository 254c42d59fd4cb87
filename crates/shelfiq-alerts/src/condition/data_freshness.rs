use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Assessment, Holding, within};
use crate::{Action, Cause, FeedFact, RuleError};

/// A feed brought nothing for longer than it usually does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataFreshness {
    /// Lateness in multiples of the feed's usual gap at which the case fires.
    pub fire_gaps: f64,
    /// Hours that must have passed at least, however lively the feed.
    pub min_hours: f64,
}

impl Default for DataFreshness {
    fn default() -> Self {
        Self { fire_gaps: 2.0, min_hours: 6.0 }
    }
}

impl DataFreshness {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        within("fire_gaps", self.fire_gaps, 1.0, 1_000.0)?;
        within("min_hours", self.min_hours, 0.0, 24.0 * 366.0)
    }

    // New rows end the trouble at once: lateness falls to nothing, so one threshold cannot flap.
    pub(super) fn assess(&self, fact: &FeedFact, now: DateTime<Utc>) -> Assessment {
        let usual_gap_hours = fact.usual_gap_hours.max(0.0);
        let allowed_hours = (self.fire_gaps * usual_gap_hours).max(self.min_hours);
        let age = now - fact.newest_at;
        let age_hours = age.num_minutes() as f64 / 60.0;
        if age_hours <= allowed_hours {
            return Assessment::Over;
        }
        let due = fact.newest_at + TimeDelta::minutes((usual_gap_hours * 60.0).min(1e9) as i64);
        let (cause, tail) = match &fact.last_error {
            Some(error) => (Cause::FeedError(error.clone()), format!("; the last attempt failed: {error}")),
            None => (Cause::Unknown, String::new()),
        };
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence: format!(
                "Nothing new for {}; it usually comes within {}{tail}",
                span(age_hours),
                span(usual_gap_hours.max(1.0))
            ),
            since: due.min(now),
            money_at_stake: None,
            cause,
            action: Action::RefreshFeed,
        })
    }
}

fn span(hours: f64) -> String {
    if hours >= 48.0 {
        format!("{:.0} days", hours / 24.0)
    } else if hours.round() == 1.0 {
        "1 hour".to_owned()
    } else {
        format!("{hours:.0} hours")
    }
}
