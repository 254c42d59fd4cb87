//! Failed sign-ins, counted in memory: guessing becomes slow before it becomes likely.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::IdentityError;

/// How long failures are remembered.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Failures of one address against one member, after which the pair must wait.
const PER_PAIR: u32 = 5;
/// Failures of one address against anybody.
const PER_ADDRESS: u32 = 50;
/// Failures of anybody against one member. High, so that a stranger cannot easily lock a member out.
const PER_MEMBER: u32 = 100;
/// Counters kept; beyond it the oldest half is forgotten.
const COUNTERS_MAX: usize = 20_000;

#[derive(Debug, Default)]
pub(super) struct SignInAttempts(Mutex<HashMap<Key, Failures>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Pair(String, String),
    Address(String),
    Member(String),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    since: DateTime<Utc>,
}

impl SignInAttempts {
    /// Counts an attempt as failed in advance, so that many at the same time cannot slip through, and refuses it if
    /// there were too many.
    pub(super) fn begin(&self, email: &str, address: &str, now: DateTime<Utc>) -> Result<(), IdentityError> {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, limit) in limits(email, address) {
            if let Some(failures) = counters.get(&key)
                && failures.count >= limit
                && now < failures.since + WINDOW
            {
                let wait = (failures.since + WINDOW - now).num_seconds().max(0).unsigned_abs() + 1;
                return Err(IdentityError::TooManyAttempts { retry_after_seconds: wait });
            }
        }
        for (key, _) in limits(email, address) {
            let failures = counters.entry(key).or_insert(Failures { count: 0, since: now });
            if now >= failures.since + WINDOW {
                *failures = Failures { count: 0, since: now };
            }
            failures.count += 1;
        }
        if counters.len() > COUNTERS_MAX {
            forget_oldest(&mut counters);
        }
        Ok(())
    }

    /// Takes the attempt back: the member proved to be the one.
    pub(super) fn succeed(&self, email: &str, address: &str) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.remove(&Key::Pair(email.to_owned(), address.to_owned()));
        for key in [Key::Address(address.to_owned()), Key::Member(email.to_owned())] {
            if let Some(failures) = counters.get_mut(&key) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
    }
}

fn limits(email: &str, address: &str) -> [(Key, u32); 3] {
    [
        (Key::Pair(email.to_owned(), address.to_owned()), PER_PAIR),
        (Key::Address(address.to_owned()), PER_ADDRESS),
        (Key::Member(email.to_owned()), PER_MEMBER),
    ]
}

fn forget_oldest(counters: &mut HashMap<Key, Failures>) {
    let mut ages: Vec<DateTime<Utc>> = counters.values().map(|failures| failures.since).collect();
    let middle = ages.len() / 2;
    let (_, median, _) = ages.select_nth_unstable(middle);
    let cutoff = *median;
    counters.retain(|_, failures| failures.since > cutoff);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    #[test]
    fn the_sixth_failure_in_a_row_has_to_wait() {
        let attempts = SignInAttempts::default();
        for second in 0..5 {
            attempts.begin("ann@example.com", "10.0.0.1", at(second)).unwrap();
        }
        let error = attempts.begin("ann@example.com", "10.0.0.1", at(60)).unwrap_err();
        assert!(matches!(error, IdentityError::TooManyAttempts { retry_after_seconds: 841 }), "{error:?}");
        attempts.begin("ann@example.com", "10.0.0.2", at(60)).expect("Ann herself, elsewhere, is not locked out");
        attempts.begin("ann@example.com", "10.0.0.1", at(15 * 60)).expect("the window is over");
    }

    #[test]
    fn a_success_clears_the_way() {
        let attempts = SignInAttempts::default();
        for second in 0..50 {
            attempts.begin("ann@example.com", "10.0.0.1", at(second)).unwrap();
            attempts.succeed("ann@example.com", "10.0.0.1");
        }
    }

    #[test]
    fn one_address_cannot_try_many_members() {
        let attempts = SignInAttempts::default();
        let refused =
            (0..60).filter(|n| attempts.begin(&format!("{n}@example.com"), "10.0.0.1", at(0)).is_err()).count();
        assert_eq!(refused, 10);
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = SignInAttempts::default();
        for second in 0..30_000 {
            let _ = attempts.begin(&format!("{second}@example.com"), &format!("{second}"), at(second));
        }
        assert!(attempts.0.lock().unwrap().len() <= COUNTERS_MAX + 3);
    }
}
