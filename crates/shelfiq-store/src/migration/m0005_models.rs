//! The registry of model versions and how well their forecasts did.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date, date_null, double, double_null, integer, json_binary, text, text_null, timestamp_with_time_zone,
    uuid, uuid_null,
};

use super::portable::{index, references, table, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_models"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("model_versions")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("kind"))
                    .col(integer("number"))
                    .col(text("model"))
                    .col(text("stage"))
                    .col(double_null("canary_share"))
                    .col(json_binary("parameters"))
                    .col(text("code_version"))
                    .col(text_null("artefact_hash"))
                    .col(date_null("data_until"))
                    .col(json_binary("data_versions"))
                    .col(json_binary("metrics"))
                    .col(uuid_null("parent_id"))
                    .col(uuid_null("replaced_id"))
                    .col(text_null("note"))
                    .col(integer("version"))
                    .col(text("created_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("stage_since"))
                    .col(timestamp_with_time_zone("trained_at"))
                    .foreign_key(&mut references("model_versions", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("model_accuracy")
                    .col(uuid("merchant_id"))
                    .col(uuid("version_id"))
                    .col(date("origin"))
                    .col(text("demand_class"))
                    .col(integer("horizon_first_day"))
                    .col(text("basis"))
                    .col(big_integer("skus"))
                    .col(big_integer("days"))
                    .col(double("actual"))
                    .col(double("absolute"))
                    .col(double("signed"))
                    .col(double("scaled"))
                    .col(big_integer("scaled_days"))
                    .col(double("pinball"))
                    .col(big_integer("inside_50"))
                    .col(big_integer("inside_80"))
                    .col(big_integer("inside_90"))
                    .col(big_integer("inside_95"))
                    .col(timestamp_with_time_zone("judged_at"))
                    .primary_key(
                        Index::create()
                            .col("merchant_id")
                            .col("version_id")
                            .col("origin")
                            .col("demand_class")
                            .col("horizon_first_day"),
                    )
                    .foreign_key(&mut references("model_accuracy", "merchant_id", "merchants"))
                    .foreign_key(&mut references("model_accuracy", "version_id", "model_versions"))
                    .take(),
            )
            .await?;

        manager
            .create_index(unique("model_versions_number_key", "model_versions", &["merchant_id", "kind", "number"]))
            .await?;
        // One version serves, and one at most is tried beside it.
        manager
            .create_index(
                unique("model_versions_production_key", "model_versions", &["merchant_id", "kind"])
                    .and_where(Expr::col("stage").eq("production"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                unique("model_versions_trial_key", "model_versions", &["merchant_id", "kind"])
                    .and_where(Expr::col("stage").is_in(["shadow", "canary"]))
                    .take(),
            )
            .await?;
        manager.create_index(index("model_accuracy_origin_idx", "model_accuracy", &["merchant_id", "origin"])).await?;
        Ok(())
    }
}
