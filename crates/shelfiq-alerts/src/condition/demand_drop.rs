use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use super::{Assessment, HISTORY_DAYS_MIN, Holding, days, range, ratio_within, units, within};
use crate::fact::money_over;
use crate::{Action, Cause, DemandFact, RuleError};

/// Less was sold than the forecast's band allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DemandDrop {
    /// Shortfall against the expected units at which the case fires: 0.3 for 30 % less.
    pub fire_shortfall: Ratio,
    /// Shortfall below which it is over.
    pub clear_shortfall: Ratio,
    /// Least number of expected units: below it, nothing sold is nothing new.
    pub min_expected_units: f64,
    /// Days of history needed to know what is usual; with fewer the rule says nothing.
    pub min_history_days: u32,
}

impl Default for DemandDrop {
    fn default() -> Self {
        Self {
            fire_shortfall: Ratio::from_percent(30),
            clear_shortfall: Ratio::from_percent(15),
            min_expected_units: 5.0,
            min_history_days: HISTORY_DAYS_MIN,
        }
    }
}

impl DemandDrop {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_shortfall", self.fire_shortfall, 0.0, 1.0)?;
        ratio_within("clear_shortfall", self.clear_shortfall, 0.0, 1.0)?;
        within("min_expected_units", self.min_expected_units, 0.0, 1e9)?;
        within("min_history_days", self.min_history_days.into(), 0.0, 3_650.0)?;
        if self.clear_shortfall > self.fire_shortfall {
            return Err(RuleError::ClearBeyondFire { fire: "fire_shortfall", clear: "clear_shortfall" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &DemandFact) -> Assessment {
        if fact.history_days < self.min_history_days {
            return Assessment::Silent;
        }
        if fact.expected_units < self.min_expected_units {
            return Assessment::Silent;
        }
        let shortfall = fact.expected_units - fact.actual_units;
        let beyond = |share: Ratio| shortfall > share.to_f64() * fact.expected_units;
        if !beyond(self.clear_shortfall) {
            return Assessment::Over;
        }
        if !beyond(self.fire_shortfall) || fact.actual_units >= fact.lo_units {
            return Assessment::Between;
        }
        let cause = cause(fact);
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
            money_at_stake: money_over(fact.unit_value, shortfall),
            action: match cause {
                Cause::OutOfStock => Action::Restock,
                Cause::OwnPrice => Action::ReviewPrice,
                _ => Action::ReviewDemand,
            },
            cause,
        })
    }
}

fn cause(fact: &DemandFact) -> Cause {
    if fact.was_out_of_stock {
        Cause::OutOfStock
    } else if fact.price_change.is_some_and(|change| change >= Ratio::from_percent(5)) {
        Cause::OwnPrice
    } else {
        Cause::Unknown
    }
}
