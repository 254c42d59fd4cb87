//! The engine as its callers see it: measures by hand-computed numbers, SQL within its bounds.
#![allow(clippy::unwrap_used, reason = "tests")]

mod derived;
mod measures;
mod real_shop;
mod sample;
mod slices;
mod sql;
