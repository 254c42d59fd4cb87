//! Registered versions of models.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model_versions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) kind: String,
    pub(crate) number: i32,
    pub(crate) model: String,
    pub(crate) stage: String,
    pub(crate) canary_share: Option<f64>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) parameters: Json,
    pub(crate) code_version: String,
    pub(crate) artefact_hash: Option<String>,
    pub(crate) data_until: Option<Date>,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) data_versions: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) metrics: Json,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) replaced_id: Option<Uuid>,
    pub(crate) note: Option<String>,
    pub(crate) version: i32,
    pub(crate) created_by: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) stage_since: DateTimeUtc,
    pub(crate) trained_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
