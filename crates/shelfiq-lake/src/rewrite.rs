//! Deleting rows from immutable files: files that hold a match are replaced by copies without it.

use std::collections::HashSet;

use chrono::NaiveDate;
use deltalake::DeltaTable;
use deltalake::arrow::array::{Array, BooleanArray, Date32Array, RecordBatch, StringArray};
use deltalake::arrow::compute::{cast, filter_record_batch};
use deltalake::arrow::datatypes::{DataType, Field};
use deltalake::arrow::error::ArrowError;
use deltalake::arrow::row::{OwnedRow, RowConverter, SortField};
use deltalake::datafile::writer::DeltaWriter;
use deltalake::kernel::Remove;
use deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use shelfiq_core::ImportId;

use crate::LakeError;
use crate::lake::Location;
use crate::tables::days_since_1970;

/// Which rows to delete.
#[derive(Debug, Clone)]
pub enum RowMatch {
    /// Rows that an import brought.
    Import(ImportId),
    /// Rows that equal a row of this batch in the table's key columns.
    SameKey(RecordBatch),
    /// Rows whose column of days holds one of these.
    Days {
        /// Name of the column.
        column: &'static str,
        /// The days.
        days: Vec<NaiveDate>,
    },
    /// Every row.
    All,
}

/// Copies the rows that stay from files with matches into `files` and returns the files that are thereby replaced.
pub(crate) async fn delete_rows(
    location: Location,
    table: &DeltaTable,
    deletions: &[RowMatch],
    files: &mut DeltaWriter,
) -> Result<Vec<Remove>, LakeError> {
    if deletions.is_empty() {
        return Ok(Vec::new());
    }
    let state = table.snapshot().map_err(|source| location.read_log_error(source))?;
    let views: Vec<_> = state.log_data().iter().collect();
    if deletions.iter().any(|deletion| matches!(deletion, RowMatch::All)) {
        return Ok(views.iter().map(|view| view.remove_action(true)).collect());
    }
    let matchers = deletions.iter().map(|deletion| Matcher::new(location, deletion)).collect::<Result<Vec<_>, _>>()?;
    let mut replaced = Vec::new();
    for view in views {
        let batches = read_file(location, table, &view.path()).await?;
        let kept = batches
            .iter()
            .map(|batch| keep(location, batch, &matchers))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|source| LakeError::WrongColumns { table: location.describe(), source })?;
        let rows = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum::<usize>();
        if rows(&kept) == rows(&batches) {
            continue;
        }
        for batch in kept.iter().filter(|batch| batch.num_rows() > 0) {
            files.write(batch).await.map_err(|source| location.write_error(source))?;
        }
        replaced.push(view.remove_action(true));
    }
    Ok(replaced)
}

/// All rows of one file. Files are small enough by construction (`FILE_BYTES_MAX`).
pub(crate) async fn read_file(
    location: Location,
    table: &DeltaTable,
    file: &str,
) -> Result<Vec<RecordBatch>, LakeError> {
    fn read_error<E: std::error::Error + Send + Sync + 'static>(
        location: Location,
        file: &str,
    ) -> impl Fn(E) -> LakeError {
        move |source| LakeError::ReadFile {
            table: location.describe(),
            file: file.to_owned(),
            source: Box::new(source),
        }
    }
    let path = Path::from_url_path(file).map_err(read_error(location, file))?;
    let object = table.object_store().get(&path).await.map_err(read_error(location, file))?;
    let bytes = object.bytes().await.map_err(read_error(location, file))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)
        .and_then(|builder| builder.with_batch_size(64 << 10).build())
        .map_err(read_error(location, file))?;
    let read = |batch: Result<RecordBatch, ArrowError>| {
        batch.map_err(read_error(location, file)).and_then(|batch| conform(location, &batch))
    };
    reader.map(read).collect()
}

/// The batch with exactly the columns of its table: same order, types that only differ in representation cast.
pub(crate) fn conform(location: Location, batch: &RecordBatch) -> Result<RecordBatch, LakeError> {
    let schema = location.table.schema();
    if batch.schema_ref().fields() == schema.fields() {
        return Ok(batch.clone());
    }
    let column = |field: &std::sync::Arc<Field>| {
        let column = batch
            .column_by_name(field.name())
            .ok_or_else(|| ArrowError::SchemaError(format!("column `{}` is missing", field.name())))?;
        cast(column, field.data_type())
    };
    let columns = schema.fields().iter().map(column).collect::<Result<_, _>>();
    columns
        .and_then(|columns| RecordBatch::try_new(schema, columns))
        .map_err(|source| LakeError::WrongColumns { table: location.describe(), source })
}

fn keep(location: Location, batch: &RecordBatch, matchers: &[Matcher]) -> Result<RecordBatch, ArrowError> {
    let mut stays = vec![true; batch.num_rows()];
    for matcher in matchers {
        matcher.strike_out(location, batch, &mut stays)?;
    }
    if stays.iter().all(|&stays| stays) {
        return Ok(batch.clone());
    }
    filter_record_batch(batch, &BooleanArray::from(stays))
}

/// A deletion, ready to be looked up row by row.
enum Matcher {
    Import(String),
    Days { column: &'static str, days: HashSet<i32> },
    Keys { converter: RowConverter, keys: HashSet<OwnedRow> },
}

impl Matcher {
    fn new(location: Location, deletion: &RowMatch) -> Result<Self, LakeError> {
        match deletion {
            RowMatch::Import(import) => Ok(Self::Import(import.to_string())),
            RowMatch::Days { column, days } => {
                Ok(Self::Days { column, days: days.iter().map(|day| days_since_1970(*day)).collect() })
            }
            RowMatch::SameKey(batch) => {
                let batch = conform(location, batch)?;
                let columns = key_columns(location, &batch)?;
                let converter = RowConverter::new(
                    columns.iter().map(|column| SortField::new(column.data_type().clone())).collect(),
                )?;
                let keys = converter.convert_columns(&columns)?.iter().map(|row| row.owned()).collect();
                Ok(Self::Keys { converter, keys })
            }
            RowMatch::All => unreachable!("handled before any file is read"),
        }
    }

    fn strike_out(&self, location: Location, batch: &RecordBatch, stays: &mut [bool]) -> Result<(), ArrowError> {
        match self {
            Self::Import(import) => {
                let Some(column) = batch.column_by_name("import_id") else { return Ok(()) };
                let column = cast(column, &DataType::Utf8)?;
                let imports = column.as_any().downcast_ref::<StringArray>().expect("cast to Utf8 above");
                for (stays, found) in stays.iter_mut().zip(imports) {
                    *stays &= found != Some(import);
                }
            }
            Self::Days { column, days } => {
                let Some(column) = batch.column_by_name(column) else { return Ok(()) };
                let column = cast(column, &DataType::Date32)?;
                let found = column.as_any().downcast_ref::<Date32Array>().expect("cast to Date32 above");
                for (stays, day) in stays.iter_mut().zip(found) {
                    *stays &= day.is_none_or(|day| !days.contains(&day));
                }
            }
            Self::Keys { converter, keys } => {
                let rows = converter.convert_columns(&key_columns(location, batch)?)?;
                for (stays, row) in stays.iter_mut().zip(rows.iter()) {
                    *stays &= !keys.contains(&row.owned());
                }
            }
        }
        Ok(())
    }
}

fn key_columns(location: Location, batch: &RecordBatch) -> Result<Vec<deltalake::arrow::array::ArrayRef>, ArrowError> {
    let column = |name: &&str| {
        batch
            .column_by_name(name)
            .cloned()
            .ok_or_else(|| ArrowError::SchemaError(format!("key column `{name}` is missing")))
    };
    location.table.key_columns().iter().map(column).collect()
}
