//! What is forecast: one value per period, with what is known about the periods.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

/// One measured quantity over consecutive periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    id: String,
    calendar: Calendar,
    #[serde(with = "crate::exact")]
    values: Vec<f64>,
    censored: Vec<bool>,
    regressors: Vec<Regressor>,
    categories: BTreeMap<String, String>,
}

/// A number known for every past period and, where someone knows it, for coming ones: a price, a promotion flag, a
/// temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regressor {
    /// What it is, such as `price`.
    pub name: String,
    /// One value per period of the series, then as many coming periods as are known. `NaN` where unknown.
    #[serde(with = "crate::exact")]
    pub values: Vec<f64>,
}

/// A series that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// A value is infinite.
    #[error("series `{id}`: the value of {stamp} is infinite")]
    InfiniteValue {
        /// The series.
        id: String,
        /// The period.
        stamp: String,
    },
    /// A companion column has another length than the values.
    #[error("series `{id}`: `{column}` has {found} values for {expected} periods")]
    WrongLength {
        /// The series.
        id: String,
        /// The companion.
        column: String,
        /// Values found.
        found: usize,
        /// Periods of the series.
        expected: usize,
    },
    /// There is no such regressor.
    #[error("series `{id}` has no regressor `{regressor}`")]
    UnknownRegressor {
        /// The series.
        id: String,
        /// The name asked for.
        regressor: String,
    },
}

impl Series {
    /// A series of `values`, one per period of `calendar` from its start; `NaN` marks a period that was not observed.
    /// It may be empty.
    ///
    /// # Errors
    /// [`SeriesError::InfiniteValue`] for an infinite value.
    pub fn new(id: impl Into<String>, calendar: Calendar, values: Vec<f64>) -> Result<Self, SeriesError> {
        let id = id.into();
        if let Some(index) = values.iter().position(|value| value.is_infinite()) {
            return Err(SeriesError::InfiniteValue { id, stamp: calendar.stamp(index).to_string() });
        }
        let censored = vec![false; values.len()];
        Ok(Self { id, calendar, values, censored, regressors: Vec::new(), categories: BTreeMap::new() })
    }

    /// Marks periods in which the value shows less than the demand, for example because the shelf was empty. They are
    /// imputed before anything is learnt from them.
    ///
    /// # Errors
    /// [`SeriesError::WrongLength`] unless there is one mark per period.
    pub fn with_censored(mut self, censored: Vec<bool>) -> Result<Self, SeriesError> {
        self.check_length("censored", censored.len(), censored.len() == self.values.len())?;
        self.censored = censored;
        Ok(self)
    }

    /// Adds a regressor.
    ///
    /// # Errors
    /// [`SeriesError::WrongLength`] if it has fewer values than the series has periods.
    pub fn with_regressor(mut self, regressor: Regressor) -> Result<Self, SeriesError> {
        self.check_length(&regressor.name, regressor.values.len(), regressor.values.len() >= self.values.len())?;
        self.regressors.push(regressor);
        Ok(self)
    }

    /// Says to which `value` of `category` the series belongs, such as `store` and `Berlin`.
    #[must_use]
    pub fn with_category(mut self, category: impl Into<String>, value: impl Into<String>) -> Self {
        self.categories.insert(category.into(), value.into());
        self
    }

    /// The same series if one of its regressors takes these values in the coming periods, and is unknown after them.
    ///
    /// # Errors
    /// [`SeriesError::UnknownRegressor`] if it has none of this name.
    pub fn with_coming(&self, regressor: &str, coming: &[f64]) -> Result<Self, SeriesError> {
        let mut future = self.clone();
        let past = future.values.len();
        let Some(found) = future.regressors.iter_mut().find(|found| found.name == regressor) else {
            return Err(SeriesError::UnknownRegressor { id: self.id.clone(), regressor: regressor.to_owned() });
        };
        found.values.truncate(past);
        found.values.extend(coming);
        Ok(future)
    }

    /// Whether both tell the same of the past.
    pub(crate) fn has_past_of(&self, other: &Self) -> bool {
        let same =
            |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits());
        let past = self.values.len();
        self.id == other.id
            && self.calendar == other.calendar
            && same(&self.values, &other.values)
            && self.censored == other.censored
            && self.categories == other.categories
            && self.regressors.len() == other.regressors.len()
            && self
                .regressors
                .iter()
                .zip(&other.regressors)
                .all(|(one, other)| one.name == other.name && same(&one.values[..past], &other.values[..past]))
    }

    /// The name under which results are given.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The periods.
    #[must_use]
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// One value per period, `NaN` where nothing was observed.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// One mark per period: whether its value is cut off from above.
    #[must_use]
    pub fn censored(&self) -> &[bool] {
        &self.censored
    }

    /// The regressors, in the order in which they were added.
    #[must_use]
    pub fn regressors(&self) -> &[Regressor] {
        &self.regressors
    }

    /// The categories of the series.
    #[must_use]
    pub const fn categories(&self) -> &BTreeMap<String, String> {
        &self.categories
    }

    /// The same series as it was known before period `end`; regressors keep their later values, as values known
    /// ahead.
    pub(crate) fn until(&self, end: usize) -> Self {
        let mut past = self.clone();
        past.values.truncate(end);
        past.censored.truncate(end);
        past
    }

    fn check_length(&self, column: &str, found: usize, fits: bool) -> Result<(), SeriesError> {
        if fits {
            return Ok(());
        }
        let (id, expected) = (self.id.clone(), self.values.len());
        Err(SeriesError::WrongLength { id, column: column.to_owned(), found, expected })
    }
}
