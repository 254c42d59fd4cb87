use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use super::{Assessment, HISTORY_DAYS_MIN, Holding, days, range, ratio_within, units, within};
use crate::fact::money_over;
use crate::{Action, Cause, DemandFact, RuleError};

/// More was sold than the forecast's band allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DemandSpike {
    /// Excess over the expected units at which the case fires: 0.5 for half as much again.
    pub fire_excess: Ratio,
    /// Excess below which it is over.
    pub clear_excess: Ratio,
    /// Least excess in units: two sold instead of one is no spike.
    pub min_excess_units: f64,
    /// Days of history needed to know what is usual; with fewer the rule says nothing.
    pub min_history_days: u32,
}

impl Default for DemandSpike {
    fn default() -> Self {
        Self {
            fire_excess: Ratio::from_percent(50),
            clear_excess: Ratio::from_percent(25),
            min_excess_units: 5.0,
            min_history_days: HISTORY_DAYS_MIN,
        }
    }
}

impl DemandSpike {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_excess", self.fire_excess, 0.0, 100.0)?;
        ratio_within("clear_excess", self.clear_excess, 0.0, 100.0)?;
        within("min_excess_units", self.min_excess_units, 0.0, 1e9)?;
        within("min_history_days", self.min_history_days.into(), 0.0, 3_650.0)?;
        if self.clear_excess > self.fire_excess {
            return Err(RuleError::ClearBeyondFire { fire: "fire_excess", clear: "clear_excess" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &DemandFact) -> Assessment {
        if fact.history_days < self.min_history_days {
            return Assessment::Silent;
        }
        let excess = fact.actual_units - fact.expected_units;
        let beyond = |share: Ratio| excess > share.to_f64() * fact.expected_units;
        if !beyond(self.clear_excess) || excess < self.min_excess_units / 2.0 {
            return Assessment::Over;
        }
        if !beyond(self.fire_excess) || excess < self.min_excess_units || fact.actual_units <= fact.hi_units {
            return Assessment::Between;
        }
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence: format!(
                "{} sold in {} from {}; {} expected",
                units(fact.actual_units),
                days(fact.days.into()),
                fact.first_day,
                range(fact.lo_units, fact.hi_units)
            ),
            since: fact.first_day.and_time(chrono::NaiveTime::MIN).and_utc(),
            // What the unexpected units earned: welcome, but stock and budget were not made for it.
            money_at_stake: money_over(fact.unit_value, excess),
            cause: cause(fact),
            action: Action::ReviewDemand,
        })
    }
}

fn cause(fact: &DemandFact) -> Cause {
    if fact.had_promotion {
        Cause::Promotion
    } else if fact.price_change.is_some_and(|change| change <= Ratio::from_percent(-5)) {
        Cause::OwnPrice
    } else {
        Cause::Unknown
    }
}
