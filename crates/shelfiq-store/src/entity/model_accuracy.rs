//! Sums of forecast errors per version, origin, kind of demand and distance.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model_accuracy")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) merchant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) version_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) origin: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) demand_class: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) horizon_first_day: i32,
    pub(crate) basis: String,
    pub(crate) skus: i64,
    pub(crate) days: i64,
    pub(crate) actual: f64,
    pub(crate) absolute: f64,
    pub(crate) signed: f64,
    pub(crate) scaled: f64,
    pub(crate) scaled_days: i64,
    pub(crate) pinball: f64,
    pub(crate) inside_50: i64,
    pub(crate) inside_80: i64,
    pub(crate) inside_90: i64,
    pub(crate) inside_95: i64,
    pub(crate) judged_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
