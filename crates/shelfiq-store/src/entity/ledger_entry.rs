//! The decision ledger: one line per decision, with what it promised and what it brought.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entries")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) dedupe_key: Option<String>,
    pub(crate) origin: String,
    pub(crate) kind: String,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) decision: String,
    pub(crate) decided_at: DateTimeUtc,
    pub(crate) decided_by: String,
    pub(crate) reason: Option<String>,
    pub(crate) currency: String,
    pub(crate) promised_minor: Option<i64>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) promise: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) back_test: Option<Json>,
    pub(crate) outcome: String,
    pub(crate) applied_at: Option<DateTimeUtc>,
    pub(crate) effect_minor: Option<i64>,
    pub(crate) actual_minor: Option<i64>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) measurement: Option<Json>,
    pub(crate) is_settled: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
