//! Products: the list, one product, what-if, limits.

pub(crate) mod season;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod simulate;
mod simulation;
pub(crate) mod what_if;

use axum::Json;
use axum::extract::State;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use shelfiq_app::products::{self as app, ProductSummary, SortKey};
use shelfiq_core::{CurrencyCode, Money, Rounding, Sku, UnitPrice};
use utoipa::{IntoParams, ToSchema};

use crate::amount::MoneyBody;
use crate::caller::{Caller, Params};
use crate::error::{ApiError, Problem};
use crate::page::PAGE_SIZE_MAX;
use crate::state::ApiState;

/// Which products.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProductsQuery {
    /// Words; all must occur in title, code, category or brand
    #[param(max_length = 200)]
    search: Option<String>,
    /// Category, with everything below it
    category: Option<String>,
    /// `attention` (open recommendations or alerts) or `out_of_stock`
    status: Option<String>,
    /// `revenue`, `units`, `title`, `sku`, `price`, `margin`, `stock`, `stock_cover`, `forecast`, `change`, `recommendations` or `alerts`; `-` before it for largest first
    sort: Option<String>,
    /// Entries on the page, 1 to 200
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    after: Option<String>,
}

/// A page of products.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductPageBody {
    items: Vec<ProductBody>,
    next: Option<String>,
    total: Option<u64>,
    /// Every category there is.
    categories: Vec<String>,
}

/// A product's row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductBody {
    sku: String,
    title: String,
    category: Option<String>,
    brand: Option<String>,
    image: Option<String>,
    price: Option<MoneyBody>,
    cost: Option<MoneyBody>,
    margin_rate: Option<f64>,
    stock: Option<i64>,
    stock_cover_days: Option<f64>,
    units_30d: i64,
    revenue_30d: MoneyBody,
    revenue_delta: Option<f64>,
    forecast_units_28d: Option<f64>,
    /// Where the data identify one.
    elasticity: Option<f64>,
    open_recommendations: u32,
    open_alerts: u32,
    rating: Option<f64>,
    /// Units per week over the last twelve weeks.
    spark: Vec<f64>,
}

/// An exact amount on the wire; prices finer than the minor unit keep their decimals.
pub(crate) fn price_body(amount: Decimal, currency: CurrencyCode) -> MoneyBody {
    MoneyBody { amount: UnitPrice::new(amount, currency).written().to_string(), currency: currency.to_string() }
}

/// A sum on the wire, in whole minor units.
pub(crate) fn sum_body(amount: Decimal, currency: CurrencyCode) -> MoneyBody {
    let booked = Money::from_major(amount, currency, Rounding::HalfEven).map(Money::to_major).unwrap_or(amount);
    MoneyBody { amount: booked.to_string(), currency: currency.to_string() }
}

impl From<&ProductSummary> for ProductBody {
    fn from(row: &ProductSummary) -> Self {
        let earlier = row.earlier_revenue;
        let delta = (earlier > Decimal::ZERO).then(|| (row.recent_revenue - earlier) / earlier);
        Self {
            sku: row.sku.to_string(),
            title: row.title.clone(),
            category: row.category.clone(),
            brand: row.brand.clone(),
            image: row.image.clone(),
            price: row.price.map(|price| price_body(price, row.currency)),
            cost: row.unit_cost.map(|cost| price_body(cost, row.currency)),
            margin_rate: row.margin_rate().and_then(|rate| rate.to_f64()),
            stock: row.stock,
            stock_cover_days: row.stock_cover_days(),
            units_30d: row.recent_units,
            revenue_30d: sum_body(row.recent_revenue, row.currency),
            revenue_delta: delta.and_then(|delta| delta.to_f64()),
            forecast_units_28d: row.expected_units,
            elasticity: row.elasticity,
            open_recommendations: row.open_recommendations,
            open_alerts: row.open_alerts,
            rating: row.rating,
            spark: row.weekly_units.clone(),
        }
    }
}

/// Lists products, best sellers first.
#[utoipa::path(get, path = "/products", tag = "products", operation_id = "list_products", params(ProductsQuery), security(("bearer" = [])),
    responses((status = 200, body = ProductPageBody), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<ProductsQuery>,
) -> Result<Json<ProductPageBody>, ApiError> {
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE_SIZE_MAX) as usize;
    let offset = query
        .after
        .as_deref()
        .map_or(Ok(0), str::parse)
        .map_err(|_| ApiError::invalid("after", "start again without `after`"))?;
    let (sort, descending) = match query.sort.as_deref() {
        None => (SortKey::Revenue, true),
        Some(word) => {
            let name = word.strip_prefix('-').unwrap_or(word);
            let key =
                SortKey::by_name(name).ok_or_else(|| ApiError::invalid("sort", format!("cannot sort by `{name}`")))?;
            (key, word.starts_with('-'))
        }
    };
    if !matches!(query.status.as_deref(), None | Some("attention" | "out_of_stock" | "all")) {
        return Err(ApiError::invalid("status", "must be attention, out_of_stock or all"));
    }
    let request = app::Query {
        search: query.search,
        category: query.category,
        needs_attention: query.status.as_deref() == Some("attention"),
        out_of_stock: query.status.as_deref() == Some("out_of_stock"),
        sort,
        descending,
        limit,
        offset,
    };
    let page = app::list(&state.platform, &actor, &request).await?;
    let end = offset.saturating_add(page.rows.len());
    Ok(Json(ProductPageBody {
        items: page.rows.iter().map(Into::into).collect(),
        next: (end < page.total && !page.rows.is_empty()).then(|| end.to_string()),
        total: u64::try_from(page.total).ok(),
        categories: page.categories,
    }))
}

/// A Sku code as a path segment.
pub(crate) fn encoded(sku: &str) -> String {
    let mut segment = String::with_capacity(sku.len());
    for byte in sku.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => segment.push(char::from(byte)),
            _ => segment.push_str(&format!("%{byte:02X}")),
        }
    }
    segment
}

/// The Sku of a path segment.
pub(super) fn sku_of(segment: &str) -> Result<Sku, ApiError> {
    Sku::new(segment).map_err(|error| ApiError::new(shelfiq_core::ErrorKind::NotFound, "not_found", error.to_string()))
}
