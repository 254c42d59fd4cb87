//! A proposed test: prices, layout, length, cost, expected learning, value.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Ratio};

use crate::price_test::PriceTestQuestion;
use crate::price_test::turns::Turns;

/// How long a price holds before the next takes its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    /// Four days, then three: over a round each price takes each weekday once, and ups and downs of whole weeks hit all
    /// prices alike.
    HalfWeeks,
    /// So many whole weeks: fewest changes of price.
    Weeks(u32),
}

/// Whether prices take turns in time only, or also run side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One price for all groups at a time, in turns.
    SwitchBack,
    /// Different prices in different groups at the same time, swapped from block to block.
    Split,
}

/// What a test costs: what the objective is expected to earn less than at today's price. Negative where it earns more.
///
/// The interval is due to what is not known of the elasticity, and holds the cost with 80 % probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostEstimate {
    /// At the best belief.
    pub expected: Money,
    /// Lower end of the 80 % interval.
    pub lo: Money,
    /// Upper end of the 80 % interval.
    pub hi: Money,
}

/// What knowing better is worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestValue {
    /// Probability that the price recommended after the test is another than the one recommended now.
    pub probability_price_changes: f64,
    /// What the better choice of price is expected to earn more over the horizon, major units rounded to money.
    pub expected_gain: Money,
    /// Days over which it is counted.
    pub horizon_days: u32,
}

/// A test that can be run as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceTestPlan {
    /// The question it answers.
    pub question: PriceTestQuestion,
    /// The prices that take turns, ascending, two or three, major units. All legal. Today's price may be one of them.
    pub prices: Vec<Decimal>,
    /// How long a price holds.
    pub blocks: Blocks,
    /// Turns only, or side by side too.
    pub layout: Layout,
    /// Days after a change of price that are not counted.
    pub washout_days: u32,
    /// Rounds: in each, every price takes every weekday equally often.
    pub rounds: u32,
    /// Days of one round.
    pub round_days: u32,
    /// Expected cost.
    pub cost: CostEstimate,
    /// Standard deviation of the elasticity expected after the test.
    pub expected_sd: f64,
    /// Standard deviation that was asked for.
    pub target_sd: f64,
    /// Most the test may cost; `None` for no limit.
    pub cost_max: Option<Money>,
    /// Information about the elasticity that one round gathers when sales scatter no more than independent buyers do.
    pub round_information: f64,
    /// How many times that scatter is expected, as a variance.
    pub round_noise: f64,
    /// The reading starts from `round_noise` as if so many rounds had shown it.
    pub noise_rounds: u32,
    /// What the test is worth.
    pub value: TestValue,
    /// The plan in two or three sentences with its numbers.
    pub summary: String,
}

impl PriceTestPlan {
    /// Length of the test in days.
    #[must_use]
    pub const fn days(&self) -> u32 {
        self.rounds * self.round_days
    }

    pub(crate) const fn turns(&self) -> Turns {
        Turns { blocks: self.blocks, layout: self.layout, prices: self.prices.len() }
    }

    /// Whether the better price is expected to earn more than the test costs at its worst (upper end of the interval).
    #[must_use]
    pub fn pays(&self) -> bool {
        self.value.expected_gain.minor() > self.cost.hi.minor()
    }

    /// Farthest test price from today's, as a share of it.
    #[must_use]
    pub fn price_move(&self) -> Ratio {
        let today = self.question.current_price;
        let farthest = self.prices.iter().map(|price| (price - today).abs()).max().unwrap_or_default();
        Ratio::new((farthest / today).round_dp(6))
    }
}

/// The answer to a [`PriceTestQuestion`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum TestProposal {
    /// Run this.
    Run {
        /// The cheapest test that reaches the target.
        plan: Box<PriceTestPlan>,
    },
    /// The elasticity is already as sure as asked.
    AlreadySure {
        /// Why, in a sentence.
        reason: String,
    },
    /// No test reaches the target within the limits.
    OutOfReach {
        /// The one that comes closest within the limits; `None` if there is none at all.
        closest: Option<Box<PriceTestPlan>>,
        /// Why, in a sentence.
        reason: String,
    },
}
