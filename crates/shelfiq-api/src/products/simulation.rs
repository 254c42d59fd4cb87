//! A simulation on the wire.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use shelfiq_app::simulation::{Caution, SimulationView};
use shelfiq_core::CurrencyCode;
use shelfiq_pricing::{Plan, PlanOutcome, Spread};
use utoipa::ToSchema;

use super::what_if::{ViolationBody, violations};
use super::{price_body, sum_body};
use crate::amount::MoneyBody;

/// How a plan fares beside the plan as it stands. Intervals hold 80 % of the simulated futures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulationBody {
    sku: String,
    product_title: String,
    /// The day after the last day of data.
    first_day: NaiveDate,
    last_day: NaiveDate,
    horizon_days: usize,
    /// Futures that were lived through, the same for both plans.
    draws: usize,
    /// Draws the futures; the same for every plan of a product until there are new data.
    seed: String,
    baseline: PlanOutcomeBody,
    scenario: PlanOutcomeBody,
    difference: DifferenceBody,
    warnings: Vec<WarningBody>,
    /// Guard rails that the price breaks.
    violations: Vec<ViolationBody>,
}

/// A plan and how it fares.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanOutcomeBody {
    /// Price on the first day.
    price: MoneyBody,
    /// Null when unknown; there is no margin then.
    unit_cost: Option<MoneyBody>,
    rival_price: Option<MoneyBody>,
    /// Null when stock does not limit sales.
    stock_units: Option<f64>,
    /// Sum of what arrives within the horizon.
    delivered_units: f64,
    units: SpreadBody,
    /// Units asked for that were not there.
    lost_units: SpreadBody,
    revenue: MoneySpreadBody,
    margin: Option<MoneySpreadBody>,
    stock_out: StockOutBody,
}

/// What the plan changes, future by future.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifferenceBody {
    units: SpreadBody,
    revenue: MoneySpreadBody,
    margin: Option<MoneySpreadBody>,
    /// Share of the futures in which the margin (without a cost: the revenue) is higher.
    probability_better: f64,
}

/// The distribution of a number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpreadBody {
    mean: f64,
    median: f64,
    low80: f64,
    high80: f64,
}

/// The distribution of an amount.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoneySpreadBody {
    mean: MoneyBody,
    median: MoneyBody,
    low80: MoneyBody,
    high80: MoneyBody,
}

/// When stock runs out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockOutBody {
    /// Within the horizon.
    probability: f64,
    /// First day by which it has more likely than not; null if it stays unlikely.
    likely_day: Option<NaiveDate>,
    /// Probability that it has run out by the end of each day.
    by_day: Vec<StockOutDayBody>,
}

/// The probability for one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockOutDayBody {
    day: NaiveDate,
    probability: f64,
}

/// Where the answer rests on less than it seems.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WarningBody {
    /// `never_tried`, `tried_prices_unknown`, `promotion_effect_unknown` or `rival_effect_unknown`.
    code: String,
    message: String,
}

impl SimulationBody {
    pub(super) fn of(view: &SimulationView) -> Self {
        let (currency, days) = (view.currency, view.baseline.days.len());
        let found = &view.simulation;
        Self {
            sku: view.sku.to_string(),
            product_title: view.title.clone(),
            first_day: view.first_day,
            last_day: view.day(days.saturating_sub(1)),
            horizon_days: days,
            draws: found.baseline.futures.len(),
            seed: format!("{:016x}", view.seed),
            baseline: PlanOutcomeBody::of(view, &view.baseline, &found.baseline),
            scenario: PlanOutcomeBody::of(view, &view.scenario, &found.scenario),
            difference: DifferenceBody {
                units: found.difference.units.into(),
                revenue: MoneySpreadBody::of(found.difference.revenue, currency),
                margin: found.difference.margin.map(|margin| MoneySpreadBody::of(margin, currency)),
                probability_better: found.difference.probability_better,
            },
            warnings: view.cautions().into_iter().map(WarningBody::from).collect(),
            violations: violations(&view.violations, currency),
        }
    }
}

impl PlanOutcomeBody {
    fn of(view: &SimulationView, plan: &Plan, outcome: &PlanOutcome) -> Self {
        let currency = view.currency;
        let first = plan.days.first();
        let stock_out = &outcome.stock_out;
        Self {
            price: price_body(first.map(|day| day.price).unwrap_or_default(), currency),
            unit_cost: plan.unit_cost.map(|cost| price_body(cost, currency)),
            rival_price: first.and_then(|day| day.rival_price).map(|price| price_body(price, currency)),
            stock_units: plan.stock_units,
            delivered_units: plan.days.iter().map(|day| day.delivered_units).sum(),
            units: outcome.units.into(),
            lost_units: outcome.lost_units.into(),
            revenue: MoneySpreadBody::of(outcome.revenue, currency),
            margin: outcome.margin.map(|margin| MoneySpreadBody::of(margin, currency)),
            stock_out: StockOutBody {
                probability: stock_out.probability,
                likely_day: stock_out.likely_day.map(|day| view.day(day)),
                by_day: stock_out
                    .by_day
                    .iter()
                    .enumerate()
                    .map(|(day, probability)| StockOutDayBody { day: view.day(day), probability: *probability })
                    .collect(),
            },
        }
    }
}

impl From<Spread> for SpreadBody {
    fn from(spread: Spread) -> Self {
        Self { mean: spread.mean, median: spread.median, low80: spread.lo, high80: spread.hi }
    }
}

impl MoneySpreadBody {
    fn of(spread: Spread, currency: CurrencyCode) -> Self {
        let money = |amount: f64| sum_body(Decimal::from_f64_retain(amount).unwrap_or_default().round_dp(6), currency);
        Self {
            mean: money(spread.mean),
            median: money(spread.median),
            low80: money(spread.lo),
            high80: money(spread.hi),
        }
    }
}

impl From<Caution> for WarningBody {
    fn from(caution: Caution) -> Self {
        Self { code: caution.code.to_owned(), message: caution.message }
    }
}
