//! Taking a plan.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shelfiq_app::price_plan::{self as app, PRICES_MAX, PlannedPrice};
use shelfiq_core::Sku;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// The prices to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakePlanBody {
    #[schema(min_items = 1, max_items = 500)]
    prices: Vec<PlannedPriceBody>,
}

/// A price to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlannedPriceBody {
    sku: String,
    /// Exact amount in major units.
    #[schema(example = "12.90")]
    price: String,
}

/// What became of the prices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanTakenBody {
    /// The recommendations that were made of them and accepted.
    accepted: Vec<Uuid>,
    refused: Vec<PlanRefusedBody>,
}

/// A price that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanRefusedBody {
    sku: String,
    reason: String,
}

/// Takes the prices of a plan: each becomes an accepted recommendation, with its line in the ledger and a way back.
#[utoipa::path(post, path = "/prices/portfolio/take", tag = "prices", operation_id = "take_price_plan", request_body = TakePlanBody, security(("bearer" = [])),
    responses((status = 200, body = PlanTakenBody), (status = "default", body = Problem)))]
pub(crate) async fn take(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<TakePlanBody>,
) -> Result<Json<PlanTakenBody>, ApiError> {
    if body.prices.len() > PRICES_MAX {
        return Err(ApiError::invalid("prices", format!("at most {PRICES_MAX}")));
    }
    let planned = |one: PlannedPriceBody| -> Result<PlannedPrice, ApiError> {
        let sku = Sku::new(&one.sku).map_err(|error| ApiError::invalid("prices", error.to_string()))?;
        let price = one.price.trim().parse();
        let price = price.map_err(|_| ApiError::invalid("prices", "must be amounts such as 12.90"))?;
        Ok(PlannedPrice { sku, price })
    };
    let prices = body.prices.into_iter().map(planned).collect::<Result<_, _>>()?;
    let taken = app::take(&state.platform, &actor, prices).await?;
    Ok(Json(PlanTakenBody {
        accepted: taken.accepted.into_iter().map(|id| id.as_uuid()).collect(),
        refused: taken
            .refused
            .into_iter()
            .map(|one| PlanRefusedBody { sku: one.sku.to_string(), reason: one.reason })
            .collect(),
    }))
}
