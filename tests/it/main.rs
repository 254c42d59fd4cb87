//! The integration tests: one binary, the whole application, real stores in temporary folders.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may")]

mod access;
mod anomalies;
mod decisions;
mod demand_plan;
mod demo;
mod document;
mod housekeeping;
mod http_manners;
mod imports;
mod ledger;
mod measures;
mod mlflow;
mod models;
mod online_retail;
mod place;
mod price_plan;
mod price_tests;
mod pricing_policy;
mod signal_alerts;
mod simulations;
mod small_shop;
mod stopping;
mod tenancy;
