//! `shelfiq sql`

use std::io::{self, Write};

use anyhow::{Context, bail};
use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use shelfiq_app::sql::{AsOf, CellFormat, ask};
use shelfiq_query::Answer;
use shelfiq_tabular::{OutputColumn, OutputFormat, OutputValues, RowWriter, write_table_to};

use super::desk;
use crate::cli::{Global, RowFormat, Sql};
use crate::config::ShelfiqConfig;
use crate::print;

const STDOUT: &str = "standard output";

/// Answers a question in SQL.
///
/// # Errors
/// If the query is not valid or not read-only.
pub(super) async fn run(asked: Sql, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let as_of = asked.as_of.as_deref().map_or(Ok(AsOf::Now), instant)?;
    let query = if asked.query == "-" { io::read_to_string(io::stdin().lock())? } else { asked.query };
    let format = match asked.format {
        Some(format) => format,
        None if global.json => RowFormat::Json,
        None if print::is_terminal() => RowFormat::Table,
        None => RowFormat::Csv,
    };
    if format == RowFormat::Parquet && print::is_terminal() {
        bail!("Parquet is nothing to look at: send it to a file with `> rows.parquet`");
    }
    let (platform, actor) = desk(config, global).await?;
    let answer = ask(&platform, &actor, &query, as_of, None).await?;
    match format {
        RowFormat::Json => write_json(&answer),
        RowFormat::Ndjson => write_ndjson(&answer),
        RowFormat::Csv => write_csv(&answer),
        RowFormat::Parquet => write_parquet(&answer),
        RowFormat::Table => write_text(&answer),
    }
}

/// A date stands for its end in UTC: what was known when the day was over.
fn instant(text: &str) -> anyhow::Result<AsOf> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        let next = day.checked_add_days(Days::new(1)).context("--as-of lies beyond the calendar")?;
        return Ok(AsOf::Time(next.and_time(NaiveTime::MIN).and_utc() - chrono::TimeDelta::microseconds(1)));
    }
    let instant = DateTime::parse_from_rfc3339(text).with_context(|| {
        format!("--as-of `{text}` is neither a date such as 2026-03-01 nor an instant such as 2026-03-01T08:00:00Z")
    })?;
    Ok(AsOf::Time(instant.to_utc()))
}

fn names(answer: &Answer) -> Vec<String> {
    answer.columns().into_iter().map(|column| column.name).collect()
}

fn object(names: &[String], cells: &[String]) -> io::Result<String> {
    let fields: Result<Vec<String>, _> =
        names.iter().zip(cells).map(|(name, cell)| Ok(format!("{}:{cell}", serde_json::to_string(name)?))).collect();
    Ok(format!("{{{}}}", fields.map_err(|error: serde_json::Error| io::Error::other(error))?.join(",")))
}

fn write_json(answer: &Answer) -> anyhow::Result<()> {
    let names = names(answer);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut before = "[\n";
    answer.write_rows(CellFormat::Json, |cells| {
        write!(out, "{before}{}", object(&names, cells)?)?;
        before = ",\n";
        Ok(())
    })?;
    writeln!(out, "{}", if before == "[\n" { "[]" } else { "\n]" })?;
    Ok(out.flush()?)
}

fn write_ndjson(answer: &Answer) -> anyhow::Result<()> {
    let names = names(answer);
    let mut out = io::BufWriter::new(io::stdout().lock());
    answer.write_rows(CellFormat::Json, |cells| writeln!(out, "{}", object(&names, cells)?))?;
    Ok(out.flush()?)
}

fn write_csv(answer: &Answer) -> anyhow::Result<()> {
    let names = names(answer);
    let mut rows = RowWriter::new(io::stdout().lock(), STDOUT, names.iter().map(String::as_str))?;
    answer.write_rows(CellFormat::Plain, |cells| {
        rows.write_row(cells.iter().map(String::as_str)).map_err(io::Error::other)
    })?;
    Ok(rows.finish()?.flush()?)
}

fn write_text(answer: &Answer) -> anyhow::Result<()> {
    let names = names(answer);
    let mut rows = Vec::new();
    answer.write_rows(CellFormat::Plain, |cells| {
        rows.push(cells.to_vec());
        Ok(())
    })?;
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    print::table(&header, &rows)?;
    print::note(format!("{} rows", rows.len()));
    Ok(())
}

fn write_parquet(answer: &Answer) -> anyhow::Result<()> {
    let column = |name: &str, kind: &str| -> anyhow::Result<OutputColumn> {
        let values = match kind {
            "integer" => OutputValues::Integer(answer.counts(name)?),
            "number" => OutputValues::Number(answer.numbers(name)?),
            "decimal" => OutputValues::Decimal(answer.decimals(name)?),
            "boolean" => OutputValues::Boolean(answer.flags(name)?),
            "date" => OutputValues::Date(answer.days(name)?),
            "timestamp" => {
                let instants = answer.instants(name)?;
                OutputValues::Timestamp(instants.into_iter().map(|instant| Some(instant?.naive_utc())).collect())
            }
            _ => OutputValues::Text(answer.texts(name)?),
        };
        Ok(OutputColumn::new(name, values))
    };
    let columns: Vec<_> =
        answer.columns().iter().map(|info| column(&info.name, &info.kind)).collect::<Result<_, _>>()?;
    Ok(write_table_to(io::stdout(), STDOUT, OutputFormat::Parquet, &columns)?)
}
