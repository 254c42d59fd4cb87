use serde::{Deserialize, Serialize};

use super::{Assessment, Holding, days, range, within};
use crate::fact::money_over;
use crate::{Action, Cause, RuleError, StockFact};

/// What is on hand and on the way ends before stock that is ordered now could arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockOutRisk {
    /// Days that the stock must last beyond the lead time; below it the case fires.
    pub fire_spare_days: f64,
    /// Days beyond the lead time from which it is over.
    pub clear_spare_days: f64,
    /// Least expected demand per day, in units: what hardly sells does not run out.
    pub min_daily_demand_units: f64,
}

impl Default for StockOutRisk {
    fn default() -> Self {
        Self { fire_spare_days: 0.0, clear_spare_days: 3.0, min_daily_demand_units: 0.05 }
    }
}

impl StockOutRisk {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        within("fire_spare_days", self.fire_spare_days, -365.0, 365.0)?;
        within("clear_spare_days", self.clear_spare_days, -365.0, 365.0)?;
        within("min_daily_demand_units", self.min_daily_demand_units, 0.0, 1e9)?;
        if self.clear_spare_days < self.fire_spare_days {
            return Err(RuleError::ClearBeyondFire { fire: "fire_spare_days", clear: "clear_spare_days" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &StockFact) -> Assessment {
        if fact.daily_demand_units < self.min_daily_demand_units {
            return Assessment::Over;
        }
        let available = (fact.on_hand.units().saturating_add(fact.on_order.units())).max(0) as f64;
        let cautious = fact.daily_demand_hi_units.max(fact.daily_demand_units);
        let lead = f64::from(fact.lead_time_days);
        let spare_days = available / cautious - lead;
        if spare_days >= self.clear_spare_days {
            return Assessment::Over;
        }
        if spare_days >= self.fire_spare_days {
            return Assessment::Between;
        }
        // What the lead time's demand asks beyond what is there cannot be sold, even if ordered today. Where only the
        // cautious view runs short, the cautious shortage is the sum at risk.
        let short = |daily: f64| (daily * lead - available).max(0.0);
        let (expected_short, cautious_short) = (short(fact.daily_demand_units), short(cautious));
        let at_risk = if expected_short > 0.0 { expected_short } else { cautious_short };
        let left = if fact.on_order.units() > 0 {
            format!("{} left and {} on the way", fact.on_hand, fact.on_order)
        } else if fact.on_hand.units() <= 0 {
            "Out of stock".to_owned()
        } else {
            format!("{} left", fact.on_hand)
        };
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence: format!(
                "{left}; {} will sell in the {} until new stock can arrive",
                range(fact.daily_demand_units * lead, cautious * lead),
                days(lead)
            ),
            since: fact.observed_at,
            money_at_stake: money_over(fact.unit_value, at_risk),
            cause: if fact.on_hand.units() <= 0 { Cause::OutOfStock } else { Cause::DemandAboveStock },
            action: Action::Restock,
        })
    }
}
