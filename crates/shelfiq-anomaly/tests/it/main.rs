//! What the detectors promise, on series and tables whose truth is known.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod counts;
mod dice;
mod discovery;
mod drift;
mod explain;
mod nab;
mod outliers;
mod promises;
mod sanity;
