//! What a measure is expected to be: any measure, for the whole shop or a part of it, by day, week or month.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CalendarUnit, CurrencyCode, DateRange};
use shelfiq_forecast::{Calendar, Forecast, ForecastOptions, Frequency, Missing, Series, Stamp};
use shelfiq_measures::{Additivity, Dimension, Filter, MeasureId, MeasureRequest, MeasureRow, SliceValue};
use shelfiq_query::View;
use shelfiq_store::merchants;

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::{Platform, run_cpu};
use crate::products::last_day_of_data;

/// Periods ahead at most: a year of days.
const PERIODS_MAX: usize = 366;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureForecastRequest {
    /// What to forecast.
    pub measure: MeasureId,
    /// Length of a period.
    pub period: CalendarUnit,
    /// Periods ahead, 1 to 366.
    pub periods: usize,
    /// The part of the shop.
    pub filter: Filter,
}

/// A measure's past and what is expected of it.
#[derive(Debug, Clone)]
pub struct MeasureForecast {
    /// What was forecast.
    pub measure: MeasureId,
    /// Currency of amounts; absent for counts.
    pub currency: Option<CurrencyCode>,
    /// Whole periods from the first to the last with data, in order; what the forecast has learnt from.
    pub past: Vec<PastPeriod>,
    /// What is expected after them, with intervals and the skill on past origins. Steps are empty for an empty shop.
    pub forecast: Forecast,
}

/// One period that is over.
#[derive(Debug, Clone, Copy)]
pub struct PastPeriod {
    /// Its first day.
    pub from: NaiveDate,
    /// The value; `None` where it is not defined, such as a rate over no sales.
    pub value: Option<Decimal>,
}

/// Forecasts a measure from all whole periods of the shop's history, by the same ensemble as demand.
///
/// # Errors
/// [`AppError::Access`], [`AppError::Invalid`] if `periods` is out of bounds, or the tables cannot be read.
pub async fn forecast(
    platform: &Platform,
    actor: &Actor,
    request: &MeasureForecastRequest,
) -> Result<MeasureForecast, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    if !(1..=PERIODS_MAX).contains(&request.periods) {
        return Err(AppError::invalid("periods", format!("from 1 to {PERIODS_MAX}")));
    }
    let shop = merchants::get(&platform.store, merchant).await?;
    let now = platform.clock.now();
    let yesterday = shop.time_zone.day_of(now) - Days::new(1);
    let view = platform.query.view(merchant).await?;
    let (past, currency) = match days_of_data(&view, yesterday).await? {
        Some(days) => {
            let question = MeasureRequest::totals(&[request.measure], days, shop.time_zone)
                .by(dimension(request.period))
                .only(request.filter.clone());
            let answer = view.measure(&question, now).await?;
            let own = |row: &&MeasureRow| row.currency.is_none_or(|currency| currency == shop.currency);
            let currency = answer.rows.iter().filter(own).find_map(|row| row.currency);
            (answer.rows.iter().filter(own).filter_map(past_period).collect(), currency)
        }
        None => (Vec::new(), None),
    };
    let series = series(request, &past);
    let options = options(request);
    let forecast = run_cpu(move || shelfiq_forecast::forecast(&series, &options)).await;
    Ok(MeasureForecast { measure: request.measure, currency, past, forecast })
}

/// From the first day with a sale to the last day of data.
async fn days_of_data(view: &View, yesterday: NaiveDate) -> Result<Option<DateRange>, AppError> {
    let Some(last) = last_day_of_data(view, yesterday).await? else { return Ok(None) };
    let answer = view.sql("select min(day) as first_day from daily_sales").await?;
    let first = answer.days("first_day")?.first().copied().flatten();
    Ok(first.and_then(|first| DateRange::new(first, last).ok()))
}

/// A period that is over; weeks and months that the data cut say too little.
fn past_period(row: &MeasureRow) -> Option<PastPeriod> {
    let SliceValue::Period(days) = row.slice else { return None };
    (!row.is_partial).then(|| PastPeriod { from: days.first, value: row.value.map(|value| value.number()) })
}

fn series(request: &MeasureForecastRequest, past: &[PastPeriod]) -> Series {
    let start = past.first().map_or(NaiveDate::MIN, |period| period.from);
    let calendar = Calendar::new(Stamp::Date(start), frequency(request.period));
    let number = |value: Decimal| value.to_f64().filter(|value| value.is_finite());
    let values = past.iter().map(|period| period.value.and_then(number).unwrap_or(f64::NAN)).collect();
    Series::new(request.measure.as_str(), calendar, values).expect("decimals are finite")
}

/// Sums of nothing are zero; a rate or a count of people over nothing is unknown.
fn options(request: &MeasureForecastRequest) -> ForecastOptions {
    let missing = match request.measure.measure().additivity {
        Additivity::Full | Additivity::NotOverSkus => Missing::Zero,
        Additivity::None => Missing::Interpolate,
    };
    ForecastOptions { missing, ..ForecastOptions::for_any_series(request.periods) }
}

const fn dimension(period: CalendarUnit) -> Dimension {
    match period {
        CalendarUnit::Day => Dimension::Day,
        CalendarUnit::Week => Dimension::Week,
        CalendarUnit::Month => Dimension::Month,
    }
}

const fn frequency(period: CalendarUnit) -> Frequency {
    match period {
        CalendarUnit::Day => Frequency::DAY,
        CalendarUnit::Week => Frequency::WEEK,
        CalendarUnit::Month => Frequency::MONTH,
    }
}
