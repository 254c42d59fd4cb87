//! Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema};
use chrono::{Datelike, NaiveDate};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rust_decimal::Decimal;

use crate::write::{OutputColumn, OutputValues};

pub(super) fn write(stream: impl Write + Send, columns: &[OutputColumn]) -> io::Result<()> {
    let arrays = columns.iter().map(|column| array(&column.values)).collect::<io::Result<Vec<_>>>()?;
    let field = |(column, array): (&OutputColumn, &ArrayRef)| Field::new(&column.name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().zip(&arrays).map(field).collect::<Vec<_>>()));
    let options = arrow::array::RecordBatchOptions::new()
        .with_row_count(Some(columns.first().map_or(0, |column| column.values.len())));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options).map_err(io::Error::other)?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut writer = ArrowWriter::try_new(stream, schema, Some(properties)).map_err(io::Error::other)?;
    writer.write(&batch).map_err(io::Error::other)?;
    writer.close().map_err(io::Error::other)?;
    Ok(())
}

fn array(values: &OutputValues) -> io::Result<ArrayRef> {
    Ok(match values {
        OutputValues::Text(values) => Arc::new(StringArray::from_iter(values)),
        OutputValues::Number(values) => {
            Arc::new(values.iter().map(|value| value.filter(|value| value.is_finite())).collect::<Float64Array>())
        }
        OutputValues::Integer(values) => Arc::new(Int64Array::from_iter(values)),
        OutputValues::Boolean(values) => Arc::new(BooleanArray::from_iter(values)),
        OutputValues::Date(values) => {
            let epoch_days = NaiveDate::default().num_days_from_ce();
            Arc::new(
                values.iter().map(|day| day.map(|day| day.num_days_from_ce() - epoch_days)).collect::<Date32Array>(),
            )
        }
        OutputValues::Timestamp(values) => {
            let micros = values.iter().map(|local| local.map(|local| local.and_utc().timestamp_micros()));
            Arc::new(micros.collect::<TimestampMicrosecondArray>())
        }
        OutputValues::Decimal(values) => decimal_array(values)?,
    })
}

fn decimal_array(values: &[Option<Decimal>]) -> io::Result<ArrayRef> {
    let scale = values.iter().flatten().map(Decimal::scale).max().unwrap_or(2).max(2);
    let rescaled = values.iter().map(|value| {
        value
            .map(|value| {
                let missing = scale - value.scale();
                value
                    .mantissa()
                    .checked_mul(10_i128.pow(missing))
                    .ok_or_else(|| io::Error::other("a decimal does not fit into 38 digits"))
            })
            .transpose()
    });
    let mantissas = rescaled.collect::<io::Result<Decimal128Array>>()?;
    let scale = i8::try_from(scale).expect("a decimal has at most 28 places");
    Ok(Arc::new(mantissas.with_precision_and_scale(38, scale).map_err(io::Error::other)?))
}
