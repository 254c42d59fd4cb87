//! The ledger beside the profit and loss, day by day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, MoneyError, Rounding, UnitPrice};

use crate::effect::Counterfactual;
use crate::{ExperimentError, SalesDay};

/// One amount as booked, as it would have been, and what the ledger claims: always `actual = counterfactual + claimed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerTotals {
    /// As booked.
    pub actual: Money,
    /// As it would have been.
    pub counterfactual: Money,
    /// The difference: what the decision brought.
    pub claimed: Money,
}

/// One day of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// The day.
    pub day: NaiveDate,
    /// Revenue.
    pub revenue: LedgerTotals,
    /// Gross margin; `None` when costs are unknown.
    pub margin: Option<LedgerTotals>,
}

/// The statement of one decision. The lines add up to the totals to the minor unit, and the actual column is the books'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerStatement {
    /// The measured days, ascending.
    pub lines: Vec<LedgerLine>,
    /// Revenue over all of them.
    pub revenue: LedgerTotals,
    /// Gross margin over all of them; `None` when costs are unknown.
    pub margin: Option<LedgerTotals>,
}

/// How counterfactual amounts become whole minor units.
const ROUNDING: Rounding = Rounding::HalfEven;

/// Puts the books beside the counterfactual, day by day.
///
/// `actual` are the days of the books, in any order; every day of the counterfactual must be among them. On a day that the
/// counterfactual leaves out (stock was out, say) the ledger claims nothing. Counterfactual amounts are rounded half-even
/// on the running total, so the lines add up to the total without drift.
///
/// # Errors
/// [`ExperimentError`] if a day is missing in the books or comes twice, or amounts are in several currencies.
pub fn reconcile(actual: &[SalesDay], counterfactual: &Counterfactual) -> Result<LedgerStatement, ExperimentError> {
    let mut books = BTreeMap::new();
    for day in actual {
        if books.insert(day.day, day).is_some() {
            return Err(about_day(day.day, "in the books once"));
        }
    }
    if let Some(day) = counterfactual.days.iter().find(|day| !books.contains_key(&day.day)) {
        return Err(about_day(day.day, "in the books"));
    }
    let unit_revenue = counterfactual.unit_revenue;
    let has_costs = actual.iter().all(|day| day.cost.is_some());
    let unit_margin = counterfactual
        .unit_cost
        .filter(|_| has_costs)
        .map(|cost| UnitPrice::new(unit_revenue.amount() - cost.amount(), unit_revenue.currency()));
    let mut revenue = Column::new(unit_revenue);
    let mut margin = unit_margin.map(Column::new);
    let units: BTreeMap<NaiveDate, Decimal> = counterfactual.days.iter().map(|day| (day.day, day.units)).collect();
    let mut lines = Vec::with_capacity(books.len());
    for (date, day) in books {
        let units = units.get(&date).copied();
        let booked_margin = day.cost.map(|cost| day.revenue.minus(cost)).transpose()?;
        lines.push(LedgerLine {
            day: date,
            revenue: revenue.line(day.revenue, units)?,
            margin: match (&mut margin, booked_margin) {
                (Some(column), Some(booked)) => Some(column.line(booked, units)?),
                _ => None,
            },
        });
    }
    Ok(LedgerStatement { lines, revenue: revenue.totals, margin: margin.map(|column| column.totals) })
}

fn about_day(day: NaiveDate, expected: &'static str) -> ExperimentError {
    ExperimentError::Invalid { quantity: "a day of the statement", value: day.to_string(), expected }
}

/// One column of the statement while it is added up.
struct Column {
    unit_amount: UnitPrice,
    /// Exact counterfactual so far, and what of it the lines have booked.
    exact: Decimal,
    booked: Money,
    totals: LedgerTotals,
}

impl Column {
    fn new(unit_amount: UnitPrice) -> Self {
        let zero = Money::zero(unit_amount.currency());
        let totals = LedgerTotals { actual: zero, counterfactual: zero, claimed: zero };
        Self { unit_amount, exact: Decimal::ZERO, booked: zero, totals }
    }

    fn line(&mut self, actual: Money, units: Option<Decimal>) -> Result<LedgerTotals, MoneyError> {
        let counterfactual = match units {
            Some(units) => {
                let amount = self.unit_amount.amount().checked_mul(units).ok_or(MoneyError::Overflow)?;
                self.exact = self.exact.checked_add(amount).ok_or(MoneyError::Overflow)?;
                let so_far = Money::from_major(self.exact, self.unit_amount.currency(), ROUNDING)?;
                let line = so_far.minus(self.booked)?;
                self.booked = so_far;
                line
            }
            None => actual,
        };
        let line = LedgerTotals { actual, counterfactual, claimed: actual.minus(counterfactual)? };
        self.totals = LedgerTotals {
            actual: self.totals.actual.plus(line.actual)?,
            counterfactual: self.totals.counterfactual.plus(line.counterfactual)?,
            claimed: self.totals.claimed.plus(line.claimed)?,
        };
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use shelfiq_core::{CurrencyCode, Quantity};

    use super::*;
    use crate::{CounterfactualDay, DayQuality};

    const EUR: CurrencyCode = CurrencyCode::EUR;

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 3, day).unwrap()
    }

    fn book(day: u32, units: i64, revenue: i64, cost: Option<i64>) -> SalesDay {
        SalesDay {
            day: date(day),
            units: Quantity::new(units),
            revenue: Money::from_minor(revenue, EUR),
            cost: cost.map(|minor| Money::from_minor(minor, EUR)),
            quality: DayQuality::Complete,
        }
    }

    fn thirds(days: std::ops::RangeInclusive<u32>) -> Counterfactual {
        // A third of a unit at a price of a third: every line wants to be rounded.
        let third = Decimal::new(333_333, 6);
        Counterfactual {
            days: days.map(|day| CounterfactualDay { day: date(day), units: third }).collect(),
            unit_revenue: UnitPrice::new(Decimal::new(33_333, 4), EUR),
            unit_cost: Some(UnitPrice::new(Decimal::new(11_111, 4), EUR)),
        }
    }

    #[test]
    fn lines_add_up_to_the_books_to_the_cent() {
        let books: Vec<SalesDay> = (1..=30).map(|day| book(day, 1, 301 + i64::from(day), Some(97))).collect();
        let statement = reconcile(&books, &thirds(1..=30)).unwrap();
        let margin = statement.margin.unwrap();
        let booked: i64 = books.iter().map(|day| day.revenue.minor() - day.cost.unwrap().minor()).sum();
        assert_eq!(margin.actual.minor(), booked);
        assert_eq!(margin.claimed.plus(margin.counterfactual).unwrap(), margin.actual);
        let sum = |amount: fn(&LedgerTotals) -> Money| -> i64 {
            statement.lines.iter().map(|line| amount(&line.margin.unwrap()).minor()).sum()
        };
        assert_eq!(sum(|line| line.claimed), margin.claimed.minor());
        assert_eq!(sum(|line| line.counterfactual), margin.counterfactual.minor());
        // 30 · 0.333333 units · 2.2222 € = 22.2220 €: rounded once, not thirty times.
        assert_eq!(margin.counterfactual.minor(), 2222);
    }

    #[test]
    fn a_day_that_does_not_count_is_in_the_books_but_nothing_is_claimed_for_it() {
        let books = [book(1, 1, 333, Some(100)), book(2, 5, 2_000, Some(500))];
        let statement = reconcile(&books, &thirds(1..=1)).unwrap();
        let margin = statement.lines[1].margin.unwrap();
        assert_eq!((margin.claimed.minor(), margin.counterfactual.minor()), (0, 1_500));
        assert_eq!(statement.margin.unwrap().actual.minor(), 233 + 1_500);
    }

    #[test]
    fn unknown_costs_leave_revenue_alone() {
        let statement = reconcile(&[book(1, 1, 333, None)], &thirds(1..=1)).unwrap();
        assert_eq!((statement.margin, statement.revenue.claimed.minor()), (None, 333 - 111));
    }

    #[test]
    fn days_missing_in_the_books_or_booked_twice_are_refused() {
        let error = reconcile(&[book(1, 1, 333, None)], &thirds(1..=2)).unwrap_err();
        assert_eq!(error.to_string(), "a day of the statement is 2024-03-02: it must be in the books");
        assert!(reconcile(&[book(1, 1, 333, None), book(1, 1, 333, None)], &thirds(1..=1)).is_err());
    }
}
