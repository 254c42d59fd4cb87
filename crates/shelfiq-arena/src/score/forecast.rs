//! Do forecasts come close to the demand that was to be expected, and do their intervals hold what shoppers wanted?

use serde::Serialize;
use shelfiq_forecast::{Calendar, Forecast, ForecastOptions, Frequency, Regressor, Series, Stamp, forecast_all};

use super::records::{Records, SkuRecords};
use super::{HISTORY_DAYS_MIN, HORIZON_DAYS};
use crate::config::ArenaError;

/// Origins at which forecasts are made, and the days between them: different seasons, or one lucky or unlucky month
/// would decide.
const ORIGINS: usize = 3;
const ORIGIN_STEP_DAYS: usize = 91;

/// Forecasts against the truth: sums over origins, Skus and days of the horizon. NaN over nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ForecastScore {
    /// Forecasts made: one for each Sku and origin with enough history.
    pub forecasts: usize,
    /// Sum of |forecast − expected demand| over the sum of expected demand: 0 would be perfect knowledge of the shoppers.
    pub wape_expected: f64,
    /// The same for repeating the last week.
    pub wape_expected_naive: f64,
    /// Sum of |forecast − wanted units| over the sum of wanted units; even perfect knowledge cannot reach 0.
    pub wape_wanted: f64,
    /// The same for perfect knowledge: forecasting the expected demand itself.
    pub wape_wanted_of_truth: f64,
    /// Mean over Skus of the absolute error (of the median) on wanted units, scaled by that of repeating the last week
    /// inside the history.
    pub mase: f64,
    /// The same for repeating the last week over the horizon.
    pub mase_naive: f64,
    /// As `wape_expected`, after summing all Skus of a day.
    pub wape_total: f64,
    /// Sum of forecasts over the sum of expected demand, minus one: above zero forecasts too much.
    pub bias: f64,
    /// Share of wanted units inside the 80 % interval.
    pub coverage_80: f64,
    /// Share of wanted units inside the 95 % interval.
    pub coverage_95: f64,
}

pub(super) fn score(records: &Records) -> Result<ForecastScore, ArenaError> {
    let mut sums = Sums::default();
    for origin in 0..ORIGINS {
        let held_out = HORIZON_DAYS + origin * ORIGIN_STEP_DAYS;
        let is_old_enough = |sku: &&SkuRecords| sku.known_days(held_out) >= HISTORY_DAYS_MIN;
        let skus: Vec<&SkuRecords> = records.skus.iter().filter(is_old_enough).collect();
        // The merchant plans prices and promotions, so they are known ahead.
        let forecasts = forecast(&skus, held_out, |sku, day| (sku.price[day], sku.promotion[day]))?;
        sums.begin_origin();
        for (sku, forecast) in skus.iter().zip(&forecasts) {
            sums.add(sku, sku.known_days(held_out), forecast);
        }
    }
    Ok(sums.score())
}

/// Forecasts the [`HORIZON_DAYS`] days after all but the last `held_out`, given price and promotion of each of these days.
/// One forecast per Sku, in order.
pub(super) fn forecast(
    skus: &[&SkuRecords],
    held_out: usize,
    plan: impl Fn(&SkuRecords, usize) -> (f64, f64),
) -> Result<Vec<Forecast>, ArenaError> {
    let series = skus
        .iter()
        .map(|sku| {
            let known = sku.known_days(held_out);
            let (mut price, mut promotion) = (sku.price[..known].to_vec(), sku.promotion[..known].to_vec());
            for day in known..known + HORIZON_DAYS {
                let (price_then, promotion_then) = plan(sku, day);
                price.push(price_then);
                promotion.push(promotion_then);
            }
            let calendar = Calendar::new(Stamp::Date(sku.first_day), Frequency::DAY);
            Series::new(sku.sku_index.to_string(), calendar, sku.sold_units[..known].to_vec())?
                .with_censored(sku.censored[..known].to_vec())?
                .with_regressor(Regressor { name: "price".to_owned(), values: price })?
                .with_regressor(Regressor { name: "promotion".to_owned(), values: promotion })
        })
        .collect::<Result<Vec<Series>, _>>()
        .map_err(|source| ArenaError::Forecast { source })?;
    Ok(forecast_all(&series, &ForecastOptions::for_demand(HORIZON_DAYS)))
}

#[derive(Default)]
struct Sums {
    expected: f64,
    wanted: f64,
    forecast: f64,
    error_expected: f64,
    error_expected_naive: f64,
    error_wanted: f64,
    error_wanted_of_truth: f64,
    /// Scaled errors of forecast and naive forecast.
    scaled: Vec<(f64, f64)>,
    forecasts: usize,
    inside: [f64; 2],
    days: f64,
    /// Expected demand and forecast over all Skus by day of the horizon, [`HORIZON_DAYS`] for each origin.
    totals: Vec<(f64, f64)>,
}

impl Sums {
    fn begin_origin(&mut self) {
        self.totals.extend([(0.0, 0.0); HORIZON_DAYS]);
    }

    fn add(&mut self, sku: &SkuRecords, known: usize, forecast: &Forecast) {
        const WEEK: usize = 7;
        let first_total = self.totals.len() - HORIZON_DAYS;
        self.forecasts += 1;
        let past = &sku.sold_units[..known];
        let (mut error_median, mut error_naive) = (0.0, 0.0);
        for (ahead, (step, truth)) in forecast.steps.iter().zip(&sku.truth[known..]).enumerate() {
            let (expected, wanted) = (truth.expected_units, f64::from(truth.wanted_units));
            let naive = past[known - WEEK + ahead % WEEK];
            self.expected += expected;
            self.wanted += wanted;
            self.forecast += step.mean;
            self.error_expected += (step.mean - expected).abs();
            self.error_expected_naive += (naive - expected).abs();
            self.error_wanted += (step.mean - wanted).abs();
            self.error_wanted_of_truth += (expected - wanted).abs();
            error_median += (step.median - wanted).abs();
            error_naive += (naive - wanted).abs();
            self.days += 1.0;
            for (inside, interval) in self.inside.iter_mut().zip(&step.intervals) {
                *inside += f64::from(u8::from((interval.lo..=interval.hi).contains(&wanted)));
            }
            let (total_expected, total_forecast) = &mut self.totals[first_total + ahead];
            *total_expected += expected;
            *total_forecast += step.mean;
        }
        let seasonal_steps = past.len() - WEEK;
        let scale =
            past.windows(WEEK + 1).map(|week| (week[WEEK] - week[0]).abs()).sum::<f64>() / seasonal_steps as f64;
        // A Sku that sold nothing at all has no scale.
        if scale > 0.0 {
            let horizon = HORIZON_DAYS as f64;
            self.scaled.push((error_median / horizon / scale, error_naive / horizon / scale));
        }
    }

    fn score(&self) -> ForecastScore {
        let scaled_mean =
            |pick: fn(&(f64, f64)) -> f64| self.scaled.iter().map(pick).sum::<f64>() / self.scaled.len() as f64;
        let total_error: f64 = self.totals.iter().map(|(expected, forecast)| (forecast - expected).abs()).sum();
        ForecastScore {
            forecasts: self.forecasts,
            wape_expected: self.error_expected / self.expected,
            wape_expected_naive: self.error_expected_naive / self.expected,
            wape_wanted: self.error_wanted / self.wanted,
            wape_wanted_of_truth: self.error_wanted_of_truth / self.wanted,
            mase: scaled_mean(|scaled| scaled.0),
            mase_naive: scaled_mean(|scaled| scaled.1),
            wape_total: total_error / self.expected,
            bias: self.forecast / self.expected - 1.0,
            coverage_80: self.inside[0] / self.days,
            coverage_95: self.inside[1] / self.days,
        }
    }
}
