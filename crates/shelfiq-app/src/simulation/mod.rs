//! What if: the joint distribution of units, revenue, margin and the day of a stock-out under another plan for a Sku,
//! beside the plan as it stands.

mod caution;
mod outlook;
mod plan;

pub use caution::Caution;
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use shelfiq_core::{CurrencyCode, Sku};
use shelfiq_pricing::{OptimizeOptions, Plan, SimulateOptions, Simulation, Violation, evaluate, simulate as live};

use crate::access::{Actor, Permission};
use crate::brains::demand::{EFFECT_DAYS, HORIZON_DAYS};
use crate::error::AppError;
use crate::platform::{Platform, run_cpu};
use crate::products::Desk;

/// What to suppose; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    /// Our price on every day, major units.
    pub price: Option<Decimal>,
    /// Days of a promotion, from and to.
    pub promotion: Option<(NaiveDate, NaiveDate)>,
    /// Units on hand before the first day.
    pub stock_units: Option<u32>,
    /// Units that arrive before the shop opens, in place of what is on order.
    pub deliveries: Option<Vec<(NaiveDate, u32)>>,
    /// Cost of one unit, major units.
    pub unit_cost: Option<Decimal>,
    /// What the cheapest rival asks, major units.
    pub rival_price: Option<Decimal>,
    /// Days that are looked at, from the day after the last day of data; 28 if absent.
    pub horizon_days: Option<u32>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct SimulationView {
    /// Whose plan.
    pub sku: Sku,
    /// The Sku's name that a person reads.
    pub title: String,
    /// Currency of all amounts.
    pub currency: CurrencyCode,
    /// The first day, the one after the last day of data.
    pub first_day: NaiveDate,
    /// The plan as it stands.
    pub baseline: Plan,
    /// The plan in question.
    pub scenario: Plan,
    /// How both fare.
    pub simulation: Simulation,
    /// Guard rails that the price in question breaks.
    pub violations: Vec<Violation>,
    /// Draws the futures: the same for every plan of a Sku until there are new data, so that plans can be compared.
    pub seed: u64,
}

impl SimulationView {
    /// The day with this number, counted from 0.
    #[must_use]
    pub fn day(&self, number: usize) -> NaiveDate {
        self.first_day + Days::new(number as u64)
    }
}

/// Lives through the coming days with the plan as it stands and with the one in question. Nothing is stored; the same
/// question gets the same answer until there are new data.
///
/// # Errors
/// [`AppError::Access`]; [`AppError::Invalid`] for a scenario that cannot be; [`AppError::NotFound`] without such a Sku;
/// [`AppError::Conflict`] where price, demand or elasticity are unknown.
pub async fn simulate(
    platform: &Platform,
    actor: &Actor,
    sku: &Sku,
    scenario: Scenario,
) -> Result<SimulationView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    plan::check(&scenario, HORIZON_DAYS)?;
    let desk = Desk::load(platform, merchant, sku).await?;
    let title = desk.title().ok_or_else(|| AppError::not_found("product", sku))?.to_owned();
    let unknown = || {
        AppError::Conflict(
            "there is no demand forecast and price to start from yet: import sales and run the daily job".to_owned(),
        )
    };
    let problem = desk.problem.clone().ok_or_else(unknown)?;
    let horizon_days = scenario.horizon_days.map_or(EFFECT_DAYS, |days| days as usize);
    let outlook = outlook::outlook(&desk, horizon_days).ok_or_else(unknown)?;
    let first_day = desk.record.forecast.first().ok_or_else(unknown)?.day;
    let baseline = plan::baseline(&desk, &problem, horizon_days);
    let changed = plan::changed(&baseline, &scenario, first_day)?;
    let violations = match scenario.price {
        Some(price) => evaluate(&problem, price, &OptimizeOptions::default())?.violations,
        None => Vec::new(),
    };
    let seed = seed(sku, first_day, horizon_days);
    let options = SimulateOptions { seed, ..SimulateOptions::default() };
    let plans = (baseline.clone(), changed.clone());
    let simulation = run_cpu(move || live(&outlook, &plans.0, &plans.1, &options)).await?;
    Ok(SimulationView {
        sku: sku.clone(),
        title,
        currency: desk.currency(),
        first_day,
        baseline,
        scenario: changed,
        simulation,
        violations,
        seed,
    })
}

/// Other plans for the same days meet the same futures.
fn seed(sku: &Sku, first_day: NaiveDate, horizon_days: usize) -> u64 {
    let digest = Sha256::digest(format!("{}\n{first_day}\n{horizon_days}", sku.as_str()));
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}
