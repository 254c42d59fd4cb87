//! Optimistic locking: a change names the version that its author has seen.

use crate::StoreError;

pub(crate) fn check(what: &'static str, expected: Option<i32>, current: i32) -> Result<(), StoreError> {
    match expected {
        Some(expected) if expected != current => Err(StoreError::Stale { what, expected, current }),
        _ => Ok(()),
    }
}
