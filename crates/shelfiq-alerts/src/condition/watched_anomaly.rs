use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Ratio, money_text};

use super::{Assessment, Holding, ratio_within};
use crate::fact::money_over;
use crate::{Action, Cause, RuleError, UnusualValue, WatchedFact, WatchedSeries};

/// What is watched beside demand and our own price left its usual band: the cheapest rival's price, visits, reviews, or
/// what counts find missing. One condition serves all of them; the rule's kind tells which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchedAnomaly {
    /// Detector score at which the case fires; 0.5 is the detector's own threshold.
    pub fire_score: Ratio,
    /// Detector score below which the series counts as usual again.
    pub clear_score: Ratio,
}

impl Default for WatchedAnomaly {
    fn default() -> Self {
        Self { fire_score: Ratio::from_percent(50), clear_score: Ratio::from_percent(40) }
    }
}

impl WatchedAnomaly {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_score", self.fire_score, 0.0, 1.0)?;
        ratio_within("clear_score", self.clear_score, 0.0, 1.0)?;
        if self.clear_score > self.fire_score {
            return Err(RuleError::ClearBeyondFire { fire: "fire_score", clear: "clear_score" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &WatchedFact) -> Assessment {
        let Some(unusual) = fact.unusual.as_ref().filter(|unusual| unusual.score > self.clear_score) else {
            return Assessment::Over;
        };
        if unusual.score < self.fire_score {
            return Assessment::Between;
        }
        let (loss, action) = match fact.series {
            WatchedSeries::RivalPrice => (None, Action::ReviewPrice),
            WatchedSeries::Traffic => (lost_visits(fact, unusual), Action::ReviewDemand),
            WatchedSeries::Reviews => (None, Action::ReadReviews),
            WatchedSeries::MissingStock => (missing_units(fact, unusual), Action::CountStock),
        };
        let (money_at_stake, words) = loss.unzip();
        let mut sentence = unusual.sentence.clone();
        if let Some(words) = words {
            sentence.push_str(&format!("; {words}"));
        }
        Assessment::Holds(Holding {
            sentence,
            since: unusual.day.and_time(NaiveTime::MIN).and_utc(),
            money_at_stake,
            cause: Cause::Unknown,
            action,
            members: Vec::new(),
        })
    }
}

/// What the buyers who do not come would have brought, if as few of them stay away as of the visitors.
fn lost_visits(fact: &WatchedFact, unusual: &UnusualValue) -> Option<(Money, String)> {
    let lost_share = 1.0 - unusual.actual / unusual.expected;
    let units = fact.daily_demand_units * lost_share * f64::from(HORIZON_DAYS);
    let money = (units > 0.0).then(|| money_over(fact.unit_value?, units))??;
    Some((money, format!("if sales follow, about {} in {HORIZON_DAYS} days", money_text(money))))
}

fn missing_units(fact: &WatchedFact, unusual: &UnusualValue) -> Option<(Money, String)> {
    let money = money_over(fact.unit_value?, unusual.actual)?;
    Some((money, format!("worth {}", money_text(money))))
}

const HORIZON_DAYS: u32 = 7;
