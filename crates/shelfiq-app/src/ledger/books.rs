//! What was booked: units, revenue and margin of every Sku and day, in whole cents.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Money, Rounding, Sku};
use shelfiq_query::View;

use crate::error::AppError;

/// Skus that one question names.
const SKUS_PER_QUESTION: usize = 500;

/// One Sku's books of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Booked {
    /// Units sold less units that came back.
    pub(crate) units: i64,
    /// Net revenue.
    pub(crate) revenue: Money,
    /// Margin; `None` if the cost of any part of it is unknown.
    pub(crate) margin: Option<Money>,
}

/// Every Sku's days with sales, by code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Books(HashMap<String, HashMap<NaiveDate, Booked>>);

impl Books {
    /// Everything from `first_day` on, of all Skus.
    pub(crate) async fn since(view: &View, currency: CurrencyCode, first_day: NaiveDate) -> Result<Self, AppError> {
        let mut books = Self::default();
        books.read(view, currency, &format!("day >= date '{first_day}'")).await?;
        Ok(books)
    }

    /// Everything of these Skus.
    pub(crate) async fn of(view: &View, currency: CurrencyCode, skus: &[Sku]) -> Result<Self, AppError> {
        let mut books = Self::default();
        for skus in skus.chunks(SKUS_PER_QUESTION) {
            let quoted: Vec<String> =
                skus.iter().map(|sku| format!("'{}'", sku.as_str().replace('\'', "''"))).collect();
            books.read(view, currency, &format!("sku in ({})", quoted.join(", "))).await?;
        }
        Ok(books)
    }

    async fn read(&mut self, view: &View, currency: CurrencyCode, which: &str) -> Result<(), AppError> {
        let booked = view
            .sql(&format!(
                "select sku, day, sum(net_units) as units, sum(net_revenue) as revenue, sum(margin) as margin, \
                 sum(costed_revenue) as costed from daily_sales where currency = '{currency}' and {which} group by sku, day"
            ))
            .await?;
        let keys = booked.texts("sku")?.into_iter().zip(booked.days("day")?);
        let amounts = booked.decimals("revenue")?.into_iter().zip(booked.decimals("margin")?);
        let rest = booked.numbers("units")?.into_iter().zip(booked.decimals("costed")?);
        for (((sku, day), (revenue, margin)), (units, costed)) in keys.zip(amounts).zip(rest) {
            let (Some(sku), Some(day)) = (sku, day) else { continue };
            let revenue = revenue.unwrap_or_default();
            let margin = margin.filter(|_| costed.unwrap_or_default() == revenue);
            let line = Booked {
                units: units.unwrap_or(0.0).round() as i64,
                revenue: cents(revenue, currency)?,
                margin: margin.map(|margin| cents(margin, currency)).transpose()?,
            };
            self.0.entry(sku).or_default().insert(day, line);
        }
        Ok(())
    }

    /// The books of one Sku's day; nothing sold is nothing earned.
    pub(crate) fn day(&self, sku: &Sku, day: NaiveDate, currency: CurrencyCode) -> Booked {
        let nothing = Money::zero(currency);
        let known = self.0.get(sku.as_str()).and_then(|days| days.get(&day)).copied();
        known.unwrap_or(Booked { units: 0, revenue: nothing, margin: Some(nothing) })
    }
}

/// Days are booked in whole minor units, so that sums over any days agree to the cent.
fn cents(amount: Decimal, currency: CurrencyCode) -> Result<Money, AppError> {
    Ok(Money::from_major(amount, currency, Rounding::HalfEven)?)
}
