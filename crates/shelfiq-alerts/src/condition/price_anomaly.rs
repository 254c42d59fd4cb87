use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Ratio, money_range_text, money_text};

use super::{Assessment, Holding, ratio_within, units};
use crate::fact::money_over;
use crate::{Action, Cause, PriceFact, RuleError};

/// Our own price left its usual band: a slipped digit, a sync that went wrong, a rule gone wild.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriceAnomaly {
    /// Detector score at which the case fires; 0.5 is the detector's own threshold.
    pub fire_score: Ratio,
    /// Detector score below which the price counts as usual again.
    pub clear_score: Ratio,
    /// Least change against the expected price, in either direction.
    pub min_change: Ratio,
}

impl Default for PriceAnomaly {
    fn default() -> Self {
        Self {
            fire_score: Ratio::from_percent(50),
            clear_score: Ratio::from_percent(40),
            min_change: Ratio::from_percent(10),
        }
    }
}

impl PriceAnomaly {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_score", self.fire_score, 0.0, 1.0)?;
        ratio_within("clear_score", self.clear_score, 0.0, 1.0)?;
        ratio_within("min_change", self.min_change, 0.0, 10.0)?;
        if self.clear_score > self.fire_score {
            return Err(RuleError::ClearBeyondFire { fire: "fire_score", clear: "clear_score" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &PriceFact) -> Assessment {
        let Some(change) = (fact.price.amount() - fact.expected.amount()).checked_div(fact.expected.amount()) else {
            return Assessment::Silent;
        };
        if fact.score <= self.clear_score {
            return Assessment::Over;
        }
        if fact.score < self.fire_score || change.abs() < self.min_change.proportion() {
            return Assessment::Between;
        }
        let direction = if change.is_sign_negative() { "below" } else { "above" };
        let mut sentence = format!(
            "{} is {} {direction} the expected {}; {} is usual",
            money_text(fact.price),
            Ratio::new(change.abs()),
            money_text(fact.expected),
            money_range_text(fact.lo, fact.hi),
        );
        // A price too low gives the difference away on every unit that still sells; what too high a price loses
        // depends on demand that nobody observes, so no sum is claimed.
        let given_away = shelfiq_core::UnitPrice::new(
            (fact.expected.amount() - fact.price.amount()).max(Decimal::ZERO),
            fact.price.currency(),
        );
        let money_at_stake = fact
            .daily_demand_units
            .filter(|_| change.is_sign_negative())
            .and_then(|daily| money_over(given_away, daily * f64::from(HORIZON_DAYS)));
        if let (Some(money), Some(daily)) = (money_at_stake, fact.daily_demand_units) {
            let (pace, sum) = (units(daily), money_text(money));
            sentence.push_str(&format!("; at {pace} a day it gives away {sum} in {HORIZON_DAYS} days"));
        }
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence,
            since: fact.since,
            money_at_stake,
            cause: Cause::OwnPrice,
            action: Action::ReviewPrice,
        })
    }
}

const HORIZON_DAYS: u32 = 7;
