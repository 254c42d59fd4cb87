//! Tables that are not in the lake: what the merchant decided lives in the operational store.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use rust_decimal::Decimal;

use crate::QueryError;

/// Decimals of amounts, as in the lake.
const AMOUNT_SCALE: u32 = 6;

/// A small table that the caller brings along, column by column.
#[derive(Debug, Clone, Default)]
pub struct ExtraTable {
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
}

impl ExtraTable {
    /// Adds a text column.
    #[must_use]
    pub fn text<T: AsRef<str>>(self, name: &str, values: impl Iterator<Item = Option<T>>) -> Self {
        self.with(name, DataType::Utf8, Arc::new(values.collect::<StringArray>()))
    }

    /// Adds a column of whole numbers.
    #[must_use]
    pub fn count(self, name: &str, values: impl Iterator<Item = Option<i64>>) -> Self {
        self.with(name, DataType::Int64, Arc::new(values.collect::<Int64Array>()))
    }

    /// Adds a column of real numbers.
    #[must_use]
    pub fn number(self, name: &str, values: impl Iterator<Item = Option<f64>>) -> Self {
        self.with(name, DataType::Float64, Arc::new(values.collect::<Float64Array>()))
    }

    /// Adds a column of yes and no.
    #[must_use]
    pub fn flag(self, name: &str, values: impl Iterator<Item = Option<bool>>) -> Self {
        self.with(name, DataType::Boolean, Arc::new(values.collect::<BooleanArray>()))
    }

    /// Adds a column of instants.
    #[must_use]
    pub fn instant(self, name: &str, values: impl Iterator<Item = Option<DateTime<Utc>>>) -> Self {
        let micros: TimestampMicrosecondArray =
            values.map(|value| value.map(|instant| instant.timestamp_micros())).collect();
        self.with(
            name,
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Arc::new(micros.with_timezone("UTC")),
        )
    }

    /// Adds a column of exact amounts. Amounts beyond twelve digits before the point become null.
    #[must_use]
    pub fn amount(self, name: &str, values: impl Iterator<Item = Option<Decimal>>) -> Self {
        let scaled = |mut value: Decimal| {
            value.rescale(AMOUNT_SCALE);
            value.mantissa()
        };
        let array: Decimal128Array = values.map(|value| value.map(scaled)).collect();
        let kind = DataType::Decimal128(20, 6);
        self.with(name, kind.clone(), Arc::new(array.with_data_type(kind)))
    }

    fn with(mut self, name: &str, kind: DataType, column: ArrayRef) -> Self {
        self.fields.push(Field::new(name, kind, true));
        self.columns.push(column);
        self
    }

    pub(crate) fn provider(&self) -> Result<Arc<dyn TableProvider>, QueryError> {
        let schema = Arc::new(Schema::new(self.fields.clone()));
        let engine = |source| QueryError::Engine { source: Box::new(source) };
        let batch =
            RecordBatch::try_new(Arc::clone(&schema), self.columns.clone()).map_err(|source| engine(source.into()))?;
        Ok(Arc::new(MemTable::try_new(schema, vec![vec![batch]]).map_err(engine)?))
    }
}
