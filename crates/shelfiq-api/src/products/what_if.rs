//! What another price would bring.

use axum::Json;
use axum::extract::State;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_app::products as app;
use shelfiq_core::CurrencyCode;
use shelfiq_pricing::Violation;
use utoipa::ToSchema;

use super::{price_body, sku_of, sum_body};
use crate::amount::{MoneyBody, amount_in};
use crate::caller::{Body, Caller, Place};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// A price to think through.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfQueryBody {
    /// Exact amount in major units.
    #[schema(example = "12.90")]
    price: String,
}

/// What a price would bring over the horizon, with 80 % intervals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfBody {
    price: MoneyBody,
    horizon_days: u32,
    units: f64,
    units_low80: f64,
    units_high80: f64,
    revenue: MoneyBody,
    revenue_low80: MoneyBody,
    revenue_high80: MoneyBody,
    margin: Option<MoneyBody>,
    margin_low80: Option<MoneyBody>,
    margin_high80: Option<MoneyBody>,
    /// Against keeping the present price.
    gain: Option<MoneyBody>,
    gain_low80: Option<MoneyBody>,
    gain_high80: Option<MoneyBody>,
    probability_gain: Option<f64>,
    violations: Vec<ViolationBody>,
    /// The price lies outside the prices that were ever tried.
    extrapolated: bool,
}

/// A guard rail that the price breaks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViolationBody {
    rule: String,
    message: String,
}

/// Thinks a price through. Nothing is stored.
#[utoipa::path(post, path = "/products/{sku}/what-if", tag = "products", operation_id = "what_if", params(("sku" = String, Path)), request_body = WhatIfQueryBody, security(("bearer" = [])),
    responses((status = 200, body = WhatIfBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
    Body(body): Body<WhatIfQueryBody>,
) -> Result<Json<WhatIfBody>, ApiError> {
    let price = amount_in("price", &body.price)?;
    let answer = app::what_if(&state.platform, &actor, &sku_of(&sku)?, price).await?;
    let currency = answer.currency;
    let outcome = &answer.outcome;
    let money = |amount: f64| float_body(amount, currency);
    let margin =
        |pick: fn(&shelfiq_pricing::Estimate) -> f64| outcome.margin.as_ref().map(|margin| money(pick(margin)));
    Ok(Json(WhatIfBody {
        price: price_body(outcome.price, currency),
        horizon_days: answer.horizon_days,
        units: outcome.quantity.expected,
        units_low80: outcome.quantity.lo,
        units_high80: outcome.quantity.hi,
        revenue: money(outcome.revenue.expected),
        revenue_low80: money(outcome.revenue.lo),
        revenue_high80: money(outcome.revenue.hi),
        margin: margin(|margin| margin.expected),
        margin_low80: margin(|margin| margin.lo),
        margin_high80: margin(|margin| margin.hi),
        gain: Some(money(answer.gain.amount.expected)),
        gain_low80: Some(money(answer.gain.amount.lo)),
        gain_high80: Some(money(answer.gain.amount.hi)),
        probability_gain: Some(answer.gain.probability_positive),
        violations: violations(&outcome.violations, currency),
        extrapolated: outcome.extrapolated,
    }))
}

/// Broken guard rails, each with what would respect it.
pub(super) fn violations(broken: &[Violation], currency: CurrencyCode) -> Vec<ViolationBody> {
    let body = |violation: &Violation| ViolationBody {
        rule: violation.constraint.code().to_owned(),
        message: match violation.limit {
            Some(limit) => {
                format!("breaks {}: {} would respect it", violation.constraint, limit.round_dp(currency.exponent()))
            }
            None => format!("breaks {}", violation.constraint),
        },
    };
    broken.iter().map(body).collect()
}

/// A modelled amount, in whole minor units.
fn float_body(amount: f64, currency: CurrencyCode) -> MoneyBody {
    sum_body(Decimal::from_f64_retain(amount).unwrap_or_default().round_dp(6), currency)
}
