//! Reads the facts from the curated tables: a handful of ordered scans, each folded into the records of its Skus.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CurrencyCode, HolidayCountry, MerchantId, Sku, TimeZone};
use shelfiq_query::{Answer, QueryError, View};

use super::watched::{self, RivalDays};
use super::{Daily, RivalFacts, ShopFacts, SkuFacts, StockFacts, StoreFacts};

/// Which shop is read, and how its days are cut.
pub(crate) struct Shop {
    pub(crate) merchant: MerchantId,
    pub(crate) currency: CurrencyCode,
    pub(crate) time_zone: TimeZone,
}

/// Reads what is known about a shop, or about one Sku of it; `None` if nothing was ever sold. `today` is the running day
/// in the shop's zone: it is not over, so it counts in no list.
pub(crate) async fn load(
    view: &View,
    shop: &Shop,
    today: NaiveDate,
    only: Option<&Sku>,
) -> Result<Option<ShopFacts>, QueryError> {
    let skus = only.map_or_else(|| "true".to_owned(), |sku| format!("sku = '{}'", sku.as_str().replace('\'', "''")));
    let asker = Asker { view, shop, skus };
    let bounds = asker.ask("select min(day) as first_day, max(day) as last_day from daily_sales").await?;
    let (Some(first_day), Some(newest_day)) = (first(bounds.days("first_day")?), first(bounds.days("last_day")?))
    else {
        return Ok(None);
    };
    let yesterday = today.pred_opt().unwrap_or(today);
    let last_day = newest_day.min(yesterday).max(first_day);
    let newest = asker.ask("select max(ordered_at) as newest from order_lines").await?;
    let newest_order_at = first(newest.instants("newest")?).unwrap_or_default();
    let mut skus = products(&asker, last_day).await?;
    demand(&asker, &mut skus, last_day).await?;
    prices(&asker, &mut skus, last_day).await?;
    costs(&asker, &mut skus).await?;
    stock(&asker, &mut skus, last_day).await?;
    rivals(&asker, &mut skus, last_day).await?;
    ratings(&asker, &mut skus).await?;
    watched::sessions(&asker, &mut skus).await?;
    let holidays = watched::holidays(&asker).await?;
    let mut skus: Vec<SkuFacts> = skus.into_values().collect();
    skus.sort_by(|one, other| one.sku.cmp(&other.sku));
    let (stores, countries) = match only {
        Some(_) => (Vec::new(), Vec::new()),
        None => (stores(&asker, last_day).await?, countries(&asker, last_day).await?),
    };
    let daily_net_revenue = revenue(&asker, first_day, last_day).await?;
    Ok(Some(ShopFacts {
        currency: shop.currency,
        last_day,
        newest_order_at,
        skus,
        stores,
        daily_net_revenue,
        countries,
        holidays,
    }))
}

pub(super) type BySku = HashMap<String, SkuFacts>;

pub(super) struct Asker<'a> {
    view: &'a View,
    pub(super) shop: &'a Shop,
    /// Condition that the rows of the asked Skus satisfy.
    skus: String,
}

impl Asker<'_> {
    pub(super) async fn ask(&self, query: &str) -> Result<Answer, QueryError> {
        let query = query.replace("{currency}", self.shop.currency.as_str()).replace("{skus}", &self.skus);
        self.view.sql(&query).await
    }
}

fn first<T: Copy>(values: Vec<Option<T>>) -> Option<T> {
    values.first().copied().flatten()
}

/// One empty record per Sku that was ever sold or stocked, with lists from its first day on.
async fn products(asker: &Asker<'_>, last_day: NaiveDate) -> Result<BySku, QueryError> {
    let known = asker
        .ask("select p.sku, p.title, p.category, least(s.first_sold, t.first_stocked) as first_seen from (select * from products where {skus}) p \
              left join (select sku, min(day) as first_sold from daily_sales where {skus} group by sku) s on s.sku = p.sku \
              left join (select sku, cast(min(observed_at) as date) as first_stocked from stock where {skus} group by sku) t on t.sku = p.sku")
        .await?;
    let columns = (known.texts("sku")?, known.texts("title")?, known.texts("category")?, known.days("first_seen")?);
    let mut skus = BySku::new();
    for (((code, title), category), first_seen) in columns.0.into_iter().zip(columns.1).zip(columns.2).zip(columns.3) {
        let (Some(code), Some(first_day)) = (code, first_seen.filter(|day| *day <= last_day)) else { continue };
        let Ok(sku) = Sku::new(&code) else { continue };
        let days = usize::try_from((last_day - first_day).num_days() + 1).unwrap_or(0);
        let title = title.unwrap_or_else(|| code.clone());
        let facts = SkuFacts { category, ..SkuFacts::unseen(sku, title, first_day, days) };
        skus.insert(code, facts);
    }
    Ok(skus)
}

/// Units per day.
async fn demand(asker: &Asker<'_>, skus: &mut BySku, last_day: NaiveDate) -> Result<(), QueryError> {
    let sales = asker
        .ask("select sku, day, sum(net_units) as units from daily_sales where currency = '{currency}' and {skus} group by sku, day")
        .await?;
    let columns = (sales.texts("sku")?, sales.days("day")?, sales.numbers("units")?);
    for ((code, day), units) in columns.0.iter().zip(columns.1).zip(columns.2) {
        let (Some(code), Some(day)) = (code, day.filter(|day| *day <= last_day)) else { continue };
        let Some(sku) = skus.get_mut(code) else { continue };
        if let Some(index) = index_of(sku, day) {
            sku.units[index] = units.unwrap_or(0.0).max(0.0);
        }
    }
    realised_prices(asker, skus, last_day).await
}

/// The price of a day without better knowledge: the median over its sale lines. A mean would mistake bulk discounts for
/// price cuts.
async fn realised_prices(asker: &Asker<'_>, skus: &mut BySku, last_day: NaiveDate) -> Result<(), QueryError> {
    let sold = asker
        .ask("select sku, cast(ordered_at as date) as day, median(cast(unit_price as double)) as price from order_lines \
              where kind = 'sale' and not is_duplicate and unit_price > 0 and currency = '{currency}' and {skus} group by 1, 2 order by 1, 2")
        .await?;
    let columns = (sold.texts("sku")?, sold.days("day")?, sold.numbers("price")?);
    for ((code, day), price) in columns.0.iter().zip(columns.1).zip(columns.2) {
        let (Some(code), Some(day), Some(price)) = (code, day.filter(|day| *day <= last_day), price) else { continue };
        let Some(sku) = skus.get_mut(code) else { continue };
        if let Some(index) = index_of(sku, day) {
            sku.price[index] = price;
            sku.price_now = Decimal::from_f64_retain(price).map(|price| price.round_dp(4).normalize());
        }
    }
    for sku in skus.values_mut() {
        fill_forward(&mut sku.price);
    }
    Ok(())
}

/// Prices as they were asked, which replace the realised ones.
async fn prices(asker: &Asker<'_>, skus: &mut BySku, last_day: NaiveDate) -> Result<(), QueryError> {
    let asked = asker
        .ask(
            "select sku, observed_at, price, coalesce(is_promotion, false) as is_promotion from prices \
              where currency = '{currency}' and {skus} order by sku, observed_at",
        )
        .await?;
    let columns =
        (asked.texts("sku")?, asked.instants("observed_at")?, asked.decimals("price")?, asked.flags("is_promotion")?);
    let mut present: Option<String> = None;
    for (((code, at), price), is_promotion) in columns.0.into_iter().zip(columns.1).zip(columns.2).zip(columns.3) {
        let (Some(code), Some(at), Some(price)) = (code, at, price) else { continue };
        let Some(sku) = skus.get_mut(&code) else { continue };
        if present.as_deref() != Some(code.as_str()) {
            sku.price.fill(f64::NAN);
            sku.price_now = None;
            present = Some(code);
        }
        if sku.price_now != Some(price) {
            sku.price_before = sku.price_now;
            sku.price_since = Some(at);
        }
        sku.price_now = Some(price);
        let day = asker.shop.time_zone.day_of(at);
        // A price that was asked before the first sale holds from the first day on.
        let index = if day < sku.first_day { Some(0) } else { index_of(sku, day.min(last_day)) };
        if let Some(index) = index {
            sku.price[index..].fill(price.to_f64().unwrap_or(f64::NAN));
            sku.had_promotion[index..].fill(is_promotion == Some(true));
        }
    }
    Ok(())
}

async fn costs(asker: &Asker<'_>, skus: &mut BySku) -> Result<(), QueryError> {
    let stated = asker.ask("select sku, valid_from, unit_cost from costs where currency = '{currency}' and {skus} order by sku, valid_from").await?;
    let columns = (stated.texts("sku")?, stated.instants("valid_from")?, stated.decimals("unit_cost")?);
    for ((code, at), cost) in columns.0.into_iter().zip(columns.1).zip(columns.2) {
        let (Some(sku), Some(cost)) = (code.and_then(|code| skus.get_mut(&code)), cost) else { continue };
        if sku.unit_cost != Some(cost) {
            sku.unit_cost_before = sku.unit_cost;
            sku.unit_cost_since = at;
        }
        sku.unit_cost = Some(cost);
    }
    Ok(())
}

/// Stock as last counted, summed over stores, and the days on which nothing was left anywhere.
async fn stock(asker: &Asker<'_>, skus: &mut BySku, last_day: NaiveDate) -> Result<(), QueryError> {
    let counted = asker.ask("select sku, store, observed_at, on_hand, on_order, lead_time_days from stock where {skus} order by sku, observed_at").await?;
    let columns = (
        (counted.texts("sku")?, counted.texts("store")?, counted.instants("observed_at")?),
        (counted.counts("on_hand")?, counted.counts("on_order")?, counted.counts("lead_time_days")?),
    );
    let places = columns.0.0.into_iter().zip(columns.0.1).zip(columns.0.2);
    let counts = columns.1.0.into_iter().zip(columns.1.1).zip(columns.1.2);
    let mut by_store: HashMap<String, (i64, i64)> = HashMap::new();
    let mut counts_of_day: Vec<(String, usize, i64)> = Vec::new();
    let mut present = String::new();
    for (((code, store), at), ((on_hand, on_order), lead_time_days)) in places.zip(counts) {
        let (Some(code), Some(store), Some(at), Some(on_hand)) = (code, store, at, on_hand) else { continue };
        if code != present {
            by_store.clear();
            present.clone_from(&code);
        }
        let Some(sku) = skus.get_mut(&code) else { continue };
        if let (Some((before, _)), Some(index)) = (by_store.get(&store), index_of(sku, asker.shop.time_zone.day_of(at)))
        {
            counts_of_day.push((code.clone(), index, before - on_hand));
        }
        by_store.insert(store, (on_hand, on_order.unwrap_or(0)));
        let (on_hand, on_order) = by_store.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let lead_time_days = lead_time_days
            .and_then(|days| u32::try_from(days).ok())
            .or_else(|| sku.stock.and_then(|stock| stock.lead_time_days));
        sku.stock = Some(StockFacts { on_hand, on_order, lead_time_days, observed_at: at });
        if let Some(index) = index_of(sku, asker.shop.time_zone.day_of(at).min(last_day)) {
            // The day itself is censored even if stock arrived later on it; the days after follow the last count.
            sku.was_out_of_stock[index] |= on_hand <= 0;
            if index + 1 < sku.was_out_of_stock.len() {
                sku.was_out_of_stock[index + 1..].fill(on_hand <= 0);
            }
        }
    }
    watched::missing_units(skus, counts_of_day);
    Ok(())
}

/// Offers older than this are history.
const RIVAL_HISTORY_DAYS: u64 = 90;

async fn rivals(asker: &Asker<'_>, skus: &mut BySku, last_day: NaiveDate) -> Result<(), QueryError> {
    let from = last_day - Days::new(RIVAL_HISTORY_DAYS);
    let seen = asker
        .ask(&format!(
            "select sku, seller, observed_at, price, in_stock from offers where currency = '{{currency}}' and {{skus}} and observed_at >= '{from}' \
             order by sku, seller, observed_at"
        ))
        .await?;
    let mut daily = RivalDays::default();
    let columns = (
        (seen.texts("sku")?, seen.texts("seller")?),
        seen.instants("observed_at")?,
        seen.decimals("price")?,
        seen.flags("in_stock")?,
    );
    for ((((code, seller), at), price), in_stock) in
        columns.0.0.into_iter().zip(columns.0.1).zip(columns.1).zip(columns.2).zip(columns.3)
    {
        let (Some(code), Some(name), Some(observed_at), Some(price)) = (code, seller, at, price) else { continue };
        let Some(sku) = skus.get_mut(&code) else { continue };
        let day = asker.shop.time_zone.day_of(observed_at);
        daily.offer(&code, &name, day, in_stock != Some(false), price.to_f64());
        match sku.rivals.last_mut().filter(|rival| rival.name == name) {
            Some(rival) => {
                let since = if rival.price == price { rival.since } else { observed_at };
                *rival = RivalFacts { name, price, in_stock, observed_at, since };
            }
            None => sku.rivals.push(RivalFacts { name, price, in_stock, observed_at, since: observed_at }),
        }
    }
    daily.keep(skus);
    Ok(())
}

async fn ratings(asker: &Asker<'_>, skus: &mut BySku) -> Result<(), QueryError> {
    let given = asker
        .ask("select sku, reviewed_at, rating from reviews where sku is not null and {skus} order by sku, reviewed_at")
        .await?;
    let columns = (given.texts("sku")?, given.instants("reviewed_at")?, given.counts("rating")?);
    for ((code, at), rating) in columns.0.into_iter().zip(columns.1).zip(columns.2) {
        let (Some(sku), Some(at)) = (code.and_then(|code| skus.get_mut(&code)), at) else { continue };
        sku.ratings.extend(rating.and_then(|stars| u8::try_from(stars).ok()).map(|stars| (at, stars)));
    }
    Ok(())
}

/// Units per store and day. What a Sku gets back on a day beyond what it sells counts as nothing, as for the Sku itself.
async fn stores(asker: &Asker<'_>, last_day: NaiveDate) -> Result<Vec<StoreFacts>, QueryError> {
    let sold = asker
        .ask(
            "select store, day, sum(greatest(units, 0)) as units from \
             (select store, sku, day, sum(net_units) as units from daily_sales where currency = '{currency}' group by store, sku, day) \
             group by store, day order by store, day",
        )
        .await?;
    let skus = asker
        .ask("select store, count(distinct sku) as skus from daily_sales where currency = '{currency}' group by store")
        .await?;
    let skus: HashMap<Option<String>, Option<i64>> =
        skus.texts("store")?.into_iter().zip(skus.counts("skus")?).collect();
    let mut stores: Vec<StoreFacts> = Vec::new();
    for ((name, day), units) in sold.texts("store")?.into_iter().zip(sold.days("day")?).zip(sold.numbers("units")?) {
        let (Some(name), Some(day)) = (name, day.filter(|day| *day <= last_day)) else { continue };
        if stores.last().is_none_or(|store| store.name != name) {
            let values = vec![0.0; usize::try_from((last_day - day).num_days() + 1).unwrap_or(0)];
            let skus = skus.get(&Some(name.clone())).copied().flatten().and_then(|skus| usize::try_from(skus).ok());
            stores.push(StoreFacts { name, skus: skus.unwrap_or(0), units: Daily { first_day: day, values } });
        }
        let Some(store) = stores.last_mut() else { continue };
        let index = usize::try_from((day - store.units.first_day).num_days()).ok();
        if let Some(value) = index.and_then(|index| store.units.values.get_mut(index)) {
            *value = units.unwrap_or(0.0);
        }
    }
    Ok(stores)
}

/// Days of orders that tell where buyers live.
const BUYERS_SEEN_DAYS: u64 = 365;
/// A country with a smaller share of the orders has too few buyers for its holidays to show.
const COUNTRY_SHARE_MIN: f64 = 0.2;
/// More calendars would take each other's days.
const COUNTRIES_MAX: usize = 2;

async fn countries(asker: &Asker<'_>, last_day: NaiveDate) -> Result<Vec<HolidayCountry>, QueryError> {
    let from = last_day - Days::new(BUYERS_SEEN_DAYS);
    let seen = asker
        .ask(&format!(
            "select country, count(*) as lines from order_lines where kind = 'sale' and ordered_at >= '{from}' group by country \
             order by lines desc, country"
        ))
        .await?;
    let lines = seen.counts("lines")?;
    let all: i64 = lines.iter().flatten().sum();
    let lived = seen.texts("country")?.into_iter().zip(lines).filter_map(|(country, lines)| {
        let is_shown = lines? as f64 >= COUNTRY_SHARE_MIN * all as f64;
        HolidayCountry::of_code(&country?).filter(|_| is_shown)
    });
    let mut lived: Vec<HolidayCountry> = lived.take(COUNTRIES_MAX).collect();
    // Models are trained anew when the countries change: which of two has more buyers today is no change.
    lived.sort_unstable();
    Ok(lived)
}

async fn revenue(asker: &Asker<'_>, first_day: NaiveDate, last_day: NaiveDate) -> Result<Daily<f64>, QueryError> {
    let booked = asker
        .ask("select day, sum(net_revenue) as revenue from daily_sales where currency = '{currency}' group by day")
        .await?;
    let mut values = vec![0.0; usize::try_from((last_day - first_day).num_days() + 1).unwrap_or(0)];
    for (day, amount) in booked.days("day")?.into_iter().zip(booked.numbers("revenue")?) {
        let index = day.and_then(|day| usize::try_from((day - first_day).num_days()).ok());
        if let Some(value) = index.and_then(|index| values.get_mut(index)) {
            *value = amount.unwrap_or(0.0);
        }
    }
    Ok(Daily { first_day, values })
}

pub(super) fn index_of(sku: &SkuFacts, day: NaiveDate) -> Option<usize> {
    usize::try_from((day - sku.first_day).num_days()).ok().filter(|index| *index < sku.units.len())
}

/// A price holds until another is seen.
fn fill_forward(values: &mut [f64]) {
    let mut last = f64::NAN;
    for value in values {
        if value.is_finite() {
            last = *value;
        } else {
            *value = last;
        }
    }
}
