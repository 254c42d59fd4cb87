//! A Sku's limits.

use axum::Json;
use axum::extract::State;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_app::settings::SkuLimits;
use shelfiq_app::shops;
use shelfiq_store::sku_settings::SkuSettings;
use utoipa::ToSchema;

use super::sku_of;
use crate::amount::{MoneyBody, amount_in};
use crate::caller::{Body, Caller, ExpectedVersion, Place};
use crate::error::{ApiError, Problem};
use crate::shops::ratio;
use crate::state::ApiState;

/// A Sku's limits; absent ones are not set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SkuSettingsBody {
    pub(crate) lead_time_days: Option<u32>,
    pub(crate) min_price: Option<MoneyBody>,
    pub(crate) max_price: Option<MoneyBody>,
    /// Least margin as a share of the price.
    pub(crate) min_margin: Option<f64>,
    /// Lowest price that the brand lets the shop advertise (MAP).
    pub(crate) min_advertised_price: Option<MoneyBody>,
    /// Counts the changes; goes into `If-Match`.
    pub(crate) version: i32,
}

/// Limits to set; absent ones are removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SkuSettingsChangeBody {
    #[serde(default)]
    lead_time_days: Option<u32>,
    /// Exact amount in major units of the merchant's currency.
    #[serde(default)]
    min_price: Option<String>,
    #[serde(default)]
    max_price: Option<String>,
    #[serde(default)]
    min_margin: Option<f64>,
    /// Lowest price that the brand lets the shop advertise (MAP).
    #[serde(default)]
    min_advertised_price: Option<String>,
}

impl From<SkuSettings> for SkuSettingsBody {
    fn from(settings: SkuSettings) -> Self {
        let money = |price: Option<shelfiq_core::UnitPrice>| {
            price.map(|price| super::price_body(price.amount(), price.currency()))
        };
        Self {
            lead_time_days: settings.lead_time_days,
            min_price: money(settings.min_price),
            max_price: money(settings.max_price),
            min_margin: settings.min_margin,
            min_advertised_price: money(settings.minimum_advertised_price),
            version: settings.version,
        }
    }
}

/// A Sku's limits.
#[utoipa::path(get, path = "/products/{sku}/settings", tag = "products", operation_id = "get_sku_settings", params(("sku" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = SkuSettingsBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
) -> Result<Json<SkuSettingsBody>, ApiError> {
    Ok(Json(shops::sku_limits(&state.platform, &actor, &sku_of(&sku)?).await?.into()))
}

/// Sets a Sku's limits.
#[utoipa::path(patch, path = "/products/{sku}/settings", tag = "products", operation_id = "change_sku_settings", params(("sku" = String, Path)), request_body = SkuSettingsChangeBody, security(("bearer" = [])),
    responses((status = 200, body = SkuSettingsBody), (status = "default", body = Problem)))]
pub(crate) async fn change(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    ExpectedVersion(version): ExpectedVersion,
    Place(sku): Place<String>,
    Body(body): Body<SkuSettingsChangeBody>,
) -> Result<Json<SkuSettingsBody>, ApiError> {
    let limits = SkuLimits {
        lead_time_days: body.lead_time_days,
        min_price: amount("min_price", body.min_price.as_deref())?,
        max_price: amount("max_price", body.max_price.as_deref())?,
        min_margin: body.min_margin.map(|margin| ratio("min_margin", margin)).transpose()?,
        min_advertised_price: amount("min_advertised_price", body.min_advertised_price.as_deref())?,
    };
    Ok(Json(shops::set_sku_limits(&state.platform, &actor, &sku_of(&sku)?, limits, version).await?.into()))
}

fn amount(field: &str, text: Option<&str>) -> Result<Option<Decimal>, ApiError> {
    text.map(|text| amount_in(field, text)).transpose()
}
