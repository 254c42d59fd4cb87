//! What is known about a merchant's shop, in the form in which brains take it: one record per Sku with aligned daily
//! lists.

mod load;
mod past;
mod watched;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, HolidayCountry, Sku};

pub(crate) use load::{Shop, load};
#[cfg(test)]
pub(crate) use past::{test_shop, test_sku};

/// One merchant's shop as of its last day of data.
#[derive(Debug, Clone)]
pub(crate) struct ShopFacts {
    /// The currency in which the shop sells.
    pub(crate) currency: CurrencyCode,
    /// The last whole day for which orders are known; every daily list ends with it.
    pub(crate) last_day: NaiveDate,
    /// Instant of the newest order.
    pub(crate) newest_order_at: DateTime<Utc>,
    /// Everything that was ever sold or stocked, by code.
    pub(crate) skus: Vec<SkuFacts>,
    /// What each of the merchant's stores sold, by name; empty where one Sku was asked for.
    pub(crate) stores: Vec<StoreFacts>,
    /// Net revenue of the whole shop per day, major units, from the first day of any Sku to `last_day`.
    pub(crate) daily_net_revenue: Daily<f64>,
    /// Where its buyers live, in a fixed order: their holidays move demand. Empty where one Sku was asked for.
    pub(crate) countries: Vec<HolidayCountry>,
    /// Holidays by day, as the outside figures name them.
    pub(crate) holidays: BTreeMap<NaiveDate, String>,
}

/// A value for each day from `first_day` on.
#[derive(Debug, Clone)]
pub(crate) struct Daily<T> {
    pub(crate) first_day: NaiveDate,
    pub(crate) values: Vec<T>,
}

impl<T> Daily<T> {
    /// The days with their values, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (NaiveDate, &T)> + ExactSizeIterator {
        let first = self.first_day;
        self.values.iter().enumerate().map(move |(index, value)| (first + chrono::Days::new(index as u64), value))
    }
}

/// One Sku. The daily lists share `first_day` and end with the shop's last day.
#[derive(Debug, Clone)]
pub(crate) struct SkuFacts {
    pub(crate) sku: Sku,
    pub(crate) title: String,
    pub(crate) category: Option<String>,
    /// First day on which it was sold or stocked.
    pub(crate) first_day: NaiveDate,
    /// Units asked for per day: sold, less what was cancelled on the same day, never below zero.
    pub(crate) units: Vec<f64>,
    /// Our price per day in major units; `NaN` before the first known price.
    pub(crate) price: Vec<f64>,
    /// Whether stock was out at any time of the day: sales then understate demand.
    pub(crate) was_out_of_stock: Vec<bool>,
    /// Whether a promotion ran.
    pub(crate) had_promotion: Vec<bool>,
    /// Our price now.
    pub(crate) price_now: Option<Decimal>,
    /// The price before the last change, and when the present one began.
    pub(crate) price_before: Option<Decimal>,
    pub(crate) price_since: Option<DateTime<Utc>>,
    /// Cost of one unit now, the one before, and when the present one began.
    pub(crate) unit_cost: Option<Decimal>,
    pub(crate) unit_cost_before: Option<Decimal>,
    pub(crate) unit_cost_since: Option<DateTime<Utc>>,
    pub(crate) stock: Option<StockFacts>,
    /// The newest offer of each rival.
    pub(crate) rivals: Vec<RivalFacts>,
    /// Ratings with their instants, oldest first.
    pub(crate) ratings: Vec<(DateTime<Utc>, u8)>,
    /// What else is watched day by day.
    pub(crate) watched: Watched,
}

impl SkuFacts {
    /// A Sku of which nothing was seen in its `days` days.
    pub(crate) fn unseen(sku: Sku, title: String, first_day: NaiveDate, days: usize) -> Self {
        Self {
            sku,
            title,
            category: None,
            first_day,
            units: vec![0.0; days],
            price: vec![f64::NAN; days],
            was_out_of_stock: vec![false; days],
            had_promotion: vec![false; days],
            price_now: None,
            price_before: None,
            price_since: None,
            unit_cost: None,
            unit_cost_before: None,
            unit_cost_since: None,
            stock: None,
            rivals: Vec::new(),
            ratings: Vec::new(),
            watched: Watched::default(),
        }
    }
}

/// One of the merchant's stores.
#[derive(Debug, Clone)]
pub(crate) struct StoreFacts {
    pub(crate) name: String,
    /// Skus that were sold there.
    pub(crate) skus: usize,
    /// Units asked for, of all Skus together, from the day of its first sale to the shop's last day.
    pub(crate) units: Daily<f64>,
}

/// Daily lists beside demand and price. Each shares the Sku's first day; it is empty where nothing was ever seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watched {
    /// The cheapest rival that could be bought from, major units; `NaN` where none was known.
    pub(crate) rival_price: Vec<f64>,
    /// Visits; `NaN` where none were reported.
    pub(crate) sessions: Vec<f64>,
    /// Units that a count found missing beyond what was sold since the last count; `NaN` on days without a count.
    pub(crate) missing_units: Vec<f64>,
}

/// Stock as last counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StockFacts {
    pub(crate) on_hand: i64,
    pub(crate) on_order: i64,
    pub(crate) lead_time_days: Option<u32>,
    pub(crate) observed_at: DateTime<Utc>,
}

/// A rival's newest offer.
#[derive(Debug, Clone)]
pub(crate) struct RivalFacts {
    pub(crate) name: String,
    pub(crate) price: Decimal,
    pub(crate) in_stock: Option<bool>,
    pub(crate) observed_at: DateTime<Utc>,
    /// When the rival took this price.
    pub(crate) since: DateTime<Utc>,
}

impl ShopFacts {
    /// Days from `first` to the last day of data on which the shop sold anything. A day without any order in the whole
    /// shop is a day without data, not a day without demand.
    pub(crate) fn trading_days_since(&self, first: NaiveDate) -> usize {
        let revenue = self.daily_net_revenue.iter();
        revenue.filter(|(day, revenue)| *day >= first && **revenue != 0.0).count()
    }

    /// What the shop sold over its last `days` days of data.
    pub(crate) fn turnover(&self, days: usize) -> f64 {
        self.daily_net_revenue.values.iter().rev().take(days).sum()
    }
}

impl SkuFacts {
    /// What it sold over the last `days` days of data, at the prices of those days.
    pub(crate) fn turnover(&self, days: usize) -> f64 {
        let sold = self.units.iter().zip(&self.price).rev().take(days);
        sold.filter(|(_, price)| price.is_finite()).map(|(units, price)| units * price).sum()
    }

    /// The last day of its lists, which is the shop's.
    pub(crate) fn last_day(&self) -> NaiveDate {
        self.first_day + chrono::Days::new(self.units.len().saturating_sub(1) as u64)
    }

    /// The units as a daily list.
    pub(crate) fn daily_units(&self) -> Daily<f64> {
        Daily { first_day: self.first_day, values: self.units.clone() }
    }

    /// The cheapest rival whose offer can be bought, if its offer is not older than `days_max`.
    pub(crate) fn cheapest_rival(&self, now: DateTime<Utc>, days_max: i64) -> Option<&RivalFacts> {
        self.rivals
            .iter()
            .filter(|rival| rival.in_stock != Some(false) && (now - rival.observed_at).num_days() <= days_max)
            .min_by_key(|rival| rival.price)
    }

    /// What one unit earns: price less cost, or the price where the cost is unknown.
    pub(crate) fn unit_value(&self) -> Option<Decimal> {
        self.price_now.map(|price| price - self.unit_cost.unwrap_or_default())
    }
}
