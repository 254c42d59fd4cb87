//! The way of rows from files through the log into the lake.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hostile;
mod marketplaces;
mod once;
mod own_tables;
mod real_data;
mod rejects;
mod shop;
