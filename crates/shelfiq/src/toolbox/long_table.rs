//! A file in the column convention of forecasters, as the forecasting crate wants it.

use std::path::Path;

use anyhow::{Context, bail};
use shelfiq_forecast::{ExtraColumn, ExtraValues, Frequency, LongTable, Missing, Season, Series, series_of_table};
use shelfiq_tabular::{ColumnKind, Columns};

use super::{plain_file, stamps};

/// The series of a file, and of the future values of their regressors in another.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(super) fn read_series(file: &Path, future: Option<&Path>, freq: Option<&str>) -> anyhow::Result<Vec<Series>> {
    let frequency = freq.map(frequency).transpose()?;
    let table = plain_file::read(file)?;
    let past = long_table(&table, true)?;
    let future = future.map(|file| plain_file::read(file).and_then(|table| long_table(&table, false))).transpose()?;
    plain_file::of_file(&table, series_of_table(&past, future.as_ref(), frequency, Missing::Interpolate))
}

/// The season that the caller asked for, or the one to be detected.
///
/// # Errors
/// If it is zero.
pub(super) fn season(periods: Option<usize>) -> anyhow::Result<Season> {
    match periods {
        None => Ok(Season::Detect),
        Some(0) => bail!("--season must be at least 1 (1 is none)"),
        Some(periods) => Ok(Season::Periods(periods)),
    }
}

fn frequency(text: &str) -> anyhow::Result<Frequency> {
    Frequency::parse(text).with_context(|| {
        format!("--freq `{text}` is none of H, D, B, W, M, Q, Y, a multiple such as 15min, or a number of steps")
    })
}

fn long_table(table: &Columns, is_past: bool) -> anyhow::Result<LongTable> {
    let y = if is_past { numbers(table, "y")? } else { Vec::new() };
    let extras = table.names().iter().filter(|name| !["unique_id", stamps::DS, "y"].contains(&name.as_str()));
    Ok(LongTable {
        unique_id: plain_file::texts(table, "unique_id")?,
        ds: stamps::read(table)?,
        y,
        extras: extras.filter_map(|name| extra(table, name).transpose()).collect::<Result<_, _>>()?,
    })
}

/// A further column; `None` for an empty one.
fn extra(table: &Columns, name: &str) -> anyhow::Result<Option<ExtraColumn>> {
    let values = match table.kind(name)? {
        ColumnKind::Empty => return Ok(None),
        ColumnKind::Integer | ColumnKind::Number => ExtraValues::Number(numbers(table, name)?),
        ColumnKind::Boolean | ColumnKind::Date | ColumnKind::Timestamp | ColumnKind::Text => ExtraValues::Text(
            table
                .texts(name)?
                .into_iter()
                .map(|text| text.map_or_else(String::new, |text| text.as_ref().to_owned()))
                .collect(),
        ),
    };
    Ok(Some(ExtraColumn { name: name.to_owned(), values }))
}

/// A column of numbers, NaN where one is missing.
fn numbers(table: &Columns, name: &str) -> anyhow::Result<Vec<f64>> {
    Ok(table.numbers(name)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}
