//! Opened cases of alert rules.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "alerts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) rule_id: Uuid,
    pub(crate) dedupe_key: String,
    pub(crate) kind: String,
    pub(crate) sku: Option<String>,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) severity: String,
    pub(crate) at_stake_minor: Option<i64>,
    pub(crate) currency: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) payload: Json,
    pub(crate) version: i32,
    pub(crate) opened_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) resolved_at: Option<DateTimeUtc>,
    pub(crate) snoozed_until: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
