//! Selling a stock off by a day.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::{Deserialize, Serialize};
use shelfiq_app::season::{self as app, SeasonRequest, SeasonView};
use utoipa::ToSchema;

use super::{price_body, sku_of, sum_body};
use crate::amount::{MoneyBody, amount_in};
use crate::caller::{Body, Caller, Place};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// What is to be sold off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeasonRequestBody {
    /// Last day on which it is sold, at most 180 days ahead.
    until: NaiveDate,
    /// Units to sell; the stock as last counted if not given.
    #[schema(minimum = 1)]
    stock_units: Option<u32>,
    /// What a unit is worth that is left: an exact amount in major units, below zero if getting rid of it costs something;
    /// 0 if not given.
    #[schema(example = "2.50")]
    leftover_value: Option<String>,
}

/// The course of prices and what it brings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeasonBody {
    sku: String,
    product_title: String,
    price_now: MoneyBody,
    /// To ask on the first day.
    price: MoneyBody,
    /// What keeps that price from going further; null if nothing does.
    binding: Option<String>,
    stock_units: u32,
    sold_units: f64,
    left_units: f64,
    revenue: MoneyBody,
    /// Revenue and the value of what is left.
    value: MoneyBody,
    /// The best single price all along, and what that brings.
    best_fixed_price: MoneyBody,
    best_fixed_value: MoneyBody,
    /// Probability that nothing is left.
    sell_out_probability: f64,
    days: Vec<SeasonDayBody>,
}

/// A day of the season.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeasonDayBody {
    day: NaiveDate,
    /// Mean over what may happen before.
    price: f64,
    units: f64,
    /// In the evening.
    left_units: f64,
    /// The shop's calendar keeps the price as it is.
    is_frozen: bool,
}

/// Finds the course of prices that sells a stock by a day. Nothing is stored.
#[utoipa::path(post, path = "/products/{sku}/season", tag = "products", operation_id = "plan_season", params(("sku" = String, Path)), request_body = SeasonRequestBody, security(("bearer" = [])),
    responses((status = 200, body = SeasonBody), (status = "default", body = Problem)))]
pub(crate) async fn ask(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
    Body(body): Body<SeasonRequestBody>,
) -> Result<Json<SeasonBody>, ApiError> {
    let leftover = body.leftover_value.map(|text| amount_in("leftover_value", &text)).transpose()?;
    let request = SeasonRequest {
        until: body.until,
        stock_units: body.stock_units,
        leftover_value: leftover.unwrap_or_default(),
    };
    let view = app::plan(&state.platform, &actor, &sku_of(&sku)?, request).await?;
    Ok(Json(SeasonBody::of(&view)))
}

impl SeasonBody {
    fn of(view: &SeasonView) -> Self {
        let amount = |amount: f64| sum_body(Decimal::from_f64(amount).unwrap_or_default().round_dp(6), view.currency);
        Self {
            sku: view.sku.to_string(),
            product_title: view.title.clone(),
            price_now: price_body(view.price_now, view.currency),
            price: price_body(view.price, view.currency),
            binding: view.binding.map(|constraint| constraint.to_string()),
            stock_units: view.stock_units,
            sold_units: view.days.iter().map(|day| day.units).sum(),
            left_units: view.days.last().map_or(0.0, |day| day.left_units),
            revenue: amount(view.revenue),
            value: amount(view.value),
            best_fixed_price: price_body(view.best_fixed.0, view.currency),
            best_fixed_value: amount(view.best_fixed.1),
            sell_out_probability: view.sell_out_probability,
            days: view
                .days
                .iter()
                .map(|day| SeasonDayBody {
                    day: day.day,
                    price: day.mean_price,
                    units: day.units,
                    left_units: day.left_units,
                    is_frozen: day.is_frozen,
                })
                .collect(),
        }
    }
}
