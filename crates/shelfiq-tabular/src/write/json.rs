//! JSON and NDJSON.

use std::io::{self, Write};

use crate::write::{OutputColumn, OutputValues};

pub(super) fn write_lines(mut stream: impl Write, columns: &[OutputColumn], row_count: usize) -> io::Result<()> {
    for row in 0..row_count {
        write_object(&mut stream, columns, row)?;
        stream.write_all(b"\n")?;
    }
    Ok(())
}

pub(super) fn write_array(mut stream: impl Write, columns: &[OutputColumn], row_count: usize) -> io::Result<()> {
    stream.write_all(b"[")?;
    for row in 0..row_count {
        stream.write_all(if row == 0 { b"\n" } else { b",\n" })?;
        write_object(&mut stream, columns, row)?;
    }
    stream.write_all(b"\n]\n")
}

fn write_object(mut stream: impl Write, columns: &[OutputColumn], row: usize) -> io::Result<()> {
    for (index, column) in columns.iter().enumerate() {
        stream.write_all(if index == 0 { b"{" } else { b"," })?;
        serde_json::to_writer(&mut stream, &column.name)?;
        stream.write_all(b":")?;
        write_value(&mut stream, &column.values, row)?;
    }
    stream.write_all(b"}")
}

fn write_value(mut stream: impl Write, values: &OutputValues, row: usize) -> io::Result<()> {
    match values {
        OutputValues::Text(values) => serde_json::to_writer(stream, &values[row])?,
        // Not finite becomes null.
        OutputValues::Number(values) => serde_json::to_writer(stream, &values[row])?,
        OutputValues::Integer(values) => serde_json::to_writer(stream, &values[row])?,
        OutputValues::Boolean(values) => serde_json::to_writer(stream, &values[row])?,
        OutputValues::Date(values) => serde_json::to_writer(stream, &values[row])?,
        OutputValues::Timestamp(values) => serde_json::to_writer(stream, &values[row])?,
        OutputValues::Decimal(values) => match values[row] {
            Some(value) => write!(stream, "{value}")?,
            None => stream.write_all(b"null")?,
        },
    }
    Ok(())
}
