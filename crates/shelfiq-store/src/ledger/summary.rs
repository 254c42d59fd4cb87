//! Sums over the ledger.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{ColumnTrait, QuerySelect};
use shelfiq_core::{CurrencyCode, MerchantId, Money};

use super::{LedgerDecision, LedgerFilter, LedgerOrigin, LedgerOutcome, filtered};
use crate::entity::ledger_entry as entity;
use crate::error::{Doing, Stored};
use crate::{Read, StoreError};

/// Lines that share origin, decision, outcome and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryLine {
    /// Where they come from.
    pub origin: LedgerOrigin,
    /// What was decided.
    pub decision: LedgerDecision,
    /// What came of it.
    pub outcome: LedgerOutcome,
    /// How many there are.
    pub entries: u64,
    /// Sum of the effects promised.
    pub promised: Money,
    /// Sum of the effects measured.
    pub effect: Money,
    /// Sum of what was earned in the measured days.
    pub actual: Money,
}

/// Counts and sums by origin, decision, outcome and currency, over the lines that the filter leaves.
///
/// # Errors
/// A failure of the database.
pub async fn summary(
    on: &impl Read,
    merchant: MerchantId,
    filter: &LedgerFilter,
) -> Result<Vec<SummaryLine>, StoreError> {
    // PostgreSQL sums 64 bits into a decimal.
    let sum = |column: entity::Column| {
        Expr::expr(Func::coalesce([Expr::col(column).sum(), Expr::value(0)])).cast_as("bigint")
    };
    let keys = [entity::Column::Origin, entity::Column::Decision, entity::Column::Outcome, entity::Column::Currency];
    let mut query = filtered(merchant, filter).select_only();
    for key in keys {
        query = query.column(key).group_by(key);
    }
    type Row = (String, String, String, String, i64, i64, i64, i64);
    let rows: Vec<Row> = query
        .column_as(entity::Column::Id.count(), "entries")
        .expr_as(sum(entity::Column::PromisedMinor), "promised")
        .expr_as(sum(entity::Column::EffectMinor), "effect")
        .expr_as(sum(entity::Column::ActualMinor), "actual")
        .into_tuple()
        .all(on.connection())
        .await
        .doing("summing the decision ledger")?;
    let mut lines = rows
        .into_iter()
        .map(|(origin, decision, outcome, currency, entries, promised, effect, actual)| {
            let currency: CurrencyCode = currency.parse().stored_in("ledger_entries.currency")?;
            Ok(SummaryLine {
                origin: origin.parse().stored_in("ledger_entries.origin")?,
                decision: decision.parse().stored_in("ledger_entries.decision")?,
                outcome: outcome.parse().stored_in("ledger_entries.outcome")?,
                entries: u64::try_from(entries).stored_in("count of ledger entries")?,
                promised: Money::from_minor(promised, currency),
                effect: Money::from_minor(effect, currency),
                actual: Money::from_minor(actual, currency),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    lines.sort_by_key(|line| (line.origin, line.decision, line.outcome, line.promised.currency()));
    Ok(lines)
}
