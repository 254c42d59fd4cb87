//! Who changed what, from what to what, and when. Rows are written in the transaction of the change itself and are
//! never altered.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::MerchantId;

use crate::database::sealed::Connected;
use crate::entity::audit as entity;
use crate::error::{Doing, Stored};
use crate::{Author, Page, PageRequest, Read, StoreError, Transaction};

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Number in order of writing.
    pub number: i64,
    /// Who made it.
    pub author: Author,
    /// What was done, as noun and verb: `alert_rule.updated`.
    pub action: String,
    /// To what, as noun and key: `sku:MUG-1`.
    pub subject: String,
    /// The thing before; `None` if it is new. Never holds secrets.
    pub before: Option<Value>,
    /// The thing after; `None` if it is gone. Never holds secrets.
    pub after: Option<Value>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The merchant's changes, newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(on: &impl Read, merchant: MerchantId, request: &PageRequest) -> Result<Page<AuditEntry>, StoreError> {
    let mut query = entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()));
    if let Some((number, _)) = request.after::<i64, i64>()? {
        query = query.filter(entity::Column::Id.lt(number));
    }
    let rows = query
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing the audit log")?;
    Page::cut(rows, request, |row| (row.id, row.id)).try_map(AuditEntry::try_from)
}

/// Writes one change into the log.
///
/// The store calls this with every change of its own. A use case calls it for a change that happens elsewhere.
///
/// # Errors
/// A failure of the database.
pub async fn record(tx: &Transaction, merchant: MerchantId, note: Note) -> Result<(), StoreError> {
    let row = entity::ActiveModel {
        merchant_id: Set(merchant.as_uuid()),
        author: Set(tx.author().to_string()),
        action: Set(format!("{}.{}", note.noun, note.verb)),
        subject: Set(format!("{}:{}", note.noun, note.key)),
        before: Set(note.before),
        after: Set(note.after),
        at: Set(tx.at()),
        ..Default::default()
    };
    entity::Entity::insert(row).exec_without_returning(tx.connection()).await.doing("writing the audit log")?;
    Ok(())
}

/// A change about to be recorded.
#[derive(Debug)]
pub struct Note {
    noun: &'static str,
    verb: &'static str,
    key: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl Note {
    /// `Note::new("alert_rule", "updated", id)`: what kind of thing, what happened to it, which one.
    #[must_use]
    pub fn new(noun: &'static str, verb: &'static str, key: impl ToString) -> Self {
        Self { noun, verb, key: key.to_string(), before: None, after: None }
    }

    /// The thing as it was. It must hold no secrets.
    #[must_use]
    pub fn before(self, thing: &impl Serialize) -> Self {
        Self { before: Some(shown(thing)), ..self }
    }

    /// The thing as it is now. It must hold no secrets.
    #[must_use]
    pub fn after(self, thing: &impl Serialize) -> Self {
        Self { after: Some(shown(thing)), ..self }
    }
}

/// Losing the picture of a change is better than losing the change.
fn shown(thing: &impl Serialize) -> Value {
    serde_json::to_value(thing).unwrap_or_else(|error| Value::String(format!("not shown: {error}")))
}

impl TryFrom<entity::Model> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.id,
            author: row.author.parse().stored_in("audit_log.author")?,
            action: row.action,
            subject: row.subject,
            before: row.before,
            after: row.after,
            at: row.at,
        })
    }
}
