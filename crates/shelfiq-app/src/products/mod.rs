//! Products: the list with its figures, one product in full, and what another price would bring.

mod at_price;
mod desk;
mod detail;
mod elasticity;
pub(crate) mod index;
mod record;
mod response;
mod what_if;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Sku};
use shelfiq_query::View;
use shelfiq_store::alerts::AlertFilter;
use shelfiq_store::recommendations::{RecommendationFilter, RecommendationState};

pub use at_price::AskedPrice;
pub(crate) use at_price::response_to;
pub(crate) use desk::Desk;
pub use detail::{Advice, AdviceKind, DemandDay, ElasticityView, ProductDetail};
pub(crate) use index::ProductIndex;
pub(crate) use record::RecordKey;
pub use record::{
    ForecastDay, ForecastPart, ForecastQuality, OfferPoint, OwnPricePoint, ProductRecord, ReviewView, RivalOffers,
    StockDay, StorePresence,
};
pub use response::DemandEffects;
pub use what_if::WhatIf;

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;

/// Days over which a product's recent figures are summed.
pub const RECENT_DAYS: u64 = 30;

/// A product's row in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductSummary {
    /// The code.
    pub sku: Sku,
    /// Name that a person reads.
    pub title: String,
    /// Category, from the top.
    pub category: Option<String>,
    /// Brand or maker.
    pub brand: Option<String>,
    /// Address of an image.
    pub image: Option<String>,
    /// Currency of all amounts.
    pub currency: CurrencyCode,
    /// Price now.
    pub price: Option<Decimal>,
    /// Cost of one unit now.
    pub unit_cost: Option<Decimal>,
    /// Units on hand.
    pub stock: Option<i64>,
    /// Units sold in the last 30 days of data.
    pub recent_units: i64,
    /// Net revenue in the last 30 days of data, exact.
    pub recent_revenue: Decimal,
    /// Net revenue in the 30 days before, exact.
    pub earlier_revenue: Decimal,
    /// Units expected over the next 28 days.
    pub expected_units: Option<f64>,
    /// Elasticity, where the data identify one.
    pub elasticity: Option<f64>,
    /// Mean rating, 1 to 5.
    pub rating: Option<f64>,
    /// Units per week over the last twelve weeks, oldest first.
    pub weekly_units: Vec<f64>,
    /// Recommendations that wait for a decision.
    pub open_recommendations: u32,
    /// Alerts that are open.
    pub open_alerts: u32,
}

impl ProductSummary {
    /// Margin as a share of the price, where both are known.
    #[must_use]
    pub fn margin_rate(&self) -> Option<Decimal> {
        let price = self.price.filter(|price| !price.is_zero())?;
        Some((price - self.unit_cost?) / price)
    }

    /// Days for which the stock lasts at the expected pace; `None` if nothing is expected to sell.
    #[must_use]
    pub fn stock_cover_days(&self) -> Option<f64> {
        let daily = self.expected_units? / 28.0;
        (daily > 1e-6).then_some(())?;
        Some(self.stock? as f64 / daily)
    }
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Net revenue of the last 30 days.
    #[default]
    Revenue,
    /// Units of the last 30 days.
    Units,
    /// Title.
    Title,
    /// Code.
    Sku,
    /// Price.
    Price,
    /// Margin rate.
    Margin,
    /// Units on hand.
    Stock,
    /// Days of cover.
    StockCover,
    /// Units expected.
    Forecast,
    /// Change of revenue.
    Change,
    /// Open recommendations.
    Recommendations,
    /// Open alerts.
    Alerts,
}

impl SortKey {
    /// The key of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "revenue" | "revenue_30d" => Self::Revenue,
            "units" | "units_30d" => Self::Units,
            "title" => Self::Title,
            "sku" => Self::Sku,
            "price" => Self::Price,
            "margin" | "margin_rate" => Self::Margin,
            "stock" => Self::Stock,
            "stock_cover" | "stock_cover_days" => Self::StockCover,
            "forecast" | "forecast_units_28d" => Self::Forecast,
            "change" | "revenue_delta" => Self::Change,
            "recommendations" | "open_recommendations" => Self::Recommendations,
            "alerts" | "open_alerts" => Self::Alerts,
            _ => return None,
        })
    }
}

/// Which products to list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// With all these words in title, code, category or brand.
    pub search: Option<String>,
    /// In this category or below it.
    pub category: Option<String>,
    /// Only those that need something: with open recommendations or alerts.
    pub needs_attention: bool,
    /// Only those out of stock.
    pub out_of_stock: bool,
    /// What to sort by.
    pub sort: SortKey,
    /// Largest first.
    pub descending: bool,
    /// Entries on the page.
    pub limit: usize,
    /// Entries to skip.
    pub offset: usize,
}

/// A page of products.
#[derive(Debug, Clone)]
pub struct ProductPage {
    /// The rows.
    pub rows: Vec<ProductSummary>,
    /// Rows on all pages.
    pub total: usize,
    /// Every category there is, sorted.
    pub categories: Vec<String>,
}

/// Lists products.
///
/// # Errors
/// [`AppError::Access`], or the tables cannot be read.
pub async fn list(platform: &Platform, actor: &Actor, query: &Query) -> Result<ProductPage, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let index = index::load(platform, merchant).await?;
    let (recommendations, alerts) = open_counts(platform, actor).await?;
    Ok(index.page(query, &recommendations, &alerts))
}

/// One product in full.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, sku: &Sku) -> Result<ProductDetail, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let index = index::load(platform, merchant).await?;
    let (recommendations, alerts) = open_counts(platform, actor).await?;
    let summary = index.find(sku, &recommendations, &alerts).ok_or_else(|| AppError::not_found("product", sku))?;
    detail::load(platform, merchant, summary).await
}

/// What another price would bring over the next 28 days.
///
/// # Errors
/// [`AppError::Access`], or there is no such product, or its demand or price is unknown.
pub async fn what_if(platform: &Platform, actor: &Actor, sku: &Sku, price: Decimal) -> Result<WhatIf, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    what_if::evaluate(platform, merchant, sku, price).await
}

/// Makes sure that there is such a product.
///
/// # Errors
/// There is none.
pub(crate) async fn require(
    platform: &Platform,
    merchant: shelfiq_core::MerchantId,
    sku: &Sku,
) -> Result<(), AppError> {
    let none = Counts::new();
    let index = index::load(platform, merchant).await?;
    index.find(sku, &none, &none).map(|_| ()).ok_or_else(|| AppError::not_found("product", sku))
}

/// What the tables know of one product.
pub(crate) async fn record_of(
    platform: &Platform,
    merchant: shelfiq_core::MerchantId,
    sku: &Sku,
) -> Result<std::sync::Arc<ProductRecord>, AppError> {
    let policy = crate::run::ShopPolicy::load(platform, merchant).await?;
    let today = policy.shop.time_zone.day_of(platform.clock.now());
    ProductRecord::load(platform, &policy.shop, today, sku).await
}

type Counts = std::collections::HashMap<String, u32>;

/// Open recommendations and alerts by Sku code. Both lists are short: one entry per Sku and kind at most.
async fn open_counts(platform: &Platform, actor: &Actor) -> Result<(Counts, Counts), AppError> {
    use shelfiq_store::{PAGE_SIZE_MAX, PageRequest, alerts, recommendations};
    let merchant = actor.merchant();
    let (mut recommended, mut alarmed) = (Counts::new(), Counts::new());
    let filter = RecommendationFilter { states: vec![RecommendationState::Open], ..RecommendationFilter::default() };
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    loop {
        let page = recommendations::page(
            &platform.store,
            merchant,
            &filter,
            recommendations::RecommendationOrder::Priority,
            &request,
        )
        .await?;
        page.rows.iter().for_each(|row| *recommended.entry(row.sku.as_str().to_owned()).or_default() += 1);
        let Some(next) = page.next else { break };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
    let filter = AlertFilter { states: crate::alerts::OPEN.to_vec(), ..AlertFilter::default() };
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    loop {
        let page = alerts::page(&platform.store, merchant, &filter, &request).await?;
        page.rows
            .iter()
            .filter_map(|row| row.sku.as_ref())
            .for_each(|sku| *alarmed.entry(sku.as_str().to_owned()).or_default() += 1);
        let Some(next) = page.next else { break };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
    Ok((recommended, alarmed))
}

/// The last day of data: "recent" ends here, not today, so that an old file still tells its story.
pub(crate) async fn last_day_of_data(view: &View, yesterday: NaiveDate) -> Result<Option<NaiveDate>, AppError> {
    let answer = view.sql("select max(day) as last_day from daily_sales").await?;
    Ok(answer.days("last_day")?.first().copied().flatten().map(|day| day.min(yesterday)))
}
