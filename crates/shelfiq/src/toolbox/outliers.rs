//! `shelfiq outliers FILE`

use shelfiq_anomaly::{OutlierConfig, find_outliers};
use shelfiq_tabular::{ColumnKind, Columns, OutputColumn, OutputValues};

use super::plain_file;
use crate::cli;
use crate::outcome::Outcome;

/// Scores every row of the file by its numeric columns.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(crate) fn run(asked: &cli::Outliers) -> anyhow::Result<Outcome> {
    plain_file::check_out(&asked.out)?;
    let file = plain_file::read(&asked.file)?;
    let mut numbers = Vec::new();
    let mut columns = Vec::new();
    for name in file.names() {
        let kind = file.kind(name)?;
        if matches!(kind, ColumnKind::Integer | ColumnKind::Number) {
            numbers
                .push((name.clone(), file.numbers(name)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()));
        }
        columns.push(OutputColumn::new(name, as_it_was(&file, name, kind)?));
    }
    let found = plain_file::of_file(&file, find_outliers(&numbers, &OutlierConfig::default()))?;
    columns.push(OutputColumn::new("score", OutputValues::Number(found.iter().map(|row| Some(row.score)).collect())));
    columns.push(OutputColumn::new(
        "is_outlier",
        OutputValues::Boolean(found.iter().map(|row| Some(row.is_outlier)).collect()),
    ));
    columns
        .push(OutputColumn::new("reason", OutputValues::Text(found.into_iter().map(|row| Some(row.reason)).collect())));
    plain_file::write(&asked.out, &columns)
}

/// A column of the input, numbers as numbers, so that no spreadsheet takes a minus sign for a formula.
fn as_it_was(file: &Columns, name: &str, kind: ColumnKind) -> anyhow::Result<OutputValues> {
    Ok(match kind {
        ColumnKind::Integer => OutputValues::Integer(file.integers(name)?),
        ColumnKind::Number => OutputValues::Number(file.numbers(name)?),
        _ => OutputValues::Text(file.texts(name)?.into_iter().map(|text| Some(text?.as_ref().to_owned())).collect()),
    })
}
