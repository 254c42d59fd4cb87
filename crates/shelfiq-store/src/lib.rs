//! Every operational query and migration, on SQLite and on PostgreSQL alike.
//!
//! One file per noun. Reads take anything that can [`Read`] (the open [`Database`] or a [`Transaction`]), changes take
//! a [`Transaction`]; then comes the merchant. Rows leave this crate as plain structs with typed ids.

#[macro_use]
mod text_enum;

pub mod alert_rules;
pub mod alerts;
pub mod anomaly_answers;
pub mod api_keys;
pub mod audit;
mod author;
pub mod column_mappings;
mod constraint;
mod database;
mod entity;
mod error;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod ledger;
pub mod members;
pub mod merchants;
mod migration;
pub mod model_accuracy;
pub mod model_versions;
mod page;
pub mod price_tests;
pub mod recommendations;
pub mod saved_views;
pub mod schedules;
mod search;
pub mod sessions;
pub mod sku_settings;
pub mod stores;
mod version;
pub mod watch_states;

pub use author::Author;
pub use constraint::Constraint;
pub use database::{Database, Read, StoreConfig, Transaction};
pub use error::{Cause, StoreError};
pub use page::{Cursor, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Page, PageRequest};
pub use text_enum::UnknownWord;
