//! Rows that came out of a query, as typed columns or as text.

use std::fmt::Write;
use std::io;

use chrono::{DateTime, NaiveDate, Utc};
use datafusion::arrow::array::cast::AsArray;
use datafusion::arrow::array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};
use datafusion::arrow::compute::{cast, concat};
use datafusion::arrow::datatypes::{DataType, SchemaRef, TimeUnit};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use rust_decimal::Decimal;

use crate::QueryError;

/// Rows of an answer.
#[derive(Debug, Clone)]
pub struct Answer {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    is_cut: bool,
}

/// Name and type of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Name as in the query.
    pub name: String,
    /// `text`, `integer`, `number`, `decimal`, `boolean`, `date`, `timestamp` or the engine's name of the type.
    pub kind: String,
}

/// How cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFormat {
    /// JSON values: numbers and exact decimals bare, texts and times quoted, `null`.
    Json,
    /// Plain text, empty for null.
    Plain,
}

impl Answer {
    pub(crate) const fn new(schema: SchemaRef, batches: Vec<RecordBatch>, is_cut: bool) -> Self {
        Self { schema, batches, is_cut }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether there were more rows than asked for.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnInfo> {
        self.schema
            .fields()
            .iter()
            .map(|field| ColumnInfo { name: field.name().clone(), kind: kind_name(field.data_type()) })
            .collect()
    }

    /// Calls `write` with the cells of each row, in order.
    ///
    /// # Errors
    /// Whatever `write` returns, or [`QueryError::Engine`] as an [`io::Error`] for a type that cannot be shown.
    pub fn write_rows(&self, format: CellFormat, mut write: impl FnMut(&[String]) -> io::Result<()>) -> io::Result<()> {
        let options = FormatOptions::new()
            .with_display_error(true)
            .with_null("")
            .with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.f"))
            .with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.fZ"));
        for batch in &self.batches {
            let formatters = batch
                .columns()
                .iter()
                .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
                .collect::<Result<Vec<_>, _>>()
                .map_err(io::Error::other)?;
            let mut cells = vec![String::new(); formatters.len()];
            for row in 0..batch.num_rows() {
                for ((cell, formatter), column) in cells.iter_mut().zip(&formatters).zip(batch.columns()) {
                    cell.clear();
                    write_cell(cell, format, column, row, &formatter.value(row)).map_err(io::Error::other)?;
                }
                write(&cells)?;
            }
        }
        Ok(())
    }

    /// The values of a text column; null is `None`.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn texts(&self, column: &str) -> Result<Vec<Option<String>>, QueryError> {
        let array = self.column(column, &DataType::Utf8, "text")?;
        Ok(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// The values of a column of whole numbers.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn counts(&self, column: &str) -> Result<Vec<Option<i64>>, QueryError> {
        Ok(self.column(column, &DataType::Int64, "integer")?.as_primitive::<Int64Type>().iter().collect())
    }

    /// The values of a column of numbers; decimals lose what a float cannot hold.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, QueryError> {
        Ok(self.column(column, &DataType::Float64, "number")?.as_primitive::<Float64Type>().iter().collect())
    }

    /// The values of a column of exact amounts.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn decimals(&self, column: &str) -> Result<Vec<Option<Decimal>>, QueryError> {
        let array = self.column(column, &DataType::Decimal128(38, 6), "decimal")?;
        let exact =
            |mantissa: i128| Decimal::try_from_i128_with_scale(mantissa, 6).ok().map(|amount| amount.normalize());
        Ok(array.as_primitive::<Decimal128Type>().iter().map(|mantissa| mantissa.and_then(exact)).collect())
    }

    /// The values of a column of yes and no.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn flags(&self, column: &str) -> Result<Vec<Option<bool>>, QueryError> {
        Ok(self.column(column, &DataType::Boolean, "boolean")?.as_boolean().iter().collect())
    }

    /// The values of a column of days.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn days(&self, column: &str) -> Result<Vec<Option<NaiveDate>>, QueryError> {
        let array = self.column(column, &DataType::Date32, "date")?;
        Ok(array.as_primitive::<Date32Type>().iter().map(|day| day.and_then(Date32Type::to_naive_date_opt)).collect())
    }

    /// The values of a column of instants.
    ///
    /// # Errors
    /// [`QueryError::Shape`] if there is no such column.
    pub fn instants(&self, column: &str) -> Result<Vec<Option<DateTime<Utc>>>, QueryError> {
        let kind = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let array = self.column(column, &kind, "timestamp")?;
        Ok(array
            .as_primitive::<TimestampMicrosecondType>()
            .iter()
            .map(|micros| micros.and_then(DateTime::from_timestamp_micros))
            .collect())
    }

    fn column(&self, name: &str, kind: &DataType, expected: &'static str) -> Result<ArrayRef, QueryError> {
        let shape = || QueryError::Shape { column: name.to_owned(), expected };
        let index = self.schema.index_of(name).map_err(|_| shape())?;
        let parts = self
            .batches
            .iter()
            .map(|batch| cast(batch.column(index), kind).map_err(|_| shape()))
            .collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() {
            return Ok(datafusion::arrow::array::new_empty_array(kind));
        }
        concat(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>()).map_err(|_| shape())
    }
}

fn write_cell(
    cell: &mut String,
    format: CellFormat,
    column: &ArrayRef,
    row: usize,
    value: &dyn std::fmt::Display,
) -> Result<(), std::fmt::Error> {
    if column.is_null(row) {
        cell.push_str(if format == CellFormat::Json { "null" } else { "" });
        return Ok(());
    }
    let kind = column.data_type();
    match kind {
        DataType::Decimal128(..) | DataType::Decimal256(..) => {
            write!(cell, "{value}")?;
            trim_zeros(cell);
        }
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            write!(cell, "{value}")?;
            // JSON knows no infinity.
            if format == CellFormat::Json && cell.contains(['i', 'N', 'n']) {
                "null".clone_into(cell);
            }
        }
        _ if kind.is_integer() || *kind == DataType::Boolean || format == CellFormat::Plain => write!(cell, "{value}")?,
        _ => cell.push_str(&serde_json::Value::String(value.to_string()).to_string()),
    }
    Ok(())
}

/// `9747747.934000` says no more than `9747747.934`.
fn trim_zeros(number: &mut String) {
    if number.contains('.') {
        let kept = number.trim_end_matches('0').trim_end_matches('.').len();
        number.truncate(kept);
    }
}

fn kind_name(kind: &DataType) -> String {
    match kind {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => "text".to_owned(),
        kind if kind.is_integer() => "integer".to_owned(),
        kind if kind.is_floating() => "number".to_owned(),
        DataType::Decimal128(..) | DataType::Decimal256(..) => "decimal".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::Date32 | DataType::Date64 => "date".to_owned(),
        DataType::Timestamp(..) => "timestamp".to_owned(),
        other => other.to_string(),
    }
}
