//! What becomes of a day's forecast at another price.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CurrencyCode, MerchantId, Sku};
use shelfiq_pricing::DemandModel;

use super::desk::Desk;
use super::record::ForecastDay;
use crate::error::AppError;
use crate::platform::Platform;

/// Quantiles of the normal distribution at the upper ends of the central 80 % and 95 %.
const REACH_80: f64 = 1.281_551_565_544_6;
const REACH_95: f64 = 1.959_963_984_540_054;

/// A price that a forecast takes for granted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AskedPrice {
    /// Major units.
    pub price: Decimal,
    /// The shop's currency.
    pub currency: CurrencyCode,
    /// Whether it lies outside the prices ever asked, where nobody knows how demand answers.
    pub extrapolated: bool,
}

/// How demand at a price differs from that at the present one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PriceResponse {
    pub(crate) asked: AskedPrice,
    /// Expected demand over that at the present price.
    factor: f64,
    /// Standard deviation of the log of that factor.
    log_sd: f64,
}

/// The response of a product's demand to a price.
///
/// # Errors
/// The price is not above zero, there is no such product, or its demand or price is not known yet.
pub(crate) async fn response_to(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    price: Decimal,
) -> Result<PriceResponse, AppError> {
    let desk = Desk::load(platform, merchant, sku).await?;
    Ok(PriceResponse::of(&desk.priced(sku, price)?.demand, price, desk.currency()))
}

impl PriceResponse {
    fn of(demand: &DemandModel, price: Decimal, currency: CurrencyCode) -> Self {
        let number = price.to_f64().unwrap_or(f64::NAN);
        Self {
            asked: AskedPrice { price, currency, extrapolated: demand.is_extrapolated(number) },
            factor: demand.expected_quantity(number) / demand.baseline_quantity,
            log_sd: demand.response_log_sd(number),
        }
    }

    /// The day at this price. What is unsure of the day and of the response is taken as independent: on either side of
    /// the mean their distances to it add as squares do.
    pub(crate) fn applied_to(&self, day: &ForecastDay) -> ForecastDay {
        let interval = |(lo, hi): (f64, f64), reach: f64, mean: f64| {
            let below = (mean - lo).max(0.0).hypot(mean * -(-reach * self.log_sd).exp_m1());
            let above = (hi - mean).max(0.0).hypot(mean * (reach * self.log_sd).exp_m1());
            (self.factor * (mean - below).max(0.0), self.factor * (mean + above))
        };
        // The interval of the sum lies around the sum of the means, which its middle stands for.
        let (sum_lo, sum_hi) = day.sum_interval_80;
        ForecastDay {
            day: day.day,
            mean: self.factor * day.mean,
            median: self.factor * day.median,
            interval_80: interval(day.interval_80, REACH_80, day.mean),
            interval_95: interval(day.interval_95, REACH_95, day.mean),
            sum_interval_80: interval(day.sum_interval_80, REACH_80, f64::midpoint(sum_lo, sum_hi)),
        }
    }
}

#[cfg(test)]
mod tests {
    use shelfiq_pricing::{ElasticityBelief, PriceSupport};

    use super::*;

    fn response(price: i64, sd: f64) -> PriceResponse {
        let demand = DemandModel {
            baseline_price: 10.0,
            baseline_quantity: 280.0,
            baseline_log_sd: 0.3,
            elasticity: ElasticityBelief { mean: -2.0, sd },
            rival_reaction: None,
            support: Some(PriceSupport { min: 9.0, max: 11.0 }),
        };
        PriceResponse::of(&demand, Decimal::from(price), CurrencyCode::EUR)
    }

    fn day() -> ForecastDay {
        ForecastDay {
            day: chrono::NaiveDate::MIN,
            mean: 10.0,
            median: 9.0,
            interval_80: (6.0, 15.0),
            interval_95: (3.0, 20.0),
            sum_interval_80: (80.0, 120.0),
        }
    }

    #[test]
    fn at_the_present_price_nothing_changes() {
        let (same, before) = (response(10, 0.5).applied_to(&day()), day());
        assert_eq!((same.mean, same.median), (before.mean, before.median));
        assert_eq!((same.interval_80, same.interval_95), (before.interval_80, before.interval_95));
        assert_eq!(same.sum_interval_80, before.sum_interval_80);
    }

    #[test]
    fn a_price_tried_before_moves_the_day_as_the_elasticity_says() {
        let sure = response(11, 0.0).applied_to(&day());
        assert!((sure.mean - 10.0 / 1.21).abs() < 1e-9 && (sure.interval_80.0 - 6.0 / 1.21).abs() < 1e-9);
        let unsure = response(11, 1.0).applied_to(&day());
        assert_eq!(unsure.mean, sure.mean);
        assert!(unsure.interval_80.0 < sure.interval_80.0 && unsure.interval_80.1 > sure.interval_80.1);
        assert!(unsure.interval_95.1 > unsure.interval_80.1);
    }

    #[test]
    fn a_price_never_asked_widens_and_says_so_and_nothing_sells_below_zero() {
        let (tried, untried) = (response(11, 0.3), response(30, 0.3));
        assert_eq!((tried.asked.extrapolated, untried.asked.extrapolated), (false, true));
        let far = untried.applied_to(&day());
        assert!(far.interval_95.0 >= 0.0 && far.interval_95.1 / far.mean > day().interval_95.1 / day().mean);
    }
}
