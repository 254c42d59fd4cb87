//! Excel workbooks.

use std::io::{self, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::protect;
use crate::write::{OutputColumn, OutputValues};

/// Rows that a sheet can hold below its header.
const ROWS_MAX: usize = 1_048_575;

pub(super) fn write(mut stream: impl Write, columns: &[OutputColumn]) -> io::Result<()> {
    let row_count = columns.first().map_or(0, |column| column.values.len());
    if row_count > ROWS_MAX {
        let reason = format!("a workbook holds at most {ROWS_MAX} rows, there are {row_count}: write CSV or Parquet");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let bytes = workbook(columns, row_count).map_err(io::Error::other)?;
    stream.write_all(&bytes)
}

fn workbook(columns: &[OutputColumn], row_count: usize) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let heading = Format::new().set_bold();
    let styles = Styles {
        date: Format::new().set_num_format("yyyy-mm-dd"),
        timestamp: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
    };
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, output) in (0..).zip(columns) {
        sheet.write_string_with_format(0, column, protect(&output.name), &heading)?;
    }
    for row in 0..row_count {
        for (column, output) in (0..).zip(columns) {
            write_value(sheet, row, column, &output.values, &styles)?;
        }
    }
    workbook.save_to_buffer()
}

struct Styles {
    date: Format,
    timestamp: Format,
}

fn write_value(
    sheet: &mut Worksheet,
    row: usize,
    column: u16,
    values: &OutputValues,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let line = u32::try_from(row + 1).expect("the number of rows was checked");
    match values {
        OutputValues::Text(values) => {
            if let Some(text) = &values[row] {
                sheet.write_string(line, column, protect(text))?;
            }
        }
        OutputValues::Number(values) => write_number(sheet, line, column, values[row])?,
        // A cell holds a binary floating-point number: 15 significant digits survive.
        OutputValues::Integer(values) => write_number(sheet, line, column, values[row].map(|value| value as f64))?,
        OutputValues::Decimal(values) => {
            write_number(sheet, line, column, values[row].and_then(|value| value.try_into().ok()))?
        }
        OutputValues::Boolean(values) => {
            if let Some(flag) = values[row] {
                sheet.write_boolean(line, column, flag)?;
            }
        }
        OutputValues::Date(values) => {
            if let Some(day) = values[row] {
                sheet.write_datetime_with_format(
                    line,
                    column,
                    ExcelDateTime::parse_from_str(&day.to_string())?,
                    &styles.date,
                )?;
            }
        }
        OutputValues::Timestamp(values) => {
            if let Some(local) = values[row] {
                let text = local.format("%Y-%m-%dT%H:%M:%S").to_string();
                sheet.write_datetime_with_format(
                    line,
                    column,
                    ExcelDateTime::parse_from_str(&text)?,
                    &styles.timestamp,
                )?;
            }
        }
    }
    Ok(())
}

fn write_number(sheet: &mut Worksheet, line: u32, column: u16, value: Option<f64>) -> Result<(), XlsxError> {
    if let Some(value) = value.filter(|value| value.is_finite()) {
        sheet.write_number(line, column, value)?;
    }
    Ok(())
}
