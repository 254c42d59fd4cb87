//! What another plan would bring: the whole distribution, beside the plan as it stands.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use shelfiq_app::simulation::{self as app, Scenario};
use utoipa::ToSchema;

use super::simulation::SimulationBody;
use super::sku_of;
use crate::amount::amount_in;
use crate::caller::{Body, Caller, Place};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// Deliveries that one question may suppose.
const DELIVERIES_MAX: usize = 56;

/// What to suppose; what is not given stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioBody {
    /// Our price on every day: an exact amount in major units.
    #[schema(example = "12.90")]
    price: Option<String>,
    promotion: Option<PromotionBody>,
    /// Units on hand before the first day.
    stock_units: Option<u32>,
    /// Units that arrive, in place of what is on order.
    #[schema(max_items = 56)]
    deliveries: Option<Vec<DeliveryBody>>,
    /// Cost of one unit: an exact amount in major units.
    unit_cost: Option<String>,
    /// What the cheapest rival asks: an exact amount in major units.
    rival_price: Option<String>,
    /// Days that are looked at; 28 if not given.
    #[schema(minimum = 1, maximum = 56)]
    horizon_days: Option<u32>,
}

/// Days on which the product is promoted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromotionBody {
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// Units that arrive before the shop opens.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryBody {
    day: NaiveDate,
    units: u32,
}

/// Simulates another plan beside the one as it stands. Nothing is stored; the same question gets the same answer until
/// there are new data.
#[utoipa::path(post, path = "/products/{sku}/simulate", tag = "products", operation_id = "simulate", params(("sku" = String, Path)), request_body = ScenarioBody, security(("bearer" = [])),
    responses((status = 200, body = SimulationBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
    Body(body): Body<ScenarioBody>,
) -> Result<Json<SimulationBody>, ApiError> {
    let view = app::simulate(&state.platform, &actor, &sku_of(&sku)?, scenario(body)?).await?;
    Ok(Json(SimulationBody::of(&view)))
}

fn scenario(body: ScenarioBody) -> Result<Scenario, ApiError> {
    let amount = |field: &'static str, text: Option<String>| -> Result<Option<Decimal>, ApiError> {
        text.map(|text| amount_in(field, &text)).transpose()
    };
    if body.deliveries.as_ref().is_some_and(|deliveries| deliveries.len() > DELIVERIES_MAX) {
        return Err(ApiError::invalid("deliveries", format!("at most {DELIVERIES_MAX}")));
    }
    Ok(Scenario {
        price: amount("price", body.price)?,
        promotion: body.promotion.map(|days| (days.first_day, days.last_day)),
        stock_units: body.stock_units,
        deliveries: body
            .deliveries
            .map(|deliveries| deliveries.into_iter().map(|delivery| (delivery.day, delivery.units)).collect()),
        unit_cost: amount("unit_cost", body.unit_cost)?,
        rival_price: amount("rival_price", body.rival_price)?,
        horizon_days: body.horizon_days,
    })
}
