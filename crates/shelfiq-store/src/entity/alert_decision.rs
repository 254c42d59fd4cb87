//! What members did with alerts: append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_decisions")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) merchant_id: Uuid,
    pub(crate) alert_id: Uuid,
    pub(crate) step: String,
    pub(crate) from_state: String,
    pub(crate) to_state: String,
    pub(crate) from_snoozed_until: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) payload_before: Json,
    pub(crate) author: String,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
