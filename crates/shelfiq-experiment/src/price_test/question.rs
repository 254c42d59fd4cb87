//! What a price test is to find out, and within which limits.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, Money, Ratio};
use shelfiq_pricing::{ElasticityBelief, GuardRails, Objective, PriceContext, PriceSupport, PricingError};

use crate::DailyDemand;
use crate::amount::to_f64;
use crate::error::{ExperimentError, check};

/// A part of the sales whose price can be set apart from the others: usually a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestGroup {
    /// What it is called: `Etsy`; `all sales` when there is only one.
    pub name: String,
    /// Its demand at today's price.
    pub demand: DailyDemand,
}

/// How far a test may go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestLimits {
    /// Standard deviation of the elasticity that is wanted afterwards.
    pub target_sd: f64,
    /// Farthest a test price may lie from today's, as a share of it. The guard rails hold besides.
    pub price_move_max: Ratio,
    /// Longest the test may take.
    pub days_max: u32,
    /// Most the test may cost: the upper end of its cost interval stays below. `None` for no limit.
    pub cost_max: Option<Money>,
    /// Days after a change of price that are not counted.
    pub washout_days: u32,
    /// Days over which a better price would pay back: the horizon of the value of the test.
    pub horizon_days: u32,
}

impl Default for TestLimits {
    /// Elasticity to ± 0.4, prices within 15 %, twelve weeks, any cost, one day of washout, a pay-back within 180 days.
    fn default() -> Self {
        Self {
            target_sd: 0.4,
            price_move_max: Ratio::from_percent(15),
            days_max: 84,
            cost_max: None,
            washout_days: 1,
            horizon_days: 180,
        }
    }
}

/// Exact decimals stay far from their ends below this.
const PRICE_MAX: f64 = 1e9;

/// The Sku whose elasticity is in doubt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceTestQuestion {
    /// Currency of every price and amount.
    pub currency: CurrencyCode,
    /// Price asked today, major units.
    pub current_price: Decimal,
    /// Cost of one unit, major units; `None` when unknown, and then only revenue can be the objective.
    pub unit_cost: Option<Decimal>,
    /// What prices are to maximise.
    pub objective: Objective,
    /// What is believed about the elasticity now. For a Sku that is not identified: what its groups suggest.
    pub elasticity: ElasticityBelief,
    /// Prices it was learned from; `None` when unknown.
    pub support: Option<PriceSupport>,
    /// Limits of the price. No test price breaks one, nor does a change from one test price to another.
    pub guard_rails: GuardRails,
    /// Groups of sales that can be priced apart; one for a Sku with one price everywhere. At least one.
    pub groups: Vec<TestGroup>,
}

impl PriceTestQuestion {
    /// Where the Sku stands today, for checks against its guard rails.
    #[must_use]
    pub const fn context(&self) -> PriceContext {
        PriceContext { current_price: self.current_price, unit_cost: self.unit_cost }
    }

    /// The part of the unit cost that the objective counts, major units: a unit sold is worth `price − weighted_cost`.
    pub(crate) fn weighted_cost(&self) -> f64 {
        let share = match self.objective {
            Objective::Revenue => 0.0,
            Objective::Balanced => 0.5,
            Objective::Margin => 1.0,
        };
        share * self.unit_cost.map_or(0.0, to_f64)
    }

    /// Units a day of all groups at today's price.
    pub(crate) fn units_per_day(&self) -> f64 {
        self.groups.iter().map(|group| group.demand.units_per_day).sum()
    }

    pub(crate) fn check(&self) -> Result<(), ExperimentError> {
        if self.unit_cost.is_none() && self.objective != Objective::Revenue {
            return Err(PricingError::UnknownCost.into());
        }
        let (today, belief) = (to_f64(self.current_price), self.elasticity);
        let cost = self.unit_cost.map_or(0.0, to_f64);
        check("today's price", today, today > 0.0 && today <= PRICE_MAX, "above zero and at most a billion")?;
        check("the unit cost", cost, (0.0..=PRICE_MAX).contains(&cost), "zero or more, and at most a billion")?;
        check("the elasticity", belief.mean, true, "a number")?;
        check("the standard deviation of the elasticity", belief.sd, belief.sd > 0.0, "above zero")?;
        check("the number of groups", self.groups.len() as f64, !self.groups.is_empty(), "at least one")?;
        self.groups.iter().try_for_each(|group| group.demand.check())
    }
}
