//! Price problems and the advice that answers them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use crate::demand::{DemandModel, Estimate};
use crate::guard_rails::{Constraint, GuardRails, PriceContext, Violation};

/// What a price should maximise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Price times units.
    Revenue,
    /// Price less unit cost, times units. Needs a unit cost.
    Margin,
    /// The mean of revenue and margin: grows the business without giving the margin away. Needs a unit cost.
    Balanced,
}

impl Objective {
    /// Share of the unit cost that counts: the value of a unit sold is `price − weight · cost`.
    pub(crate) const fn cost_weight(self) -> f64 {
        match self {
            Self::Revenue => 0.0,
            Self::Margin => 1.0,
            Self::Balanced => 0.5,
        }
    }

    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Margin => "margin",
            Self::Balanced => "the mean of revenue and margin",
        }
    }
}

/// One Sku whose price is in question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceProblem {
    /// Price asked today, major units.
    pub current_price: Decimal,
    /// Cost of one unit, major units; `None` when unknown.
    pub unit_cost: Option<Decimal>,
    /// Demand as a function of price. Its period is the period of every quantity and amount in the advice.
    pub demand: DemandModel,
    /// Units that can be sold in the period; `None` when stock does not limit sales.
    pub stock_units: Option<f64>,
    /// Limits.
    pub guard_rails: GuardRails,
    /// What to maximise.
    pub objective: Objective,
}

impl PriceProblem {
    /// Where the Sku stands today, for checks against its guard rails.
    #[must_use]
    pub const fn context(&self) -> PriceContext {
        PriceContext { current_price: self.current_price, unit_cost: self.unit_cost }
    }
}

/// Whether prices never asked before may be recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupportPolicy {
    /// Only between the lowest and the highest price observed (today's price included).
    StayInside,
    /// Anywhere, with the wider intervals that go with it; the advice says so.
    AllowExtrapolation,
}

/// How doubt about demand weighs when prices are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskAttitude {
    /// The expected value decides.
    Neutral,
    /// The value at the best guess of demand decides. Differs from [`Self::Neutral`] only where stock cuts demand: there the
    /// expectation is lower than what the best guess would sell.
    BestGuess,
    /// The value that is reached in all but this share of cases decides: 0.2 for "in four cases of five".
    LowerQuantile(f64),
    /// The mean over this share of the worst cases decides (conditional value at risk).
    WorstShare(f64),
}

/// When a change is worth recommending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptimizeOptions {
    /// Probability of a gain below which the price is kept.
    pub confidence_required: f64,
    /// Expected gain, as a share of what today's price earns, below which the price is kept.
    pub gain_share_min: f64,
    /// Expected gain, major units over the period of the demand model, below which the price is kept: what a change must at
    /// least bring to be worth the work of making it. Holds for the prices of a portfolio as well.
    pub gain_min: f64,
    /// Probability of the intervals.
    pub interval_level: f64,
    /// What to do about prices never asked.
    pub support: SupportPolicy,
    /// How far the search goes where no limit ends it: 0.1 for at most 1.1 times today's price and at least a 1.1th of it.
    /// Where a limit on the other side lies beyond today's price, it is counted from there.
    pub reach: Ratio,
    /// What decides between prices.
    pub risk: RiskAttitude,
}

impl Default for OptimizeOptions {
    /// 80 % sure of a gain, of at least 0.1 %; 80 % intervals; inside the observed prices; up to five times today's price.
    fn default() -> Self {
        Self {
            confidence_required: 0.8,
            gain_share_min: 0.001,
            gain_min: 0.0,
            interval_level: 0.8,
            support: SupportPolicy::StayInside,
            reach: Ratio::from_percent(400),
            risk: RiskAttitude::Neutral,
        }
    }
}

impl OptimizeOptions {
    /// The price that is best at the best guess of demand, however unsure and however small its gain; without a limit at most
    /// a tenth away from today's price. For tables whose rows state their own limits and whose reader sees how likely a gain is.
    #[must_use]
    pub fn best_guess() -> Self {
        Self {
            confidence_required: 0.0,
            gain_share_min: 0.0,
            reach: Ratio::from_percent(10),
            risk: RiskAttitude::BestGuess,
            ..Self::default()
        }
    }
}

/// What one price would bring over the period of the demand model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The price, major units.
    pub price: Decimal,
    /// Units sold, never more than the stock.
    pub quantity: Estimate,
    /// Price times units, major units.
    pub revenue: Estimate,
    /// Price less unit cost, times units, major units; `None` when the cost is unknown.
    pub margin: Option<Estimate>,
    /// Whether the price lies outside the prices observed.
    pub extrapolated: bool,
    /// Guard rails it breaks; empty for a legal price.
    pub violations: Vec<Violation>,
}

/// How much more the objective earns than at today's price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Mean and interval, major units over the period.
    pub amount: Estimate,
    /// Probability that it is above zero.
    pub probability_positive: f64,
}

/// Why a price stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepReason {
    /// No legal price is expected to earn more.
    AlreadyBest,
    /// A better price is expected, but the gain is too uncertain.
    NotSure,
    /// A better price is near certain, but the gain is negligible.
    TooSmall,
    /// It stands where a strategy wants it among the rivals.
    InPosition,
}

/// What to do with the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Leave it.
    Keep(KeepReason),
    /// Change it because that earns more.
    Change,
    /// Change it because today's price breaks this limit.
    Correct(Constraint),
}

/// The answer to a [`PriceProblem`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceAdvice {
    /// What to do.
    pub action: Action,
    /// The recommended price and what it brings; today's price when it is kept. Never breaks a guard rail.
    pub recommended: Outcome,
    /// What today's price brings.
    pub current: Outcome,
    /// Recommended against today; all zero when the price is kept.
    pub gain: Gain,
    /// The limit that keeps the price from going further; `None` when the optimum lies inside the limits.
    pub binding: Option<Constraint>,
    /// What a strategy aims at: "matching the median of 3 rivals at 9.90"; `None` where the objective alone decides.
    pub aim: Option<String>,
    /// One or two sentences with the numbers.
    pub reason: String,
}
