//! The decision ledger: what each decision promised, and what it brought.
//!
//! The line of a recommendation has the recommendation's id. How effects are measured is not known here: promise,
//! back-test and measurement are kept as they come, beside the columns that lists are filtered by and sums are made of.

mod entry;
mod summary;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use shelfiq_core::{LedgerEntryId, MerchantId, Sku};
use uuid::Uuid;

pub use entry::{Entry, LedgerDecision, LedgerOrigin, LedgerOutcome, Measured, NewEntry};
pub use summary::{SummaryLine, summary};

use crate::database::sealed::Connected;
use crate::database::to_the_microsecond;
use crate::entity::ledger_entry as entity;
use crate::error::Doing;
use crate::page::{At, below};
use crate::{Page, PageRequest, Read, StoreError, Transaction};

/// Rows in one statement: SQLite takes 32,766 parameters.
const ROWS_PER_INSERT: usize = 500;

/// Which lines to list; `None` and empty lists narrow nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LedgerFilter {
    /// Where they come from.
    pub origins: Vec<LedgerOrigin>,
    /// What was decided.
    pub decisions: Vec<LedgerDecision>,
    /// What came of it.
    pub outcomes: Vec<LedgerOutcome>,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// For this Sku.
    pub sku: Option<Sku>,
    /// With these letters in the title or the Sku.
    pub search: Option<String>,
}

/// Writes a line for each decision; a line that is there already gets the newer decision and starts anew.
///
/// # Errors
/// A failure of the database.
pub async fn record(tx: &Transaction, merchant: MerchantId, new: NewEntry) -> Result<(), StoreError> {
    let row = entry::new_row(merchant, new, tx.at());
    let renew = OnConflict::column(entity::Column::Id)
        .update_columns([
            entity::Column::Decision,
            entity::Column::DecidedAt,
            entity::Column::DecidedBy,
            entity::Column::Reason,
            entity::Column::PromisedMinor,
            entity::Column::Promise,
            entity::Column::BackTest,
            entity::Column::Outcome,
            entity::Column::AppliedAt,
            entity::Column::EffectMinor,
            entity::Column::ActualMinor,
            entity::Column::Measurement,
            entity::Column::IsSettled,
            entity::Column::UpdatedAt,
        ])
        .action_and_where(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .to_owned();
    entity::Entity::insert(row.into_active_model())
        .on_conflict(renew)
        .exec_without_returning(tx.connection())
        .await
        .doing("writing the decision ledger")?;
    Ok(())
}

/// Writes lines whose key is not in the ledger yet; the others are left as they are.
///
/// # Errors
/// A failure of the database.
pub async fn record_new(tx: &Transaction, merchant: MerchantId, new: Vec<NewEntry>) -> Result<(), StoreError> {
    let mut new = new.into_iter().peekable();
    while new.peek().is_some() {
        let rows: Vec<_> = new
            .by_ref()
            .take(ROWS_PER_INSERT)
            .map(|one| entry::new_row(merchant, one, tx.at()).into_active_model())
            .collect();
        let keep = OnConflict::columns([entity::Column::MerchantId, entity::Column::DedupeKey]).do_nothing().to_owned();
        entity::Entity::insert_many(rows)
            .on_conflict(keep)
            .exec_without_returning(tx.connection())
            .await
            .doing("writing the decision ledger")?;
    }
    Ok(())
}

/// Writes down what a decision brought as far as it is known.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn measured(
    tx: &Transaction,
    merchant: MerchantId,
    id: LedgerEntryId,
    measured: Measured,
) -> Result<(), StoreError> {
    use sea_orm::sea_query::Expr;
    let changed = entity::Entity::update_many()
        .col_expr(entity::Column::Outcome, Expr::value(measured.outcome.to_string()))
        .col_expr(entity::Column::AppliedAt, Expr::value(measured.applied_at.map(to_the_microsecond)))
        .col_expr(entity::Column::EffectMinor, Expr::value(measured.effect_minor))
        .col_expr(entity::Column::ActualMinor, Expr::value(measured.actual_minor))
        .col_expr(entity::Column::Measurement, Expr::value(measured.measurement))
        .col_expr(entity::Column::BackTest, Expr::value(measured.back_test))
        .col_expr(entity::Column::IsSettled, Expr::value(measured.is_settled))
        .col_expr(entity::Column::UpdatedAt, Expr::value(tx.at()))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .exec(tx.connection())
        .await
        .doing("writing a measured effect")?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::not_found("ledger entry", id)) }
}

/// One line.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: LedgerEntryId) -> Result<Entry, StoreError> {
    find(on, merchant, id).await?.ok_or_else(|| StoreError::not_found("ledger entry", id))
}

/// One line, if it was ever written.
///
/// # Errors
/// A failure of the database.
pub async fn find(on: &impl Read, merchant: MerchantId, id: LedgerEntryId) -> Result<Option<Entry>, StoreError> {
    let row = of(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a ledger entry")?;
    row.map(Entry::try_from).transpose()
}

/// The lines, newest decision first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    filter: &LedgerFilter,
    request: &PageRequest,
) -> Result<Page<Entry>, StoreError> {
    let place = request.after::<At, Uuid>()?;
    let columns = (entity::Column::DecidedAt, entity::Column::Id);
    let rows = place
        .into_iter()
        .fold(filtered(merchant, filter), |query, place| query.filter(below(columns, place)))
        .order_by_desc(entity::Column::DecidedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing the decision ledger")?;
    Page::cut(rows, request, |row| (At(row.decided_at), row.id)).try_map(Entry::try_from)
}

/// How many lines the filter leaves.
///
/// # Errors
/// A failure of the database.
pub async fn count(on: &impl Read, merchant: MerchantId, filter: &LedgerFilter) -> Result<u64, StoreError> {
    filtered(merchant, filter).count(on.connection()).await.doing("counting the decision ledger")
}

/// The lines whose effect is still being measured, or that wait for the change they decided.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page_of_unsettled(
    on: &impl Read,
    merchant: MerchantId,
    request: &PageRequest,
) -> Result<Page<Entry>, StoreError> {
    let mut query = of(merchant).filter(entity::Column::IsSettled.eq(false));
    if let Some((id, _)) = request.after::<Uuid, Uuid>()? {
        query = query.filter(entity::Column::Id.gt(id));
    }
    let rows = query
        .order_by_asc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing what is being measured")?;
    Page::cut(rows, request, |row| (row.id, row.id)).try_map(Entry::try_from)
}

fn of(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
}

fn filtered(merchant: MerchantId, filter: &LedgerFilter) -> Select<entity::Entity> {
    let mut query = of(merchant);
    if !filter.origins.is_empty() {
        query = query.filter(entity::Column::Origin.is_in(filter.origins.iter().map(|word| word.as_str())));
    }
    if !filter.decisions.is_empty() {
        query = query.filter(entity::Column::Decision.is_in(filter.decisions.iter().map(|word| word.as_str())));
    }
    if !filter.outcomes.is_empty() {
        query = query.filter(entity::Column::Outcome.is_in(filter.outcomes.iter().map(|word| word.as_str())));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(entity::Column::Kind.is_in(filter.kinds.iter().map(String::as_str)));
    }
    if let Some(sku) = &filter.sku {
        query = query.filter(entity::Column::Sku.eq(sku.as_str()));
    }
    if let Some(search) = &filter.search {
        query = query.filter(crate::search::any_contains([entity::Column::Title, entity::Column::Sku], search));
    }
    query
}
