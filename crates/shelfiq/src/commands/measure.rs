//! `shelfiq forecast measure`: what a measure of the shop is expected to be.

use serde_json::json;
use shelfiq_app::measures::{self, MeasureForecastRequest};
use shelfiq_core::CalendarUnit;
use shelfiq_forecast::Status;
use shelfiq_measures::Filter;

use super::desk;
use crate::cli::{ForecastMeasure, Global, Period};
use crate::config::ShelfiqConfig;
use crate::print;

/// Forecasts a measure and prints a line per period.
///
/// # Errors
/// If there is no shop, or the tables cannot be read.
pub(super) async fn forecast(asked: &ForecastMeasure, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let list = |name: &Option<String>| name.iter().cloned().collect();
    let request = MeasureForecastRequest {
        measure: asked.measure.parse()?,
        period: match asked.by {
            Period::Day => CalendarUnit::Day,
            Period::Week => CalendarUnit::Week,
            Period::Month => CalendarUnit::Month,
        },
        periods: asked.horizon,
        filter: Filter {
            categories: list(&asked.category),
            stores: list(&asked.store),
            channels: list(&asked.channel),
            countries: list(&asked.country),
            ..Filter::default()
        },
    };
    let answer = measures::forecast(&platform, &actor, &request).await?;
    let forecast = &answer.forecast;
    if global.json {
        return print::json(&json!({
            "measure": answer.measure, "currency": answer.currency, "periods_of_history": answer.past.len(), "forecast": forecast,
        }));
    }
    let title = answer.measure.measure().title;
    let unit = answer.currency.map(|currency| format!(", {currency}")).unwrap_or_default();
    let after = answer.past.last().map(|period| format!(" after {}", period.from)).unwrap_or_default();
    print::line(format!("{title}{unit}: {} periods{after}", forecast.steps.len()))?;
    match &forecast.status {
        Status::Ready => {}
        Status::ShortHistory { observed, needed } => {
            print::line(format!(
                "the history is short ({observed} periods of {needed} needed), do not act on it alone"
            ))?;
        }
        Status::NothingObserved => return print::line("nothing was observed yet: `shelfiq import` brings sales in"),
    }
    if let Some(wape) = forecast.skill.and_then(|skill| skill.wape) {
        print::line(format!("tried on the past, such forecasts were off by {:.1} % of the total", 100.0 * wape))?;
    }
    let rows: Vec<_> = forecast
        .steps
        .iter()
        .map(|step| {
            let ends = step.intervals.iter().flat_map(|interval| [interval.lo, interval.hi]);
            let figures = [step.mean, step.median].into_iter().chain(ends);
            std::iter::once(step.stamp.to_string()).chain(figures.map(|value| format!("{value:.2}"))).collect()
        })
        .collect();
    print::table(&["from", "mean", "median", "lo 80", "hi 80", "lo 95", "hi 95"], &rows)
}
