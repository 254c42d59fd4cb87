use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Ratio, UnitPrice, money_text};

use super::{Assessment, Holding, ratio_within};
use crate::fact::money_over;
use crate::{Action, Cause, MarginFact, RuleError};

/// A Sku sells below its cost, or with a margin thinner than the merchant wants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarginLoss {
    /// Margin as a share of the price below which the case fires. 0 fires when a unit sells below its cost.
    pub fire_margin: Ratio,
    /// Margin from which it is over.
    pub clear_margin: Ratio,
}

impl Default for MarginLoss {
    fn default() -> Self {
        Self { fire_margin: Ratio::ZERO, clear_margin: Ratio::from_percent(1) }
    }
}

impl MarginLoss {
    pub(super) fn validate(&self) -> Result<(), RuleError> {
        ratio_within("fire_margin", self.fire_margin, -1.0, 1.0)?;
        ratio_within("clear_margin", self.clear_margin, -1.0, 1.0)?;
        if self.clear_margin < self.fire_margin {
            return Err(RuleError::ClearBeyondFire { fire: "fire_margin", clear: "clear_margin" });
        }
        Ok(())
    }

    pub(super) fn assess(&self, fact: &MarginFact) -> Assessment {
        // A price and a cost in two currencies say nothing without a dated rate.
        if fact.price.currency() != fact.unit_cost.currency() {
            return Assessment::Silent;
        }
        let (price, cost) = (fact.price.amount(), fact.unit_cost.amount());
        let Some(margin) = (price - cost).checked_div(price).map(Ratio::new) else { return Assessment::Silent };
        if margin >= self.clear_margin {
            return Assessment::Over;
        }
        if margin >= self.fire_margin {
            return Assessment::Between;
        }
        // Below cost every unit loses the difference; above it, the margin wanted but not earned is what is missing.
        let wanted = (price * self.fire_margin.proportion()).max(Decimal::ZERO);
        let missing = UnitPrice::new(wanted + cost - price, fact.price.currency());
        let money_at_stake = money_over(missing, fact.daily_demand_units.max(0.0) * f64::from(HORIZON_DAYS));
        let sells_at = money_text(fact.price);
        let mut sentence = if cost > price {
            let (costs, loses) = (money_text(fact.unit_cost), money_text(missing));
            format!("Sells at {sells_at} and costs {costs}: each unit loses {loses}")
        } else {
            format!("Earns {margin} of its price of {sells_at}; at least {} is wanted", self.fire_margin)
        };
        if let Some(money) = money_at_stake.filter(|money| money.minor() > 0) {
            sentence.push_str(&format!("; {} in {HORIZON_DAYS} days", money_text(money)));
        }
        Assessment::Holds(Holding {
            members: Vec::new(),
            sentence,
            since: fact.since,
            money_at_stake,
            cause: cause(fact),
            action: Action::ReviewPrice,
        })
    }
}

const HORIZON_DAYS: u32 = 30;

fn cause(fact: &MarginFact) -> Cause {
    let rose = fact.previous_unit_cost.map_or(Decimal::ZERO, |before| fact.unit_cost.amount() - before.amount());
    let fell = fact.previous_price.map_or(Decimal::ZERO, |before| before.amount() - fact.price.amount());
    if rose <= Decimal::ZERO && fell <= Decimal::ZERO {
        Cause::Unknown
    } else if rose >= fell {
        Cause::Cost
    } else {
        Cause::OwnPrice
    }
}
