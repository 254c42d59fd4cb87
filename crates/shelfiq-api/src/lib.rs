//! The HTTP face: REST with its OpenAPI document, live updates, health, and the embedded web app.
//!
//! One folder per noun, one file per group of endpoints; wire types stand beside the endpoint that speaks them. Domain
//! types never go over the wire as they are. Permission is checked in `shelfiq-app`, never only here.

mod alerts;
mod amount;
mod anomalies;
mod assets;
mod caller;
mod demand_plan;
mod docs;
mod error;
mod etag;
mod health;
mod idempotency;
mod identity;
mod imports;
mod jobs;
mod ledger;
mod live;
mod measures;
mod models;
mod overview;
mod page;
mod price_plan;
mod price_tests;
mod products;
mod rate_limit;
mod recommendations;
mod request;
mod router;
mod search;
mod shops;
mod sql;
mod state;
mod views;

pub use docs::openapi;
pub use router::router;
pub use state::{ApiConfig, ApiState, DemoLogin, Telemetry};
