//! Reading and writing plain tables.

use std::io;
use std::path::Path;

use anyhow::{Context, anyhow};
use shelfiq_tabular::{Columns, Hints, Limits, OutputColumn, OutputFormat, write_table, write_table_to};

use crate::outcome::{Outcome, not_found};

const STDIN: &str = "stdin";

/// Reads a table whole; `-` is standard input.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(super) fn read(file: &Path) -> anyhow::Result<Columns> {
    let (hints, limits) = (Hints::default(), Limits::default());
    if file.as_os_str() == "-" {
        return Ok(Columns::from_reader(io::stdin().lock(), STDIN, &hints, &limits)?);
    }
    if !file.is_file() {
        return Err(not_found(format!("there is no file `{}`", file.display())));
    }
    Ok(Columns::read(file, &hints, &limits)?)
}

/// Writes a table: as CSV to standard output for `-`, else to a file that appears whole or not at all.
///
/// # Errors
/// If the ending of the name stands for no format, or the disk refuses.
pub(super) fn write(out: &Path, columns: &[OutputColumn]) -> anyhow::Result<Outcome> {
    if out.as_os_str() == "-" {
        write_table_to(io::stdout(), "standard output", OutputFormat::Csv, columns)?;
    } else {
        write_table(out, columns)?;
    }
    Ok(Outcome::Done)
}

/// Refuses an output name that stands for no format before the work begins, not after it.
///
/// # Errors
/// If it stands for none.
pub(super) fn check_out(out: &Path) -> anyhow::Result<()> {
    if out.as_os_str() != "-" {
        OutputFormat::of_path(out)?;
    }
    Ok(())
}

/// All values of a column in which none may be missing.
///
/// # Errors
/// Names file, row and column of the first missing one.
pub(super) fn all_present<T>(table: &Columns, column: &str, values: Vec<Option<T>>) -> anyhow::Result<Vec<T>> {
    let present = |(index, value): (usize, Option<T>)| {
        value.ok_or_else(|| anyhow!("{}, row {}, column `{column}`: the value is missing", table.file(), index + 1))
    };
    values.into_iter().enumerate().map(present).collect()
}

/// A column of texts in which none may be missing.
///
/// # Errors
/// As [`all_present`].
pub(super) fn texts(table: &Columns, column: &str) -> anyhow::Result<Vec<String>> {
    let texts = all_present(table, column, table.texts(column)?)?;
    Ok(texts.iter().map(|text| text.as_ref().to_owned()).collect())
}

/// Names the file in front of what a brain says about its rows.
pub(super) fn of_file<T, E: std::error::Error + Send + Sync + 'static>(
    table: &Columns,
    outcome: Result<T, E>,
) -> anyhow::Result<T> {
    outcome.with_context(|| table.file().to_owned())
}
