//! The job queue and the daily schedule.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, double, integer, json_binary, json_binary_null, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

use super::portable::{index, references, table, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0003_jobs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("jobs")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("kind"))
                    .col(json_binary("payload"))
                    .col(text_null("dedupe_key"))
                    .col(integer("priority"))
                    .col(text("status"))
                    .col(timestamp_with_time_zone("run_at"))
                    .col(integer("attempts"))
                    .col(integer("attempts_max"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .col(double("progress"))
                    .col(text_null("stage"))
                    .col(json_binary_null("result"))
                    .col(text_null("error"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("started_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(&mut references("jobs", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        manager
            .create_table(
                table("schedules")
                    .col(uuid("merchant_id"))
                    .col(text("kind"))
                    .col(integer("minute_of_day"))
                    .col(timestamp_with_time_zone("next_run_at"))
                    .col(timestamp_with_time_zone_null("last_run_at"))
                    .col(boolean("enabled"))
                    .primary_key(Index::create().col("merchant_id").col("kind"))
                    .foreign_key(&mut references("schedules", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;

        // Of two jobs for the same cause the second is spared as long as the first waits; once it runs, it may have
        // missed the newer cause.
        manager
            .create_index(
                unique("jobs_waiting_key", "jobs", &["merchant_id", "dedupe_key"])
                    .and_where(Expr::col("status").eq("queued"))
                    .take(),
            )
            .await?;
        manager.create_index(index("jobs_queue_idx", "jobs", &["status", "run_at"])).await?;
        manager.create_index(index("jobs_recent_idx", "jobs", &["merchant_id", "created_at", "id"])).await?;
        manager.create_index(index("schedules_due_idx", "schedules", &["next_run_at"])).await?;
        Ok(())
    }
}
