//! From a long table (one row per series and period) to series.

use std::collections::{BTreeMap, BTreeSet};

use shelfiq_core::ErrorKind;

use crate::calendar::{Calendar, Frequency, Stamp, infer_frequency};
use crate::options::Missing;
use crate::series::{Regressor, Series, SeriesError};

/// A table in the column convention of forecasters: `unique_id`, `ds`, `y` and any further columns. All columns have
/// one value per row; rows may come in any order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LongTable {
    /// Name of the series.
    pub unique_id: Vec<String>,
    /// Beginning of the period.
    pub ds: Vec<Stamp>,
    /// The value; `NaN` where unknown. Empty in a table of future values.
    pub y: Vec<f64>,
    /// Further columns.
    pub extras: Vec<ExtraColumn>,
}

/// A column beside `unique_id`, `ds` and `y`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtraColumn {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: ExtraValues,
}

/// Values of an [`ExtraColumn`].
#[derive(Debug, Clone, PartialEq)]
pub enum ExtraValues {
    /// A known regressor; `NaN` where unknown.
    Number(Vec<f64>),
    /// A category. One that never changes within a series describes the series; one that changes becomes a regressor
    /// of zeros and ones per value.
    Text(Vec<String>),
}

/// A table that cannot be read as series. Rows count from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// A column has another number of rows than `unique_id`.
    #[error("column `{column}` has {found} rows where `unique_id` has {expected}")]
    UnevenColumns {
        /// The column.
        column: String,
        /// Rows found.
        found: usize,
        /// Rows of `unique_id`.
        expected: usize,
    },
    /// Dates, timestamps and steps are mixed.
    #[error("row {row}, column `ds`: `{stamp}` is of the form {found} where row 1 is of the form {expected}")]
    MixedStamps {
        /// The row.
        row: usize,
        /// The value.
        stamp: Stamp,
        /// Its form.
        found: &'static str,
        /// The form of the first row.
        expected: &'static str,
    },
    /// Two rows give a value for the same series and stamp.
    #[error("row {row}, column `ds`: series `{id}` has `{stamp}` already in row {earlier}")]
    RepeatedStamp {
        /// The later row.
        row: usize,
        /// The earlier row.
        earlier: usize,
        /// The series.
        id: String,
        /// The stamp.
        stamp: Stamp,
    },
    /// A value is infinite.
    #[error("row {row}, column `{column}`: the value is infinite")]
    InfiniteValue {
        /// The row.
        row: usize,
        /// The column.
        column: String,
    },
    /// A series spans more periods than anyone can mean.
    #[error("series `{id}` spans {periods} periods of {frequency}, more than {PERIODS_MAX}: is `ds` right?")]
    TooManyPeriods {
        /// The series.
        id: String,
        /// Periods between its first and last stamp.
        periods: i64,
        /// The frequency.
        frequency: Frequency,
    },
    /// A series could not be built.
    #[error(transparent)]
    Series(#[from] SeriesError),
}

impl TableError {
    /// What its receiver can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::TooManyPeriods { .. } => ErrorKind::TooLarge,
            _ => ErrorKind::Invalid,
        }
    }
}

/// Bound on the length of one series: five years of minutes.
const PERIODS_MAX: i64 = 2_628_000;
/// Changing categories with more values than this are left out: their indicators would be noise.
const INDICATORS_MAX: usize = 12;

/// The series of `table`, in the order in which they first appear.
///
/// `frequency` is read from the stamps when not given. Stamps off the grid count for the nearest period; where two
/// fall into one period their values are added when `missing` says zero, else averaged. `future` gives coming values
/// of the further columns; its rows for unknown series, and its columns that `table` lacks, are left out.
///
/// # Errors
/// [`TableError`], naming the row (from 1) and column.
pub fn series_of_table(
    table: &LongTable,
    future: Option<&LongTable>,
    frequency: Option<Frequency>,
    missing: Missing,
) -> Result<Vec<Series>, TableError> {
    check_columns(table, table.ds.first().copied(), true)?;
    let rows = rows_by_series(table)?;
    let future_rows = match future {
        Some(future) => {
            check_columns(future, table.ds.first().copied(), false)?;
            rows_by_series(future)?.into_iter().collect()
        }
        None => BTreeMap::new(),
    };
    let stamps: Vec<Vec<Stamp>> =
        rows.iter().map(|(_, rows)| rows.iter().map(|row| table.ds[*row]).collect()).collect();
    let frequency = frequency.or_else(|| infer_frequency(&stamps)).unwrap_or(match table.ds.first() {
        Some(Stamp::Time(_)) => Frequency::HOUR,
        Some(Stamp::Date(_)) => Frequency::DAY,
        _ => Frequency::STEP,
    });
    let changing = changing_categories(table, &rows);
    rows.iter()
        .map(|(id, rows)| {
            let none = Vec::new();
            let ahead = future.map(|future| (future, future_rows.get(id).unwrap_or(&none)));
            one_series(table, id, rows, ahead, frequency, missing, &changing)
        })
        .collect()
}

fn one_series(
    table: &LongTable,
    id: &str,
    rows: &[usize],
    ahead: Option<(&LongTable, &Vec<usize>)>,
    frequency: Frequency,
    missing: Missing,
    changing: &BTreeMap<usize, BTreeSet<&str>>,
) -> Result<Series, TableError> {
    let calendar = Calendar::new(table.ds[rows[0]], frequency);
    let slot = |stamp: Stamp| calendar.index_of(stamp).unwrap_or(0);
    let periods = slot(table.ds[rows[rows.len() - 1]]).saturating_add(1);
    if periods > PERIODS_MAX {
        return Err(TableError::TooManyPeriods { id: id.to_owned(), periods, frequency });
    }
    let length = usize::try_from(periods).unwrap_or(1);
    // The past and the known future of a column, as one sequence of periods.
    let lay_out = |past: &dyn Fn(usize) -> f64, coming: Option<&dyn Fn(usize) -> f64>, join: Join| {
        let mut slots: Vec<(i64, f64)> = rows.iter().map(|row| (slot(table.ds[*row]), past(*row))).collect();
        if let (Some((future, future_rows)), Some(coming)) = (ahead, coming) {
            let later = future_rows.iter().map(|row| (slot(future.ds[*row]), coming(*row)));
            slots.extend(later.filter(|(index, _)| (periods..periods + PERIODS_MAX).contains(index)));
        }
        join.lay_out(&slots, length)
    };
    let join = if missing == Missing::Zero { Join::Add } else { Join::Average };
    let mut series = Series::new(id, calendar, lay_out(&|row| table.y[row], None, join))?;
    for (index, column) in table.extras.iter().enumerate() {
        let twin = ahead.and_then(|(future, _)| future.extras.iter().find(|extra| extra.name == column.name));
        match &column.values {
            ExtraValues::Number(numbers) => {
                let later = twin.and_then(|twin| match &twin.values {
                    ExtraValues::Number(later) => Some(|row: usize| later[row]),
                    ExtraValues::Text(_) => None,
                });
                let later = later.as_ref().map(|later| later as &dyn Fn(usize) -> f64);
                let values = lay_out(&|row| numbers[row], later, Join::Average);
                series = series.with_regressor(Regressor { name: column.name.clone(), values })?;
            }
            ExtraValues::Text(texts) => match changing.get(&index) {
                None => series = series.with_category(&column.name, &texts[rows[0]]),
                Some(kinds) if kinds.len() <= INDICATORS_MAX => {
                    for kind in kinds {
                        let is_kind = |text: &String| f64::from(u8::from(text == kind));
                        let later = twin.and_then(|twin| match &twin.values {
                            ExtraValues::Text(later) => Some(move |row: usize| is_kind(&later[row])),
                            ExtraValues::Number(_) => None,
                        });
                        let later = later.as_ref().map(|later| later as &dyn Fn(usize) -> f64);
                        let values = lay_out(&|row| is_kind(&texts[row]), later, Join::Average);
                        series =
                            series.with_regressor(Regressor { name: format!("{}={kind}", column.name), values })?;
                    }
                }
                Some(_) => {}
            },
        }
    }
    Ok(series)
}

/// How several values in one period become one.
#[derive(Clone, Copy)]
enum Join {
    Add,
    Average,
}

impl Join {
    fn lay_out(self, slots: &[(i64, f64)], length_min: usize) -> Vec<f64> {
        let last = slots.iter().map(|(index, _)| *index).max().unwrap_or(-1);
        let length = usize::try_from(last + 1).unwrap_or(0).max(length_min);
        let mut sums = vec![(0.0, 0_u32); length];
        for (index, value) in slots.iter().filter(|(_, value)| !value.is_nan()) {
            if let Some(sum) = usize::try_from(*index).ok().and_then(|index| sums.get_mut(index)) {
                *sum = (sum.0 + value, sum.1 + 1);
            }
        }
        let value = |(sum, count): (f64, u32)| match (self, count) {
            (_, 0) => f64::NAN,
            (Self::Add, _) => sum,
            (Self::Average, count) => sum / f64::from(count),
        };
        sums.into_iter().map(value).collect()
    }
}

fn check_columns(table: &LongTable, form: Option<Stamp>, has_values: bool) -> Result<(), TableError> {
    let expected = table.unique_id.len();
    let extras = table.extras.iter().map(|extra| match &extra.values {
        ExtraValues::Number(values) => (extra.name.as_str(), values.len()),
        ExtraValues::Text(values) => (extra.name.as_str(), values.len()),
    });
    let y = has_values.then_some(("y", table.y.len()));
    for (column, found) in [("ds", table.ds.len())].into_iter().chain(y).chain(extras) {
        if found != expected {
            return Err(TableError::UnevenColumns { column: column.to_owned(), found, expected });
        }
    }
    if let Some(form) = form.map(Stamp::form)
        && let Some(index) = table.ds.iter().position(|stamp| stamp.form() != form)
    {
        let stamp = table.ds[index];
        return Err(TableError::MixedStamps { row: index + 1, stamp, found: stamp.form(), expected: form });
    }
    let infinite = |values: &[f64]| values.iter().position(|value| value.is_infinite());
    let numbers = table.extras.iter().filter_map(|extra| match &extra.values {
        ExtraValues::Number(values) => Some((extra.name.as_str(), values.as_slice())),
        ExtraValues::Text(_) => None,
    });
    match [("y", table.y.as_slice())].into_iter().chain(numbers).find_map(|(name, v)| Some((name, infinite(v)?))) {
        Some((name, index)) => Err(TableError::InfiniteValue { row: index + 1, column: name.to_owned() }),
        None => Ok(()),
    }
}

/// The rows of each series in the order of their stamps.
fn rows_by_series(table: &LongTable) -> Result<Vec<(String, Vec<usize>)>, TableError> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut series: Vec<(String, Vec<usize>)> = Vec::new();
    for (row, id) in table.unique_id.iter().enumerate() {
        let place = *places.entry(id).or_insert_with(|| {
            series.push((id.clone(), Vec::new()));
            series.len() - 1
        });
        series[place].1.push(row);
    }
    for (id, rows) in &mut series {
        rows.sort_by_key(|row| (table.ds[*row], *row));
        if let Some(pair) = rows.windows(2).find(|pair| table.ds[pair[0]] == table.ds[pair[1]]) {
            let (earlier, row, stamp) = (pair[0] + 1, pair[1] + 1, table.ds[pair[1]]);
            return Err(TableError::RepeatedStamp { row, earlier, id: id.clone(), stamp });
        }
    }
    Ok(series)
}

/// The text columns that change within some series, with all their values.
fn changing_categories<'a>(table: &'a LongTable, rows: &[(String, Vec<usize>)]) -> BTreeMap<usize, BTreeSet<&'a str>> {
    let texts = table.extras.iter().enumerate().filter_map(|(index, extra)| match &extra.values {
        ExtraValues::Text(texts) => Some((index, texts)),
        ExtraValues::Number(_) => None,
    });
    texts
        .filter(|(_, texts)| rows.iter().any(|(_, rows)| rows.iter().any(|row| texts[*row] != texts[rows[0]])))
        .map(|(index, texts)| (index, texts.iter().map(String::as_str).collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str, f64)]) -> LongTable {
        LongTable {
            unique_id: rows.iter().map(|row| row.0.to_owned()).collect(),
            ds: rows.iter().map(|row| Stamp::parse(row.1).unwrap()).collect(),
            y: rows.iter().map(|row| row.2).collect(),
            extras: Vec::new(),
        }
    }

    fn read(table: &LongTable, missing: Missing) -> Result<Vec<Series>, String> {
        series_of_table(table, None, None, missing).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_in_any_order_become_consecutive_periods() {
        let table = table(&[
            ("b", "2024-01-04", 4.0),
            ("a", "2024-01-02", 1.0),
            ("b", "2024-01-01", 1.0),
            ("b", "2024-01-02", 2.0),
        ]);
        let series = read(&table, Missing::Interpolate).unwrap();
        assert_eq!(series.iter().map(Series::id).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(format!("{:?}", series[0].values()), "[1.0, 2.0, NaN, 4.0]");
    }

    #[test]
    fn errors_name_row_and_column() {
        let check = |rows: &[(&str, &str, f64)], message: &str| {
            assert_eq!(read(&table(rows), Missing::Zero).unwrap_err(), message)
        };
        check(
            &[("a", "1", 1.0), ("b", "1", 1.0), ("a", "1", 2.0)],
            "row 3, column `ds`: series `a` has `1` already in row 1",
        );
        check(
            &[("a", "1", 1.0), ("a", "2024-01-01", 1.0)],
            "row 2, column `ds`: `2024-01-01` is of the form date where row 1 is of the form integer step",
        );
        check(&[("a", "1", 1.0), ("a", "2", f64::INFINITY)], "row 2, column `y`: the value is infinite");
    }

    #[test]
    fn two_stamps_in_one_week_are_one_week() {
        let rows = [
            ("a", "2024-01-07", 1.0),
            ("a", "2024-01-14", 2.0),
            ("a", "2024-01-15", 4.0),
            ("a", "2024-01-21", 3.0),
            ("a", "2024-01-28", 5.0),
        ];
        let weeks = |missing| read(&table(&rows), missing).unwrap()[0].values().to_vec();
        assert_eq!(weeks(Missing::Zero), [1.0, 6.0, 3.0, 5.0]);
        assert_eq!(weeks(Missing::Interpolate), [1.0, 3.0, 3.0, 5.0]);
    }

    #[test]
    fn further_columns_become_regressors_and_categories() {
        let mut past = table(&[("a", "1", 1.0), ("a", "2", 2.0)]);
        let text = |values: &[&str]| ExtraValues::Text(values.iter().map(|value| (*value).to_owned()).collect());
        let extra = |name: &str, values| ExtraColumn { name: name.to_owned(), values };
        past.extras = vec![
            extra("price", ExtraValues::Number(vec![5.0, 4.0])),
            extra("store", text(&["Berlin", "Berlin"])),
            extra("promo", text(&["no", "yes"])),
        ];
        let mut future = table(&[("a", "3", 0.0)]);
        future.y.clear();
        future.extras = vec![extra("price", ExtraValues::Number(vec![3.0])), extra("promo", text(&["no"]))];
        let series = series_of_table(&past, Some(&future), None, Missing::Zero).unwrap().remove(0);
        let regressors: Vec<String> =
            series.regressors().iter().map(|r| format!("{} {:?}", r.name, r.values)).collect();
        assert_eq!(regressors, ["price [5.0, 4.0, 3.0]", "promo=no [1.0, 0.0, 1.0]", "promo=yes [0.0, 1.0, 0.0]"]);
        assert_eq!(series.categories()["store"], "Berlin");
    }
}
