//! What members say about anomalies, and what watching models remembers between runs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, date, json_binary, text, text_null, timestamp_with_time_zone, uuid};

use super::portable::{index, references, table, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_anomalies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("anomaly_answers")
                    .col(big_pk_auto("id"))
                    .col(uuid("merchant_id"))
                    .col(text("sku"))
                    .col(text("measure"))
                    .col(date("day"))
                    .col(text("kind"))
                    .col(text("answer"))
                    .col(text_null("note"))
                    .col(text("author"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut references("anomaly_answers", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;
        // One answer to one anomaly.
        let once = ["merchant_id", "sku", "measure", "day"];
        manager.create_index(unique("anomaly_answers_once_key", "anomaly_answers", &once)).await?;
        manager.create_index(index("anomaly_answers_newest_idx", "anomaly_answers", &["merchant_id", "id"])).await?;

        manager
            .create_table(
                table("watch_states")
                    .col(uuid("merchant_id"))
                    .col(text("name"))
                    .col(json_binary("state"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .primary_key(Index::create().col("merchant_id").col("name"))
                    .foreign_key(&mut references("watch_states", "merchant_id", "merchants"))
                    .take(),
            )
            .await
    }
}
