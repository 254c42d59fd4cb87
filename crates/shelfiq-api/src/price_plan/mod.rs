//! The prices of the whole shop together: a plan under shared limits, what can be had, and taking a plan.

pub(crate) mod front;
pub(crate) mod take;

use axum::Json;
use axum::extract::State;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::{Deserialize, Serialize};
use shelfiq_app::price_plan::{self as app, GapRequest, LeftOut, PlanChange, PlanRequest, PlanTotals, PlanView};
use shelfiq_core::{CurrencyCode, Sku};
use shelfiq_pricing::PortfolioLimits;
use utoipa::ToSchema;

use crate::amount::MoneyBody;
use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::products::{price_body, sum_body};
use crate::shops::{ObjectiveBody, ratio};
use crate::state::ApiState;

/// Gaps that one plan may ask for.
const GAPS_MAX: usize = 500;

/// What to plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRequestBody {
    /// What to make as large as possible; the shop's own objective if not given.
    objective: Option<ObjectiveBody>,
    limits: Option<PlanLimitsBody>,
    /// Only products of this category.
    category: Option<String>,
    /// Gaps between products of a family.
    #[schema(max_items = 500)]
    gaps: Option<Vec<PlanGapBody>>,
}

/// What all prices together must reach over the next 28 days; amounts are exact, in major units of the shop's currency.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanLimitsBody {
    /// Least margin.
    margin_min: Option<String>,
    /// Least revenue.
    revenue_min: Option<String>,
    /// Least units.
    units_min: Option<f64>,
    /// At most so many prices change.
    changes_max: Option<usize>,
    /// Lowest price index: today's prices are 1, each weighted by its revenue.
    price_index_min: Option<f64>,
    /// Highest price index.
    price_index_max: Option<f64>,
}

/// How two prices must stand to each other.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanGapBody {
    /// The cheaper product.
    lower: String,
    /// The dearer one.
    upper: String,
    /// It costs at least this share more.
    least: f64,
    /// It costs at most this share more.
    most: Option<f64>,
}

/// The best prices together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PricePlanBody {
    /// Days over which everything is counted.
    horizon_days: u32,
    /// Products that take part.
    products: usize,
    today: PlanTotalsBody,
    plan: PlanTotalsBody,
    /// The prices that change, the largest gain first.
    changes: Vec<PlanChangeBody>,
    /// Limits without which the plan would bring more: `margin_min`, `revenue_min`, `units_min`, `changes_max`,
    /// `price_index_min` or `price_index_max`.
    binding: Vec<String>,
    /// The plan is at most this share of its objective from the best there is.
    gap_share: f64,
    left_out: LeftOutBody,
}

/// Sums over the products that take part.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanTotalsBody {
    units: f64,
    revenue: MoneyBody,
    margin: MoneyBody,
    /// Today is 1.
    price_index: f64,
    /// Prices that change.
    changes: usize,
}

/// A price that changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanChangeBody {
    sku: String,
    product_title: String,
    price_now: MoneyBody,
    price: MoneyBody,
    units_now: f64,
    units: f64,
    /// Of the objective, against keeping the price, with its 80 % interval.
    gain: MoneyBody,
    gain_low80: MoneyBody,
    gain_high80: MoneyBody,
    probability_gain: f64,
    /// The price was never tried.
    is_untried: bool,
    reason: String,
}

/// Products that keep their prices, by the reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeftOutBody {
    /// The data do not tell how demand answers to price.
    not_identified: usize,
    /// No price, no forecast, or nothing expected to sell.
    no_forecast: usize,
    /// The cost is not known.
    no_cost: usize,
    /// A price test runs.
    under_test: usize,
    /// Their own limits leave no price.
    no_legal_price: usize,
    /// Of less revenue than the 1,000 that are planned at once.
    too_many: usize,
}

/// Finds the best prices under shared limits. Nothing is stored.
#[utoipa::path(post, path = "/prices/portfolio", tag = "prices", operation_id = "plan_prices", request_body = PlanRequestBody, security(("bearer" = [])),
    responses((status = 200, body = PricePlanBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<PlanRequestBody>,
) -> Result<Json<PricePlanBody>, ApiError> {
    let gaps = body.gaps.unwrap_or_default();
    if gaps.len() > GAPS_MAX {
        return Err(ApiError::invalid("gaps", format!("at most {GAPS_MAX}")));
    }
    let request = PlanRequest {
        objective: body.objective.map(Into::into),
        limits: limits(body.limits.unwrap_or_default())?,
        category: body.category,
        gaps: gaps.into_iter().map(gap).collect::<Result<_, _>>()?,
    };
    Ok(Json(PricePlanBody::of(&app::plan(&state.platform, &actor, request).await?)))
}

/// Limits as numbers: what is expected is never known to the cent.
fn limits(body: PlanLimitsBody) -> Result<PortfolioLimits, ApiError> {
    let amount = |field: &str, text: Option<String>| {
        let parsed = text.map(|text| text.trim().parse::<f64>()).transpose();
        parsed.map_err(|_| ApiError::invalid(field, "must be an amount such as 12500.00"))
    };
    Ok(PortfolioLimits {
        margin_min: amount("limits.margin_min", body.margin_min)?,
        revenue_min: amount("limits.revenue_min", body.revenue_min)?,
        units_min: body.units_min,
        changes_max: body.changes_max,
        price_index_min: body.price_index_min,
        price_index_max: body.price_index_max,
    })
}

fn gap(body: PlanGapBody) -> Result<GapRequest, ApiError> {
    let sku = |code: &str| Sku::new(code).map_err(|error| ApiError::invalid("gaps", error.to_string()));
    Ok(GapRequest {
        lower: sku(&body.lower)?,
        upper: sku(&body.upper)?,
        least: ratio("gaps", body.least)?,
        most: body.most.map(|most| ratio("gaps", most)).transpose()?,
    })
}

/// An expected amount on the wire.
fn expected(amount: f64, currency: CurrencyCode) -> MoneyBody {
    sum_body(Decimal::from_f64(amount).unwrap_or_default().round_dp(6), currency)
}

impl PricePlanBody {
    fn of(view: &PlanView) -> Self {
        let word = |limit| serde_json::to_value(limit).ok().and_then(|word| word.as_str().map(str::to_owned));
        Self {
            horizon_days: view.horizon_days,
            products: view.products,
            today: PlanTotalsBody::of(&view.today, view.currency),
            plan: PlanTotalsBody::of(&view.plan, view.currency),
            changes: view.changes.iter().map(|change| PlanChangeBody::of(change, view.currency)).collect(),
            binding: view.binding.iter().filter_map(word).collect(),
            gap_share: view.gap_share,
            left_out: view.left_out.into(),
        }
    }
}

impl PlanTotalsBody {
    fn of(totals: &PlanTotals, currency: CurrencyCode) -> Self {
        Self {
            units: totals.units,
            revenue: expected(totals.revenue, currency),
            margin: expected(totals.margin, currency),
            price_index: totals.price_index,
            changes: totals.changes,
        }
    }
}

impl PlanChangeBody {
    fn of(change: &PlanChange, currency: CurrencyCode) -> Self {
        let gain = &change.gain.amount;
        Self {
            sku: change.sku.to_string(),
            product_title: change.title.clone(),
            price_now: price_body(change.price_now, currency),
            price: price_body(change.price, currency),
            units_now: change.units_now,
            units: change.units,
            gain: expected(gain.expected, currency),
            gain_low80: expected(gain.lo, currency),
            gain_high80: expected(gain.hi, currency),
            probability_gain: change.gain.probability_positive,
            is_untried: change.is_untried,
            reason: change.reason.clone(),
        }
    }
}

impl From<LeftOut> for LeftOutBody {
    fn from(out: LeftOut) -> Self {
        Self {
            not_identified: out.not_identified,
            no_forecast: out.no_forecast,
            no_cost: out.no_cost,
            under_test: out.under_test,
            no_legal_price: out.no_legal_price,
            too_many: out.too_many,
        }
    }
}
