//! The merchant and its settings.

mod pricing;

use axum::Json;
use axum::extract::State;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::{Deserialize, Serialize};
use shelfiq_app::shops::{self, ShopChange, ShopView};
use shelfiq_core::{CurrencyCode, Ratio, TimeZone};
use utoipa::ToSchema;

pub(crate) use pricing::ObjectiveBody;
use pricing::PricingPolicyBody;

use crate::caller::{Body, Caller, ExpectedVersion};
use crate::error::{ApiError, Problem};
use crate::identity::MerchantBody;
use crate::state::ApiState;

/// The merchant with its settings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShopBody {
    #[serde(flatten)]
    merchant: MerchantBody,
    /// Days from ordering to selling where nothing else says.
    default_lead_time_days: u32,
    /// Probability that stock lasts until the next order arrives.
    service_level: f64,
    price_guard: PriceGuardBody,
    pricing: PricingPolicyBody,
    /// Of the unusual days and prices that become alerts, over all Skus, the share that may be false; 0.2 at first, 1 lets
    /// every one alert.
    anomaly_false_share: f64,
    /// Counts the changes; goes into `If-Match`.
    version: i32,
}

/// Limits of recommended prices.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceGuardBody {
    /// Largest change in one step, as a share.
    max_change_per_day: f64,
    /// Least margin, as a share of the price.
    min_margin: f64,
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShopChangeBody {
    name: Option<String>,
    currency: Option<String>,
    time_zone: Option<String>,
    default_lead_time_days: Option<u32>,
    service_level: Option<f64>,
    price_guard: Option<PriceGuardBody>,
    /// Replaces the whole policy for prices.
    pricing: Option<PricingPolicyBody>,
    #[schema(minimum = 0.01, maximum = 1.0)]
    anomaly_false_share: Option<f64>,
}

impl From<ShopView> for ShopBody {
    fn from(view: ShopView) -> Self {
        let policy = &view.settings.policy;
        Self {
            merchant: (&view.merchant).into(),
            default_lead_time_days: view.settings.default_lead_time_days,
            service_level: policy.service_level.to_f64(),
            price_guard: PriceGuardBody {
                max_change_per_day: policy.max_price_change.to_f64(),
                min_margin: policy.margin_floor.to_f64(),
            },
            pricing: PricingPolicyBody::of(&view.settings),
            anomaly_false_share: view.settings.anomaly_false_share.to_f64(),
            version: view.merchant.version,
        }
    }
}

/// The caller's merchant.
#[utoipa::path(get, path = "/merchant", tag = "shop", operation_id = "get_merchant", security(("bearer" = [])),
    responses((status = 200, body = ShopBody), (status = "default", body = Problem)))]
pub(crate) async fn get(State(state): State<ApiState>, Caller(actor): Caller) -> Result<Json<ShopBody>, ApiError> {
    Ok(Json(shops::get(&state.platform, &actor).await?.into()))
}

/// Changes the merchant.
#[utoipa::path(patch, path = "/merchant", tag = "shop", operation_id = "change_merchant", request_body = ShopChangeBody, security(("bearer" = [])),
    responses((status = 200, body = ShopBody), (status = "default", body = Problem)))]
pub(crate) async fn change(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Body(body): Body<ShopChangeBody>,
) -> Result<Json<ShopBody>, ApiError> {
    let currency = body
        .currency
        .as_deref()
        .map(CurrencyCode::new)
        .transpose()
        .map_err(|error| ApiError::invalid("currency", error.to_string()))?;
    let time_zone: Option<TimeZone> = body
        .time_zone
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|error: shelfiq_core::TimeError| ApiError::invalid("time_zone", error.to_string()))?;
    let mut settings = shops::get(&state.platform, &actor).await?.settings;
    settings.default_lead_time_days = body.default_lead_time_days.unwrap_or(settings.default_lead_time_days);
    if let Some(level) = body.service_level {
        settings.policy.service_level = ratio("service_level", level)?;
    }
    if let Some(share) = body.anomaly_false_share {
        settings.anomaly_false_share = ratio("anomaly_false_share", share)?;
    }
    if let Some(guard) = &body.price_guard {
        settings.policy.max_price_change = ratio("price_guard.max_change_per_day", guard.max_change_per_day)?;
        settings.policy.margin_floor = ratio("price_guard.min_margin", guard.min_margin)?;
    }
    if let Some(pricing) = body.pricing {
        pricing.apply(&mut settings)?;
    }
    let change = ShopChange { name: body.name, currency, time_zone, settings: Some(settings) };
    Ok(Json(shops::change(&state.platform, &actor, change, version).await?.into()))
}

/// A share as an exact ratio with four decimals.
pub(crate) fn ratio(field: &str, share: f64) -> Result<Ratio, ApiError> {
    let exact = Decimal::from_f64(share).ok_or_else(|| ApiError::invalid(field, "must be a number such as 0.25"))?;
    Ok(Ratio::new(exact.round_dp(4)))
}
