//! A forecast made now.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_app::models as app;
use shelfiq_core::Sku;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::amount::{MoneyBody, amount_in};
use crate::caller::{Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::products::price_body;
use crate::state::ApiState;

const HORIZON_DAYS_DEFAULT: usize = 28;

/// How far ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ForecastQuery {
    /// Days ahead, 1 to 56; 28 if not given
    #[param(minimum = 1, maximum = 56)]
    horizon_days: Option<usize>,
    /// As if this price held from the next day on, in major units of the shop's currency
    price: Option<String>,
}

/// A forecast made now, from the Sku's own history alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServedForecastBody {
    /// The version that serves the Sku.
    version_id: Uuid,
    /// What made the forecast: `ensemble`, a single model, or `seasonal_naive`.
    model: String,
    /// The version failed or was too slow: each day is as the same weekday of last week.
    is_fallback: bool,
    /// Why, in words.
    fallback_reason: Option<String>,
    /// The price that was asked about, if one was.
    asked: Option<AskedPriceBody>,
    days: Vec<ServedDayBody>,
}

/// The price that a forecast takes for granted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AskedPriceBody {
    price: MoneyBody,
    /// It lies outside the prices ever asked: how demand answers there is a guess.
    extrapolated: bool,
}

/// What is expected of one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServedDayBody {
    day: NaiveDate,
    mean: f64,
    median: f64,
    low80: f64,
    high80: f64,
    low95: f64,
    high95: f64,
}

/// Forecasts one Sku now. If the model fails or needs longer than its budget, the answer is last week's, and says so.
#[utoipa::path(get, path = "/products/{sku}/forecast", tag = "models", operation_id = "forecast_sku", params(("sku" = String, Path), ForecastQuery), security(("bearer" = [])),
    responses((status = 200, body = ServedForecastBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
    Params(query): Params<ForecastQuery>,
) -> Result<Json<ServedForecastBody>, ApiError> {
    let sku = Sku::new(&sku).map_err(|error| ApiError::invalid("sku", error.to_string()))?;
    let horizon_days = query.horizon_days.unwrap_or(HORIZON_DAYS_DEFAULT);
    let price = query.price.as_deref().map(|text| amount_in("price", text)).transpose()?;
    let served = app::forecast_now(&state.platform, &actor, &sku, horizon_days, price).await?;
    Ok(Json(ServedForecastBody {
        version_id: served.version.as_uuid(),
        model: served.model,
        is_fallback: served.fell_back.is_some(),
        fallback_reason: served.fell_back,
        asked: served.asked.map(|asked| AskedPriceBody {
            price: price_body(asked.price, asked.currency),
            extrapolated: asked.extrapolated,
        }),
        days: served
            .days
            .iter()
            .map(|day| ServedDayBody {
                day: day.day,
                mean: day.mean,
                median: day.median,
                low80: day.interval_80.0,
                high80: day.interval_80.1,
                low95: day.interval_95.0,
                high95: day.interval_95.1,
            })
            .collect(),
    }))
}
