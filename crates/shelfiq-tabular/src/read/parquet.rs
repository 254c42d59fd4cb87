//! Parquet files, batch by batch.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::input::Input;
use crate::read::{Opened, RowSource};
use crate::{Format, Place, Row, Shape, TabularError};

const BATCH_ROWS: usize = 8192;

pub(crate) fn open(input: &Input) -> Result<Opened, TabularError> {
    let (schema, batches) = open_batches(input)?;
    let shape = Shape {
        format: Format::Parquet,
        is_compressed: input.is_compressed,
        encoding: None,
        dialect: None,
        sheet: None,
        columns: schema.fields().iter().map(|field| field.name().clone()).collect(),
        is_typed: true,
    };
    let rows = ParquetRows { file: input.name.clone(), batches, batch: None, next: 0, number: 0 };
    Ok(Opened { shape, source: Box::new(rows) })
}

/// The columns and a reader of batches. The footer's own sizes are checked before anything is unpacked; a page that
/// unpacks to more than it says is an error of the reader.
pub(crate) fn open_batches(input: &Input) -> Result<(SchemaRef, ParquetRecordBatchReader), TabularError> {
    let damaged = |error: parquet::errors::ParquetError| TabularError::damaged(Place::file(&input.name), error);
    let too_large = |what, limit| TabularError::TooLarge { file: input.name.clone(), what, limit };
    let builder = ParquetRecordBatchReaderBuilder::try_new(input.seekable()?).map_err(damaged)?;
    let limits = &input.limits;
    let metadata = builder.metadata();
    let rows = metadata.file_metadata().num_rows();
    if u64::try_from(rows).map_or(true, |rows| rows > limits.rows_max) {
        return Err(too_large("the number of rows", limits.rows_max));
    }
    let content: i64 =
        metadata.row_groups().iter().map(|group| group.total_byte_size().max(0)).fold(0, i64::saturating_add);
    if content.unsigned_abs() > limits.bytes_max {
        return Err(too_large("its content in bytes", limits.bytes_max));
    }
    let schema = builder.schema().clone();
    if schema.fields().len() > limits.columns_max {
        return Err(too_large("the number of columns", limits.columns_max as u64));
    }
    if let Some(field) = schema
        .fields()
        .iter()
        .find(|field| field.data_type().is_nested() && !matches!(field.data_type(), DataType::Dictionary(..)))
    {
        let reason = format!("column `{}` is nested ({}); flatten it first", field.name(), field.data_type());
        return Err(TabularError::NotATable { file: input.name.clone(), reason });
    }
    let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(damaged)?;
    Ok((schema, reader))
}

struct ParquetRows {
    file: String,
    batches: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
    next: usize,
    number: u64,
}

impl RowSource for ParquetRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        while self.batch.as_ref().is_none_or(|batch| self.next == batch.num_rows()) {
            let Some(batch) = self.batches.next() else { return Ok(false) };
            self.batch = Some(batch.map_err(|error| TabularError::damaged(Place::file(&self.file), error))?);
            self.next = 0;
        }
        let Some(batch) = &self.batch else { return Ok(false) };
        self.number += 1;
        row.begin(self.number, self.number);
        for column in batch.columns() {
            push_value(row, column, self.next, &self.file)?;
        }
        self.next += 1;
        Ok(true)
    }
}

fn push_value(row: &mut Row, column: &ArrayRef, index: usize, file: &str) -> Result<(), TabularError> {
    if column.is_null(index) {
        row.push("");
        return Ok(());
    }
    if let Some(text) = column.as_string_opt::<i32>() {
        row.push(text.value(index));
        return Ok(());
    }
    let place = || Place { row: Some(row.number), ..Place::file(file) };
    let formatter = ArrayFormatter::try_new(column, &FORMAT).map_err(|error| TabularError::damaged(place(), error))?;
    row.push_display(formatter.value(index));
    Ok(())
}

/// Dates and times in the canonical forms of [`Row`].
const FORMAT: FormatOptions<'static> = FormatOptions::new()
    .with_date_format(Some("%Y-%m-%d"))
    .with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.f"))
    .with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.f%:z"));
