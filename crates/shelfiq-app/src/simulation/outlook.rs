//! What is expected of the coming days, from the stored forecast.

use shelfiq_pricing::{DayOutlook, Outlook};

use crate::products::{DemandEffects, Desk, ForecastDay};

/// Level of the interval of a sum that is stored with a forecast.
const SUM_LEVEL: f64 = 0.8;

/// The outlook over `horizon_days`; `None` if the forecast is shorter or the elasticity was never estimated.
pub(super) fn outlook(desk: &Desk, horizon_days: usize) -> Option<Outlook> {
    let days = desk.record.forecast.get(..horizon_days)?;
    let known = desk.record.elasticity.as_ref()?;
    let last = days.last()?;
    let day_outlooks: Vec<DayOutlook> = days.iter().map(day_outlook).collect();
    // Only its spread is asked for: the interval of the sum lies around the sum of the means.
    let sum = DayOutlook::from_interval(0.0, last.sum_interval_80.0, last.sum_interval_80.1, SUM_LEVEL);
    let outlook = Outlook::from_forecast(&day_outlooks, sum.sd_units, known.belief);
    let DemandEffects { promotion, rival_price, rival_follows, .. } = desk.record.demand_effects;
    Some(Outlook { support: known.support, promotion, rival_elasticity: rival_price, rival_follows, ..outlook })
}

/// A day's mean and spread. Most days of what rarely sells are empty, so that the interval of a day may say nothing at all:
/// the luck of a day is never smaller than that of single buyers (Poisson).
fn day_outlook(day: &ForecastDay) -> DayOutlook {
    let by_interval = |(lo, hi): (f64, f64), level| DayOutlook::from_interval(day.mean, lo, hi, level).sd_units;
    let by_buyers = day.mean.max(0.0).sqrt();
    let sd_units = by_interval(day.interval_80, 0.8).max(by_interval(day.interval_95, 0.95)).max(by_buyers);
    DayOutlook { mean_units: day.mean, sd_units }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_mostly_empty_has_the_luck_of_its_buyers() {
        let day = |mean, interval_80, interval_95| ForecastDay {
            day: chrono::NaiveDate::MIN,
            mean,
            median: 0.0,
            interval_80,
            interval_95,
            sum_interval_80: (0.0, 0.0),
        };
        assert!((day_outlook(&day(1.0, (0.0, 0.0), (0.0, 2.0))).sd_units - 1.0).abs() < 1e-9);
        assert!((day_outlook(&day(100.0, (74.4, 125.6), (70.0, 130.0))).sd_units - 20.0).abs() < 0.1);
    }
}
