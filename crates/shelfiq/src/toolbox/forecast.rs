//! `shelfiq forecast FILE`

use anyhow::{Context, bail};
use shelfiq_forecast::{Forecast, ForecastOptions, Interval, Level, Stamp, Step, forecast_all};
use shelfiq_tabular::{OutputColumn, OutputValues};

use super::{long_table, plain_file, stamps};
use crate::cli;
use crate::outcome::Outcome;

/// Forecasts every series of the file.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(crate) fn run(asked: &cli::Forecast) -> anyhow::Result<Outcome> {
    let file = asked.file.as_deref().context("give a file")?;
    let horizon = asked.horizon.context("give --horizon")?;
    if horizon == 0 {
        bail!("--horizon must be at least 1");
    }
    plain_file::check_out(&asked.out)?;
    let levels = asked
        .levels
        .iter()
        .map(|percent| Level::percent(*percent))
        .collect::<Result<Vec<_>, _>>()
        .context("--levels")?;
    let series = long_table::read_series(file, asked.future.as_deref(), asked.freq.as_deref())?;
    let options = ForecastOptions {
        levels,
        season: long_table::season(asked.season)?,
        holidays: asked.holidays.clone(),
        ..ForecastOptions::for_any_series(horizon)
    };
    let forecasts = forecast_all(&series, &options);
    plain_file::write(&asked.out, &columns(&forecasts, &options.levels))
}

fn columns(forecasts: &[Forecast], levels: &[Level]) -> Vec<OutputColumn> {
    let rows = || forecasts.iter().flat_map(|forecast| forecast.steps.iter().map(move |step| (forecast, step)));
    let number =
        |value: &dyn Fn(&Step) -> f64| OutputValues::Number(rows().map(|(_, step)| Some(value(step))).collect());
    let text = |value: &dyn Fn(&Forecast) -> &str| {
        OutputValues::Text(rows().map(|(forecast, _)| Some(value(forecast).to_owned())).collect())
    };
    let ds: Vec<Stamp> = rows().map(|(_, step)| step.stamp).collect();
    let mut columns = vec![
        OutputColumn::new("unique_id", text(&|forecast| &forecast.id)),
        stamps::column(&ds),
        OutputColumn::new("mean", number(&|step| step.mean)),
        OutputColumn::new("median", number(&|step| step.median)),
    ];
    for (position, level) in levels.iter().enumerate() {
        let end = |pick: fn(&Interval) -> f64| number(&|step| step.intervals.get(position).map_or(f64::NAN, pick));
        columns.push(OutputColumn::new(format!("lo-{level}"), end(|interval| interval.lo)));
        columns.push(OutputColumn::new(format!("hi-{level}"), end(|interval| interval.hi)));
    }
    columns.push(OutputColumn::new("model", text(&|forecast| &forecast.model)));
    columns
}
