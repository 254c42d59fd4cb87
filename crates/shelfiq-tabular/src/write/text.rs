//! CSV and TSV.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::write::{OutputColumn, OutputValues};
use crate::{TabularError, protect};

pub(super) fn write(stream: impl Write, delimiter: u8, columns: &[OutputColumn], row_count: usize) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(stream);
    writer.write_record(columns.iter().map(|column| protect(&column.name).into_owned()))?;
    let mut cell = String::new();
    for row in 0..row_count {
        for column in columns {
            cell.clear();
            format_value(&mut cell, &column.values, row);
            match &column.values {
                OutputValues::Text(_) => writer.write_field(protect(&cell).as_bytes())?,
                _ => writer.write_field(&cell)?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

fn format_value(cell: &mut String, values: &OutputValues, row: usize) {
    match values {
        OutputValues::Text(values) => cell.push_str(values[row].as_deref().unwrap_or_default()),
        OutputValues::Number(values) => push(cell, values[row].filter(|value| value.is_finite())),
        OutputValues::Integer(values) => push(cell, values[row]),
        OutputValues::Decimal(values) => push(cell, values[row]),
        OutputValues::Boolean(values) => push(cell, values[row]),
        OutputValues::Date(values) => push(cell, values[row]),
        OutputValues::Timestamp(values) => push(cell, values[row].map(|local| local.format("%Y-%m-%dT%H:%M:%S%.f"))),
    }
}

fn push(cell: &mut String, value: Option<impl std::fmt::Display>) {
    if let Some(value) = value {
        write!(cell, "{value}").expect("writing to a string cannot fail");
    }
}

/// Writes a CSV file row by row, for outputs that are not held in memory. Text is [protected](crate::protect).
pub struct RowWriter<W: Write> {
    name: String,
    writer: csv::Writer<W>,
}

impl<W: Write> RowWriter<W> {
    /// A writer that has written the header. `name` appears in messages.
    ///
    /// # Errors
    /// [`TabularError::Io`] if the stream refuses.
    pub fn new<'a>(stream: W, name: &str, header: impl IntoIterator<Item = &'a str>) -> Result<Self, TabularError> {
        let mut writer =
            Self { name: name.to_owned(), writer: csv::WriterBuilder::new().flexible(true).from_writer(stream) };
        writer.write_row(header)?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`TabularError::Io`] if the stream refuses.
    pub fn write_row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), TabularError> {
        let protected = cells.into_iter().map(protect);
        let written = self.writer.write_record(protected.map(|cell| cell.into_owned()));
        written.map_err(|error| TabularError::io("write", &self.name)(error.into()))
    }

    /// Writes out what is buffered and gives the stream back.
    ///
    /// # Errors
    /// [`TabularError::Io`] if the stream refuses.
    pub fn finish(self) -> Result<W, TabularError> {
        let name = self.name;
        self.writer.into_inner().map_err(|error| TabularError::io("write", &name)(error.into_error()))
    }
}
