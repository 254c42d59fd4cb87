//! Bounded pages with keyset cursors: a page costs the same wherever it begins, and rows that arrive meanwhile shift
//! nothing.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, Value};

use crate::StoreError;

/// Rows on a page if the caller names no number.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// Rows on a page at most.
pub const PAGE_SIZE_MAX: u32 = 500;

/// Which page: how many rows, and after which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    limit: u32,
    after: Option<Cursor>,
}

/// A place in a list, opaque to callers. Only the list that handed it out can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows in the order of the list.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

impl PageRequest {
    /// `limit` rows (1 to [`PAGE_SIZE_MAX`], numbers outside are moved to the nearer bound) after the cursor.
    #[must_use]
    pub fn new(limit: u32, after: Option<Cursor>) -> Self {
        Self { limit: limit.clamp(1, PAGE_SIZE_MAX), after }
    }

    /// The first `limit` rows.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self::new(limit, None)
    }

    /// Rows to read: one more than asked for, to know whether another page follows.
    pub(crate) fn rows_to_read(&self) -> u64 {
        u64::from(self.limit) + 1
    }

    /// The sort key and the id of the row before the page.
    pub(crate) fn after<K: FromStr, I: FromStr>(&self) -> Result<Option<(K, I)>, StoreError> {
        let Some(Cursor(text)) = &self.after else { return Ok(None) };
        let (key, id) = text.rsplit_once('~').ok_or(StoreError::BadCursor)?;
        match (key.parse(), id.parse()) {
            (Ok(key), Ok(id)) => Ok(Some((key, id))),
            _ => Err(StoreError::BadCursor),
        }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(PAGE_SIZE_DEFAULT)
    }
}

impl Cursor {
    /// A cursor that came back from a caller. It is checked when it is used.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The cursor for a caller to keep.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn at(key: impl Display, id: impl Display) -> Self {
        Self(format!("{key}~{id}"))
    }
}

impl<T> Page<T> {
    /// Cuts the surplus row off and points to the next page; `place` gives the sort key and the id of a row.
    pub(crate) fn cut<K: Display, I: Display>(
        mut rows: Vec<T>,
        request: &PageRequest,
        place: impl Fn(&T) -> (K, I),
    ) -> Self {
        let limit = request.limit as usize;
        let next = (rows.len() > limit).then(|| {
            rows.truncate(limit);
            let (key, id) = place(&rows[limit - 1]);
            Cursor::at(key, id)
        });
        Self { rows, next }
    }

    /// The same page of other rows.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(turn).collect(), next: self.next }
    }

    /// The same page of other rows, or the first failure.
    ///
    /// # Errors
    /// Whatever `turn` fails with.
    pub fn try_map<U, E>(self, turn: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page { rows: self.rows.into_iter().map(turn).collect::<Result<_, _>>()?, next: self.next })
    }
}

/// An instant as the key of a cursor: whole microseconds, as stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At(pub(crate) DateTime<Utc>);

impl Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.timestamp_micros().fmt(f)
    }
}

impl FromStr for At {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let micros = text.parse().map_err(|_| StoreError::BadCursor)?;
        DateTime::from_timestamp_micros(micros).map(Self).ok_or(StoreError::BadCursor)
    }
}

impl From<At> for Value {
    fn from(at: At) -> Self {
        at.0.into()
    }
}

/// Rows that come after the place `(key, id)` in a list sorted by both, greatest first.
pub(crate) fn below<C: ColumnTrait>(
    (key_column, id_column): (C, C),
    (key, id): (impl Into<Value> + Clone, impl Into<Value>),
) -> Condition {
    Condition::any().add(key_column.lt(key.clone())).add(Condition::all().add(key_column.eq(key)).add(id_column.lt(id)))
}

/// Rows that come after the place `(key, id)` in a list sorted by both, least first.
pub(crate) fn above<C: ColumnTrait>(
    (key_column, id_column): (C, C),
    (key, id): (impl Into<Value> + Clone, impl Into<Value>),
) -> Condition {
    Condition::any().add(key_column.gt(key.clone())).add(Condition::all().add(key_column.eq(key)).add(id_column.gt(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_behind_the_last_row_of_its_page() {
        let page = Page::cut(vec![(9, "a"), (9, "b"), (7, "c")], &PageRequest::first(2), |row| (row.0, row.1));
        assert_eq!(page.rows, [(9, "a"), (9, "b")]);
        let after: (i64, String) = PageRequest::new(2, page.next).after().unwrap().unwrap();
        assert_eq!(after, (9, "b".to_owned()));
    }

    #[test]
    fn the_last_page_has_no_next() {
        let page = Page::cut(vec![1, 2], &PageRequest::first(2), |row| (*row, *row));
        assert_eq!((page.rows.len(), page.next), (2, None));
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in ["", "~", "1", "x~y", "1~", "~1", "1~2~"] {
            let request = PageRequest::new(10, Some(Cursor::from_text(text)));
            assert!(matches!(request.after::<i64, u32>(), Err(StoreError::BadCursor)), "{text:?}");
        }
    }

    #[test]
    fn a_page_is_never_empty_by_request_nor_boundless() {
        assert_eq!((PageRequest::first(0).limit, PageRequest::first(u32::MAX).limit), (1, PAGE_SIZE_MAX));
    }
}
