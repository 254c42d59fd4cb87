//! Use cases: authorize → load → decide → store → enqueue. Every face of ShelfIQ (REST, command line, jobs) calls these.

pub mod access;
pub mod alerts;
pub mod anomalies;
mod brains;
pub mod demand_plan;
pub mod demo;
mod error;
mod facts;
pub mod housekeeping;
pub mod idempotency;
pub mod identity;
pub mod imports;
pub mod jobs;
pub mod ledger;
pub mod live;
pub mod measures;
pub mod models;
pub mod overview;
mod platform;
pub mod price_plan;
pub mod price_tests;
pub mod products;
pub mod recommendations;
pub mod run;
pub mod search;
pub mod season;
pub mod settings;
pub mod shops;
pub mod simulation;
pub mod sql;
pub mod views;

pub use error::AppError;
pub use platform::{Platform, PlatformParts};
