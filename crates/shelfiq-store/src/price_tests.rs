//! Price tests: one running per Sku at a time. The plan and what was read from it are kept as they come.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{MerchantId, PriceTestId, Sku};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::price_test as entity;
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction, audit, version};

text_enum! {
    /// Where a price test stands.
    PriceTestState = "state of a price test" {
        /// Prices are being tried.
        Running = "running",
        /// It ran to its end.
        Finished = "finished",
        /// Someone ended it early.
        Stopped = "stopped",
    }
}

/// One price test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriceTest {
    /// Its id.
    pub id: PriceTestId,
    /// Whose price is tried.
    pub sku: Sku,
    /// What lists and searches show.
    pub title: String,
    /// Where it stands.
    pub state: PriceTestState,
    /// Which price on which day.
    pub plan: Value,
    /// What was read so far.
    pub reading: Option<Value>,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// By whom.
    pub started_by: Author,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Counts the changes; starts at 1.
    pub version: i32,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A test about to be started.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPriceTest {
    /// Its id.
    pub id: PriceTestId,
    /// Whose price is tried.
    pub sku: Sku,
    /// What lists and searches show.
    pub title: String,
    /// Which price on which day.
    pub plan: Value,
}

/// Which tests to list; `None` and empty lists narrow nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PriceTestFilter {
    /// In one of these states.
    pub states: Vec<PriceTestState>,
    /// Of this Sku.
    pub sku: Option<Sku>,
}

/// Starts a test.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::RunningPriceTest`] if one runs for the Sku already.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewPriceTest) -> Result<PriceTest, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        sku: new.sku.as_str().to_owned(),
        title: new.title,
        state: PriceTestState::Running.to_string(),
        plan: new.plan,
        reading: None,
        started_at: tx.at(),
        started_by: tx.author().to_string(),
        ended_at: None,
        end_reason: None,
        version: 1,
        updated_at: tx.at(),
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("starting a price test")?;
    let test = PriceTest::try_from(row)?;
    audit::record(tx, merchant, Note::new("price_test", "started", test.id).after(&test)).await?;
    Ok(test)
}

/// Keeps what was read from a running test.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn read(tx: &Transaction, merchant: MerchantId, id: PriceTestId, reading: Value) -> Result<(), StoreError> {
    let before = get(tx, merchant, id).await?;
    if before.reading.as_ref() == Some(&reading) {
        return Ok(());
    }
    let row = entity::ActiveModel {
        id: Set(id.as_uuid()),
        reading: Set(Some(reading)),
        version: Set(before.version + 1),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("reading a price test")?;
    Ok(())
}

/// Ends a running test. `expected_version` is the version that the caller judged; `None` ends any.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Stale`], or [`StoreError::WrongState`] if it is not running.
pub async fn end(
    tx: &Transaction,
    merchant: MerchantId,
    id: PriceTestId,
    expected_version: Option<i32>,
    state: PriceTestState,
    reason: &str,
) -> Result<PriceTest, StoreError> {
    let before = get(tx, merchant, id).await?;
    version::check("price test", expected_version, before.version)?;
    if before.state != PriceTestState::Running {
        return Err(StoreError::WrongState { what: "price test", step: "end", state: before.state.to_string() });
    }
    let row = entity::ActiveModel {
        id: Set(id.as_uuid()),
        state: Set(state.to_string()),
        ended_at: Set(Some(tx.at())),
        end_reason: Set(Some(reason.to_owned())),
        version: Set(before.version + 1),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("ending a price test")?;
    let after = get(tx, merchant, id).await?;
    let note = Note::new("price_test", after.state.as_str(), id).before(&before).after(&after);
    audit::record(tx, merchant, note).await?;
    Ok(after)
}

/// One test.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: PriceTestId) -> Result<PriceTest, StoreError> {
    of(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a price test")?
        .ok_or_else(|| StoreError::not_found("price test", id))?
        .try_into()
}

/// The tests, newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    filter: &PriceTestFilter,
    request: &PageRequest,
) -> Result<Page<PriceTest>, StoreError> {
    let place = request.after::<At, Uuid>()?;
    let columns = (entity::Column::StartedAt, entity::Column::Id);
    let rows = place
        .into_iter()
        .fold(filtered(merchant, filter), |query, place| query.filter(below(columns, place)))
        .order_by_desc(entity::Column::StartedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing price tests")?;
    Page::cut(rows, request, |row| (At(row.started_at), row.id)).try_map(PriceTest::try_from)
}

/// How many tests the filter leaves.
///
/// # Errors
/// A failure of the database.
pub async fn count(on: &impl Read, merchant: MerchantId, filter: &PriceTestFilter) -> Result<u64, StoreError> {
    filtered(merchant, filter).count(on.connection()).await.doing("counting price tests")
}

fn of(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
}

fn filtered(merchant: MerchantId, filter: &PriceTestFilter) -> Select<entity::Entity> {
    let mut query = of(merchant);
    if !filter.states.is_empty() {
        query = query.filter(entity::Column::State.is_in(filter.states.iter().map(|state| state.as_str())));
    }
    if let Some(sku) = &filter.sku {
        query = query.filter(entity::Column::Sku.eq(sku.as_str()));
    }
    query
}

impl TryFrom<entity::Model> for PriceTest {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: PriceTestId::from_uuid(row.id),
            sku: row.sku.parse().stored_in("price_tests.sku")?,
            title: row.title,
            state: row.state.parse().stored_in("price_tests.state")?,
            plan: row.plan,
            reading: row.reading,
            started_at: row.started_at,
            started_by: row.started_by.parse().stored_in("price_tests.started_by")?,
            ended_at: row.ended_at,
            end_reason: row.end_reason,
            version: row.version,
            updated_at: row.updated_at,
        })
    }
}
