use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use super::{Assessment, Holding, ratio_within, within};
use crate::{Action, Cause, ForecastFact, RuleError};

/// Forecasts miss by more than they say, or by more than repeating last week would.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForecastQuality {
    /// Share of outcomes inside the 80 % interval below which the case fires.
    pub fire_coverage_80: Ratio,
    /// Share from which it is over.
    pub clear_coverage_80: Ratio,
    /// Advantage over repeating last week below which the case fires: 0 for no better, 0.1 for a tenth better.
    pub fire_advantage: Ratio,
    /// Advantage from which it is over.
    pub clear_advantage: Ratio,
    /// Pairs of a forecast and an outcome below which nothing is said.
    pub min_outcomes: f64,
}

impl Default for ForecastQuality {
    fn default() -> Self {
        Self {
            fire_coverage_80: Ratio::from_percent(70),
            clear_coverage_80: Ratio::from_percent(74),
            fire_advantage: Ratio::ZERO,
            clear_advantage: Ratio::from_percent(2),
            min_outcomes: 300.0,
        }
    }
}

impl ForecastQuality {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("clear_coverage_80", self.clear_coverage_80, 0.0, 1.0)?;
        ratio_within("fire_coverage_80", self.fire_coverage_80, 0.0, self.clear_coverage_80.to_f64())?;
        ratio_within("clear_advantage", self.clear_advantage, -10.0, 1.0)?;
        ratio_within("fire_advantage", self.fire_advantage, -10.0, self.clear_advantage.to_f64())?;
        within("min_outcomes", self.min_outcomes, 1.0, 1e9)
    }

    pub(super) fn assess(&self, fact: &ForecastFact) -> Assessment {
        if f64::from(fact.outcomes) < self.min_outcomes {
            return Assessment::Silent;
        }
        let percent = |share: Ratio| format!("{:.0} %", 100.0 * share.to_f64());
        let sentence = if fact.coverage_80 < self.fire_coverage_80 {
            format!(
                "Of the last {} outcomes only {} lay inside the 80 % intervals of the forecasts",
                fact.outcomes,
                percent(fact.coverage_80)
            )
        } else if fact.advantage < self.fire_advantage {
            let behind = Ratio::ZERO.proportion() - fact.advantage.proportion();
            format!(
                "Over the last {} outcomes the forecasts missed by {} more than repeating last week would have",
                fact.outcomes,
                percent(Ratio::new(behind))
            )
        } else if fact.coverage_80 >= self.clear_coverage_80 && fact.advantage >= self.clear_advantage {
            return Assessment::Over;
        } else {
            return Assessment::Between;
        };
        Assessment::Holds(Holding {
            sentence,
            since: fact.since,
            money_at_stake: None,
            cause: Cause::Unknown,
            action: Action::ReviewModel,
            members: Vec::new(),
        })
    }
}
