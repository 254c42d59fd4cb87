//! Who changed what, from what to what, and when: append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) merchant_id: Uuid,
    pub(crate) author: String,
    pub(crate) action: String,
    pub(crate) subject: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) before: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) after: Option<Json>,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
