//! Row counts and bounds of files, from the Delta log, for pruning and planning.

use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use serde_json::Value;
use shelfiq_lake::DataFile;

/// What the log knows about one file. Bounds are kept for text and whole numbers, whose order the log writes exactly; they are
/// bounds only, never answers.
pub(crate) fn file_statistics(schema: &Schema, file: &DataFile) -> Statistics {
    let written: Option<Value> = file.statistics_json.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let bound = |side: &str, field: &datafusion::arrow::datatypes::Field| {
        let value = written.as_ref().and_then(|written| written.get(side)?.get(field.name()));
        value.and_then(|value| scalar(field.data_type(), value)).map_or(Precision::Absent, Precision::Inexact)
    };
    let columns = schema
        .fields()
        .iter()
        .map(|field| ColumnStatistics {
            min_value: bound("minValues", field),
            max_value: bound("maxValues", field),
            ..ColumnStatistics::new_unknown()
        })
        .collect();
    Statistics {
        num_rows: file.rows.map_or(Precision::Absent, Precision::Exact),
        total_byte_size: Precision::Absent,
        column_statistics: columns,
    }
}

/// The sum of rows over all files.
pub(crate) fn table_statistics(schema: &Schema, files: &[PartitionedFile]) -> Statistics {
    let rows = files
        .iter()
        .map(|file| file.statistics.as_ref().and_then(|statistics| statistics.num_rows.get_value().copied()))
        .sum::<Option<usize>>();
    Statistics {
        num_rows: rows.map_or(Precision::Absent, Precision::Exact),
        total_byte_size: Precision::Absent,
        column_statistics: Statistics::unknown_column(schema),
    }
}

fn scalar(kind: &DataType, value: &Value) -> Option<ScalarValue> {
    match kind {
        DataType::Int64 => value.as_i64().map(|number| ScalarValue::Int64(Some(number))),
        DataType::Utf8 => value.as_str().map(|text| ScalarValue::Utf8(Some(text.to_owned()))),
        _ => None,
    }
}
