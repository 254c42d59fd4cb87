//! One product on one screen: prices, demand, stock, elasticity, advice, reviews.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_core::MerchantId;
use shelfiq_pricing::CurvePoint;
use shelfiq_store::anomaly_answers::AnomalyMeasure;

use super::ProductSummary;
use super::desk::Desk;
use super::elasticity::elasticity;
use super::record::{HISTORY_DAYS, ProductRecord};
use super::response::DemandEffects;
use crate::alerts::{self, AlertView};
use crate::brains::anomalies::{Discretion, Standing};
use crate::error::AppError;
use crate::facts::SkuFacts;
use crate::platform::Platform;
use crate::recommendations::{self, RecommendationView};

/// Recommendations and alerts that are shown.
const CASES_MAX: u32 = 10;

/// Everything about one product.
#[derive(Debug, Clone)]
pub struct ProductDetail {
    /// Its row in the list.
    pub summary: ProductSummary,
    /// What the tables know of it.
    pub record: Arc<ProductRecord>,
    /// Demand per day, oldest first.
    pub demand: Vec<DemandDay>,
    /// Days that deserve a mark on charts: day, kind and text.
    pub annotations: Vec<(NaiveDate, &'static str, String)>,
    /// Days from ordering to selling.
    pub lead_time_days: u32,
    /// First day on which expected demand exceeds stock and orders on the way; `None` if not within the forecast.
    pub stock_out_day: Option<NaiveDate>,
    /// How demand answers to price, if a model has looked.
    pub elasticity: Option<ElasticityView>,
    /// Open recommendations.
    pub recommendations: Vec<RecommendationView>,
    /// Open alerts.
    pub alerts: Vec<AlertView>,
    /// Limits that the merchant set.
    pub limits: crate::settings::SkuLimits,
    /// Version of those limits.
    pub limits_version: i32,
}

/// Demand of one day.
#[derive(Debug, Clone, Copy)]
pub struct DemandDay {
    /// The day.
    pub day: NaiveDate,
    /// Units.
    pub units: f64,
    /// Stock was out: demand may have been higher.
    pub is_censored: bool,
}

/// How demand answers to price.
#[derive(Debug, Clone)]
pub struct ElasticityView {
    /// Percent of demand per percent of price.
    pub elasticity: f64,
    /// 95 % interval.
    pub interval_95: (f64, f64),
    /// Whether this Sku's own prices tell it.
    pub identified: bool,
    /// Why, in words.
    pub reason: String,
    /// Periods used.
    pub observations: i64,
    /// Distinct prices among them.
    pub prices: i64,
    /// Prices that were really asked.
    pub support: Option<(f64, f64)>,
    /// What else moves demand.
    pub effects: DemandEffects,
    /// Units over 28 days by price.
    pub curve: Vec<CurvePoint>,
    /// What to do with the price.
    pub advice: Advice,
}

/// What to do with the price.
#[derive(Debug, Clone)]
pub struct Advice {
    /// The class of the answer.
    pub kind: AdviceKind,
    /// The price, if one is advised.
    pub price: Option<Decimal>,
    /// Why, with the numbers.
    pub reason: String,
    /// The limit that keeps it from going further.
    pub binding: Option<String>,
}

/// The class of a price answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdviceKind {
    /// Change the price.
    Reprice,
    /// Keep it.
    Keep,
    /// The data do not tell: try.
    Test,
    /// Nothing can be said.
    Unknown,
}

pub(super) async fn load(
    platform: &Platform,
    merchant: MerchantId,
    summary: ProductSummary,
) -> Result<ProductDetail, AppError> {
    let desk = Desk::load(platform, merchant, &summary.sku).await?;
    let settings = shelfiq_store::sku_settings::get(&platform.store, merchant, &summary.sku).await?;
    let record = &desk.record;
    let discretion = Arc::new(Discretion::load(platform, merchant).await?);
    Ok(ProductDetail {
        demand: record.sku().map(demand).unwrap_or_default(),
        annotations: annotations(record, &discretion).await,
        lead_time_days: desk.lead_time_days(),
        stock_out_day: stock_out_day(&summary, record),
        elasticity: elasticity(&desk),
        recommendations: recommendations::open(platform, merchant, Some(summary.sku.clone()), CASES_MAX).await?,
        alerts: alerts::open(platform, merchant, Some(summary.sku.clone()), CASES_MAX).await?,
        limits_version: settings.version,
        limits: settings.into(),
        record: desk.record,
        summary,
    })
}

fn demand(facts: &SkuFacts) -> Vec<DemandDay> {
    let daily = facts.daily_units();
    let days = daily.iter().zip(&facts.was_out_of_stock).map(|((day, units), out)| DemandDay {
        day,
        units: *units,
        is_censored: *out,
    });
    let skipped = facts.units.len().saturating_sub(HISTORY_DAYS as usize);
    days.skip(skipped).collect()
}

/// Price changes and the unusual days that the merchant is told of.
async fn annotations(
    record: &Arc<ProductRecord>,
    discretion: &Arc<Discretion>,
) -> Vec<(NaiveDate, &'static str, String)> {
    let changes = record.own_prices.windows(2).filter(|pair| pair[0].price != pair[1].price).map(|pair| {
        let kind = if pair[1].is_promotion == Some(true) { "promotion" } else { "price_change" };
        (pair[1].at.date_naive(), kind, format!("{} → {}", pair[0].price, pair[1].price))
    });
    let code = record.sku().map_or("", |sku| sku.sku.as_str());
    let seen = record.unusual(discretion, HISTORY_DAYS as u32).await.into_iter();
    let told = seen
        .filter(|unusual| unusual.measure == AnomalyMeasure::Units)
        .filter(|unusual| discretion.standing(code, unusual) == Standing::Told);
    let told = told.map(|unusual| (unusual.day, "anomaly", unusual.sentence));
    let mut marks: Vec<_> = changes.chain(told).collect();
    marks.sort_by_key(|mark| mark.0);
    marks
}

fn stock_out_day(summary: &ProductSummary, record: &ProductRecord) -> Option<NaiveDate> {
    let on_order = record.sku().and_then(|facts| facts.stock).map_or(0, |stock| stock.on_order);
    let mut left = (summary.stock? + on_order) as f64;
    record.forecast.iter().find_map(|day| {
        left -= day.mean;
        (left <= 0.0).then_some(day.day)
    })
}
