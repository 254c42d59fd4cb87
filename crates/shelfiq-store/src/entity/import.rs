//! Runs of the importer.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) store_id: Option<Uuid>,
    pub(crate) kind: Option<String>,
    pub(crate) status: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) files: Json,
    pub(crate) rows_read: i64,
    pub(crate) rows_new: i64,
    pub(crate) rows_changed: i64,
    pub(crate) rows_unchanged: i64,
    pub(crate) rows_rejected: i64,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) totals: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub(crate) mapping: Option<Json>,
    pub(crate) progress: f64,
    pub(crate) stage: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) rejects_file: Option<String>,
    pub(crate) started_by: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) started_at: Option<DateTimeUtc>,
    pub(crate) finished_at: Option<DateTimeUtc>,
    pub(crate) undone_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
