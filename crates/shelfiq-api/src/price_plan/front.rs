//! What can be had together.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shelfiq_app::price_plan::{self as app, FrontRequest};
use utoipa::ToSchema;

use super::{LeftOutBody, PlanLimitsBody, PlanTotalsBody, limits};
use crate::caller::{Body, Caller};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// What to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceFrontRequestBody {
    limits: Option<PlanLimitsBody>,
    /// Only products of this category.
    category: Option<String>,
    /// Levels of revenue and of the price index that are tried; 5 if not given.
    #[schema(minimum = 2, maximum = 10)]
    levels: Option<usize>,
}

/// The front between revenue, margin and low prices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceFrontBody {
    /// Days over which everything is counted.
    horizon_days: u32,
    /// Products that take part.
    products: usize,
    today: PlanTotalsBody,
    /// By rising revenue. The plan of a point is the one with the highest margin under its revenue as the least and its price
    /// index as the highest.
    points: Vec<PlanTotalsBody>,
    left_out: LeftOutBody,
}

/// Shows what can be had together: no point is beaten by another in revenue, margin and low prices. Nothing is stored.
#[utoipa::path(post, path = "/prices/front", tag = "prices", operation_id = "price_front", request_body = PriceFrontRequestBody, security(("bearer" = [])),
    responses((status = 200, body = PriceFrontBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<PriceFrontRequestBody>,
) -> Result<Json<PriceFrontBody>, ApiError> {
    let request =
        FrontRequest { limits: limits(body.limits.unwrap_or_default())?, category: body.category, levels: body.levels };
    let view = app::front(&state.platform, &actor, request).await?;
    Ok(Json(PriceFrontBody {
        horizon_days: view.horizon_days,
        products: view.products,
        today: PlanTotalsBody::of(&view.today, view.currency),
        points: view.points.iter().map(|point| PlanTotalsBody::of(&point.totals, view.currency)).collect(),
        left_out: view.left_out.into(),
    }))
}
