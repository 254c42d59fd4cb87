//! The job queue.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) kind: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) payload: Json,
    pub(crate) dedupe_key: Option<String>,
    pub(crate) priority: i32,
    pub(crate) status: String,
    pub(crate) run_at: DateTimeUtc,
    pub(crate) attempts: i32,
    pub(crate) attempts_max: i32,
    pub(crate) lease_until: Option<DateTimeUtc>,
    pub(crate) progress: f64,
    pub(crate) stage: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) result: Option<Json>,
    pub(crate) error: Option<String>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) started_at: Option<DateTimeUtc>,
    pub(crate) finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
