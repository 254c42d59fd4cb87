//! `shelfiq backtest FILE`

use anyhow::bail;
use shelfiq_forecast::{BacktestOptions, Errors, ForecastOptions, Score, backtest};
use shelfiq_tabular::{OutputColumn, OutputValues};

use super::{long_table, plain_file};
use crate::cli::{self, Global};
use crate::outcome::Outcome;
use crate::platform::SystemClock;
use crate::print;

/// Scores every model on the past of every series. With `--json` standard output gets the summary; the rows then go to a
/// file only.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(crate) fn run(asked: &cli::Backtest, global: &Global) -> anyhow::Result<Outcome> {
    if asked.horizon == 0 || asked.windows == 0 {
        bail!("--horizon and --windows must be at least 1");
    }
    plain_file::check_out(&asked.out)?;
    let series = long_table::read_series(&asked.file, None, asked.freq.as_deref())?;
    let forecast = ForecastOptions {
        season: long_table::season(asked.season)?,
        holidays: asked.holidays.clone(),
        ..ForecastOptions::for_any_series(asked.horizon)
    };
    let found = backtest(&series, &BacktestOptions { forecast, windows: asked.windows }, &SystemClock);
    if global.json {
        let summary: Vec<_> = found
            .summary
            .iter()
            .map(|row| serde_json::json!({ "model": row.model, "series": row.series, "errors": row.errors, "seconds": row.duration.as_secs_f64() }))
            .collect();
        print::json(&summary)?;
        if asked.out.as_os_str() == "-" {
            return Ok(Outcome::Done);
        }
    }
    plain_file::write(&asked.out, &columns(&found.scores))
}

fn columns(scores: &[Score]) -> Vec<OutputColumn> {
    let text = |name: &str, value: fn(&Score) -> &str| {
        OutputColumn::new(name, OutputValues::Text(scores.iter().map(|score| Some(value(score).to_owned())).collect()))
    };
    let error = |name: &str, value: fn(&Errors) -> Option<f64>| {
        OutputColumn::new(name, OutputValues::Number(scores.iter().map(|score| value(&score.errors)).collect()))
    };
    let seconds = scores.iter().map(|score| Some(score.duration.as_secs_f64())).collect();
    vec![
        text("unique_id", |score| &score.id),
        text("model", |score| &score.model),
        error("mae", |errors| errors.mae),
        error("rmse", |errors| errors.rmse),
        error("mase", |errors| errors.mase),
        error("smape", |errors| errors.smape),
        error("wape", |errors| errors.wape),
        error("mape", |errors| errors.mape),
        error("pinball", |errors| errors.pinball),
        error("cover-80", |errors| errors.cover_80),
        error("cover-95", |errors| errors.cover_95),
        OutputColumn::new("seconds", OutputValues::Number(seconds)),
    ]
}
