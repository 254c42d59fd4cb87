//! What is expected of the coming days, from the stored forecast.

use shelfiq_pricing::{DayOutlook, Outlook};

use crate::products::Desk;

/// Level of the intervals that are stored with a forecast.
const LEVEL: f64 = 0.8;

/// The outlook over `horizon_days`; `None` if the forecast is shorter or the elasticity was never estimated.
pub(super) fn outlook(desk: &Desk, horizon_days: usize) -> Option<Outlook> {
    let days = desk.record.forecast.get(..horizon_days)?;
    let known = desk.record.elasticity.as_ref()?;
    let last = days.last()?;
    let day_outlooks: Vec<DayOutlook> = days
        .iter()
        .map(|day| DayOutlook::from_interval(day.mean, day.interval_80.0, day.interval_80.1, LEVEL))
        .collect();
    // Only its spread is asked for: the interval of the sum lies around the sum of the means.
    let sum = DayOutlook::from_interval(0.0, last.sum_interval_80.0, last.sum_interval_80.1, LEVEL);
    let outlook = Outlook::from_forecast(&day_outlooks, sum.sd_units, known.belief);
    Some(Outlook { support: known.support, ..outlook })
}
