//! What goes to standard output: text for people, one JSON document for programs; and progress on standard error.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::Global;

/// Longest cell of a table for people, in characters.
const CELL_CHARS_MAX: usize = 70;

/// Prints a line.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn line(text: impl AsRef<str>) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{}", text.as_ref())?)
}

/// Says something to the person at the terminal, beside the output. A closed standard error is no reason to stop.
pub(crate) fn note(text: impl AsRef<str>) {
    drop(writeln!(std::io::stderr(), "{}", text.as_ref()));
}

/// Prints one JSON document.
///
/// # Errors
/// If the value cannot be written.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(value)?)
}

/// Prints rows in aligned columns; columns of numbers stand to the right.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| shortened(cell)).collect()).collect();
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column));
    let columns: Vec<(usize, bool)> = (0..header.len())
        .map(|column| {
            let width = cells(column).map(|cell| cell.chars().count()).max().unwrap_or(0);
            let numeric = cells(column).all(|cell| cell.is_empty() || starts_like_a_number(cell));
            (width.max(header[column].chars().count()), numeric && !rows.is_empty())
        })
        .collect();
    let mut out = std::io::stdout().lock();
    let mut write_row = |row: Vec<&str>| {
        let mut text = String::new();
        for (cell, (width, numeric)) in row.iter().zip(&columns) {
            let padded = if *numeric { format!("{cell:>width$}") } else { format!("{cell:<width$}") };
            text.push_str(&padded);
            text.push_str("  ");
        }
        writeln!(out, "{}", text.trim_end())
    };
    write_row(header.to_vec())?;
    for row in &rows {
        write_row(row.iter().map(String::as_str).collect())?;
    }
    Ok(())
}

/// Whether a person reads standard output.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// A number for people, or a dash.
pub(crate) fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
}

/// A value for people, or a dash.
pub(crate) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// Progress of long work, shown only to a person.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar on standard error; hidden if that is no terminal or the caller wants quiet.
    pub(crate) fn start(global: &Global) -> Self {
        if global.quiet || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(1_000);
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// The share done, 0 to 1, and what is being done.
    pub(crate) fn tell(&self, share: f64, stage: &str) {
        self.0.set_position((share.clamp(0.0, 1.0) * 1_000.0) as u64);
        self.0.set_message(stage.to_owned());
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        self.0.finish_and_clear();
    }
}

fn shortened(cell: &str) -> String {
    let flat = cell.replace(['\n', '\r', '\t'], " ");
    if flat.chars().count() <= CELL_CHARS_MAX {
        return flat;
    }
    flat.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
}

fn starts_like_a_number(cell: &str) -> bool {
    cell == "–"
        || cell.trim_start_matches(['-', '+', '−']).starts_with(|first: char| first.is_ascii_digit())
            && cell.parse::<f64>().is_ok()
}
