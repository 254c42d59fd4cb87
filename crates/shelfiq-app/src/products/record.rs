//! What the tables know of one product, read in one go from one state of them and kept until they change.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures::try_join;
use rust_decimal::Decimal;
use shelfiq_core::{MerchantId, Sku};
use shelfiq_query::{Answer, View};

use super::response::{self, DemandEffects, StoredElasticity};
use crate::brains::anomalies::{Discretion, Subject, Unusual, Watch};
use crate::brains::demand::EFFECT_DAYS;
use crate::brains::price::Baseline;
use crate::error::AppError;
use crate::facts::{self, Shop, ShopFacts, SkuFacts};
use crate::platform::{Platform, run_cpu};

/// Days of history that charts show.
pub(super) const HISTORY_DAYS: u64 = 400;
/// Reviews that are shown.
const REVIEWS_MAX: u32 = 5;

/// What the tables know of one product.
#[derive(Debug)]
pub struct ProductRecord {
    /// Where it is sold.
    pub stores: Vec<StorePresence>,
    /// Our prices, oldest first.
    pub own_prices: Vec<OwnPricePoint>,
    /// Each rival's offers, oldest first.
    pub rivals: Vec<RivalOffers>,
    /// Unit costs with the day from which they hold, oldest first.
    pub costs: Vec<(DateTime<Utc>, Decimal)>,
    /// Units on hand per day, oldest first.
    pub stock: Vec<StockDay>,
    /// Reviews per star, one star first.
    pub ratings: [u64; 5],
    /// The newest reviews.
    pub reviews: Vec<ReviewView>,
    /// Demand expected, nearest first.
    pub forecast: Vec<ForecastDay>,
    /// Name of the forecast's model, its class of demand, and its errors on past origins, if there is a forecast.
    pub forecast_quality: Option<ForecastQuality>,
    /// What the forecast of the next days is made of, in units; empty where nothing is known of it.
    pub forecast_parts: Vec<ForecastPart>,
    /// The shop with this product alone; `None` if the shop never sold anything.
    pub(super) facts: Option<ShopFacts>,
    pub(crate) elasticity: Option<StoredElasticity>,
    pub(crate) demand_effects: DemandEffects,
    pub(super) baseline: Option<Baseline>,
    /// What the detectors make of it; judged when somebody first asks.
    watch: OnceLock<Watch>,
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
    /// 80 % interval of the sum of all days up to this one.
    pub sum_interval_80: (f64, f64),
}

/// How a forecast came about and how good such forecasts were.
#[derive(Debug, Clone)]
pub struct ForecastQuality {
    /// Whether the history suffices.
    pub is_ready: bool,
    /// Name of the model.
    pub model: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Class of demand.
    pub demand_class: String,
    /// Mean absolute scaled error on past origins.
    pub mase: Option<f64>,
    /// Weighted absolute percentage error on past origins.
    pub wape: Option<f64>,
}

/// A part of a forecast. The parts add up to its mean over [`days`](Self::days) days.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastPart {
    /// `level`, `trend`, `season`, or the name of what is not as usual: `price`, `promotion`, `season_of_year`, `holidays`.
    pub cause: String,
    /// Days ahead that are summed.
    pub days: i64,
    /// Units that it adds, or takes away where below zero.
    pub units: f64,
}

/// Units on hand at the end of a day.
#[derive(Debug, Clone, Copy)]
pub struct StockDay {
    /// The day.
    pub day: NaiveDate,
    /// Units.
    pub units: i64,
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

impl ProductRecord {
    /// The record of `sku` in the present tables. `today` is the running day in the shop's zone.
    pub(super) async fn load(
        platform: &Platform,
        shop: &Shop,
        today: NaiveDate,
        sku: &Sku,
    ) -> Result<Arc<Self>, AppError> {
        let key = RecordKey {
            merchant: shop.merchant,
            generation: platform.generation(shop.merchant),
            today,
            sku: sku.clone(),
        };
        if let Some(known) = platform.product_records.get(&key).await {
            return Ok(known);
        }
        let view = platform.query.view(shop.merchant).await?;
        let record = Arc::new(read(&view, shop, today, sku).await?);
        platform.product_records.insert(key, Arc::clone(&record)).await;
        Ok(record)
    }

    /// Instant of the shop's newest order.
    pub(crate) fn newest_order_at(&self) -> Option<DateTime<Utc>> {
        self.facts.as_ref().map(|facts| facts.newest_order_at)
    }

    /// The last day of data.
    pub(crate) fn last_day(&self) -> Option<NaiveDate> {
        Some(self.facts.as_ref()?.last_day)
    }

    /// What is unusual about its last `days` days of data, oldest first: told to the merchant or not.
    pub(crate) async fn unusual(self: &Arc<Self>, discretion: &Arc<Discretion>, days: u32) -> Vec<Unusual> {
        let (record, discretion) = (Arc::clone(self), Arc::clone(discretion));
        let look = move || {
            let Some((facts, sku)) = record.facts.as_ref().zip(record.sku()) else { return Vec::new() };
            let elasticity = record.elasticity.as_ref().filter(|known| known.identified);
            let subject = Subject::of(facts, sku, elasticity.map(|known| known.belief.mean));
            let watch = record.watch.get_or_init(|| Watch::of(&subject));
            watch.unusual(&subject, &discretion, days as usize)
        };
        run_cpu(look).await
    }

    /// The product, if it was ever sold or stocked.
    pub(crate) fn sku(&self) -> Option<&SkuFacts> {
        self.facts.as_ref()?.skus.first()
    }
}

/// What a record depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RecordKey {
    merchant: MerchantId,
    generation: u64,
    today: NaiveDate,
    sku: Sku,
}

async fn read(view: &View, shop: &Shop, today: NaiveDate, sku: &Sku) -> Result<ProductRecord, AppError> {
    let facts = facts::load(view, shop, today, Some(sku)).await?;
    let last_day = facts.as_ref().map_or(today, |facts| facts.last_day);
    let reader = Reader { view, sku };
    let from = last_day - Days::new(HISTORY_DAYS);
    let (stores, own_prices, rivals, costs, stock, reviews, forecast, forecast_parts, elasticity, effects, baseline) =
        try_join!(
            stores(&reader),
            own_prices(&reader, from),
            rivals(&reader, from),
            costs(&reader),
            stock(&reader, from),
            reviews(&reader),
            forecast(&reader, last_day),
            forecast_parts(&reader),
            response::elasticity(&reader),
            response::demand_effects(&reader),
            baseline(&reader, last_day),
        )?;
    let (ratings, reviews) = reviews;
    let (forecast, forecast_quality) = forecast;
    Ok(ProductRecord {
        facts,
        stores,
        own_prices,
        rivals,
        costs,
        stock,
        ratings,
        reviews,
        forecast,
        forecast_quality,
        forecast_parts,
        elasticity,
        demand_effects: effects,
        baseline,
        watch: OnceLock::new(),
    })
}

/// Asks the tables about one Sku.
pub(super) struct Reader<'a> {
    view: &'a View,
    sku: &'a Sku,
}

impl Reader<'_> {
    /// `{sku}` stands for the quoted code.
    pub(super) async fn ask(&self, query: &str) -> Result<Answer, AppError> {
        let query = query.replace("{sku}", &format!("'{}'", self.sku.as_str().replace('\'', "''")));
        Ok(self.view.sql(&query).await?)
    }
}

async fn stores(reader: &Reader<'_>) -> Result<Vec<StorePresence>, AppError> {
    let known = reader
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

async fn own_prices(reader: &Reader<'_>, from: NaiveDate) -> Result<Vec<OwnPricePoint>, AppError> {
    let seen = reader
        .ask(&format!(
            "select observed_at, price, is_promotion from prices where sku = {{sku}} and observed_at >= date '{from}' order by observed_at"
        ))
        .await?;
    let rows = seen.instants("observed_at")?.into_iter().zip(seen.decimals("price")?).zip(seen.flags("is_promotion")?);
    Ok(rows
        .filter_map(|((at, price), is_promotion)| Some(OwnPricePoint { at: at?, price: price?, is_promotion }))
        .collect())
}

async fn rivals(reader: &Reader<'_>, from: NaiveDate) -> Result<Vec<RivalOffers>, AppError> {
    let seen = reader
        .ask(&format!(
            "select seller, observed_at, price, in_stock from offers where sku = {{sku}} and observed_at >= date '{from}' order by seller, observed_at"
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

async fn costs(reader: &Reader<'_>) -> Result<Vec<(DateTime<Utc>, Decimal)>, AppError> {
    let stated = reader.ask("select valid_from, unit_cost from costs where sku = {sku} order by valid_from").await?;
    let rows = stated.instants("valid_from")?.into_iter().zip(stated.decimals("unit_cost")?);
    Ok(rows.filter_map(|(at, cost)| Some((at?, cost?))).collect())
}

async fn forecast(
    reader: &Reader<'_>,
    last_day: NaiveDate,
) -> Result<(Vec<ForecastDay>, Option<ForecastQuality>), AppError> {
    let stored = reader
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
    let (sum_lo_80, sum_hi_80) = (number("sum_lo_80")?, number("sum_hi_80")?);
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
                sum_interval_80: (sum_lo_80[row], sum_hi_80[row]),
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
            made_at: stored.instants("made_at")?.first().copied().flatten().unwrap_or_default(),
            demand_class: text("demand_class")?,
            mase: first("mase")?,
            wape: first("wape")?,
        })
    };
    Ok((forecast, quality))
}

/// In the order level, trend, season, and then by name.
async fn forecast_parts(reader: &Reader<'_>) -> Result<Vec<ForecastPart>, AppError> {
    let stored = reader
        .ask(
            "select cause, days, amount from forecast_parts where sku = {sku} \
             order by case cause when 'level' then 0 when 'trend' then 1 when 'season' then 2 else 3 end, cause",
        )
        .await?;
    let rows = stored.texts("cause")?.into_iter().zip(stored.counts("days")?).zip(stored.numbers("amount")?);
    Ok(rows
        .filter_map(|((cause, days), units)| Some(ForecastPart { cause: cause?, days: days?, units: units? }))
        .collect())
}

async fn stock(reader: &Reader<'_>, from: NaiveDate) -> Result<Vec<StockDay>, AppError> {
    let counted = reader
        .ask(&format!(
            "select day, sum(units) as units from (select cast(observed_at as date) as day, store, last_value(on_hand order by observed_at) as units \
             from stock where sku = {{sku}} and observed_at >= date '{from}' group by 1, 2) group by day order by day"
        ))
        .await?;
    let rows = counted.days("day")?.into_iter().zip(counted.counts("units")?);
    Ok(rows.filter_map(|(day, units)| Some(StockDay { day: day?, units: units? })).collect())
}

async fn reviews(reader: &Reader<'_>) -> Result<([u64; 5], Vec<ReviewView>), AppError> {
    let counted =
        reader.ask("select rating, count(*) as reviews from reviews where sku = {sku} group by rating").await?;
    let mut ratings = [0; 5];
    for (rating, reviews) in counted.counts("rating")?.into_iter().zip(counted.counts("reviews")?) {
        let place = rating.and_then(|stars| usize::try_from(stars - 1).ok()).and_then(|place| ratings.get_mut(place));
        if let Some(place) = place {
            *place = reviews.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        }
    }
    let newest = reader
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

/// Units expected over the effect horizon, as the latest run stored them.
async fn baseline(reader: &Reader<'_>, last_day: NaiveDate) -> Result<Option<Baseline>, AppError> {
    let day = last_day + chrono::Days::new(EFFECT_DAYS as u64);
    let answer = reader
        .ask(&format!(
            "select sum_mean, sum_hi_80 from forecasts where measure = 'units' and sku = {{sku}} and day = date '{day}'"
        ))
        .await?;
    let first = |values: Vec<Option<f64>>| values.first().copied().flatten();
    let (units, units_hi_80) = (first(answer.numbers("sum_mean")?), first(answer.numbers("sum_hi_80")?));
    Ok(units.zip(units_hi_80).map(|(units, units_hi_80)| Baseline { units, units_hi_80 }))
}
