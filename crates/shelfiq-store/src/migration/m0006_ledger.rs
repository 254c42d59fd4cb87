//! The decision ledger, and price tests.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, boolean, integer, json_binary, json_binary_null, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

use super::portable::{index, references, table, unique};

/// States of a recommendation that a member or time decided.
const DECIDED: [&str; 4] = ["accepted", "dismissed", "done", "expired"];

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_ledger"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("ledger_entries")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text_null("dedupe_key"))
                    .col(text("origin"))
                    .col(text("kind"))
                    .col(text("sku"))
                    .col(text("title"))
                    .col(text("decision"))
                    .col(timestamp_with_time_zone("decided_at"))
                    .col(text("decided_by"))
                    .col(text_null("reason"))
                    .col(text("currency"))
                    .col(big_integer_null("promised_minor"))
                    .col(json_binary_null("promise"))
                    .col(json_binary_null("back_test"))
                    .col(text("outcome"))
                    .col(timestamp_with_time_zone_null("applied_at"))
                    .col(big_integer_null("effect_minor"))
                    .col(big_integer_null("actual_minor"))
                    .col(json_binary_null("measurement"))
                    .col(boolean("is_settled"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("ledger_entries", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                table("price_tests")
                    .col(uuid("id").primary_key())
                    .col(uuid("merchant_id"))
                    .col(text("sku"))
                    .col(text("title"))
                    .col(text("state"))
                    .col(json_binary("plan"))
                    .col(json_binary_null("reading"))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(text("started_by"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .col(text_null("end_reason"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("price_tests", "merchant_id", "merchants"))
                    .take(),
            )
            .await?;
        manager.create_index(unique("ledger_entries_key", "ledger_entries", &["merchant_id", "dedupe_key"])).await?;
        for (name, columns) in [
            ("ledger_entries_recent_idx", ["merchant_id", "decided_at", "id"].as_slice()),
            ("ledger_entries_sku_idx", &["merchant_id", "sku", "decided_at", "id"]),
            ("ledger_entries_outcome_idx", &["merchant_id", "outcome", "decided_at", "id"]),
            ("ledger_entries_unsettled_idx", &["merchant_id", "is_settled", "id"]),
        ] {
            manager.create_index(index(name, "ledger_entries", columns)).await?;
        }
        // A Sku has one running test: two would read each other's prices.
        manager
            .create_index(
                unique("price_tests_running_key", "price_tests", &["merchant_id", "sku"])
                    .and_where(Expr::col("state").eq("running"))
                    .take(),
            )
            .await?;
        manager
            .create_index(index("price_tests_recent_idx", "price_tests", &["merchant_id", "started_at", "id"]))
            .await?;
        enter_past_decisions(manager).await
    }
}

/// What was decided before there was a ledger has its line in it as well.
async fn enter_past_decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = |name: &'static str| Expr::col(name);
    let word = |text: &'static str| Expr::value(text);
    let was_taken = || Expr::col("state").is_in(["accepted", "done"]);
    let past = Query::select()
        .exprs([
            column("id"),
            column("merchant_id"),
            word("recommendation"),
            column("kind"),
            column("sku"),
            column("title"),
            column("state"),
            Func::coalesce([column("decided_at"), column("updated_at")]).into(),
            Func::coalesce([column("decided_by"), word("system:daily run")]).into(),
            column("decision_reason"),
            column("currency"),
            column("impact_minor"),
            column("payload"),
            CaseStatement::new().case(was_taken(), word("waiting")).finally(word("not_done")).into(),
            was_taken().not(),
            column("updated_at"),
            column("updated_at"),
        ])
        .from("recommendations")
        .and_where(Expr::col("state").is_in(DECIDED))
        .take();
    let mut insert = Query::insert();
    insert.into_table("ledger_entries").columns([
        "id",
        "merchant_id",
        "origin",
        "kind",
        "sku",
        "title",
        "decision",
        "decided_at",
        "decided_by",
        "reason",
        "currency",
        "promised_minor",
        "promise",
        "outcome",
        "is_settled",
        "created_at",
        "updated_at",
    ]);
    let insert = insert.select_from(past).map_err(|error| DbErr::Migration(error.to_string()))?;
    manager.exec_stmt(insert.to_owned()).await
}
