//! What members say about anomalies: that one was one, or that it was not. One answer at most to each.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use shelfiq_core::{MerchantId, Sku};

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::anomaly_answer as entity;
use crate::error::{Doing, Stored};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction, audit};

text_enum! {
    /// What an anomaly was seen in.
    AnomalyMeasure = "measure" {
        /// Units sold on a day.
        Units = "units",
        /// Units sold in a week.
        WeeklyUnits = "weekly_units",
        /// Our own price.
        Price = "price",
        /// The price of the cheapest rival.
        RivalPrice = "rival_price",
        /// Reviews of a day.
        Reviews = "reviews",
        /// Reviews of a day with one or two stars.
        Complaints = "complaints",
        /// Units that a count found missing.
        MissingStock = "missing_stock",
        /// Visits of a day.
        Traffic = "traffic",
    }
}

text_enum! {
    /// What a member says about an anomaly.
    AnomalyWord = "answer" {
        /// It was one.
        Confirmed = "confirmed",
        /// It was none.
        Dismissed = "dismissed",
    }
}

/// Which anomaly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AnomalyKey {
    /// Of which Sku.
    pub sku: Sku,
    /// In what.
    pub measure: AnomalyMeasure,
    /// On which day; the first one of a week.
    pub day: NaiveDate,
}

impl std::fmt::Display for AnomalyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.sku, self.measure, self.day)
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnomalyAnswer {
    /// Number in order of the first answer.
    pub number: i64,
    /// To which anomaly.
    pub key: AnomalyKey,
    /// The kind of anomaly, as the detector names it, for example `spike`.
    pub kind: String,
    /// What was said.
    pub word: AnomalyWord,
    /// Why.
    pub note: Option<String>,
    /// Who said it.
    pub author: Author,
    /// When.
    pub at: DateTime<Utc>,
}

/// An answer about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnomalyAnswer {
    /// To which anomaly.
    pub key: AnomalyKey,
    /// The kind of anomaly.
    pub kind: String,
    /// What is said.
    pub word: AnomalyWord,
    /// Why.
    pub note: Option<String>,
}

/// Stores an answer in place of an earlier one to the same anomaly, and writes it into the audit log. The same answer
/// twice changes nothing.
///
/// # Errors
/// A failure of the database.
pub async fn put(tx: &Transaction, merchant: MerchantId, new: NewAnomalyAnswer) -> Result<AnomalyAnswer, StoreError> {
    crate::merchants::lock(tx, merchant).await?;
    let before = find(tx, merchant, &new.key).await?;
    if let Some(same) = before.as_ref().filter(|same| same.word == new.word && same.note == new.note) {
        return Ok(same.clone());
    }
    let row = entity::ActiveModel {
        merchant_id: Set(merchant.as_uuid()),
        sku: Set(new.key.sku.as_str().to_owned()),
        measure: Set(new.key.measure.to_string()),
        day: Set(new.key.day),
        kind: Set(new.kind),
        answer: Set(new.word.to_string()),
        note: Set(new.note),
        author: Set(tx.author().to_string()),
        at: Set(tx.at()),
        ..Default::default()
    };
    match &before {
        Some(before) => {
            let row = entity::ActiveModel { id: Set(before.number), ..row };
            entity::Entity::update(row).exec(tx.connection()).await.doing("changing an answer to an anomaly")?;
        }
        None => {
            entity::Entity::insert(row)
                .exec_without_returning(tx.connection())
                .await
                .doing("storing an answer to an anomaly")?;
        }
    }
    let after = find(tx, merchant, &new.key).await?.ok_or_else(|| StoreError::not_found("answer", &new.key))?;
    let mut note = Note::new("anomaly", after.word.as_str(), &after.key).after(&after);
    if let Some(before) = &before {
        note = note.before(before);
    }
    audit::record(tx, merchant, note).await?;
    Ok(after)
}

/// Takes an answer back, and writes that into the audit log; returns it, `None` if there was none.
///
/// # Errors
/// A failure of the database.
pub async fn remove(
    tx: &Transaction,
    merchant: MerchantId,
    key: &AnomalyKey,
) -> Result<Option<AnomalyAnswer>, StoreError> {
    let Some(before) = find(tx, merchant, key).await? else { return Ok(None) };
    entity::Entity::delete_by_id(before.number)
        .exec(tx.connection())
        .await
        .doing("taking an answer to an anomaly back")?;
    audit::record(tx, merchant, Note::new("anomaly", "answer_withdrawn", key).before(&before)).await?;
    Ok(Some(before))
}

/// The answer to one anomaly, if there is one.
///
/// # Errors
/// A failure of the database.
pub async fn find(on: &impl Read, merchant: MerchantId, key: &AnomalyKey) -> Result<Option<AnomalyAnswer>, StoreError> {
    entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Sku.eq(key.sku.as_str()))
        .filter(entity::Column::Measure.eq(key.measure.as_str()))
        .filter(entity::Column::Day.eq(key.day))
        .one(on.connection())
        .await
        .doing("looking for an answer to an anomaly")?
        .map(AnomalyAnswer::try_from)
        .transpose()
}

/// The merchant's answers, the newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    request: &PageRequest,
) -> Result<Page<AnomalyAnswer>, StoreError> {
    let mut query = entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()));
    if let Some((number, _)) = request.after::<i64, i64>()? {
        query = query.filter(entity::Column::Id.lt(number));
    }
    let rows = query
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing answers to anomalies")?;
    Page::cut(rows, request, |row| (row.id, row.id)).try_map(AnomalyAnswer::try_from)
}

impl TryFrom<entity::Model> for AnomalyAnswer {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.id,
            key: AnomalyKey {
                sku: row.sku.parse().stored_in("anomaly_answers.sku")?,
                measure: row.measure.parse().stored_in("anomaly_answers.measure")?,
                day: row.day,
            },
            kind: row.kind,
            word: row.answer.parse().stored_in("anomaly_answers.answer")?,
            note: row.note,
            author: row.author.parse().stored_in("anomaly_answers.author")?,
            at: row.at,
        })
    }
}
