//! Every product with its figures, kept in memory per generation of the tables: lists are sorted and searched there.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use futures::try_join;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, MerchantId, Sku};
use shelfiq_query::{Answer, QueryError, View};
use shelfiq_store::merchants;

use super::{Counts, ProductPage, ProductSummary, Query, RECENT_DAYS, SortKey, last_day_of_data};
use crate::error::AppError;
use crate::platform::Platform;

const WEEKS: usize = 12;
const EXPECTED_DAYS: u64 = 28;

/// All products of one merchant.
#[derive(Debug, Default)]
pub(crate) struct ProductIndex {
    rows: Vec<ProductSummary>,
    places: HashMap<String, usize>,
    categories: Vec<String>,
}

/// The index of the present generation.
pub(crate) async fn load(platform: &Platform, merchant: MerchantId) -> Result<Arc<ProductIndex>, AppError> {
    let key = (merchant, platform.generation(merchant));
    if let Some(known) = platform.product_indexes.get(&key).await {
        return Ok(known);
    }
    let index = Arc::new(build(platform, merchant).await?);
    platform.product_indexes.insert(key, Arc::clone(&index)).await;
    Ok(index)
}

async fn build(platform: &Platform, merchant: MerchantId) -> Result<ProductIndex, AppError> {
    let shop = merchants::get(&platform.store, merchant).await?;
    let yesterday = shop.time_zone.day_of(platform.clock.now()) - Days::new(1);
    let view = platform.query.view(merchant).await?;
    let Some(last_day) = last_day_of_data(&view, yesterday).await? else {
        return Ok(products_without_sales(&view, shop.currency).await?);
    };
    let (mut index, recent, weekly, models) = try_join!(
        products_without_sales(&view, shop.currency),
        recent_sales(&view, shop.currency, last_day),
        weekly_units(&view, last_day),
        models(&view, last_day),
    )?;
    index.add_recent_sales(&recent)?;
    index.add_weekly_units(&weekly)?;
    index.add_models(&models.0, &models.1)?;
    Ok(index)
}

async fn products_without_sales(view: &View, currency: CurrencyCode) -> Result<ProductIndex, QueryError> {
    let known = view.sql(
        "select p.sku, p.title, p.category, p.brand, p.image, p.price, p.unit_cost, p.on_hand, r.rating from products p \
         left join (select sku, avg(rating) as rating from reviews group by sku) r on r.sku = p.sku order by p.sku",
    )
    .await?;
    let texts = (
        known.texts("sku")?,
        known.texts("title")?,
        known.texts("category")?,
        known.texts("brand")?,
        known.texts("image")?,
    );
    let numbers =
        (known.decimals("price")?, known.decimals("unit_cost")?, known.counts("on_hand")?, known.numbers("rating")?);
    let mut index = ProductIndex::default();
    for row in 0..known.rows() {
        let Some(sku) = texts.0[row].as_deref().and_then(|code| Sku::new(code).ok()) else { continue };
        index.places.insert(sku.as_str().to_owned(), index.rows.len());
        index.rows.push(ProductSummary {
            title: texts.1[row].clone().unwrap_or_else(|| sku.to_string()),
            sku,
            category: texts.2[row].clone(),
            brand: texts.3[row].clone(),
            image: texts.4[row].clone(),
            currency,
            price: numbers.0[row],
            unit_cost: numbers.1[row],
            stock: numbers.2[row],
            recent_units: 0,
            recent_revenue: Decimal::ZERO,
            earlier_revenue: Decimal::ZERO,
            expected_units: None,
            elasticity: None,
            rating: numbers.3[row],
            weekly_units: vec![0.0; WEEKS],
            open_recommendations: 0,
            open_alerts: 0,
        });
    }
    index.categories = index.rows.iter().filter_map(|row| row.category.clone()).collect();
    index.categories.sort();
    index.categories.dedup();
    Ok(index)
}

async fn recent_sales(view: &View, currency: CurrencyCode, last_day: NaiveDate) -> Result<Answer, QueryError> {
    let recent = last_day - Days::new(RECENT_DAYS - 1);
    let earlier = recent - Days::new(RECENT_DAYS);
    view.sql(&format!(
        "select sku, sum(case when day >= date '{recent}' then units else 0 end) as units, \
         sum(case when day >= date '{recent}' then net_revenue else 0 end) as recent, \
         sum(case when day < date '{recent}' then net_revenue else 0 end) as earlier \
         from daily_sales where day between date '{earlier}' and date '{last_day}' and currency = '{currency}' group by sku"
    ))
    .await
}

async fn weekly_units(view: &View, last_day: NaiveDate) -> Result<Answer, QueryError> {
    let first = last_day - Days::new(7 * WEEKS as u64 - 1);
    view.sql(&format!(
        "select sku, (cast(day as int) - cast(date '{first}' as int)) / 7 as week, sum(units) as units \
         from daily_sales where day between date '{first}' and date '{last_day}' group by 1, 2"
    ))
    .await
}

/// Units expected, and elasticities where the data identify them.
async fn models(view: &View, last_day: NaiveDate) -> Result<(Answer, Answer), QueryError> {
    let end = last_day + Days::new(EXPECTED_DAYS);
    let expected = format!(
        "select sku, sum(mean) as units from forecasts where measure = 'units' and day > date '{last_day}' and day <= date '{end}' group by sku"
    );
    try_join!(view.sql(&expected), view.sql("select sku, elasticity from elasticities where identified"))
}

impl ProductIndex {
    fn add_recent_sales(&mut self, sums: &Answer) -> Result<(), QueryError> {
        let columns = (sums.texts("sku")?, sums.counts("units")?, sums.decimals("recent")?, sums.decimals("earlier")?);
        for (((code, units), recent), earlier) in columns.0.into_iter().zip(columns.1).zip(columns.2).zip(columns.3) {
            let Some(row) = self.row_mut(code.as_deref()) else { continue };
            row.recent_units = units.unwrap_or(0);
            row.recent_revenue = recent.unwrap_or_default();
            row.earlier_revenue = earlier.unwrap_or_default();
        }
        Ok(())
    }

    fn add_weekly_units(&mut self, sums: &Answer) -> Result<(), QueryError> {
        let columns = (sums.texts("sku")?, sums.counts("week")?, sums.numbers("units")?);
        for ((code, week), units) in columns.0.into_iter().zip(columns.1).zip(columns.2) {
            let week = week.and_then(|week| usize::try_from(week).ok()).filter(|week| *week < WEEKS);
            if let (Some(row), Some(week)) = (self.row_mut(code.as_deref()), week) {
                row.weekly_units[week] = units.unwrap_or(0.0);
            }
        }
        Ok(())
    }

    fn add_models(&mut self, expected: &Answer, identified: &Answer) -> Result<(), QueryError> {
        for (code, units) in expected.texts("sku")?.into_iter().zip(expected.numbers("units")?) {
            if let Some(row) = self.row_mut(code.as_deref()) {
                row.expected_units = units;
            }
        }
        for (code, elasticity) in identified.texts("sku")?.into_iter().zip(identified.numbers("elasticity")?) {
            if let Some(row) = self.row_mut(code.as_deref()) {
                row.elasticity = elasticity;
            }
        }
        Ok(())
    }

    fn row_mut(&mut self, code: Option<&str>) -> Option<&mut ProductSummary> {
        let place = *self.places.get(code?)?;
        self.rows.get_mut(place)
    }

    /// Every product, by code; counts of open cases are not filled in.
    pub(crate) fn rows(&self) -> &[ProductSummary] {
        &self.rows
    }

    /// One product with its counts.
    pub(super) fn find(&self, sku: &Sku, recommendations: &Counts, alerts: &Counts) -> Option<ProductSummary> {
        let row = self.rows.get(*self.places.get(sku.as_str())?)?;
        Some(counted(row, recommendations, alerts))
    }

    /// Products whose title or code match, best sellers first.
    pub(crate) fn search(&self, words: &str, limit: usize) -> Vec<&ProductSummary> {
        let words = lower_words(words);
        let mut found: Vec<&ProductSummary> = self.rows.iter().filter(|row| matches(row, &words)).collect();
        found.sort_by(|a, b| b.recent_revenue.cmp(&a.recent_revenue).then_with(|| a.sku.cmp(&b.sku)));
        found.truncate(limit);
        found
    }

    /// The part of the products that a query asks for.
    pub(super) fn page(&self, query: &Query, recommendations: &Counts, alerts: &Counts) -> ProductPage {
        let words = query.search.as_deref().map(lower_words).unwrap_or_default();
        let mut rows: Vec<ProductSummary> = self
            .rows
            .iter()
            .filter(|row| matches(row, &words))
            .filter(|row| query.category.as_deref().is_none_or(|category| is_within(row.category.as_deref(), category)))
            .filter(|row| !query.out_of_stock || row.stock.is_some_and(|units| units <= 0))
            .map(|row| counted(row, recommendations, alerts))
            .filter(|row| !query.needs_attention || row.open_recommendations + row.open_alerts > 0)
            .collect();
        rows.sort_by(|a, b| {
            let order = compare(a, b, query.sort, query.descending);
            order.then_with(|| a.sku.cmp(&b.sku))
        });
        let total = rows.len();
        let rows = rows.into_iter().skip(query.offset).take(query.limit).collect();
        ProductPage { rows, total, categories: self.categories.clone() }
    }
}

fn counted(row: &ProductSummary, recommendations: &Counts, alerts: &Counts) -> ProductSummary {
    let count = |counts: &Counts| counts.get(row.sku.as_str()).copied().unwrap_or(0);
    ProductSummary { open_recommendations: count(recommendations), open_alerts: count(alerts), ..row.clone() }
}

fn lower_words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

fn matches(row: &ProductSummary, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let haystack = [Some(row.title.as_str()), Some(row.sku.as_str()), row.category.as_deref(), row.brand.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase();
    words.iter().all(|word| haystack.contains(word))
}

fn is_within(category: Option<&str>, wanted: &str) -> bool {
    category.is_some_and(|category| {
        category == wanted || category.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(" > "))
    })
}

/// Unknown values come last in either direction.
fn compare(a: &ProductSummary, b: &ProductSummary, key: SortKey, descending: bool) -> Ordering {
    let turned = |order: Ordering| if descending { order.reverse() } else { order };
    let numbers = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    let float = |value: Option<Decimal>| value.and_then(|value| value.try_into().ok());
    match key {
        SortKey::Revenue => turned(a.recent_revenue.cmp(&b.recent_revenue)),
        SortKey::Units => turned(a.recent_units.cmp(&b.recent_units)),
        SortKey::Title => turned(a.title.to_lowercase().cmp(&b.title.to_lowercase())),
        SortKey::Sku => turned(a.sku.cmp(&b.sku)),
        SortKey::Price => numbers(float(a.price), float(b.price)),
        SortKey::Margin => numbers(float(a.margin_rate()), float(b.margin_rate())),
        SortKey::Stock => numbers(a.stock.map(|units| units as f64), b.stock.map(|units| units as f64)),
        SortKey::StockCover => numbers(a.stock_cover_days(), b.stock_cover_days()),
        SortKey::Forecast => numbers(a.expected_units, b.expected_units),
        SortKey::Change => numbers(change(a), change(b)),
        SortKey::Recommendations => turned(a.open_recommendations.cmp(&b.open_recommendations)),
        SortKey::Alerts => turned(a.open_alerts.cmp(&b.open_alerts)),
    }
}

fn change(row: &ProductSummary) -> Option<f64> {
    let base = row.earlier_revenue;
    (base > Decimal::ZERO).then(|| (row.recent_revenue - base) / base).and_then(|change| change.try_into().ok())
}
