//! What will sell, from the whole shop down to its categories and stores: units and revenue of the days ahead beside those
//! of as many days before, in numbers that add up.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures::try_join;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use shelfiq_core::{CurrencyCode, DateRange, Money, Rounding};
use shelfiq_query::{Answer, View};
use shelfiq_store::merchants;

use crate::access::{Actor, Permission};
use crate::brains::demand::{EFFECT_DAYS, HORIZON_DAYS};
use crate::error::AppError;
use crate::platform::Platform;
use crate::products::last_day_of_data;
use crate::run::{LEVEL_CATEGORY, LEVEL_STORE, WITHOUT_CATEGORY};

/// Days ahead where nobody says otherwise.
pub const DAYS_USUAL: usize = EFFECT_DAYS;

/// What will sell in the days ahead.
#[derive(Debug, Clone)]
pub struct DemandPlan {
    /// Currency of all amounts.
    pub currency: CurrencyCode,
    /// The days ahead.
    pub days: DateRange,
    /// As many days before them, up to the last day of data.
    pub before: DateRange,
    /// When the forecasts were made.
    pub made_at: DateTime<Utc>,
    /// Everything together. Where every category is listed, it is their sum.
    pub whole: DemandLine,
    /// By category, most units first. Of more than 200, those that sold most; empty if no product has a category.
    pub categories: Vec<CategoryDemand>,
    /// By store, most units first; empty where there is one alone. Their units add up to those of the whole.
    pub stores: Vec<StoreDemand>,
}

/// A category's line.
#[derive(Debug, Clone)]
pub struct CategoryDemand {
    /// Its name; `None` for products without a category.
    pub category: Option<String>,
    /// What will sell of it.
    pub line: DemandLine,
}

/// A store's line.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreDemand {
    /// Its name.
    pub store: String,
    /// What will sell there.
    pub line: DemandLine,
}

/// Units and revenue of several products together.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandLine {
    /// Products that are summed.
    pub skus: i64,
    /// Units expected: the mean, in whole units.
    pub units: i64,
    /// 80 % interval of the units.
    pub units_80: (f64, f64),
    /// Units sold in as many days before.
    pub units_before: i64,
    /// The units expected of each product at its present price, to the cent; products without a known price add nothing.
    /// `None` for a store: which of its products will sell there is not known.
    pub revenue: Option<Money>,
    /// Whether the history suffices for models to be tried on it.
    pub is_ready: bool,
}

/// What will sell in the next `days` days; `None` before the first forecasts.
///
/// # Errors
/// [`AppError::Access`], [`AppError::Invalid`] if `days` is out of bounds, or the tables cannot be read.
pub async fn plan(platform: &Platform, actor: &Actor, days: usize) -> Result<Option<DemandPlan>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    if !(1..=HORIZON_DAYS).contains(&days) {
        return Err(AppError::invalid("days", format!("from 1 to {HORIZON_DAYS}")));
    }
    let shop = merchants::get(&platform.store, merchant).await?;
    let yesterday = shop.time_zone.day_of(platform.clock.now()) - Days::new(1);
    let view = platform.query.view(merchant).await?;
    let Some(last_day) = last_day_of_data(&view, yesterday).await? else { return Ok(None) };
    let out_of_calendar = |_| AppError::invalid("days", "they reach beyond the calendar".to_owned());
    let length = days as u32;
    let before = DateRange::ending(last_day, length).map_err(out_of_calendar)?;
    let ahead = DateRange::ending(last_day + Days::new(length.into()), length).map_err(out_of_calendar)?;
    let (groups, sold, sold_by_store, revenue) = try_join!(
        expected(&view, ahead.last()),
        units_sold(&view, before),
        units_sold_by_store(&view, before),
        expected_revenue(&view, ahead.last(), shop.currency),
    )?;
    let Some(made_at) = groups.instants("made_at")?.first().copied().flatten() else { return Ok(None) };
    let mut lines = lines(&groups, &Known::of(&sold, &sold_by_store, &revenue, shop.currency)?)?;
    let Some(mut whole) = lines.remove(&Group::Shop) else { return Ok(None) };
    let (mut categories, mut stores) = (Vec::new(), Vec::new());
    for (group, line) in lines {
        match group {
            Group::Shop => {}
            Group::Category(category) => categories.push(CategoryDemand { category, line }),
            Group::Store(store) => stores.push(StoreDemand { store, line }),
        }
    }
    categories.sort_by(|a, b| b.line.units.cmp(&a.line.units).then_with(|| a.category.cmp(&b.category)));
    stores.sort_by(|a, b| b.line.units.cmp(&a.line.units).then_with(|| a.store.cmp(&b.store)));
    let listed: i64 = categories.iter().map(|category| category.line.skus).sum();
    if listed == whole.skus {
        // Whole numbers that a reader adds up must give the sum that stands below them.
        whole.units = categories.iter().map(|category| category.line.units).sum();
    }
    if let Some((largest, others)) = stores.split_first_mut() {
        // The same holds for stores: rounding shows least where most is sold.
        largest.line.units = whole.units - others.iter().map(|store| store.line.units).sum::<i64>();
    }
    Ok(Some(DemandPlan { currency: shop.currency, days: ahead, before, made_at, whole, categories, stores }))
}

/// Whose line it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Group {
    Shop,
    /// `None` for products without a category.
    Category(Option<String>),
    Store(String),
}

impl Group {
    fn of(level: &str, name: String) -> Self {
        match level {
            LEVEL_STORE => Self::Store(name),
            LEVEL_CATEGORY => Self::Category((name != WITHOUT_CATEGORY).then_some(name)),
            _ => Self::Shop,
        }
    }
}

/// What is expected up to `end`, of all groups.
async fn expected(view: &View, end: NaiveDate) -> Result<Answer, AppError> {
    let query = format!(
        "select level, name, skus, sum_mean, sum_lo_80, sum_hi_80, status, made_at from group_forecasts where day = date '{end}'"
    );
    Ok(view.sql(&query).await?)
}

async fn units_sold(view: &View, days: DateRange) -> Result<Answer, AppError> {
    let (first, last) = (days.first(), days.last());
    let query = format!(
        "select coalesce(p.category, '{WITHOUT_CATEGORY}') as name, sum(s.units) as units from daily_sales s \
         join products p on p.sku = s.sku where s.day between date '{first}' and date '{last}' group by 1"
    );
    Ok(view.sql(&query).await?)
}

async fn units_sold_by_store(view: &View, days: DateRange) -> Result<Answer, AppError> {
    let (first, last) = (days.first(), days.last());
    let query = format!(
        "select store as name, sum(units) as units from daily_sales where day between date '{first}' and date '{last}' group by 1"
    );
    Ok(view.sql(&query).await?)
}

/// Units of each product up to `end` and its price.
async fn expected_revenue(view: &View, end: NaiveDate, currency: CurrencyCode) -> Result<Answer, AppError> {
    let query = format!(
        "select coalesce(p.category, '{WITHOUT_CATEGORY}') as category, f.sum_mean as units, p.price from forecasts f \
         join products p on p.sku = f.sku where f.measure = 'units' and f.day = date '{end}' and p.price is not null \
         and p.currency = '{currency}'"
    );
    Ok(view.sql(&query).await?)
}

/// What is set beside the units expected.
struct Known {
    units_before: HashMap<Group, i64>,
    revenue: HashMap<Group, Money>,
    nothing: Money,
}

impl Known {
    fn of(sold: &Answer, sold_by_store: &Answer, revenue: &Answer, currency: CurrencyCode) -> Result<Self, AppError> {
        let mut units_before: HashMap<Group, i64> = HashMap::new();
        for (name, units) in sold.texts("name")?.into_iter().zip(sold.counts("units")?) {
            let (Some(name), Some(units)) = (name, units) else { continue };
            *units_before.entry(Group::Shop).or_default() += units;
            units_before.insert(Group::of(LEVEL_CATEGORY, name), units);
        }
        let by_store = sold_by_store.texts("name")?.into_iter().zip(sold_by_store.counts("units")?);
        units_before.extend(by_store.filter_map(|(name, units)| Some((Group::Store(name?), units?))));
        let mut earned: HashMap<Group, Money> = HashMap::new();
        let nothing = Money::zero(currency);
        let products =
            revenue.texts("category")?.into_iter().zip(revenue.numbers("units")?).zip(revenue.decimals("price")?);
        for ((category, units), price) in products {
            let units = units.and_then(Decimal::from_f64);
            let (Some(category), Some(units), Some(price)) = (category, units, price) else { continue };
            // Cents are settled product by product, so that sums of shown amounts are the shown sums.
            let amount = Money::from_major(units.round_dp(6) * price, currency, Rounding::HalfEven)?;
            for group in [Group::Shop, Group::of(LEVEL_CATEGORY, category)] {
                let sum = earned.entry(group).or_insert(nothing);
                *sum = sum.plus(amount)?;
            }
        }
        Ok(Self { units_before, revenue: earned, nothing })
    }
}

fn lines(groups: &Answer, known: &Known) -> Result<HashMap<Group, DemandLine>, AppError> {
    let numbers = (groups.numbers("sum_mean")?, groups.numbers("sum_lo_80")?, groups.numbers("sum_hi_80")?);
    let (skus, status) = (groups.counts("skus")?, groups.texts("status")?);
    let mut lines = HashMap::new();
    for (row, (level, name)) in groups.texts("level")?.into_iter().zip(groups.texts("name")?).enumerate() {
        let (Some(level), Some(name), Some(mean)) = (level, name, numbers.0[row]) else { continue };
        let group = Group::of(&level, name);
        let revenue = match group {
            Group::Store(_) => None,
            Group::Shop | Group::Category(_) => Some(known.revenue.get(&group).copied().unwrap_or(known.nothing)),
        };
        let line = DemandLine {
            skus: skus[row].unwrap_or(0),
            units: mean.round() as i64,
            units_80: (numbers.1[row].unwrap_or(mean), numbers.2[row].unwrap_or(mean)),
            units_before: known.units_before.get(&group).copied().unwrap_or(0),
            revenue,
            is_ready: status[row].as_deref() == Some("ready"),
        };
        lines.insert(group, line);
    }
    Ok(lines)
}
