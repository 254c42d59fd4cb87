//! The first screen: what changed, why, what to do, and how fresh it all is.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use futures::future::try_join_all;
use futures::try_join;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CurrencyCode, DateRange, MerchantId, Money, Ratio, Rounding, money_text};
use shelfiq_measures::{
    Comparison, Dimension, MeasureAnswer, MeasureId, MeasureRequest, MeasureRow, MeasureValue, SliceValue,
};
use shelfiq_query::View;
use shelfiq_store::{imports, merchants};

use crate::access::{Actor, Permission};
use crate::alerts::{self, AlertView};
use crate::error::AppError;
use crate::platform::Platform;
use crate::products::{ForecastDay, index, last_day_of_data};
use crate::recommendations::{self, RecommendationView};
use crate::run::WHOLE_SHOP;

/// Days shown if the caller names none.
const DAYS_DEFAULT: u32 = 28;
/// Days shown at most: every day is a point of a chart.
const DAYS_MAX: u32 = 366 * 20;
/// No shop's orders are older; days compared with stay inside the calendar.
const YEAR_MIN: i32 = 1900;
const OPPORTUNITIES: u32 = 6;
const ALERTS: u32 = 5;
const DRIVERS: usize = 6;
/// By what a change of net revenue is taken apart.
const DRIVER_DIMENSIONS: [Dimension; 4] = [Dimension::Category, Dimension::Sku, Dimension::Channel, Dimension::Country];
/// Data older than this are late.
const FRESH_DAYS: i64 = 2;

/// Measures on the cards, in order.
pub const CARDS: [MeasureId; 8] = [
    MeasureId::NetRevenue,
    MeasureId::Orders,
    MeasureId::Units,
    MeasureId::AverageOrderValue,
    MeasureId::Margin,
    MeasureId::RefundRate,
    MeasureId::ActiveCustomers,
    MeasureId::NewCustomers,
];

/// What to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query {
    /// First day; 28 days before the last if absent.
    pub from: Option<NaiveDate>,
    /// Last day; the last day of data if absent.
    pub to: Option<NaiveDate>,
    /// What to compare with.
    pub compare: Option<Comparison>,
}

/// The first screen.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Days shown.
    pub days: DateRange,
    /// Days compared with.
    pub compared_with: Option<DateRange>,
    /// Currency of amounts without one.
    pub currency: CurrencyCode,
    /// How fresh the data are.
    pub freshness: Freshness,
    /// Cards, with a value per day for the small chart.
    pub cards: Vec<Card>,
    /// Net revenue per day: the days shown, the days compared with.
    pub revenue: Vec<(NaiveDate, Decimal, bool)>,
    /// Net revenue of the days compared with.
    pub earlier_revenue: Vec<(NaiveDate, Decimal)>,
    /// Net revenue expected after the last day of data.
    pub forecast: Vec<ForecastDay>,
    /// What moved net revenue.
    pub drivers: Vec<Driver>,
    /// The most valuable open recommendations.
    pub opportunities: Vec<RecommendationView>,
    /// The newest open alerts.
    pub alerts: Vec<AlertView>,
    /// Short true sentences about this shop.
    pub headlines: Vec<Headline>,
}

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The value with its comparison.
    pub row: MeasureRow,
    /// A value per day.
    pub daily: Vec<Option<Decimal>>,
}

/// How fresh the data are.
#[derive(Debug, Clone)]
pub struct Freshness {
    /// Instant of the newest order.
    pub data_as_of: Option<DateTime<Utc>>,
    /// When the last import ended.
    pub last_import_at: Option<DateTime<Utc>>,
    /// When the models last ran.
    pub last_run_at: Option<DateTime<Utc>>,
    /// `fresh`, `late` or `empty`.
    pub state: FreshnessState,
}

/// The class of freshness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreshnessState {
    /// Orders up to yesterday or today.
    Fresh,
    /// The newest order is older.
    Late,
    /// There are no orders.
    Empty,
}

/// Something that moved net revenue.
#[derive(Debug, Clone)]
pub struct Driver {
    /// By which dimension.
    pub dimension: Dimension,
    /// Which part, in words that a person reads.
    pub name: String,
    /// Which Sku, if it is one.
    pub sku: Option<String>,
    /// How much more or less than in the days compared with.
    pub change: Money,
    /// Its share of the whole change; above one where others pulled the other way.
    pub share: Ratio,
}

/// A sentence for the top of the screen.
#[derive(Debug, Clone)]
pub struct Headline {
    /// The sentence.
    pub text: String,
    /// How bad it is.
    pub tone: Tone,
    /// Where to go.
    pub link: Option<&'static str>,
}

/// The tone of a headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Needs attention.
    Warning,
    /// Costs money now.
    Critical,
}

/// Puts the first screen together.
///
/// # Errors
/// [`AppError::Access`], or the days are reversed, too many or too early, or the tables cannot be read.
pub async fn get(platform: &Platform, actor: &Actor, query: Query) -> Result<Overview, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let shop = merchants::get(&platform.store, merchant).await?;
    let now = platform.clock.now();
    let today = shop.time_zone.day_of(now);
    let view = platform.query.view(merchant).await?;
    let last_data_day = last_day_of_data(&view, today - Days::new(1)).await?;
    let last = query.to.or(last_data_day).unwrap_or(today);
    let days = match query.from {
        Some(from) => DateRange::new(from, last),
        None => DateRange::ending(last, DAYS_DEFAULT),
    }
    .map_err(|error| AppError::invalid("from", error.to_string()))?;
    if days.day_count() > DAYS_MAX {
        return Err(AppError::invalid("from", "at most twenty years"));
    }
    if days.first().year() < YEAR_MIN {
        return Err(AppError::invalid("from", format!("{YEAR_MIN} at the earliest")));
    }
    let base = MeasureRequest::totals(&CARDS, days, shop.time_zone);
    let request = match query.compare {
        Some(comparison) => base.clone().against(comparison),
        None => base.clone(),
    };
    let by_day = base.clone().by(Dimension::Day);
    let (totals, daily, forecast, freshness) = try_join!(
        measure(&view, &request, now),
        measure(&view, &by_day, now),
        forecast(&view, last_data_day),
        freshness(platform, &view, last_data_day, today),
    )?;
    let earlier = async {
        let Some(earlier) = totals.compared_with else { return Ok(Vec::new()) };
        let request = MeasureRequest::totals(&[MeasureId::NetRevenue], earlier, shop.time_zone).by(Dimension::Day);
        Ok(revenue_by_day(&measure(&view, &request, now).await?, shop.currency))
    };
    let (earlier_revenue, drivers) =
        try_join!(earlier, drivers(&view, &base, query.compare, shop.currency, &totals, now))?;
    let opportunities = recommendations::open(platform, merchant, None, OPPORTUNITIES).await?;
    Ok(Overview {
        days,
        compared_with: totals.compared_with,
        currency: shop.currency,
        cards: cards(&totals, &daily, shop.currency),
        revenue: revenue_by_day_with_marks(&daily, shop.currency),
        earlier_revenue,
        forecast,
        freshness,
        drivers,
        alerts: alerts::open(platform, merchant, None, ALERTS).await?,
        headlines: headlines(platform, merchant, &opportunities).await?,
        opportunities,
    })
}

async fn measure(view: &View, request: &MeasureRequest, now: DateTime<Utc>) -> Result<MeasureAnswer, AppError> {
    Ok(view.measure(request, now).await?)
}

/// Rows without a currency belong to every currency; rows in another one are left to the measures page.
fn is_in(row: &MeasureRow, currency: CurrencyCode) -> bool {
    row.currency.is_none_or(|own| own == currency)
}

fn cards(totals: &MeasureAnswer, daily: &MeasureAnswer, currency: CurrencyCode) -> Vec<Card> {
    CARDS
        .into_iter()
        .filter_map(|id| {
            let row = totals
                .rows
                .iter()
                .find(|row| row.measure == id && row.slice == SliceValue::All && is_in(row, currency))?;
            let daily = daily.rows.iter().filter(|row| row.measure == id && is_in(row, currency));
            Some(Card { row: row.clone(), daily: daily.map(|row| row.value.map(MeasureValue::number)).collect() })
        })
        .collect()
}

fn revenue_by_day_with_marks(daily: &MeasureAnswer, currency: CurrencyCode) -> Vec<(NaiveDate, Decimal, bool)> {
    let rows = daily.rows.iter().filter(|row| row.measure == MeasureId::NetRevenue && is_in(row, currency));
    rows.filter_map(|row| match &row.slice {
        SliceValue::Period(period) => {
            Some((period.first, row.value.map_or(Decimal::ZERO, MeasureValue::number), row.is_partial))
        }
        _ => None,
    })
    .collect()
}

fn revenue_by_day(daily: &MeasureAnswer, currency: CurrencyCode) -> Vec<(NaiveDate, Decimal)> {
    revenue_by_day_with_marks(daily, currency).into_iter().map(|(day, amount, _)| (day, amount)).collect()
}

/// The parts of the shop whose net revenue changed most, with their share of the whole change.
async fn drivers(
    view: &View,
    base: &MeasureRequest,
    comparison: Option<Comparison>,
    currency: CurrencyCode,
    totals: &MeasureAnswer,
    now: DateTime<Utc>,
) -> Result<Vec<Driver>, AppError> {
    let Some(comparison) = comparison else { return Ok(Vec::new()) };
    let whole = totals
        .rows
        .iter()
        .find(|row| row.measure == MeasureId::NetRevenue && is_in(row, currency))
        .and_then(MeasureRow::delta);
    let Some(whole) = whole.map(|delta| delta.absolute.number()).filter(|change| !change.is_zero()) else {
        return Ok(Vec::new());
    };
    let request = |dimension| {
        MeasureRequest { measures: vec![MeasureId::NetRevenue], ..base.clone() }.by(dimension).against(comparison)
    };
    let answers = try_join_all(DRIVER_DIMENSIONS.map(async |dimension| {
        let answer = view.measure(&request(dimension), now).await?;
        Ok::<_, AppError>((dimension, answer))
    }));
    let mut drivers = Vec::new();
    for (dimension, answer) in answers.await? {
        let mut parts: Vec<(String, Decimal)> = answer
            .rows
            .iter()
            .filter(|row| is_in(row, currency))
            .filter_map(|row| {
                let now = row.value.map_or(Decimal::ZERO, MeasureValue::number);
                let then = row.comparison.map_or(Decimal::ZERO, MeasureValue::number);
                Some((slice_name(&row.slice)?, now - then))
            })
            .collect();
        parts.sort_by(|a, b| b.1.abs().cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        for (name, change) in parts.into_iter().take(2).filter(|(_, change)| !change.is_zero()) {
            drivers.push(Driver {
                dimension,
                sku: (dimension == Dimension::Sku).then(|| name.clone()),
                name,
                change: Money::from_major(change, currency, Rounding::HalfEven)?,
                share: Ratio::new((change / whole).round_dp(4)),
            });
        }
    }
    drivers.sort_by_key(|driver| std::cmp::Reverse(driver.change.minor().abs()));
    drivers.truncate(DRIVERS);
    give_titles(view, &mut drivers).await?;
    Ok(drivers)
}

/// A Sku's code says nothing to a reader: its title does.
async fn give_titles(view: &View, drivers: &mut [Driver]) -> Result<(), AppError> {
    let quoted: Vec<String> =
        drivers.iter().filter_map(|driver| Some(format!("'{}'", driver.sku.as_ref()?.replace('\'', "''")))).collect();
    if quoted.is_empty() {
        return Ok(());
    }
    let known = view.sql(&format!("select sku, title from products where sku in ({})", quoted.join(", "))).await?;
    let titles: HashMap<String, String> =
        known.texts("sku")?.into_iter().zip(known.texts("title")?).filter_map(|(sku, title)| sku.zip(title)).collect();
    for driver in drivers {
        if let Some(title) = driver.sku.as_ref().and_then(|sku| titles.get(sku)) {
            driver.name.clone_from(title);
        }
    }
    Ok(())
}

fn slice_name(slice: &SliceValue) -> Option<String> {
    Some(match slice {
        SliceValue::Sku(sku) => sku.to_string(),
        SliceValue::Category(name) | SliceValue::Country(name) => name.clone().unwrap_or_else(|| "unknown".to_owned()),
        SliceValue::Store(name) | SliceValue::Channel(name) => name.clone(),
        SliceValue::All | SliceValue::Period(_) => return None,
    })
}

async fn freshness(
    platform: &Platform,
    view: &View,
    last_data_day: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Freshness, AppError> {
    let newest = view.sql("select max(ordered_at) as newest from order_lines").await?;
    let run = view.sql("select max(made_at) as made_at from forecasts").await?;
    let state = match last_data_day {
        None => FreshnessState::Empty,
        Some(day) if (today - day).num_days() <= FRESH_DAYS => FreshnessState::Fresh,
        Some(_) => FreshnessState::Late,
    };
    Ok(Freshness {
        data_as_of: newest.instants("newest")?.first().copied().flatten(),
        last_import_at: imports::last_finished_at(&platform.store, view.merchant()).await?,
        last_run_at: run.instants("made_at")?.first().copied().flatten(),
        state,
    })
}

async fn forecast(view: &View, last_day: Option<NaiveDate>) -> Result<Vec<ForecastDay>, AppError> {
    let Some(last_day) = last_day else { return Ok(Vec::new()) };
    let end = last_day + Days::new(28);
    let query = format!(
        "select day, mean, median, lo_80, hi_80, lo_95, hi_95, sum_lo_80, sum_hi_80 from forecasts where sku = '{WHOLE_SHOP}' and measure = 'net_revenue' \
         and day > date '{last_day}' and day <= date '{end}' order by day"
    );
    let answer = view.sql(&query).await?;
    let number = |column: &str| {
        Ok::<_, AppError>(answer.numbers(column)?.into_iter().map(|value| value.unwrap_or(0.0)).collect::<Vec<_>>())
    };
    let (mean, median) = (number("mean")?, number("median")?);
    let (lo_80, hi_80, lo_95, hi_95) = (number("lo_80")?, number("hi_80")?, number("lo_95")?, number("hi_95")?);
    let (sum_lo_80, sum_hi_80) = (number("sum_lo_80")?, number("sum_hi_80")?);
    let day = |(row, day): (usize, Option<NaiveDate>)| {
        Some(ForecastDay {
            day: day?,
            mean: mean[row],
            median: median[row],
            interval_80: (lo_80[row], hi_80[row]),
            interval_95: (lo_95[row], hi_95[row]),
            sum_interval_80: (sum_lo_80[row], sum_hi_80[row]),
        })
    };
    Ok(answer.days("day")?.into_iter().enumerate().filter_map(day).collect())
}

/// True sentences about this shop, the costly ones first.
async fn headlines(
    platform: &Platform,
    merchant: MerchantId,
    opportunities: &[RecommendationView],
) -> Result<Vec<Headline>, AppError> {
    let index = index::load(platform, merchant).await?;
    let rows = index.rows();
    let count = |keep: &dyn Fn(&crate::products::ProductSummary) -> bool| rows.iter().filter(|row| keep(row)).count();
    let at_a_loss = count(&|row| row.margin_rate().is_some_and(|rate| rate < Decimal::ZERO) && row.recent_units > 0);
    let running_out =
        count(&|row| row.stock_cover_days().is_some_and(|days| days < 7.0) && row.stock.is_some_and(|units| units > 0));
    let sold_out =
        count(&|row| row.stock.is_some_and(|units| units <= 0) && row.expected_units.is_some_and(|units| units >= 1.0));
    let gain: Decimal = opportunities.iter().map(|view| view.row.impact.to_major()).sum();
    let mut headlines = Vec::new();
    let mut say = |number: usize, one: &str, many: &str, tone, link| {
        if number > 0 {
            let text = if number == 1 { one.to_owned() } else { many.replace("{}", &number.to_string()) };
            headlines.push(Headline { text, tone, link: Some(link) });
        }
    };
    say(
        at_a_loss,
        "1 product sells below its cost",
        "{} products sell below their cost",
        Tone::Critical,
        "/alerts?kind=margin_loss",
    );
    say(
        sold_out,
        "1 product that sells is out of stock",
        "{} products that sell are out of stock",
        Tone::Critical,
        "/products?status=out_of_stock",
    );
    say(
        running_out,
        "1 product runs out within a week",
        "{} products run out within a week",
        Tone::Warning,
        "/products?sort=stock_cover",
    );
    if gain > Decimal::ZERO
        && let Some(first) = opportunities.first()
    {
        let currency = first.row.impact.currency();
        let amount = Money::from_major(gain, currency, Rounding::HalfEven)?;
        headlines.push(Headline {
            text: format!(
                "The {} best open recommendations are worth about {}",
                opportunities.len(),
                money_text(amount)
            ),
            tone: Tone::Info,
            link: Some("/recommendations"),
        });
    }
    Ok(headlines)
}

/// How a value compares, as plain numbers: value, value before, relative change.
#[must_use]
pub fn numbers(row: &MeasureRow) -> (Option<f64>, Option<f64>, Option<f64>) {
    let float = |value: Option<MeasureValue>| value.and_then(|value| value.number().to_f64());
    let change = row.delta().and_then(|delta| delta.relative).map(Ratio::to_f64);
    (float(row.value), float(row.comparison), change)
}
