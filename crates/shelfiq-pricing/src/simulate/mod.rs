//! What if: the joint distribution of units, revenue, margin and the day of a stock-out under another plan.
//!
//! Every draw is one possible future: an elasticity, a level of demand and the luck of each day. The plan as it stands and
//! the plan in question live through the *same* futures, so that their difference is the effect of the plan and not of
//! luck; a plan that changes nothing differs by exactly zero. The same seed gives the same bytes on any number of threads.

mod chance;
mod day_demand;
mod future;
mod outlook;
mod plan;
mod summary;

pub use outlook::{DayOutlook, Outlook};
pub use plan::{DayPlan, Plan, Promotion};
pub use summary::{Difference, Future, PlanOutcome, Spread, StockOut};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::PricingError;
use future::World;

/// How a simulation is run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SimulateOptions {
    /// Futures drawn.
    pub draws: u32,
    /// The same seed draws the same futures.
    pub seed: u64,
    /// Probability of the intervals.
    pub interval_level: f64,
}

impl Default for SimulateOptions {
    /// 2,000 futures (an interval end is then good to about one percent of probability), 80 % intervals.
    fn default() -> Self {
        Self { draws: 2_000, seed: 1, interval_level: 0.8 }
    }
}

/// Where an answer rests on less than it seems.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The plan asks prices that were never tried: the intervals are widened, and the response there is a guess.
    NeverTried {
        /// First such day, from 0.
        day: usize,
        /// Its price, major units.
        price: f64,
        /// Lowest price tried.
        tried_min: f64,
        /// Highest price tried.
        tried_max: f64,
    },
    /// It is not known which prices were tried; any price might be new.
    TriedPricesUnknown,
    /// The plan changes promotions, but nothing is known of what they do beyond the price.
    PromotionEffectUnknown,
    /// The plan supposes another price of the rival, but nothing is known of its effect on our demand.
    RivalEffectUnknown,
}

/// The answer to "what if".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// The plan as it stands.
    pub baseline: PlanOutcome,
    /// The plan in question.
    pub scenario: PlanOutcome,
    /// Scenario less baseline, future by future.
    pub difference: Difference,
    /// What to be careful about; empty if nothing.
    pub warnings: Vec<Warning>,
}

/// Lives through `options.draws` futures with the plan as it stands and with the plan in question.
///
/// # Errors
/// [`PricingError::InvalidProblem`] if a number makes no sense or the plans do not have one day for each of the outlook's.
pub fn simulate(
    outlook: &Outlook,
    baseline: &Plan,
    scenario: &Plan,
    options: &SimulateOptions,
) -> Result<Simulation, PricingError> {
    outlook.check()?;
    baseline.check(outlook.days.len())?;
    scenario.check(outlook.days.len())?;
    if options.draws == 0 || !(options.interval_level > 0.0 && options.interval_level < 1.0) {
        let value = format!("{} futures, level {}", options.draws, options.interval_level);
        let expected = "at least one future and a level between zero and one";
        return Err(PricingError::InvalidProblem { quantity: "the simulation", value, expected });
    }
    let world = World { outlook, baseline };
    let lived: Vec<(Future, Future)> = (0..options.draws)
        .into_par_iter()
        .map(|draw| {
            let fate = world.fate(options.seed, draw);
            (world.live(baseline, &fate), world.live(scenario, &fate))
        })
        .collect();
    let (before, after): (Vec<Future>, Vec<Future>) = lived.into_iter().unzip();
    Ok(Simulation {
        difference: Difference::between(&before, &after, options.interval_level),
        baseline: PlanOutcome::of(before, outlook.days.len(), options.interval_level),
        scenario: PlanOutcome::of(after, outlook.days.len(), options.interval_level),
        warnings: warnings(outlook, baseline, scenario),
    })
}

fn warnings(outlook: &Outlook, baseline: &Plan, scenario: &Plan) -> Vec<Warning> {
    let changed = |differs: fn(&DayPlan, &DayPlan) -> bool| {
        baseline.days.iter().zip(&scenario.days).any(|(before, after)| differs(before, after))
    };
    let price_changes = changed(|before, after| before.price != after.price);
    let untried = outlook.support.and_then(|support| {
        let prices = scenario.days.iter().zip(&baseline.days).map(|(after, before)| (after.amount(), before.amount()));
        prices
            .enumerate()
            .find(|&(_, (after, before))| after != before && support.log_distance(after) > 0.0)
            .map(|(day, (price, _))| Warning::NeverTried { day, price, tried_min: support.min, tried_max: support.max })
    });
    let unknown = [
        (price_changes && outlook.support.is_none(), Warning::TriedPricesUnknown),
        (
            changed(|before, after| before.promotion != after.promotion) && outlook.promotion.is_none(),
            Warning::PromotionEffectUnknown,
        ),
        (
            changed(|before, after| before.rival_price != after.rival_price) && outlook.rival_elasticity.is_none(),
            Warning::RivalEffectUnknown,
        ),
    ];
    untried.into_iter().chain(unknown.into_iter().filter_map(|(applies, warning)| applies.then_some(warning))).collect()
}
