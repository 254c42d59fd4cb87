//! Recommendations: proposed actions, where they stand, and the ledger of what was decided.
//!
//! What an action is and which steps are legal is not known here: the proposal and its lifecycle are kept as they come,
//! beside the columns that lists are filtered and sorted by.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{CurrencyCode, MerchantId, Money, RecommendationId, Sku};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::database::to_the_microsecond;
use crate::entity::{recommendation as entity, recommendation_decision as ledger};
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction, audit, version};

/// Rows in one statement: SQLite takes 32,766 parameters.
const ROWS_PER_INSERT: usize = 500;

text_enum! {
    /// Where a recommendation stands.
    RecommendationState = "recommendation state" {
        /// Waits for a decision.
        Open = "open",
        /// To be carried out.
        Accepted = "accepted",
        /// Put aside for a while.
        Snoozed = "snoozed",
        /// Turned down.
        Dismissed = "dismissed",
        /// Overtaken.
        Expired = "expired",
        /// Carried out.
        Done = "done",
    }
}

/// One proposed action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommendation {
    /// Its id.
    pub id: RecommendationId,
    /// What makes it this advice; one live recommendation has it at a time.
    pub key: String,
    /// The kind of advice.
    pub kind: String,
    /// Whom it concerns.
    pub sku: Sku,
    /// What lists and searches show.
    pub title: String,
    /// Where it stands.
    pub state: RecommendationState,
    /// What it is ranked by.
    pub priority: Money,
    /// The expected effect.
    pub impact: Money,
    /// How sure the models are, 0 to 1.
    pub confidence: f64,
    /// The whole proposal.
    pub payload: Value,
    /// Its states so far.
    pub lifecycle: Value,
    /// Counts the changes; starts at 1.
    pub version: i32,
    /// When it was first proposed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it is overtaken unless renewed.
    pub expires_at: DateTime<Utc>,
    /// When it comes back.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// When the merchant last decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided.
    pub decided_by: Option<Author>,
    /// Why, if somebody said.
    pub decision_reason: Option<String>,
}

/// What a run of the models says.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// What lists and searches show.
    pub title: String,
    /// What it is ranked by.
    pub priority: Money,
    /// The expected effect, in the currency of the priority.
    pub impact: Money,
    /// How sure the models are, 0 to 1.
    pub confidence: f64,
    /// The whole proposal.
    pub payload: Value,
    /// When it is overtaken unless renewed.
    pub expires_at: DateTime<Utc>,
}

/// A proposal about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecommendation {
    /// Its id.
    pub id: RecommendationId,
    /// What makes it this advice.
    pub key: String,
    /// The kind of advice.
    pub kind: String,
    /// Whom it concerns.
    pub sku: Sku,
    /// What the models say.
    pub figures: Figures,
    /// Its states so far: just opened.
    pub lifecycle: Value,
}

/// A step of a recommendation, already judged to be legal.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// The step in the infinitive: accept, snooze, dismiss, undo, expire, …
    pub step: String,
    /// Where the recommendation stands then.
    pub state: RecommendationState,
    /// Its states so far, the new one included.
    pub lifecycle: Value,
    /// When it comes back, if snoozed.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// Why, if somebody said.
    pub reason: Option<String>,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerEntry {
    /// Number in order of writing.
    pub number: i64,
    /// Which recommendation.
    pub recommendation: RecommendationId,
    /// What was done.
    pub step: String,
    /// Where it stood.
    pub from: RecommendationState,
    /// Where it stands then.
    pub to: RecommendationState,
    /// Why, if somebody said.
    pub reason: Option<String>,
    /// Who did it.
    pub author: Author,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which recommendations to list; `None` and empty lists narrow nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecommendationFilter {
    /// In one of these states.
    pub states: Vec<RecommendationState>,
    /// Of one of these kinds.
    pub kinds: Vec<String>,
    /// For this Sku.
    pub sku: Option<Sku>,
    /// With these letters in the title or the Sku.
    pub search: Option<String>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecommendationOrder {
    /// Greatest priority first.
    #[default]
    Priority,
    /// Newest first.
    Newest,
}

/// Stores fresh proposals. Each becomes the newest of its key.
///
/// # Errors
/// [`StoreError::Violated`] if a live recommendation has one of the keys.
pub async fn insert_all(
    tx: &Transaction,
    merchant: MerchantId,
    proposals: Vec<NewRecommendation>,
) -> Result<(), StoreError> {
    let mut proposals = proposals.into_iter().peekable();
    while proposals.peek().is_some() {
        let rows: Vec<entity::Model> =
            proposals.by_ref().take(ROWS_PER_INSERT).map(|new| new_row(merchant, new, tx.at())).collect();
        entity::Entity::update_many()
            .col_expr(entity::Column::IsNewest, Expr::value(false))
            .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
            .filter(entity::Column::DedupeKey.is_in(rows.iter().map(|row| row.dedupe_key.clone())))
            .exec(tx.connection())
            .await
            .doing("superseding recommendations")?;
        entity::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx.connection())
            .await
            .doing("storing recommendations")?;
    }
    Ok(())
}

/// Gives a live recommendation the figures of a newer run; it stays where it stands.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn renew(
    tx: &Transaction,
    merchant: MerchantId,
    id: RecommendationId,
    figures: Figures,
) -> Result<(), StoreError> {
    let renewed = entity::Entity::update_many()
        .col_expr(entity::Column::Title, Expr::value(figures.title))
        .col_expr(entity::Column::PriorityMinor, Expr::value(figures.priority.minor()))
        .col_expr(entity::Column::ImpactMinor, Expr::value(figures.impact.minor()))
        .col_expr(entity::Column::Currency, Expr::value(figures.priority.currency().to_string()))
        .col_expr(entity::Column::Confidence, Expr::value(figures.confidence))
        .col_expr(entity::Column::Payload, Expr::value(figures.payload))
        .col_expr(entity::Column::ExpiresAt, Expr::value(to_the_microsecond(figures.expires_at)))
        .col_expr(entity::Column::UpdatedAt, Expr::value(tx.at()))
        .col_expr(entity::Column::Version, Expr::col(entity::Column::Version).add(1))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .exec(tx.connection())
        .await
        .doing("renewing a recommendation")?;
    if renewed.rows_affected == 1 { Ok(()) } else { Err(StoreError::not_found("recommendation", id)) }
}

/// Takes a step, writes it into the ledger, and into the audit log if a person or a program of theirs took it.
/// `expected_version` is the version that the caller judged; `None` overwrites any.
///
/// # Errors
/// [`StoreError::NotFound`] or [`StoreError::Stale`].
pub async fn settle(
    tx: &Transaction,
    merchant: MerchantId,
    id: RecommendationId,
    expected_version: Option<i32>,
    settlement: Settlement,
) -> Result<Recommendation, StoreError> {
    let before = get(tx, merchant, id).await?;
    version::check("recommendation", expected_version, before.version)?;
    let by_machine = matches!(tx.author(), Author::System(_));
    let (decided_at, decided_by) = if by_machine {
        (before.decided_at, before.decided_by.clone())
    } else {
        (Some(tx.at()), Some(tx.author().clone()))
    };
    let row = entity::ActiveModel {
        state: Set(settlement.state.to_string()),
        lifecycle: Set(settlement.lifecycle),
        snoozed_until: Set(settlement.snoozed_until.map(to_the_microsecond)),
        decided_at: Set(decided_at),
        decided_by: Set(decided_by.map(|author| author.to_string())),
        decision_reason: Set(settlement.reason.clone()),
        updated_at: Set(tx.at()),
        version: Set(before.version + 1),
        ..Default::default()
    };
    let settled = entity::Entity::update_many()
        .set(row)
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .filter(entity::Column::Version.eq(before.version))
        .exec(tx.connection())
        .await
        .doing("settling a recommendation")?;
    let after = get(tx, merchant, id).await?;
    if settled.rows_affected != 1 {
        version::check("recommendation", Some(before.version), after.version)?;
    }
    let line = ledger::ActiveModel {
        merchant_id: Set(merchant.as_uuid()),
        recommendation_id: Set(id.as_uuid()),
        step: Set(settlement.step),
        from_state: Set(before.state.to_string()),
        to_state: Set(after.state.to_string()),
        reason: Set(settlement.reason),
        snoozed_until: Set(after.snoozed_until),
        author: Set(tx.author().to_string()),
        at: Set(tx.at()),
        ..Default::default()
    };
    ledger::Entity::insert(line).exec_without_returning(tx.connection()).await.doing("writing the ledger")?;
    if !by_machine {
        let note = Note::new("recommendation", after.state.as_str(), id).before(&before).after(&after);
        audit::record(tx, merchant, note).await?;
    }
    Ok(after)
}

/// One recommendation of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: RecommendationId) -> Result<Recommendation, StoreError> {
    of(merchant)
        .filter(entity::Column::Id.eq(id.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a recommendation")?
        .ok_or_else(|| StoreError::not_found("recommendation", id))?
        .try_into()
}

/// Recommendations in the asked order.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    filter: &RecommendationFilter,
    order: RecommendationOrder,
    request: &PageRequest,
) -> Result<Page<Recommendation>, StoreError> {
    let query = filtered(merchant, filter);
    let (query, key) = match order {
        RecommendationOrder::Priority => {
            let place = request.after::<i64, Uuid>()?;
            let columns = (entity::Column::PriorityMinor, entity::Column::Id);
            (place.into_iter().fold(query, |query, place| query.filter(below(columns, place))), columns.0)
        }
        RecommendationOrder::Newest => {
            let place = request.after::<At, Uuid>()?;
            let columns = (entity::Column::CreatedAt, entity::Column::Id);
            (place.into_iter().fold(query, |query, place| query.filter(below(columns, place))), columns.0)
        }
    };
    let rows = query
        .order_by_desc(key)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing recommendations")?;
    let page = match order {
        RecommendationOrder::Priority => Page::cut(rows, request, |row| (row.priority_minor, row.id)),
        RecommendationOrder::Newest => Page::cut(rows, request, |row| (At(row.created_at), row.id)),
    };
    page.try_map(Recommendation::try_from)
}

/// How many recommendations the filter leaves.
///
/// # Errors
/// A failure of the database.
pub async fn count(on: &impl Read, merchant: MerchantId, filter: &RecommendationFilter) -> Result<u64, StoreError> {
    filtered(merchant, filter).count(on.connection()).await.doing("counting recommendations")
}

/// The newest recommendation of each key, whatever its state: what a fresh run is compared with.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page_of_newest(
    on: &impl Read,
    merchant: MerchantId,
    request: &PageRequest,
) -> Result<Page<Recommendation>, StoreError> {
    let mut query = of(merchant).filter(entity::Column::IsNewest.eq(true));
    if let Some((id, _)) = request.after::<Uuid, Uuid>()? {
        query = query.filter(entity::Column::Id.gt(id));
    }
    let rows = query
        .order_by_asc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing the newest recommendations")?;
    Page::cut(rows, request, |row| (row.id, row.id)).try_map(Recommendation::try_from)
}

/// The ledger of one recommendation, oldest step first; at most 500 steps.
///
/// # Errors
/// A failure of the database.
pub async fn ledger(
    on: &impl Read,
    merchant: MerchantId,
    id: RecommendationId,
) -> Result<Vec<LedgerEntry>, StoreError> {
    let rows = ledger::Entity::find()
        .filter(ledger::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(ledger::Column::RecommendationId.eq(id.as_uuid()))
        .order_by_asc(ledger::Column::Id)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("reading the ledger")?;
    rows.into_iter().map(LedgerEntry::try_from).collect()
}

fn of(merchant: MerchantId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
}

fn filtered(merchant: MerchantId, filter: &RecommendationFilter) -> Select<entity::Entity> {
    let mut query = of(merchant);
    if !filter.states.is_empty() {
        query = query.filter(entity::Column::State.is_in(filter.states.iter().map(|state| state.as_str())));
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

fn new_row(merchant: MerchantId, new: NewRecommendation, at: DateTime<Utc>) -> entity::Model {
    let Figures { title, priority, impact, confidence, payload, expires_at } = new.figures;
    assert_eq!(priority.currency(), impact.currency(), "priority and impact are stored under one currency");
    entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        dedupe_key: new.key,
        kind: new.kind,
        sku: new.sku.as_str().to_owned(),
        title,
        state: RecommendationState::Open.to_string(),
        priority_minor: priority.minor(),
        impact_minor: impact.minor(),
        currency: priority.currency().to_string(),
        confidence,
        payload,
        lifecycle: new.lifecycle,
        is_newest: true,
        version: 1,
        created_at: at,
        updated_at: at,
        expires_at: to_the_microsecond(expires_at),
        snoozed_until: None,
        decided_at: None,
        decided_by: None,
        decision_reason: None,
    }
}

impl TryFrom<entity::Model> for Recommendation {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        let currency: CurrencyCode = row.currency.parse().stored_in("recommendations.currency")?;
        Ok(Self {
            id: RecommendationId::from_uuid(row.id),
            key: row.dedupe_key,
            kind: row.kind,
            sku: row.sku.parse().stored_in("recommendations.sku")?,
            title: row.title,
            state: row.state.parse().stored_in("recommendations.state")?,
            priority: Money::from_minor(row.priority_minor, currency),
            impact: Money::from_minor(row.impact_minor, currency),
            confidence: row.confidence,
            payload: row.payload,
            lifecycle: row.lifecycle,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            expires_at: row.expires_at,
            snoozed_until: row.snoozed_until,
            decided_at: row.decided_at,
            decided_by: row
                .decided_by
                .map(|author| author.parse().stored_in("recommendations.decided_by"))
                .transpose()?,
            decision_reason: row.decision_reason,
        })
    }
}

impl TryFrom<ledger::Model> for LedgerEntry {
    type Error = StoreError;

    fn try_from(row: ledger::Model) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.id,
            recommendation: RecommendationId::from_uuid(row.recommendation_id),
            step: row.step,
            from: row.from_state.parse().stored_in("recommendation_decisions.from_state")?,
            to: row.to_state.parse().stored_in("recommendation_decisions.to_state")?,
            reason: row.reason,
            author: row.author.parse().stored_in("recommendation_decisions.author")?,
            at: row.at,
        })
    }
}
