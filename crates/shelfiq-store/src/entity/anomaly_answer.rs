//! What members say about anomalies.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "anomaly_answers")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) merchant_id: Uuid,
    pub(crate) sku: String,
    pub(crate) measure: String,
    pub(crate) day: Date,
    pub(crate) kind: String,
    pub(crate) answer: String,
    pub(crate) note: Option<String>,
    pub(crate) author: String,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
