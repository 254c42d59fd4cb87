//! One series made ready: usable periods in order, logs taken, controls on one scale.

use crate::demand::PriceSupport;
use crate::elasticity::spells::Path;
use crate::panel::{ControlScale, DemandObservation, DemandPanel, DemandSeries, TimeAxis};

/// How the noise of a series is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// The logarithm of the units, with constant variance.
    LogLog,
    /// Counts whose variance is `dispersion · mean + overdispersion · mean²`: zeros and small numbers are allowed.
    Count,
}

/// The usable periods of a series, ascending in time.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) days: Vec<i32>,
    /// Log price less its mean.
    pub(crate) log_price: Vec<f64>,
    pub(crate) quantity: Vec<f64>,
    /// One column per control, in units of its standard deviation over the panel, less its mean; missing values are 0.
    pub(crate) controls: Vec<Vec<f64>>,
    /// How far each period was on an offer that nobody recorded, 0 to 1; `None` if none looks like it.
    pub(crate) suspected_promotion: Option<Vec<f64>>,
    pub(crate) family: Family,
    pub(crate) whole_units: bool,
    pub(crate) n_prices: usize,
    /// How many times the price changed from one period to the next.
    pub(crate) n_changes: usize,
    /// The same, as if all changes were equally large.
    pub(crate) effective_changes: f64,
    pub(crate) n_censored: usize,
    pub(crate) support: Option<PriceSupport>,
    /// Median price; `None` without usable periods.
    pub(crate) usual_price: Option<f64>,
}

/// From this mean on, the log of a count is near enough to normal for least squares.
const LOG_LOG_FROM_MEAN_UNITS: f64 = 30.0;
/// Prices closer than this share count as one: averages over order lines carry rounding.
const SAME_PRICE_LOG: f64 = 1e-3;
/// Offers last a few days to four weeks.
const OFFER_DAYS_MAX: i32 = 28;
/// The same where the length of a step is unknown: most data of that kind are weekly.
const OFFER_STEPS_MAX: i32 = 4;

impl History {
    pub(crate) fn len(&self) -> usize {
        self.days.len()
    }

    pub(crate) fn mean_quantity(&self) -> f64 {
        mean(&self.quantity)
    }

    /// Leaves out censored periods, those whose price or quantity is no usable number, and exceptional prices.
    pub(crate) fn of(series: &DemandSeries, panel: &DemandPanel, control_scales: &[f64]) -> Self {
        let order = usable_periods(&series.observations);
        let pick = |of: fn(&DemandObservation) -> f64| -> Vec<f64> {
            order.iter().map(|&index| of(&series.observations[index])).collect()
        };
        let prices = pick(|observation| observation.price);
        let quantity = pick(|observation| observation.quantity);
        let log_price: Vec<f64> = prices.iter().map(|price| price.ln()).collect();
        let controls: Vec<Vec<f64>> = series
            .controls
            .iter()
            .zip(&panel.controls)
            .zip(control_scales)
            .map(|((column, control), scale)| {
                let values = order.iter().map(|&index| entering(column[index], control.scale) / scale).collect();
                centred(values)
            })
            .collect();
        let with_zeros = quantity.contains(&0.0);
        let family =
            if !with_zeros && mean(&quantity) >= LOG_LOG_FROM_MEAN_UNITS { Family::LogLog } else { Family::Count };
        let whole_units = quantity.iter().all(|units| units.fract() == 0.0);
        let mut sorted_prices = prices.clone();
        sorted_prices.sort_by(f64::total_cmp);
        let support = prices.iter().copied().reduce(f64::min).zip(prices.iter().copied().reduce(f64::max));
        let days: Vec<i32> = order.iter().map(|&index| series.observations[index].day).collect();
        let path = Path { days: &days, log_price: &log_price, controls: &controls };
        let offer_length_max = match panel.time {
            TimeAxis::CalendarDays => OFFER_DAYS_MAX,
            TimeAxis::Steps => OFFER_STEPS_MAX,
        };
        Self {
            suspected_promotion: path.suspected_promotion(offer_length_max),
            days,
            n_prices: distinct_prices(&log_price),
            n_changes: log_price.windows(2).filter(|pair| (pair[1] - pair[0]).abs() > SAME_PRICE_LOG).count(),
            effective_changes: effective_changes(&log_price),
            n_censored: series.observations.iter().filter(|observation| observation.censored).count(),
            support: support.map(|(min, max)| PriceSupport { min, max }),
            usual_price: sorted_prices.get(prices.len() / 2).copied(),
            // Amounts that are no counts but never zero (weights, shares) are best described by their logarithm.
            family: if !with_zeros && !whole_units { Family::LogLog } else { family },
            log_price: centred(log_price),
            quantity,
            controls,
            whole_units,
        }
    }
}

/// Prices beyond this ratio to the median (either way) that hold for a handful of periods are slips or clearances …
const EXCEPTIONAL_PRICE_RATIO: f64 = 1.8;
/// … where a handful is at most this share, but always two. Left in, one such period would decide the slope by itself.
const EXCEPTIONAL_SHARE_MAX: f64 = 0.03;

/// Positions of the usable periods, ascending in time.
fn usable_periods(observations: &[DemandObservation]) -> Vec<usize> {
    let usable = |index: &usize| {
        let observation = &observations[*index];
        let (price, quantity) = (observation.price, observation.quantity);
        !observation.censored && price.is_finite() && price > 0.0 && quantity.is_finite() && quantity >= 0.0
    };
    let mut order: Vec<usize> = (0..observations.len()).filter(usable).collect();
    order.sort_by_key(|&index| observations[index].day);
    let mut prices: Vec<f64> = order.iter().map(|&index| observations[index].price).collect();
    prices.sort_by(f64::total_cmp);
    let Some(&median) = prices.get(prices.len() / 2) else { return order };
    let exceptional = |index: &usize| {
        let ratio = observations[*index].price / median;
        ratio.max(1.0 / ratio) > EXCEPTIONAL_PRICE_RATIO
    };
    let handful = (EXCEPTIONAL_SHARE_MAX * order.len() as f64).max(2.0);
    if order.iter().filter(|index| exceptional(index)).count() as f64 <= handful {
        order.retain(|index| !exceptional(index));
    }
    order
}

/// Standard deviation of each control within series, over the panel; 1 where a control never moves.
pub(crate) fn control_scales(panel: &DemandPanel) -> Vec<f64> {
    let scale = |index: usize, control: &crate::Control| {
        let (mut sum, mut count) = (0.0, 0_u32);
        for series in &panel.series {
            let column = series.controls[index].iter().map(|&value| entering(value, control.scale)).collect();
            for value in centred(column) {
                sum += value * value;
                count += 1;
            }
        }
        let variance = sum / f64::from(count.max(1));
        if variance > 1e-18 { variance.sqrt() } else { 1.0 }
    };
    panel.controls.iter().enumerate().map(|(index, control)| scale(index, control)).collect()
}

fn entering(value: f64, scale: ControlScale) -> f64 {
    match scale {
        ControlScale::AsGiven => value,
        ControlScale::Log | ControlScale::RivalPrice if value > 0.0 => value.ln(),
        ControlScale::Log | ControlScale::RivalPrice => f64::NAN,
    }
}

/// Less the mean of what is there; what is missing becomes the mean, that is 0.
pub(crate) fn centred(mut values: Vec<f64>) -> Vec<f64> {
    let present: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let mean = mean(&present);
    for value in &mut values {
        *value = if value.is_finite() { *value - mean } else { 0.0 };
    }
    values
}

/// (Σ move²)² / Σ move⁴ over the changes of the price; 0 without any.
fn effective_changes(log_price: &[f64]) -> f64 {
    let moves = log_price.windows(2).map(|pair| (pair[1] - pair[0]).powi(2));
    let squares = moves.filter(|square| square.sqrt() > SAME_PRICE_LOG);
    let (sum, sum_of_squares) =
        squares.fold((0.0, 0.0), |(sum, squares), square| (sum + square, squares + square * square));
    if sum_of_squares > 0.0 { sum * sum / sum_of_squares } else { 0.0 }
}

fn distinct_prices(log_price: &[f64]) -> usize {
    let mut sorted = log_price.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup_by(|a, b| (*a - *b).abs() <= SAME_PRICE_LOG);
    sorted.len()
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}
