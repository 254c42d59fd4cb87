//! The log as its callers see it: what is acknowledged stays, in order, once.
#![allow(clippy::unwrap_used, reason = "tests")]

mod append;
mod bulk;
mod damage;
mod kill;
mod sample;
