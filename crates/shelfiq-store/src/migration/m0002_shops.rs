//! The shops of a merchant and what was imported from them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, double, double_null, integer, integer_null, json_binary, json_binary_null, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use super::portable::{index, references, table, unique_while_live};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_shops"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("stores")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("name"))
                    .col(text("channel"))
                    .col(text_null("currency"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut references("stores", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("imports")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(uuid_null("store_id"))
                    .col(text_null("kind"))
                    .col(text("status"))
                    .col(json_binary("files"))
                    .col(big_integer("rows_read"))
                    .col(big_integer("rows_new"))
                    .col(big_integer("rows_changed"))
                    .col(big_integer("rows_unchanged"))
                    .col(big_integer("rows_rejected"))
                    .col(json_binary_null("totals"))
                    .col(json_binary_null("mapping"))
                    .col(double("progress"))
                    .col(text_null("stage"))
                    .col(text_null("error"))
                    .col(text_null("rejects_file"))
                    .col(text("started_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("started_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .col(timestamp_with_time_zone_null("undone_at"))
                    .foreign_key(&mut references("imports", "merchant_id", "merchants"))
                    .foreign_key(&mut references("imports", "store_id", "stores"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("column_mappings")
                    .col(uuid("merchant_id"))
                    .col(text("header_hash"))
                    .col(json_binary("mapping"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .primary_key(Index::create().col("merchant_id").col("header_hash"))
                    .foreign_key(&mut references("column_mappings", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("sku_settings")
                    .col(uuid("merchant_id"))
                    .col(text("sku"))
                    .col(integer_null("lead_time_days"))
                    .col(text_null("min_price"))
                    .col(text_null("max_price"))
                    .col(double_null("min_margin"))
                    .col(text_null("minimum_advertised_price"))
                    .col(text_null("pinned_cost"))
                    .col(text("currency"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .primary_key(Index::create().col("merchant_id").col("sku"))
                    .foreign_key(&mut references("sku_settings", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager.create_index(unique_while_live("stores_name_key", "stores", &["merchant_id", "name"])).await?;
        manager.create_index(index("imports_recent_idx", "imports", &["merchant_id", "created_at", "id"])).await?;
        Ok(())
    }
}
