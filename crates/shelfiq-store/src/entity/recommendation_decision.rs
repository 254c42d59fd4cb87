//! The ledger of decisions: append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "recommendation_decisions")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) merchant_id: Uuid,
    pub(crate) recommendation_id: Uuid,
    pub(crate) step: String,
    pub(crate) from_state: String,
    pub(crate) to_state: String,
    pub(crate) reason: Option<String>,
    pub(crate) snoozed_until: Option<DateTimeUtc>,
    pub(crate) author: String,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
