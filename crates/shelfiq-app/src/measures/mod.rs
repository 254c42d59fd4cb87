//! Measures for whoever may look.

mod forecast;

use shelfiq_measures::{MeasureAnswer, MeasureEngine as _, MeasureRequest};

pub use forecast::{MeasureForecast, MeasureForecastRequest, PastPeriod, forecast};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;

/// Answers a request for measures. Periods that run beyond the data are partial.
///
/// # Errors
/// [`AppError::Access`], or the request cannot be answered.
pub async fn measure(platform: &Platform, actor: &Actor, request: &MeasureRequest) -> Result<MeasureAnswer, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(platform.query.measure(merchant, request, platform.clock.now()).await?)
}
