//! People, merchants and how they prove who they are.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_pk_auto, boolean, integer, integer_null, json_binary, json_binary_null, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

use super::portable::{index, references, table, unique, unique_while_live};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_identity"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("merchants")
                    .col(uuid("id").primary_key())
                    .col(text("name"))
                    .col(text("currency"))
                    .col(text("time_zone"))
                    .col(json_binary("settings"))
                    .col(boolean("is_demo"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("members")
                    .col(uuid("id").primary_key())
                    .col(text("email"))
                    .col(text("name"))
                    .col(text("password_hash"))
                    .col(text("status"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("last_seen_at"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("memberships")
                    .col(big_pk_auto("id"))
                    .col(uuid("merchant_id"))
                    .col(uuid("member_id"))
                    .col(text("role"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut references("memberships", "merchant_id", "merchants"))
                    .foreign_key(&mut references("memberships", "member_id", "members"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("installation")
                    .col(integer("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(timestamp_with_time_zone("set_up_at"))
                    .foreign_key(&mut references("installation", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("sessions")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(uuid("member_id"))
                    .col(text("client"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_used_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .col(text_null("revoked_because"))
                    .foreign_key(&mut references("sessions", "merchant_id", "merchants"))
                    .foreign_key(&mut references("sessions", "member_id", "members"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("refresh_tokens")
                    .col(text("token_hash").primary_key())
                    .col(uuid("session_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut references("refresh_tokens", "session_id", "sessions"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("api_keys")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("name"))
                    .col(text("prefix"))
                    .col(text("key_hash"))
                    .col(json_binary("scopes"))
                    .col(text("created_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut references("api_keys", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("audit_log")
                    .col(big_pk_auto("id"))
                    .col(uuid("merchant_id"))
                    .col(text("author"))
                    .col(text("action"))
                    .col(text("subject"))
                    .col(json_binary_null("before"))
                    .col(json_binary_null("after"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut references("audit_log", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("idempotency_keys")
                    .col(uuid("merchant_id"))
                    .col(text("caller"))
                    .col(text("key"))
                    .col(text("request_hash"))
                    .col(integer_null("answer_status"))
                    .col(text_null("answer_body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .primary_key(Index::create().col("merchant_id").col("caller").col("key"))
                    .foreign_key(&mut references("idempotency_keys", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager.create_index(unique("members_email_key", "members", &["email"])).await?;
        manager
            .create_index(unique_while_live("memberships_once_key", "memberships", &["merchant_id", "member_id"]))
            .await?;
        manager.create_index(index("memberships_member_idx", "memberships", &["member_id"])).await?;
        manager.create_index(index("sessions_member_idx", "sessions", &["merchant_id", "member_id"])).await?;
        manager.create_index(index("refresh_tokens_session_idx", "refresh_tokens", &["session_id"])).await?;
        manager.create_index(unique("api_keys_hash_key", "api_keys", &["key_hash"])).await?;
        manager.create_index(unique_while_live("api_keys_name_key", "api_keys", &["merchant_id", "name"])).await?;
        manager.create_index(index("audit_log_merchant_idx", "audit_log", &["merchant_id", "id"])).await?;
        manager.create_index(index("idempotency_keys_expiry_idx", "idempotency_keys", &["expires_at"])).await?;
        Ok(())
    }
}
