use serde::{Deserialize, Serialize};
use shelfiq_core::{Ratio, money_text};

use super::{Assessment, Holding, ratio_within};
use crate::fact::money_over;
use crate::{Action, Cause, RivalFact, RuleError};

/// The cheapest rival sells well below our price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RivalUndercut {
    /// Gap to the rival as a share of our price at which the case fires.
    pub fire_gap: Ratio,
    /// Gap below which it is over.
    pub clear_gap: Ratio,
}

impl Default for RivalUndercut {
    fn default() -> Self {
        Self { fire_gap: Ratio::from_percent(5), clear_gap: Ratio::from_percent(3) }
    }
}

impl RivalUndercut {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_gap", self.fire_gap, 0.0, 1.0)?;
        ratio_within("clear_gap", self.clear_gap, 0.0, 1.0)?;
        if self.clear_gap > self.fire_gap {
            return Err(RuleError::ClearBeyondFire { fire: "fire_gap", clear: "clear_gap" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &RivalFact) -> Assessment {
        if fact.price.currency() != fact.rival_price.currency() {
            return Assessment::Silent;
        }
        let below = fact.price.amount() - fact.rival_price.amount();
        let Some(gap) = below.checked_div(fact.price.amount()).map(Ratio::new) else { return Assessment::Silent };
        if gap <= self.clear_gap {
            return Assessment::Over;
        }
        if gap <= self.fire_gap {
            return Assessment::Between;
        }
        let money_at_stake = fact.cross_elasticity.and_then(|elasticity| {
            let lost_share = (elasticity * gap.to_f64()).clamp(0.0, 1.0);
            money_over(fact.unit_value, fact.daily_demand_units.max(0.0) * lost_share * f64::from(HORIZON_DAYS))
        });
        let tail = money_at_stake
            .map(|money| format!("; about {} in {HORIZON_DAYS} days", money_text(money)))
            .unwrap_or_default();
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence: format!(
                "{} sells at {}, {gap} below our {}{tail}",
                fact.rival,
                money_text(fact.rival_price),
                money_text(fact.price)
            ),
            since: fact.since,
            money_at_stake,
            cause: Cause::Rival(fact.rival.clone()),
            action: Action::ReviewPrice,
        })
    }
}

const HORIZON_DAYS: u32 = 7;
