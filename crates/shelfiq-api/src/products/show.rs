//! One product on one screen.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use shelfiq_app::products::{self as app, AdviceKind, DemandEffects, ElasticityView, ProductDetail, ProductRecord};
use shelfiq_core::CurrencyCode;
use shelfiq_pricing::ElasticityBelief;
use utoipa::ToSchema;

use super::settings::SkuSettingsBody;
use super::{ProductBody, price_body, sku_of};
use crate::alerts::AlertBody;
use crate::amount::MoneyBody;
use crate::caller::{Caller, Place};
use crate::error::{ApiError, Problem};
use crate::overview::{AnnotationBody, DayPointBody, ForecastPointBody};
use crate::recommendations::RecommendationBody;
use crate::state::ApiState;

/// Everything about one product.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductDetailBody {
    #[serde(flatten)]
    row: ProductBody,
    stores: Vec<StoreBody>,
    price_history: PriceHistoryBody,
    demand: DemandBody,
    #[serde(rename = "stock_plan")]
    stock: StockBody,
    #[serde(rename = "price_model")]
    elasticity: Option<ElasticityBody>,
    recommendations: Vec<RecommendationBody>,
    alerts: Vec<AlertBody>,
    reviews: ReviewsBody,
    settings: SkuSettingsBody,
}

/// A store that lists the product.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoreBody {
    store: String,
    channel: String,
    price: Option<MoneyBody>,
    listing: Option<String>,
}

/// Prices over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceHistoryBody {
    own: Vec<PricePointBody>,
    rivals: Vec<RivalBody>,
    cost: Vec<PricePointBody>,
}

/// A rival's prices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RivalBody {
    name: String,
    points: Vec<PricePointBody>,
}

/// A price from an instant on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PricePointBody {
    at: DateTime<Utc>,
    price: f64,
    in_stock: Option<bool>,
    is_promotion: Option<bool>,
}

/// Demand behind and ahead.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandBody {
    history: Vec<DemandDayBody>,
    forecast: Vec<ForecastPointBody>,
    /// `ready`, `not_enough_data` or `pending`.
    status: &'static str,
    model: Option<String>,
    demand_class: Option<String>,
    accuracy: Option<AccuracyBody>,
    /// What the forecast of the next days is made of: level, trend, season, then what is not as usual. Empty where nothing
    /// is known of it.
    parts: Vec<ForecastPartBody>,
    annotations: Vec<AnnotationBody>,
}

/// A part of a forecast. All parts add up to its mean over `days` days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastPartBody {
    /// `level` (what a day has been worth of late), `trend`, `season` (of the week), or the name of what is not as usual:
    /// `holidays`, `season_of_year`, `price`, `promotion`.
    #[schema(example = "season")]
    cause: String,
    /// Days ahead that are summed.
    days: i64,
    /// Units that it adds, or takes away where below zero.
    units: f64,
}

/// Demand of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandDayBody {
    day: NaiveDate,
    value: f64,
    /// Stock was out: demand may have been higher.
    censored: bool,
}

/// How good such forecasts were on past origins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccuracyBody {
    wape: Option<f64>,
    mase: Option<f64>,
    note: String,
}

/// Stock and its outlook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockBody {
    history: Vec<DayPointBody>,
    cover_days: Option<f64>,
    lead_time_days: u32,
    stock_out_day: Option<NaiveDate>,
}

/// How demand answers to price.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElasticityBody {
    elasticity: f64,
    low95: f64,
    high95: f64,
    identified: bool,
    reason: String,
    observations: i64,
    prices: i64,
    /// Prices that were really tried.
    support: SupportBody,
    currency: String,
    current_price: f64,
    unit_cost: Option<f64>,
    /// What else moves demand; what is not known is absent.
    drivers: Vec<DemandDriverBody>,
    curve: Vec<CurvePointBody>,
    advice: AdviceBody,
}

/// What something other than the own price does to demand, with the 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandDriverBody {
    /// `promotion`, `rival_price`, `substitutes` or `rival_follows`.
    driver: &'static str,
    /// Of a promotion: by which share demand rises beyond what its price does, 0.18 for 18 %. Of the cheapest rival's price,
    /// and of the prices of our own products nearest to it in its category: percent of demand per percent of them.
    /// How far the cheapest rival follows: the share of a change of our price by which it changes its own.
    effect: f64,
    low95: f64,
    high95: f64,
}

/// A range of prices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SupportBody {
    low: f64,
    high: f64,
}

/// A point of the demand curve: units over 28 days, with the 80 % interval.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurvePointBody {
    price: f64,
    units: f64,
    units_low80: f64,
    units_high80: f64,
    revenue: f64,
    margin: Option<f64>,
    extrapolated: bool,
}

/// What to do with the price.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdviceBody {
    /// `reprice`, `keep`, `test` or `unknown`.
    kind: &'static str,
    price: Option<MoneyBody>,
    reason: String,
    binding_constraint: Option<String>,
}

/// Reviews in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewsBody {
    count: u64,
    average: Option<f64>,
    /// Reviews with one star, two stars, …
    by_rating: Vec<u64>,
    recent: Vec<ReviewBody>,
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewBody {
    rating: i64,
    title: String,
    text: String,
    at: DateTime<Utc>,
}

/// One product in full.
#[utoipa::path(get, path = "/products/{sku}", tag = "products", operation_id = "get_product", params(("sku" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = ProductDetailBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(sku): Place<String>,
) -> Result<Json<ProductDetailBody>, ApiError> {
    Ok(Json(app::get(&state.platform, &actor, &sku_of(&sku)?).await?.into()))
}

impl From<ProductDetail> for ProductDetailBody {
    fn from(detail: ProductDetail) -> Self {
        let currency = detail.summary.currency;
        let price = detail.summary.price;
        let cost = detail.summary.unit_cost;
        Self {
            stores: detail
                .record
                .stores
                .iter()
                .map(|store| StoreBody {
                    store: store.store.clone(),
                    channel: store.channel.clone(),
                    price: store.price.map(|price| price_body(price, currency)),
                    listing: store.listing.clone(),
                })
                .collect(),
            price_history: prices(&detail.record),
            stock: StockBody {
                history: detail
                    .record
                    .stock
                    .iter()
                    .map(|day| DayPointBody { day: day.day, value: Some(day.units as f64), is_partial: false })
                    .collect(),
                cover_days: detail.summary.stock_cover_days(),
                lead_time_days: detail.lead_time_days,
                stock_out_day: detail.stock_out_day,
            },
            elasticity: detail.elasticity.as_ref().map(|view| elasticity(view, currency, price, cost)),
            reviews: reviews(&detail.record),
            settings: SkuSettingsBody {
                lead_time_days: detail.limits.lead_time_days,
                min_price: detail.limits.min_price.map(|price| price_body(price, currency)),
                max_price: detail.limits.max_price.map(|price| price_body(price, currency)),
                min_margin: detail.limits.min_margin.map(shelfiq_core::Ratio::to_f64),
                min_advertised_price: detail.limits.min_advertised_price.map(|price| price_body(price, currency)),
                version: detail.limits_version,
            },
            row: (&detail.summary).into(),
            demand: demand(detail.demand, &detail.record, detail.annotations),
            recommendations: detail.recommendations.into_iter().map(Into::into).collect(),
            alerts: detail.alerts.into_iter().map(Into::into).collect(),
        }
    }
}

fn float(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or_default()
}

fn prices(record: &ProductRecord) -> PriceHistoryBody {
    let plain = |at, price| PricePointBody { at, price: float(price), in_stock: None, is_promotion: None };
    PriceHistoryBody {
        own: record
            .own_prices
            .iter()
            .map(|point| PricePointBody { is_promotion: point.is_promotion, ..plain(point.at, point.price) })
            .collect(),
        rivals: record
            .rivals
            .iter()
            .map(|rival| RivalBody {
                name: rival.name.clone(),
                points: rival
                    .offers
                    .iter()
                    .map(|offer| PricePointBody { in_stock: offer.in_stock, ..plain(offer.at, offer.price) })
                    .collect(),
            })
            .collect(),
        cost: record.costs.iter().map(|(at, cost)| plain(*at, *cost)).collect(),
    }
}

fn demand(
    history: Vec<app::DemandDay>,
    record: &ProductRecord,
    annotations: Vec<(NaiveDate, &'static str, String)>,
) -> DemandBody {
    let quality = record.forecast_quality.as_ref();
    let status = match quality {
        None => "pending",
        Some(quality) if quality.is_ready => "ready",
        Some(_) => "not_enough_data",
    };
    DemandBody {
        history: history
            .into_iter()
            .map(|day| DemandDayBody { day: day.day, value: day.units, censored: day.is_censored })
            .collect(),
        forecast: record.forecast.iter().copied().map(Into::into).collect(),
        status,
        model: quality.map(|quality| quality.model.clone()),
        demand_class: quality.map(|quality| quality.demand_class.clone()),
        accuracy: quality.map(|quality| AccuracyBody {
            wape: quality.wape,
            mase: quality.mase,
            note: "measured on forecasts made from earlier days of this product".to_owned(),
        }),
        parts: record
            .forecast_parts
            .iter()
            .map(|part| ForecastPartBody { cause: part.cause.clone(), days: part.days, units: part.units })
            .collect(),
        annotations: annotations.into_iter().map(|(day, kind, text)| AnnotationBody { day, kind, text }).collect(),
    }
}

fn elasticity(
    view: &ElasticityView,
    currency: CurrencyCode,
    price: Option<Decimal>,
    cost: Option<Decimal>,
) -> ElasticityBody {
    let current_price = price.map(float).unwrap_or_default();
    let (low, high) = view.support.unwrap_or((current_price, current_price));
    let unit_cost = cost.map(float);
    ElasticityBody {
        elasticity: view.elasticity,
        low95: view.interval_95.0,
        high95: view.interval_95.1,
        identified: view.identified,
        reason: view.reason.clone(),
        observations: view.observations,
        prices: view.prices,
        support: SupportBody { low, high },
        currency: currency.to_string(),
        current_price,
        unit_cost,
        drivers: drivers(view.effects),
        curve: view
            .curve
            .iter()
            .map(|point| CurvePointBody {
                price: point.price,
                units: point.quantity.expected,
                units_low80: point.quantity.lo,
                units_high80: point.quantity.hi,
                revenue: point.price * point.quantity.expected,
                margin: unit_cost.map(|cost| (point.price - cost) * point.quantity.expected),
                extrapolated: point.extrapolated,
            })
            .collect(),
        advice: AdviceBody {
            kind: match view.advice.kind {
                AdviceKind::Reprice => "reprice",
                AdviceKind::Keep => "keep",
                AdviceKind::Test => "test",
                AdviceKind::Unknown => "unknown",
            },
            price: view.advice.price.map(|price| price_body(price, currency)),
            reason: view.advice.reason.clone(),
            binding_constraint: view.advice.binding.clone(),
        },
    }
}

fn drivers(effects: DemandEffects) -> Vec<DemandDriverBody> {
    let body = |driver, belief: ElasticityBelief, of: fn(f64) -> f64| {
        let (low, high) = belief.interval_95();
        DemandDriverBody { driver, effect: of(belief.mean), low95: of(low), high95: of(high) }
    };
    let as_it_is =
        |driver, belief: Option<ElasticityBelief>| belief.map(|belief| body(driver, belief, |effect| effect));
    let known = [
        effects.promotion.map(|belief| body("promotion", belief, f64::exp_m1)),
        as_it_is("rival_price", effects.rival_price),
        as_it_is("substitutes", effects.substitutes),
        as_it_is("rival_follows", effects.rival_follows),
    ];
    known.into_iter().flatten().collect()
}

fn reviews(record: &ProductRecord) -> ReviewsBody {
    let count: u64 = record.ratings.iter().sum();
    let stars: u64 = (1..).zip(&record.ratings).map(|(stars, count)| stars * count).sum();
    ReviewsBody {
        count,
        average: (count > 0).then(|| stars as f64 / count as f64),
        by_rating: record.ratings.to_vec(),
        recent: record
            .reviews
            .iter()
            .map(|review| ReviewBody {
                rating: review.rating,
                title: review.title.clone(),
                text: review.text.clone(),
                at: review.at,
            })
            .collect(),
    }
}
