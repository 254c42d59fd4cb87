//! Recommendations, alerts, what was decided about them, and saved views.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, boolean, double, integer, json_binary, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

use super::portable::{index, references, table, unique, unique_while_live};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0004_decisions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("recommendations")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("dedupe_key"))
                    .col(text("kind"))
                    .col(text("sku"))
                    .col(text("title"))
                    .col(text("state"))
                    .col(big_integer("priority_minor"))
                    .col(big_integer("impact_minor"))
                    .col(text("currency"))
                    .col(double("confidence"))
                    .col(json_binary("payload"))
                    .col(json_binary("lifecycle"))
                    .col(boolean("is_newest"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("snoozed_until"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(text_null("decided_by"))
                    .col(text_null("decision_reason"))
                    .foreign_key(&mut references("recommendations", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("recommendation_decisions")
                    .col(big_pk_auto("id"))
                    .col(uuid("merchant_id"))
                    .col(uuid("recommendation_id"))
                    .col(text("step"))
                    .col(text("from_state"))
                    .col(text("to_state"))
                    .col(text_null("reason"))
                    .col(timestamp_with_time_zone_null("snoozed_until"))
                    .col(text("author"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut references("recommendation_decisions", "merchant_id", "merchants"))
                    .foreign_key(&mut references("recommendation_decisions", "recommendation_id", "recommendations"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("alert_rules")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(boolean("enabled"))
                    .col(json_binary("definition"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut references("alert_rules", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("alerts")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(uuid("rule_id"))
                    .col(text("dedupe_key"))
                    .col(text("kind"))
                    .col(text_null("sku"))
                    .col(text("title"))
                    .col(text("state"))
                    .col(text("severity"))
                    .col(big_integer_null("at_stake_minor"))
                    .col(text_null("currency"))
                    .col(json_binary("payload"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("opened_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("resolved_at"))
                    .col(timestamp_with_time_zone_null("snoozed_until"))
                    .foreign_key(&mut references("alerts", "merchant_id", "merchants"))
                    .foreign_key(&mut references("alerts", "rule_id", "alert_rules"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("alert_decisions")
                    .col(big_pk_auto("id"))
                    .col(uuid("merchant_id"))
                    .col(uuid("alert_id"))
                    .col(text("step"))
                    .col(text("from_state"))
                    .col(text("to_state"))
                    .col(timestamp_with_time_zone_null("from_snoozed_until"))
                    .col(json_binary("payload_before"))
                    .col(text("author"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut references("alert_decisions", "merchant_id", "merchants"))
                    .foreign_key(&mut references("alert_decisions", "alert_id", "alerts"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("saved_views")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("area"))
                    .col(text("name"))
                    .col(text("query"))
                    .col(text("created_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut references("saved_views", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        // A Sku has one live recommendation of a kind; closed ones stay beside it as history.
        manager
            .create_index(
                unique("recommendations_live_key", "recommendations", &["merchant_id", "dedupe_key"])
                    .and_where(Expr::col("state").is_in(["open", "snoozed", "accepted"]))
                    .take(),
            )
            .await?;
        for (name, columns) in [
            ("recommendations_ranked_idx", ["merchant_id", "priority_minor", "id"].as_slice()),
            ("recommendations_ranked_state_idx", &["merchant_id", "state", "priority_minor", "id"]),
            ("recommendations_sku_idx", &["merchant_id", "sku", "priority_minor", "id"]),
            ("recommendations_newest_idx", &["merchant_id", "is_newest", "id"]),
            ("recommendations_key_idx", &["merchant_id", "dedupe_key"]),
        ] {
            manager.create_index(index(name, "recommendations", columns)).await?;
        }
        manager
            .create_index(index(
                "recommendation_decisions_idx",
                "recommendation_decisions",
                &["merchant_id", "recommendation_id", "id"],
            ))
            .await?;
        // One open case per kind of trouble and subject.
        manager
            .create_index(
                unique("alerts_open_key", "alerts", &["merchant_id", "dedupe_key"])
                    .and_where(Expr::col("state").ne("resolved"))
                    .take(),
            )
            .await?;
        for (name, columns) in [
            ("alerts_recent_idx", ["merchant_id", "opened_at", "id"].as_slice()),
            ("alerts_sku_idx", &["merchant_id", "sku", "opened_at", "id"]),
            ("alerts_count_idx", &["merchant_id", "state", "severity", "id"]),
        ] {
            manager.create_index(index(name, "alerts", columns)).await?;
        }
        manager
            .create_index(index("alert_decisions_idx", "alert_decisions", &["merchant_id", "alert_id", "id"]))
            .await?;
        manager
            .create_index(unique_while_live("alert_rules_name_key", "alert_rules", &["merchant_id", "name"]))
            .await?;
        manager
            .create_index(unique_while_live("saved_views_name_key", "saved_views", &["merchant_id", "area", "name"]))
            .await?;
        Ok(())
    }
}
