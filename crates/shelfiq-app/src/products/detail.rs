//! One product on one screen: prices, demand, stock, elasticity, advice, reviews.

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{MerchantId, Sku};
use shelfiq_pricing::CurvePoint;
use shelfiq_query::{Answer, SqlRequest};

use super::ProductSummary;
use super::elasticity::elasticity;
use super::what_if::Desk;
use crate::alerts::{self, AlertView};
use crate::brains::anomalies::unusual_days;
use crate::error::AppError;
use crate::facts::SkuFacts;
use crate::platform::Platform;
use crate::recommendations::{self, RecommendationView};

/// Days of history that charts show.
const HISTORY_DAYS: u64 = 400;
/// Reviews that are shown.
const REVIEWS_MAX: u32 = 5;
/// Recommendations and alerts that are shown.
const CASES_MAX: u32 = 10;

/// Everything about one product.
#[derive(Debug, Clone)]
pub struct ProductDetail {
    /// Its row in the list.
    pub summary: ProductSummary,
    /// Where it is sold.
    pub stores: Vec<StorePresence>,
    /// Our prices, oldest first.
    pub own_prices: Vec<OwnPricePoint>,
    /// Each rival's offers, oldest first.
    pub rivals: Vec<RivalOffers>,
    /// Unit costs with the day from which they hold, oldest first.
    pub costs: Vec<(DateTime<Utc>, Decimal)>,
    /// Demand per day, oldest first.
    pub demand: Vec<DemandDay>,
    /// Demand expected, nearest first.
    pub forecast: Vec<ForecastDay>,
    /// Name of the forecast's model, its class of demand, and its errors on past origins, if there is a forecast.
    pub forecast_quality: Option<ForecastQuality>,
    /// Days that deserve a mark on charts: day, kind and text.
    pub annotations: Vec<(NaiveDate, &'static str, String)>,
    /// Units on hand per day, oldest first.
    pub stock: Vec<StockDay>,
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
    /// Reviews per star, one star first.
    pub ratings: [u64; 5],
    /// The newest reviews.
    pub reviews: Vec<ReviewView>,
    /// Limits that the merchant set.
    pub limits: crate::settings::SkuLimits,
    /// Version of those limits.
    pub limits_version: i32,
}

/// A store that lists the product.
#[derive(Debug, Clone)]
pub struct StorePresence {
    /// Store.
    pub store: String,
    /// Channel.
    pub channel: String,
    /// Newest price there.
    pub price: Option<Decimal>,
    /// The channel's id of the listing.
    pub listing: Option<String>,
}

/// Our price from an instant on.
#[derive(Debug, Clone, Copy)]
pub struct OwnPricePoint {
    /// From when on.
    pub at: DateTime<Utc>,
    /// Major units.
    pub price: Decimal,
    /// Whether it belongs to a promotion.
    pub is_promotion: Option<bool>,
}

/// A rival's offers.
#[derive(Debug, Clone)]
pub struct RivalOffers {
    /// The rival.
    pub name: String,
    /// Its offers, oldest first.
    pub offers: Vec<OfferPoint>,
}

/// A rival's offer at an instant.
#[derive(Debug, Clone, Copy)]
pub struct OfferPoint {
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// Major units.
    pub price: Decimal,
    /// Whether it could be bought.
    pub in_stock: Option<bool>,
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

/// What is expected of one day.
#[derive(Debug, Clone, Copy)]
pub struct ForecastDay {
    /// The day.
    pub day: NaiveDate,
    /// Conditional mean.
    pub mean: f64,
    /// Conditional median.
    pub median: f64,
    /// 80 % interval.
    pub interval_80: (f64, f64),
    /// 95 % interval.
    pub interval_95: (f64, f64),
}

/// How a forecast came about and how good such forecasts were.
#[derive(Debug, Clone)]
pub struct ForecastQuality {
    /// Whether the history suffices.
    pub is_ready: bool,
    /// Name of the model.
    pub model: String,
    /// Class of demand.
    pub demand_class: String,
    /// Mean absolute scaled error on past origins.
    pub mase: Option<f64>,
    /// Weighted absolute percentage error on past origins.
    pub wape: Option<f64>,
}

/// Units on hand at the end of a day.
#[derive(Debug, Clone, Copy)]
pub struct StockDay {
    /// The day.
    pub day: NaiveDate,
    /// Units.
    pub units: i64,
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

/// A review.
#[derive(Debug, Clone)]
pub struct ReviewView {
    /// Stars.
    pub rating: i64,
    /// Headline.
    pub title: String,
    /// Text.
    pub text: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

pub(super) async fn load(
    platform: &Platform,
    merchant: MerchantId,
    summary: ProductSummary,
) -> Result<ProductDetail, AppError> {
    let asker = Asker { platform, merchant, sku: summary.sku.clone() };
    let desk = Desk::load(platform, merchant, &summary.sku).await?;
    let facts = desk.as_ref().and_then(|desk| desk.facts.skus.first());
    let last_day = desk.as_ref().map(|desk| desk.facts.last_day);
    let from = last_day.map(|day| day - Days::new(HISTORY_DAYS));
    let (forecast, forecast_quality) = forecast(&asker, last_day).await?;
    let own_prices = own_prices(&asker, from).await?;
    let stock = stock(&asker, from).await?;
    let (ratings, reviews) = reviews(&asker).await?;
    let settings = shelfiq_store::sku_settings::get(&platform.store, merchant, &summary.sku).await?;
    let lead_time_days = desk.as_ref().zip(facts).map_or(14, |(desk, facts)| {
        crate::brains::signals::lead_time_days(
            facts,
            &desk.policy.settings,
            desk.policy.limits.get(summary.sku.as_str()),
        )
    });
    Ok(ProductDetail {
        stores: stores(&asker).await?,
        rivals: rivals(&asker, from).await?,
        costs: costs(&asker).await?,
        demand: facts.map(demand).unwrap_or_default(),
        annotations: facts.map(|facts| annotations(facts, &own_prices)).unwrap_or_default(),
        stock_out_day: stock_out_day(&summary, facts, &forecast),
        recommendations: recommendations::open(platform, merchant, Some(summary.sku.clone()), CASES_MAX).await?,
        alerts: alerts::open(platform, merchant, Some(summary.sku.clone()), CASES_MAX).await?,
        elasticity: desk.as_ref().and_then(elasticity),
        limits_version: settings.version,
        limits: settings.into(),
        own_prices,
        forecast,
        forecast_quality,
        stock,
        lead_time_days,
        ratings,
        reviews,
        summary,
    })
}

struct Asker<'a> {
    platform: &'a Platform,
    merchant: MerchantId,
    sku: Sku,
}

impl Asker<'_> {
    /// `{sku}` stands for the quoted code.
    async fn ask(&self, query: &str) -> Result<Answer, AppError> {
        let query = query.replace("{sku}", &format!("'{}'", self.sku.as_str().replace('\'', "''")));
        Ok(self.platform.query.sql(self.merchant, SqlRequest { query, ..SqlRequest::default() }).await?)
    }
}

fn since(from: Option<NaiveDate>, column: &str) -> String {
    from.map_or_else(String::new, |day| format!(" and {column} >= date '{day}'"))
}

async fn stores(asker: &Asker<'_>) -> Result<Vec<StorePresence>, AppError> {
    let known = asker
        .ask("select l.store, l.channel, l.listing_id, p.price from (select distinct store, channel, listing_id from listings where sku = {sku}) l \
              left join (select store, channel, last_value(price order by observed_at) as price from prices where sku = {sku} group by store, channel) p \
              on p.store = l.store and p.channel = l.channel order by l.channel, l.store")
        .await?;
    let columns =
        (known.texts("store")?, known.texts("channel")?, known.texts("listing_id")?, known.decimals("price")?);
    let rows = columns.0.into_iter().zip(columns.1).zip(columns.2).zip(columns.3);
    Ok(rows
        .map(|(((store, channel), listing), price)| StorePresence {
            store: store.unwrap_or_default(),
            channel: channel.unwrap_or_default(),
            price,
            listing,
        })
        .collect())
}

async fn own_prices(asker: &Asker<'_>, from: Option<NaiveDate>) -> Result<Vec<OwnPricePoint>, AppError> {
    let seen = asker
        .ask(&format!(
            "select observed_at, price, is_promotion from prices where sku = {{sku}}{} order by observed_at",
            since(from, "observed_at")
        ))
        .await?;
    let rows = seen.instants("observed_at")?.into_iter().zip(seen.decimals("price")?).zip(seen.flags("is_promotion")?);
    Ok(rows
        .filter_map(|((at, price), is_promotion)| Some(OwnPricePoint { at: at?, price: price?, is_promotion }))
        .collect())
}

async fn rivals(asker: &Asker<'_>, from: Option<NaiveDate>) -> Result<Vec<RivalOffers>, AppError> {
    let seen = asker
        .ask(&format!(
            "select seller, observed_at, price, in_stock from offers where sku = {{sku}}{} order by seller, observed_at",
            since(from, "observed_at")
        ))
        .await?;
    let columns =
        (seen.texts("seller")?, seen.instants("observed_at")?, seen.decimals("price")?, seen.flags("in_stock")?);
    let mut rivals: Vec<RivalOffers> = Vec::new();
    for (((seller, at), price), in_stock) in columns.0.into_iter().zip(columns.1).zip(columns.2).zip(columns.3) {
        let (Some(name), Some(at), Some(price)) = (seller, at, price) else { continue };
        let offer = OfferPoint { at, price, in_stock };
        match rivals.last_mut().filter(|rival| rival.name == name) {
            Some(rival) => rival.offers.push(offer),
            None => rivals.push(RivalOffers { name, offers: vec![offer] }),
        }
    }
    Ok(rivals)
}

async fn costs(asker: &Asker<'_>) -> Result<Vec<(DateTime<Utc>, Decimal)>, AppError> {
    let stated = asker.ask("select valid_from, unit_cost from costs where sku = {sku} order by valid_from").await?;
    let rows = stated.instants("valid_from")?.into_iter().zip(stated.decimals("unit_cost")?);
    Ok(rows.filter_map(|(at, cost)| Some((at?, cost?))).collect())
}

async fn forecast(
    asker: &Asker<'_>,
    last_day: Option<NaiveDate>,
) -> Result<(Vec<ForecastDay>, Option<ForecastQuality>), AppError> {
    let Some(last_day) = last_day else { return Ok((Vec::new(), None)) };
    let stored = asker
        .ask(&format!(
            "select * from forecasts where sku = {{sku}} and measure = 'units' and day > date '{last_day}' order by day"
        ))
        .await?;
    let days = stored.days("day")?;
    let number = |column: &str| {
        Ok::<_, AppError>(
            stored.numbers(column)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect::<Vec<_>>(),
        )
    };
    let (mean, median) = (number("mean")?, number("median")?);
    let (lo_80, hi_80, lo_95, hi_95) = (number("lo_80")?, number("hi_80")?, number("lo_95")?, number("hi_95")?);
    let forecast = days
        .iter()
        .enumerate()
        .filter_map(|(row, day)| {
            Some(ForecastDay {
                day: (*day)?,
                mean: mean[row],
                median: median[row],
                interval_80: (lo_80[row], hi_80[row]),
                interval_95: (lo_95[row], hi_95[row]),
            })
        })
        .collect();
    let text = |column: &str| Ok::<_, AppError>(stored.texts(column)?.into_iter().next().flatten().unwrap_or_default());
    let first = |column: &str| Ok::<_, AppError>(stored.numbers(column)?.first().copied().flatten());
    let quality = if stored.rows() == 0 {
        None
    } else {
        Some(ForecastQuality {
            is_ready: text("status")? == "ready",
            model: text("model")?,
            demand_class: text("demand_class")?,
            mase: first("mase")?,
            wape: first("wape")?,
        })
    };
    Ok((forecast, quality))
}

async fn stock(asker: &Asker<'_>, from: Option<NaiveDate>) -> Result<Vec<StockDay>, AppError> {
    let counted = asker
        .ask(&format!(
            "select day, sum(units) as units from (select cast(observed_at as date) as day, store, last_value(on_hand order by observed_at) as units \
             from stock where sku = {{sku}}{} group by 1, 2) group by day order by day",
            since(from, "observed_at")
        ))
        .await?;
    let rows = counted.days("day")?.into_iter().zip(counted.counts("units")?);
    Ok(rows.filter_map(|(day, units)| Some(StockDay { day: day?, units: units? })).collect())
}

async fn reviews(asker: &Asker<'_>) -> Result<([u64; 5], Vec<ReviewView>), AppError> {
    let counted =
        asker.ask("select rating, count(*) as reviews from reviews where sku = {sku} group by rating").await?;
    let mut ratings = [0; 5];
    for (rating, reviews) in counted.counts("rating")?.into_iter().zip(counted.counts("reviews")?) {
        let place = rating.and_then(|stars| usize::try_from(stars - 1).ok()).and_then(|place| ratings.get_mut(place));
        if let Some(place) = place {
            *place = reviews.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        }
    }
    let newest = asker
        .ask(&format!("select rating, title, text, reviewed_at from reviews where sku = {{sku}} order by reviewed_at desc limit {REVIEWS_MAX}"))
        .await?;
    let columns =
        (newest.counts("rating")?, newest.texts("title")?, newest.texts("text")?, newest.instants("reviewed_at")?);
    let rows = columns.0.into_iter().zip(columns.1).zip(columns.2).zip(columns.3);
    let reviews = rows
        .filter_map(|(((rating, title), text), at)| {
            Some(ReviewView {
                rating: rating?,
                title: title.unwrap_or_default(),
                text: text.unwrap_or_default(),
                at: at?,
            })
        })
        .collect();
    Ok((ratings, reviews))
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

/// Price changes and unusual days.
fn annotations(facts: &SkuFacts, prices: &[OwnPricePoint]) -> Vec<(NaiveDate, &'static str, String)> {
    let changes = prices.windows(2).filter(|pair| pair[0].price != pair[1].price).map(|pair| {
        let kind = if pair[1].is_promotion == Some(true) { "promotion" } else { "price_change" };
        (pair[1].at.date_naive(), kind, format!("{} → {}", pair[0].price, pair[1].price))
    });
    let unusual = unusual_days(&facts.daily_units(), "sold", HISTORY_DAYS as usize);
    let unusual = unusual.into_iter().map(|anomaly| (anomaly.day, "anomaly", anomaly.sentence));
    let mut marks: Vec<_> = changes.chain(unusual).collect();
    marks.sort_by_key(|mark| mark.0);
    marks
}

fn stock_out_day(summary: &ProductSummary, facts: Option<&SkuFacts>, forecast: &[ForecastDay]) -> Option<NaiveDate> {
    let mut left =
        summary.stock? as f64 + facts.and_then(|facts| facts.stock).map_or(0.0, |stock| stock.on_order as f64);
    forecast.iter().find_map(|day| {
        left -= day.mean;
        (left <= 0.0).then_some(day.day)
    })
}
