//! Checks that no source makes by itself: values that parse but cannot be.

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use rust_decimal::Decimal;
use shelfiq_events::EventKind;

use crate::CellProblem;
use crate::draft::{LineDraft, RowDrafts};
use crate::enrich::PRICE_PLACES;

/// More units on a line than any shop sells: most likely a shifted column.
const UNITS_MAX: i64 = 100_000_000;
/// A dearer unit than any shop sells, in major units of any currency.
const PRICE_MAX: i64 = 10_000_000_000;

/// Slack for zones, and for files that are made while the clock is being set.
const SLACK_DAYS: u64 = 2;

/// The last day on which anything in a file can have happened.
pub(crate) fn latest_day(received_at: DateTime<Utc>) -> NaiveDate {
    let day = received_at.date_naive();
    day.checked_add_days(Days::new(SLACK_DAYS)).unwrap_or(day)
}

/// Adds a problem for each value that cannot be. `received_at` bounds dates: nothing was sold after the file was made.
pub(crate) fn validate(drafts: &mut RowDrafts, received_at: DateTime<Utc>) {
    let RowDrafts { lines, facts, problems, .. } = drafts;
    for line in lines.iter() {
        check_line(line, problems);
        check_time(line.ordered_at, received_at, problems);
    }
    for fact in facts.iter() {
        check_time(fact.time, received_at, problems);
        check_fact(&fact.kind, problems);
    }
}

fn check_line(line: &LineDraft, problems: &mut Vec<CellProblem>) {
    if line.quantity.units().abs() > UNITS_MAX {
        refuse(
            problems,
            &line.quantity.to_string(),
            "more units than any shop sells",
            "check that the columns are not shifted",
        );
    }
    check_price(line.unit_price, problems);
}

fn check_price(price: Decimal, problems: &mut Vec<CellProblem>) {
    if price.abs() > Decimal::from(PRICE_MAX) {
        refuse(
            problems,
            &price.to_string(),
            "a higher price than any shop asks",
            "check that the columns are not shifted",
        );
    }
    if price.normalize().scale() > PRICE_PLACES {
        refuse(
            problems,
            &price.to_string(),
            "finer than a millionth of the currency",
            "round it to six decimal places",
        );
    }
}

fn check_time(time: DateTime<Utc>, received_at: DateTime<Utc>, problems: &mut Vec<CellProblem>) {
    let earliest = Utc.with_ymd_and_hms(1970, 1, 2, 0, 0, 0).single();
    let latest = received_at.checked_add_days(Days::new(SLACK_DAYS));
    if earliest.is_some_and(|earliest| time < earliest) || latest.is_some_and(|latest| time > latest) {
        refuse(
            problems,
            &time.format("%Y-%m-%d").to_string(),
            "a date before 1970 or in the future",
            "check the order of day and month, and the year",
        );
    }
}

fn check_fact(kind: &EventKind, problems: &mut Vec<CellProblem>) {
    match kind {
        EventKind::PriceObserved(seen) => {
            check_price(seen.price, problems);
            if seen.price.is_sign_negative() && !seen.price.is_zero() {
                refuse(problems, &seen.price.to_string(), "a negative price", "write zero or more");
            }
        }
        EventKind::CostObserved(seen) => {
            check_price(seen.unit_cost, problems);
            if seen.unit_cost.is_sign_negative() && !seen.unit_cost.is_zero() {
                refuse(problems, &seen.unit_cost.to_string(), "a negative cost", "write zero or more");
            }
        }
        EventKind::ReviewObserved(seen) if !(1..=5).contains(&seen.rating) => {
            refuse(problems, &seen.rating.to_string(), "not between 1 and 5 stars", "write 1, 2, 3, 4 or 5");
        }
        EventKind::SignalObserved(seen) if !seen.value.is_finite() => {
            refuse(problems, &seen.value.to_string(), "not a finite number", "write a number");
        }
        _ => {}
    }
}

fn refuse(problems: &mut Vec<CellProblem>, value: &str, reason: &str, remedy: &str) {
    problems.push(CellProblem {
        column: None,
        value: value.to_owned(),
        reason: reason.to_owned(),
        remedy: remedy.to_owned(),
    });
}
