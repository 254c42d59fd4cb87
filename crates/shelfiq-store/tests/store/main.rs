//! The store on both databases: every test here runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod alerts;
mod anomalies;
mod harness;
mod identity;
mod imports;
mod jobs;
mod ledger;
mod models;
mod recommendations;
mod settings;
mod tenancy;
mod transactions;
