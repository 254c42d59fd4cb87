//! Proposed actions and what became of them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "recommendations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) dedupe_key: String,
    pub(crate) kind: String,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) priority_minor: i64,
    pub(crate) impact_minor: i64,
    pub(crate) currency: String,
    pub(crate) confidence: f64,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) payload: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) lifecycle: Json,
    pub(crate) is_newest: bool,
    pub(crate) version: i32,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) snoozed_until: Option<DateTimeUtc>,
    pub(crate) decided_at: Option<DateTimeUtc>,
    pub(crate) decided_by: Option<String>,
    pub(crate) decision_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
