//! A whole table in memory, column by column.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use chrono::{DateTime, NaiveDate, TimeDelta};
use rust_decimal::Decimal;

use crate::amount::parse_plain_number;
use crate::error::shorten;
use crate::input::Input;
use crate::read::parquet::open_batches;
use crate::{
    AmountEvidence, DecimalMark, Format, Hints, Limits, Moment, MomentEvidence, MomentStyle, Place, Row, Table,
    TabularError, is_absent, parse_amount,
};

/// Cells that are asked for the decimal mark of their column.
const CELLS_OF_EVIDENCE: usize = 10_000;

/// What every value of a column is. Absent values fit any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// No value at all.
    Empty,
    /// `true` or `false`, in formats that know them.
    Boolean,
    /// Whole numbers without leading zeros.
    Integer,
    /// Numbers.
    Number,
    /// Days.
    Date,
    /// Dates with time.
    Timestamp,
    /// Anything else.
    Text,
}

/// A table read whole. Values stay as written until a column is asked for as numbers, times or texts, so that a code
/// such as `0012` or `1.10` is never bent into a number on the way.
///
/// A value that does not fit what was asked for is an error that names file, row and column. Asking for a column that is
/// not there is an error that lists those that are.
pub struct Columns {
    file: String,
    names: Vec<String>,
    stored: Vec<Stored>,
    row_count: usize,
    is_typed: bool,
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Columns")
            .field("file", &self.file)
            .field("names", &self.names)
            .field("row_count", &self.row_count)
            .finish_non_exhaustive()
    }
}

enum Stored {
    Text(TextColumn),
    Array(ArrayRef),
}

/// The cells of a column behind each other.
#[derive(Default)]
struct TextColumn {
    text: String,
    ends: Vec<usize>,
}

impl TextColumn {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }
}

/// A column as text, cell by cell; an absent cell is empty.
enum Cells<'a> {
    Read(&'a TextColumn),
    Cast(ArrayRef),
}

impl Cells<'_> {
    fn iter(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Read(column) => Box::new(column.iter()),
            Self::Cast(array) => Box::new(array.as_string::<i32>().iter().map(Option::unwrap_or_default)),
        }
    }
}

impl Columns {
    /// Reads a file whole.
    ///
    /// # Errors
    /// [`TabularError`] if it cannot be read, or at its first row that cannot be trusted.
    pub fn read(path: &Path, hints: &Hints, limits: &Limits) -> Result<Self, TabularError> {
        let input = Input::open(path, limits)?;
        if input.format == Format::Parquet {
            return Self::of_parquet(&input);
        }
        drop(input);
        Self::of_table(Table::open(path, hints, limits)?)
    }

    /// Reads a stream whole. `name` appears in messages.
    ///
    /// # Errors
    /// As [`Columns::read`].
    pub fn from_reader(stream: impl Read, name: &str, hints: &Hints, limits: &Limits) -> Result<Self, TabularError> {
        Self::of_table(Table::from_reader(stream, name, hints, limits)?)
    }

    fn of_table(mut table: Table) -> Result<Self, TabularError> {
        let names = table.columns().to_vec();
        let is_typed = table.shape().is_typed;
        let mut columns: Vec<TextColumn> = names.iter().map(|_| TextColumn::default()).collect();
        let mut row = Row::new();
        let mut row_count = 0;
        while table.read_row(&mut row)? {
            if let Some(problem) = row.problem() {
                let place = Place::row(table.file(), row.number(), row.line());
                return Err(TabularError::BadRow { place, problem: problem.clone() });
            }
            for (column, cell) in columns.iter_mut().zip(row.cells()) {
                column.push(cell);
            }
            row_count += 1;
        }
        let stored = columns.into_iter().map(Stored::Text).collect();
        Ok(Self { file: table.file().to_owned(), names, stored, row_count, is_typed })
    }

    fn of_parquet(input: &Input) -> Result<Self, TabularError> {
        let damaged = |error: arrow::error::ArrowError| TabularError::damaged(Place::file(&input.name), error);
        let (schema, batches) = open_batches(input)?;
        let batches = batches.collect::<Result<Vec<_>, _>>().map_err(damaged)?;
        let whole = arrow::compute::concat_batches(&schema, &batches).map_err(damaged)?;
        Ok(Self {
            file: input.name.clone(),
            names: schema.fields().iter().map(|field| field.name().clone()).collect(),
            stored: whole.columns().iter().cloned().map(Stored::Array).collect(),
            row_count: whole.num_rows(),
            is_typed: true,
        })
    }

    /// File name, for messages.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Names of the columns in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of data rows.
    #[must_use]
    pub const fn row_count(&self) -> usize {
        self.row_count
    }

    /// Whether there is a column of this name; letter case counts.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|present| present == name)
    }

    /// What every value of the column is.
    ///
    /// # Errors
    /// [`TabularError::NoColumn`].
    pub fn kind(&self, name: &str) -> Result<ColumnKind, TabularError> {
        Ok(match self.column(name)? {
            Stored::Text(column) => text_kind(column),
            Stored::Array(array) => array_kind(array),
        })
    }

    /// The column as numbers; absent values are `None`. Percentages are divided by a hundred.
    ///
    /// # Errors
    /// [`TabularError::NoColumn`], or [`TabularError::BadCell`] at the first value that is no number.
    pub fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, TabularError> {
        if let Stored::Array(array) = self.column(name)?
            && array.data_type().is_numeric()
        {
            let array = self.cast(name, array, &DataType::Float64)?;
            return Ok(array.as_primitive::<Float64Type>().iter().collect());
        }
        let cells = self.cells(name)?;
        let mark = self.mark_of(&cells);
        let to_f64 = |value: Decimal| f64::try_from(value).unwrap_or(f64::NAN);
        self.parse_each(name, &cells, "a number", |cell| {
            let plain = if mark == DecimalMark::Point { parse_plain_number(cell) } else { None };
            plain.or_else(|| fraction_of(cell, mark).map(to_f64))
        })
    }

    /// The column as exact decimals; absent values are `None`. Percentages are divided by a hundred.
    ///
    /// # Errors
    /// As [`Columns::numbers`].
    pub fn decimals(&self, name: &str) -> Result<Vec<Option<Decimal>>, TabularError> {
        if let Stored::Array(array) = self.column(name)?
            && let DataType::Decimal128(_, scale) = array.data_type()
        {
            let scale = u32::try_from(*scale).unwrap_or_default();
            let decimal = |value: i128| Decimal::try_from_i128_with_scale(value, scale).ok();
            return Ok(array.as_primitive::<Decimal128Type>().iter().map(|value| value.and_then(decimal)).collect());
        }
        let cells = self.cells(name)?;
        let mark = self.mark_of(&cells);
        self.parse_each(name, &cells, "a number", |cell| fraction_of(cell, mark))
    }

    /// The column as whole numbers; absent values are `None`.
    ///
    /// # Errors
    /// [`TabularError::NoColumn`], or [`TabularError::BadCell`] at the first value that is not whole.
    pub fn integers(&self, name: &str) -> Result<Vec<Option<i64>>, TabularError> {
        if let Stored::Array(array) = self.column(name)?
            && array.data_type().is_integer()
        {
            let array = self.cast(name, array, &DataType::Int64)?;
            return Ok(array.as_primitive::<Int64Type>().iter().collect());
        }
        self.parse_each(name, &self.cells(name)?, "a whole number", |cell| {
            let value = parse_amount(cell, DecimalMark::Point)?.value;
            value.is_integer().then(|| i64::try_from(value).ok()).flatten()
        })
    }

    /// The column as dates and times where the format stores it so, as Parquet does; `None` if they must be read from text
    /// or numbers.
    ///
    /// # Errors
    /// [`TabularError::NoColumn`].
    pub fn stored_moments(&self, name: &str) -> Result<Option<Vec<Option<Moment>>>, TabularError> {
        Ok(match self.column(name)? {
            Stored::Text(_) => None,
            Stored::Array(array) => array_moments(array),
        })
    }

    /// The column as dates and times; absent values are `None`. The order of day and month is told from the whole column.
    ///
    /// # Errors
    /// [`TabularError::NoColumn`], or [`TabularError::BadCell`] at the first value that is no date.
    pub fn moments(&self, name: &str) -> Result<Vec<Option<Moment>>, TabularError> {
        if let Some(moments) = self.stored_moments(name)? {
            return Ok(moments);
        }
        let cells = self.cells(name)?;
        let mut evidence = MomentEvidence::default();
        cells.iter().for_each(|cell| evidence.observe(cell));
        let style: MomentStyle = evidence.style();
        self.parse_each(name, &cells, "a date", |cell| style.parse(cell))
    }

    /// The column as texts, as written; empty cells are `None`. Equal texts share their memory.
    ///
    /// # Errors
    /// [`TabularError::NoColumn`].
    pub fn texts(&self, name: &str) -> Result<Vec<Option<Arc<str>>>, TabularError> {
        Ok(share_texts(self.cells(name)?.iter()))
    }

    fn cells(&self, name: &str) -> Result<Cells<'_>, TabularError> {
        Ok(match self.column(name)? {
            Stored::Text(column) => Cells::Read(column),
            Stored::Array(array) => Cells::Cast(self.cast(name, array, &DataType::Utf8)?),
        })
    }

    /// The decimal mark that a column is written with: typed formats know only the point.
    fn mark_of(&self, cells: &Cells<'_>) -> DecimalMark {
        let mut evidence = AmountEvidence::default();
        if !self.is_typed {
            cells
                .iter()
                .filter(|cell| !cell.is_empty())
                .take(CELLS_OF_EVIDENCE)
                .for_each(|cell| evidence.observe(cell));
        }
        evidence.mark()
    }

    fn column(&self, name: &str) -> Result<&Stored, TabularError> {
        let position = self.names.iter().position(|present| present == name).ok_or_else(|| TabularError::NoColumn {
            file: self.file.clone(),
            column: name.to_owned(),
            present: self.names.join(", "),
        })?;
        Ok(&self.stored[position])
    }

    fn cast(&self, name: &str, array: &ArrayRef, to: &DataType) -> Result<ArrayRef, TabularError> {
        let place = Place { column: Some(name.to_owned()), ..Place::file(&self.file) };
        cast(array, to).map_err(|error| TabularError::damaged(place, error))
    }

    fn parse_each<T>(
        &self,
        name: &str,
        cells: &Cells<'_>,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<Option<T>>, TabularError> {
        let parse_one = |(index, cell): (usize, &str)| match parse(cell) {
            Some(value) => Ok(Some(value)),
            None if is_absent(cell) => Ok(None),
            None => Err(TabularError::BadCell {
                place: Place { row: Some(index as u64 + 1), column: Some(name.to_owned()), ..Place::file(&self.file) },
                value: shorten(cell),
                expected,
            }),
        };
        cells.iter().enumerate().map(parse_one).collect()
    }
}

/// The number in a cell, exact; a hundredth of it where a percent sign stands.
fn fraction_of(cell: &str, mark: DecimalMark) -> Option<Decimal> {
    let amount = parse_amount(cell, mark)?;
    Some(if amount.is_percent { amount.value / Decimal::ONE_HUNDRED } else { amount.value })
}

fn share_texts<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<Option<Arc<str>>> {
    let mut shared: HashMap<&str, Arc<str>> = HashMap::new();
    // Tables are often sorted: most cells are like the one before.
    let mut last: Option<Arc<str>> = None;
    let mut share = |cell: &'a str| match &last {
        Some(last) if last.as_ref() == cell => Arc::clone(last),
        _ => {
            let text = Arc::clone(shared.entry(cell).or_insert_with(|| Arc::from(cell)));
            last = Some(Arc::clone(&text));
            text
        }
    };
    cells.map(|cell| (!cell.is_empty()).then(|| share(cell))).collect()
}

fn text_kind(column: &TextColumn) -> ColumnKind {
    plain_kind(column).unwrap_or_else(|| kind_by_evidence(column))
}

fn kind_by_evidence(column: &TextColumn) -> ColumnKind {
    let (mut amounts, mut moments) = (AmountEvidence::default(), MomentEvidence::default());
    let (mut is_whole, mut is_boolean, mut has_value, mut has_time) = (true, true, false, false);
    for cell in column.iter().filter(|cell| !is_absent(cell)) {
        has_value = true;
        amounts.observe(cell);
        moments.observe(cell);
        let digits = cell.trim().trim_start_matches('-');
        is_whole &= digits.bytes().all(|byte| byte.is_ascii_digit()) && !(digits.len() > 1 && digits.starts_with('0'));
        is_boolean &= cell.eq_ignore_ascii_case("true") || cell.eq_ignore_ascii_case("false");
        has_time |= cell.contains(':');
        if !amounts.is_numeric() && !moments.is_calendar() && !is_boolean {
            return ColumnKind::Text;
        }
    }
    let has_codes = !is_whole
        && column
            .iter()
            .any(|cell| cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|byte| byte.is_ascii_digit()));
    match () {
        () if !has_value => ColumnKind::Empty,
        () if is_boolean => ColumnKind::Boolean,
        () if moments.is_calendar() && has_time => ColumnKind::Timestamp,
        // `20261121` is a date and a number; a number it is until it is asked for as a date.
        () if moments.is_calendar() && !amounts.is_numeric() => ColumnKind::Date,
        () if has_codes => ColumnKind::Text,
        () if amounts.is_numeric() && is_whole => ColumnKind::Integer,
        () if amounts.is_numeric() => ColumnKind::Number,
        () => ColumnKind::Text,
    }
}

/// The kind of a column that holds nothing but plain numbers, as programs write them. It spares most tables of numbers the
/// search for evidence, and finds what the search would.
fn plain_kind(column: &TextColumn) -> Option<ColumnKind> {
    let (mut is_whole, mut has_value) = (true, false);
    for cell in column.iter() {
        let digits = cell.strip_prefix('-').unwrap_or(cell);
        let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_code = digits.len() > 1 && digits.starts_with('0');
        match is_integer {
            true if is_code => return None,
            true => has_value = true,
            false if parse_plain_number(cell).is_some() => (is_whole, has_value) = (false, true),
            false if is_absent(cell) => {}
            false => return None,
        }
    }
    has_value.then_some(if is_whole { ColumnKind::Integer } else { ColumnKind::Number })
}

fn array_kind(array: &ArrayRef) -> ColumnKind {
    match array.data_type() {
        _ if array.null_count() == array.len() => ColumnKind::Empty,
        DataType::Boolean => ColumnKind::Boolean,
        DataType::Date32 | DataType::Date64 => ColumnKind::Date,
        DataType::Timestamp(..) => ColumnKind::Timestamp,
        kind if kind.is_integer() => ColumnKind::Integer,
        kind if kind.is_numeric() => ColumnKind::Number,
        _ => ColumnKind::Text,
    }
}

fn array_moments(array: &ArrayRef) -> Option<Vec<Option<Moment>>> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    match array.data_type() {
        DataType::Date32 => {
            let day = |days: i32| Moment::Day(epoch + TimeDelta::days(days.into()));
            Some(array.as_primitive::<Date32Type>().iter().map(|days| days.map(day)).collect())
        }
        DataType::Date64 | DataType::Timestamp(..) => {
            let has_zone = matches!(array.data_type(), DataType::Timestamp(_, Some(_)));
            let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, None)).ok()?;
            let moment = |micros: i64| {
                let instant = DateTime::from_timestamp_micros(micros)?;
                Some(if has_zone { Moment::Instant(instant) } else { Moment::Local(instant.naive_utc()) })
            };
            Some(
                micros
                    .as_primitive::<TimestampMicrosecondType>()
                    .iter()
                    .map(|micros| micros.and_then(moment))
                    .collect(),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_columns_are_of_the_kind_that_evidence_finds(
            cells in prop::collection::vec("-?[0-9]{1,9}|-?[0-9]{1,4}\\.[0-9]{0,3}|0[0-9]{2}|[0-9]e-?[0-9]|--||2026[01][0-9]2[0-9]|true|7%", 0..6),
        ) {
            let mut column = TextColumn::default();
            cells.iter().for_each(|cell| column.push(cell));
            let found = kind_by_evidence(&column);
            prop_assert_eq!(plain_kind(&column).unwrap_or(found), found);
        }
    }
}
