use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use super::{Assessment, Holding, ratio_within};
use crate::{Action, Cause, QualityFact, RuleError};

/// Values are missing that models need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataQuality {
    /// Rise of the share of missing values, against the weeks before, at which the case fires.
    pub fire_rise: Ratio,
    /// Rise below which it is over.
    pub clear_rise: Ratio,
}

impl Default for DataQuality {
    fn default() -> Self {
        Self { fire_rise: Ratio::from_percent(5), clear_rise: Ratio::from_percent(2) }
    }
}

impl DataQuality {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_rise", self.fire_rise, 0.0, 1.0)?;
        ratio_within("clear_rise", self.clear_rise, 0.0, 1.0)?;
        if self.clear_rise > self.fire_rise {
            return Err(RuleError::ClearBeyondFire { fire: "fire_rise", clear: "clear_rise" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &QualityFact) -> Assessment {
        let rise = fact.missing_share.to_f64() - fact.missing_share_before.to_f64();
        if rise < self.clear_rise.to_f64() {
            return Assessment::Over;
        }
        if rise < self.fire_rise.to_f64() || !fact.is_beyond_chance {
            return Assessment::Between;
        }
        let percent = |share: Ratio| format!("{:.0} %", 100.0 * share.to_f64());
        Assessment::Holds(Holding {
            sentence: format!(
                "{} are missing on {} of days; {} before",
                fact.what,
                percent(fact.missing_share),
                percent(fact.missing_share_before)
            ),
            since: fact.since,
            money_at_stake: None,
            cause: Cause::Unknown,
            action: Action::RefreshFeed,
            members: Vec::new(),
        })
    }
}
