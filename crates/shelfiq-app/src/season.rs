//! Selling a stock off by a day: the course of prices that brings most, and what is expected of it.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CurrencyCode, Sku};
use shelfiq_pricing::{Constraint, DayRule, GuardRails, SeasonDay, SeasonProblem, plan_season};

use crate::access::{Actor, Permission};
use crate::brains::demand::EFFECT_DAYS;
use crate::error::AppError;
use crate::platform::{Platform, run_cpu};
use crate::products::{Desk, ForecastDay};

/// Longest season.
const DAYS_MAX: i64 = 180;

/// What is to be sold off.
#[derive(Debug, Clone)]
pub struct SeasonRequest {
    /// Last day on which it is sold.
    pub until: NaiveDate,
    /// Units to sell; the stock as last counted if absent.
    pub stock_units: Option<u32>,
    /// What a unit is worth that is left, major units; below zero if getting rid of it costs something.
    pub leftover_value: Decimal,
}

/// A day of the season.
#[derive(Debug, Clone, Copy)]
pub struct SeasonDayView {
    /// Which.
    pub day: NaiveDate,
    /// Mean of the price asked, over what may happen before, major units.
    pub mean_price: f64,
    /// Units expected to sell.
    pub units: f64,
    /// Units expected to be left in the evening.
    pub left_units: f64,
    /// Whether the shop's calendar keeps the price as it is.
    pub is_frozen: bool,
}

/// The course of prices and what it brings.
#[derive(Debug, Clone)]
pub struct SeasonView {
    /// Whose.
    pub sku: Sku,
    /// The Sku's name that a person reads.
    pub title: String,
    /// Of every amount.
    pub currency: CurrencyCode,
    /// Price now, major units.
    pub price_now: Decimal,
    /// Price on the first day, major units.
    pub price: Decimal,
    /// What keeps that price from going further.
    pub binding: Option<Constraint>,
    /// Units that are to be sold.
    pub stock_units: u32,
    /// Revenue expected, major units.
    pub revenue: f64,
    /// Revenue and the value of what is left, major units.
    pub value: f64,
    /// The best single price all along, and what that brings, major units.
    pub best_fixed: (Decimal, f64),
    /// Probability that nothing is left.
    pub sell_out_probability: f64,
    /// One entry a day.
    pub days: Vec<SeasonDayView>,
}

/// The course of prices that sells a stock by a day. Nothing is stored.
///
/// # Errors
/// [`AppError::Access`]; [`AppError::Invalid`] for a season that cannot be; [`AppError::NotFound`] without such a Sku;
/// [`AppError::Conflict`] where price, demand or elasticity are unknown; [`AppError::Pricing`] where limits leave no price.
pub async fn plan(
    platform: &Platform,
    actor: &Actor,
    sku: &Sku,
    request: SeasonRequest,
) -> Result<SeasonView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let desk = Desk::load(platform, merchant, sku).await?;
    let title = desk.title().ok_or_else(|| AppError::not_found("product", sku))?.to_owned();
    let unknown = || {
        AppError::Conflict(
            "there is no demand forecast and price to start from yet: import sales and run the daily job".to_owned(),
        )
    };
    let problem = desk.problem.clone().ok_or_else(unknown)?;
    let forecast = &desk.record.forecast;
    let first_day = forecast.first().ok_or_else(unknown)?.day;
    let count = (request.until - first_day).num_days() + 1;
    if !(1..=DAYS_MAX).contains(&count) {
        let last = first_day + Days::new(DAYS_MAX as u64 - 1);
        return Err(AppError::invalid("until", format!("must lie between {first_day} and {last}")));
    }
    let stock_units = match request.stock_units {
        Some(units) => units,
        None => stock(&desk)?,
    };
    if stock_units == 0 {
        return Err(AppError::invalid("stock_units", "there is nothing to sell: say how many units"));
    }
    let days: Vec<NaiveDate> = (0..count as u64).map(|number| first_day + Days::new(number)).collect();
    let factors = factors(forecast, &days, problem.demand.baseline_quantity / EFFECT_DAYS as f64);
    let rule = |day: &NaiveDate| if desk.is_frozen_on(*day) { DayRule::Frozen } else { DayRule::Free };
    let mut demand = problem.demand;
    demand.baseline_quantity /= EFFECT_DAYS as f64;
    let season = SeasonProblem {
        current_price: problem.current_price,
        unit_cost: problem.unit_cost,
        demand,
        stock_units,
        days: days
            .iter()
            .zip(factors)
            .map(|(day, demand_factor)| SeasonDay { demand_factor, rule: rule(day) })
            .collect(),
        leftover_value: request.leftover_value.to_f64().unwrap_or(0.0),
        guard_rails: GuardRails { day: DayRule::Free, ..problem.guard_rails.clone() },
    };
    let leftover_value = season.leftover_value;
    let found = run_cpu(move || plan_season(&season)).await?;
    let left = found.steps.last().map_or(0.0, |step| step.left_units);
    Ok(SeasonView {
        sku: sku.clone(),
        title,
        currency: desk.currency(),
        price_now: problem.current_price,
        price: found.price,
        binding: found.binding,
        stock_units,
        revenue: found.expected_value - left * leftover_value,
        value: found.expected_value,
        best_fixed: found.best_fixed,
        sell_out_probability: found.sell_out_probability,
        days: days
            .into_iter()
            .zip(&found.steps)
            .map(|(day, step)| SeasonDayView {
                day,
                mean_price: step.mean_price,
                units: step.units,
                left_units: step.left_units,
                is_frozen: desk.is_frozen_on(day),
            })
            .collect(),
    })
}

fn stock(desk: &Desk) -> Result<u32, AppError> {
    let counted = desk.record.sku().and_then(|sku| sku.stock);
    counted.and_then(|stock| u32::try_from(stock.on_hand.max(0)).ok()).ok_or_else(|| {
        AppError::invalid("stock_units", "nobody counted the stock of this product: say how many units are to be sold")
    })
}

/// Demand of each day relative to an average day: as forecast, and beyond the forecast as on the same weekday in it.
fn factors(forecast: &[ForecastDay], days: &[NaiveDate], average: f64) -> Vec<f64> {
    let of_weekday = |day: &NaiveDate| {
        let same = forecast.iter().filter(|known| known.day.weekday() == day.weekday()).map(|known| known.mean);
        let (sum, count) = same.fold((0.0, 0.0), |(sum, count), mean| (sum + mean, count + 1.0));
        if count > 0.0 { sum / count } else { average }
    };
    let mean = |day: &NaiveDate| {
        forecast.iter().find(|known| known.day == *day).map_or_else(|| of_weekday(day), |known| known.mean)
    };
    days.iter().map(|day| if average > 0.0 { (mean(day) / average).max(0.0) } else { 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_forecast_a_day_is_like_its_weekday_in_it() {
        let first: NaiveDate = "2026-03-02".parse().unwrap();
        let day = |number: u64| first + Days::new(number);
        let forecast: Vec<ForecastDay> = (0..7)
            .map(|number| ForecastDay {
                day: day(number),
                mean: if number == 5 { 4.0 } else { 1.0 },
                median: 1.0,
                interval_80: (0.0, 3.0),
                interval_95: (0.0, 4.0),
                sum_interval_80: (0.0, 9.0),
            })
            .collect();
        assert_eq!(factors(&forecast, &[day(0), day(5), day(12), day(13)], 2.0), [0.5, 2.0, 2.0, 0.5]);
    }
}
