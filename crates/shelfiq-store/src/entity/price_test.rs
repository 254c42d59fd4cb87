//! Price tests: the plan of each and what was read from it so far.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "price_tests")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) state: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) plan: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) reading: Option<Json>,
    pub(crate) started_at: DateTimeUtc,
    pub(crate) started_by: String,
    pub(crate) ended_at: Option<DateTimeUtc>,
    pub(crate) end_reason: Option<String>,
    pub(crate) version: i32,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
