//! Shops whose truth is known: are the promises of the experiments kept?

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

mod ledger;
mod models;
mod peers;
mod price_test_limits;
mod price_test_promises;
mod price_test_reading;
mod price_test_schedule;
mod shop;
