//! The ledger beside the profit and loss, day by day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_core::Money;

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
