use serde::{Deserialize, Serialize};

use super::{Assessment, Holding, within};
use crate::{Action, Cause, RatingFact, RuleError};

/// Recent ratings are worse than earlier ones, by more than chance explains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RatingDrop {
    /// Fall of the mean rating, in stars, at which the case fires.
    pub fire_stars: f64,
    /// Fall below which it is over.
    pub clear_stars: f64,
    /// Reviews needed in the recent window.
    pub min_reviews: u32,
    /// Standard errors that the fall must exceed, so that few reviews need a deep fall.
    pub min_standard_errors: f64,
}

impl Default for RatingDrop {
    fn default() -> Self {
        Self { fire_stars: 0.3, clear_stars: 0.15, min_reviews: 5, min_standard_errors: 2.0 }
    }
}

impl RatingDrop {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        within("fire_stars", self.fire_stars, 0.0, 4.0)?;
        within("clear_stars", self.clear_stars, 0.0, 4.0)?;
        within("min_reviews", self.min_reviews.into(), 1.0, 1e6)?;
        within("min_standard_errors", self.min_standard_errors, 0.0, 10.0)?;
        if self.clear_stars > self.fire_stars {
            return Err(RuleError::ClearBeyondFire { fire: "fire_stars", clear: "clear_stars" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &RatingFact) -> Assessment {
        if fact.recent_count < self.min_reviews || fact.earlier_count < self.min_reviews {
            return Assessment::Silent;
        }
        let fall = fact.earlier_stars - fact.recent_stars;
        if fall <= self.clear_stars {
            return Assessment::Over;
        }
        let variance = fact.deviation_stars.max(0.0).powi(2);
        let error = (variance / f64::from(fact.recent_count) + variance / f64::from(fact.earlier_count)).sqrt();
        if fall <= self.fire_stars || fall <= self.min_standard_errors * error {
            return Assessment::Between;
        }
        let cause = fact.top_complaint.clone().map_or(Cause::Unknown, Cause::Complaint);
        let tail = cause.clause().map(|clause| format!("; {clause}")).unwrap_or_default();
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence: format!(
                "Rated {:.1} in the last {} reviews, {:.1} in the {} before{tail}",
                fact.recent_stars, fact.recent_count, fact.earlier_stars, fact.earlier_count
            ),
            since: fact.since,
            money_at_stake: None,
            cause,
            action: Action::ReadReviews,
        })
    }
}
